//! Which limits run for an issue, and the next one to pass. Every limit counts
//! from an event; nothing is stored as "days left". The store keeps the next
//! moment beside the issue only so that the job which watches the clocks finds
//! it by an index.

use chrono::NaiveDate;
use chrono_tz::Tz;
use qiyema_protocol::{board::State, clocks::ClockKind, verb::Verb};
use serde::Deserialize;

use super::{
    calendar::Calendar,
    deadline::{self, Limit, Promised},
    office::OfficeHours,
    workflow,
};
use crate::clock::Timestamp;

/// Every limit but the promise itself, which the category sets; in working days, where the name says nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Submitted → accepted, rejected or asked.
    pub accept: u32,
    /// How long a supplement is waited for.
    pub supplement: u32,
    /// Assigned → signed for.
    pub sign: u32,
    /// Assigned → the enterprise heard from the unit; 0: nobody waits for that.
    pub first_contact_hours: u32,
    /// When working hours run on a working day.
    pub office_hours: OfficeHours,
    /// A return is asked for within this of the assignment.
    pub return_within: u32,
    /// A return is ruled; 0 is the same day, if it is a working day, else the next one that is.
    pub ruling: u32,
    /// Between two dated replies to the owner.
    pub interim: u32,
    /// An assisting unit answers.
    pub assist: u32,
    /// A reported result is reviewed.
    pub review: u32,
    /// A bad rating is answered by a first contact.
    pub contact: u32,
    /// … and put right.
    pub fix: u32,
    /// The same, for complex and harder grades.
    pub fix_complex: u32,
    /// … and checked by somebody else.
    pub recheck: u32,
    /// An appeal against a rating is decided.
    pub appeal: u32,
    /// A unit appeals against a bad rating within this.
    pub file_appeal: u32,
    /// An extension adds at most this.
    pub extension: u32,
    /// A deferred issue is looked at again within so many calendar days.
    pub deferral_days: u32,
    /// On so many working days an enterprise is called in vain before what it called bad is archived unreached.
    pub call_attempts: u32,
    /// Whether people of the lead unit may judge what it did and move its limit: only where the centre has nobody else.
    pub own_unit_reviews: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            accept: 1,
            supplement: 5,
            sign: 1,
            first_contact_hours: 1,
            office_hours: OfficeHours::default(),
            return_within: 1,
            ruling: 0,
            interim: 3,
            assist: 3,
            review: 1,
            contact: 1,
            fix: 5,
            fix_complex: 15,
            recheck: 5,
            appeal: 5,
            file_appeal: 10,
            extension: 10,
            deferral_days: 90,
            call_attempts: 3,
            own_unit_reviews: false,
        }
    }
}

/// What the clocks of an issue are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub state_at: Timestamp,
    /// Last dated reply to the owner, or contact after a bad rating.
    pub replied_at: Option<Timestamp>,
    /// When the unit was given the issue, or took it up again after the clock stood still. A return that was
    /// refused, a conference or a review gives it to nobody.
    pub given_at: Option<Timestamp>,
    /// When handling began.
    pub accepted_at: Option<Timestamp>,
    /// The promise.
    pub promised: Option<Promised>,
    /// What the category promises once it is accepted, where nobody has accepted it yet and that is known.
    pub handling: Option<Limit>,
    /// Next review of a deferral.
    pub review_on: Option<NaiveDate>,
    /// Last day on which the closure can be rated.
    pub rate_until: Option<NaiveDate>,
    /// Working days of the rectification that runs, as it was opened with.
    pub fix_days: Option<u32>,
}

/// A limit that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub kind: ClockKind,
    /// Until when.
    pub until: Promised,
    /// The assisting unit, for a limit of its own.
    pub unit: Option<String>,
    /// How long it is in working days, where that is known.
    pub days: Option<u32>,
}

