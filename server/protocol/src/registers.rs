//! The register of enterprises as a table: imports that run by themselves, and
//! what became of each row.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Rows are compared with the register; nothing is written to it.
    Checking,
    /// A dry run is over; it may be confirmed.
    Checked,
    /// Rows are entered.
    Importing,
    /// Over.
    Done,
    /// The file could not be read to its end; what was entered stays and is entered once.
    Failed,
    /// Somebody stopped it, or a dry run was never confirmed.
    Cancelled,
}

impl ImportState {
    /// Whether it moves by itself.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Checking | Self::Importing)
    }
}

/// What becomes, or became, of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowVerdict {
    /// A new enterprise.
    Fresh,
    /// A known one whose name changes.
    Changed,
    /// A known one with the same data.
    Same,
    /// Held back: there is a warning that nobody confirmed.
    Held,
    /// Wrong.
    Bad,
}

/// An import of enterprises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterImport {
    /// Id.
    pub id: String,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file in hex.
    pub hash: String,
    /// Started (UTC).
    pub at: DateTime<Utc>,
    /// User name of whoever sent it.
    pub by: String,
    /// How far it is.
    pub state: ImportState,
    /// Rows with a warning are taken too.
    pub confirmed: bool,
    /// Rows below the heading.
    pub total: u32,
    /// Rows handled.
    pub handled: u32,
    /// New enterprises.
    pub fresh: u32,
    /// Known ones whose name changed.
    pub changed: u32,
    /// Known ones with the same data.
    pub same: u32,
    /// Rows held back for a warning.
    pub held: u32,
    /// Rows that are wrong.
    pub bad: u32,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Text>,
    /// When it moved last (UTC).
    pub moved_at: DateTime<Utc>,
}

/// Imports, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterImportList {
    /// The imports.
    pub imports: Vec<RegisterImport>,
}

/// One row of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterRow {
    /// Number as Excel counts.
    pub row: u32,
    /// What becomes of it.
    pub verdict: RowVerdict,
    /// Credit code, as it was read.
    pub uscc: String,
    /// Name, as it was read.
    pub name: String,
    /// Stable code of what is wrong, or of the warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Text>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Text>,
}

/// Some rows of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterRowList {
    /// The rows, by number.
    pub rows: Vec<RegisterRow>,
    /// Ask for what comes after this row, if there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_after: Option<u32>,
}

/// Body of `POST …/enterprise-imports/{id}/confirmation`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmImport {
    /// Take rows with a warning too.
    #[serde(default)]
    pub confirm_warnings: bool,
}
