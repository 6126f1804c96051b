//! Wire types of the staff side (`/api/v1/staff/…`).

mod aftercare;
mod deferral;
mod desk;
mod issue;
mod joint;
mod records;
mod unit;
mod window;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    aftercare::{CallAttempt, CallBack, FollowUp, Object, Rectified},
    deferral::{Defer, RefuseDeferral, RequestDeferral, Resume},
    desk::{AssignSeveral, DeskList, DeskView, OneDone, RemindSeveral, SeenIssue, SeveralDone},
    issue::{Accept, Close, Extend, IssueList, IssueView, NewIssue, Progress, Report, Supervision},
    joint::{HoldConference, OpenConference, SendBack, Supervise},
    records::{
        AssignmentView, CallBackOutcome, CallBackRecord, ConferenceRecord, EventList, EventView, Part,
        RatedView, Records, ReportView, RequestKind, RequestView, ReviewView,
    },
    unit::{
        AddAssisting, Assign, Assist, Decision, HandOver, Reach, RefuseExtension, RequestExtension,
        RequestReturn, RuleReturn, SignFor,
    },
    window::{
        AskSupplement, Merge, OnBehalf, Reclassify, Reject, RejectReason, WishOnBehalf, WithdrawOnBehalf,
    },
};
use crate::{codes::CodeReason, text::Text};

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
    /// Six digits of the authenticator app, or a recovery code; needed by whoever enrolled one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 24))]
    pub totp: Option<String>,
}

/// Answer of `POST /api/v1/staff/second-factors` (201): a key for an authenticator app, not yet in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactorBegun {
    /// The key in base32, to be typed where nothing can be scanned.
    pub key: String,
    /// `otpauth://totp/…`, to be shown as a QR code.
    pub uri: String,
}

/// Answer of `POST /api/v1/staff/second-factors/proof` (201): in force, and signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactorEnrolled {
    /// Each signs in once if the phone is lost; shown only now.
    pub recovery_codes: Vec<String>,
    /// The session just opened.
    pub session: Session,
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
    /// Unit id of the person's desk, for people of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Every unit the person acts for.
    #[serde(default)]
    pub units: Vec<String>,
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
    /// Answers nothing until it is resumed.
    Suspended,
    /// The key that signed it was retired: it is void, and the enterprise needs a new one.
    KeyRetired,
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
    /// Why, as one of a list.
    #[serde(default)]
    pub reason_code: CodeReason,
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
