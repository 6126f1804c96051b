//! Wire types of the audit trail (`/api/v1/staff/audit`).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// One deed. It was added once and is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRecord {
    /// Id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Full name of who did it, or `owner`, `clock`.
    pub by: String,
    /// Kind of the deed.
    pub kind: String,
    /// The kind in words.
    pub what: Text,
    /// Number of the issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Name of the enterprise, for deeds about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<String>,
    /// State of the issue from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Facts, as JSON.
    pub detail: String,
    /// Its place among the deeds of its subject.
    pub seq: i32,
}

/// A page of the trail, latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditList {
    /// Deeds.
    pub records: Vec<AuditRecord>,
    /// `after` of the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
