//! From what an action refuses to what a caller is told.

use std::collections::BTreeMap;

use qiyema_protocol::{
    board::State,
    problem::{Change, Problem},
    text::Text,
    verb::Verb,
};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};

use super::problem::{Code, More, Refusal};
use crate::{actions::Refused, domain::workflow, secrets::password::PasswordError, store::StoreError};

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
            Refused::CodeSuspended => Code::CodeSuspended,
            Refused::CodeNotSuspended => Code::CodeNotSuspended,
            Refused::CountDiffers { found } => {
                let detail = Text::new(
                    format!("现在涉及{found}个企业码，与您确认的数目不符，请重新预览。"),
                    format!(
                        "{found} codes are concerned now, not as many as you confirmed. Look at the preview again."
                    ),
                );
                return Self::telling(Code::CountDiffers, More { detail: Some(detail), ..More::default() });
            }
            Refused::RunOver => Code::RunOver,
            Refused::ImportOver => Code::ImportOver,
            Refused::CodeReplaced => Code::CodeReplaced,
            Refused::IssueUnknown => Code::IssueUnknown,
            Refused::EnterpriseUnknown | Refused::NotThere => Code::NotFound,
            Refused::SecondFactorRequired => Code::SecondFactorRequired,
            Refused::EnrolmentRequired => Code::EnrolmentRequired,
            Refused::SecondFactorWrong => Code::SecondFactorWrong,
            Refused::AlreadyEnrolled => Code::AlreadyEnrolled,
            Refused::LinkDead => Code::LinkDead,
            Refused::LastAdministrator => Code::LastAdministrator,
            Refused::OwnAccount => Code::OwnAccount,
            Refused::UsernameTaken => Code::UsernameTaken,
            Refused::InUse => Code::InUse,
            Refused::RatingNotOpen => Code::RatingNotOpen,
            Refused::RatingClosed => Code::RatingClosed,
            Refused::AlreadyRated => Code::AlreadyRated,
            Refused::KeyReused => Code::IdempotencyKeyReused,
            Refused::LetterPrinted => Code::LetterPrinted,
            Refused::PinNotPrintable => Code::PinNotPrintable,
            Refused::PinWrong => Code::PinWrong,
            Refused::TooManyAttempts { retry_after } => {
                return Self::wait(Code::TooManyAttempts, retry_after);
            }
            Refused::DeviceUnknown => Code::DeviceUnknown,
            Refused::Unauthenticated => Code::Unauthenticated,
            Refused::Forbidden => Code::Forbidden,
            Refused::VersionConflict { current, changes } => return changed(current, changes),
            Refused::Transition { from, legal } => return impossible(from, legal),
            Refused::AnotherOfficer => Code::AnotherOfficer,
            Refused::OwnWork(detail) => {
                return Self::telling(Code::AnotherOfficer, More { detail: Some(detail), ..More::default() });
            }
            Refused::Unmet(detail) => {
                return Self::telling(Code::RuleUnmet, More { detail: Some(detail), ..More::default() });
            }
            Refused::UrgedAlready => Code::UrgedAlready,
            Refused::AppealedAlready => Code::AppealedAlready,
            Refused::AskedAlready => Code::AskedAlready,
            Refused::NothingAsked => Code::NothingAsked,
            Refused::NothingToAdd => Code::NothingToAdd,
            Refused::NotContacted => Code::NotContacted,
            Refused::Invalid(fields) => return Self::fields(fields),
            Refused::EnterpriseExists => Code::EnterpriseExists,
            Refused::UsccUnconfirmed { .. } => Code::UsccUnconfirmed,
            Refused::ReferenceUnknown(_) => Code::UnknownReference,
            Refused::ReferenceTaken => Code::ReferenceTaken,
            Refused::AttachmentUnknown => Code::AttachmentUnknown,
            Refused::AttachmentsFull => Code::AttachmentsFull,
            Refused::Store(StoreError::Unsure) => Code::OutcomeUnknown,
            Refused::Store(error) if error.is_passing() => {
                tracing::warn!(%error, "the store is busy or cannot be reached");
                return Self::wait(Code::Busy, 5);
            }
            Refused::Store(error) => {
                tracing::error!(%error, "the store failed");
                Code::Internal
            }
        };
        code.into()
    }
}

/// Names what is possible instead.
fn impossible(from: State, legal: Vec<Verb>) -> Refusal {
    let state = workflow::owner_sentence(from);
    let names: Vec<Text> = legal.iter().copied().map(workflow::verb_name).collect();
    let zh: Vec<&str> = names.iter().map(|name| &*name.zh).collect();
    let en: Vec<&str> = names.iter().map(|name| &*name.en).collect();
    let detail = if legal.is_empty() {
        Text::new(
            format!("当前状态为“{}”，流程已结束。", state.zh),
            format!("The state is “{}”; nothing follows it.", state.en),
        )
    } else {
        Text::new(
            format!("当前状态为“{}”，不能进行此操作；可以：{}。", state.zh, zh.join("、")),
            format!("Not possible in the state “{}”. Possible: {}.", state.en, en.join(", ")),
        )
    };
    Refusal::telling(Code::TransitionRefused, More { detail: Some(detail), legal, ..More::default() })
}

/// Names what somebody else did meanwhile.
fn changed(current: i32, changes: Vec<Change>) -> Refusal {
    let zh: Vec<String> = changes.iter().map(|one| format!("{}：{}", one.by, one.what.zh)).collect();
    let en: Vec<String> = changes.iter().map(|one| format!("{}: {}", one.by, one.what.en)).collect();
    let detail = (!changes.is_empty()).then(|| {
        Text::new(
            format!("您查看之后已有更新（{}）。请核对后再试。", zh.join("；")),
            format!("Changed since you read it ({}). Look again and retry.", en.join("; ")),
        )
    });
    Refusal::telling(
        Code::VersionConflict,
        More { detail, changes, version: Some(current), ..More::default() },
    )
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
