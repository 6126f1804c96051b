//! From a figure down to what is behind it: its closures, or the promises that
//! were not kept, as many as the figure says. The list names issues, units and
//! people of the staff, never who rated; where so few rated that figures are
//! withheld, it does not say how either.

use std::collections::HashMap;

use chrono::NaiveDate;
use qiyema_protocol::{
    dashboard::{ClosureLine, Closures, Which},
    figures::By,
    rating::Verdict,
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        rights::{Actor, Deed},
    },
    Ask, count, grouped,
    late::{self, Asked, Late},
    names, nobody, period,
};
use crate::{
    clock::Timestamp,
    domain::{
        figures::{interval, period::Span, sums::Count},
        words,
    },
    store::{
        columns::{moment, unword},
        connection::Db,
        figures::{
            facts::again,
            lines::{self, Group, LineRow},
        },
    },
};

/// Lines of a page, at most.
pub const LINES: usize = 50;
/// Closures looked at for a page.
const LOOKED_AT: i64 = 2000;

/// The closures of one group of a period, newest first; or its promises for days of it that are over and were not kept.
pub fn closures(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    (member, which): (&str, Which),
    after: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Closures, Refused> {
    actor.may(Deed::ReadFigures)?;
    let days = period(ask, rules, rules.day(at))?;
    let groups = grouped(db, ask.by, days, (rules, rules.day(at)))?;
    let sums = groups.get(member).ok_or(Refused::NotThere)?;
    let counted: Vec<u32> = groups.values().map(|sums| sums.of(Count::Counted)).collect();
    let place = groups.keys().position(|id| id == member).unwrap_or(0);
    let withheld =
        sums.of(Count::Counted) > 0 && interval::withheld(&counted).get(place).copied().unwrap_or(true);
    if withheld && which == Which::Bad {
        return Err(Refused::Forbidden);
    }
    let names = names(db, ask.by)?;
    let name = match names.get(member) {
        Some(name) => name.clone(),
        None if member.is_empty() => nobody(ask.by),
        None => words::level(member),
    };
    let (closures, next) = match which {
        Which::Late | Which::LateFirst => {
            let first = which == Which::LateFirst;
            late(db, (ask.by, member), first, days, after, (rules, rules.day(at)))?
        }
        Which::All | Which::Bad | Which::Reopened => {
            made(db, (ask.by, member, days), which, withheld, after, rules)?
        }
    };
    Ok(Closures { from: days.0, to: days.1, by: ask.by, name, withheld, closures, next })
}

/// A page, and where the next one begins.
type Lines = (Vec<ClosureLine>, Option<String>);

/// Names of units, people and categories.
struct Names {
    units: HashMap<String, Text>,
    people: HashMap<String, Text>,
    kinds: HashMap<String, Text>,
}

impl Names {
    fn read(db: &mut Db) -> Result<Self, Refused> {
        let (units, people) = (names(db, By::Unit)?, names(db, By::Handler)?);
        Ok(Self { units, people, kinds: names(db, By::Category)? })
    }
}

fn said(names: &HashMap<String, Text>, id: &str) -> Text {
    names.get(id).cloned().unwrap_or_else(|| Text::new("—", "—"))
}

/// Promises that fell due and were not kept: of whoever had the issue on the promised day, closed since or not.
fn late(
    db: &mut Db,
    (by, member): (By, &str),
    first: bool,
    (from, to): Span,
    after: Option<&str>,
    (rules, today): (&Rules, NaiveDate),
) -> Result<Lines, Refused> {
    // What is promised for today or later is not late yet.
    let to = today.pred_opt().map_or(to, |yesterday| to.min(yesterday));
    let asked = Asked { days: (from, to), by, member, first };
    let (page, next) = late::page(db, &asked, after, LINES, (rules, today))?;
    let ids: Vec<String> = page.iter().map(|one| one.issue.clone()).collect();
    let (numbers, names) = (lines::numbers(db, &ids)?, Names::read(db)?);
    let line = |one: Late| ClosureLine {
        number: numbers.get(&one.issue).cloned().unwrap_or_default(),
        unit: said(&names.units, &one.unit),
        handler: said(&names.people, &one.handler).zh,
        category: said(&names.kinds, &one.category),
        closed_on: one.closed.map(|at| rules.day(moment(at))),
        due_on: one.due_on,
        state: one.state,
        reopened: one.reopened,
        verdict: None,
    };
    Ok((page.into_iter().map(line).collect(), next))
}

/// Closures that were made in the period.
fn made(
    db: &mut Db,
    (by, member, days): (By, &str, Span),
    which: Which,
    withheld: bool,
    after: Option<&str>,
    rules: &Rules,
) -> Result<Lines, Refused> {
    let after = match after {
        Some(closure) => {
            let at = lines::made(db, closure)?.ok_or_else(late::no_such_page)?;
            Some((at, closure))
        }
        None => None,
    };
    let span = count::span(days, rules);
    let rows = lines::of(db, &span, (group(by), member), after, LOOKED_AT)?;
    let full = i64::try_from(rows.len()).is_ok_and(|found| found >= LOOKED_AT);
    let names = Names::read(db)?;
    let (mut found, mut last) = (Vec::new(), None);
    let mut more = full;
    for row in rows {
        if found.len() == LINES {
            more = true;
            break;
        }
        last = Some(row.id.clone());
        let rated = rating(&row, rules.figures.unverified)?;
        let line = ClosureLine {
            number: row.number.clone(),
            unit: said(&names.units, &row.unit_id),
            handler: said(&names.people, &row.handler_id).zh,
            category: said(&names.kinds, &row.category_id),
            closed_on: Some(rules.day(moment(row.at))),
            due_on: row.due_on,
            state: None,
            reopened: again(&row.id, row.current.as_deref(), &row.state),
            verdict: rated.filter(|_| !withheld),
        };
        let fits = match which {
            Which::Bad => line.verdict == Some(Verdict::Bad),
            Which::Reopened => line.reopened,
            Which::All | Which::Late | Which::LateFirst => true,
        };
        if fits {
            found.push(line);
        }
    }
    Ok((found, last.filter(|_| more)))
}

pub(super) const fn group(by: By) -> Group {
    match by {
        By::Unit => Group::Unit,
        By::Handler => Group::Handler,
        By::Leader => Group::Leader,
        By::Category => Group::Category,
        By::Channel => Group::Channel,
        By::Level => Group::Level,
        By::Grade => Group::Grade,
    }
}

/// The rating that counts.
fn rating(row: &LineRow, unverified: bool) -> Result<Option<Verdict>, Refused> {
    let best = row.rating.as_ref().or(row.by_code.as_ref().filter(|_| unverified));
    let counts = best.filter(|(_, outcome)| outcome.as_deref() != Some("accepted"));
    Ok(counts.map(|(verdict, _)| unword(verdict)).transpose()?)
}
