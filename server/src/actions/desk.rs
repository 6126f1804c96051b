//! Many issues: the list with its filters, and the counts of the first page, for
//! every front. Reading only; what people of a unit see is their unit's.

use std::collections::HashMap;

use qiyema_protocol::{
    board::{Lamp, State},
    clocks::ClockKind,
    text::Text,
};

use super::{
    Refused, Rules,
    issue::running,
    rights::{Actor, Deed},
};
use crate::{
    clock::Timestamp,
    domain::{
        clocks::{self, Running},
        deadline, search, window,
    },
    store::{
        columns::{column, moment, unword, word},
        connection::Db,
        desk::{self, Key, Order, Wanted},
        directory,
        issues::IssueRow,
    },
};

/// What a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box of a filter, ticked or not")]
#[expect(missing_docs, reason = "the names say it")]
pub struct Ask {
    pub open: Option<bool>,
    /// Deferred ones too; they have no running clock and a list of their own.
    pub deferred: bool,
    pub states: Vec<State>,
    pub lamp: Option<Lamp>,
    pub mine: bool,
    /// Where one's own unit assists.
    pub assisting: bool,
    /// Where a unit asked for something and waits for a ruling.
    pub waiting: bool,
    pub unit: Option<String>,
    /// User name, or id.
    pub handler: Option<String>,
    pub category: Option<String>,
    pub channel: Option<String>,
    pub level: Option<String>,
    pub grade: Option<String>,
    pub enterprise: Option<String>,
    pub text: Option<String>,
    pub order: Order,
    pub after: Option<Key>,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            open: Some(true),
            deferred: true,
            states: Vec::new(),
            lamp: None,
            mine: false,
            assisting: false,
            waiting: false,
            unit: None,
            handler: None,
            category: None,
            channel: None,
            level: None,
            grade: None,
            enterprise: None,
            text: None,
            order: Order::Due,
            after: None,
        }
    }
}

/// An issue in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Row {
    pub number: String,
    pub version: i32,
    pub subject: String,
    pub enterprise: String,
    pub category: Text,
    pub channel: Text,
    pub level: String,
    pub state: State,
    /// Of the clock; off where none runs.
    pub lamp: Lamp,
    /// What is promised.
    pub due_on: Option<chrono::NaiveDate>,
    /// The first limit to pass: the one that filters, tiles and the order go by.
    pub clock: Option<Clocked>,
    /// The next review, while it is deferred: until then no promise holds.
    pub review_on: Option<chrono::NaiveDate>,
    pub provisional: bool,
    pub unit: Option<Text>,
    pub handler: Option<String>,
    pub submitted_at: Timestamp,
}

/// A limit that runs, as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Clocked {
    pub kind: ClockKind,
    pub lamp: Lamp,
    /// Working days left; negative when overdue.
    pub left: i32,
    /// Hours over, where that is said in hours.
    pub hours_over: Option<u32>,
    pub due_on: chrono::NaiveDate,
    /// It reaches into a year without a published calendar.
    pub provisional: bool,
    /// The local time of its end, where it does not last the day.
    pub time: Option<chrono::NaiveTime>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<Key>,
}

/// A page of issues, in a fixed number of statements however many there are.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    most: usize,
    rules: &Rules,
    at: Timestamp,
) -> Result<Page, Refused> {
    let (found, next) = found(db, actor, ask, most, rules, at)?;
    Ok(Page { rows: named(db, found, rules, at)?, next })
}

/// The same as they are stored, and where the next page begins.
pub(super) fn found(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    most: usize,
    rules: &Rules,
    at: Timestamp,
) -> Result<(Vec<IssueRow>, Option<Key>), Refused> {
    actor.may(Deed::ReadIssues)?;
    let Some(wanted) = wanted(db, actor, ask, rules, at)? else { return Ok((Vec::new(), None)) };
    let limit = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
    let mut found = desk::page(db, &wanted, ask.order, ask.after.as_ref(), limit)?;
    let more = found.len() > most;
    found.truncate(most);
    let key = |row: &IssueRow| Key {
        at: if ask.order == Order::Due { row.limit_at } else { Some(row.submitted_at) },
        id: row.id.clone(),
    };
    let next = if more { found.last().map(key) } else { None };
    Ok((found, next))
}

