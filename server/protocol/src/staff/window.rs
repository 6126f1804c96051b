//! Bodies of the verbs at the window: what it answers itself, and what it does
//! for an owner who telephones.

use serde::{Deserialize, Serialize};

/// Why an issue is not accepted. A list, so that it can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// 不属于涉企问题受理范围
    OutOfScope,
    /// 应当通过诉讼、仲裁、行政复议等法定途径解决
    LegalRoute,
    /// 已由其他渠道或机关受理
    HandledElsewhere,
    /// 与已受理的问题重复
    Duplicate,
    /// 已有终结性结论,无新的事实和理由
    Concluded,
    /// 内容不清,且补充后仍无法核实
    Unclear,
}

impl RejectReason {
    /// All reasons, in the order offered.
    pub const ALL: [Self; 6] = [
        Self::OutOfScope,
        Self::LegalRoute,
        Self::HandledElsewhere,
        Self::Duplicate,
        Self::Concluded,
        Self::Unclear,
    ];
}

/// Body of `POST …/issues/{number}/rejection` (不予受理).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// Version of the issue as read.
    pub version: i32,
    /// Why.
    pub reason: RejectReason,
    /// Where the matter belongs, for the owner, 2 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 100))]
    pub right_channel: String,
    /// Explanation for the owner, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/supplement-request` (要求补充材料).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskSupplement {
    /// Version of the issue as read.
    pub version: i32,
    /// What is missing, for the owner, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub note: String,
}

/// Body of `POST …/issues/{number}/reclassification` (更正类别), before a unit has the issue. Where the issue was
/// accepted and the other category has another limit, the promise is counted again from the acceptance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reclassify {
    /// Version of the issue as read.
    pub version: i32,
    /// The category that it has from now on.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub category: String,
    /// Why, for the owner, 2 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 500))]
    pub reason: String,
}

/// Body of `…/supplement`, `…/appeal` and `…/facts`: what the owner said on the telephone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OnBehalf {
    /// Version of the issue as read.
    pub version: i32,
    /// The owner's words, 2 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2000))]
    pub note: String,
}

/// Body of `…/withdrawal`: why the owner takes the issue back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawOnBehalf {
    /// Version of the issue as read.
    pub version: i32,
    /// The owner's words, 2 to 500 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 2, max_length = 500))]
    pub note: String,
}

/// Body of `…/urging`: the owner's words, and none are needed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WishOnBehalf {
    /// Version of the issue as read.
    pub version: i32,
    /// The owner's words, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// Body of `POST …/issues/{number}/merger` (并案).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Version of the issue as read.
    pub version: i32,
    /// Number of the open issue that this one follows from now on.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub parent: String,
    /// Why, for staff, 2 to 500 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 2, max_length = 500))]
    pub note: String,
}
