//! What can happen, and the sentence an owner reads about it. The scan tier
//! shows these sentences and no others: never what somebody typed.

use qiyema_protocol::text::Text;
use serde::{Deserialize, Serialize};

/// Kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the glossary's; the sentences below say the rest")]
pub enum Kind {
    Submitted,
    SupplementAsked,
    Supplemented,
    Rejected,
    Accepted,
    Assigned,
    ReturnRequested,
    ReturnRuled,
    Progressed,
    ConferenceHeld,
    Deferred,
    Resumed,
    Extended,
    Reported,
    SentBack,
    Closed,
    Rated,
    RectificationStarted,
    FollowedUp,
    Reopened,
    Archived,
    Withdrawn,
    Merged,
    EnterpriseRegistered,
    CodeIssued,
    CodeReplaced,
    CodeRevoked,
}

impl Kind {
    /// For the owner; `None` for what concerns codes and registers.
    pub fn public_sentence(self) -> Option<Text> {
        let (zh, en) = match self {
            Self::Submitted => ("问题已登记", "The issue was registered"),
            Self::SupplementAsked => ("请企业补充材料", "More information was asked for"),
            Self::Supplemented => ("企业已补充材料", "Information was added"),
            Self::Rejected => ("不予受理", "The issue was not accepted"),
            Self::Accepted => ("问题已受理", "The issue was accepted"),
            Self::Assigned => ("已交办责任单位", "A responsible unit was assigned"),
            Self::ReturnRequested => ("正在确认责任单位", "The responsible unit is being confirmed"),
            Self::ReturnRuled => ("责任单位已确定", "The responsible unit was confirmed"),
            Self::Progressed => ("承办单位已报告进展", "The unit reported progress"),
            Self::ConferenceHeld => ("正在组织多部门会商", "Several departments are conferring"),
            Self::Deferred => ("已挂账跟踪", "Deferred and tracked"),
            Self::Resumed => ("恢复办理", "Handling was resumed"),
            Self::Extended => ("办结时限已延期", "The promised date was extended"),
            Self::Reported => ("办理结果已提交审核", "The result is under review"),
            Self::SentBack => ("审核退回,继续办理", "Sent back by the reviewer"),
            Self::Closed => ("问题已办结", "The issue was closed"),
            Self::Rated => ("已收到评价", "A rating was received"),
            Self::RectificationStarted => ("已启动整改", "Rectification was started"),
            Self::FollowedUp => ("正在回访", "Follow-up call"),
            Self::Reopened => ("重新办理", "The issue was reopened"),
            Self::Archived => ("已归档", "The issue was archived"),
            Self::Withdrawn => ("企业已撤回", "Withdrawn by the enterprise"),
            Self::Merged => ("已并入同类问题", "Merged into a similar issue"),
            Self::EnterpriseRegistered | Self::CodeIssued | Self::CodeReplaced | Self::CodeRevoked => {
                return None;
            }
        };
        Some(Text::new(zh, en))
    }
}