/// The limits that run, the first to pass first.
#[must_use]
pub fn running(timing: &Timing, limits: &Limits, calendar: &Calendar, zone: Tz) -> Vec<Running> {
    let after =
        |start: Timestamp, days: u32| deadline::promise(start, Limit::WorkingDays(days), calendar, zone);
    let since = |days| after(timing.state_at, days);
    let given = timing.given_at.unwrap_or(timing.state_at);
    // Calendar days: no notice can move them.
    let on = |day| Promised { due_at: deadline::end_of(day, zone), due_on: day, provisional: false };
    let mut list: Vec<(ClockKind, Promised)> = Vec::new();
    match timing.state {
        State::Submitted => {
            // What is put right within two hours does not wait a day to be taken up.
            let whole =
                timing.handling.map(|limit| deadline::promise(timing.state_at, limit, calendar, zone));
            list.push((ClockKind::Accept, within(timing.state_at, since(limits.accept), whole)));
        }
        State::NeedInfo => list.push((ClockKind::Supplement, since(limits.supplement))),
        State::Assigned | State::Reopened => {
            list.push((ClockKind::Sign, within(given, after(given, limits.sign), timing.promised)));
        }
        State::ReturnRequested => list.push((ClockKind::Ruling, since(limits.ruling))),
        State::PendingReview => list.push((ClockKind::Review, since(limits.review))),
        State::Deferred => list.extend(timing.review_on.map(|day| (ClockKind::DeferralReview, on(day)))),
        State::Rectifying => {
            if timing.replied_at.is_none_or(|at| at < timing.state_at) {
                list.push((ClockKind::Contact, since(limits.contact)));
            }
            list.push((ClockKind::Fix, since(timing.fix_days.unwrap_or(limits.fix))));
        }
        State::FollowUp => list.push((ClockKind::Recheck, since(limits.recheck))),
        State::Closed => list.extend(timing.rate_until.map(|day| (ClockKind::Rate, on(day)))),
        _ => {}
    }
    // The owner hears from the unit until the issue is closed, wherever it stands meanwhile.
    if workflow::rule(timing.state, Verb::Reach).is_some() {
        let latest = timing.replied_at.map_or(given, |at| at.max(given));
        list.push((ClockKind::Interim, within(latest, after(latest, limits.interim), timing.promised)));
    }
    if workflow::lamp_runs(timing.state) {
        list.extend(timing.promised.map(|promised| (ClockKind::Close, promised)));
    }
    list.sort_by_key(|(_, until)| until.due_at);
    let length = |kind, until: &Promised| match kind {
        ClockKind::Close => timing.accepted_at.map(|from| days(from, until.due_on, calendar, zone)),
        ClockKind::Fix => Some(days(timing.state_at, until.due_on, calendar, zone)),
        _ => None,
    };
    list.into_iter()
        .map(|(kind, until)| Running { kind, days: length(kind, &until), until, unit: None })
        .collect()
}

/// A limit on the way, never later than the promise itself. Where the promise had passed before the limit began
/// to run, it has its own length: nobody is late at the moment he is asked.
#[must_use]
pub fn within(start: Timestamp, until: Promised, promised: Option<Promised>) -> Promised {
    promised.filter(|promise| start < promise.due_at && promise.due_at < until.due_at).unwrap_or(until)
}

/// The first limit to pass that somebody has to keep: the owner's time to rate is none.
#[must_use]
pub fn hurrying(limits: &[Running]) -> Option<&Running> {
    limits.iter().filter(|limit| limit.kind != ClockKind::Rate).min_by_key(|limit| limit.until.due_at)
}

/// The limit of an assisting unit, which was set when the unit was asked.
#[must_use]
pub fn assisting(unit: String, due_at: Timestamp, provisional: bool, zone: Tz) -> Running {
    Running { unit: Some(unit), ..set(ClockKind::Assist, due_at, provisional, zone) }
}

/// The limit of the lead unit's first contact, which was set when it was given the issue.
#[must_use]
pub fn first_contact(due_at: Timestamp, provisional: bool, zone: Tz) -> Running {
    set(ClockKind::FirstContact, due_at, provisional, zone)
}

fn set(kind: ClockKind, due_at: Timestamp, provisional: bool, zone: Tz) -> Running {
    let due_on = due_at.with_timezone(&zone).date_naive();
    Running { kind, until: Promised { due_at, due_on, provisional }, unit: None, days: None }
}

fn days(from: Timestamp, until: NaiveDate, calendar: &Calendar, zone: Tz) -> u32 {
    let from = from.with_timezone(&zone).date_naive();
    u32::try_from(calendar.working_days_left(from, until)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
