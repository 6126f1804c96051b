//! The years of the calendar, and whether the next one is missing.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use qiyema_protocol::directory::{CalendarYear, SpecialDay};

use crate::{
    actions::{
        Refused, Rules,
        rights::{Actor, Area, Deed},
    },
    domain::{
        calendar::{Calendar, DayKind, Override},
        holidays,
    },
    store::{connection::Db, directory},
};

/// The month of autumn from which the next year's calendar is missed.
const WARN_FROM_MONTH: u32 = 11;

/// Years that are known, and the present and next one.
pub fn years(db: &mut Db, actor: &Actor, today: NaiveDate) -> Result<Vec<CalendarYear>, Refused> {
    actor.may(Deed::Inspect(Area::Calendar))?;
    let days = directory::workdays(db)?;
    let wanted: BTreeSet<i32> =
        days.iter().map(|one| one.day.year()).chain([today.year(), today.year() + 1]).collect();
    Ok(of(&days, &wanted))
}

/// The year that is filled in next, and a file to fill in.
pub fn template(
    db: &mut Db,
    actor: &Actor,
    rules: &Rules,
    today: NaiveDate,
) -> Result<(i32, String), Refused> {
    actor.may(Deed::Inspect(Area::Calendar))?;
    let year = to_fill(rules, today);
    Ok((year, holidays::template(year, &directory::workdays(db)?)))
}

/// The year that is filled in next: one that is missed, or the next one.
#[must_use]
pub fn to_fill(rules: &Rules, today: NaiveDate) -> i32 {
    missing(rules, today).unwrap_or(today.year() + 1)
}

/// These years of a calendar.
pub(super) fn of(days: &[Override], wanted: &BTreeSet<i32>) -> Vec<CalendarYear> {
    let calendar = Calendar::new(days.iter().copied());
    let year = |year: &i32| CalendarYear {
        year: *year,
        official: calendar.is_official(*year),
        working_days: calendar.working_days_in_year(*year),
        days: days.iter().filter(|one| one.day.year() == *year).copied().map(special).collect(),
    };
    wanted.iter().map(year).collect()
}

/// A day as shown.
pub(super) fn special(one: Override) -> SpecialDay {
    SpecialDay { date: one.day, workday: one.kind == DayKind::Workday }
}

/// The year whose calendar is missed today: this one, or from November the next.
#[must_use]
pub fn missing(rules: &Rules, today: NaiveDate) -> Option<i32> {
    let next = (today.month() >= WARN_FROM_MONTH).then_some(today.year() + 1);
    [Some(today.year()), next].into_iter().flatten().find(|year| !rules.calendar.is_official(*year))
}
