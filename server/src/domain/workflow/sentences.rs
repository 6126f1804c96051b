//! The words of the workflow: what an owner reads about a state, what staff read on a button.

use State::{
    Accepted, Archived, Assigned, CaseConference, Closed, Deferred, FollowUp, InProgress, Merged, NeedInfo,
    PendingReview, Rectifying, Rejected, Reopened, ReturnRequested, Submitted, Withdrawn,
};
use qiyema_protocol::{board::State, text::Text, verb::Verb, words};

/// What the owner reads.
#[must_use]
pub fn owner_sentence(state: State) -> Text {
    let (zh, en) = match state {
        Submitted => ("已提交，等待受理", "Submitted, waiting to be accepted"),
        NeedInfo => ("请补充材料", "Please add information"),
        Rejected => ("不予受理", "Not accepted"),
        Accepted => ("已受理", "Accepted"),
        Assigned => ("已交办", "Assigned"),
        ReturnRequested => ("正在确认责任单位", "Confirming which unit is responsible"),
        InProgress => ("办理中", "Being handled"),
        CaseConference => ("多部门会商中", "Several departments are conferring"),
        Deferred => ("暂不具备解决条件，已纳入跟踪", "Cannot be solved yet; being tracked"),
        PendingReview => ("办理完成，正在审核", "Handled, under review"),
        Closed => ("已办结，请评价", "Closed, please rate"),
        FollowUp => ("回访中", "Follow-up call"),
        Rectifying => ("正在整改", "Being put right"),
        Reopened => ("重新办理", "Being handled again"),
        Archived => ("已归档", "Archived"),
        Withdrawn => ("企业已撤回", "Withdrawn by the enterprise"),
        Merged => ("已并入同类问题", "Merged into a similar issue"),
    };
    Text::new(zh, en)
}

/// What staff read on the button of a verb.
#[must_use]
pub fn verb_name(verb: Verb) -> Text {
    let (zh, en) = words::verb(verb);
    Text::new(zh, en)
}
