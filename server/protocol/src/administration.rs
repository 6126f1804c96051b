//! Wire types of people, rights and administration (`/api/v1/admin/…`, and what
//! somebody does with his own account at `/api/v1/staff/…`).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::staff::Role;

/// What an API token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Register issues through its channel.
    #[serde(rename = "issues:write")]
    IssuesWrite,
    /// Read the issues of its channel.
    #[serde(rename = "issues:read")]
    IssuesRead,
    /// Register enterprises.
    #[serde(rename = "enterprises:write")]
    EnterprisesWrite,
    /// Find enterprises.
    #[serde(rename = "enterprises:read")]
    EnterprisesRead,
    /// Read the figures for performance review.
    #[serde(rename = "figures:read")]
    FiguresRead,
    /// Export ratings in a national coding; never who rated.
    #[serde(rename = "ratings:export")]
    RatingsExport,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::IssuesWrite,
        Self::IssuesRead,
        Self::EnterprisesWrite,
        Self::EnterprisesRead,
        Self::FiguresRead,
        Self::RatingsExport,
    ];
}

/// Body of `POST /api/v1/admin/tokens`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiToken {
    /// What it is for, 2 to 60 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 60))]
    pub name: String,
    /// What it may do.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 6))]
    pub scopes: Vec<Scope>,
    /// The channel it speaks for; needed for `issues:write` and `issues:read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub channel: Option<String>,
    /// Days it lasts, 1 to 730.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 730))]
    pub days: u32,
}

/// An API token as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiTokenView {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The channel it speaks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// When it was made (UTC).
    pub made_at: DateTime<Utc>,
    /// When it ends (UTC).
    pub expires_at: DateTime<Utc>,
    /// The last day it was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<NaiveDate>,
    /// When it was revoked (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token just made (201). The token is shown here once and never again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewApiTokenMade {
    /// `qyt_…`, for `Authorization: Bearer`.
    pub token: String,
    /// As listed.
    pub listed: ApiTokenView,
}

/// All API tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiTokenList {
    /// Newest first.
    pub tokens: Vec<ApiTokenView>,
}

/// Body of `POST /api/v1/admin/staff`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// User name: 2 to 64 letters, digits, dots, hyphens or underscores; it never changes.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 64))]
    pub username: String,
    /// The rest, which can be edited later.
    pub person: EditPerson,
}

/// Body of `PUT /api/v1/admin/staff/{id}`, and part of [`NewPerson`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditPerson {
    /// Full name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub name: String,
    /// Post shown to owners.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub post: String,
    /// Roles, at least one.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12))]
    pub roles: Vec<Role>,
    /// Office the person sits in; its unit is the person's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub office: Option<String>,
    /// Further units the person acts for.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub units: Vec<String>,
}

/// A person as administrators see him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonView {
    /// Id.
    pub id: String,
    /// User name.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Office id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Units the person acts for, that of the office first.
    pub units: Vec<String>,
    /// No password was chosen yet: the person cannot sign in.
    #[serde(default)]
    pub awaits_set_up: bool,
    /// A second factor is enrolled.
    pub second_factor: bool,
    /// A second factor is needed by one of the roles.
    pub second_factor_required: bool,
    /// When the account was made (UTC).
    pub created_at: DateTime<Utc>,
    /// When it was disabled (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<DateTime<Utc>>,
}

/// People, by user name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonList {
    /// The people.
    pub people: Vec<PersonView>,
}

/// A link that sets a password once (201); shown here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneTimeLink {
    /// Hand it to the person.
    pub url: String,
    /// When it ends (UTC).
    pub expires_at: DateTime<Utc>,
    /// Whom it is for.
    pub person: PersonView,
}

/// A session of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSession {
    /// Id.
    pub id: String,
    /// Browser and system, as they called themselves.
    pub device: String,
    /// Where from: the address without its last parts.
    pub place: String,
    /// Signed in (UTC).
    pub created_at: DateTime<Utc>,
    /// Last seen (UTC), to a few minutes.
    pub seen_at: DateTime<Utc>,
    /// It is this one.
    pub current: bool,
}

/// One's own sessions that stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSessions {
    /// Latest first.
    pub sessions: Vec<OwnSession>,
}

/// Body of `PUT /api/v1/staff/me/password`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present password.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub present: String,
    /// The new one: 12 to 128 characters, and not the user name.
    #[cfg_attr(feature = "openapi", schema(min_length = 12, max_length = 128))]
    pub new: String,
}

/// Body of `POST /api/v1/admin/units` and `PUT /api/v1/admin/units/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditUnit {
    /// Chinese name.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 60))]
    pub name_zh: String,
    /// English name; empty takes the Chinese one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub name_en: String,
    /// Place in lists, from 0.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9999))]
    pub position: i32,
}

/// Body of `POST /api/v1/admin/units/{unit}/offices` and `PUT /api/v1/admin/offices/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditOffice {
    /// Chinese name.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 60))]
    pub name_zh: String,
    /// English name; empty takes the Chinese one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub name_en: String,
    /// Office telephone, shown to owners.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 40))]
    pub phone: String,
    /// Place in lists, from 0.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9999))]
    pub position: i32,
}

/// Difficulty of a category; it suggests the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 即办
    Immediate,
    /// 简易
    Simple,
    /// 一般
    General,
    /// 复杂
    Complex,
    /// 疑难跨部门
    CrossDepartment,
    /// 紧急,2小时
    #[serde(rename = "urgent2h")]
    Urgent2h,
    /// 紧急,24小时
    #[serde(rename = "urgent24h")]
    Urgent24h,
}

impl Grade {
    /// Every grade, the easiest first.
    pub const ALL: [Self; 7] = [
        Self::Immediate,
        Self::Simple,
        Self::General,
        Self::Complex,
        Self::CrossDepartment,
        Self::Urgent2h,
        Self::Urgent24h,
    ];
}

/// Body of `POST /api/v1/admin/categories` and `PUT /api/v1/admin/categories/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditCategory {
    /// Chinese name.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 60))]
    pub name_zh: String,
    /// English name; empty takes the Chinese one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub name_en: String,
    /// Category above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub parent: Option<String>,
    /// Grade.
    pub grade: Grade,
    /// Working days, for the grades that count them; none takes the grade's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 250))]
    pub working_days: Option<i32>,
    /// Hours on the clock, for the urgent grades; none takes the grade's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 240))]
    pub hours: Option<i32>,
    /// Lead unit suggested at assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub lead_unit: Option<String>,
    /// Place in lists, from 0.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9999))]
    pub position: i32,
}

/// Body of `POST /api/v1/admin/channels` and `PUT /api/v1/admin/channels/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditChannel {
    /// Chinese name.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 60))]
    pub name_zh: String,
    /// English name; empty takes the Chinese one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub name_en: String,
    /// Place in lists, from 0.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9999))]
    pub position: i32,
}
