//! The rows that the log is about, as the database itself writes them down: what
//! no type of ours can read must not keep an auditor from reading on. A value
//! that is not of its column's form makes its row one that cannot be read.

mod postgres;
mod sqlite;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::{Map, Value, json};

use super::super::connection::Db;
use crate::domain::ledger::{
    Kind, State,
    columns::{self, Form},
    moment,
};

/// A row as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// What names it; of a name that cannot be read, what can be shown of it.
    pub id: String,
    /// Its columns, in the form of its entry.
    pub columns: Map<String, Value>,
    /// Each value is of its column's form.
    pub readable: bool,
    /// Its entry, if it has one.
    pub entry: Option<Entry>,
    /// Salt of its entry.
    pub salt: String,
}

/// Every row of a kind, with its entry.
pub fn each(db: &mut Db, kind: Kind, deed: &mut dyn FnMut(Raw)) -> QueryResult<()> {
    match db {
        Db::Sqlite(db) => sqlite::each(db, kind, deed),
        Db::Postgres(db) => postgres::each(db, kind, deed),
    }
}

/// Rows of a kind that have no entry and are not older than this: what is compared is the name, or the moment (in the
/// form that the database compares). The oldest first, so many after so many.
pub fn unentered(db: &mut Db, kind: Kind, since: &str, (offset, limit): (i64, i64)) -> QueryResult<Vec<Raw>> {
    match db {
        Db::Sqlite(db) => sqlite::unentered(db, kind, since, (offset, limit)),
        Db::Postgres(db) => postgres::unentered(db, kind, since, (offset, limit)),
    }
}

/// One row of a kind that has one name.
pub fn one(db: &mut Db, kind: Kind, id: &str) -> QueryResult<Option<Raw>> {
    match db {
        Db::Sqlite(db) => sqlite::one(db, kind, id),
        Db::Postgres(db) => postgres::one(db, kind, id),
    }
}

/// Kind and name of each entry, and its leaf, by position; what cannot be read is shown as far as it can be.
pub fn entries(db: &mut Db, from: i64, limit: i64) -> QueryResult<Vec<Entry>> {
    match db {
        Db::Sqlite(db) => sqlite::entries(db, from, limit),
        Db::Postgres(db) => postgres::entries(db, from, limit),
    }
}

/// An entry as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, if it is a number.
    pub position: Option<u64>,
    /// The kind of its row.
    pub kind: String,
    /// What names its row.
    pub row: String,
    /// Its leaf, in hex.
    pub leaf: String,
}

/// An issue beside its newest fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What names the issue.
    pub id: String,
    /// What its row says.
    pub row: Map<String, Value>,
    /// What the fact says, if there is one.
    pub fact: Option<Map<String, Value>>,
}

/// Every issue beside its newest fact.
pub fn issues(db: &mut Db, deed: &mut dyn FnMut(Beside)) -> QueryResult<()> {
    match db {
        Db::Sqlite(db) => sqlite::issues(db, deed),
        Db::Postgres(db) => postgres::issues(db, deed),
    }
}

/// Issues that facts were written of and that are gone, and those that a step found changed.
pub fn misfits(db: &mut Db) -> QueryResult<(Vec<String>, Vec<String>)> {
    match db {
        Db::Sqlite(db) => sqlite::misfits(db),
        Db::Postgres(db) => postgres::misfits(db),
    }
}

/// A row of a table that changes, and the newest fact of what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// What names it.
    pub key: String,
    /// What it says, in the form of a fact; none, if there is no such row.
    pub said: Option<String>,
    /// Each value is of its column's form.
    pub readable: bool,
    /// The fact, if there is one.
    pub fact: Option<Map<String, Value>>,
}

impl Stated {
    /// Whether the row is as the fact has it: what it says, or that it is gone.
    #[must_use]
    pub fn fits(&self, state: State) -> bool {
        match (&self.said, self.kept()) {
            (Some(said), Some(kept)) => self.readable && state.agrees(said, kept),
            (None, None) => true,
            _ => false,
        }
    }

