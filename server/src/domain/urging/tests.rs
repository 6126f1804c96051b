use chrono_tz::Asia::Shanghai;
use qiyema_protocol::{clocks::ClockKind, verb::Verb};

use super::{Due, Made, Urging, next, steps};
use crate::{
    clock::Timestamp,
    domain::{
        calendar::Calendar,
        clocks::Running,
        deadline::{self, Limit},
    },
};

fn calendar() -> Calendar {
    Calendar::from_csv(include_str!("../../../seed/workdays.csv")).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn limit(kind: ClockKind, start: &str, limit: Limit) -> Running {
    let until = deadline::promise(at(start), limit, &calendar(), Shanghai);
    let days = match limit {
        Limit::WorkingDays(days) => Some(days),
        Limit::Hours(_) => None,
    };
    Running { kind, until, unit: None, days }
}

/// Local time of the centre, to the minute.
fn plan(limit: &Running) -> Vec<(Verb, String)> {
    let local = |due: Due| (due.verb, due.at.with_timezone(&Shanghai).format("%m-%d %H:%M").to_string());
    steps(limit, &Urging::default(), &calendar(), Shanghai).into_iter().map(local).collect()
}

fn line(verb: Verb, at: &str) -> (Verb, String) {
    (verb, at.to_owned())
}

#[test]
fn the_promise_is_reminded_before_it_is_due_and_then_pressed_harder() {
    // Accepted on Monday the 23rd, due on Monday the 30th; the last working day before it is a Friday.
    let promise = limit(ClockKind::Close, "2026-11-23T02:00:00Z", Limit::WorkingDays(5));
    assert_eq!(
        plan(&promise),
        [
            line(Verb::Remind, "11-27 09:00"),
            line(Verb::Supervise, "12-01 00:00"),
            line(Verb::Escalate, "12-03 00:00"),
            line(Verb::Notify, "12-08 00:00"),
        ]
    );
}

#[test]
fn a_limit_of_one_day_is_reminded_on_that_day_not_at_once() {
    let promise = limit(ClockKind::Close, "2026-11-27T02:00:00Z", Limit::WorkingDays(1));
    assert_eq!(plan(&promise)[0], line(Verb::Remind, "11-30 09:00"));
}

#[test]
fn a_limit_in_hours_is_reminded_an_hour_before_its_end() {
    let promise = limit(ClockKind::Close, "2026-11-24T01:00:00Z", Limit::Hours(2));
    assert_eq!(
        plan(&promise)[..2],
        [line(Verb::Remind, "11-24 10:00"), line(Verb::Supervise, "11-24 11:00")]
    );
}

#[test]
fn a_smaller_limit_is_reminded_when_it_has_passed() {
    // A holiday lies between: 30 September + 1 working day is 8 October.
    let accept = limit(ClockKind::Accept, "2026-09-30T02:00:00Z", Limit::WorkingDays(1));
    assert_eq!(
        plan(&accept),
        [
            line(Verb::Remind, "10-09 00:00"),
            line(Verb::Supervise, "10-10 00:00"),
            // Saturday the 10th is a make-up working day.
            line(Verb::Escalate, "10-11 00:00"),
            line(Verb::Notify, "10-15 00:00"),
        ]
    );
}

#[test]
fn what_needs_nobody_is_done_when_the_limit_has_passed() {
    for (kind, verb) in [
        (ClockKind::Supplement, Verb::LapseSupplement),
        (ClockKind::Sign, Verb::SignFor),
        (ClockKind::Rate, Verb::Lapse),
    ] {
        let only = plan(&limit(kind, "2026-11-23T02:00:00Z", Limit::WorkingDays(1)));
        assert_eq!(only, [line(verb, "11-25 00:00")], "{kind:?}");
    }
}

#[test]
fn each_step_is_made_once_and_the_earliest_limit_comes_first() {
    let limits = [
        limit(ClockKind::Interim, "2026-11-23T02:00:00Z", Limit::WorkingDays(3)),
        limit(ClockKind::Close, "2026-11-23T02:00:00Z", Limit::WorkingDays(5)),
    ];
    let mut made: Vec<Made> = Vec::new();
    let mut seen = Vec::new();
    while let Some(due) = next(&limits, &made, &Urging::default(), &calendar(), Shanghai) {
        assert!(seen.len() < 20, "it never ends");
        seen.push((due.clock, due.verb));
        made.push(Made { verb: due.verb, clock: due.clock, unit: due.unit, limit_at: due.limit_at });
    }
    assert_eq!(
        seen,
        [
            (ClockKind::Interim, Verb::Remind),
            (ClockKind::Close, Verb::Remind),
            (ClockKind::Interim, Verb::Supervise),
            (ClockKind::Interim, Verb::Escalate),
            (ClockKind::Close, Verb::Supervise),
            (ClockKind::Close, Verb::Escalate),
            (ClockKind::Interim, Verb::Notify),
            (ClockKind::Close, Verb::Notify),
        ]
    );
}

#[test]
fn a_new_promise_is_a_new_limit_and_each_assisting_unit_has_its_own() {
    let old = limit(ClockKind::Close, "2026-11-23T02:00:00Z", Limit::WorkingDays(5));
    let new = limit(ClockKind::Close, "2026-11-23T02:00:00Z", Limit::WorkingDays(15));
    let made = |running: &Running| Made {
        verb: Verb::Notify,
        clock: running.kind,
        unit: running.unit.clone(),
        limit_at: running.until.due_at,
    };
    let after =
        |limits: &[Running], made: &[Made]| next(limits, made, &Urging::default(), &calendar(), Shanghai);
    assert_eq!(after(std::slice::from_ref(&old), &[made(&old)]), None);
    assert_eq!(after(&[new], &[made(&old)]).unwrap().verb, Verb::Remind);
    let assist = |unit: &str| Running {
        unit: Some(unit.to_owned()),
        ..limit(ClockKind::Assist, "2026-11-23T02:00:00Z", Limit::WorkingDays(3))
    };
    let next = after(&[assist("a"), assist("b")], &[made(&assist("a"))]).unwrap();
    assert_eq!((next.unit.as_deref(), next.verb), (Some("b"), Verb::Remind));
}
