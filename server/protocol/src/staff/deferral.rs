//! Bodies of the verbs about what cannot be solved yet (挂账).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Body of `POST …/issues/{number}/deferral-request`, by the responsible unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestDeferral {
    /// Version of the issue as read.
    pub version: i32,
    /// Why it cannot be solved yet, for the centre, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub reason: String,
    /// Day on which it should be looked at again.
    pub review_on: NaiveDate,
}

/// Body of `POST …/issues/{number}/deferral` and `…/deferral-review`, by the centre.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Defer {
    /// Version of the issue as read.
    pub version: i32,
    /// Why it cannot be solved yet, for the owner, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub reason: String,
    /// Day of the next review, shown to the owner; after today, within the limit for deferrals (90 days).
    pub review_on: NaiveDate,
}

/// Body of `POST …/issues/{number}/deferral-refusal`, by the centre.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefuseDeferral {
    /// Version of the issue as read.
    pub version: i32,
    /// Why, for the unit, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub reason: String,
}

/// Body of `POST …/issues/{number}/resumption`, by the centre.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// Version of the issue as read.
    pub version: i32,
    /// What has changed, for staff, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}