    /// What the fact says of the row; none, if there is no fact, or it says that the row is gone.
    #[must_use]
    pub fn kept(&self) -> Option<&str> {
        let fact = self.fact.as_ref()?;
        // As bytes: the database may have been told to take one name for another.
        let own = fact.get("row_key").and_then(Value::as_str) == Some(self.key.as_str());
        let gone = fact.get("gone") == Some(&Value::Bool(true));
        fact.get("content").and_then(Value::as_str).filter(|_| own && !gone)
    }
}

/// Every row of a table that changes, beside its newest fact.
pub fn states(db: &mut Db, state: State, deed: &mut dyn FnMut(Stated)) -> QueryResult<()> {
    match db {
        Db::Sqlite(db) => sqlite::states(db, state, deed),
        Db::Postgres(db) => postgres::states(db, state, deed),
    }
}

/// The row of this key, and its newest fact.
pub fn state(db: &mut Db, state: State, key: &[String]) -> QueryResult<Stated> {
    let name = key.join("/");
    let (row, fact) = match db {
        Db::Sqlite(db) => sqlite::state(db, state, key, &name)?,
        Db::Postgres(db) => postgres::state(db, state, key, &name)?,
    };
    Ok(match row {
        Some(row) => Stated { key: name, ..stated(state, row, fact) },
        None => Stated { key: name, said: None, readable: true, fact: fact.map(facts) },
    })
}

/// Rows of a table that facts were written of and that are gone.
pub fn lost(db: &mut Db, state: State) -> QueryResult<Vec<String>> {
    match db {
        Db::Sqlite(db) => sqlite::lost(db, state),
        Db::Postgres(db) => postgres::lost(db, state),
    }
}

/// Table and key of rows that a deed found changed.
pub fn unfit(db: &mut Db) -> QueryResult<Vec<(String, String)>> {
    match db {
        Db::Sqlite(db) => sqlite::unfit(db),
        Db::Postgres(db) => postgres::unfit(db),
    }
}

/// All heads as they stand in the database.
pub fn heads(db: &mut Db) -> QueryResult<Vec<Head>> {
    match db {
        Db::Sqlite(db) => sqlite::heads(db),
        Db::Postgres(db) => postgres::heads(db),
    }
}

/// Nodes of the tree, in hex, from a place on, as far as another.
pub fn nodes(db: &mut Db, from: u64, to: Option<u64>) -> QueryResult<BTreeMap<u64, String>> {
    let number = |place: u64| i64::try_from(place).unwrap_or(i64::MAX);
    let (from, to) = (number(from), to.map_or(i64::MAX, number));
    match db {
        Db::Sqlite(db) => sqlite::nodes(db, from, to),
        Db::Postgres(db) => postgres::nodes(db, from, to),
    }
}

/// A head as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Entries, if it is a number.
    pub size: Option<u64>,
    /// Root, in hex.
    pub root: String,
    /// The signed note.
    pub note: String,
}

/// What stands in a column.
enum Cell {
    /// Nothing.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Something else, as it can be shown.
    Other(String),
}

