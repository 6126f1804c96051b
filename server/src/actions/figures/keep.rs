//! Keeping the sums: what enters the log marks the days that it touches, and
//! marked days are counted anew as a whole. So a sum is never "adjusted": it is
//! always what a recount of its day gave.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    super::{Refused, Rules, job::Job},
    count::{self, count},
};
use crate::{
    clock::Timestamp,
    domain::figures::{
        book::{Book, Dimension, Page},
        period::{self, calendar_month},
        sums::Sums,
    },
    store::{
        self,
        columns::moment,
        connection::Db,
        figures::{
            facts, history,
            sums::{self as kept, DAY, MONTH},
        },
        leases, ledger,
    },
};

/// Entries of the log in one look.
const ENTRIES: i64 = 1000;
/// Days counted in one look.
const DAYS: usize = 7;

/// What happened since the last look.
#[derive(Debug, Clone)]
pub struct Touched {
    next: i64,
    days: BTreeSet<NaiveDate>,
    /// There may be more: days are counted when all that happened has marked them.
    pub more: bool,
}

/// Which days were touched by what entered the log; none if nothing did.
pub fn follow(db: &mut Db, rules: &Rules) -> Result<Option<Touched>, Refused> {
    let from = leases::done(db, Job::Figures.name())?.parse().unwrap_or(0);
    let (last, mut issues) = history::entered(db, from, ENTRIES)?;
    let Some(last) = last else { return Ok(None) };
    issues.sort_unstable();
    issues.dedup();
    let (moments, days) = history::touched(db, &issues)?;
    let days = moments.into_iter().map(|at| rules.day(moment(at))).chain(days).collect();
    Ok(Some(Touched { next: last + 1, days, more: last + 1 - from >= ENTRIES }))
}

/// Marks these days.
pub fn mark(db: &mut Db, touched: &Touched) -> Result<(), Refused> {
    for day in &touched.days {
        kept::mark(db, *day)?;
    }
    Ok(leases::finish(db, Job::Figures.name(), &touched.next.to_string())?)
}

/// Days as counted, and the marks that asked for it.
#[derive(Debug, Clone)]
pub struct Counted {
    days: Vec<NaiveDate>,
    marks: Vec<String>,
    book: Book,
}

/// Counts the earliest marked days; none if none is marked.
pub fn count_marked(db: &mut Db, rules: &Rules) -> Result<Option<Counted>, Refused> {
    let marked = kept::marked(db, DAYS)?;
    if marked.is_empty() {
        return Ok(None);
    }
    let mut book = Book::default();
    for (day, _) in &marked {
        book.0.extend(count(db, (*day, *day), rules)?.0);
    }
    let days = marked.iter().map(|(day, _)| *day).collect();
    let marks = marked.into_iter().flat_map(|(_, ids)| ids).collect();
    Ok(Some(Counted { days, marks, book }))
}

/// Keeps what was counted, and the sums of its months.
pub fn keep(db: &mut Db, counted: &Counted) -> Result<(), Refused> {
    let nothing = Page::new();
    for day in &counted.days {
        kept::replace(db, DAY, *day, counted.book.0.get(day).unwrap_or(&nothing))?;
    }
    let months: BTreeSet<NaiveDate> = counted.days.iter().map(|day| calendar_month(*day).0).collect();
    for month in months {
        let page = month_of(db, month)?;
        kept::replace(db, MONTH, month, &page)?;
    }
    Ok(kept::unmark(db, &counted.marks)?)
}

/// The sum of a month's days as they are kept.
fn month_of(db: &mut Db, month: NaiveDate) -> Result<Page, Refused> {
    let mut page = Page::new();
    for dimension in Dimension::ALL {
        for (_, member, sums) in kept::between(db, DAY, dimension, calendar_month(month))? {
            page.entry((dimension, member)).or_default().add(&sums);
        }
    }
    Ok(page)
}

/// Sums by member of a dimension over a period.
pub fn sums(
    db: &mut Db,
    dimension: Dimension,
    days: period::Span,
) -> Result<BTreeMap<String, Sums>, Refused> {
    let (months, single) = period::split(days);
    let mut members: BTreeMap<String, Sums> = BTreeMap::new();
    let mut rows = Vec::new();
    if let (Some(first), Some(last)) = (months.first(), months.last()) {
        rows.extend(kept::between(db, MONTH, dimension, (*first, *last))?);
    }
    for days in single {
        rows.extend(kept::between(db, DAY, dimension, days)?);
    }
    for (_, member, sums) in rows {
        members.entry(member).or_default().add(&sums);
    }
    Ok(members)
}

