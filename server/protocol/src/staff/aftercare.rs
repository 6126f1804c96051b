//! Bodies of the verbs after closing: rectification and call-back.

use serde::{Deserialize, Serialize};

use crate::rating::{Level, Solved};

/// Body of `POST …/issues/{number}/call-attempt`: a call-back that reached nobody. The call-back goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CallAttempt {
    /// Version of the issue as read.
    pub version: i32,
    /// Which number was called, and what happened; 2 to 500 characters, for staff.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/objection`: the window enters what an owner said on the telephone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Version of the issue as read.
    pub version: i32,
    /// What the owner objects to, 2 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2000))]
    pub reason: String,
}

/// Body of `POST …/issues/{number}/rectification-contact` and `…/rectification-result`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rectified {
    /// Version of the issue as read.
    pub version: i32,
    /// What was said or done, for the owner, 2 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2000))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/follow-up`: a call-back begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// Version of the issue as read.
    pub version: i32,
}

/// Body of `POST …/issues/{number}/archiving` and `…/reopening`: what the call-back
/// came to. Whoever was reached was asked all three questions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CallBack {
    /// Version of the issue as read.
    pub version: i32,
    /// Somebody of the enterprise was reached.
    pub reached: bool,
    /// Had the unit been in touch? (响应)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// Was it solved? (解决)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// How satisfied? (满意)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Level>,
    /// Needed to reopen (the owner reads it), and to archive what was not solved,
    /// not satisfying, or where nobody was reached; 2 to 1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub note: Option<String>,
}
