//! What is done with many issues at once: the lists of the first page, and one
//! deed for several issues.

use serde::{Deserialize, Serialize};

use crate::{problem::Problem, text::Text};

/// Answer of `GET /api/v1/staff/desk`: what waits for whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskView {
    /// Lists that wait for the reader's roles first, then those that everybody has.
    pub lists: Vec<DeskList>,
    /// Counted up to this number: a list with so many may hold more.
    pub most: usize,
}

/// A list of issues, and how many stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskList {
    /// The filter: `GET /api/v1/staff/issues?…` answers the list.
    pub query: String,
    /// Its name.
    pub name: Text,
    /// How many issues, up to `most`.
    pub count: usize,
    /// It waits for one of the reader's own roles.
    pub own: bool,
}

/// An issue as somebody saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeenIssue {
    /// Number.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub number: String,
    /// Version as read.
    pub version: i32,
}

/// Body of `POST /api/v1/staff/issues/assignments`: the same assignment for several issues.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignSeveral {
    /// 1 to 200 issues.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
    pub issues: Vec<SeenIssue>,
    /// Lead unit id.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub unit: String,
    /// Handler's user name; must act for the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub handler: Option<String>,
    /// Ids of assisting units, at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub assisting: Vec<String>,
}

/// Body of `POST /api/v1/staff/issues/reminders`: the same reminder for several issues.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RemindSeveral {
    /// 1 to 200 issues.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
    pub issues: Vec<SeenIssue>,
    /// What is to be done, for staff, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// What became of each of several issues; one that was refused stops none of the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeveralDone {
    /// How many were done.
    pub done: usize,
    /// How many were refused.
    pub refused: usize,
    /// One an issue, in the order sent.
    pub results: Vec<OneDone>,
}

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneDone {
    /// Number.
    pub number: String,
    /// Its new version, if it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// Why it was refused, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}
