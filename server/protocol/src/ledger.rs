//! What the tamper-evident log answers about one row.

use serde::{Deserialize, Serialize};

/// That a row is in the log (RFC 6962, 2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inclusion {
    /// Its place in the log, from 0.
    pub position: u64,
    /// Hash of its entry (64 hex digits).
    pub leaf: String,
    /// Entries below the head.
    pub size: u64,
    /// Hashes from the leaf to the root, the lowest first (64 hex digits each).
    pub proof: Vec<String>,
    /// The head, as a signed note.
    pub checkpoint: String,
    /// The entry itself, whose hash is the leaf: only to whoever shows that the row is his, and only while the row is
    /// what was entered. What the receipt does not say stands in it as a commitment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
}
