//! Wire types of the tags (评价标签) as administrators see them: every version of the catalogue, whole.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::rating::RatingTag;

/// Answer of `GET /api/v1/admin/tags`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagVersions {
    /// Latest first: the first one is offered.
    pub versions: Vec<TagVersion>,
}

/// A version of the catalogue. None is ever changed or taken away: ratings are read in the words of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagVersion {
    /// Its number.
    pub version: u32,
    /// When it was published (UTC); the one that the system came with was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Name of who published it, where that is known; `command-line` for the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Its tags, best first.
    pub tags: Vec<RatingTag>,
}