/// How many issues each of these lists holds, counted up to `most`.
pub fn counts(
    db: &mut Db,
    actor: &Actor,
    asks: &[Ask],
    most: i64,
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<usize>, Refused> {
    actor.may(Deed::ReadIssues)?;
    asks.iter()
        .map(|ask| match wanted(db, actor, ask, rules, at)? {
            Some(wanted) => Ok(desk::count(db, &wanted, most)?),
            None => Ok(0),
        })
        .collect()
}

/// The filter as the store needs it; `None` when nothing can match.
fn wanted(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    rules: &Rules,
    at: Timestamp,
) -> Result<Option<Wanted>, Refused> {
    let typed = [
        &ask.unit,
        &ask.handler,
        &ask.category,
        &ask.channel,
        &ask.level,
        &ask.grade,
        &ask.enterprise,
        &ask.text,
    ];
    // PostgreSQL takes no NUL, not even to look for it.
    if typed.into_iter().flatten().any(|text| text.contains('\0')) {
        return Ok(None);
    }
    let assisted_by = if ask.assisting { Some(actor.units.clone()) } else { None };
    let units = match (actor.confined_to(), &ask.unit) {
        // What one's unit assists in is led by another.
        (_, Some(unit)) if ask.assisting => Some(vec![unit.clone()]),
        (Some(_), None) if ask.assisting => None,
        (Some(own), Some(unit)) if !own.contains(unit) => return Ok(None),
        (_, Some(unit)) => Some(vec![unit.clone()]),
        (own, None) => own.map(<[String]>::to_vec),
    };
    let (mut limit, mut open) = ((None, None), ask.open);
    if let Some(lamp) = ask.lamp {
        let Some(window) = window::of(lamp, at, &rules.calendar, rules.zone) else { return Ok(None) };
        limit = (window.from.map(column), window.until.map(column));
        // Whatever has a limit that runs: what is put right and checked after closing as well.
        open = None;
    }
    let number = ask.text.as_deref().and_then(search::issue_number);
    if number.is_some() {
        // Whoever types a whole number means that issue, in whatever state.
        open = None;
    }
    // Under its lamp a deferred issue is where its review is due.
    let apart = !ask.deferred && ask.lamp.is_none() && number.is_none();
    let not_states = if apart { vec![word(State::Deferred)?] } else { Vec::new() };
    let categories = match (&ask.category, &ask.grade) {
        (None, None) => None,
        (Some(one), None) => Some(vec![one.clone()]),
        (one, Some(grade)) => {
            let of_grade = desk::grades(db)?.into_iter().filter(|(_, of)| of == grade).map(|(id, _)| id);
            Some(of_grade.filter(|id| one.as_ref().is_none_or(|one| one == id)).collect())
        }
    };
    let handler = match &ask.handler {
        _ if ask.mine => Some(actor.id.clone()),
        Some(name) => Some(desk::staff_id(db, name)?.unwrap_or_else(|| name.clone())),
        None => None,
    };
    Ok(Some(Wanted {
        open,
        states: ask.states.iter().copied().map(word).collect::<Result<_, _>>()?,
        not_states,
        units,
        handler,
        categories,
        channel: ask.channel.clone(),
        level: ask.level.clone(),
        enterprise: ask.enterprise.clone(),
        limit,
        assisted_by,
        asked: ask.waiting,
        text: ask.text.clone().filter(|_| number.is_none()).map(|text| (text.clone(), key(&text))),
        number,
    }))
}

/// What is looked for in the enterprises' keys, which hold letters and digits
/// only: a text with other signs in it names no enterprise.
fn key(text: &str) -> String {
    let strange = |c: char| c.is_ascii_punctuation() && !matches!(c, '(' | ')' | '-' | '.' | '&');
    let key = search::query(text);
    if key.is_empty() || text.chars().any(strange) { text.to_owned() } else { key }
}

fn named(db: &mut Db, found: Vec<IssueRow>, rules: &Rules, at: Timestamp) -> Result<Vec<Row>, Refused> {
    let distinct = |ids: Vec<String>| {
        let mut ids = ids;
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let enterprises = distinct(found.iter().map(|row| row.enterprise_id.clone()).collect());
    let people = distinct(found.iter().filter_map(|row| row.handler_id.clone()).collect());
    let enterprises: HashMap<_, _> = desk::enterprise_names(db, enterprises)?.into_iter().collect();
    let people: HashMap<_, _> = desk::staff_names(db, people)?.into_iter().collect();
    let text = |zh: String, en: String| Text::new(zh, en);
    let units: HashMap<_, _> =
        directory::units(db)?.into_iter().map(|row| (row.id, text(row.name_zh, row.name_en))).collect();
    let categories: HashMap<_, _> =
        directory::categories(db)?.into_iter().map(|row| (row.id, text(row.name_zh, row.name_en))).collect();
    let channels: HashMap<_, _> =
        directory::channels(db)?.into_iter().map(|row| (row.id, text(row.name_zh, row.name_en))).collect();
    let unknown = || text("—".into(), "—".into());
    let limits = running::of(db, &found, rules)?;
    found
        .into_iter()
        .map(|row| {
            let state: State = unword(&row.state)?;
            let first = limits.get(&row.id).and_then(|limits| clocks::hurrying(limits));
            let clock = first.map(|limit| clocked(limit, rules, at));
            Ok(Row {
                lamp: clock.map_or(Lamp::Off, |clock| clock.lamp),
                clock,
                enterprise: enterprises.get(&row.enterprise_id).cloned().unwrap_or_default(),
                category: categories.get(&row.category_id).cloned().unwrap_or_else(unknown),
                channel: channels.get(&row.channel_id).cloned().unwrap_or_else(unknown),
                unit: row.lead_unit_id.and_then(|id| units.get(&id).cloned()),
                handler: row.handler_id.and_then(|id| people.get(&id).cloned()),
                number: row.number,
                version: row.version,
                subject: row.subject,
                level: row.level,
                state,
                due_on: row.due_on,
                review_on: row.review_on.filter(|_| state == State::Deferred),
                provisional: row.provisional,
                submitted_at: moment(row.submitted_at),
            })
        })
        .collect()
}

/// A limit as it is at a moment.
fn clocked(limit: &Running, rules: &Rules, at: Timestamp) -> Clocked {
    let (due_at, due_on) = (limit.until.due_at, limit.until.due_on);
    let (lamp, left) = deadline::lamp(due_at, due_on, at, &rules.calendar, rules.zone);
    let short = due_at != deadline::end_of(due_on, rules.zone);
    Clocked {
        kind: limit.kind,
        lamp,
        left,
        hours_over: deadline::hours_over(due_at, due_on, at, rules.zone),
        due_on,
        provisional: limit.until.provisional,
        time: short.then(|| due_at.with_timezone(&rules.zone).time()),
    }
}
