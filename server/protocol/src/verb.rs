//! What can be done with an issue. Where a verb may be used and by whom is the
//! server's table (`domain::workflow`); here are its name and its place in a URL.

use serde::{Deserialize, Serialize};

/// A verb of the workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// 受理
    Accept,
    /// 不予受理
    Reject,
    /// 要求补充材料
    AskSupplement,
    /// 更正类别
    Reclassify,
    /// 补充材料
    Supplement,
    /// 补充期满,恢复受理
    LapseSupplement,
    /// 对不予受理提出异议
    Appeal,
    /// 交办
    Assign,
    /// 签收
    SignFor,
    /// 更换承办人
    HandOver,
    /// 申请退单
    RequestReturn,
    /// 退单审定
    RuleReturn,
    /// 联系企业
    Reach,
    /// 阶段性答复
    Progress,
    /// 申请延期
    RequestExtension,
    /// 同意延期
    Extend,
    /// 不同意延期
    RefuseExtension,
    /// 增加协办单位
    AddAssisting,
    /// 协办答复
    Assist,
    /// 召集会商
    OpenConference,
    /// 会商纪要
    HoldConference,
    /// 申请挂账
    RequestDeferral,
    /// 挂账
    Defer,
    /// 不同意挂账
    RefuseDeferral,
    /// 挂账复核
    ReviewDeferral,
    /// 恢复办理
    Resume,
    /// 提交办理结果
    Report,
    /// 审核退回
    SendBack,
    /// 办结
    Close,
    /// 差评或未解决,启动整改
    Rectify,
    /// 对办理结果有异议
    Object,
    /// 整改联系企业
    Contact,
    /// 整改完成
    Fix,
    /// 开始回访
    FollowUp,
    /// 登记未接通
    Attempt,
    /// 归档
    Archive,
    /// 评价期满归档
    Lapse,
    /// 二次交办
    Reopen,
    /// 撤回
    Withdraw,
    /// 并案
    Merge,
    /// 恢复单独办理
    Revive,
    /// A bad word about what was put right and archived brings it back to whoever calls.
    Recheck,
    /// 补充说明
    AddFacts,
    /// 企业催办
    Urge,
    /// 催办
    Remind,
    /// 督办
    Supervise,
    /// 提级
    Escalate,
    /// 通报
    Notify,
}

impl Verb {
    /// All verbs, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::Accept,
        Self::Reject,
        Self::AskSupplement,
        Self::Reclassify,
        Self::Supplement,
        Self::LapseSupplement,
        Self::Appeal,
        Self::Assign,
        Self::SignFor,
        Self::HandOver,
        Self::RequestReturn,
        Self::RuleReturn,
        Self::Reach,
        Self::Progress,
        Self::RequestExtension,
        Self::Extend,
        Self::RefuseExtension,
        Self::AddAssisting,
        Self::Assist,
        Self::OpenConference,
        Self::HoldConference,
        Self::RequestDeferral,
        Self::Defer,
        Self::RefuseDeferral,
        Self::ReviewDeferral,
        Self::Resume,
        Self::Report,
        Self::SendBack,
        Self::Close,
        Self::Rectify,
        Self::Object,
        Self::Contact,
        Self::Fix,
        Self::FollowUp,
        Self::Attempt,
        Self::Archive,
        Self::Lapse,
        Self::Reopen,
        Self::Withdraw,
        Self::Merge,
        Self::Revive,
        Self::Recheck,
        Self::AddFacts,
        Self::Urge,
        Self::Remind,
        Self::Supervise,
        Self::Escalate,
        Self::Notify,
    ];

    /// The noun that the verb posts to: `POST …/issues/{number}/{noun}`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Accept => "acceptance",
            Self::Reject => "rejection",
            Self::AskSupplement => "supplement-request",
            Self::Reclassify => "reclassification",
            Self::Supplement => "supplement",
            Self::LapseSupplement => "supplement-lapse",
            Self::Appeal => "appeal",
            Self::Assign => "assignment",
            Self::SignFor => "signature",
            Self::HandOver => "handover",
            Self::RequestReturn => "return",
            Self::RuleReturn => "return-ruling",
            Self::Reach => "contact",
            Self::Progress => "progress",
            Self::RequestExtension => "extension-request",
            Self::Extend => "extension",
            Self::RefuseExtension => "extension-refusal",
            Self::AddAssisting => "assisting-unit",
            Self::Assist => "assistance",
            Self::OpenConference => "conference",
            Self::HoldConference => "conference-minutes",
            Self::RequestDeferral => "deferral-request",
            Self::Defer => "deferral",
            Self::RefuseDeferral => "deferral-refusal",
            Self::ReviewDeferral => "deferral-review",
            Self::Resume => "resumption",
            Self::Report => "result",
            Self::SendBack => "sending-back",
            Self::Close => "closure",
            Self::Rectify => "rectification",
            Self::Object => "objection",
            Self::Contact => "rectification-contact",
            Self::Fix => "rectification-result",
            Self::FollowUp => "follow-up",
            Self::Attempt => "call-attempt",
            Self::Archive => "archiving",
            Self::Lapse => "lapse",
            Self::Reopen => "reopening",
            Self::Withdraw => "withdrawal",
            Self::Merge => "merger",
            Self::Revive => "revival",
            Self::Recheck => "recheck",
            Self::AddFacts => "facts",
            Self::Urge => "urging",
            Self::Remind => "reminder",
            Self::Supervise => "supervision",
            Self::Escalate => "escalation",
            Self::Notify => "circular-notice",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Verb;

    #[test]
    fn no_two_verbs_share_a_noun() {
        assert_eq!(Verb::ALL.iter().map(|verb| verb.noun()).collect::<HashSet<_>>().len(), Verb::ALL.len());
    }
}
