//! The card as the owner sees it on the phone, beside what staff see.

use qiyema_protocol::{board::State, rating::Verdict};

use super::{super::issues::deferred, IssuePage};
use crate::web::{
    view::board::{
        beside::{Beside, is_over},
        steps,
    },
    words::{
        Words,
        console::{issue::IssueWords, terms},
    },
};

impl IssuePage {
    /// The card in words.
    pub(super) fn card(&self) -> CardRow<'_> {
        let (lang, card) = (self.frame.lang, &self.dossier.card);
        let words = Words::of(lang.code());
        let left = card.promise.as_ref().and_then(|promise| promise.working_days_left);
        let over = card.promise.as_ref().and_then(|promise| promise.hours_over);
        let (lamp_class, lamp) = match left {
            Some(left) => terms::limit(lang, card.lamp, left, over),
            None => terms::lamp(lang, card.lamp, None),
        };
        let verdict = |one: Option<Verdict>| match one {
            Some(Verdict::Good) => words.good,
            Some(Verdict::Bad) => words.bad,
            None => IssueWords::of(lang).not_rated,
        };
        let side = Beside { words, at: self.now, tz: self.zone };
        CardRow {
            words,
            steps: if is_over(card.state) { Vec::new() } else { steps(words, card.step) },
            state: lang.say(&card.state_text),
            who: card.responsible.as_ref().map(|who| {
                (lang.say(&who.unit), lang.say(&who.office), who.person.clone(), who.phone.clone())
            }),
            beside: side.rows(card),
            nobody: side.nobody(card, &self.frame.centre),
            unpromised: side.unpromised(card),
            last: format!("{} {}", lang.say(&card.last_action), self.time(card.last_at)),
            closed: card.closure.as_ref().map(|closure| {
                let day = (words.day)(closure.at.with_timezone(&self.zone).date_naive());
                format!("{}{day}{}", words.closed_on.0, words.closed_on.1)
            }),
            day: match &card.deferral {
                Some(deferral) if card.state == State::Deferred => Some(deferred(lang, deferral.review_on)),
                _ => card
                    .promise
                    .as_ref()
                    .filter(|_| !is_over(card.state))
                    .map(|promise| side.maybe(promise.provisional, side.promised(promise))),
            },
            lamp_class,
            lamp,
            changes: card
                .promise
                .iter()
                .flat_map(|promise| &promise.changes)
                .map(|change| {
                    format!(
                        "{}{}{}{}",
                        words.extended,
                        (words.day)(change.to),
                        words.reason,
                        lang.say(&change.reason_text)
                    )
                })
                .collect(),
            result: card.closure.as_ref().map(|closure| lang.say(&closure.result_text)),
            verdict: card
                .closure
                .as_ref()
                .map(|closure| verdict(closure.owner_verdict.or(closure.unverified_verdict))),
            reply: card.owner.as_ref().and_then(|owner| owner.reply.as_deref()),
            history: card
                .owner
                .iter()
                .flat_map(|owner| &owner.history)
                .rev()
                .map(|one| (self.time(one.at), lang.say(&one.what), one.note.as_deref()))
                .collect(),
        }
    }
}

/// What the owner sees.
pub(super) struct CardRow<'a> {
    pub words: &'static Words,
    pub steps: Vec<(&'static str, &'static str)>,
    pub state: &'a str,
    pub who: Option<(&'a str, &'a str, Option<String>, String)>,
    pub last: String,
    /// What stands beside the line of phases on the phone.
    pub beside: Vec<(&'static str, String)>,
    /// When it was closed, if it is.
    pub closed: Option<String>,
    pub day: Option<String>,
    /// Who it is if no unit has it.
    pub nobody: &'a str,
    /// What is said if nothing is promised.
    pub unpromised: String,
    pub lamp_class: &'static str,
    pub lamp: String,
    pub changes: Vec<String>,
    pub result: Option<&'a str>,
    /// Once closed: the verdict, or that there is none.
    pub verdict: Option<&'a str>,
    pub reply: Option<&'a str>,
    pub history: Vec<(String, &'a str, Option<&'a str>)>,
}
