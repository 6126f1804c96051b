//! The rows of issues change with every step and are in no log; each is held against
//! what was written down of it after its last step, which is.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::verify::{Fault, Found};
use crate::{
    actions::Refused,
    domain::ledger::words,
    store::{
        connection::Db,
        ledger::rows::{self, Beside},
    },
};

/// Names each issue whose row is not what its newest fact says.
pub(super) fn beside_facts(db: &mut Db, found: &mut BTreeSet<Found>) -> Result<(), Refused> {
    let mut name = |row: String, fault| {
        found.insert(Found { table: "issues".to_owned(), row, fault });
    };
    rows::issues(db, &mut |Beside { id, row, fact }| match fact {
        None => name(id, Fault::Added),
        Some(fact) if !agrees(&row, &fact) => name(id, Fault::Altered),
        Some(_) => {}
    })?;
    let (gone, changed) = rows::misfits(db)?;
    for issue in gone {
        name(issue, Fault::Missing);
    }
    // A step that was taken since has not made the change its own.
    for issue in changed {
        name(issue, Fault::Altered);
    }
    Ok(())
}

fn agrees(row: &Map<String, Value>, fact: &Map<String, Value>) -> bool {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let own = match (text("number"), text("subject"), text("body")) {
        (Some(number), Some(subject), Some(body)) => words(number, subject, body),
        _ => return false,
    };
    let kept = fact.get("words").and_then(Value::as_str);
    // As bytes: the database may have been told to take one name for another.
    if fact.get("issue_id") != row.get("id") {
        return false;
    }
    let same = |(name, value): (&String, &Value)| {
        matches!(&**name, "id" | "issue_id" | "fits" | "words")
            || (row.get(name) == Some(value) && !value.is_object())
    };
    // Only the facts that an upgrade made, which bear the name of their issue, know no words.
    let made_up = || fact.get("id").is_some() && fact.get("id") == fact.get("issue_id");
    kept.is_some_and(|kept| kept == own || (kept.is_empty() && made_up())) && fact.iter().all(same)
}
