//! Working hours: the hours of a working day in which the offices are open. A
//! limit in working hours that is set in the evening or on a holiday begins when
//! the offices open again, as one in working days does.

use chrono::{Datelike, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{calendar::Calendar, deadline::Promised};
use crate::clock::Timestamp;

/// From when until when, local time: `"08:30-17:30"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct OfficeHours {
    opens: NaiveTime,
    closes: NaiveTime,
}

/// The text is not two times of a day, the earlier one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("office hours are two times of a day, the earlier one first, such as 08:30-17:30")]
pub struct NoHours;

impl Default for OfficeHours {
    fn default() -> Self {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        Self { opens: time(8, 30), closes: time(17, 30) }
    }
}

impl TryFrom<String> for OfficeHours {
    type Error = NoHours;

    fn try_from(text: String) -> Result<Self, NoHours> {
        let (opens, closes) = text.split_once('-').ok_or(NoHours)?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| NoHours);
        let (opens, closes) = (time(opens)?, time(closes)?);
        if opens < closes { Ok(Self { opens, closes }) } else { Err(NoHours) }
    }
}

impl OfficeHours {
    /// So many working hours after a moment.
    #[must_use]
    pub fn after(&self, start: Timestamp, hours: u32, calendar: &Calendar, zone: Tz) -> Promised {
        let local = start.with_timezone(&zone).naive_local();
        let mut left = TimeDelta::hours(i64::from(hours));
        let (mut day, mut from) = (local.date(), local.time().max(self.opens));
        // Enough for any limit; a calendar without working days is no reason to hang.
        for _ in 0..3660 {
            let open = if calendar.is_workday(day) { self.closes - from } else { TimeDelta::zero() };
            if open > TimeDelta::zero() && left <= open {
                break;
            }
            left -= open.max(TimeDelta::zero());
            let Some(next) = day.checked_add_days(Days::new(1)) else { break };
            (day, from) = (next, self.opens);
        }
        let due = day.and_time(from + left);
        let due_at = zone
            .from_local_datetime(&due)
            .earliest()
            .map_or_else(|| due.and_utc(), |at| at.with_timezone(&Utc));
        let provisional = (local.date().year()..=day.year()).any(|year| !calendar.is_official(year));
        Promised { due_at, due_on: day, provisional }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;

    use super::{NoHours, OfficeHours};
    use crate::{clock::Timestamp, domain::calendar::Calendar};

    fn due(start: &str, hours: u32) -> String {
        let calendar = Calendar::from_csv(include_str!("../../seed/workdays.csv")).unwrap();
        let start: Timestamp = format!("{start}+08:00").parse().unwrap();
        let due = OfficeHours::default().after(start, hours, &calendar, Shanghai);
        assert_eq!(due.due_on, due.due_at.with_timezone(&Shanghai).date_naive());
        due.due_at.with_timezone(&Shanghai).format("%m-%d %H:%M").to_string()
    }

    #[test]
    fn an_hour_runs_while_the_offices_are_open() {
        assert_eq!(due("2026-11-24T09:10:00", 1), "11-24 10:10");
        assert_eq!(due("2026-11-24T07:00:00", 1), "11-24 09:30", "before they open");
        assert_eq!(due("2026-11-24T16:50:00", 1), "11-25 08:50", "what is left of it runs in the morning");
        assert_eq!(due("2026-11-24T16:30:00", 1), "11-24 17:30", "to the last minute");
        assert_eq!(due("2026-11-24T21:00:00", 1), "11-25 09:30", "at night");
        assert_eq!(due("2026-11-24T09:00:00", 20), "11-26 11:00");
    }

    #[test]
    fn holidays_do_not_count_and_make_up_days_do() {
        assert_eq!(due("2026-11-27T17:00:00", 1), "11-30 09:00", "a weekend");
        assert_eq!(due("2026-09-30T17:10:00", 1), "10-08 09:10", "the National Day");
        assert_eq!(due("2026-10-10T10:00:00", 1), "10-10 11:00", "a Saturday that is worked");
    }

    #[test]
    fn what_reaches_into_a_year_that_nobody_has_published_is_provisional() {
        let calendar = Calendar::from_csv(include_str!("../../seed/workdays.csv")).unwrap();
        let provisional = |start: &str| {
            let start: Timestamp = format!("{start}+08:00").parse().unwrap();
            OfficeHours::default().after(start, 1, &calendar, Shanghai).provisional
        };
        assert!(!provisional("2026-12-31T16:30:00"), "to the last minute of the year");
        assert!(provisional("2026-12-31T16:31:00"));
        assert!(provisional("2027-01-04T09:00:00"));
    }

    #[test]
    fn hours_are_two_times_the_earlier_one_first() {
        let read = |text: &str| OfficeHours::try_from(text.to_owned());
        assert_eq!(read("08:30-17:30"), Ok(OfficeHours::default()));
        for wrong in ["", "08:30", "17:30-08:30", "08:30-08:30", "25:00-26:00"] {
            assert_eq!(read(wrong), Err(NoHours), "{wrong}");
        }
    }
}
