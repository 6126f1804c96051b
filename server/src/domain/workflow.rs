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
    use proptest::prelude::*;

    use super::{State, TRANSITIONS, allows, is_open, lamp_runs, next};

    #[test]
    fn an_issue_cannot_skip_review_or_acceptance() {
        assert!(!allows(State::InProgress, State::Closed));
        assert!(!allows(State::Submitted, State::Assigned));
        assert!(!allows(State::Closed, State::InProgress));
        assert!(next(State::Archived).is_empty());
    }

    #[test]
    fn every_pair_stands_once() {
        for (index, pair) in TRANSITIONS.iter().enumerate() {
            assert!(!TRANSITIONS[..index].contains(pair), "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn the_clock_never_stops_on_a_return(choices in prop::collection::vec(0_usize..8, 1..60)) {
            let mut state = State::Submitted;
            for choice in choices {
                let legal = next(state);
                if legal.is_empty() { break }
                let to = legal[choice % legal.len()];
                prop_assert!(allows(state, to));
                if to == State::ReturnRequested || state == State::ReturnRequested && is_open(to) {
                    prop_assert!(lamp_runs(to), "{state:?} -> {to:?}");
                }
                state = to;
            }
        }
    }
}
