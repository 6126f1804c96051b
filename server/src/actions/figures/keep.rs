//! Keeping the sums: what enters the log marks the days that it touches, and
//! marked days are counted anew as a whole. So a sum is never "adjusted": it is
//! always what a recount of its day gave.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    super::{Refused, Rules, job::Job},
    basis::{self, Basis},
    count::{self, count},
};
use crate::{
    clock::Timestamp,
    domain::figures::{
        book::{Book, Dimension, Page},
        period::{self, month_around},
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
    done: String,
    days: BTreeSet<NaiveDate>,
    /// Months begin on another day than before.
    other_months: bool,
    /// There may be more: days are counted when all that happened has marked them.
    pub more: bool,
}

/// Which days were touched by what entered the log, or by other rules than those they were counted by; none if nothing
/// did.
pub fn follow(db: &mut Db, rules: &Rules) -> Result<Option<Touched>, Refused> {
    let (from, before) = basis::noted(&leases::done(db, Job::Figures.name())?);
    let now = Basis::of(rules);
    let changed = before.as_ref() != Some(&now);
    let (last, mut issues) = history::entered(db, from, ENTRIES)?;
    if last.is_none() && !changed {
        return Ok(None);
    }
    issues.sort_unstable();
    issues.dedup();
    let (moments, days) = history::touched(db, &issues)?;
    let mut days: BTreeSet<NaiveDate> =
        moments.into_iter().map(|at| rules.day(moment(at))).chain(days).collect();
    if changed {
        days.extend(basis::stale(db, before.as_ref(), &now, rules)?);
    }
    let next = last.map_or(from, |last| last + 1);
    Ok(Some(Touched {
        done: basis::note(next, &now)?,
        days,
        other_months: before.is_some_and(|before| before.month != now.month),
        more: next - from >= ENTRIES,
    }))
}

/// Marks these days.
pub fn mark(db: &mut Db, touched: &Touched) -> Result<(), Refused> {
    if touched.other_months {
        kept::clear_months(db)?;
    }
    for day in &touched.days {
        kept::mark(db, *day)?;
    }
    Ok(leases::finish(db, Job::Figures.name(), &touched.done)?)
}

/// Days as counted, and the marks that asked for it.
#[derive(Debug, Clone)]
pub struct Counted {
    days: Vec<NaiveDate>,
    marks: Vec<String>,
    book: Book,
    /// The day on which months begin.
    first_day: u32,
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
    Ok(Some(Counted { days, marks, book, first_day: rules.figures.month_first_day }))
}

/// Keeps what was counted, and the sums of its months.
pub fn keep(db: &mut Db, counted: &Counted) -> Result<(), Refused> {
    let nothing = Page::new();
    for day in &counted.days {
        kept::replace(db, DAY, *day, counted.book.0.get(day).unwrap_or(&nothing))?;
    }
    let months: BTreeSet<period::Span> =
        counted.days.iter().map(|day| month_around(*day, counted.first_day)).collect();
    for month in months {
        let page = month_of(db, month)?;
        kept::replace(db, MONTH, month.0, &page)?;
    }
    Ok(kept::unmark(db, &counted.marks)?)
}

/// The sum of a month's days as they are kept.
fn month_of(db: &mut Db, month: period::Span) -> Result<Page, Refused> {
    let mut page = Page::new();
    for dimension in Dimension::ALL {
        for (_, member, sums) in kept::between(db, DAY, dimension, month)? {
            page.entry((dimension, member)).or_default().add(&sums);
        }
    }
    Ok(page)
}

/// Sums by member of a dimension over a period, as they stand today: what is promised for today or for a later day is
/// not due yet, whether it was kept early or not.
pub fn sums(
    db: &mut Db,
    dimension: Dimension,
    (from, to): period::Span,
    (rules, today): (&Rules, NaiveDate),
) -> Result<BTreeMap<String, Sums>, Refused> {
    let mut members: BTreeMap<String, Sums> = BTreeMap::new();
    let mut rows = Vec::new();
    if let Some(yesterday) = today.pred_opt() {
        let (months, mut single) = period::split((from, to.min(yesterday)), rules.figures.month_first_day);
        if !months.is_empty() {
            let begin = months.iter().map(|(first, _)| *first).collect();
            rows = kept::of_months(db, dimension, begin)?;
        }
        // What was not added up yet is read by its days.
        let known: BTreeSet<NaiveDate> = rows.iter().map(|(first, ..)| *first).collect();
        single.extend(months.into_iter().filter(|(first, _)| !known.contains(first)));
        for days in single {
            rows.extend(kept::between(db, DAY, dimension, days)?);
        }
    }
    if (from..=to).contains(&today) {
        let own = kept::between(db, DAY, dimension, (today, today))?;
        rows.extend(own.into_iter().map(|(day, member, mut sums)| {
            sums.leave_out_promises();
            (day, member, sums)
        }));
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

/// The months that touch a period.
fn months((from, to): period::Span, first_day: u32) -> impl Iterator<Item = period::Span> {
    let mut at = month_around(from, first_day);
    std::iter::from_fn(move || {
        let now = (at.0 <= to).then_some(at)?;
        at = month_around(count::later(now.1, 1), first_day);
        Some(now)
    })
}

/// Counts everything anew and keeps it, month by month in the place of what was there; for the demo, after an import,
/// or when a recount found a difference. Until a month is done its days are marked, so that pages say that they wait.
pub fn rebuild(db: &mut Db, rules: &Rules, at: Timestamp) -> Result<u32, Refused> {
    // What enters the log from here on is marked again later.
    let (size, first_day) = (ledger::size(db)?, rules.figures.month_first_day);
    let days = reach(db, rules, at)?;
    let done = basis::note(size, &Basis::of(rules))?;
    let begin: Vec<NaiveDate> = months(days, first_day).map(|(first, _)| first).collect();
    let mut marks = store::transaction(db, |db| {
        kept::unmark_all(db)?;
        kept::forget_other_months(db, &begin)?;
        let every = days.0.iter_days().take_while(|day| *day <= days.1);
        let marks = every.map(|day| kept::mark(db, day).map(|mark| (day, mark)));
        Ok::<_, Refused>(marks.collect::<store::QueryResult<Vec<_>>>()?)
    })?;
    let (nothing, mut counted) = (Page::new(), 0);
    for month in months(days, first_day) {
        for week in weeks((month.0.max(days.0), month.1.min(days.1))) {
            let book = count(db, week, rules)?;
            store::transaction(db, |db| {
                for day in week.0.iter_days().take_while(|day| *day <= week.1) {
                    kept::replace(db, DAY, day, book.0.get(&day).unwrap_or(&nothing))?;
                }
                Ok::<_, Refused>(())
            })?;
            counted += u32::try_from(book.0.len()).unwrap_or(u32::MAX);
        }
        let own: Vec<String> =
            marks.extract_if(.., |(day, _)| *day <= month.1).map(|(_, mark)| mark).collect();
        store::transaction(db, |db| {
            let page = month_of(db, month)?;
            kept::replace(db, MONTH, month.0, &page)?;
            kept::unmark(db, &own).map_err(Refused::from)
        })?;
    }
    store::transaction(db, |db| leases::finish(db, Job::Figures.name(), &done))?;
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
    for month in months(days, rules.figures.month_first_day) {
        // It is added up with its days.
        if waiting.range(month.0..=month.1).next().is_some() {
            continue;
        }
        let mut counted = month_of(db, month)?;
        for dimension in Dimension::ALL {
            for (day, member, sums) in kept::of_months(db, dimension, vec![month.0])? {
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
            let day = month.0;
            found.differences.push(Difference { span: MONTH, day, dimension, member, kept, counted });
        }
    }
    Ok(found)
}
