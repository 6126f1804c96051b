//! Wire types of the directory as administrators see it: what is closed or
//! retired is still there, because old issues name it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{administration::Grade, text::Text};

/// The whole directory (`GET /api/v1/admin/directory`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Directory {
    /// Units with their offices.
    pub units: Vec<UnitView>,
    /// Categories; the tree is in `parent`.
    pub categories: Vec<CategoryView>,
    /// Channels.
    pub channels: Vec<ChannelView>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Place in lists.
    pub position: i32,
    /// When it was closed (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    /// Its offices.
    pub offices: Vec<OfficeView>,
}

/// An office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeView {
    /// Id.
    pub id: String,
    /// Unit.
    pub unit: String,
    /// Name.
    pub name: Text,
    /// Telephone.
    pub phone: String,
    /// Place in lists.
    pub position: i32,
    /// When it was closed (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Category above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Grade.
    pub grade: Grade,
    /// Limit in working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<i32>,
    /// Limit in hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<i32>,
    /// Suggested lead unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_unit: Option<String>,
    /// Place in lists.
    pub position: i32,
    /// When it was retired (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<DateTime<Utc>>,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Place in lists.
    pub position: i32,
    /// When it was retired (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<DateTime<Utc>>,
}

/// A day that differs from the weekly rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpecialDay {
    /// The day.
    pub date: NaiveDate,
    /// True for a make-up workday, false for a holiday.
    pub workday: bool,
}

/// A year of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// It was taken from the official notice.
    pub official: bool,
    /// Its working days.
    pub working_days: u32,
    /// Days that differ from the weekly rule.
    pub days: Vec<SpecialDay>,
}

/// Body of `POST /api/v1/admin/calendar/preview` and `…/calendar/years`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// CSV (`date,kind,status`) or holiday JSON (`{"year":…,"days":[…]}`).
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 60000))]
    pub text: String,
}

/// What a calendar file would change, or has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarChange {
    /// The years as they would stand.
    pub years: Vec<CalendarYear>,
    /// Days that are new or different.
    pub changed: Vec<SpecialDay>,
    /// Days that are no longer special.
    pub removed: Vec<NaiveDate>,
    /// Open issues with a provisional promise that is, or was, computed again.
    pub provisional_issues: u32,
}

/// A setting that can be changed at run time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingView {
    /// Key.
    pub key: String,
    /// Value in force.
    pub value: String,
    /// It was changed here; otherwise it comes from the settings file.
    pub changed: bool,
}

/// All settings that can be changed at run time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// By key.
    pub settings: Vec<SettingView>,
}

/// Body of `PUT /api/v1/admin/settings/{key}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditSetting {
    /// The value.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub value: String,
}

/// A deed of administration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminEvent {
    /// Id; they sort by time.
    pub id: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// User name of who did it, or what did (`console` for the command line).
    pub by: String,
    /// What happened.
    pub kind: String,
    /// Kind of what it happened to.
    pub subject_kind: String,
    /// Id of what it happened to.
    pub subject: String,
    /// User name, where that is a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// Details as JSON; never a secret.
    pub detail: String,
}

/// A page of deeds of administration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminTrail {
    /// Latest first.
    pub events: Vec<AdminEvent>,
    /// Pass as `?before=` for the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
