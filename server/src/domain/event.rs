//! What can happen, and the sentence an owner reads about it. The scan tier
//! shows these sentences and no others: never what somebody typed.

mod urged;

use qiyema_protocol::{text::Text, verb::Verb};
use serde::{Deserialize, Serialize};

/// Kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the glossary's; the sentences below say the rest")]
pub enum Kind {
    Submitted,
    Accepted,
    Rejected,
    SupplementAsked,
    Reclassified,
    Supplemented,
    SupplementLapsed,
    Appealed,
    Assigned,
    SignedFor,
    HandedOver,
    ReturnRequested,
    ReturnRuled,
    Reached,
    Progressed,
    ExtensionRequested,
    Extended,
    ExtensionRefused,
    AssistingAdded,
    Assisted,
    ConferenceOpened,
    ConferenceHeld,
    DeferralRequested,
    Deferred,
    DeferralRefused,
    DeferralReviewed,
    Resumed,
    Reported,
    SentBack,
    Closed,
    Rated,
    RatingInvited,
    RatingReminded,
    /// The owner was invited to rate how a bad rating was put right.
    RectificationInvited,
    RatingAppealed,
    /// The decision on an appeal was urged: it is due today, or late.
    AppealUrged,
    AppealDecided,
    RatingExcluded,
    RatingUpheld,
    RectificationStarted,
    Objected,
    Contacted,
    Rectified,
    FollowedUp,
    CallAttempted,
    Archived,
    Lapsed,
    Reopened,
    Withdrawn,
    Merged,
    Revived,
    RecheckStarted,
    FactsAdded,
    Urged,
    Reminded,
    Supervised,
    Escalated,
    Notified,
    DueRecomputed,
    LimitsRecounted,
    Attached,
    EnterpriseRegistered,
    EnterpriseRenamed,
    CodeIssued,
    CodeReplaced,
    CodeRevoked,
    CodeSuspended,
    CodeResumed,
    CodePrinted,
    PinReset,
    PinPrinted,
}

impl Kind {
    /// All of them, in the order of the workflow.
    #[rustfmt::skip]
    pub const ALL: [Self; 71] = [
        Self::Submitted, Self::Accepted, Self::Rejected, Self::SupplementAsked, Self::Reclassified, Self::Supplemented,
        Self::SupplementLapsed, Self::Appealed, Self::Assigned, Self::SignedFor, Self::HandedOver,
        Self::ReturnRequested, Self::ReturnRuled, Self::Reached, Self::Progressed,
        Self::ExtensionRequested, Self::Extended, Self::ExtensionRefused, Self::AssistingAdded,
        Self::Assisted, Self::ConferenceOpened, Self::ConferenceHeld, Self::DeferralRequested,
        Self::Deferred, Self::DeferralRefused, Self::DeferralReviewed, Self::Resumed, Self::Reported,
        Self::SentBack, Self::Closed, Self::Rated, Self::RatingInvited, Self::RatingReminded,
        Self::RectificationInvited,
        Self::RatingAppealed, Self::AppealUrged, Self::AppealDecided, Self::RatingExcluded, Self::RatingUpheld,
        Self::RectificationStarted, Self::Objected, Self::Contacted, Self::Rectified, Self::FollowedUp,
        Self::CallAttempted, Self::Archived, Self::Lapsed, Self::Reopened, Self::Withdrawn, Self::Merged, Self::Revived,
        Self::RecheckStarted,
        Self::FactsAdded, Self::Urged, Self::Reminded, Self::Supervised, Self::Escalated, Self::Notified,
        Self::DueRecomputed, Self::LimitsRecounted, Self::Attached, Self::EnterpriseRegistered, Self::EnterpriseRenamed,
        Self::CodeIssued, Self::CodeReplaced, Self::CodeRevoked, Self::CodeSuspended,
        Self::CodeResumed, Self::CodePrinted, Self::PinReset, Self::PinPrinted,
    ];

