//! Taking a notice: what it would change is shown first; then the calendar is
//! written in one transaction. Nothing else happens here: promises are counted
//! again in one place, whatever brought the calendar.

use chrono::NaiveDate;
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
        calendar::Override,
        holidays::{self, Notice},
        text::problem,
    },
    store::{
        connection::Db,
        directory::{self, edit},
        issues,
    },
};

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

/// Takes a file: its years become official. Promises that were provisional are
/// moved by [`recompute`](crate::actions::timed::recompute), which notices that
/// the calendar is another one.
pub fn take(db: &mut Db, actor: &Actor, file: &CalendarFile, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Calendar))?;
    let notice = read(&file.text)?;
    let days = notice.over(&directory::workdays(db)?);
    write(db, &notice, &days)?;
    let years: Vec<String> = notice.years.iter().map(ToString::to_string).collect();
    let detail = serde_json::json!({ "years": notice.years, "days": notice.days.len() });
    let subject = Subject { kind: "calendar", id: &years.join(" ") };
    admin::record(db, subject, "calendar_imported", &detail, &actor.id, at)
}

fn read(text: &str) -> Result<Notice, Refused> {
    holidays::read(text).map_err(|error| {
        let zh = format!("日历文件第{}行有误：{}", error.line, error.what.zh);
        Refused::Invalid(vec![problem("text", zh, error.to_string())])
    })
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
