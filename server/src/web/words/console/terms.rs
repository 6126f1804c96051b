//! Words for states, grades and levels as staff say them.

use qiyema_protocol::board::{Lamp, State};

use crate::{
    domain::words::LEVELS,
    web::words::{Words, lang::Lang},
};

/// A state as staff call it.
#[must_use]
pub const fn state(l: Lang, state: State) -> &'static str {
    let (zh, en) = qiyema_protocol::words::state(state);
    l.pick(zh, en)
}

/// The colour of a state's badge.
#[must_use]
pub const fn state_class(state: State) -> &'static str {
    match state {
        State::Closed | State::Archived | State::FollowUp => "good",
        State::Rectifying | State::Reopened | State::ReturnRequested => "bad",
        State::Rejected | State::Withdrawn | State::Merged | State::Deferred | State::NeedInfo => "",
        _ => "on",
    }
}

/// Grades with their words, quickest first.
#[must_use]
pub const fn grades(l: Lang) -> [(&'static str, &'static str); 7] {
    [
        ("urgent2h", l.pick("紧急（2小时）", "Urgent (2 h)")),
        ("urgent24h", l.pick("紧急（24小时）", "Urgent (24 h)")),
        ("immediate", l.pick("即办件", "Immediate")),
        ("simple", l.pick("简易件", "Simple")),
        ("general", l.pick("一般件", "General")),
        ("complex", l.pick("复杂件", "Complex")),
        ("cross_department", l.pick("疑难跨部门件", "Cross-department")),
    ]
}

/// A grade by its word.
#[must_use]
pub fn grade(l: Lang, word: &str) -> &'static str {
    grades(l).into_iter().find(|(key, _)| *key == word).map_or("—", |(_, name)| name)
}

/// Levels with their words.
#[must_use]
pub fn levels(l: Lang) -> [(&'static str, &'static str); 3] {
    LEVELS.map(|(key, zh, en)| (key, l.pick(zh, en)))
}

/// A level by its word.
#[must_use]
pub fn level(l: Lang, word: &str) -> &'static str {
    levels(l).into_iter().find(|(key, _)| *key == word).map_or("—", |(_, name)| name)
}

/// The lamp of a limit that runs: its working days, or the hours by which it is over.
#[must_use]
pub fn limit(l: Lang, shown: Lamp, left: i32, hours_over: Option<u32>) -> (&'static str, String) {
    match hours_over {
        Some(hours) => ("red", (Words::of(l.code()).over_hours)(hours)),
        None => lamp(l, shown, Some(left)),
    }
}

/// A lamp's colour and sentence; the sentence carries the count, so that colour is never the only sign.
#[must_use]
pub fn lamp(l: Lang, lamp: Lamp, left: Option<i32>) -> (&'static str, String) {
    let w = Words::of(l.code());
    match (lamp, left) {
        (Lamp::Green, Some(n)) => ("green", (w.left)(n.unsigned_abs())),
        (Lamp::Green, None) => ("green", w.normal.to_owned()),
        (Lamp::Yellow, Some(n)) => ("yellow", (w.soon)(n.unsigned_abs())),
        (Lamp::Overdue, Some(n)) => ("red", (w.over)(n.unsigned_abs())),
        (Lamp::Overdue, None) => ("red", w.overdue.to_owned()),
        (Lamp::Yellow | Lamp::Red, _) => ("red", w.due_today.to_owned()),
        (Lamp::Off, _) => ("off", l.pick("不计时", "no clock").to_owned()),
    }
}
