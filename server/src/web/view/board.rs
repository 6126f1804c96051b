//! The phone page of a scan: the board turned into words, then into HTML.

pub mod beside;

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use qiyema_protocol::{
    board::{Board, Card, ClosureView, Lamp, OwnerView, Promise, State, Step},
    rating::{Tier, Verdict},
    verb::Verb,
};

use self::beside::{Beside, is_over};
use super::{STYLE, rating::further};
use crate::{
    domain::wording::Wording,
    web::words::{Words, owner::OwnerWords},
};

/// What the request before this one came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flash {
    /// The rating was stored.
    Rated,
    /// A bad rating was stored: somebody will call.
    RatedBad,
    /// The PIN was right.
    PinOk,
    /// The PIN was wrong.
    PinWrong,
    /// The device was forgotten.
    Forgotten,
    /// There was a rating already.
    AlreadyRated,
}

/// The board page.
#[derive(Debug)]
pub struct BoardPage<'a> {
    /// The language.
    pub words: &'static Words,
    /// Large text (大字版).
    pub care: bool,
    /// Sentences in the centre's own words.
    pub wording: &'a Wording,
    /// What is shown.
    pub board: &'a Board,
    /// `/c/…`
    pub seal_path: &'a str,
    /// A message on top.
    pub flash: Option<Flash>,
    /// Receipt of the rating just given.
    pub receipt: Option<&'a str>,
    /// Zone the times are shown in.
    pub tz: Tz,
}

