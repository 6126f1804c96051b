//! When things happened in the demo's past. Open issues are spread so that every
//! lamp is lit; of the closed ones four in five kept their promise.

use chrono::{Days, Duration, SubsecRound, TimeZone};
use qiyema_protocol::board::State;

use super::{history::World, said::Ending};
use crate::{
    actions::issue::accept::limit,
    clock::Timestamp,
    domain::{
        deadline::{self, Promised},
        event::Kind,
        workflow,
    },
    store::directory::CategoryRow,
};

/// Working days left that the lamps of the demo show in turn.
const LEFT: [i32; 6] = [5, 1, 0, -2, 3, -1];

/// When work began, chosen so that the lamp shows what this issue is to show.
pub(super) fn start(
    world: &World<'_>,
    category: &CategoryRow,
    (state, ending): (State, Ending),
    index: usize,
) -> (Timestamp, Promised) {
    let rules = world.rules;
    let today = rules.day(world.now);
    let wanted = LEFT.get(index % LEFT.len()).copied().unwrap_or_default();
    let nth = |of: usize| u64::try_from(index % of).unwrap_or_default();
    let least = match state {
        _ if workflow::lamp_runs(state) => 0,
        // A year of closures, for the figures.
        State::Archived if index >= super::PAST => 60 + nth(300),
        // Nobody rated within thirty days of the closure.
        State::Archived if ending == Ending::Unrated => 45 + nth(8) * 5,
        // Settled over three months.
        State::Archived => 12 + nth(15) * 5,
        // Closed issues began long enough ago to have been worked on.
        _ => 12 + nth(9),
    };
    for back in least..=least.max(89) {
        let Some(day) = today.checked_sub_days(Days::new(back)) else { break };
        let Some(local) = day.and_hms_opt(9, 30, 0) else { break };
        let Some(morning) = rules.zone.from_local_datetime(&local).earliest() else { break };
        let at = morning.to_utc().min(world.now - Duration::hours(6));
        let promised = deadline::promise(at, limit(category), &rules.calendar, rules.zone);
        let left = rules.calendar.working_days_left(today, promised.due_on);
        if !workflow::lamp_runs(state) || left <= wanted {
            return (at, promised);
        }
    }
    let at = world.now - Duration::days(90);
    (at, deadline::promise(at, limit(category), &rules.calendar, rules.zone))
}

/// A moment for each step of a path, in order, none after now.
pub(super) fn moments(
    world: &World<'_>,
    (start, promised): (Timestamp, Promised),
    path: &[(Kind, State)],
    state: State,
    index: usize,
) -> Vec<Timestamp> {
    let minutes = |n: usize| Duration::minutes(i64::try_from(n * 17 % 600).unwrap_or_default());
    let between = |from: Timestamp, to: Timestamp, part: usize, whole: usize| {
        let (part, whole) = (i32::try_from(part).unwrap_or(0), i32::try_from(whole.max(1)).unwrap_or(1));
        from + (to - from) / whole * part
    };
    let closing = path.iter().position(|(kind, _)| *kind == Kind::Closed);
    let closed = match closing {
        None => world.now,
        Some(_) if index % 5 == 4 => promised.due_at + Duration::hours(14) + minutes(index),
        Some(_) => between(start, promised.due_at, 7, 10),
    }
    .min(world.now - Duration::hours(30));
    let moment = |step: usize| {
        let Some(closing) = closing else { return between(start, world.now, step, path.len() + 1) };
        if step <= closing {
            return between(start, closed, step, closing);
        }
        match path.get(step).map(|(kind, _)| kind) {
            Some(Kind::Lapsed) => closed + Duration::days(31),
            // Each step of putting right a day or two after the one before.
            _ if state == State::Archived => {
                closed + Duration::days(i64::try_from(2 * (step - closing)).unwrap_or(2)) + minutes(index)
            }
            Some(Kind::RectificationStarted) => world.now - Duration::hours(3) - minutes(index),
            _ => between(closed, world.now, step - closing, path.len() - closing),
        }
    };
    let mut moments: Vec<Timestamp> = Vec::with_capacity(path.len());
    for (step, (kind, to)) in path.iter().enumerate() {
        // The clock moves these on by itself after a working day or so: they got there a moment ago.
        let waits = matches!(state, State::NeedInfo | State::Assigned | State::Reopened) && *to == state;
        let at = if waits { moment(step).max(world.now - Duration::hours(3)) } else { moment(step) };
        // The owner hears from the unit soon after it was given the issue.
        let soon = *kind == Kind::Reached;
        let at = moments
            .last()
            .filter(|_| soon)
            .map_or(at, |given| *given + minutes(index % 5) + Duration::minutes(20));
        let last = moments.last().copied().unwrap_or(start);
        moments.push(at.min(world.now - Duration::minutes(5)).max(last).trunc_subsecs(3));
    }
    moments
}
