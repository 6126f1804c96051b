//! Reading the audit trail: auditors and administrators, nobody else. Reading
//! changes nothing, not even the trail.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    Refused, Rules,
    rights::{Actor, Area, Deed},
};
use crate::{
    clock::Timestamp,
    domain::{event::Kind, window},
    store::{
        audit::{self, Wanted},
        columns::{column, moment, unword, word},
        connection::Db,
        desk,
    },
};

/// Which records.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Of this issue.
    pub number: Option<String>,
    /// By the person of this user name.
    pub username: Option<String>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Of this local day.
    pub day: Option<NaiveDate>,
    /// After the record of this moment and id.
    pub after: Option<(Timestamp, String)>,
}

/// A record as read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Record {
    pub id: String,
    pub at: Timestamp,
    pub kind: Kind,
    /// Full name, or `owner`, `clock`, `demo`.
    pub by: String,
    /// Number of the issue.
    pub number: Option<String>,
    /// Name of the enterprise, for records about one.
    pub enterprise: Option<String>,
    pub state: Option<String>,
    pub note: Option<String>,
    pub detail: String,
    pub seq: i32,
}

/// The key of a page as it stands in an address; a broken one is the first page.
#[must_use]
pub fn key(text: &str) -> Option<(Timestamp, String)> {
    let (micros, id) = text.split_once('.')?;
    let plain = id.len() <= 40 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let at = chrono::DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    plain.then(|| (at, id.to_owned()))
}

/// The key of the page after this record.
#[must_use]
pub fn key_text(record: &Record) -> String {
    format!("{}.{}", record.at.timestamp_micros(), record.id)
}

/// A page of records, and whether there are more.
pub fn page(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    most: usize,
    rules: &Rules,
) -> Result<(Vec<Record>, bool), Refused> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let mut wanted = Wanted { kind: ask.kind.map(word).transpose()?, ..Wanted::default() };
    if let Some(number) = &ask.number {
        let Some(subject) = audit::issue(db, number)? else { return Ok((Vec::new(), false)) };
        wanted.subject = Some(subject);
    }
    if let Some(username) = &ask.username {
        let Some(person) = audit::person(db, username)? else { return Ok((Vec::new(), false)) };
        wanted.by = Some(person);
    }
    if let Some(day) = ask.day {
        let next = day.succ_opt().unwrap_or(day);
        wanted.time =
            (Some(column(window::start(day, rules.zone))), Some(column(window::start(next, rules.zone))));
    }
    let key = ask.after.as_ref().map(|(at, id)| (column(*at), id.clone()));
    let limit = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = audit::page(db, &wanted, key.as_ref(), limit)?;
    let more = rows.len() > most;
    rows.truncate(most);
    let mut subjects: Vec<String> = rows.iter().map(|row| row.subject_id.clone()).collect();
    let mut people: Vec<String> = rows.iter().map(|row| row.by.clone()).collect();
    for list in [&mut subjects, &mut people] {
        list.sort_unstable();
        list.dedup();
    }
    let numbers: HashMap<_, _> = audit::numbers(db, &subjects)?.into_iter().collect();
    let names: HashMap<_, _> = audit::names(db, &subjects)?.into_iter().collect();
    let people: HashMap<_, _> = desk::staff_names(db, people)?.into_iter().collect();
    let records = rows.into_iter().map(|row| {
        Ok(Record {
            kind: unword(&row.kind)?,
            at: moment(row.at),
            by: people.get(&row.by).cloned().unwrap_or(row.by),
            number: numbers.get(&row.subject_id).cloned(),
            enterprise: names.get(&row.subject_id).cloned(),
            id: row.id,
            state: row.state,
            note: row.note,
            detail: row.detail,
            seq: row.seq,
        })
    });
    Ok((records.collect::<Result<_, Refused>>()?, more))
}
