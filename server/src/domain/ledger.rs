//! What an entry of the tamper-evident log holds: the row as canonical JSON, in
//! which what persons wrote stands as a salted commitment. Erasing the salt makes
//! such a text unprovable, and leaves the tree as it is.

pub mod columns;
pub mod kind;
pub mod state;

use chrono::NaiveDateTime;
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use kind::{Kind, Made};
pub use state::State;

/// Set before every commitment, so that it can be taken for nothing else.
const PURPOSE: &str = "qiyema ledger v1";

/// The bytes of an entry: `{"columns":{…},"kind":"…"}`, keys in the order of their
/// bytes, no blanks, UTF-8. A personal column that is not null is replaced by
/// `{"commitment":"hex"}` of `SHA-256(purpose ‖ 0 ‖ salt ‖ 0 ‖ column ‖ 0 ‖ value)`.
#[must_use]
pub fn entry(kind: Kind, columns: &Map<String, Value>, salt: &str) -> Vec<u8> {
    let mut names: Vec<&String> = columns.keys().collect();
    names.sort();
    let mut text = String::from("{\"columns\":{");
    for (index, name) in names.into_iter().enumerate() {
        let value = columns.get(name).unwrap_or(&Value::Null);
        let shown = match value {
            Value::String(written) if kind.personal().contains(&&**name) => {
                format!("{{\"commitment\":\"{}\"}}", commitment(salt, name, written))
            }
            other => other.to_string(),
        };
        let comma = if index == 0 { "" } else { "," };
        text.extend([comma, &Value::from(&**name).to_string(), ":", &shown]);
    }
    text.extend(["},\"kind\":\"", kind.table(), "\"}"]);
    text.into_bytes()
}

fn commitment(salt: &str, column: &str, value: &str) -> String {
    let mut hash = Sha256::new();
    for part in [PURPOSE, salt, column] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(value);
    HEXLOWER.encode(&hash.finalize())
}

/// What stands for the words of an issue in what is written down of it after each step.
#[must_use]
pub fn words(number: &str, subject: &str, body: &str) -> String {
    let mut hash = Sha256::new();
    for part in [number, subject, body] {
        // The length before each, so that nothing moves from one to the next unseen.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    HEXLOWER.encode(&hash.finalize())
}

/// A moment as entries write it: in milliseconds, which is all that is ever written; of one that has more, all of it.
#[must_use]
pub fn moment(at: NaiveDateTime) -> String {
    let whole = at.and_utc().timestamp_subsec_nanos().is_multiple_of(1_000_000);
    at.format(if whole { "%Y-%m-%dT%H:%M:%S%.3fZ" } else { "%Y-%m-%dT%H:%M:%S%.9fZ" }).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kind, entry, moment};

    fn rating() -> serde_json::Map<String, serde_json::Value> {
        let row = json!({ "verdict": "bad", "id": "r1", "comment": "没人联系我", "level": null, "tags_version": 1 });
        row.as_object().unwrap().clone()
    }

    #[test]
    fn an_entry_has_one_form_and_holds_nothing_that_somebody_wrote() {
        let bytes = String::from_utf8(entry(Kind::Ratings, &rating(), "00ff")).unwrap();
        let start = r#"{"columns":{"comment":{"commitment":""#;
        let end = r#""},"id":"r1","level":null,"tags_version":1,"verdict":"bad"},"kind":"ratings"}"#;
        assert!(bytes.starts_with(start) && bytes.ends_with(end), "{bytes}");
        assert!(!bytes.contains("没人"));
        assert_ne!(bytes.as_bytes(), entry(Kind::Ratings, &rating(), "00fe"), "the salt counts");
        let mut other = rating();
        other["comment"] = json!("没人联系我。");
        assert_ne!(bytes.as_bytes(), entry(Kind::Ratings, &other, "00ff"), "the text counts");
    }

    #[test]
    fn what_is_finer_than_milliseconds_is_not_left_out() {
        let at = |text: &str| moment(text.parse().unwrap());
        assert_eq!(at("2026-11-25T02:00:00"), "2026-11-25T02:00:00.000Z");
        assert_eq!(at("2026-11-25T02:00:00.120"), "2026-11-25T02:00:00.120Z");
        assert_eq!(at("2026-11-25T02:00:00.1201"), "2026-11-25T02:00:00.120100000Z");
    }
}
