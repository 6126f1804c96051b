//! Reading the audit trail of issues: auditors, nobody else, since it holds the words
//! of enterprises. Reading changes nothing, not even the trail.

pub mod names;

use std::collections::HashMap;

use chrono::NaiveDate;
use qiyema_protocol::problem::FieldProblem;

use super::{
    Refused, Rules,
    rights::{Actor, Deed},
};
use crate::{
    clock::Timestamp,
    domain::{event::Kind, text::problem, window},
    store::{
        audit::{self, Wanted},
        columns::{column, moment, unword, word},
        connection::Db,
    },
};
use names::Names;

/// Which records.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Of this issue.
    pub number: Option<String>,
    /// By the person of this user name.
    pub username: Option<String>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// From this local day on.
    pub from: Option<NaiveDate>,
    /// Up to this one, which is included.
    pub to: Option<NaiveDate>,
    /// After the record of this moment and id.
    pub after: Option<(Timestamp, String)>,
}

/// What was asked for, as it stands in an address.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "the fields of `Ask`")]
pub struct Asked<'a> {
    pub number: Option<&'a str>,
    pub username: Option<&'a str>,
    pub kind: Option<&'a str>,
    /// Both ends at once.
    pub day: Option<&'a str>,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    pub after: Option<&'a str>,
}

impl Ask {
    /// Reads what was asked for. What cannot be read is named with the remedy: it never
    /// stands for everything.
    pub fn read(asked: Asked<'_>) -> Result<Self, Vec<FieldProblem>> {
        let filled = |value: Option<&str>| {
            value.map(str::trim).filter(|value| !value.is_empty()).map(ToOwned::to_owned)
        };
        let mut faults = Vec::new();
        let (number, username) = (filled(asked.number), filled(asked.username));
        for (field, value) in [("number", &number), ("username", &username)] {
            if value.as_ref().is_some_and(|value| value.contains('\0')) {
                faults.push(problem(field, "含有无法识别的字符", "holds a character that cannot be read"));
            }
        }
        let kind = filled(asked.kind).and_then(|word| {
            let known = unword(&word).ok();
            if known.is_none() {
                faults.push(problem(
                    "kind",
                    "没有这种事项，请从列表中选择",
                    "there is no such kind; choose one of the list",
                ));
            }
            known
        });
        let mut days = [("day", asked.day), ("from", asked.from), ("to", asked.to)].map(|(field, text)| {
            let day: Option<NaiveDate> = filled(text)?.parse().ok();
            if day.is_none() {
                faults.push(problem(
                    field,
                    "没有这一天，请按 2026-11-25 的格式填写",
                    "there is no such day; write it like 2026-11-25",
                ));
            }
            day
        });
        let day = days[0].take();
        let [_, from, to] = days;
        let (from, to) = (from.or(day), to.or(day));
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            faults.push(problem(
                "from",
                "开始日期不能晚于结束日期",
                "the first day must not be after the last",
            ));
        }
        let after = filled(asked.after).and_then(|text| {
            let read = key(&text);
            if read.is_none() {
                faults.push(problem(
                    "after",
                    "页码无法识别，请从第一页重新翻阅",
                    "this page cannot be found; begin at the first one",
                ));
            }
            read
        });
        if faults.is_empty() { Ok(Self { number, username, kind, from, to, after }) } else { Err(faults) }
    }
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
    /// The id of whoever that is.
    pub writer: String,
    /// Number of the issue.
    pub number: Option<String>,
    /// Name of the enterprise, for records about one.
    pub enterprise: Option<String>,
    pub state: Option<String>,
    pub note: Option<String>,
    pub detail: String,
    pub seq: i32,
}

impl Record {
    /// What was recorded, as facts.
    #[must_use]
    pub fn facts(&self) -> serde_json::Value {
        serde_json::from_str(&self.detail).unwrap_or_default()
    }
}

/// The key of a page as it stands in an address.
fn key(text: &str) -> Option<(Timestamp, String)> {
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

/// A page of records.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Latest first.
    pub records: Vec<Record>,
    /// There are more.
    pub more: bool,
    /// Names of what they name.
    pub names: Names,
}

/// A page of records.
pub fn page(db: &mut Db, actor: &Actor, ask: &Ask, most: usize, rules: &Rules) -> Result<Page, Refused> {
    actor.may(Deed::ReadHistory)?;
    let mut wanted = Wanted { kind: ask.kind.map(word).transpose()?, ..Wanted::default() };
    if let Some(number) = &ask.number {
        let Some(subject) = audit::issue(db, number)? else { return Ok(Page::default()) };
        wanted.subject = Some(subject);
    }
    if let Some(username) = &ask.username {
        let Some(person) = audit::person(db, username)? else { return Ok(Page::default()) };
        wanted.by = Some(person);
    }
    let start = |day| column(window::start(day, rules.zone));
    let next = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    wanted.time = (ask.from.map(start), ask.to.map(|day| start(next(day))));
    let key = ask.after.as_ref().map(|(at, id)| (column(*at), id.clone()));
    let limit = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = audit::page(db, &wanted, key.as_ref(), limit)?;
    let more = rows.len() > most;
    rows.truncate(most);
    let mut subjects: Vec<String> = rows.iter().map(|row| row.subject_id.clone()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let numbers: HashMap<_, _> = audit::numbers(db, &subjects)?.into_iter().collect();
    let enterprises: HashMap<_, _> = audit::names(db, &subjects)?.into_iter().collect();
    let details: Vec<&str> = rows.iter().map(|row| &*row.detail).collect();
    let writers: Vec<&str> = rows.iter().map(|row| &*row.by).collect();
    let known = Names::of(db, &details, &writers)?;
    let records = rows.into_iter().map(|row| {
        Ok(Record {
            kind: unword(&row.kind)?,
            at: moment(row.at),
            by: known.person(&row.by).map_or_else(|| row.by.clone(), ToOwned::to_owned),
            writer: row.by,
            number: numbers.get(&row.subject_id).cloned(),
            enterprise: enterprises.get(&row.subject_id).cloned(),
            id: row.id,
            state: row.state,
            note: row.note,
            detail: row.detail,
            seq: row.seq,
        })
    });
    Ok(Page { records: records.collect::<Result<_, Refused>>()?, more, names: known })
}
