//! What people type with a verb, checked.

use super::super::Refused;
use crate::domain::text::Typed;

/// A note that is needed.
pub fn needed(field: &str, text: &str, most: usize) -> Result<String, Refused> {
    Typed::lines(field, text, 2, most).map(String::from).map_err(|fault| Refused::Invalid(vec![fault]))
}

/// A note of up to 500 characters that may be left out.
pub fn maybe(text: Option<&str>) -> Result<Option<String>, Refused> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => Typed::lines("note", text, 1, 500)
            .map(|typed| Some(typed.into()))
            .map_err(|fault| Refused::Invalid(vec![fault])),
    }
}
