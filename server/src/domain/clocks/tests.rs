use chrono_tz::Asia::Shanghai;
use qiyema_protocol::{board::State, clocks::ClockKind};

use super::{Limits, Timing, running};
use crate::{
    clock::Timestamp,
    domain::{
        calendar::Calendar,
        deadline::{self, Limit},
    },
};

fn calendar() -> Calendar {
    Calendar::from_csv(include_str!("../../../seed/workdays.csv")).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn kinds(state: State, replied_at: Option<&str>) -> Vec<(ClockKind, String)> {
    let start = at("2026-11-23T02:00:00Z");
    let promised = deadline::promise(start, Limit::WorkingDays(5), &calendar(), Shanghai);
    let timing = Timing {
        state,
        state_at: start,
        replied_at: replied_at.map(at),
        given_at: Some(start),
        accepted_at: Some(start),
        promised: Some(promised),
        handling: None,
        review_on: Some("2026-12-20".parse().unwrap()),
        rate_until: Some("2026-12-23".parse().unwrap()),
        fix_days: None,
    };
    running(&timing, &Limits::default(), &calendar(), Shanghai)
        .into_iter()
        .map(|clock| (clock.kind, clock.until.due_on.to_string()))
        .collect()
}

#[test]
fn the_handling_clock_runs_through_a_return_a_conference_and_a_review() {
    let due = (ClockKind::Close, "2026-11-30".to_owned());
    for state in [
        State::Accepted,
        State::Assigned,
        State::ReturnRequested,
        State::InProgress,
        State::CaseConference,
        State::PendingReview,
        State::Reopened,
    ] {
        assert!(kinds(state, None).contains(&due), "{state:?}");
    }
    for state in [State::NeedInfo, State::Deferred, State::Closed, State::Withdrawn] {
        assert!(!kinds(state, None).contains(&due), "{state:?}");
    }
}

#[test]
fn the_first_limit_to_pass_comes_first() {
    assert_eq!(kinds(State::Submitted, None), [(ClockKind::Accept, "2026-11-24".to_owned())]);
    assert_eq!(kinds(State::ReturnRequested, None)[0], (ClockKind::Ruling, "2026-11-23".to_owned()));
    assert_eq!(kinds(State::InProgress, None)[0], (ClockKind::Interim, "2026-11-26".to_owned()));
    assert_eq!(kinds(State::Archived, None), []);
}

#[test]
fn a_return_asked_for_on_a_sunday_is_ruled_on_monday() {
    let timing = |at: &str| Timing {
        state: State::ReturnRequested,
        state_at: self::at(at),
        replied_at: None,
        given_at: None,
        accepted_at: None,
        promised: None,
        handling: None,
        review_on: None,
        rate_until: None,
        fix_days: None,
    };
    let ruled = |at: &str| {
        let all = running(&timing(at), &Limits::default(), &calendar(), Shanghai);
        all[0].until.due_on.to_string()
    };
    assert_eq!(ruled("2026-11-29T02:00:00Z"), "2026-11-30");
    assert_eq!(ruled("2026-11-30T02:00:00Z"), "2026-11-30");
    assert_eq!(ruled("2026-10-03T02:00:00Z"), "2026-10-08");
    assert_eq!(ruled("2026-10-10T02:00:00Z"), "2026-10-10", "a Saturday that is worked");
}

#[test]
fn a_reply_starts_the_wait_for_the_next_one() {
    let replied = kinds(State::InProgress, Some("2026-11-25T03:00:00Z"));
    assert!(replied.contains(&(ClockKind::Interim, "2026-11-30".to_owned())), "{replied:?}");
}

#[test]
fn the_next_reply_is_counted_from_the_last_one_whatever_happens_between() {
    let due = |state, state_at: &str, given: &str| {
        let timing = Timing {
            state,
            state_at: at(state_at),
            replied_at: Some(at("2026-11-24T03:00:00Z")),
            given_at: Some(at(given)),
            accepted_at: None,
            promised: None,
            handling: None,
            review_on: None,
            rate_until: None,
            fix_days: None,
        };
        let all = running(&timing, &Limits::default(), &calendar(), Shanghai);
        let due = |kind| all.iter().find(|one| one.kind == kind).map(|one| one.until.due_on.to_string());
        (due(ClockKind::Interim), due(ClockKind::Sign))
    };
    let (given, later) = ("2026-11-23T02:00:00Z", "2026-11-26T02:00:00Z");
    for state in [State::ReturnRequested, State::InProgress, State::CaseConference, State::PendingReview] {
        assert_eq!(due(state, later, given), (Some("2026-11-27".to_owned()), None), "{state:?}");
    }
    // Nor does a return that was refused: the unit was given it on Monday.
    let assigned = (Some("2026-11-27".to_owned()), Some("2026-11-24".to_owned()));
    assert_eq!(due(State::Assigned, later, given), assigned);
    // Given to another unit, or taken up again: from then on.
    assert_eq!(due(State::InProgress, later, later).0.as_deref(), Some("2026-12-01"));
    for state in [State::Accepted, State::Deferred, State::Rectifying, State::Closed] {
        assert_eq!(due(state, later, given).0, None, "{state:?}");
    }
}

#[test]
fn a_contact_ends_the_wait_for_the_contact_only() {
    assert_eq!(kinds(State::Rectifying, None)[0].0, ClockKind::Contact);
    let contacted = kinds(State::Rectifying, Some("2026-11-23T03:00:00Z"));
    assert_eq!(contacted, [(ClockKind::Fix, "2026-11-30".to_owned())]);
}

/// Kinds and local times of what runs for an issue that this was promised for.
fn run(timing: &Timing) -> Vec<(ClockKind, String)> {
    let local = |at: Timestamp| at.with_timezone(&Shanghai).format("%m-%d %H:%M").to_string();
    let all = running(timing, &Limits::default(), &calendar(), Shanghai);
    all.into_iter().map(|clock| (clock.kind, local(clock.until.due_at))).collect()
}

#[test]
fn no_limit_on_the_way_is_later_than_the_promise() {
    let given = |promised: &str, limit: Limit, given: &str, state: State| {
        run(&Timing {
            state,
            state_at: at(given),
            replied_at: None,
            given_at: Some(at(given)),
            accepted_at: Some(at(promised)),
            promised: Some(deadline::promise(at(promised), limit, &calendar(), Shanghai)),
            handling: None,
            review_on: None,
            rate_until: None,
            fix_days: None,
        })
    };
    let all =
        |due: &str, kinds: &[ClockKind]| kinds.iter().map(|kind| (*kind, due.to_owned())).collect::<Vec<_>>();
    // A power cut on a Sunday evening.
    let (sunday, later) = ("2026-11-29T11:24:00Z", "2026-11-29T11:30:00Z");
    let urgent = given(sunday, Limit::Hours(2), later, State::Assigned);
    assert_eq!(urgent, all("11-29 21:24", &[ClockKind::Sign, ClockKind::Interim, ClockKind::Close]));
    let day = given("2026-11-23T02:00:00Z", Limit::WorkingDays(1), "2026-11-24T02:00:00Z", State::InProgress);
    assert_eq!(day, all("11-24 23:59", &[ClockKind::Interim, ClockKind::Close]));
    // Whoever is given what is late already has his own day.
    let late = given(sunday, Limit::Hours(2), "2026-11-30T02:00:00Z", State::Assigned);
    assert_eq!(late[1], (ClockKind::Sign, "12-01 23:59".to_owned()), "{late:?}");
    // And what is promised later leaves every limit as it is.
    let long = given(sunday, Limit::WorkingDays(15), later, State::Assigned);
    assert_eq!(long[0], (ClockKind::Sign, "11-30 23:59".to_owned()), "{long:?}");
}

#[test]
fn what_is_done_within_hours_is_accepted_within_them() {
    let due = |handling| {
        run(&Timing {
            state: State::Submitted,
            state_at: at("2026-11-29T11:24:00Z"),
            replied_at: None,
            given_at: None,
            accepted_at: None,
            promised: None,
            handling,
            review_on: None,
            rate_until: None,
            fix_days: None,
        })
    };
    let accept = |due: &str| vec![(ClockKind::Accept, due.to_owned())];
    assert_eq!(due(Some(Limit::Hours(2))), accept("11-29 21:24"));
    assert_eq!(due(Some(Limit::WorkingDays(5))), accept("11-30 23:59"));
    assert_eq!(due(None), accept("11-30 23:59"));
}
