//! Counting days from what happened. The job that keeps the sums, the recount
//! and the rebuilding all count here.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate, NaiveDateTime};
use qiyema_protocol::rating::{Round, Tier};

use super::{
    super::{Refused, Rules, issue::step::is_complex},
    kinds::Kinds,
    promises,
};
use crate::{
    clock::Timestamp,
    domain::{
        deadline::{self, Limit},
        figures::{
            book::{Behind, Book, Place},
            facts::{self, Accepted, CallBack, Closure, Fix, Given, REPEAT_DAYS},
            period,
        },
        window,
    },
    store::{
        QueryResult,
        columns::{column, moment, unword},
        connection::Db,
        figures::{
            IssueFacts, Span,
            after::{self, CallRow, RatedRow, RectifiedRow},
            facts as rows, history,
        },
        frozen::Frozen,
    },
};

/// Local days with the moments at which they begin and end.
pub(super) fn span((from, to): period::Span, rules: &Rules) -> Span {
    let next = to.succ_opt().unwrap_or(to);
    let start = |day| column(window::start(day, rules.zone));
    Span { from, to, start: start(from), end: start(next) }
}

/// Counts every fact of these days.
pub fn count(db: &mut Db, days: period::Span, rules: &Rules) -> Result<Book, Refused> {
    let span = span(days, rules);
    let mut book = Book::default();
    closures(db, &span, rules, &mut book)?;
    promises::enter(db, &span, rules, &mut book)?;
    accepted(db, &span, rules, &mut book)?;
    let returns = by_unit(rows::returns(db, &span)?);
    let again = by_unit(rows::assigned_again(db, &span)?);
    let assigned = rows::assigned(db, &span)?;
    let kinds = Kinds::of(db, assigned.iter().map(|row| row.issue_id.clone()).collect())?;
    for row in assigned {
        let kind = kinds.at(&row.issue_id, row.at, &row.issue);
        let its = (row.issue_id, row.unit_id);
        let moments = |of: &Moments| of.get(&its).cloned().unwrap_or_default();
        // A return is of the assignment that it was asked for in, not of those of earlier rounds.
        let until = moments(&again).into_iter().filter(|at| *at > row.at).min();
        let returned =
            moments(&returns).iter().any(|at| *at >= row.at && until.is_none_or(|until| *at < until));
        let handler = row.handler_id.as_deref().unwrap_or_default();
        let whose = behind(&its.1, handler, row.frozen.as_ref());
        book.enter(day(row.at, rules), place(kind, whose), &facts::assigned(returned));
    }
    Ok(book)
}

/// Moments by issue and unit: a week of a large city has too many to look through for each assignment.
type Moments = HashMap<(String, String), Vec<NaiveDateTime>>;

fn by_unit(rows: Vec<(String, String, NaiveDateTime)>) -> Moments {
    let mut moments = Moments::new();
    for (issue, unit, at) in rows {
        moments.entry((issue, unit)).or_default().push(at);
    }
    moments
}

fn of_issue(rows: Vec<(String, NaiveDateTime)>) -> HashMap<String, Vec<NaiveDateTime>> {
    let mut moments: HashMap<String, Vec<NaiveDateTime>> = HashMap::new();
    for (issue, at) in rows {
        moments.entry(issue).or_default().push(at);
    }
    moments
}

pub(super) fn day(at: NaiveDateTime, rules: &Rules) -> NaiveDate {
    rules.day(moment(at))
}

pub(super) fn behind<'a>(unit: &'a str, handler: &'a str, frozen: Option<&'a Frozen>) -> Behind<'a> {
    let (grade, leader) =
        frozen.map_or(("", ""), |(grade, leader)| (grade, leader.as_deref().unwrap_or_default()));
    Behind { unit, handler, leader, grade }
}

pub(super) fn place<'a>(issue: &'a IssueFacts, behind: Behind<'a>) -> Place<'a> {
    Place { behind, category: &issue.category_id, channel: &issue.channel_id, level: &issue.level }
}

/// Closures made on the days, with all that came of them since.
fn closures(db: &mut Db, span: &Span, rules: &Rules, book: &mut Book) -> Result<(), Refused> {
    let mut given: HashMap<String, Vec<Given>> = HashMap::new();
    let flagged: HashSet<String> = after::flagged(db, span)?.into_iter().collect();
    for row in after::rated(db, span)? {
        let rating = rating(&row, flagged.contains(&row.id))?;
        given.entry(row.closure_id).or_default().push(rating);
    }
    let mut calls: HashMap<String, Vec<CallBack>> = HashMap::new();
    for row in after::called(db, span)? {
        let call = call(&row)?;
        calls.entry(row.closure_id).or_default().push(call);
    }
    let fixes: HashMap<String, RectifiedRow> =
        after::rectified(db, span)?.into_iter().map(|row| (row.closure_id.clone(), row)).collect();
    let extended = of_issue(after::extended(db, span)?);
    let before = of_issue(after::closed_before(db, span)?);
    let rows = rows::closed(db, span, true)?;
    let kinds = Kinds::of(db, rows.iter().map(|row| row.issue_id.clone()).collect())?;
    for row in rows {
        let fix = fixes.get(&row.id).map(|fix| {
            // One that was opened before its limit was kept has what is set now.
            let complex = row.frozen.as_ref().is_some_and(|(grade, _)| is_complex(grade));
            let set = if complex { rules.limits.fix_complex } else { rules.limits.fix };
            let days = fix.working_days.and_then(|days| u32::try_from(days).ok()).unwrap_or(set);
            let limit = Limit::WorkingDays(days);
            Fix {
                due_on: deadline::promise(moment(fix.at), limit, &rules.calendar, rules.zone).due_on,
                fixed: fix.fixed.map(|at| (day(at, rules), moment(at))),
            }
        });
        // Each round of handling has its own extension, after the closure of the round before.
        let since = before.get(&row.issue_id).into_iter().flatten().filter(|at| **at < row.at).max();
        let in_round = |at: &NaiveDateTime| *at <= row.at && since.is_none_or(|since| at > since);
        let one = Closure {
            closed_on: day(row.at, rules),
            accepted_on: row.accepted_at.map(|at| day(at, rules)),
            resolved: row.result == "resolved",
            extended: extended.get(&row.issue_id).into_iter().flatten().any(in_round),
            reopened: row.taken_up_again(),
            rate_until: row.rate_until,
            invited: row.invitation.is_some(),
            ratings: given.remove(&row.id).unwrap_or_default(),
            fix,
            call_backs: calls.remove(&row.id).unwrap_or_default(),
        };
        let sums = facts::closure(&one, &rules.calendar, rules.figures.unverified);
        let whose = behind(&row.unit_id, &row.handler_id, row.frozen.as_ref());
        let kind = kinds.when_closed(&row.issue_id, &row.id, &row.issue);
        book.enter(one.closed_on, place(kind, whose), &sums);
    }
    Ok(())
}

