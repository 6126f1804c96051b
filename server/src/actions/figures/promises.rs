//! Promises for days: what was kept is of the closure's unit; what was not, of whoever had the issue at the end of its
//! day. The book counts them here; [`late`](super::late) lists those that were not kept, one by one.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::{
    super::{Refused, Rules},
    count::{behind, day, place},
    kinds::Kinds,
};
use crate::{
    domain::{
        figures::{
            book::{Behind, Book},
            facts::{self, Fate},
        },
        window,
    },
    store::{
        columns::column,
        connection::Db,
        figures::{
            IssueFacts, Span,
            facts::{self as rows, ClosureRow, UnclosedRow},
            history,
        },
        frozen::Frozen,
    },
};

/// A promise that was not kept: whose it was is looked up.
struct Unkept {
    issue: String,
    facts: IssueFacts,
    first: bool,
    due_on: NaiveDate,
    fate: Fate,
}

/// Enters the promises for the days.
pub(super) fn enter(db: &mut Db, span: &Span, rules: &Rules, book: &mut Book) -> Result<(), Refused> {
    let closed = rows::closed(db, span, false)?;
    let mut kinds = Kinds::of(db, closed.iter().map(|row| row.issue_id.clone()).collect())?;
    for row in &closed {
        let on = day(row.at, rules);
        for (first, due_on) in [(false, row.due_on), (true, row.first_due_on)] {
            if within(span, due_on) && on <= due_on {
                let sums = facts::promise(first, due_on, Fate::Kept);
                let whose = behind(&row.unit_id, &row.handler_id, row.frozen.as_ref());
                let kind = kinds.when_closed(&row.issue_id, &row.id, &row.issue);
                book.enter(due_on, place(kind, whose), &sums);
            }
        }
    }
    let unkept = unkept(db, &closed, span, rules)?;
    let issues: Vec<String> = unkept.iter().map(|one| one.issue.clone()).collect();
    kinds = Kinds::of(db, issues.clone())?;
    let held = holders(db, issues)?;
    for one in unkept {
        let sums = facts::promise(one.first, one.due_on, one.fate);
        let kind = kind(&kinds, (&one.issue, &one.facts), one.due_on, rules);
        book.enter(one.due_on, place(kind, whose(&held, &one.issue, one.due_on, rules)), &sums);
    }
    Ok(())
}

fn within(span: &Span, day: NaiveDate) -> bool {
    (span.from..=span.to).contains(&day)
}

/// Promises for the days that were not kept, of issues that were closed since or are not closed.
fn unkept(db: &mut Db, closed: &[ClosureRow], span: &Span, rules: &Rules) -> Result<Vec<Unkept>, Refused> {
    let mut unkept = Vec::new();
    for row in closed {
        let on = day(row.at, rules);
        for (first, due_on) in [(false, row.due_on), (true, row.first_due_on)] {
            if within(span, due_on) && on > due_on {
                unkept.push(Unkept {
                    issue: row.issue_id.clone(),
                    facts: row.issue.clone(),
                    first,
                    due_on,
                    fate: Fate::Broken,
                });
            }
        }
    }
    for row in rows::unclosed(db, span)? {
        for first in [false, true] {
            let Some((due_on, fate)) = missed(&row, first, rules).filter(|(day, _)| within(span, *day))
            else {
                continue;
            };
            unkept.push(Unkept { issue: row.id.clone(), facts: row.issue.clone(), first, due_on, fate });
        }
    }
    Ok(unkept)
}

/// The promised day of what was not closed, and what became of the promise, once its day is over: what was late when it
/// was set aside, withdrawn or merged stays late; what was not is no longer due.
pub(super) fn missed(row: &UnclosedRow, first: bool, rules: &Rules) -> Option<(NaiveDate, Fate)> {
    let due_on = if first { row.first_due_on } else { row.due_on }?;
    if !matches!(&*row.state, "deferred" | "withdrawn" | "merged") {
        return Some((due_on, Fate::Open));
    }
    (due_on < day(row.state_at, rules)).then_some((due_on, Fate::Broken))
}

/// Somebody got an issue.
pub(super) enum Got {
    Unit(String, Option<String>, Option<Frozen>),
    Person(String),
    /// Whoever acts on what has nobody yet has it from then on.
    Somebody(String),
}

/// Who got each issue, in the order in which it went from hand to hand.
pub(super) type Held = HashMap<String, Vec<(NaiveDateTime, Got)>>;

/// Who got these issues.
pub(super) fn holders(db: &mut Db, mut ids: Vec<String>) -> Result<Held, Refused> {
    ids.sort_unstable();
    ids.dedup();
    let mut held = Held::new();
    for (issue, unit, handler, at, frozen) in history::leads(db, &ids)? {
        held.entry(issue).or_default().push((at, Got::Unit(unit, handler, frozen)));
    }
    for (issue, kind, detail, by, at) in history::namings(db, &ids)? {
        let detail: serde_json::Value = serde_json::from_str(&detail).map_err(crate::store::unfit)?;
        let got = match detail.get("handler").and_then(serde_json::Value::as_str) {
            Some(handler) => Got::Person(handler.to_owned()),
            None if kind == "progressed" => Got::Somebody(by),
            None => continue,
        };
        held.entry(issue).or_default().push((at, got));
    }
    // A unit gets it before anybody in it signs, also at the same moment.
    for steps in held.values_mut() {
        steps.sort_by_key(|(at, got)| (*at, !matches!(got, Got::Unit(..))));
    }
    Ok(held)
}

/// Whoever had an issue at the end of the promised day.
pub(super) fn whose<'a>(held: &'a Held, issue: &str, due_on: NaiveDate, rules: &Rules) -> Behind<'a> {
    holder(held.get(issue), over(due_on, rules))
}

/// What an issue was at the end of the promised day.
pub(super) fn kind<'a>(
    kinds: &'a Kinds,
    (issue, now): (&str, &'a IssueFacts),
    due_on: NaiveDate,
    rules: &Rules,
) -> &'a IssueFacts {
    kinds.at(issue, over(due_on, rules) - TimeDelta::microseconds(1), now)
}

/// When a day is over: the beginning of the next.
fn over(day: NaiveDate, rules: &Rules) -> NaiveDateTime {
    column(window::start(day.succ_opt().unwrap_or(day), rules.zone))
}

fn holder(steps: Option<&Vec<(NaiveDateTime, Got)>>, before: NaiveDateTime) -> Behind<'_> {
    let mut now = Behind::default();
    for (_, got) in steps.into_iter().flatten().filter(|(at, _)| *at < before) {
        match got {
            Got::Unit(to, person, frozen) => {
                now = behind(to, person.as_deref().unwrap_or_default(), frozen.as_ref());
            }
            Got::Person(person) => now.handler = person,
            Got::Somebody(person) if now.handler.is_empty() => now.handler = person,
            Got::Somebody(_) => {}
        }
    }
    now
}
