//! Who has to know of an event, and whether by mail too: one table. And the
//! words of it: what happened, and what the reader should do now.

use qiyema_protocol::{clocks::ClockKind, staff::Role, text::Text};

use super::{clocks::Limits, event::Kind};

/// Whom an event concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// The named handler; as long as nobody is named, every handler of the responsible unit.
    Handler,
    /// These roles of the responsible unit.
    Unit(&'static [Role]),
    /// These roles of the centre.
    Centre(&'static [Role]),
    /// The unit that the event names: an assisting one.
    Named,
    /// Whose it was until now: the handler before, or the unit that asked to return it with whoever asked.
    Before,
    /// Whoever is late with the limit of which the event speaks.
    Late,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telling {
    /// Who is told.
    pub whom: &'static [Whom],
    /// By mail too: something has to be done soon.
    pub mail: bool,
}

const ADMINISTRATORS: Whom = Whom::Unit(&[Role::UnitAdministrator]);
const EVERYBODY_THERE: Whom = Whom::Unit(&[Role::UnitAdministrator, Role::Handler]);
const RESPONSIBLE: &[Whom] = &[Whom::Handler, ADMINISTRATORS];
const WINDOW: &[Whom] = &[Whom::Centre(&[Role::IntakeOfficer])];
const DISPATCHERS: &[Whom] = &[Whom::Centre(&[Role::Dispatcher])];
const RULERS: &[Whom] = &[Whom::Centre(&[Role::Dispatcher, Role::Supervisor])];
const NOBODY: &[Whom] = &[];

/// Events of which a message holds the one-time link that rates as the owner. No
/// webhook gets them by wanting everything.
pub const WITH_LINK: [Kind; 3] = [Kind::RatingInvited, Kind::RatingReminded, Kind::RectificationInvited];

/// Who is told of an event.
#[must_use]
#[rustfmt::skip]
pub const fn telling(kind: Kind) -> Telling {
    let (whom, mail): (&[Whom], bool) = match kind {
        Kind::Submitted | Kind::Supplemented | Kind::SupplementLapsed => (WINDOW, false),
        Kind::Accepted | Kind::Reclassified => (DISPATCHERS, false),
        Kind::Revived => (&[Whom::Centre(&[Role::IntakeOfficer, Role::Dispatcher])], true),
        Kind::RecheckStarted => (&[Whom::Centre(&[Role::FollowUpOfficer, Role::Supervisor])], true),
        Kind::Appealed | Kind::ReturnRequested => (DISPATCHERS, true),
        Kind::ExtensionRequested | Kind::DeferralRequested => (RULERS, true),
        Kind::Assigned => (&[EVERYBODY_THERE], true),
        Kind::AssistingAdded => (&[Whom::Named], true),
        Kind::SignedFor => (&[Whom::Handler], true),
        Kind::HandedOver => (&[Whom::Handler, Whom::Before], true),
        Kind::ReturnRuled => (&[Whom::Handler, ADMINISTRATORS, Whom::Before], true),
        Kind::SentBack | Kind::Reopened | Kind::Urged => (RESPONSIBLE, true),
        Kind::Extended | Kind::ExtensionRefused | Kind::Deferred | Kind::DeferralRefused | Kind::Resumed
        | Kind::ConferenceHeld | Kind::Withdrawn | Kind::Merged | Kind::FactsAdded | Kind::Attached | Kind::DueRecomputed | Kind::LimitsRecounted
        | Kind::RatingExcluded | Kind::RatingUpheld => (RESPONSIBLE, false),
        Kind::Assisted | Kind::Closed => (&[Whom::Handler], false),
        Kind::ConferenceOpened => (&[Whom::Handler, ADMINISTRATORS, Whom::Centre(&[Role::Leader])], true),
        Kind::Reported => (&[Whom::Centre(&[Role::ClosureReviewer])], true),
        Kind::RectificationStarted | Kind::Objected => (&[Whom::Handler, ADMINISTRATORS, Whom::Centre(&[Role::FollowUpOfficer])], true),
        Kind::Rectified => (&[Whom::Centre(&[Role::FollowUpOfficer])], true),
        Kind::RatingAppealed | Kind::AppealUrged => (&[Whom::Centre(&[Role::PerformanceReviewer, Role::Supervisor])], true),
        Kind::Reminded => (&[Whom::Late], true),
        Kind::Supervised => (&[Whom::Late, Whom::Centre(&[Role::Supervisor])], true),
        Kind::Escalated | Kind::Notified => (&[Whom::Late, Whom::Centre(&[Role::Supervisor, Role::Leader])], true),
        Kind::Rejected | Kind::SupplementAsked | Kind::Reached | Kind::Progressed | Kind::DeferralReviewed | Kind::Rated | Kind::RatingInvited | Kind::RatingReminded | Kind::RectificationInvited | Kind::AppealDecided
        | Kind::Contacted | Kind::FollowedUp | Kind::CallAttempted | Kind::Archived | Kind::Lapsed | Kind::EnterpriseRegistered
        | Kind::EnterpriseRenamed | Kind::CodeIssued | Kind::CodeReplaced | Kind::CodeRevoked
        | Kind::CodeSuspended | Kind::CodeResumed | Kind::CodePrinted | Kind::PinReset | Kind::PinPrinted => (NOBODY, false),
    };
    Telling { whom, mail }
}

/// Who is late with a limit; without one, whoever holds the issue.
#[must_use]
pub const fn late(clock: Option<ClockKind>) -> &'static [Whom] {
    match clock {
        Some(ClockKind::Accept) => &[Whom::Centre(&[Role::IntakeOfficer, Role::Dispatcher])],
        Some(ClockKind::Ruling) => DISPATCHERS,
        Some(ClockKind::Review) => &[Whom::Centre(&[Role::ClosureReviewer])],
        Some(ClockKind::Recheck) => &[Whom::Centre(&[Role::FollowUpOfficer])],
        Some(ClockKind::DeferralReview) => RULERS,
        Some(ClockKind::Assist) => &[Whom::Named],
        _ => RESPONSIBLE,
    }
}

/// What a member of staff reads: what happened and what is to be done, within which of the centre's limits.
/// Events without a line of their own say what the owner reads.
#[must_use]
pub fn words(kind: Kind, limits: &Limits) -> Text {
    match kind {
        Kind::Submitted => {
            let by = within(limits.accept);
            Text::new(format!("有新的涉企问题，请{}受理", by.zh), format!("A new issue: accept it {}", by.en))
        }
        Kind::ReturnRequested => {
            let by = within(limits.ruling);
            Text::new(
                format!("单位申请退单，请{}审定", by.zh),
                format!("A unit asks to return it: rule {}", by.en),
            )
        }
        Kind::RectificationStarted => {
            let by = within(limits.contact);
            Text::new(
                format!("收到差评，承办单位须{}联系企业", by.zh),
                format!("A bad rating: the unit is to contact the enterprise {}", by.en),
            )
        }
        other => plain(other),
    }
}

/// How soon, by a limit in working days.
fn within(days: u32) -> Text {
    match days {
        0 => Text::new("当日", "today"),
        1 => Text::new("在1个工作日内", "within 1 working day"),
        days => Text::new(format!("在{days}个工作日内"), format!("within {days} working days")),
    }
}

/// What names no limit.
fn plain(kind: Kind) -> Text {
    let (zh, en) = match kind {
        Kind::Supplemented => ("企业已补充材料，请继续受理", "The enterprise added information: go on"),
        Kind::SupplementLapsed => ("补充期已满，企业未补充，请处理", "Nothing was added in time: decide"),
        Kind::Appealed => {
            ("企业对不予受理提出异议，请由其他人员复核", "The enterprise appealed: somebody else decides")
        }
        Kind::Accepted => ("问题已受理，请交办", "Accepted: assign it"),
        Kind::Reclassified => (
            "问题类别已更正，请按新类别受理或交办",
            "The category was corrected: accept or assign it by that",
        ),
        Kind::Revived => (
            "原并入的问题不再办理，本问题恢复单独办理，请受理或交办",
            "What it was merged into is not handled any more: accept or assign it by itself",
        ),
        Kind::RecheckStarted => (
            "整改归档后企业再次给出差评，请回访并决定是否二次交办",
            "The enterprise rated bad again after it was put right and filed: call, and decide whether to reopen it",
        ),
        Kind::Assigned => (
            "新交办的问题，请尽快联系企业并签收",
            "Assigned to your unit: contact the enterprise and sign for it",
        ),
        Kind::AssistingAdded => ("请贵单位协办", "Your unit is asked to assist"),
        Kind::HandedOver => (
            "承办人已更换：新承办人请继续办理，原承办人不再承办",
            "The handler was changed: whoever is named now goes on; whoever was before is relieved of it",
        ),
        Kind::SignedFor => ("问题已签收，由您承办", "Signed for: you are the handler"),
        Kind::ReturnRuled => (
            "退单已审定，请审定的责任单位继续办理",
            "The return was ruled on: the unit that has it now goes on",
        ),
        Kind::ExtensionRequested => ("单位申请延期，请审定", "A unit asks for more time: decide"),
        Kind::DeferralRequested => ("单位申请挂账，请审定", "A unit asks to defer: decide"),
        Kind::SentBack => ("办理结果被退回，请继续办理", "The result was sent back: go on"),
        Kind::Reopened => ("二次交办，请重新办理", "Reopened: handle it again"),
        Kind::Urged => ("企业催办，请尽快答复", "The enterprise urges: reply soon"),
        Kind::ConferenceOpened => ("已召集会商，请准备", "A conference was called: prepare"),
        Kind::Reported => ("办理结果待审核", "A result waits for review"),
        Kind::AppealUrged => (
            "评价申诉已到复核期限，请尽快作出意见",
            "An appeal against a rating is due: decide, if you are not of the unit",
        ),
        Kind::RatingAppealed => (
            "单位对评价提出申诉，请单位以外的人员复核",
            "A unit appeals against a rating: decide, if you are not of it",
        ),
        Kind::RatingInvited => (
            "您反映的问题已办结，请评价。此链接仅可评价一次，评价完全自愿",
            "Your issue was closed: please rate the result. The link works once, and rating is voluntary",
        ),
        Kind::RatingReminded => (
            "您反映的问题已办结，尚未评价。此链接仅可评价一次，不再提醒",
            "Your issue was closed and is not rated yet. The link works once; there is no further reminder",
        ),
        Kind::RectificationInvited => (
            "您不满意的问题已整改，请评价整改结果。此链接仅可评价一次，评价完全自愿",
            "What you were not satisfied with was put right: please rate it. The link works once, and rating is voluntary",
        ),
        Kind::Objected => ("企业对结果有异议，请整改", "The enterprise objects: put it right"),
        Kind::Rectified => ("整改已完成，请回访核实", "Put right: call back and check"),
        Kind::Reminded => ("催办：请尽快办理", "Reminder: act soon"),
        Kind::Supervised => ("督办：已超过时限", "Under supervision: a limit has passed"),
        Kind::Escalated => {
            ("提级：已报上一层级和分管领导", "Escalated to the next level and the leader in charge")
        }
        Kind::Notified => ("通报：长期超过时限", "Circular notice: long past a limit"),
        other => {
            return other.public_sentence().unwrap_or_else(|| Text::new("有新动态", "Something happened"));
        }
    };
    Text::new(zh, en)
}

/// The name of a limit.
#[must_use]
pub fn clock_name(clock: ClockKind) -> Text {
    let (zh, en) = qiyema_protocol::words::clock(clock);
    Text::new(zh, en)
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{clocks::ClockKind, staff::Role};

    use super::{Whom, late, telling, words};
    use crate::domain::{clocks::Limits, event::Kind};

    #[test]
    fn who_has_to_act_is_told_by_mail() {
        assert_eq!(telling(Kind::Reported).whom, [Whom::Centre(&[Role::ClosureReviewer])]);
        assert!(telling(Kind::Reported).mail && telling(Kind::Assigned).mail);
        assert!(telling(Kind::RectificationStarted).whom.contains(&Whom::Centre(&[Role::FollowUpOfficer])));
        assert!(telling(Kind::Rated).whom.is_empty(), "a good rating is no errand");
    }

    #[test]
    fn the_one_who_is_late_is_reminded() {
        assert_eq!(late(Some(ClockKind::Review)), [Whom::Centre(&[Role::ClosureReviewer])]);
        assert_eq!(late(Some(ClockKind::Assist)), [Whom::Named]);
        assert!(late(Some(ClockKind::Close)).contains(&Whom::Handler));
        assert!(late(None).contains(&Whom::Handler), "a person's reminder names no limit");
    }

    #[test]
    fn the_words_are_there_in_both_languages() {
        let text = words(Kind::Assigned, &Limits::default());
        assert!(text.zh.contains("签收") && text.en.contains("sign"));
        assert!(words(Kind::Merged, &Limits::default()).zh.contains("并入"));
    }

    #[test]
    fn a_limit_is_the_centres_own() {
        let usual = Limits::default();
        let other = Limits { accept: 2, contact: 3, ruling: 1, ..usual };
        assert_eq!(words(Kind::Submitted, &usual).zh, "有新的涉企问题，请在1个工作日内受理");
        assert_eq!(words(Kind::Submitted, &other).en, "A new issue: accept it within 2 working days");
        assert_eq!(words(Kind::RectificationStarted, &other).zh, "收到差评，承办单位须在3个工作日内联系企业");
        assert_eq!(words(Kind::ReturnRequested, &usual).zh, "单位申请退单，请当日审定");
        assert_eq!(
            words(Kind::ReturnRequested, &other).en,
            "A unit asks to return it: rule within 1 working day"
        );
    }
}
