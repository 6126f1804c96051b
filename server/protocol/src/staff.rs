//! Wire types of the staff side (`/api/v1/staff/…`).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    board::{ExtensionReason, Lamp, Outcome, State},
    text::Text,
};

/// Roles a person can hold (a person may hold several).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 发码员
    CodeIssuer,
    /// 受理员
    IntakeOfficer,
    /// 分派员
    Dispatcher,
    /// 单位管理员
    UnitAdministrator,
    /// 经办人
    Handler,
    /// 审核员
    ClosureReviewer,
    /// 回访员
    FollowUpOfficer,
    /// 督办员
    Supervisor,
    /// 分管领导
    Leader,
    /// 考核员
    PerformanceReviewer,
    /// 审计员
    Auditor,
    /// 系统管理员
    Administrator,
}

/// Body of `POST /api/v1/staff/sessions`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// User name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub username: String,
    /// Password.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub password: String,
}

/// Body of `POST /api/v1/staff/sessions/renewal`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// The refresh token of the last answer; each works once.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub refresh_token: String,
}

/// A staff session (201).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Short-lived JWT for `Authorization: Bearer …`.
    pub access_token: String,
    /// When the access token ends (UTC).
    pub access_expires_at: DateTime<Utc>,
    /// Exchanges for the next pair; each works once.
    pub refresh_token: String,
    /// When the session ends for good (UTC).
    pub expires_at: DateTime<Utc>,
    /// Who signed in.
    pub staff: Me,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// Staff id.
    pub id: String,
    /// User name.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Unit id, for people of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// Body of `POST /api/v1/staff/enterprises`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEnterprise {
    /// Unified social credit code; cleaned before it is checked.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub uscc: String,
    /// Registered name, 2 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 100))]
    pub name: String,
    /// Confirm a code whose check character does not fit (genuine early codes exist).
    #[serde(default)]
    pub confirm_check_character: bool,
}

/// A registered enterprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnterpriseView {
    /// Id.
    pub id: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Registered name.
    pub name: String,
    /// When it was registered (UTC).
    pub registered_at: DateTime<Utc>,
    /// Its codes, newest first.
    pub codes: Vec<CodeView>,
}

/// A page of enterprises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnterpriseList {
    /// The enterprises, by name.
    pub enterprises: Vec<EnterpriseView>,
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodeStatus {
    /// Opens the board.
    Live,
    /// A newer code was issued.
    Replaced,
    /// Withdrawn with a reason.
    Revoked,
}

/// A code as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeView {
    /// Code id (16 base32 characters).
    pub id: String,
    /// Key that signed it.
    pub kid: u8,
    /// When it was issued (UTC).
    pub issued_at: DateTime<Utc>,
    /// What became of it.
    pub status: CodeStatus,
}

/// An issued code (201). The PIN is shown here once and never again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedCode {
    /// The code.
    pub code: CodeView,
    /// The text for the QR symbol.
    pub seal_text: String,
    /// The enterprise's PIN; replaces any earlier one.
    pub pin: String,
    /// The code that this one replaces, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

/// Body of `POST /api/v1/staff/codes/{code}/revocation`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// Why; 2 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 200))]
    pub reason: String,
}

/// Body of `POST /api/v1/staff/enterprises/{enterprise}/issues`.
#[derive(Debug, Clone, Serialize, Deserialize)]
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

/// Body of `POST …/issues/{number}/assignment`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// Version of the issue as read.
    pub version: i32,
    /// Lead unit id.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub unit: String,
    /// Handler's user name; must belong to the unit. The office follows from the person.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub handler: String,
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
    /// Working days to add, 1 to 10.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10))]
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
    /// State.
    pub state: State,
    /// Traffic light.
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
    /// Current promised date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<NaiveDate>,
    /// The date touches a year without an official calendar.
    pub provisional: bool,
    /// States that may follow from here.
    pub next: Vec<State>,
}

/// A page of issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueList {
    /// The issues, most urgent first.
    pub issues: Vec<IssueView>,
    /// Pass as `?after=` for the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A unit, category or channel to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// Id.
    pub id: String,
    /// Shown name.
    pub name: Text,
}

/// Answer of `GET /api/v1/staff/choices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choices {
    /// Units (牵头单位).
    pub units: Vec<Choice>,
    /// Handlers: id is the user name, with the unit.
    pub handlers: Vec<HandlerChoice>,
    /// Categories.
    pub categories: Vec<Choice>,
    /// Channels.
    pub channels: Vec<Choice>,
}

/// A handler to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandlerChoice {
    /// User name.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Unit id.
    pub unit: String,
}
