//! The words for enums that users read, Chinese first.

use qiyema_protocol::{
    board::{ExtensionReason, Outcome},
    staff::RejectReason,
    text::Text,
};

/// 办结结果.
pub fn outcome(result: Outcome) -> Text {
    let (zh, en) = qiyema_protocol::words::outcome(result);
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

/// 不予受理原因.
pub fn reject_reason(reason: RejectReason) -> Text {
    let (zh, en) = match reason {
        RejectReason::OutOfScope => ("不属于涉企问题受理范围", "Outside what is taken here"),
        RejectReason::LegalRoute => {
            ("应通过诉讼、仲裁、行政复议等法定途径解决", "To be settled by a court, arbitration or review")
        }
        RejectReason::HandledElsewhere => ("已由其他渠道或机关受理", "Another authority handles it"),
        RejectReason::Duplicate => ("与已受理的问题重复", "The same as an issue accepted before"),
        RejectReason::Concluded => {
            ("已有终结性结论，无新的事实和理由", "Concluded before, and nothing new was said")
        }
        RejectReason::Unclear => ("内容不清，补充后仍无法核实", "Unclear, also after more was asked"),
    };
    Text::new(zh, en)
}

/// Why a promise moved although nobody extended it.
pub fn resumed() -> Text {
    Text::new("挂账期间不计时，现已恢复办理", "The clock stood still while it was deferred; handling goes on")
}

/// The same, where what it was merged into is not handled any more.
pub fn revived() -> Text {
    Text::new(
        "并案期间不计时，现已恢复单独办理",
        "The clock stood still while it was merged into another issue; it goes on by itself now",
    )
}

/// Grades of difficulty, the easiest first.
pub const GRADES: [&str; 7] =
    ["immediate", "simple", "general", "complex", "cross_department", "urgent2h", "urgent24h"];

/// A grade by its word; a dash for anything else.
#[must_use]
pub fn grade(word: &str) -> Text {
    let (zh, en) = match word {
        "immediate" => ("即办件", "Immediate"),
        "simple" => ("简易件", "Simple"),
        "general" => ("一般件", "General"),
        "complex" => ("复杂件", "Complex"),
        "cross_department" => ("疑难跨部门件", "Cross-department"),
        "urgent2h" => ("2小时紧急件", "Urgent, 2 hours"),
        "urgent24h" => ("24小时紧急件", "Urgent, 24 hours"),
        _ => ("—", "—"),
    };
    Text::new(zh, en)
}

/// Levels with their Chinese and English words.
pub const LEVELS: [(&str, &str, &str); 3] =
    [("town", "镇街级", "Town"), ("county", "区县级", "County"), ("city", "市级", "City")];

/// A level by its word; a dash for anything else.
#[must_use]
pub fn level(word: &str) -> Text {
    let found = LEVELS.into_iter().find(|(key, _, _)| *key == word);
    found.map_or_else(|| Text::new("—", "—"), |(_, zh, en)| Text::new(zh, en))
}
