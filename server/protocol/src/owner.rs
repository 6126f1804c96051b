//! Wire types of what an owner does after the PIN (`/api/v1/scans/{seal}/issues/…`).

use serde::{Deserialize, Serialize};

use crate::{board::State, intake::Contact, text::Text};

/// Body of `POST /api/v1/scans/{seal}/issues`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOwnerIssue {
    /// Category id, see `GET /api/v1/scans/{seal}/categories`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub category: String,
    /// Subject, 2 to 80 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 80))]
    pub subject: String,
    /// Full text, 2 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 4000))]
    pub body: String,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// Body of `POST …/supplement`, `…/facts`, `…/objection`, `…/appeal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnerText {
    /// What the owner says, 2 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2000))]
    pub text: String,
}

/// Body of `POST …/urging`, `…/withdrawal`: a word may be added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnerNote {
    /// Up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub text: Option<String>,
}

/// What an owner's deed came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerDone {
    /// Number of the issue.
    pub number: String,
    /// Its state now.
    pub state: State,
    /// The state in words.
    pub state_text: Text,
    /// What was done, in words.
    pub message: Text,
}

/// What an owner may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerChoices {
    /// Categories.
    pub categories: Vec<crate::staff::Choice>,
}
