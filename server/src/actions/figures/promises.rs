//! Promises for days: what was kept is of the closure's unit; what was not, of whoever had the issue at the end of its
//! day. The book counts them, and the way down lists those that were not kept, one by one.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use qiyema_protocol::figures::By;

use super::{
    super::{Refused, Rules},
    count::{behind, day, place},
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
            facts::{self as rows, ClosureRow},
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
    /// When it was closed all the same.
    closed: Option<NaiveDateTime>,
    reopened: bool,
}

/// Enters the promises for the days.
pub(super) fn enter(db: &mut Db, span: &Span, rules: &Rules, book: &mut Book) -> Result<(), Refused> {
    let closed = rows::closed(db, span, false)?;
    for row in &closed {
        let on = day(row.at, rules);
        for (first, due_on) in [(false, row.due_on), (true, row.first_due_on)] {
            if within(span, due_on) && on <= due_on {
                let sums = facts::promise(first, due_on, Fate::Kept);
                let whose = behind(&row.unit_id, &row.handler_id, row.frozen.as_ref());
                book.enter(due_on, place(&row.issue, whose), &sums);
            }
        }
    }
    let unkept = unkept(db, &closed, span, rules)?;
    let held = holders(db, &unkept)?;
    for one in unkept {
        let sums = facts::promise(one.first, one.due_on, one.fate);
        book.enter(one.due_on, place(&one.facts, whose(&held, &one, rules)), &sums);
    }
    Ok(())
}

/// A promise that fell due and was not kept.
#[derive(Debug, Clone)]
pub(super) struct Late {
    /// Id of the issue.
    pub issue: String,
    /// Id of its category.
    pub category: String,
    /// The promised day.
    pub due_on: NaiveDate,
    /// When it was closed; open ones are late too.
    pub closed: Option<NaiveDateTime>,
    /// It was taken up again after that.
    pub reopened: bool,
    /// Who had it at the end of the promised day.
    pub unit: String,
    /// The person who had it then.
    pub handler: String,
}

/// The promises of a group (the first ones, or as extended) for these days, which are over, that were not kept; the
/// latest first.
pub(super) fn late(
    db: &mut Db,
    span: &Span,
    (by, member): (By, &str),
    first: bool,
    rules: &Rules,
) -> Result<Vec<Late>, Refused> {
    let closed = rows::closed(db, span, false)?;
    let mut unkept = unkept(db, &closed, span, rules)?;
    // What the issue itself tells needs no looking up of who had it.
    unkept.retain(|one| {
        one.first == first
            && match by {
                By::Category => one.facts.category_id == member,
                By::Channel => one.facts.channel_id == member,
                By::Level => one.facts.level == member,
                By::Unit | By::Handler | By::Leader | By::Grade => true,
            }
    });
    let held = holders(db, &unkept)?;
    let mut found: Vec<Late> = Vec::new();
    for one in unkept {
        let whose = whose(&held, &one, rules);
        let fits = match by {
            By::Unit => whose.unit == member,
            By::Handler => whose.handler == member,
            By::Leader => whose.leader == member,
            By::Grade => whose.grade == member,
            By::Category | By::Channel | By::Level => true,
        };
        if fits {
            let (unit, handler) = (whose.unit.to_owned(), whose.handler.to_owned());
            found.push(Late {
                category: one.facts.category_id,
                due_on: one.due_on,
                closed: one.closed,
                reopened: one.reopened,
                issue: one.issue,
                unit,
                handler,
            });
        }
    }
    found.sort_by(|a, b| (b.due_on, &b.issue, b.closed).cmp(&(a.due_on, &a.issue, a.closed)));
    Ok(found)
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
                    closed: Some(row.at),
                    reopened: row.taken_up_again(),
                });
            }
        }
    }
    for row in rows::unclosed(db, span)? {
        // What was late when it was set aside, withdrawn or merged stays late; what was not is no longer due.
        let aside = matches!(&*row.state, "deferred" | "withdrawn" | "merged");
        for (first, due_on) in [(false, row.due_on), (true, row.first_due_on)] {
            let Some(due_on) = due_on.filter(|day| within(span, *day)) else { continue };
            if aside && due_on >= day(row.state_at, rules) {
                continue;
            }
            unkept.push(Unkept {
                issue: row.id.clone(),
                facts: row.issue.clone(),
                first,
                due_on,
                fate: if aside { Fate::Broken } else { Fate::Open },
                closed: None,
                reopened: false,
            });
        }
    }
    Ok(unkept)
}

/// Somebody got an issue.
enum Got {
    Unit(String, Option<String>, Option<Frozen>),
    Person(String),
    /// Whoever acts on what has nobody yet has it from then on.
    Somebody(String),
}

type Held = HashMap<String, Vec<(NaiveDateTime, Got)>>;

fn holders(db: &mut Db, unkept: &[Unkept]) -> Result<Held, Refused> {
    let mut ids: Vec<String> = unkept.iter().map(|one| one.issue.clone()).collect();
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
fn whose<'a>(held: &'a Held, one: &Unkept, rules: &Rules) -> Behind<'a> {
    let end = one.due_on.succ_opt().unwrap_or(one.due_on);
    holder(held.get(&one.issue), column(window::start(end, rules.zone)))
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
