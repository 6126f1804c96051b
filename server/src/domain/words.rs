//! The words for enums that users read, Chinese first.

use qiyema_protocol::{
    board::{ExtensionReason, Outcome},
    text::Text,
};

/// 办结结果.
pub fn outcome(result: Outcome) -> Text {
    let (zh, en) = match result {
        Outcome::Resolved => ("已解决", "Resolved"),
        Outcome::PartlyResolved => ("部分解决", "Partly resolved"),
        Outcome::Explained => ("政策解释说明", "Policy explained"),
        Outcome::Planned => ("列入计划", "Planned"),
        Outcome::Unfounded => ("情况不实", "Unfounded"),
        Outcome::Withdrawn => ("企业撤回", "Withdrawn"),
    };
    Text::new(zh, en)
}

/// 延期原因.
pub fn extension_reason(reason: ExtensionReason) -> Text {
    let (zh, en) = match reason {
        ExtensionReason::HigherAuthority => ("需上级部门答复", "A higher authority has to answer"),
        ExtensionReason::CrossDepartment => ("需多部门会商", "Several departments have to confer"),
        ExtensionReason::FieldWork => ("需现场勘查或检测", "A site inspection or test is needed"),
        ExtensionReason::ExpertReview => ("需专家论证或评审", "An expert review is needed"),
        ExtensionReason::LegalProcedure => {
            ("需履行法定公示或审批程序", "A statutory notice or approval is needed")
        }
        ExtensionReason::ForceMajeure => ("受天气或不可抗力影响", "Weather or force majeure"),
    };
    Text::new(zh, en)
}

/// Why a promise moved although nobody extended it.
pub fn resumed() -> Text {
    Text::new("挂账期间不计时,现已恢复办理", "The clock stood still while it was deferred; handling goes on")
}
