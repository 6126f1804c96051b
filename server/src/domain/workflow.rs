//! The workflow of an issue: every state, every transition, in one table. Where
//! an owner sees a sentence, it is here.

use State::{
    Accepted, Archived, Assigned, CaseConference, Closed, Deferred, FollowUp, InProgress, Merged, NeedInfo,
    PendingReview, Rectifying, Rejected, Reopened, ReturnRequested, Submitted, Withdrawn,
};
use qiyema_protocol::{
    board::{State, Step},
    text::Text,
};

/// Every legal transition: from, to. (`withdrawn` and `merged` follow any open state.)
pub const TRANSITIONS: [(State, State); 28] = [
    (Submitted, Accepted),
    (Submitted, Rejected),
    (Submitted, NeedInfo),
    (NeedInfo, Submitted),
    (Rejected, Submitted),
    (Accepted, Assigned),
    (Assigned, InProgress),
    (Assigned, ReturnRequested),
    (InProgress, ReturnRequested),
    (ReturnRequested, Assigned),
    (ReturnRequested, InProgress),
    (InProgress, CaseConference),
    (CaseConference, InProgress),
    (InProgress, Deferred),
    (Deferred, InProgress),
    (InProgress, PendingReview),
    (PendingReview, Closed),
    (PendingReview, InProgress),
    (Closed, Rectifying),
    (Closed, FollowUp),
    (FollowUp, Archived),
    (Closed, Archived),
    (Rectifying, FollowUp),
    (FollowUp, Reopened),
    (Reopened, Assigned),
    (Reopened, InProgress),
    (Reopened, ReturnRequested),
    (Reopened, PendingReview),
];

/// States that may follow.
pub fn next(from: State) -> Vec<State> {
    let mut legal: Vec<State> = TRANSITIONS.iter().filter(|pair| pair.0 == from).map(|pair| pair.1).collect();
    if is_open(from) {
        legal.extend([Withdrawn, Merged]);
    }
    legal
}

/// Whether one state may follow another.
pub fn allows(from: State, to: State) -> bool {
    next(from).contains(&to)
}

/// Work is still owed to the owner.
pub const fn is_open(state: State) -> bool {
    !matches!(state, Rejected | Closed | FollowUp | Rectifying | Archived | Withdrawn | Merged)
}

/// The handling clock shows a lamp. It never stops for a return, a conference or a review.
pub const fn lamp_runs(state: State) -> bool {
    matches!(
        state,
        Accepted | Assigned | ReturnRequested | InProgress | CaseConference | PendingReview | Reopened
    )
}

/// The owner's progress bar: 已提交 → 已受理 → 办理中 → 已办结 → 已评价.
pub const fn step(state: State, rated: bool) -> Step {
    match state {
        Submitted | NeedInfo | Rejected | Withdrawn | Merged => Step::Submitted,
        Accepted => Step::Accepted,
        Assigned | ReturnRequested | InProgress | CaseConference | Deferred | PendingReview | Reopened => {
            Step::Handling
        }
        Closed | FollowUp | Rectifying | Archived => {
            if rated {
                Step::Rated
            } else {
                Step::Closed
            }
        }
    }
}

/// What the owner reads.
pub fn owner_sentence(state: State) -> Text {
    let (zh, en) = match state {
        Submitted => ("已提交,等待受理", "Submitted, waiting to be accepted"),
        NeedInfo => ("请补充材料", "Please add information"),
        Rejected => ("不予受理", "Not accepted"),
        Accepted => ("已受理", "Accepted"),
        Assigned => ("已交办", "Assigned"),
        ReturnRequested => ("正在确认责任单位", "Confirming which unit is responsible"),
        InProgress => ("办理中", "Being handled"),
        CaseConference => ("多部门会商中", "Several departments are conferring"),
        Deferred => ("暂不具备解决条件,已纳入跟踪", "Cannot be solved yet; being tracked"),
        PendingReview => ("办理完成,正在审核", "Handled, under review"),
        Closed => ("已办结,请评价", "Closed, please rate"),
        FollowUp => ("回访中", "Follow-up call"),
        Rectifying => ("正在整改", "Being put right"),
        Reopened => ("重新办理", "Being handled again"),
        Archived => ("已归档", "Archived"),
        Withdrawn => ("企业已撤回", "Withdrawn by the enterprise"),
        Merged => ("已并入同类问题", "Merged into a similar issue"),
    };
    Text::new(zh, en)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{State, TRANSITIONS, allows, is_open, lamp_runs, next};

    const ALL: [State; 17] = [
        State::Submitted,
        State::NeedInfo,
        State::Rejected,
        State::Accepted,
        State::Assigned,
        State::ReturnRequested,
        State::InProgress,
        State::CaseConference,
        State::Deferred,
        State::PendingReview,
        State::Closed,
        State::FollowUp,
        State::Rectifying,
        State::Reopened,
        State::Archived,
        State::Withdrawn,
        State::Merged,
    ];

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
        for end in [State::Archived, State::Withdrawn, State::Merged] {
            assert!(next(end).is_empty(), "{end:?}");
        }
        for state in ALL {
            assert!(!allows(state, state), "{state:?} follows itself");
        }
    }

    #[test]
    fn every_pair_stands_once() {
        for (index, pair) in TRANSITIONS.iter().enumerate() {
            assert!(!TRANSITIONS[..index].contains(pair), "{pair:?}");
        }
    }

    #[test]
    fn every_state_is_reached_from_submitted() {
        let mut reached = BTreeSet::from([State::Submitted]);
        let mut fresh = vec![State::Submitted];
        while let Some(state) = fresh.pop() {
            fresh.extend(next(state).into_iter().filter(|to| reached.insert(*to)));
        }
        assert_eq!(reached, BTreeSet::from(ALL));
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
}
