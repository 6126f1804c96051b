//! Taking a notice: what it would change is shown first; then the calendar is
//! written in one transaction. Nothing else happens here: promises are counted
//! again in one place, whatever brought the calendar.

use chrono::{Datelike, NaiveDate, Weekday};
use qiyema_protocol::directory::{CalendarChange, CalendarFile};

use super::show;
use crate::{
    actions::{
        Refused,
        admin::{self, Subject},
        rights::{Actor, Area, Deed},
    },
    clock::Timestamp,
    domain::{
        calendar::{DayKind, Override},
        holidays::{self, Notice},
        text::problem,
    },
    store::{
        connection::Db,
        directory::{self, edit},
        issues,
    },
};

/// What a file may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Days from this one on. What those before it were in a year that is known stays: clocks ran by it, and figures
    /// were counted.
    From(NaiveDate),
    /// Every day: a mistake is put right by whoever holds the machine, so that no administrator alone moves figures.
    All,
}

/// What a file would change.
pub fn preview(
    db: &mut Db,
    actor: &Actor,
    file: &CalendarFile,
    reach: Reach,
) -> Result<CalendarChange, Refused> {
    actor.may(Deed::Administer(Area::Calendar))?;
    let notice = read(&file.text)?;
    let before = directory::workdays(db)?;
    let after = notice.over(&before);
    within(reach, &before, &after)?;
    Ok(CalendarChange {
        years: show::of(&after, &notice.years),
        changed: changed(&before, &after).map(show::special).collect(),
        removed: removed(&before, &after),
        provisional_issues: u32::try_from(issues::provisional(db)?).unwrap_or(u32::MAX),
    })
}

/// Takes a file: its years become official. Promises that were provisional are
/// moved by [`recompute`](crate::actions::timed::recompute), which notices that
/// the calendar is another one.
pub fn take(
    db: &mut Db,
    actor: &Actor,
    file: &CalendarFile,
    reach: Reach,
    at: Timestamp,
) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Calendar))?;
    let notice = read(&file.text)?;
    let before = directory::workdays(db)?;
    let days = notice.over(&before);
    within(reach, &before, &days)?;
    write(db, &notice, &days)?;
    let years: Vec<String> = notice.years.iter().map(ToString::to_string).collect();
    // A day moves promises, so the trail names each one: by their number alone nobody could say which.
    let (off, on): (Vec<Override>, _) = changed(&before, &days).partition(|one| one.kind == DayKind::Holiday);
    let plain = |days: Vec<Override>| days.into_iter().map(|one| one.day).collect::<Vec<_>>();
    let detail = serde_json::json!({
        "years": notice.years,
        "days": notice.days.len(),
        "days_off": plain(off),
        "makeup_workdays": plain(on),
        "removed": removed(&before, &days),
    });
    let subject = Subject { kind: "calendar", id: &years.join(" ") };
    admin::record(db, subject, "calendar_imported", &detail, &actor.id, at)
}

/// Refuses to make another kind of day of one that is over, in a year that was known before.
fn within(reach: Reach, before: &[Override], after: &[Override]) -> Result<(), Refused> {
    let Reach::From(today) = reach else { return Ok(()) };
    let known = |day: NaiveDate| before.iter().any(|one| one.day.year() == day.year());
    let same = |day: NaiveDate| kind_of(before, day) == kind_of(after, day);
    let touched = changed(before, after).map(|one| one.day).chain(removed(before, after));
    let mut over: Vec<NaiveDate> = touched.filter(|day| *day < today && known(*day) && !same(*day)).collect();
    over.sort_unstable();
    let Some(first) = over.first() else { return Ok(()) };
    let days = over.len();
    Err(Refused::Invalid(vec![problem(
        "text",
        format!(
            "有{days}个已经过去的日子会改变（最早{first}）：期限已按原日历计算，不能在此改动。如确有错误，请由运维人员在服务器上执行 qiyema-server calendar take"
        ),
        format!(
            "{days} days that are over would change (the first: {first}): clocks ran by them. A mistake is put right \
             on the server: qiyema-server calendar take"
        ),
    )]))
}

/// What a day is: what is said of it, else by its place in the week.
fn kind_of(days: &[Override], day: NaiveDate) -> DayKind {
    let ordinary = match day.weekday() {
        Weekday::Sat | Weekday::Sun => DayKind::Holiday,
        _ => DayKind::Workday,
    };
    days.iter().find(|one| one.day == day).map_or(ordinary, |one| one.kind)
}

/// Days that are new or another kind of day than before.
fn changed(before: &[Override], after: &[Override]) -> impl Iterator<Item = Override> {
    after.iter().filter(|one| !before.contains(one)).copied()
}

/// Days that were special and are ordinary again.
fn removed(before: &[Override], after: &[Override]) -> Vec<NaiveDate> {
    let still = |day: NaiveDate| after.iter().any(|one| one.day == day);
    before.iter().map(|one| one.day).filter(|day| !still(*day)).collect()
}

fn read(text: &str) -> Result<Notice, Refused> {
    holidays::read(text).map_err(|error| {
        let zh = format!("日历文件第{}行有误：{}", error.line, error.what.zh);
        Refused::Invalid(vec![problem("text", zh, error.to_string())])
    })
}

fn write(db: &mut Db, notice: &Notice, days: &[Override]) -> Result<(), Refused> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let spans: Vec<_> = notice.years.iter().map(|year| (day(*year, 1, 1), day(*year, 12, 31))).collect();
    let new: Vec<_> = days.iter().filter(|one| notice.days.contains(one)).copied().collect();
    Ok(edit::replace_workdays(db, &spans, &new)?)
}
