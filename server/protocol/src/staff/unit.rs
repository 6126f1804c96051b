//! Bodies of the verbs of the units that work on an issue, and of the rulings on
//! what a unit asks for.

use serde::{Deserialize, Serialize};

use crate::board::ExtensionReason;

/// Body of `POST …/issues/{number}/assignment` (交办).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// Version of the issue as read.
    pub version: i32,
    /// Lead unit id.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub unit: String,
    /// Handler's user name; must act for the unit. Without one, the unit's
    /// administrator names one when signing. The office follows from the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub handler: Option<String>,
    /// Ids of assisting units, at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub assisting: Vec<String>,
}

/// Body of `POST …/issues/{number}/signature` (签收).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignFor {
    /// Version of the issue as read.
    pub version: i32,
    /// Who will handle it, by user name; a unit's administrator may name somebody,
    /// a handler signs for himself. Default: whoever was named already, or the signer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub handler: Option<String>,
}

/// Body of `POST …/issues/{number}/contact` (联系企业).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// Version of the issue as read.
    pub version: i32,
    /// What the enterprise was told; it reads this, 2 to 1000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 1000))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/handover` (更换承办人).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// Version of the issue as read.
    pub version: i32,
    /// The new handler's user name.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub handler: String,
    /// Why, for staff, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// Body of `POST …/issues/{number}/return` (申请退单).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestReturn {
    /// Version of the issue as read.
    pub version: i32,
    /// Why it is not this unit's, for the dispatcher, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub reason: String,
    /// Unit that should have it instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub unit: Option<String>,
}

/// How a request is ruled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// 同意
    Granted,
    /// 不同意
    Refused,
}

/// Body of `POST …/issues/{number}/return-ruling` (退单审定). It is final.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleReturn {
    /// Version of the issue as read.
    pub version: i32,
    /// Granted: another unit has it from now on. Refused: it stays where it was.
    pub decision: Decision,
    /// Granted: the unit that has it from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub unit: Option<String>,
    /// Granted: the handler there, by user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub handler: Option<String>,
    /// Why, for the units, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/extension-request` (申请延期).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestExtension {
    /// Version of the issue as read.
    pub version: i32,
    /// Working days to add, 1 to 10 unless the centre set another limit.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub working_days: u32,
    /// Reason; the owner sees it if it is granted.
    pub reason: ExtensionReason,
    /// Details for the centre, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// Body of `POST …/issues/{number}/extension-refusal` (不同意延期).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefuseExtension {
    /// Version of the issue as read.
    pub version: i32,
    /// Why, for the unit, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/assisting-unit` (增加协办单位).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddAssisting {
    /// Version of the issue as read.
    pub version: i32,
    /// Unit id.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub unit: String,
    /// What is wanted of it, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// Body of `POST …/issues/{number}/assistance` (协办答复), once for each time it was asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assist {
    /// Version of the issue as read.
    pub version: i32,
    /// The answer, for the lead unit, 2 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2000))]
    pub reply: String,
}