fn rating(row: &RatedRow, flagged: bool) -> QueryResult<Given> {
    let (tier, round): (Tier, Round) = (unword(&row.tier)?, unword(&row.round)?);
    let tags: Vec<String> = serde_json::from_str(&row.tags).unwrap_or_default();
    Ok(Given {
        tier,
        round,
        verdict: unword(&row.verdict)?,
        at: moment(row.at),
        invited: row.proof.as_deref() == Some("invitation"),
        excluded: row.outcome.as_deref() == Some("accepted"),
        flagged,
        tags: tags.into_iter().map(|id| format!("{}/{id}", row.tags_version)).collect(),
    })
}

fn call(row: &CallRow) -> QueryResult<CallBack> {
    Ok(CallBack {
        at: moment(row.at),
        contacted: row.contacted.as_deref() == Some("yes"),
        solved: row.solved.as_deref().map(unword).transpose()?,
        satisfaction: row.satisfaction.as_deref().map(unword).transpose()?,
        reopened: row.decision == "reopened",
    })
}

/// Issues accepted on the days, and what became of them.
fn accepted(db: &mut Db, span: &Span, rules: &Rules, book: &mut Book) -> Result<(), Refused> {
    let deferred = after::deferred(db, span)?;
    // The owner heard from the unit when it was in touch; by the closure, where that came first.
    let mut words: HashMap<String, NaiveDateTime> = HashMap::new();
    for (issue, at) in after::contacted(db, span)?.into_iter().chain(after::first_closed(db, span)?) {
        let Some(at) = at else { continue };
        words.entry(issue).and_modify(|first| *first = at.min(*first)).or_insert(at);
    }
    let back = chrono::TimeDelta::days(i64::try_from(REPEAT_DAYS).unwrap_or(0));
    let last: HashMap<after::Kept, NaiveDateTime> = after::last_before(db, span, span.start - back)?
        .into_iter()
        .filter_map(|(of, at)| Some((of, at?)))
        .collect();
    let mut within: HashMap<after::Kept, Vec<(String, NaiveDateTime)>> = HashMap::new();
    for (of, issue, at) in after::closed_within(db, span)? {
        within.entry(of).or_default().push((issue, at));
    }
    let rows = rows::accepted(db, span)?;
    let kinds = Kinds::of(db, rows.iter().map(|row| row.id.clone()).collect())?;
    let open = rows.iter().filter(|row| row.is_open || row.closure.is_none());
    let open: Vec<String> = open.map(|row| row.id.clone()).collect();
    let leads: HashMap<String, Option<Frozen>> =
        history::leads(db, &open)?.into_iter().map(|(issue, .., frozen)| (issue, frozen)).collect();
    for row in rows {
        let Some(at) = row.accepted_at else { continue };
        let key = (row.enterprise_id.clone(), row.issue.category_id.clone());
        // No issue is closed before it was accepted: what was closed before the span is another one.
        let repeated = last.get(&key).is_some_and(|closed| *closed >= at - back)
            || within
                .get(&key)
                .into_iter()
                .flatten()
                .any(|(issue, closed)| *issue != row.id && *closed < at && *closed >= at - back);
        let word = words.get(&row.id).copied();
        let tenths = |word| {
            let span: (Timestamp, Timestamp) = (moment(at), moment(word));
            facts::working_tenths(span, rules.figures.hours, &rules.calendar, rules.zone)
        };
        let closed = !row.is_open && row.closure.is_some();
        let sums = facts::accepted(Accepted {
            closed,
            deferred: deferred.contains(&row.id),
            repeated,
            first_word: word.filter(|word| *word >= at).map(tenths),
        });
        let (kind, whose) = match &row.closure {
            Some((closure, unit, handler)) if closed => {
                (kinds.when_closed(&row.id, closure, &row.issue), behind(unit, handler, row.frozen.as_ref()))
            }
            _ => (
                &row.issue,
                behind(
                    row.lead_unit_id.as_deref().unwrap_or_default(),
                    row.handler_id.as_deref().unwrap_or_default(),
                    leads.get(&row.id).and_then(Option::as_ref).filter(|_| row.lead_unit_id.is_some()),
                ),
            ),
        };
        book.enter(day(at, rules), place(kind, whose), &sums);
    }
    Ok(())
}

/// The day after which nothing is promised any more.
pub(super) fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}
