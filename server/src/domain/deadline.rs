//! Promises (承诺时限), lamps (亮灯) and extensions (延期), computed from events.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use qiyema_protocol::board::Lamp;

use super::calendar::Calendar;
use crate::clock::Timestamp;

/// A time limit of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Working days; due at the end of the last one. None of them is the same day: that of
    /// the event if it is a working day, else the next working day, for what happens at a
    /// weekend or on a holiday counts from there.
    WorkingDays(u32),
    /// Hours on the clock, for urgent grades.
    Hours(u32),
}

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised {
    /// Exact moment (UTC).
    pub due_at: Timestamp,
    /// Local day.
    pub due_on: NaiveDate,
    /// Touches a year without an official calendar.
    pub provisional: bool,
}

/// Why an extension is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionRefused {
    /// So many working days at most.
    #[error("an extension adds too few or too many working days")]
    Length,
    /// Once per issue and round.
    #[error("a promise is extended once")]
    Twice,
    /// Asked at least one working day before it is due.
    #[error("an extension is asked for at least one working day before the due day")]
    TooLate,
}

/// The promise for work that starts at `start`.
pub fn promise(start: Timestamp, limit: Limit, calendar: &Calendar, zone: Tz) -> Promised {
    match limit {
        Limit::WorkingDays(n) => {
            let day = start.with_timezone(&zone).date_naive();
            let due = if n == 0 { calendar.same_day(day) } else { calendar.add_working_days(day, n) };
            Promised { due_at: end_of(due.date, zone), due_on: due.date, provisional: due.provisional }
        }
        Limit::Hours(n) => {
            let due_at = start + Duration::hours(i64::from(n));
            Promised { due_at, due_on: due_at.with_timezone(&zone).date_naive(), provisional: false }
        }
    }
}

/// The promise `days` working days after the one given.
pub fn extend(due_on: NaiveDate, days: u32, calendar: &Calendar, zone: Tz) -> Promised {
    let due = calendar.add_working_days(due_on, days);
    Promised { due_at: end_of(due.date, zone), due_on: due.date, provisional: due.provisional }
}

/// The promise of an issue that goes on today with so many working days left, as
/// when its clock stopped: neither time nor lateness is given away.
pub fn resume(today: NaiveDate, left: i32, calendar: &Calendar, zone: Tz) -> Promised {
    let due = if left < 0 {
        calendar.before_working_days(today, left.unsigned_abs())
    } else if left == 0 && !calendar.is_workday(today) {
        calendar.add_working_days(today, 1)
    } else {
        calendar.add_working_days(today, left.unsigned_abs())
    };
    Promised { due_at: end_of(due.date, zone), due_on: due.date, provisional: due.provisional }
}

/// Whether an extension may be granted today.
pub fn extension_allowed(
    today: NaiveDate,
    due_on: NaiveDate,
    extended: bool,
    days: u32,
    longest: u32,
    calendar: &Calendar,
) -> Result<(), ExtensionRefused> {
    if !(1..=longest).contains(&days) {
        return Err(ExtensionRefused::Length);
    }
    if extended {
        return Err(ExtensionRefused::Twice);
    }
    if calendar.working_days_left(today, due_on) < 1 {
        return Err(ExtensionRefused::TooLate);
    }
    Ok(())
}

/// Lamp and working days left: green; yellow with one working day left; red
/// when due today; overdue after the exact moment.
pub fn lamp(
    due_at: Timestamp,
    due_on: NaiveDate,
    now: Timestamp,
    calendar: &Calendar,
    zone: Tz,
) -> (Lamp, i32) {
    let today = now.with_timezone(&zone).date_naive();
    let left = calendar.working_days_left(today, due_on);
    if now > due_at {
        // A limit in hours can pass on its own day: 0 would say that it is due today.
        return (Lamp::Overdue, left.min(-1));
    }
    let lamp = if today == due_on {
        Lamp::Red
    } else if left <= 1 {
        Lamp::Yellow
    } else {
        Lamp::Green
    };
    (lamp, left)
}

/// Whole hours since a limit in hours passed, within its first day; after that,
/// and where a limit is a day, working days say it.
pub fn hours_over(due_at: Timestamp, due_on: NaiveDate, now: Timestamp, zone: Tz) -> Option<u32> {
    let over = now - due_at;
    let lately = over > Duration::zero() && over < Duration::days(1);
    (lately && due_at != end_of(due_on, zone)).then(|| u32::try_from(over.num_hours()).unwrap_or_default())
}

