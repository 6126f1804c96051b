//! What stands beside the line of phases on a card: the first contact, a deferral,
//! a conference, a rectification. Days and facts only; nothing that somebody typed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// 首次联系: the enterprise hears from the unit that was given the issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FirstContactView {
    /// Until when (UTC).
    pub until: DateTime<Utc>,
    /// That date touches a year without an official calendar.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// When it did, once it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

/// 挂账: it cannot be solved yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeferralView {
    /// Day on which it is looked at again.
    pub review_on: NaiveDate,
}

/// 会商: several departments confer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConferenceView {
    /// Planned day.
    pub planned_on: NaiveDate,
    /// Day on which it was held, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_on: Option<NaiveDate>,
    /// Unit that does what was settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// Day by which what was settled is to be done; the promise stands beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// 整改: after a bad rating or an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RectificationView {
    /// The enterprise was contacted.
    pub contacted: bool,
    /// On which day, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted_on: Option<NaiveDate>,
    /// It was put right, and somebody else checks it now.
    pub fixed: bool,
    /// On which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_on: Option<NaiveDate>,
    /// Last day of the contact, while it is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_until: Option<NaiveDate>,
    /// Last day to put it right, while it is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_until: Option<NaiveDate>,
    /// Last day of the check, while it is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_until: Option<NaiveDate>,
    /// A day that is waited for touches a year without an official calendar.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}
