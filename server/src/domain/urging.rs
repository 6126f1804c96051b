//! What the clock does about a limit by itself: the urging chain (催办 → 督办 →
//! 提级 → 通报), and the few steps that need nobody: a supplement that did not
//! come, an assignment nobody signed for, a rating nobody gave. Each step has a
//! moment that follows from the limit alone, so that the job which looks again
//! finds the same one.

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use qiyema_protocol::{clocks::ClockKind, verb::Verb};
use serde::Deserialize;

use super::{
    calendar::Calendar,
    clocks::Running,
    deadline::{self, Promised},
};
use crate::clock::Timestamp;

/// `[urging]`: when the chain's steps are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Urging {
    /// Working days before the due day on which the promise is reminded.
    pub remind_before: u32,
    /// Local hour of that reminder.
    pub hour: u32,
    /// Working days after the due day of a smaller limit until it is supervised.
    pub supervise_after: u32,
    /// … until any limit is escalated.
    pub escalate_after: u32,
    /// … until a circular notice is given.
    pub notify_after: u32,
}

impl Default for Urging {
    fn default() -> Self {
        Self { remind_before: 1, hour: 9, supervise_after: 1, escalate_after: 2, notify_after: 5 }
    }
}

/// A step of the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What is done.
    pub verb: Verb,
    /// Because of which limit.
    pub clock: ClockKind,
    /// Of which assisting unit, for a limit of its own.
    pub unit: Option<String>,
    /// When that limit passes, or passed: with the kind and the unit, its name.
    pub limit_at: Timestamp,
    /// When the step is due.
    pub at: Timestamp,
}

/// A step of the chain that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What was done.
    pub verb: Verb,
    /// Because of which limit.
    pub clock: ClockKind,
    /// Of which assisting unit.
    pub unit: Option<String>,
    /// When that limit passes.
    pub limit_at: Timestamp,
}

impl Due {
    fn is(&self, made: &Made) -> bool {
        (self.verb, self.clock, &self.unit, self.limit_at)
            == (made.verb, made.clock, &made.unit, made.limit_at)
    }
}

/// The verb that leaves a supervision of this kind.
#[must_use]
pub fn verb(kind: &str) -> Verb {
    match kind {
        "supervised" => Verb::Supervise,
        "escalated" => Verb::Escalate,
        "reported" => Verb::Notify,
        _ => Verb::Remind,
    }
}

/// The next step of the clock: the earliest that was not made yet. It may lie in the past.
#[must_use]
pub fn next(
    limits: &[Running],
    made: &[Made],
    urging: &Urging,
    calendar: &Calendar,
    zone: Tz,
) -> Option<Due> {
    let mut next: Option<Due> = None;
    let close = limits.iter().find(|one| one.kind == ClockKind::Close).map(|one| one.until.due_at);
    // What ends with the promise is one lateness with it: the promise's own chain says so, once.
    let own = |one: &&Running| {
        one.kind == ClockKind::Close || one.unit.is_some() || Some(one.until.due_at) != close
    };
    for limit in limits.iter().filter(own) {
        // A step that was made stands for those before it: a supervisor does not remind afterwards.
        let steps = steps(limit, urging, calendar, zone);
        let last = steps.iter().rposition(|step| made.iter().any(|made| step.is(made)));
        let first = steps.into_iter().nth(last.map_or(0, |index| index + 1));
        next = match (next, first) {
            (Some(next), Some(first)) if first.at < next.at => Some(first),
            (None, first) => first,
            (next, _) => next,
        };
    }
    next
}

/// All that the clock does about one limit, in order.
#[must_use]
pub fn steps(limit: &Running, urging: &Urging, calendar: &Calendar, zone: Tz) -> Vec<Due> {
    let passed = after(limit.until.due_at);
    let later = |days: u32| {
        let day = calendar.add_working_days(limit.until.due_on, days).date;
        after(deadline::end_of(day, zone)).max(passed)
    };
    let chain = |remind: Timestamp, supervise: Timestamp| {
        let escalate = later(urging.escalate_after).max(supervise);
        let notify = later(urging.notify_after).max(escalate);
        vec![
            (Verb::Remind, remind),
            (Verb::Supervise, supervise.max(remind)),
            (Verb::Escalate, escalate),
            (Verb::Notify, notify),
        ]
    };
    let list = match limit.kind {
        ClockKind::Supplement => vec![(Verb::LapseSupplement, passed)],
        ClockKind::Sign => vec![(Verb::SignFor, passed)],
        ClockKind::Rate => vec![(Verb::Lapse, passed)],
        ClockKind::Close | ClockKind::Fix => chain(soon(limit, urging, calendar, zone).min(passed), passed),
        ClockKind::Accept
        | ClockKind::FirstContact
        | ClockKind::Ruling
        | ClockKind::Interim
        | ClockKind::Assist
        | ClockKind::Review
        | ClockKind::DeferralReview
        | ClockKind::Contact
        | ClockKind::Recheck => chain(passed, later(urging.supervise_after)),
    };
    let due = |(verb, at)| Due {
        verb,
        clock: limit.kind,
        unit: limit.unit.clone(),
        limit_at: limit.until.due_at,
        at,
    };
    list.into_iter().map(due).collect()
}

/// The moment of the yellow lamp; a limit that is too short for one is reminded
/// on its due day, one in hours an hour before its end.
fn soon(limit: &Running, urging: &Urging, calendar: &Calendar, zone: Tz) -> Timestamp {
    let Promised { due_at, due_on, .. } = limit.until;
    if due_at != deadline::end_of(due_on, zone) {
        return due_at - TimeDelta::hours(1);
    }
    let long = limit.days.is_none_or(|days| days > urging.remind_before);
    let day = if long { calendar.before(due_on, urging.remind_before) } else { due_on };
    at_hour(day, urging.hour, zone)
}

/// A limit holds to its last millisecond.
fn after(last: Timestamp) -> Timestamp {
    last + TimeDelta::milliseconds(1)
}

fn at_hour(day: NaiveDate, hour: u32, zone: Tz) -> Timestamp {
    let time = NaiveTime::from_hms_opt(hour.min(23), 0, 0).unwrap_or(NaiveTime::MIN);
    match zone.from_local_datetime(&day.and_time(time)).earliest() {
        Some(local) => local.with_timezone(&Utc),
        None => day.and_time(time).and_utc(),
    }
}

#[cfg(test)]
mod tests;