/// The last millisecond of a local day.
pub fn end_of(day: NaiveDate, zone: Tz) -> Timestamp {
    let last = NaiveTime::from_hms_milli_opt(23, 59, 59, 999).unwrap_or(NaiveTime::MIN);
    match zone.from_local_datetime(&day.and_time(last)).latest() {
        Some(local) => local.with_timezone(&Utc),
        None => DateTime::from_naive_utc_and_offset(day.and_time(last), Utc),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;
    use qiyema_protocol::board::Lamp;

    use super::{ExtensionRefused, Limit, extension_allowed, hours_over, lamp, promise, resume};
    use crate::{clock::Timestamp, domain::calendar::Calendar};

    fn calendar() -> Calendar {
        Calendar::from_csv(include_str!("../../seed/workdays.csv")).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_local_day_counts_not_the_utc_one() {
        // 23:30 on 23 November in Huzhou is still the 23rd; 00:30 UTC+8 on the 24th is not.
        let late = promise(at("2026-11-23T15:30:00Z"), Limit::WorkingDays(5), &calendar(), Shanghai);
        let next = promise(at("2026-11-23T16:30:00Z"), Limit::WorkingDays(5), &calendar(), Shanghai);
        assert_eq!(late.due_on.to_string(), "2026-11-30");
        assert_eq!(next.due_on.to_string(), "2026-12-01");
        assert_eq!(late.due_at, at("2026-11-30T15:59:59.999Z"));
    }

    #[test]
    fn the_same_day_is_a_working_day() {
        let due = |start: &str| {
            let start = at(&format!("{start}+08:00"));
            let due = promise(start, Limit::WorkingDays(0), &calendar(), Shanghai);
            assert_eq!(due.due_at, super::end_of(due.due_on, Shanghai));
            (due.due_on.to_string(), due.provisional)
        };
        for (start, day) in [
            ("2026-11-23T10:00:00", "2026-11-23"),
            ("2026-11-23T23:59:00", "2026-11-23"),
            ("2026-11-28T10:00:00", "2026-11-30"),
            ("2026-11-29T21:00:00", "2026-11-30"),
            ("2026-10-01T09:00:00", "2026-10-08"),
            ("2026-10-10T09:00:00", "2026-10-10"),
            ("2026-02-14T09:00:00", "2026-02-14"),
            ("2026-02-15T09:00:00", "2026-02-24"),
            ("2026-12-31T09:00:00", "2026-12-31"),
        ] {
            assert_eq!(due(start), (day.to_owned(), false), "{start}");
        }
        assert_eq!(due("2027-01-02T09:00:00"), ("2027-01-04".to_owned(), true), "nobody knows yet");
    }

    #[test]
    fn urgent_limits_run_on_the_clock() {
        let due = promise(at("2026-11-28T03:00:00Z"), Limit::Hours(2), &calendar(), Shanghai);
        assert_eq!(due.due_at, at("2026-11-28T05:00:00Z"));
    }

    #[test]
    fn lamps_turn_with_the_days() {
        let due = promise(at("2026-11-23T02:00:00Z"), Limit::WorkingDays(5), &calendar(), Shanghai);
        let seen = |now| lamp(due.due_at, due.due_on, at(now), &calendar(), Shanghai);
        assert_eq!(seen("2026-11-25T02:00:00Z"), (Lamp::Green, 3));
        assert_eq!(seen("2026-11-27T02:00:00Z"), (Lamp::Yellow, 1));
        assert_eq!(seen("2026-11-30T02:00:00Z"), (Lamp::Red, 0));
        assert_eq!(seen("2026-11-30T16:00:00Z"), (Lamp::Overdue, -1));
    }

    #[test]
    fn an_hour_limit_passes_on_its_own_day() {
        let due = promise(at("2026-11-24T01:00:00Z"), Limit::Hours(2), &calendar(), Shanghai);
        let seen = |now| lamp(due.due_at, due.due_on, at(now), &calendar(), Shanghai);
        assert_eq!(seen("2026-11-24T03:00:00Z"), (Lamp::Red, 0));
        assert_eq!(seen("2026-11-24T03:00:01Z"), (Lamp::Overdue, -1));
    }

    #[test]
    fn what_passed_today_is_late_by_hours() {
        let due = promise(at("2026-11-24T01:00:00Z"), Limit::Hours(2), &calendar(), Shanghai);
        let over = |now| hours_over(due.due_at, due.due_on, at(now), Shanghai);
        assert_eq!(over("2026-11-24T03:00:00Z"), None, "not late yet");
        assert_eq!(over("2026-11-24T03:20:00Z"), Some(0));
        assert_eq!(over("2026-11-24T08:30:00Z"), Some(5));
        assert_eq!(over("2026-11-25T02:00:00Z"), Some(23), "also past midnight");
        assert_eq!(over("2026-11-25T03:00:00Z"), None, "a working day");
        let day = promise(at("2026-11-23T02:00:00Z"), Limit::WorkingDays(1), &calendar(), Shanghai);
        assert_eq!(hours_over(day.due_at, day.due_on, at("2026-11-24T18:00:00Z"), Shanghai), None);
    }

    #[test]
    fn what_was_left_is_left_after_a_deferral() {
        let day = |text: &str| text.parse().unwrap();
        let due = |today: &str, left| resume(day(today), left, &calendar(), Shanghai).due_on.to_string();
        assert_eq!(due("2026-11-23", 3), "2026-11-26");
        assert_eq!(due("2026-11-27", 3), "2026-12-02", "across a weekend");
        assert_eq!(due("2026-11-27", 0), "2026-11-27");
        assert_eq!(due("2026-11-28", 0), "2026-11-30", "not due on a Saturday");
        for (today, late) in [("2026-11-24", -2), ("2026-11-30", -1), ("2026-11-28", -1), ("2026-10-10", -4)]
        {
            let promised = resume(day(today), late, &calendar(), Shanghai);
            assert_eq!(calendar().working_days_left(day(today), promised.due_on), late, "{today}");
        }
    }

    #[test]
    fn extensions_come_once_in_time_and_short() {
        let day = |text: &str| text.parse().unwrap();
        let ask = |today: &str, extended, days| {
            extension_allowed(day(today), day("2026-11-30"), extended, days, 10, &calendar())
        };
        assert_eq!(ask("2026-11-27", false, 10), Ok(()));
        assert_eq!(ask("2026-11-30", false, 1), Err(ExtensionRefused::TooLate));
        assert_eq!(ask("2026-11-25", true, 1), Err(ExtensionRefused::Twice));
        assert_eq!(ask("2026-11-25", false, 11), Err(ExtensionRefused::Length));
        assert_eq!(ask("2026-11-25", false, 0), Err(ExtensionRefused::Length));
    }
}
