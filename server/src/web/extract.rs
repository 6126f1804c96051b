//! How a body, a path, a query or a form is read; what cannot be read is refused
//! in the words of the one table, never in the framework's.

use actix_web::{
    error::{InternalError, JsonPayloadError, UrlencodedError},
    web::{FormConfig, JsonConfig, PathConfig, PayloadConfig, QueryConfig},
};
use qiyema_protocol::{problem::FieldProblem, text::Text};

use super::problem::{Code, Refusal};

/// JSON bodies.
#[must_use]
pub fn json(limit: usize) -> JsonConfig {
    JsonConfig::default().limit(limit).error_handler(|error, _| {
        match error {
            JsonPayloadError::ContentType => Refusal::from(Code::UnsupportedMediaType),
            JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
                Code::PayloadTooLarge.into()
            }
            JsonPayloadError::Deserialize(cause) if cause.is_data() => misfit(&cause.to_string()),
            _ => Code::MalformedBody.into(),
        }
        .into()
    })
}

/// HTML forms.
#[must_use]
pub fn form(limit: usize) -> FormConfig {
    FormConfig::default().limit(limit).error_handler(|error, _| {
        match error {
            UrlencodedError::ContentType => Refusal::from(Code::UnsupportedMediaType),
            UrlencodedError::Overflow { .. } => Code::PayloadTooLarge.into(),
            UrlencodedError::Parse(cause) => misfit(&cause.to_string()),
            _ => Code::MalformedBody.into(),
        }
        .into()
    })
}

/// Query strings.
#[must_use]
pub fn query() -> QueryConfig {
    QueryConfig::default().error_handler(|error, _| misfit(&error.to_string()).into())
}

/// Path segments: one that does not parse names nothing.
#[must_use]
pub fn path() -> PathConfig {
    PathConfig::default().error_handler(|_, _| {
        InternalError::from_response("path", Refusal::from(Code::NotFound).respond(None)).into()
    })
}

/// Raw bodies.
#[must_use]
pub fn payload(limit: usize) -> PayloadConfig {
    PayloadConfig::new(limit)
}

/// Serde names the field between back-ticks, if it knows it.
fn misfit(message: &str) -> Refusal {
    let field = message.split('`').nth(1).unwrap_or_default().to_owned();
    let detail = Text::new(
        "字段缺失、多余或类型不符。",
        "This field is missing, not known here, or of the wrong type.",
    );
    Refusal::fields(vec![FieldProblem { field, detail }])
}
