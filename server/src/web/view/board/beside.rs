//! What stands beside the line of phases on a card, in words: a day to come, or one that
//! is over without what was to happen.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use qiyema_protocol::{
    beside::{ConferenceView, RectificationView},
    board::{Card, Promise, State},
    staff::Supervision,
};

use crate::web::words::Words;

/// Rejected or withdrawn: nothing more comes of it.
pub const fn is_over(state: State) -> bool {
    matches!(state, State::Rejected | State::Withdrawn)
}

/// In which words, and when it is read.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// The language.
    pub words: &'static Words,
    /// Now.
    pub at: DateTime<Utc>,
    /// Zone the times are shown in.
    pub tz: Tz,
}

impl Beside {
    /// What stands beside the line of phases: term and text.
    #[must_use]
    pub fn rows(&self, c: &Card) -> Vec<(&'static str, String)> {
        let w = self.words;
        let mut rows = Vec::new();
        rows.extend(c.follows.clone().map(|number| (w.follows, number)));
        if c.round > 1 {
            rows.push((w.round, (w.nth)(c.round)));
        }
        let [reminded, supervised, escalated, reported] = w.pressed;
        let pressed = match c.supervision {
            _ if matches!(c.state, State::Rejected | State::Withdrawn | State::Merged) => None,
            Supervision::None => None,
            Supervision::Reminded => Some(reminded),
            Supervision::Supervised => Some(supervised),
            Supervision::Escalated => Some(escalated),
            Supervision::Reported => Some(reported),
        };
        rows.extend(pressed.map(|text| (w.pressing, text.to_owned())));
        rows.extend(c.first_contact.map(|one| {
            let text = match one.at {
                Some(at) => (w.reached)(&self.time(at)),
                None => self.maybe(one.provisional, (w.reach_by)(&self.time(one.until), one.until < self.at)),
            };
            (w.first_contact, text)
        }));
        rows.extend(
            c.deferral.as_ref().map(|deferral| (w.review, self.ahead(deferral.review_on, w.review_on))),
        );
        rows.extend(c.conference.as_ref().map(|conference| (w.conference, self.conference(conference))));
        rows.extend(c.rectification.as_ref().map(|steps| (w.rectification, self.rectification(steps))));
        rows
    }

    /// Who has it while no unit does.
    #[must_use]
    pub const fn nobody<'a>(&self, c: &Card, centre: &'a str) -> &'a str {
        match c.state {
            State::Submitted | State::Accepted => self.words.unassigned,
            State::NeedInfo => self.words.yours,
            _ => centre,
        }
    }

    /// What is said where no date is promised.
    #[must_use]
    pub fn unpromised(&self, c: &Card) -> String {
        let w = self.words;
        match (c.state, c.step_until) {
            (State::NeedInfo, Some(day)) => self.ahead(day, w.supplement_by),
            (State::Submitted, Some(day)) => self.ahead(day, w.accept_by),
            (State::Rejected, _) => w.never_rejected.to_owned(),
            (State::Withdrawn, _) => w.never_withdrawn.to_owned(),
            (State::Merged, _) => w.never_merged.to_owned(),
            _ => w.unpromised.to_owned(),
        }
    }

    /// The day of a promise; of one in hours, the hour as well.
    #[must_use]
    pub fn promised(&self, promise: &Promise) -> String {
        let local = promise.due_at.with_timezone(&self.tz);
        // A promise in days ends with its day.
        let whole = (local + chrono::TimeDelta::minutes(1)).date_naive() > promise.current;
        if whole || local.date_naive() != promise.current {
            (self.words.day)(promise.current)
        } else {
            self.time(promise.due_at)
        }
    }

    /// A day to come in these words, or one that is over without what was to happen.
    pub(super) fn ahead(&self, day: NaiveDate, words: fn(&str, bool) -> String) -> String {
        words(&(self.words.day)(day), day < self.today())
    }

    fn today(&self) -> NaiveDate {
        self.at.with_timezone(&self.tz).date_naive()
    }

    /// A moment.
    pub(super) fn time(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.tz);
        format!("{} {}", (self.words.day)(local.date_naive()), local.format("%H:%M"))
    }

    /// A date that may still move is marked as one.
    #[must_use]
    pub fn maybe(&self, provisional: bool, text: String) -> String {
        match (provisional, self.words.expected) {
            (false, _) => text,
            // Chinese has brackets of its own.
            (true, word) if word.is_ascii() => format!("{text} ({word})"),
            (true, word) => format!("{text}（{word}）"),
        }
    }

    fn conference(&self, c: &ConferenceView) -> String {
        let w = self.words;
        let Some(held) = c.held_on else { return self.ahead(c.planned_on, w.planned) };
        let held = (w.held)(&(w.day)(held));
        let unit = c.unit.as_ref().map_or("", |unit| w.say(unit));
        let settled = c.due_on.map(|due| (w.settled)(unit, &(w.day)(due), due < self.today()));
        [Some(held), settled].into_iter().flatten().collect::<Vec<_>>().join(w.comma)
    }

    fn rectification(&self, r: &RectificationView) -> String {
        let w = self.words;
        let done = |day: Option<NaiveDate>, on: fn(&str) -> String, plain: &str| {
            Some(day.map_or_else(|| plain.to_owned(), |day| on(&(w.day)(day))))
        };
        let contact = if r.contacted {
            done(r.contacted_on, w.contacted_on, w.contacted)
        } else {
            r.contact_until.map(|day| self.ahead(day, w.contact_by))
        };
        let fix = if r.fixed {
            done(r.fixed_on, w.fixed_on, w.fixed)
        } else {
            r.fix_until.map(|day| self.ahead(day, w.fix_by))
        };
        let check = r.check_until.map(|day| self.ahead(day, w.check_by)).filter(|_| r.fixed);
        let said = [contact, fix, check].into_iter().flatten().collect::<Vec<_>>().join(w.comma);
        self.maybe(r.provisional, said)
    }
}