    /// The event that a verb leaves.
    #[must_use]
    pub const fn of(verb: Verb) -> Self {
        match verb {
            Verb::Accept => Self::Accepted,
            Verb::Reject => Self::Rejected,
            Verb::AskSupplement => Self::SupplementAsked,
            Verb::Reclassify => Self::Reclassified,
            Verb::Supplement => Self::Supplemented,
            Verb::LapseSupplement => Self::SupplementLapsed,
            Verb::Appeal => Self::Appealed,
            Verb::Assign => Self::Assigned,
            Verb::SignFor => Self::SignedFor,
            Verb::HandOver => Self::HandedOver,
            Verb::RequestReturn => Self::ReturnRequested,
            Verb::RuleReturn => Self::ReturnRuled,
            Verb::Reach => Self::Reached,
            Verb::Progress => Self::Progressed,
            Verb::RequestExtension => Self::ExtensionRequested,
            Verb::Extend => Self::Extended,
            Verb::RefuseExtension => Self::ExtensionRefused,
            Verb::AddAssisting => Self::AssistingAdded,
            Verb::Assist => Self::Assisted,
            Verb::OpenConference => Self::ConferenceOpened,
            Verb::HoldConference => Self::ConferenceHeld,
            Verb::RequestDeferral => Self::DeferralRequested,
            Verb::Defer => Self::Deferred,
            Verb::RefuseDeferral => Self::DeferralRefused,
            Verb::ReviewDeferral => Self::DeferralReviewed,
            Verb::Resume => Self::Resumed,
            Verb::Report => Self::Reported,
            Verb::SendBack => Self::SentBack,
            Verb::Close => Self::Closed,
            Verb::Rectify => Self::RectificationStarted,
            Verb::Object => Self::Objected,
            Verb::Contact => Self::Contacted,
            Verb::Fix => Self::Rectified,
            Verb::FollowUp => Self::FollowedUp,
            Verb::Attempt => Self::CallAttempted,
            Verb::Archive => Self::Archived,
            Verb::Lapse => Self::Lapsed,
            Verb::Reopen => Self::Reopened,
            Verb::Withdraw => Self::Withdrawn,
            Verb::Merge => Self::Merged,
            Verb::Revive => Self::Revived,
            Verb::Recheck => Self::RecheckStarted,
            Verb::AddFacts => Self::FactsAdded,
            Verb::Urge => Self::Urged,
            Verb::Remind => Self::Reminded,
            Verb::Supervise => Self::Supervised,
            Verb::Escalate => Self::Escalated,
            Verb::Notify => Self::Notified,
        }
    }

    /// Whether the note of such an event is written for, or by, the owner. Every
    /// other note stays inside.
    #[must_use]
    pub const fn note_is_for_owner(self) -> bool {
        matches!(
            self,
            Self::Rejected
                | Self::SupplementAsked
                | Self::Reclassified
                | Self::Supplemented
                | Self::Appealed
                | Self::Reached
                | Self::Progressed
                | Self::Extended
                | Self::Deferred
                | Self::DeferralReviewed
                | Self::Closed
                | Self::Objected
                | Self::Contacted
                | Self::Rectified
                | Self::Withdrawn
                | Self::FactsAdded
                | Self::Urged
                | Self::RatingExcluded
                | Self::RatingUpheld
        )
    }

