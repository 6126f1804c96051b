//! What rows of settings, people, units and their like said after each deed, only ever added. The rows themselves change,
//! so that the log cannot hold them; it holds these, and whoever changes a row beside them is found by comparing.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::{Map, Value};

use super::{
    QueryError,
    connection::{Db, one_at_a_time},
    ledger::rows,
    schema::state_facts,
};
use crate::{clock::Ids, domain::ledger::State};

/// A fact as stored.
#[derive(Insertable)]
#[diesel(table_name = state_facts)]
struct FactRow<'a> {
    id: String,
    table_name: &'static str,
    row_key: &'a str,
    version: i32,
    fits: bool,
    gone: bool,
    content: &'a str,
}

/// What a row says that is gone.
const NOTHING: &str = "{}";

/// Does what changes the row of this key, and writes down what it says then, or that it is gone. Every function that
/// writes to one of these tables does it in here.
pub(super) fn changing<T>(
    db: &mut Db,
    state: State,
    key: &[&str],
    change: impl FnOnce(&mut Db) -> QueryResult<T>,
) -> QueryResult<T> {
    let key = key.iter().map(|part| (*part).to_owned()).collect();
    changing_all(db, state, &BTreeSet::from([key]), change)
}

/// The same of several rows.
pub(super) fn changing_all<T>(
    db: &mut Db,
    state: State,
    keys: &BTreeSet<Vec<String>>,
    change: impl FnOnce(&mut Db) -> QueryResult<T>,
) -> QueryResult<T> {
    let mut before = Vec::new();
    for key in keys {
        let mut row = rows::state(db, state, key)?;
        // Row and fact are read one after the other: nobody must change them in between. Of what is new there is nothing
        // to change, and a deed that adds thousands of rows must not hold as many locks.
        if row.said.is_some() || row.fact.is_some() {
            one_at_a_time(db, &format!("state_facts/{}/{}", state.table(), key.join("/")))?;
            row = rows::state(db, state, key)?;
        }
        before.push(row.fits(state));
    }
    let done = change(db)?;
    for (key, fits) in keys.iter().zip(before) {
        let now = rows::state(db, state, key)?;
        // One that did not fit is written down even if it does now: the deed must not hide what was done before it.
        if fits && now.said.as_deref() == now.kept() {
            continue;
        }
        add(db, &fact(state, &now, version(now.fact.as_ref())? + 1, fits))?;
    }
    Ok(done)
}

/// Writes down what stands in tables of which no fact was ever written: after an upgrade, once. A table that is empty has
/// a fact as well, so that what somebody puts there is not taken over at the next start.
pub(super) fn adopt(db: &mut Db) -> QueryResult<()> {
    one_at_a_time(db, "state_facts")?;
    for state in new(db)? {
        let opening = rows::Stated { key: String::new(), said: None, readable: true, fact: None };
        add(db, &fact(state, &opening, 0, true))?;
        let mut there = Vec::new();
        rows::states(db, state, &mut |row| there.push(row))?;
        for row in &there {
            add(db, &fact(state, row, 1, true))?;
        }
    }
    Ok(())
}

/// Tables of which no fact was ever written.
pub(super) fn new(db: &mut Db) -> QueryResult<Vec<State>> {
    let known: Vec<String> = state_facts::table.select(state_facts::table_name).distinct().load(db)?;
    let is_new = |state: &State| !known.iter().any(|table| table == state.table());
    Ok(State::ALL.into_iter().filter(is_new).collect())
}

fn fact(state: State, row: &rows::Stated, version: i32, fits: bool) -> FactRow<'_> {
    FactRow {
        id: Ids.row(),
        table_name: state.table(),
        row_key: &row.key,
        version,
        fits,
        gone: row.said.is_none(),
        content: row.said.as_deref().unwrap_or(NOTHING),
    }
}

fn add(db: &mut Db, row: &FactRow<'_>) -> QueryResult<()> {
    diesel::insert_into(state_facts::table).values(row).execute(db).map(drop)
}

fn version(fact: Option<&Map<String, Value>>) -> QueryResult<i32> {
    let last = fact.and_then(|fact| fact.get("version")).and_then(Value::as_i64).unwrap_or(0);
    i32::try_from(last).map_err(|error| QueryError::SerializationError(Box::new(error)))
}
