//! The error answer of every JSON route: an RFC 9457 problem document.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{text::Text, verb::Verb};

/// An RFC 9457 problem (`application/problem+json`). `code` is stable and is
/// what a program should branch on; `detail` is for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:qiyema:problem:{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short English title.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// Stable machine-readable code, for example `code_revoked`.
    pub code: String,
    /// What happened and what to do, in both languages.
    pub detail: Text,
    /// The id under which the server logged this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// For invalid input: which fields, and what each one needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// For a throttled request: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// For a step that is not possible now: what is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal: Vec<Verb>,
    /// For a conflict: the version now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// For a conflict: what happened since the version that the caller saw, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// Something that happened meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// What, as a stable word, for example `assigned`.
    pub kind: String,
    /// The same as a sentence.
    pub what: Text,
    /// Name of the person; `企业` for the owner, `系统` for the clock.
    pub by: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// One field of a request that was not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Name of the field as the caller wrote it.
    pub field: String,
    /// What is wrong and what would be right.
    pub detail: Text,
}
