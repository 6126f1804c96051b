//! What staff call the states, verbs, clocks and results, Chinese first: one list
//! for the console and for the terminal.

use crate::{
    administration::Grade,
    board::{Outcome, State},
    clocks::ClockKind,
    intake::IssueLevel,
    verb::Verb,
};

/// The same in Chinese and in English.
pub type Pair = (&'static str, &'static str);

/// A state as staff call it.
#[must_use]
pub const fn state(state: State) -> Pair {
    match state {
        State::Submitted => ("待受理", "To be accepted"),
        State::NeedInfo => ("待补充", "Waiting for information"),
        State::Rejected => ("不予受理", "Not accepted"),
        State::Accepted => ("待分派", "To be assigned"),
        State::Assigned => ("已交办", "Assigned"),
        State::ReturnRequested => ("申请退单", "Return requested"),
        State::InProgress => ("办理中", "In progress"),
        State::CaseConference => ("会商中", "In conference"),
        State::Deferred => ("挂账", "Deferred"),
        State::PendingReview => ("待审核", "To be reviewed"),
        State::Closed => ("已办结", "Closed"),
        State::Rectifying => ("整改中", "Being put right"),
        State::FollowUp => ("回访中", "Follow-up"),
        State::Reopened => ("重新办理", "Reopened"),
        State::Archived => ("已归档", "Archived"),
        State::Withdrawn => ("已撤回", "Withdrawn"),
        State::Merged => ("已并案", "Merged"),
    }
}

/// What stands on the button of a verb.
#[must_use]
pub const fn verb(verb: Verb) -> Pair {
    match verb {
        Verb::Accept => ("受理", "Accept"),
        Verb::Reject => ("不予受理", "Reject"),
        Verb::AskSupplement => ("要求补充材料", "Ask for information"),
        Verb::Reclassify => ("更正类别", "Correct the category"),
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
        Verb::Attempt => ("登记未接通", "Note an unanswered call"),
        Verb::Archive => ("归档", "Archive"),
        Verb::Lapse => ("评价期满归档", "Archive unrated"),
        Verb::Reopen => ("二次交办", "Reopen"),
        Verb::Withdraw => ("撤回", "Withdraw"),
        Verb::Merge => ("并案", "Merge"),
        Verb::Recheck => ("再次回访", "Check again"),
        Verb::Revive => ("恢复单独办理", "Go on by itself"),
        Verb::AddFacts => ("补充说明", "Add facts"),
        Verb::Urge => ("企业催办", "Owner urges"),
        Verb::Remind => ("催办", "Remind"),
        Verb::Supervise => ("督办", "Supervise"),
        Verb::Escalate => ("提级", "Escalate"),
        Verb::Notify => ("通报", "Circular notice"),
    }
}

/// A clock.
#[must_use]
pub const fn clock(clock: ClockKind) -> Pair {
    match clock {
        ClockKind::Accept => ("受理", "acceptance"),
        ClockKind::Supplement => ("补充材料", "supplement"),
        ClockKind::Sign => ("签收", "signing for"),
        ClockKind::FirstContact => ("首次联系企业", "first contact"),
        ClockKind::Ruling => ("退单审定", "ruling"),
        ClockKind::Interim => ("阶段性答复", "interim reply"),
        ClockKind::Close => ("办结", "closing"),
        ClockKind::Assist => ("协办答复", "assisting reply"),
        ClockKind::Review => ("办结审核", "review"),
        ClockKind::DeferralReview => ("挂账复核", "review of the deferral"),
        ClockKind::Contact => ("差评联系", "contact after a bad rating"),
        ClockKind::Fix => ("差评整改", "rectification"),
        ClockKind::Recheck => ("整改复核", "check of the rectification"),
        ClockKind::Rate => ("评价", "rating"),
    }
}

/// 办结结果.
#[must_use]
pub const fn outcome(result: Outcome) -> Pair {
    match result {
        Outcome::Resolved => ("已解决", "Resolved"),
        Outcome::PartlyResolved => ("部分解决", "Partly resolved"),
        Outcome::Explained => ("政策解释说明", "Policy explained"),
        Outcome::Planned => ("列入计划", "Planned"),
        Outcome::Unfounded => ("情况不实", "Unfounded"),
        Outcome::Withdrawn => ("企业撤回", "Withdrawn"),
    }
}

/// 等级.
#[must_use]
pub const fn grade(grade: Grade) -> Pair {
    match grade {
        Grade::Immediate => ("即办件", "Immediate"),
        Grade::Simple => ("简易件", "Simple"),
        Grade::General => ("一般件", "General"),
        Grade::Complex => ("复杂件", "Complex"),
        Grade::CrossDepartment => ("疑难跨部门件", "Cross-department"),
        Grade::Urgent2h => ("2小时紧急件", "Urgent, 2 hours"),
        Grade::Urgent24h => ("24小时紧急件", "Urgent, 24 hours"),
    }
}

/// 层级.
#[must_use]
pub const fn level(level: IssueLevel) -> Pair {
    match level {
        IssueLevel::Town => ("镇街级", "Town"),
        IssueLevel::County => ("区县级", "County"),
        IssueLevel::City => ("市级", "City"),
    }
}