    /// For the owner; `None` for what concerns codes, registers and files of staff.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm a kind")]
    pub fn public_sentence(self) -> Option<Text> {
        let (zh, en) = match self {
            Self::Submitted => ("问题已登记", "The issue was registered"),
            Self::Accepted => ("问题已受理", "The issue was accepted"),
            Self::Rejected => ("不予受理", "The issue was not accepted"),
            Self::SupplementAsked => ("请企业补充材料", "More information was asked for"),
            Self::Reclassified => ("问题类别已更正", "The category was corrected"),
            Self::Supplemented => ("企业已补充材料", "Information was added"),
            Self::SupplementLapsed => {
                ("补充期满，恢复受理", "The time to add information is over; the issue is looked at again")
            }
            Self::Appealed => ("企业对不予受理提出异议", "The enterprise appealed"),
            Self::Assigned => ("已交办责任单位", "A responsible unit was assigned"),
            Self::SignedFor => ("责任单位已签收", "The unit signed for the issue"),
            Self::HandedOver => ("承办人已更换", "The handler was changed"),
            Self::ReturnRequested => ("正在确认责任单位", "The responsible unit is being confirmed"),
            Self::ReturnRuled => ("责任单位已确定", "The responsible unit was confirmed"),
            Self::Reached => ("承办单位已联系企业", "The unit contacted the enterprise"),
            Self::Progressed => ("承办单位已报告进展", "The unit reported progress"),
            Self::ExtensionRequested => ("承办单位已申请延期", "The unit asked for an extension"),
            Self::Extended => ("办结时限已延期", "The promised date was extended"),
            Self::ExtensionRefused => {
                ("延期申请未获同意，承诺时限不变", "The extension was refused; the promise stands")
            }
            Self::AssistingAdded => ("已增加协办单位", "An assisting unit was added"),
            Self::Assisted => ("协办单位已答复", "An assisting unit answered"),
            Self::ConferenceOpened => ("正在组织多部门会商", "Several departments are conferring"),
            Self::ConferenceHeld => ("多部门会商已形成意见", "The departments have agreed"),
            Self::DeferralRequested => ("承办单位已申请挂账", "The unit asked to defer"),
            Self::Deferred => ("已挂账跟踪", "Deferred and tracked"),
            Self::DeferralRefused => ("挂账申请未获同意，继续办理", "Deferral was refused; handling goes on"),
            Self::DeferralReviewed => ("已复核挂账事项", "The deferral was reviewed"),
            Self::Resumed => ("恢复办理", "Handling was resumed"),
            Self::Reported => ("办理结果已提交审核", "The result is under review"),
            Self::SentBack => ("审核退回，继续办理", "Sent back by the reviewer"),
            Self::Closed => ("问题已办结", "The issue was closed"),
            Self::Rated => ("已收到评价", "A rating was received"),
            Self::RatingInvited => ("已邀请企业评价", "The enterprise was invited to rate"),
            Self::RatingReminded => ("已提醒企业评价", "The enterprise was reminded to rate"),
            Self::RectificationInvited => {
                ("已邀请企业评价整改结果", "The enterprise was invited to rate what was put right")
            }
            Self::RatingAppealed => (
                "承办单位认为一条评价有误，已申请复核；评价仍保留",
                "The unit asked to have a rating looked at; the rating stays",
            ),
            Self::AppealUrged => {
                ("一条评价的申诉已到复核期限，已催办", "The decision on an appeal is due and was urged")
            }
            Self::RatingExcluded => (
                "经单位以外的两人复核，一条评价不计入考核；评价仍保留",
                "Two people outside the unit found that a rating does not count; it stays on record",
            ),
            Self::RatingUpheld => (
                "经单位以外的人员复核，评价有效，照常计入考核",
                "People outside the unit found that the rating stands and counts",
            ),
            Self::RectificationStarted => ("已启动整改", "Rectification was started"),
            Self::Objected => {
                ("企业对办理结果有异议，已启动整改", "The enterprise objected; rectification was started")
            }
            Self::Contacted => {
                ("承办单位已就评价联系企业", "The unit contacted the enterprise about the rating")
            }
            Self::Rectified => ("整改已完成，正在核实", "Rectified; being checked"),
            Self::FollowedUp => ("正在回访", "Follow-up call"),
            Self::CallAttempted => (
                "已电话回访，未接通，将再次联系",
                "Called back without reaching anybody; another call follows",
            ),
            Self::Archived => ("已归档", "The issue was archived"),
            Self::Lapsed => ("评价期已满，未评价", "The time to rate is over; not rated"),
            Self::Reopened => ("重新办理", "The issue was reopened"),
            Self::Withdrawn => ("企业已撤回", "Withdrawn by the enterprise"),
            Self::Merged => ("已并入同类问题", "Merged into a similar issue"),
            Self::Revived => (
                "原并入的问题不再办理，本问题恢复单独办理",
                "The issue that this one was merged into is not handled any more; this one goes on by itself",
            ),
            Self::RecheckStarted => (
                "归档后收到差评，正在再次回访",
                "A bad rating came after it was filed: the enterprise is called again",
            ),
            Self::FactsAdded => ("企业补充了说明", "The enterprise added facts"),
            Self::Urged => ("企业已催办", "The enterprise urged"),
            Self::Reminded => ("已催办承办单位", "The unit was reminded"),
            Self::Supervised => ("已列入督办", "The issue is under supervision"),
            Self::Escalated => ("已提级协调", "The issue was escalated"),
            Self::Notified => ("已通报", "A circular notice was issued"),
            Self::DueRecomputed => (
                "工作日历公布后，承诺时限已重新计算",
                "The promise was recomputed after the calendar was published",
            ),
            Self::LimitsRecounted => (
                "工作日历公布后，办理过程中的时限已重新计算",
                "Limits on the way were counted again after the calendar was published",
            ),
            Self::AppealDecided
            | Self::Attached
            | Self::EnterpriseRegistered
            | Self::EnterpriseRenamed
            | Self::CodeIssued
            | Self::CodeReplaced
            | Self::CodeRevoked
            | Self::CodeSuspended
            | Self::CodeResumed
            | Self::CodePrinted
            | Self::PinReset
            | Self::PinPrinted => return None,
        };
        Some(Text::new(zh, en))
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn the_list_of_kinds_is_complete() {
        let said = serde_json::from_str::<Kind>("\"none\"").unwrap_err().to_string();
        // The parser names every kind there is.
        let known: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
        let listed: Vec<String> = Kind::ALL
            .iter()
            .map(|kind| serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned())
            .collect();
        assert_eq!(listed, known);
    }
}
