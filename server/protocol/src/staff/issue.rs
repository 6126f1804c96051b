//! Issues as staff register, move and read them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    administration::Grade,
    board::{ExtensionReason, Lamp, Outcome, State},
    clocks::ClockView,
    intake::{Contact, IssueLevel},
    verb::Verb,
};

/// Body of `POST /api/v1/staff/enterprises/{enterprise}/issues`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewIssue {
    /// Subject, 2 to 80 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 80))]
    pub subject: String,
    /// Full text, 2 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 4000))]
    pub body: String,
    /// Category id.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub category: String,
    /// Channel id.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub channel: String,
    /// The channel's own number for it; the same one twice is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub reference: Option<String>,
    /// Town, county (the default) or city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<IssueLevel>,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// Bodies of the verbs on an issue carry the version the officer saw, so that
/// the second of two people learns what the first one changed (409).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Version of the issue as read.
    pub version: i32,
}

/// Body of `POST …/issues/{number}/progress`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Version of the issue as read.
    pub version: i32,
    /// What was done, for the owner, 2 to 1000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 1000))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/extension`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Extend {
    /// Version of the issue as read.
    pub version: i32,
    /// Working days to add, 1 to 10 unless the centre set another limit.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub working_days: u32,
    /// Reason shown to the owner.
    pub reason: ExtensionReason,
    /// Details, shown at the owner tier only; up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// Body of `POST …/issues/{number}/result` (handler: work done, please review).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Version of the issue as read.
    pub version: i32,
    /// Result.
    pub result: Outcome,
    /// Reply to the owner, 2 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2000))]
    pub reply: String,
}

/// Body of `POST …/issues/{number}/closure` (reviewer, not the handler).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Version of the issue as read.
    pub version: i32,
}

/// An issue as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueView {
    /// Number.
    pub number: String,
    /// Version; send it back with the next verb.
    pub version: i32,
    /// Enterprise id.
    pub enterprise: String,
    /// Enterprise name.
    pub enterprise_name: String,
    /// Subject.
    pub subject: String,
    /// Full text.
    pub body: String,
    /// Category id.
    pub category: String,
    /// Channel id.
    pub channel: String,
    /// Whose matter it is; an escalation moves it up.
    pub level: IssueLevel,
    /// Grade of its category.
    pub grade: Grade,
    /// State.
    pub state: State,
    /// Traffic light of the first limit to pass that somebody has to keep.
    pub lamp: Lamp,
    /// Submitted (UTC).
    pub submitted_at: DateTime<Utc>,
    /// Lead unit id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Handler's user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// First promised date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_promise: Option<NaiveDate>,
    /// Current promised date; none while it is deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<NaiveDate>,
    /// When a deferred issue is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<NaiveDate>,
    /// The date touches a year without an official calendar.
    pub provisional: bool,
    /// States that may follow from here.
    pub next: Vec<State>,
    /// How often it was handled; 2 after the first reopening.
    pub round: u32,
    /// How far the responsible were urged.
    pub supervision: Supervision,
    /// Whom to call (of a single issue, for those who handle it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The channel's own number (of a single issue).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What the reader may do now (of a single issue; empty in a list).
    pub verbs: Vec<Verb>,
    /// Limits that run, the first to pass first; the time to rate in a single issue only.
    pub clocks: Vec<ClockView>,
    /// What stands behind it (of a single issue; absent in a list).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<super::Records>,
}

/// How far the responsible were urged (催办、督办、提级、通报).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Supervision {
    /// Not at all.
    #[default]
    None,
    /// 已催办
    Reminded,
    /// 已督办
    Supervised,
    /// 已提级
    Escalated,
    /// 已通报
    Reported,
}

/// A page of issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueList {
    /// The issues, in the order asked for.
    pub issues: Vec<IssueView>,
    /// Pass as `?after=` for the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