impl BoardPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (w, b) = (self.words, self.board);
        BoardHtml {
            w,
            o: OwnerWords::of(w.code),
            style: STYLE,
            care: self.care,
            b,
            centre: w.say(&b.centre.name),
            owner: b.tier == Tier::Owner,
            other_lang: self.link(w.other_code, self.care, b.page),
            other_size: self.link(w.code, !self.care, b.page),
            page_of: (w.page_of)(b.page, b.pages),
            prev: (b.page > 1).then(|| self.link(w.code, self.care, b.page.saturating_sub(1))),
            next: (b.page < b.pages).then(|| self.link(w.code, self.care, b.page.saturating_add(1))),
            pin_wrong: matches!(self.flash, Some(Flash::PinWrong)),
            flash: self.flash.map(|flash| self.message(flash)),
            empty_next: w.say(&self.wording.board_empty),
            pin_why: w.say(&self.wording.pin_why),
            receipt: self.receipt,
            cards: b.issues.iter().map(|card| self.card(card)).collect(),
            seal_path: self.seal_path,
            keep: format!("?lang={}&care={}", w.code, u8::from(self.care)),
            issued: (w.day)(b.code.issued_at.with_timezone(&self.tz).date_naive()),
            at: self.time(b.at),
        }
        .render()
    }

    /// The message and whether it is good news.
    fn message(&self, flash: Flash) -> (&str, bool) {
        let (w, own) = (self.words, self.wording);
        match flash {
            Flash::Rated | Flash::RatedBad if self.board.tier == Tier::Unverified => {
                (w.flash_rated_unverified, true)
            }
            Flash::Rated => (w.say(&own.thanks), true),
            Flash::RatedBad => (w.say(&own.thanks_bad), true),
            Flash::PinOk => (w.flash_pin_ok, true),
            Flash::PinWrong => (w.flash_pin_wrong, false),
            Flash::Forgotten => (w.flash_forgotten, true),
            Flash::AlreadyRated => (w.flash_already, false),
        }
    }

    fn card<'c>(&'c self, c: &'c Card) -> CardRow<'c> {
        let w = self.words;
        let (lamp_class, lamp) = self.lamp(c);
        CardRow {
            c,
            category: w.say(&c.category),
            state: w.say(&c.state_text),
            lamp_class,
            lamp,
            nobody: self.side().nobody(c, w.say(&self.board.centre.name)),
            unpromised: self.side().unpromised(c),
            who: c.responsible.as_ref().map(|r| WhoRow {
                unit: w.say(&r.unit),
                office: w.say(&r.office),
                person: r.person.as_deref(),
                phone: &r.phone,
            }),
            // Neither leads on: a line of phases would say that it waits.
            steps: if is_over(c.state) { Vec::new() } else { steps(self.words, c.step) },
            beside: self.side().rows(c),
            last: w.say(&c.last_action),
            last_at: self.time(c.last_at),
            promise: c.promise.as_ref().filter(|_| !is_over(c.state)).map(|p| self.promise(c, p)),
            closure: c.closure.as_ref().map(|x| self.closure(x)),
            owner: c.owner.as_ref().map(|o| self.owner(o)),
        }
    }

    /// Colour is never the only signal: the words carry the count.
    fn lamp(&self, c: &Card) -> (&'static str, String) {
        let w = self.words;
        let left = c.promise.as_ref().and_then(|p| p.working_days_left);
        if let Some(hours) = c.promise.as_ref().and_then(|p| p.hours_over) {
            return ("red", (w.over_hours)(hours));
        }
        match (c.lamp, left) {
            (Lamp::Green, _) => ("green", w.normal.into()),
            (Lamp::Yellow, Some(n)) => ("yellow", (w.soon)(n.unsigned_abs())),
            (Lamp::Overdue, Some(n)) if n < 0 => ("red", (w.over)(n.unsigned_abs())),
            (Lamp::Yellow | Lamp::Red, _) => ("red", w.due_today.into()),
            (Lamp::Overdue, _) => ("red", w.overdue.into()),
            // Other clocks run: it is not paused, and not done either.
            // The owner sees that the window is late, as staff do.
            (Lamp::Off, _)
                if c.state == State::Submitted && c.step_until.is_some_and(|day| day < self.board.today) =>
            {
                ("red", w.accept_over.into())
            }
            (Lamp::Off, _) if says_itself(c.state) => ("off", w.say(&c.state_text).into()),
            (Lamp::Off, _) if c.closure.is_some() => ("off", w.closed.into()),
            (Lamp::Off, _) => ("off", w.paused.into()),
        }
    }

    fn promise(&self, c: &Card, p: &Promise) -> PromiseRow {
        let w = self.words;
        // While an issue is deferred no promise holds: the review is what can be said.
        let deferral = c.deferral.as_ref().filter(|_| c.state == State::Deferred);
        let changes = p.changes.iter().map(|c| {
            let (to, first) = ((w.day)(c.to), (w.day)(p.first));
            format!("{}{to}{}{first}{}{}", w.extended, w.extended_from, w.reason, w.say(&c.reason_text))
        });
        PromiseRow {
            day: match deferral {
                Some(deferral) => {
                    format!("{} {}", w.review, self.side().ahead(deferral.review_on, w.review_on))
                }
                None => self.side().promised(p),
            },
            provisional: p.provisional && deferral.is_none(),
            left: p.working_days_left.map(|n| match n {
                _ if p.hours_over.is_some() => (w.over_hours)(p.hours_over.unwrap_or_default()),
                0 => w.due_today.into(),
                1.. => (w.left)(n.unsigned_abs()),
                _ => (w.over)(n.unsigned_abs()),
            }),
            changes: changes.collect(),
        }
    }

    fn closure(&self, x: &ClosureView) -> ClosureRow<'_> {
        let w = self.words;
        let name = |verdict| match verdict {
            Verdict::Good => w.good,
            Verdict::Bad => w.bad,
        };
        let over = !x.rateable && x.owner_verdict.is_none() && self.board.today > x.rate_until;
        ClosureRow {
            result: if w.code == "zh" { x.result_text.zh.clone() } else { x.result_text.en.clone() },
            day: (w.day)(x.at.with_timezone(&self.tz).date_naive()),
            rate_until: (w.day)(x.rate_until),
            rateable: x.rateable,
            more: further(w, x).map(|(_, asks)| asks),
            owner_verdict: x.owner_verdict.map(name),
            call_back_verdict: x.call_back_verdict.map(name),
            owner_second: x.owner_second.map(name),
            owner_rectification: x.owner_rectification.map(name),
            unverified_verdict: x.unverified_verdict.map(name),
            unverified_second: x.unverified_second.map(name),
            unrated: over.then_some(w.unrated),
        }
    }

    fn owner<'c>(&self, o: &'c OwnerView) -> OwnerRow<'c> {
        let line = |h: &'c qiyema_protocol::history::HistoryEntry| {
            (self.time(h.at), self.words.say(&h.what).to_owned(), h.note.as_deref())
        };
        let words = OwnerWords::of(self.words.code);
        let named = |verb: Verb| (verb.noun(), words.deed(verb).name);
        // What was asked for has its button where it is asked.
        let asked = o.asked.is_some() && o.deeds.contains(&Verb::Supplement);
        OwnerRow {
            supplement: asked.then(|| named(Verb::Supplement)),
            subject: &o.subject,
            body: &o.body,
            reply: o.reply.as_deref(),
            history: o.history.iter().map(line).collect(),
            asked: o.asked.as_deref(),
            refused: o.refused.as_deref(),
            files: o.attachments.iter().map(|file| (file.id.as_str(), file.name.as_str())).collect(),
            deeds: DEEDS
                .into_iter()
                .filter(|verb| o.deeds.contains(verb) && !(asked && *verb == Verb::Supplement))
                .map(named)
                .collect(),
        }
    }

    fn link(&self, lang: &str, care: bool, page: u32) -> String {
        format!("{}?lang={lang}&care={}&page={page}", self.seal_path, u8::from(care))
    }

    const fn side(&self) -> Beside {
        Beside { words: self.words, at: self.board.at, tz: self.tz }
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        self.side().time(at)
    }
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardHtml<'a> {
    w: &'static Words,
    o: &'static OwnerWords,
    style: &'static str,
    care: bool,
    b: &'a Board,
    centre: &'a str,
    owner: bool,
    other_lang: String,
    other_size: String,
    page_of: String,
    prev: Option<String>,
    next: Option<String>,
    pin_wrong: bool,
    flash: Option<(&'a str, bool)>,
    empty_next: &'a str,
    pin_why: &'a str,
    receipt: Option<&'a str>,
    cards: Vec<CardRow<'a>>,
    seal_path: &'a str,
    /// Language and size travel with a form, for a browser that keeps no cookies.
    keep: String,
    issued: String,
    at: String,
}