/// A row from its cells, in the order of its kind's columns.
fn raw(kind: Kind, cells: Vec<Cell>, entry: Option<Entry>, salt: Option<String>) -> Raw {
    let (map, readable) = mapped(columns::columns(kind), cells);
    let part = |name: &&str| match map.get(*name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(other)) => other.values().filter_map(Value::as_str).collect(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let id = kind.key().iter().map(part).collect::<Vec<_>>().join("/");
    // Here and not in the database alone, which may have been told to take one name for another (a collation).
    let entry = entry.filter(|entry| entry.row == id && entry.kind == kind.table());
    Raw { id, columns: map, readable, entry, salt: salt.unwrap_or_default() }
}

/// Columns by name, and whether each could be read.
fn mapped(columns: &[(&'static str, Form)], cells: Vec<Cell>) -> (Map<String, Value>, bool) {
    let mut readable = true;
    let mut map = Map::new();
    for ((name, form), cell) in columns.iter().zip(cells) {
        let value = read(*form, &cell).unwrap_or_else(|| {
            readable = false;
            json!({ "unreadable": shown(&cell) })
        });
        map.insert((*name).to_owned(), value);
    }
    (map, readable)
}

/// The cells of a row and those of its newest fact, where they are.
type RowAndFact = (Option<Vec<Cell>>, Option<Vec<Cell>>);

/// An issue beside its newest fact, from the cells of both.
fn beside(row: Vec<Cell>, fact: Option<Vec<Cell>>) -> Beside {
    let id = row.first().map(shown).unwrap_or_default();
    let (row, _) = mapped(columns::of_issues(), row);
    let fact = fact.map(|cells| mapped(columns::columns(Kind::IssueFacts), cells).0);
    Beside { id, row, fact }
}

/// A row of a table that changes beside its newest fact, from the cells of both.
fn stated(state: State, row: Vec<Cell>, fact: Option<Vec<Cell>>) -> Stated {
    let (columns, readable) = mapped(state.columns(), row);
    let part = |name: &&str| match columns.get(*name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(other)) => other.values().filter_map(Value::as_str).collect(),
        _ => String::new(),
    };
    let key = state.key().iter().map(part).collect::<Vec<_>>().join("/");
    let said = Some(state.content(&key, &columns));
    Stated { key, said, readable, fact: fact.map(facts) }
}

fn facts(cells: Vec<Cell>) -> Map<String, Value> {
    mapped(columns::columns(Kind::StateFacts), cells).0
}

/// A value in the form of an entry; none, if it is not of its column's form.
fn read(form: Form, cell: &Cell) -> Option<Value> {
    match (form, cell) {
        (_, Cell::Null) => Some(Value::Null),
        (Form::Text, Cell::Text(text)) => Some(Value::from(&**text)),
        (Form::Number, Cell::Number(number)) => Some(Value::from(*number)),
        (Form::Flag, Cell::Flag(flag)) => Some(Value::from(*flag)),
        // SQLite has no other way to say it.
        (Form::Flag, Cell::Number(number @ (0 | 1))) => Some(Value::from(*number == 1)),
        (Form::Moment, Cell::Text(text)) => moment_of(text).map(|at| Value::from(moment(at))),
        (Form::Day, Cell::Text(text)) => {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            (day.to_string() == *text).then(|| Value::from(&**text))
        }
        _ => None,
    }
}

/// A moment as SQLite is given it: one form alone, because it compares moments as texts. Nothing may stand before or
/// behind it.
fn moment_of(text: &str) -> Option<NaiveDateTime> {
    // Nineteen characters as far as the seconds, so that one moment is not written in many ways.
    let plain = text.get(..19)?;
    let rest = text.get(19..)?.strip_prefix('.').unwrap_or_default();
    let fits = text.len() == 19 || (!rest.is_empty() && rest.len() <= 9);
    let digits = rest.bytes().all(|byte| byte.is_ascii_digit());
    if !fits || !digits {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    (at.format("%Y-%m-%d %H:%M:%S").to_string() == plain).then_some(at)
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) | Cell::Other(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::moment_of;

    #[test]
    fn a_moment_is_read_in_one_form_and_in_no_other() {
        for good in ["2026-11-25 02:00:00", "2026-11-25 02:00:00.1", "2026-11-25 02:00:00.123456"] {
            assert!(moment_of(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "x",
            "2026-11-25",
            "2026-11-25 02:00",
            "2026-11-25 02:00:00.",
            "2026-11-25 02:00:00 ",
            "2026-11-25 02:00:00Z",
            "2026-11-25T02:00:00",
            " 2026-11-25 02:00:00",
            "2026-11-25  2:00:00",
            "2026-11-25 02:00:00.1234567890",
            "2026-13-25 02:00:00",
            "infinity",
            "2026-11-25 02:00:00+08",
        ] {
            assert!(moment_of(bad).is_none(), "{bad}");
        }
    }
}
