//! Taking a notice: what it would change is shown first. Promises that were
//! provisional are computed again in bounded batches, one event each, and the
//! calendar itself is written with the last batch. So a stop in the middle
//! leaves the old calendar and some promises already right; the same file again
//! finishes the work.

use chrono::NaiveDate;
use qiyema_protocol::{
    board::State,
    directory::{CalendarChange, CalendarFile},
};

use super::show;
use crate::{
    actions::{
        Deed as Event, Refused, Rules,
        admin::{self, Subject},
        issue::step::wind,
        record,
        rights::{Actor, Area, Deed},
    },
    clock::Timestamp,
    domain::{
        calendar::{Calendar, Override},
        deadline,
        event::Kind,
        holidays::{self, Notice},
        text::problem,
    },
    store::{
        columns::{column, moment, unword, word},
        connection::Db,
        directory::{self, edit},
        issues::{self, IssueRow},
    },
};

/// Issues in one transaction.
const BATCH: i64 = 200;

/// How far an import came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// There is more after this issue id.
    After(String),
    /// The calendar is written.
    Done,
}

/// What a file would change.
pub fn preview(db: &mut Db, actor: &Actor, file: &CalendarFile) -> Result<CalendarChange, Refused> {
    actor.may(Deed::Administer(Area::Calendar))?;
    let notice = read(&file.text)?;
    let before = directory::workdays(db)?;
    let after = notice.over(&before);
    let is = |days: &[Override], one: &Override| days.iter().any(|other| other == one);
    let still = |day: NaiveDate| after.iter().any(|one| one.day == day);
    Ok(CalendarChange {
        years: show::of(&after, &notice.years),
        changed: after.iter().filter(|one| !is(&before, one)).copied().map(show::special).collect(),
        removed: before.iter().map(|one| one.day).filter(|day| !still(*day)).collect(),
        provisional_issues: u32::try_from(issues::provisional(db)?).unwrap_or(u32::MAX),
    })
}

/// One transaction of an import: a batch of promises, and with the last one the calendar.
pub fn advance(
    db: &mut Db,
    actor: &Actor,
    file: &CalendarFile,
    after: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Progress, Refused> {
    actor.may(Deed::Administer(Area::Calendar))?;
    let notice = read(&file.text)?;
    let before = directory::workdays(db)?;
    let days = notice.over(&before);
    let new = Rules { calendar: Calendar::new(days.iter().copied()), ..rules.clone() };
    let fixed = unmoved(&before, &days).unwrap_or(after_all());
    let rows = issues::touched_by_calendar(db, first_moment(&new, fixed), after, BATCH)?;
    let last = rows.last().map(|issue| issue.id.clone());
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= BATCH);
    for issue in rows {
        compute_again(db, issue, fixed, rules, &new, &actor.id, at)?;
    }
    if let (true, Some(last)) = (full, last) {
        return Ok(Progress::After(last));
    }
    write(db, &notice, &days)?;
    let years: Vec<String> = notice.years.iter().map(ToString::to_string).collect();
    let detail = serde_json::json!({ "years": notice.years, "days": notice.days.len() });
    let subject = Subject { kind: "calendar", id: &years.join(" ") };
    admin::record(db, subject, "calendar_imported", &detail, &actor.id, at)?;
    Ok(Progress::Done)
}

fn read(text: &str) -> Result<Notice, Refused> {
    holidays::read(text).map_err(|error| {
        let zh = format!("日历文件第{}行有误:{}", error.line, error.what);
        Refused::Invalid(vec![problem("text", zh, error.to_string())])
    })
}

/// The day before the first one that the notice changes; up to it nothing moves.
fn unmoved(before: &[Override], after: &[Override]) -> Option<NaiveDate> {
    let differs = |one: &&Override, others: &[Override]| !others.contains(one);
    let gone = before.iter().filter(|one| differs(one, after));
    let new = after.iter().filter(|one| differs(one, before));
    gone.chain(new).map(|one| one.day).min().and_then(|day| day.pred_opt())
}

/// A day that no promise reaches: nothing is moved by a notice that changes nothing.
fn after_all() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 1, 1).unwrap_or(NaiveDate::MAX)
}

fn first_moment(rules: &Rules, day: NaiveDate) -> chrono::NaiveDateTime {
    column(deadline::end_of(day, rules.zone))
}

fn write(db: &mut Db, notice: &Notice, days: &[Override]) -> Result<(), Refused> {
    for year in &notice.years {
        let day = |month, day| NaiveDate::from_ymd_opt(*year, month, day).unwrap_or_default();
        edit::clear_workdays(db, day(1, 1), day(12, 31))?;
    }
    for one in days.iter().filter(|one| notice.days.contains(one)) {
        edit::clear_workdays(db, one.day, one.day)?;
        directory::insert_workday(db, *one)?;
    }
    Ok(())
}

/// As many working days after `fixed` as before, counted by the new calendar;
/// so an extension and a reopening are kept, however they came about.
fn compute_again(
    db: &mut Db,
    mut issue: IssueRow,
    fixed: NaiveDate,
    old: &Rules,
    new: &Rules,
    by: &str,
    at: Timestamp,
) -> Result<(), Refused> {
    let (seen, was) = (issue.version, (issue.due_on, issue.provisional));
    if let (true, Some(due_on), Some(accepted)) = (issue.provisional, issue.due_on, issue.accepted_at) {
        let from = new.day(moment(accepted)).max(fixed);
        let promised = deadline::moved(from, due_on, &old.calendar, &new.calendar, new.zone);
        issue.first_due_on = issue
            .first_due_on
            .map(|first| deadline::moved(from, first, &old.calendar, &new.calendar, new.zone).due_on);
        issue.due_on = Some(promised.due_on);
        issue.due_at = Some(column(promised.due_at));
        issue.provisional = promised.provisional;
    }
    let clock = issue.next_at;
    wind(db, &mut issue, new)?;
    let promise_moved = was != (issue.due_on, issue.provisional);
    if !promise_moved && clock == issue.next_at {
        return Ok(());
    }
    issue.version += 1;
    if promise_moved {
        issue.last_kind = word(Kind::DueRecomputed)?;
        issue.last_at = column(at);
    }
    if !issues::advance(db, &issue, seen)? {
        return Err(Refused::VersionConflict { current: seen + 1, changes: Vec::new() });
    }
    if !promise_moved {
        return Ok(());
    }
    let state: State = unword(&issue.state)?;
    let detail = serde_json::json!({ "from": was.0, "to": issue.due_on, "provisional": issue.provisional });
    record(
        db,
        &Event {
            enterprise: &issue.enterprise_id,
            subject: &issue.id,
            kind: Kind::DueRecomputed,
            state: Some(state),
            note: None,
            detail,
            by,
            at,
        },
    )
}
