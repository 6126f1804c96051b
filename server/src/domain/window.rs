//! Lamps as stretches of time: an issue shows a lamp exactly when its due moment
//! lies in the lamp's window, so that a list can ask an index for it.

use chrono::{NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use qiyema_protocol::board::Lamp;

use super::calendar::Calendar;
use crate::clock::Timestamp;

/// From (inclusive) until (exclusive); an open end has no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// When an issue that shows this lamp now is due. `None` for a lamp that is off.
#[must_use]
pub fn of(lamp: Lamp, now: Timestamp, calendar: &Calendar, zone: Tz) -> Option<Window> {
    let today = now.with_timezone(&zone).date_naive();
    let tomorrow = today.succ_opt().unwrap_or(today);
    // One working day is left until the second working day from now begins.
    let green = calendar.add_working_days(today, 2).date;
    let between = |from, until| Some(Window { from, until });
    match lamp {
        Lamp::Overdue => between(None, Some(now)),
        Lamp::Red => between(Some(now), Some(start(tomorrow, zone))),
        Lamp::Yellow => between(Some(start(tomorrow, zone)), Some(start(green, zone))),
        Lamp::Green => between(Some(start(green, zone)), None),
        Lamp::Off => None,
    }
}

/// The first moment of a local day.
#[must_use]
pub fn start(day: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| Utc.from_utc_datetime(&midnight), |local| local.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use chrono_tz::Asia::Shanghai;
    use proptest::prelude::*;
    use qiyema_protocol::board::Lamp;

    use super::{Window, of};
    use crate::{
        clock::Timestamp,
        domain::{calendar::Calendar, deadline},
    };

    const LAMPS: [Lamp; 4] = [Lamp::Overdue, Lamp::Red, Lamp::Yellow, Lamp::Green];

    proptest! {
        #[test]
        fn an_issue_is_listed_under_the_lamp_it_shows(hour in 0_i64..17_000, due in -400_i64..900) {
            let calendar = Calendar::from_csv(include_str!("../../seed/workdays.csv")).unwrap();
            let now: Timestamp = "2025-01-01T00:30:00Z".parse().unwrap();
            let now = now + Duration::hours(hour);
            let due_at = now + Duration::hours(due) + Duration::minutes(7);
            let due_on = due_at.with_timezone(&Shanghai).date_naive();
            let (shown, _) = deadline::lamp(due_at, due_on, now, &calendar, Shanghai);
            for lamp in LAMPS {
                let Window { from, until } = of(lamp, now, &calendar, Shanghai).unwrap();
                let inside = from.is_none_or(|from| from <= due_at) && until.is_none_or(|until| due_at < until);
                prop_assert_eq!(inside, lamp == shown, "{:?} at {} due {}", lamp, now, due_at);
            }
        }
    }
}
