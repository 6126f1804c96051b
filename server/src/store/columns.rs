//! How values stand in columns: enums as their snake_case word, moments as UTC
//! without a zone. One generic pair serves every enum.

use chrono::NaiveDateTime;
use diesel::result::{Error, QueryResult};
use serde::{Deserialize, Serialize, de::IntoDeserializer};

use crate::clock::Timestamp;

/// The word of a unit variant, as serde names it.
pub fn word<E: Serialize>(value: E) -> QueryResult<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::SerializationError("an enum column holds one word".into())),
    }
}

/// The unit variant of a word; an unknown word is a fault of the database, not of the user.
pub fn unword<'de, E: Deserialize<'de>>(word: &'de str) -> QueryResult<E> {
    let reader: serde::de::value::StrDeserializer<'de, serde::de::value::Error> = word.into_deserializer();
    E::deserialize(reader).map_err(|error| Error::DeserializationError(error.to_string().into()))
}

/// A moment as it stands in a column.
#[must_use]
pub fn column(at: Timestamp) -> NaiveDateTime {
    at.naive_utc()
}

/// A moment as read from a column.
#[must_use]
pub fn moment(at: NaiveDateTime) -> Timestamp {
    at.and_utc()
}
