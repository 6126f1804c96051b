//! What an entry of the tamper-evident log holds: the row as canonical JSON, in
//! which what persons wrote stands as a salted commitment. Erasing the salt makes
//! such a text unprovable, and leaves the tree as it is.

use chrono::{NaiveDateTime, TimeDelta};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Set before every commitment, so that it can be taken for nothing else.
const PURPOSE: &str = "qiyema ledger v1";

/// A kind of row that is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What happened to issues, enterprises and codes.
    Events,
    /// Ratings.
    Ratings,
    /// Why reviewers should look at ratings.
    Flags,
    /// Closures: who is judged by the ratings.
    Closures,
    /// Grade and leader, frozen with closures.
    ClosureFacts,
    /// Who was responsible.
    Assignments,
    /// Grade and leader, frozen with assignments of lead units.
    AssignmentFacts,
    /// Promises that were moved.
    Extensions,
    /// Promises that a calendar still had to confirm.
    Promises,
    /// Call-backs: what enterprises answered.
    CallBacks,
    /// Appeals against ratings.
    Appeals,
    /// What single people decided on them.
    Decisions,
    /// What came of them: what leaves a rating out.
    Outcomes,
    /// How codes ended: revoked, or replaced by others.
    Endings,
    /// Codes that were suspended.
    Suspensions,
    /// Suspensions that ended.
    Resumptions,
    /// Deeds of administration: people and roles, calendar, settings.
    Administration,
}

impl Kind {
    /// All of them, in the order in which they are entered.
    pub const ALL: [Self; 17] = [
        Self::Events,
        Self::Closures,
        Self::Ratings,
        Self::Flags,
        Self::Assignments,
        Self::Extensions,
        Self::Promises,
        Self::CallBacks,
        Self::ClosureFacts,
        Self::AssignmentFacts,
        Self::Appeals,
        Self::Decisions,
        Self::Outcomes,
        Self::Endings,
        Self::Suspensions,
        Self::Resumptions,
        Self::Administration,
    ];

    /// The table, which names the kind in the log.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Ratings => "ratings",
            Self::Flags => "rating_flags",
            Self::Closures => "closures",
            Self::ClosureFacts => "closure_facts",
            Self::Assignments => "assignments",
            Self::AssignmentFacts => "assignment_facts",
            Self::Extensions => "extensions",
            Self::Promises => "promises",
            Self::CallBacks => "follow_ups",
            Self::Appeals => "rating_appeals",
            Self::Decisions => "appeal_decisions",
            Self::Outcomes => "appeal_outcomes",
            Self::Endings => "code_endings",
            Self::Suspensions => "code_suspensions",
            Self::Resumptions => "code_resumptions",
            Self::Administration => "admin_events",
        }
    }

    /// The kind of a table.
    #[must_use]
    pub fn of(table: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.table() == table)
    }

    /// Whether rows are named by ids that begin with the time they were made at: their own, or those of the rows that
    /// they are written with. Others are named by what they are about and are found by their moment.
    #[must_use]
    pub const fn has_own_id(self) -> bool {
        !matches!(self, Self::Outcomes | Self::Endings | Self::Resumptions)
    }

    /// Columns that persons wrote in.
    #[must_use]
    pub const fn personal(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["note", "detail"],
            Self::Ratings => &["comment"],
            Self::Closures => &["reply"],
            Self::Assignments
            | Self::AssignmentFacts
            | Self::ClosureFacts
            | Self::Flags
            | Self::Promises
            | Self::Outcomes
            | Self::Resumptions => &[],
            Self::Appeals | Self::Decisions | Self::Endings | Self::Suspensions => &["reason"],
            Self::Extensions | Self::CallBacks => &["note"],
            Self::Administration => &["detail"],
        }
    }
}

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

/// A moment as entries write it.
#[must_use]
pub fn moment(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The moment this long before one; of what is no moment, the beginning of all.
#[must_use]
pub fn earlier(text: &str, milliseconds: u64) -> String {
    let back = i64::try_from(milliseconds).map_or(TimeDelta::MAX, TimeDelta::milliseconds);
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.fZ").ok();
    parsed.and_then(|at| at.checked_sub_signed(back)).map_or_else(String::new, moment)
}

/// The smallest id that a row made this long before `id` can have: ids are
/// UUIDv7, which begin with the milliseconds since 1970. An id of another form
/// gives the beginning of all.
#[must_use]
pub fn before(id: &str, milliseconds: u64) -> String {
    let digits: String = id.chars().filter(|c| *c != '-').take(12).collect();
    let Ok(at) = u64::from_str_radix(&digits, 16) else { return String::new() };
    let earlier = format!("{:012x}", at.saturating_sub(milliseconds));
    let (first, second) = earlier.split_at(8.min(earlier.len()));
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kind, before, earlier, entry};

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
    fn an_earlier_moment_is_written_as_the_later_one_was() {
        let at = "2026-11-25T02:00:00.000Z";
        assert_eq!(earlier(at, 0), at);
        assert_eq!(earlier(at, 1), "2026-11-25T01:59:59.999Z");
        assert_eq!(earlier("", 5), "");
    }

    #[test]
    fn an_earlier_id_is_found_by_the_time_in_it() {
        let id = "01a21290-f51e-76f7-b59f-46684b6983ea";
        assert_eq!(before(id, 0), "01a21290-f51e");
        assert_eq!(before(id, 0x1_0000), "01a2128f-f51e".to_owned());
        assert!(*before(id, 1) < *id && *before(id, 1) > *"01a21290-f51c");
        assert_eq!(before("x", 5), "");
    }
}