/// First and last day that can have sums.
fn reach(db: &mut Db, rules: &Rules, at: Timestamp) -> Result<period::Span, Refused> {
    let today = rules.day(at);
    let (first, last) = facts::reach(db)?;
    let (kept_first, kept_last) = kept::reach(db)?.unwrap_or((today, today));
    let first = first.map_or(today, |at| rules.day(moment(at)));
    Ok((first.min(kept_first), last.map_or(today, |day| day.max(today)).max(kept_last)))
}

/// The weeks of a period.
fn weeks((from, to): period::Span) -> impl Iterator<Item = period::Span> {
    let mut at = from;
    std::iter::from_fn(move || {
        let begun = (at <= to).then_some(at)?;
        let end = count::later(begun, 6).min(to);
        at = count::later(end, 1);
        Some((begun, end))
    })
}

/// Counts everything anew and keeps it; for the demo, after an import, or when a recount found a difference.
pub fn rebuild(db: &mut Db, rules: &Rules, at: Timestamp) -> Result<u32, Refused> {
    // What enters the log from here on is marked again later.
    let size = ledger::size(db)?;
    let days = reach(db, rules, at)?;
    store::transaction(db, |db| kept::clear(db).map_err(Refused::from))?;
    let mut counted = 0;
    for week in weeks(days) {
        let book = count(db, week, rules)?;
        store::transaction(db, |db| {
            for (day, page) in &book.0 {
                kept::replace(db, DAY, *day, page)?;
                counted += 1;
            }
            Ok::<_, Refused>(())
        })?;
    }
    let mut month = calendar_month(days.0).0;
    while month <= days.1 {
        store::transaction(db, |db| {
            let page = month_of(db, month)?;
            kept::replace(db, MONTH, month, &page).map_err(Refused::from)
        })?;
        month = count::later(calendar_month(month).1, 1);
    }
    store::transaction(db, |db| leases::finish(db, Job::Figures.name(), &size.to_string()))?;
    Ok(counted)
}

/// A sum that is not what a recount gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `day` or `month`.
    pub span: &'static str,
    /// The day, or the first of the month.
    pub day: NaiveDate,
    /// By what.
    pub dimension: Dimension,
    /// Of whom.
    pub member: String,
    /// As kept.
    pub kept: Sums,
    /// As counted.
    pub counted: Sums,
}

/// What a recount found.
#[derive(Debug, Clone, Serialize)]
pub struct Recounted {
    /// Days that were counted.
    pub days: u32,
    /// Days that wait to be counted anyway; they are not compared.
    pub waiting: u32,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Counts a period again, all of it if none is named, and compares.
pub fn recount(
    db: &mut Db,
    days: Option<period::Span>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Recounted, Refused> {
    let days = days.map_or_else(|| reach(db, rules, at), Ok)?;
    let waiting: BTreeSet<NaiveDate> =
        kept::marked(db, usize::MAX)?.into_iter().map(|(day, _)| day).collect();
    let mut found = Recounted { days: 0, waiting: kept::waiting(db)?, differences: Vec::new() };
    for week in weeks(days) {
        let mut book = count(db, week, rules)?;
        for dimension in Dimension::ALL {
            for (day, member, sums) in kept::between(db, DAY, dimension, week)? {
                let counted = book.0.get_mut(&day).and_then(|page| page.remove(&(dimension, member.clone())));
                let counted = counted.unwrap_or_default();
                if counted != sums && !waiting.contains(&day) {
                    found.differences.push(Difference {
                        span: DAY,
                        day,
                        dimension,
                        member,
                        kept: sums,
                        counted,
                    });
                }
            }
        }
        // What was counted and is not kept at all.
        for (day, page) in book.0 {
            found.days += 1;
            for ((dimension, member), counted) in page {
                if !waiting.contains(&day) {
                    let kept = Sums::default();
                    found.differences.push(Difference { span: DAY, day, dimension, member, kept, counted });
                }
            }
        }
    }
    let mut month = calendar_month(days.0).0;
    while month <= days.1 {
        let mut counted = month_of(db, month)?;
        for dimension in Dimension::ALL {
            for (day, member, sums) in kept::between(db, MONTH, dimension, (month, month))? {
                let counted = counted.remove(&(dimension, member.clone())).unwrap_or_default();
                if counted != sums {
                    found.differences.push(Difference {
                        span: MONTH,
                        day,
                        dimension,
                        member,
                        kept: sums,
                        counted,
                    });
                }
            }
        }
        for ((dimension, member), counted) in counted {
            let kept = Sums::default();
            found.differences.push(Difference { span: MONTH, day: month, dimension, member, kept, counted });
        }
        month = count::later(calendar_month(month).1, 1);
    }
    Ok(found)
}
