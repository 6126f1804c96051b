//! The board: what a scan answers. One struct feeds the phone page and its JSON
//! twin, so that the two can never say different things.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    beside::{ConferenceView, DeferralView, FirstContactView, RectificationView},
    history::HistoryEntry,
    intake::AttachmentView,
    rating::{Tier, Verdict},
    staff::Supervision,
    text::Text,
    verb::Verb,
};

/// Answer of `GET /api/v1/scans/{seal}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Board {
    /// When the board was drawn (UTC).
    pub at: DateTime<Utc>,
    /// The local day the clocks were computed for.
    pub today: NaiveDate,
    /// What the reader proved: the code alone (`unverified`) or code and PIN.
    pub tier: Tier,
    /// The service centre that answers for this code.
    pub centre: Centre,
    /// Whose code it is.
    pub enterprise: Enterprise,
    /// The code itself.
    pub code: Code,
    /// Open issues in all.
    pub open_count: u32,
    /// Issues in all that were closed with an answer; pages show what was rejected, withdrawn or merged as well.
    pub closed_count: u32,
    /// This page, from 1.
    pub page: u32,
    /// Pages in all, at least 1.
    pub pages: u32,
    /// Open ones first by due date, then closed ones, latest first.
    pub issues: Vec<Card>,
}

/// The service centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Centre {
    /// Name.
    pub name: Text,
    /// Telephone.
    pub phone: String,
}

/// Whose code it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enterprise {
    /// Registered name.
    pub name: String,
    /// Unified social credit code; at the owner tier only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
}

/// The code that was scanned; its seal has been verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Code {
    /// Code id (16 base32 characters).
    pub id: String,
    /// Key that signed it.
    pub kid: u8,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}

/// State of an issue (domain: the workflow table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the glossary's; their sentences are in the workflow table")]
pub enum State {
    Submitted,
    NeedInfo,
    Rejected,
    Accepted,
    Assigned,
    ReturnRequested,
    InProgress,
    CaseConference,
    Deferred,
    PendingReview,
    Closed,
    FollowUp,
    Rectifying,
    Reopened,
    Archived,
    Withdrawn,
    Merged,
}

impl State {
    /// All states, in the order of the workflow.
    pub const ALL: [Self; 17] = [
        Self::Submitted,
        Self::NeedInfo,
        Self::Rejected,
        Self::Accepted,
        Self::Assigned,
        Self::ReturnRequested,
        Self::InProgress,
        Self::CaseConference,
        Self::Deferred,
        Self::PendingReview,
        Self::Closed,
        Self::FollowUp,
        Self::Rectifying,
        Self::Reopened,
        Self::Archived,
        Self::Withdrawn,
        Self::Merged,
    ];
}

/// The owner's progress bar: 已提交 → 已受理 → 办理中 → 已办结 → 已评价.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 已提交
    Submitted,
    /// 已受理
    Accepted,
    /// 办理中
    Handling,
    /// 已办结
    Closed,
    /// 已评价
    Rated,
}

/// Traffic light (亮灯), computed, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// 正常
    Green,
    /// 临期: at most one working day left
    Yellow,
    /// due today
    Red,
    /// 已超期
    Overdue,
    /// No clock runs (closed, deferred, waiting for the enterprise).
    Off,
}

/// How an issue was closed (办结结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已解决
    Resolved,
    /// 部分解决
    PartlyResolved,
    /// 政策解释说明
    Explained,
    /// 列入计划
    Planned,
    /// 情况不实
    Unfounded,
    /// 企业撤回
    Withdrawn,
}

/// Why a promise was moved. A list, not free text: the scan tier shows it, and
/// a code on a wall must not leak what somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExtensionReason {
    /// 需上级部门答复
    HigherAuthority,
    /// 需多部门会商
    CrossDepartment,
    /// 需现场勘查或检测
    FieldWork,
    /// 需专家论证或评审
    ExpertReview,
    /// 需履行法定公示或审批程序
    LegalProcedure,
    /// 受天气或不可抗力影响
    ForceMajeure,
}

impl ExtensionReason {
    /// All reasons, in the order offered.
    pub const ALL: [Self; 6] = [
        Self::HigherAuthority,
        Self::CrossDepartment,
        Self::FieldWork,
        Self::ExpertReview,
        Self::LegalProcedure,
        Self::ForceMajeure,
    ];
}

