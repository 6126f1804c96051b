//! The life of a code after it was issued: suspended, resumed, replaced, revoked
//! with many others; and how often it is scanned.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Why a code is suspended, replaced or revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodeReason {
    /// Nobody knows where it is.
    Lost,
    /// It cannot be read any more.
    Damaged,
    /// The enterprise moved.
    Moved,
    /// The enterprise has another name.
    Renamed,
    /// The enterprise closed down.
    Closed,
    /// It was issued by mistake, or hangs at somebody else's door.
    Mistaken,
    /// Its key, or the code, is in wrong hands.
    Compromised,
    /// Anything else.
    #[default]
    Other,
}

impl CodeReason {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Lost,
        Self::Damaged,
        Self::Moved,
        Self::Renamed,
        Self::Closed,
        Self::Mistaken,
        Self::Compromised,
        Self::Other,
    ];
}

/// Body of a suspension or a replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Why.
    pub reason_code: CodeReason,
    /// In words; up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub reason: Option<String>,
}

/// A PIN just set (201). It is shown here once and never again; the code stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPin {
    /// The enterprise's PIN; replaces any earlier one.
    pub pin: String,
}

/// Body of `POST /api/v1/staff/code-revocations`: which codes, and why. Without
/// `confirm` it is a preview. All that is said must hold of a code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeMany {
    /// Ids of codes, or credit codes of enterprises; up to 2,500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 2500))]
    pub of: Vec<String>,
    /// Signed by this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 255))]
    pub kid: Option<u8>,
    /// Issued before this local day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_before: Option<NaiveDate>,
    /// Issued by this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub run: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason_code: CodeReason,
    /// In words; 2 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 200))]
    pub reason: String,
    /// How many codes are to be revoked, as the preview said; refused if it is another number by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<u32>,
}

/// Which codes are, or were, revoked together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokedMany {
    /// How many.
    pub count: u32,
    /// Whether it was done; `false`: a preview, or a run that has begun.
    pub done: bool,
    /// The run that revokes them now: more than 200 codes that nobody named one by one take their time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The first of them.
    pub first: Vec<CodeLine>,
    /// What was named and is no standing code: unknown, ended already, or outside the filter.
    pub unknown: Vec<String>,
}

/// A code in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeLine {
    /// Code id.
    pub code: String,
    /// Id of its enterprise.
    pub enterprise: String,
    /// Name of its enterprise.
    pub name: String,
    /// Credit code of its enterprise.
    pub uscc: String,
    /// Key that signed it.
    pub kid: u8,
    /// When it was issued (UTC).
    pub issued_at: DateTime<Utc>,
    /// Scans of the days looked at.
    pub scans: u32,
    /// The last day on which it was scanned, local.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
}

/// Standing codes and how often they are scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeScanList {
    /// The codes, oldest first.
    pub codes: Vec<CodeLine>,
    /// Ask for what comes after this, if there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_after: Option<String>,
}

/// Scans of a code on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayScans {
    /// Local day.
    pub day: NaiveDate,
    /// How many.
    pub scans: u32,
}

/// Scans of a code by day, newest first; days without a scan are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeScans {
    /// Code id.
    pub code: String,
    /// The days.
    pub days: Vec<DayScans>,
}