struct CardRow<'a> {
    c: &'a Card,
    category: &'a str,
    state: &'a str,
    lamp_class: &'static str,
    lamp: String,
    who: Option<WhoRow<'a>>,
    /// Who it is if no unit has it.
    nobody: &'a str,
    /// What is said if nothing is promised.
    unpromised: String,
    steps: Vec<(&'static str, &'static str)>,
    beside: Vec<(&'static str, String)>,
    last: &'a str,
    last_at: String,
    promise: Option<PromiseRow>,
    closure: Option<ClosureRow<'a>>,
    owner: Option<OwnerRow<'a>>,
}

/// Neither paused nor closed: what the state is called says more.
const fn says_itself(state: State) -> bool {
    matches!(
        state,
        State::Submitted
            | State::NeedInfo
            | State::Rejected
            | State::Withdrawn
            | State::Merged
            | State::Rectifying
            | State::FollowUp
    )
}

struct WhoRow<'a> {
    unit: &'a str,
    office: &'a str,
    person: Option<&'a str>,
    phone: &'a str,
}

struct PromiseRow {
    day: String,
    provisional: bool,
    left: Option<String>,
    changes: Vec<String>,
}

struct ClosureRow<'a> {
    result: String,
    day: String,
    rate_until: String,
    rateable: bool,
    more: Option<String>,
    owner_verdict: Option<&'a str>,
    call_back_verdict: Option<&'a str>,
    owner_second: Option<&'a str>,
    owner_rectification: Option<&'a str>,
    unverified_verdict: Option<&'a str>,
    unverified_second: Option<&'a str>,
    unrated: Option<&'a str>,
}

struct OwnerRow<'a> {
    subject: &'a str,
    body: &'a str,
    reply: Option<&'a str>,
    history: Vec<(String, String, Option<&'a str>)>,
    asked: Option<&'a str>,
    supplement: Option<(&'static str, &'static str)>,
    refused: Option<&'a str>,
    files: Vec<(&'a str, &'a str)>,
    /// Noun in the address, and the name on the link.
    deeds: Vec<(&'static str, &'static str)>,
}

/// What the owner may do, the likeliest first.
const DEEDS: [Verb; 6] =
    [Verb::Supplement, Verb::Appeal, Verb::Object, Verb::Urge, Verb::AddFacts, Verb::Withdraw];

/// The phases of an issue, each with its class: done, now, or nothing yet.
#[must_use]
pub fn steps(words: &Words, step: Step) -> Vec<(&'static str, &'static str)> {
    let now = match step {
        Step::Submitted => 0,
        Step::Accepted => 1,
        Step::Handling => 2,
        Step::Closed => 3,
        Step::Rated => 4,
    };
    let class = |i: usize| match i.cmp(&now) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "",
    };
    words.steps.iter().enumerate().map(|(i, name)| (class(i), *name)).collect()
}