/// One issue as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Card {
    /// Issue number, for example `Q20261124-0007`.
    pub number: String,
    /// Category name.
    pub category: Text,
    /// Where on the progress bar.
    pub step: Step,
    /// Exact state.
    pub state: State,
    /// The state as a sentence for the owner.
    pub state_text: Text,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// 谁在负责; absent until assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Responsible>,
    /// What was last done (a public sentence, never free text).
    pub last_action: Text,
    /// When that was.
    pub last_at: DateTime<Utc>,
    /// 什么时候办结; absent while nothing is promised (not yet accepted).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// Traffic light.
    pub lamp: Lamp,
    /// How often it is handled: 2 after the first reopening.
    #[serde(default = "once")]
    pub round: u32,
    /// How far the responsible were urged in this round.
    #[serde(default)]
    pub supervision: Supervision,
    /// Number of the issue that a merged one follows, where that is the same enterprise's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// 首次联系, of an open issue that a unit was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<FirstContactView>,
    /// Last day of the step before anything is promised: to accept it (submitted), to add what was asked for (need_info).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_until: Option<NaiveDate>,
    /// 挂账, while it is deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferral: Option<DeferralView>,
    /// 会商, the latest one of an open issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conference: Option<ConferenceView>,
    /// 整改, until it was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rectification: Option<RectificationView>,
    /// The closure; absent while the issue is open, also when it was reopened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closure: Option<ClosureView>,
    /// Text, notes and history; at the owner tier only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<OwnerView>,
}

const fn once() -> u32 {
    1
}

/// 谁在负责.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Responsible {
    /// 牵头单位
    pub unit: Text,
    /// 经办科室
    pub office: Text,
    /// Person: surname and post (`张科长`) or the full name, as the centre set it; absent until a handler is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Office telephone (never a private one).
    pub phone: String,
}

/// 什么时候办结.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Promise {
    /// First promised date; stays visible for ever.
    pub first: NaiveDate,
    /// Date promised now.
    pub current: NaiveDate,
    /// Exact due time (UTC): the end of the local day, or the hour for urgent grades.
    pub due_at: DateTime<Utc>,
    /// True where the date touches a year whose official calendar is not published (预计).
    pub provisional: bool,
    /// Working days left; 0 = due today; negative = overdue by so many; absent when no clock runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days_left: Option<i32>,
    /// Whole hours since it passed, for a promise in hours that passed within a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_over: Option<u32>,
    /// Every change, oldest first.
    #[serde(default)]
    pub changes: Vec<PromiseChange>,
}

/// One move of the promise: an extension, or the end of a deferral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromiseChange {
    /// Date before.
    pub from: NaiveDate,
    /// Date after.
    pub to: NaiveDate,
    /// Why it was extended, as a code; absent where the clock had stood still for a deferral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ExtensionReason>,
    /// Why, as a sentence.
    pub reason_text: Text,
    /// When it was moved.
    pub at: DateTime<Utc>,
}

/// The closure of an issue and what may be or was rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClosureView {
    /// How it was closed.
    pub result: Outcome,
    /// The same as a word.
    pub result_text: Text,
    /// When.
    pub at: DateTime<Utc>,
    /// Last day of the rating window.
    pub rate_until: NaiveDate,
    /// May the reader rate now, at the tier proved?
    pub rateable: bool,
    /// Last day on which the reader may add a second rating, if one may be added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_until: Option<NaiveDate>,
    /// May the reader rate how it was put right?
    #[serde(default)]
    pub rectification_rateable: bool,
    /// The owner's rating, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_verdict: Option<Verdict>,
    /// An unverified rating, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unverified_verdict: Option<Verdict>,
    /// What was entered in the owner's name after a telephone call; the owner tier only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_back_verdict: Option<Verdict>,
    /// The owner's second rating (追评), if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_second: Option<Verdict>,
    /// A second unverified rating, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unverified_second: Option<Verdict>,
    /// The owner's rating of the rectification, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_rectification: Option<Verdict>,
}

/// What only the owner tier sees of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerView {
    /// Subject as registered.
    pub subject: String,
    /// Full text as registered.
    pub body: String,
    /// The reply given at closure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Every public event, oldest first.
    pub history: Vec<HistoryEntry>,
    /// What is asked for, while something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// Why it was not accepted, while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What the owner may do now.
    #[serde(default)]
    pub deeds: Vec<Verb>,
    /// Files that the owner may see.
    #[serde(default)]
    pub attachments: Vec<AttachmentView>,
}
