//! Tables that change and decide rights or figures: their rows are in no log, so what each says after a deed is written
//! down (`state_facts`), which is. Which columns are written down, what names a row, and what stands as a hash.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::columns::Form::{self, Day, Flag, Moment, Number, Text};

/// Set before every hash, so that it can be taken for nothing else.
const PURPOSE: &str = "qiyema state v1";

/// A table whose rows are held against what was written down of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Settings changed at run time.
    Settings,
    /// The calendar.
    Workdays,
    /// People.
    Staff,
    /// Who may do what.
    StaffRoles,
    /// Further units that people act for; of leaders, those they are in charge of.
    StaffUnits,
    /// Where mail reaches people.
    StaffMail,
    /// Units.
    Units,
    /// Offices.
    Offices,
    /// Categories, with their grades and limits.
    Categories,
    /// Channels.
    Channels,
    /// Units that assist with issues.
    AssistingUnits,
    /// Requests without a ruling.
    WaitingRequests,
    /// Whom to call about an issue, and who gets the link to rate.
    IssueContacts,
    /// Systems that are told what happened.
    Webhooks,
    /// Whether they carry links to rate.
    WebhookLinks,
    /// Tokens of channel systems.
    ApiTokens,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Settings,
        Self::Workdays,
        Self::Staff,
        Self::StaffRoles,
        Self::StaffUnits,
        Self::StaffMail,
        Self::Units,
        Self::Offices,
        Self::Categories,
        Self::Channels,
        Self::AssistingUnits,
        Self::WaitingRequests,
        Self::IssueContacts,
        Self::Webhooks,
        Self::WebhookLinks,
        Self::ApiTokens,
    ];

    /// The table.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Workdays => "workdays",
            Self::Staff => "staff",
            Self::StaffRoles => "staff_roles",
            Self::StaffUnits => "staff_units",
            Self::StaffMail => "staff_mail",
            Self::Units => "units",
            Self::Offices => "offices",
            Self::Categories => "categories",
            Self::Channels => "channels",
            Self::AssistingUnits => "assisting_units",
            Self::WaitingRequests => "waiting_requests",
            Self::IssueContacts => "issue_contacts",
            Self::Webhooks => "webhooks",
            Self::WebhookLinks => "webhook_links",
            Self::ApiTokens => "api_tokens",
        }
    }

    /// The columns that name a row; of several, the name is their values with `/` between.
    #[must_use]
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Self::Settings => &["key"],
            Self::Workdays => &["day"],
            Self::StaffRoles => &["staff_id", "role"],
            Self::StaffUnits => &["staff_id", "unit_id"],
            Self::StaffMail => &["staff_id"],
            Self::AssistingUnits => &["assignment_id"],
            Self::WaitingRequests => &["request_id"],
            Self::IssueContacts => &["issue_id"],
            _ => &["id"],
        }
    }

    /// The columns that are written down. One that is added to a table later is added here: facts of before do not
    /// know it, and cover all but that.
    // A line a table, as in the schema.
    #[rustfmt::skip]
    #[must_use]
    pub const fn columns(self) -> &'static [(&'static str, Form)] {
        match self {
            Self::Settings => &[("key", Text), ("value", Text), ("set_at", Moment), ("set_by", Text)],
            Self::Workdays => &[("day", Day), ("kind", Text), ("status", Text)],
            Self::Staff => &[("id", Text), ("username", Text), ("name", Text), ("post", Text), ("office_id", Text), ("created_at", Moment), ("disabled_at", Moment)],
            Self::StaffRoles => &[("staff_id", Text), ("role", Text)],
            Self::StaffUnits => &[("staff_id", Text), ("unit_id", Text)],
            Self::StaffMail => &[("staff_id", Text), ("address", Text), ("set_at", Moment), ("set_by", Text)],
            Self::Units => &[("id", Text), ("name_zh", Text), ("name_en", Text), ("position", Number), ("closed_at", Moment)],
            Self::Offices => &[("id", Text), ("unit_id", Text), ("name_zh", Text), ("name_en", Text), ("phone", Text), ("position", Number), ("closed_at", Moment)],
            Self::Categories => &[("id", Text), ("name_zh", Text), ("name_en", Text), ("grade", Text), ("limit_working_days", Number), ("limit_hours", Number), ("lead_unit_id", Text), ("position", Number), ("parent_id", Text), ("retired_at", Moment)],
            Self::Channels => &[("id", Text), ("name_zh", Text), ("name_en", Text), ("position", Number), ("retired_at", Moment)],
            Self::AssistingUnits => &[("assignment_id", Text), ("enterprise_id", Text), ("issue_id", Text), ("unit_id", Text), ("is_open", Flag)],
            Self::WaitingRequests => &[("request_id", Text), ("enterprise_id", Text), ("issue_id", Text)],
            Self::IssueContacts => &[("issue_id", Text), ("enterprise_id", Text), ("name", Text), ("phone", Text), ("email", Text)],
            Self::Webhooks => &[("id", Text), ("name", Text), ("url", Text), ("kinds", Text), ("turn", Number), ("made_at", Moment), ("made_by", Text), ("paused_at", Moment), ("removed_at", Moment)],
            Self::WebhookLinks => &[("id", Text), ("webhook_id", Text), ("deed", Text), ("at", Moment), ("by", Text)],
            Self::ApiTokens => &[("id", Text), ("name", Text), ("token_hash", Text), ("scopes", Text), ("channel_id", Text), ("made_at", Moment), ("made_by", Text), ("expires_at", Moment), ("revoked_at", Moment)],
        }
    }

    /// Columns that are not written down, because they move without a deed or are secrets (docs/ledger.md).
    #[must_use]
    pub const fn left_out(self) -> &'static [&'static str] {
        match self {
            Self::Staff => &["password_hash"],
            Self::ApiTokens => &["last_used_on"],
            _ => &[],
        }
    }

    /// Columns that stand as a hash: they are personal, or may hold a secret, and a fact is never taken away.
    #[must_use]
    pub const fn hashed(self) -> &'static [&'static str] {
        match self {
            Self::IssueContacts => &["name", "phone", "email"],
            Self::StaffMail => &["address"],
            Self::Webhooks => &["url"],
            Self::ApiTokens => &["token_hash"],
            _ => &[],
        }
    }

    /// What a fact says of a row: its columns as JSON, names in the order of their bytes, no blanks.
    #[must_use]
    pub fn content(self, key: &str, columns: &Map<String, Value>) -> String {
        let shown = |(name, value): (&String, &Value)| {
            let value = match value {
                Value::Null => Value::Null,
                Value::String(text) if self.hashed().contains(&&**name) => self.hash(key, name, text),
                Value::Object(_) if self.hashed().contains(&&**name) => json!({ "unreadable": true }),
                other => other.clone(),
            };
            (name.clone(), value)
        };
        let all: BTreeMap<String, Value> = columns.iter().map(shown).collect();
        json!(all).to_string()
    }

    /// Whether what a row says (in the form of a fact) is what a fact says. A column that the fact does not know came
    /// later; the facts are in the log, so that nobody takes one out.
    #[must_use]
    pub fn agrees(self, said: &str, fact: &str) -> bool {
        let read = |text| serde_json::from_str::<Map<String, Value>>(text).ok();
        let (Some(said), Some(fact)) = (read(said), read(fact)) else { return false };
        let known = |name: &&String| self.columns().iter().any(|(column, _)| column == name);
        let mut names = fact.keys().filter(known).peekable();
        names.peek().is_some() && names.all(|name| said.get(name) == fact.get(name))
    }

    /// Bound to its row and column, so that equal values are not seen to be equal.
    fn hash(self, key: &str, column: &str, value: &str) -> Value {
        let mut hash = Sha256::new();
        for part in [PURPOSE, self.table(), key, column] {
            hash.update(part);
            hash.update([0]);
        }
        hash.update(value);
        json!({ "hash": HEXLOWER.encode(&hash.finalize()) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::State;

    fn row(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_is_personal_stands_as_a_hash_of_its_own_row() {
        let contact = row(&json!({ "issue_id": "i", "phone": "13800000000", "email": null }));
        let said = State::IssueContacts.content("i", &contact);
        assert!(said.starts_with(r#"{"email":null,"issue_id":"i","phone":{"hash":""#), "{said}");
        assert!(!said.contains("138"));
        assert_ne!(said, State::IssueContacts.content("j", &contact));
    }

    #[test]
    fn a_column_that_came_later_is_not_held_against_an_older_fact() {
        let unit = |value: Value| State::Units.content("u", &row(&value));
        let fact = unit(json!({ "id": "u", "name_zh": "水务局" }));
        assert!(State::Units.agrees(&unit(json!({ "id": "u", "name_zh": "水务局", "position": 3 })), &fact));
        assert!(!State::Units.agrees(&unit(json!({ "id": "u", "name_zh": "供水局", "position": 3 })), &fact));
        assert!(!State::Units.agrees(&unit(json!({ "id": "u", "position": 3 })), &fact));
        for nothing in ["", "{}", "null", r#"{"other":1}"#] {
            assert!(!State::Units.agrees(&fact, nothing), "{nothing}");
        }
    }

    #[test]
    fn each_table_has_its_key_and_what_is_hashed_among_its_columns() {
        for state in State::ALL {
            let has = |name: &&str| state.columns().iter().any(|(column, _)| column == name);
            assert!(state.key().iter().all(&has), "{state:?}");
            assert!(state.hashed().iter().all(&has), "{state:?}");
            assert!(!state.left_out().iter().any(has), "{state:?}");
        }
    }
}
