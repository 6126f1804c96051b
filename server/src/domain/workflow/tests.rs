use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{OPEN, RULES, State, Verb, allows, is_open, lamp_runs, legal, next, rule};

/// Written from the rules, not from the table.
const FORBIDDEN: [(State, State); 16] = [
    (State::Submitted, State::Assigned),
    (State::Submitted, State::InProgress),
    (State::Submitted, State::Closed),
    (State::NeedInfo, State::Accepted),
    (State::Rejected, State::Accepted),
    (State::Accepted, State::InProgress),
    (State::Accepted, State::Closed),
    (State::Assigned, State::PendingReview),
    (State::Assigned, State::Closed),
    (State::InProgress, State::Closed),
    (State::Deferred, State::Closed),
    (State::Closed, State::InProgress),
    (State::Closed, State::Withdrawn),
    (State::Rectifying, State::Archived),
    (State::Archived, State::Reopened),
    (State::Withdrawn, State::Submitted),
];

#[test]
fn no_short_cut_is_legal() {
    for (from, to) in FORBIDDEN {
        assert!(!allows(from, to), "{from:?} -> {to:?}");
    }
    assert!(next(State::Withdrawn).is_empty());
    assert!(legal(State::Merged).is_empty(), "nobody takes a merged issue up by hand");
    for state in State::ALL {
        assert!(!allows(state, state), "{state:?} follows itself");
    }
}

/// The published transitions, written from the rules; `withdrawn` and `merged` follow any open state.
const PUBLISHED: [(State, State); 32] = [
    (State::Submitted, State::Accepted),
    (State::Submitted, State::Rejected),
    (State::Submitted, State::NeedInfo),
    (State::NeedInfo, State::Submitted),
    (State::Rejected, State::Submitted),
    (State::Accepted, State::Assigned),
    (State::Assigned, State::InProgress),
    (State::Assigned, State::ReturnRequested),
    (State::InProgress, State::ReturnRequested),
    (State::ReturnRequested, State::Assigned),
    (State::ReturnRequested, State::InProgress),
    (State::InProgress, State::CaseConference),
    (State::CaseConference, State::InProgress),
    (State::InProgress, State::Deferred),
    (State::Deferred, State::InProgress),
    (State::InProgress, State::PendingReview),
    (State::PendingReview, State::Closed),
    (State::PendingReview, State::InProgress),
    (State::Closed, State::Rectifying),
    // A bad rating is put right also when the issue has moved on since it closed.
    (State::FollowUp, State::Rectifying),
    (State::Archived, State::Rectifying),
    (State::Archived, State::FollowUp),
    (State::Closed, State::FollowUp),
    (State::FollowUp, State::Archived),
    (State::Closed, State::Archived),
    (State::Rectifying, State::FollowUp),
    (State::FollowUp, State::Reopened),
    // A reopened issue is handed to a unit again, or taken up by the one that has it.
    (State::Reopened, State::Assigned),
    (State::Reopened, State::InProgress),
    // What it followed was withdrawn or rejected: it goes on by itself.
    (State::Merged, State::Submitted),
    (State::Merged, State::Accepted),
    (State::Submitted, State::Withdrawn),
];

#[test]
fn the_table_is_exactly_what_is_published() {
    for from in State::ALL {
        for to in State::ALL {
            let ends = matches!(to, State::Withdrawn | State::Merged) && is_open(from);
            assert_eq!(allows(from, to), PUBLISHED.contains(&(from, to)) || ends, "{from:?} -> {to:?}");
        }
    }
}

#[test]
fn no_two_rows_of_a_verb_share_a_state_and_every_verb_has_a_doer() {
    for (index, row) in RULES.iter().enumerate() {
        assert!(row.owner || row.timer || !row.roles.is_empty(), "{:?} has no doer", row.verb);
        for other in &RULES[..index] {
            let shared = row.from.iter().find(|state| other.verb == row.verb && other.from.contains(state));
            assert_eq!(shared, None, "{:?}", row.verb);
        }
    }
    for verb in Verb::ALL {
        assert!(RULES.iter().any(|row| row.verb == *verb), "{verb:?} is not in the table");
    }
}

#[test]
fn what_is_legal_in_a_state_is_found_by_its_rule() {
    for state in State::ALL {
        for verb in Verb::ALL {
            let staff = rule(state, *verb).is_some_and(|rule| !rule.roles.is_empty());
            assert_eq!(legal(state).contains(verb), staff, "{verb:?} in {state:?}");
        }
        assert_eq!(OPEN.contains(&state), is_open(state));
    }
}

#[test]
fn every_state_is_reached_from_submitted() {
    let mut reached = BTreeSet::from([State::Submitted]);
    let mut fresh = vec![State::Submitted];
    while let Some(state) = fresh.pop() {
        fresh.extend(next(state).into_iter().filter(|to| reached.insert(*to)));
    }
    assert_eq!(reached, BTreeSet::from(State::ALL));
}

proptest! {
    #[test]
    fn every_walk_keeps_the_promises(choices in prop::collection::vec(0_usize..8, 1..60)) {
        let (mut state, mut walked) = (State::Submitted, vec![State::Submitted]);
        for choice in choices {
            let legal = next(state);
            if legal.is_empty() { break }
            let to = legal[choice % legal.len()];
            prop_assert!(!FORBIDDEN.contains(&(state, to)), "{state:?} -> {to:?}");
            if to == State::ReturnRequested || state == State::ReturnRequested && is_open(to) {
                prop_assert!(lamp_runs(to), "the clock stops on a return: {state:?} -> {to:?}");
            }
            if to == State::Closed {
                for needed in [State::Accepted, State::Assigned, State::PendingReview] {
                    prop_assert!(walked.contains(&needed), "closed without {needed:?}: {walked:?}");
                }
            }
            walked.push(to);
            state = to;
        }
    }
}
