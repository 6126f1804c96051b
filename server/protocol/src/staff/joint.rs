//! Bodies of the verbs by which several departments act together, and of the
//! urging chain.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Body of `POST …/issues/{number}/conference` (召集会商).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenConference {
    /// Version of the issue as read.
    pub version: i32,
    /// What is to be settled, 2 to 80 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 80))]
    pub subject: String,
    /// Units that confer with the lead unit, 1 to 10; whichever does not assist yet, assists from now on.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10))]
    pub units: Vec<String>,
    /// Planned day, today or later.
    pub planned_on: NaiveDate,
}

/// Body of `POST …/issues/{number}/conference-minutes` (会商纪要), by the leader in charge.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldConference {
    /// Version of the issue as read.
    pub version: i32,
    /// Day on which it was held.
    pub held_on: NaiveDate,
    /// Minutes, for staff, 2 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 4000))]
    pub minutes: String,
    /// Unit that is to do what was settled: the lead unit or an assisting one.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub unit: String,
    /// Day by which it is to be done. It stands beside the promise and does not move it.
    pub due_on: NaiveDate,
}

/// Body of `POST …/issues/{number}/sending-back` (审核退回).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SendBack {
    /// Version of the issue as read.
    pub version: i32,
    /// What is missing, for the handler, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub reason: String,
}

/// Body of `POST …/issues/{number}/reminder`, `…/supervision`, `…/escalation` and
/// `…/circular-notice` (催办、督办、提级、通报).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Supervise {
    /// Version of the issue as read.
    pub version: i32,
    /// What is to be done, for staff, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}
