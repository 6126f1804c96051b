//! The words of the workflow: what an owner reads about a state, what staff read on a button.

use State::{
    Accepted, Archived, Assigned, CaseConference, Closed, Deferred, FollowUp, InProgress, Merged, NeedInfo,
    PendingReview, Rectifying, Rejected, Reopened, ReturnRequested, Submitted, Withdrawn,
};
use qiyema_protocol::{board::State, text::Text, verb::Verb};

/// What the owner reads.
#[must_use]
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

/// What staff read on the button of a verb.
#[must_use]
pub fn verb_name(verb: Verb) -> Text {
    let (zh, en) = match verb {
        Verb::Accept => ("受理", "Accept"),
        Verb::Reject => ("不予受理", "Reject"),
        Verb::AskSupplement => ("要求补充材料", "Ask for information"),
        Verb::Supplement => ("补充材料", "Add the information"),
        Verb::LapseSupplement => ("补充期满", "Supplement period over"),
        Verb::Appeal => ("提出异议", "Appeal"),
        Verb::Assign => ("交办", "Assign"),
        Verb::SignFor => ("签收", "Sign for"),
        Verb::HandOver => ("更换承办人", "Change handler"),
        Verb::RequestReturn => ("申请退单", "Ask to return"),
        Verb::RuleReturn => ("审定退单", "Rule on the return"),
        Verb::Reach => ("联系企业", "Contact the enterprise"),
        Verb::Progress => ("阶段性答复", "Interim reply"),
        Verb::RequestExtension => ("申请延期", "Ask for an extension"),
        Verb::Extend => ("同意延期", "Grant the extension"),
        Verb::RefuseExtension => ("不同意延期", "Refuse the extension"),
        Verb::AddAssisting => ("增加协办单位", "Add an assisting unit"),
        Verb::Assist => ("协办答复", "Assisting reply"),
        Verb::OpenConference => ("召集会商", "Call a conference"),
        Verb::HoldConference => ("录入会商纪要", "Enter the minutes"),
        Verb::RequestDeferral => ("申请挂账", "Ask for deferral"),
        Verb::Defer => ("同意挂账", "Defer"),
        Verb::RefuseDeferral => ("不同意挂账", "Refuse deferral"),
        Verb::ReviewDeferral => ("挂账复核", "Review the deferral"),
        Verb::Resume => ("恢复办理", "Resume"),
        Verb::Report => ("提交办理结果", "Report the result"),
        Verb::SendBack => ("审核退回", "Send back"),
        Verb::Close => ("审核办结", "Close"),
        Verb::Rectify => ("启动整改", "Start rectification"),
        Verb::Object => ("对办理结果有异议", "Object to the result"),
        Verb::Contact => ("已联系企业", "Enterprise contacted"),
        Verb::Fix => ("整改完成", "Rectified"),
        Verb::FollowUp => ("开始回访", "Start follow-up"),
        Verb::Archive => ("归档", "Archive"),
        Verb::Lapse => ("评价期满归档", "Archive unrated"),
        Verb::Reopen => ("二次交办", "Reopen"),
        Verb::Withdraw => ("撤回", "Withdraw"),
        Verb::Merge => ("并案", "Merge"),
        Verb::AddFacts => ("补充说明", "Add facts"),
        Verb::Urge => ("企业催办", "Owner urges"),
        Verb::Remind => ("催办", "Remind"),
        Verb::Supervise => ("督办", "Supervise"),
        Verb::Escalate => ("提级", "Escalate"),
        Verb::Notify => ("通报", "Circular notice"),
    };
    Text::new(zh, en)
}
