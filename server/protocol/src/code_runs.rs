//! Issuing codes for many enterprises in one run, or revoking many.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::codes::RevokeMany;

/// Codes of one file of a run.
pub const PART: u32 = 10_000;

/// Which enterprises: all that is said must hold; nothing said, all of them. Only those that no
/// code stands for, or only one whose key was retired, and none whose code was revoked because it closed down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodeRunWish {
    /// Part of the name, its reading, or the credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub query: Option<String>,
    /// First digits of the administrative division in the credit code, 2 to 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 6, pattern = "^[0-9]+$"))]
    pub division: Option<String>,
    /// Registered here on this local day or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_since: Option<NaiveDate>,
    /// Registered here before this local day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_before: Option<NaiveDate>,
}

/// Body of `POST /api/v1/staff/code-runs`. Without `confirm` it is a preview.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCodeRun {
    /// Which enterprises.
    #[serde(default)]
    pub wish: CodeRunWish,
    /// How many codes are to be issued, as the preview said; refused if it is another number by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<u32>,
}

/// An enterprise that would get a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodelessEnterprise {
    /// Id.
    pub id: String,
    /// Credit code.
    pub uscc: String,
    /// Name.
    pub name: String,
}

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeRunPreview {
    /// Enterprises that would get a code.
    pub count: u32,
    /// The first of them.
    pub first: Vec<CodelessEnterprise>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodeRunState {
    /// Codes are issued.
    Issuing,
    /// Codes are revoked.
    Revoking,
    /// Over.
    Done,
    /// Somebody stopped it; what was issued stands, what was revoked does not.
    Cancelled,
}

impl CodeRunState {
    /// Whether it goes on.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Issuing | Self::Revoking)
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeRun {
    /// Id.
    pub id: String,
    /// Started (UTC).
    pub at: DateTime<Utc>,
    /// User name of whoever started it.
    pub by: String,
    /// Which enterprises.
    pub wish: CodeRunWish,
    /// How far it is.
    pub state: CodeRunState,
    /// Enterprises without a code when it began; or codes to be issued again, or to be revoked.
    pub total: u32,
    /// Codes issued, or revoked.
    pub issued: u32,
    /// Files that are ready, 10,000 codes in each; the last, of fewer, when the run is over.
    pub parts: u32,
    /// When it moved last (UTC).
    pub moved_at: DateTime<Utc>,
    /// Who stopped it, if somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<String>,
    /// It issues every code of this key again, because the key is in wrong hands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 255))]
    pub compromised: Option<u8>,
    /// It issues nothing, but revokes these codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revokes: Option<RevokeMany>,
}

/// Runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeRunList {
    /// The runs.
    pub runs: Vec<CodeRun>,
}
