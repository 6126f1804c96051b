//! From what an action refuses to what a caller is told.

use std::collections::BTreeMap;

use qiyema_protocol::problem::Problem;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};

use super::problem::{Code, Refusal};
use crate::{actions::Refused, secrets::password::PasswordError, store::StoreError};

/// What every route may answer instead of what was asked for, as the OpenAPI
/// document says it: `responses((status = 200, body = Board), Refusals)`.
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let refused = |says: &str| {
            let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
            let answer = ResponseBuilder::new().description(says);
            RefOr::T(answer.content("application/problem+json", problem).build())
        };
        BTreeMap::from([
            ("4XX".to_owned(), refused("Refused; branch on `code`")),
            ("503".to_owned(), refused("Busy; try again in a moment")),
        ])
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::CodeUnknown => Code::CodeUnknown,
            Refused::CodeRevoked => Code::CodeRevoked,
            Refused::CodeReplaced => Code::CodeReplaced,
            Refused::IssueUnknown => Code::IssueUnknown,
            Refused::EnterpriseUnknown | Refused::NotThere => Code::NotFound,
            Refused::RatingNotOpen => Code::RatingNotOpen,
            Refused::RatingClosed => Code::RatingClosed,
            Refused::AlreadyRated => Code::AlreadyRated,
            Refused::KeyReused => Code::IdempotencyKeyReused,
            Refused::PinWrong => Code::PinWrong,
            Refused::TooManyAttempts { retry_after } => {
                return Self::wait(Code::TooManyAttempts, retry_after);
            }
            Refused::DeviceUnknown => Code::DeviceUnknown,
            Refused::Unauthenticated => Code::Unauthenticated,
            Refused::Forbidden => Code::Forbidden,
            Refused::VersionConflict { .. } => Code::VersionConflict,
            Refused::Transition { .. } => Code::TransitionRefused,
            Refused::AskedAlready => Code::AskedAlready,
            Refused::NothingAsked => Code::NothingAsked,
            Refused::NothingToAdd => Code::NothingToAdd,
            Refused::NotContacted => Code::NotContacted,
            Refused::Invalid(fields) => return Self::fields(fields),
            Refused::EnterpriseExists => Code::EnterpriseExists,
            Refused::UsccUnconfirmed { .. } => Code::UsccUnconfirmed,
            Refused::ReferenceUnknown(_) => Code::UnknownReference,
            Refused::ReferenceTaken => Code::ReferenceTaken,
            Refused::UrgedAlready => Code::UrgedAlready,
            Refused::AppealedAlready => Code::AppealedAlready,
            Refused::AttachmentUnknown => Code::AttachmentUnknown,
            Refused::AttachmentsFull => Code::AttachmentsFull,
            Refused::Store(StoreError::Unsure) => Code::OutcomeUnknown,
            Refused::Store(error) if error.is_passing() => {
                tracing::warn!(%error, "the store is busy or cannot be reached");
                Code::Busy
            }
            Refused::Store(error) => {
                tracing::error!(%error, "the store failed");
                Code::Internal
            }
        };
        code.into()
    }
}

impl From<PasswordError> for Refusal {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Code::Busy.into(),
            PasswordError::Failed => Code::Internal.into(),
        }
    }
}

/// Logs what failed inside and says no more than that.
pub fn internal(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "a request failed");
    Code::Internal.into()
}
