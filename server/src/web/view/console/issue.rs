//! The issue page: the next step large, the others near, the facts and clocks,
//! everything that happened, and beside it what the owner sees.

mod card;
pub mod records;
pub mod turn;

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use qiyema_protocol::{
    board::State,
    clocks::{ClockKind, ClockView},
    intake::AttachmentView,
};

use self::{
    card::CardRow,
    records::{Block, Records},
    turn::{asked, family, standing},
};
use super::{form::Form, frame::Frame, issues::deferred};
use crate::{
    actions::issue::dossier::{Dossier, Entry},
    web::words::console::{
        files::FileWords,
        issue::{self as said, IssueWords},
        list::ListWords,
        terms,
        turn::turn,
    },
};

/// A verb that may be used, with its form.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Noun; the id of its form.
    pub noun: &'static str,
    /// Name.
    pub name: String,
    /// Its form.
    pub form: Form,
    /// Shown open: it was sent and refused.
    pub open: bool,
}

/// What went wrong with what was sent.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// Somebody was faster: so many of the last events are new.
    Conflict(usize),
    /// The same, and the reader did all of it, perhaps in another window.
    Own(usize),
    /// The reader did this very step already, then; so many of the last events are new.
    Done(DateTime<Utc>, usize),
    /// It is refused, for this reason.
    Refused(String),
}

/// The page.
#[derive(Debug, Clone)]
pub struct IssuePage {
    /// The frame.
    pub frame: Frame,
    /// The issue.
    pub dossier: Dossier,
    /// The one next sensible step.
    pub primary: Option<Offer>,
    /// The others.
    pub others: Vec<Offer>,
    /// Trouble with what was sent.
    pub trouble: Option<Trouble>,
    /// What was typed for a verb that is no longer offered: label and text.
    pub stranded: Vec<(String, String)>,
    /// Whether the enterprise has a page this person may open.
    pub enterprise_link: bool,
    /// Zone of times.
    pub zone: Tz,
    /// When it is read.
    pub now: DateTime<Utc>,
    /// Adds files, for those who work on issues.
    pub attach: Option<Form>,
    /// Where a rating by telephone is entered, and its name, if it is due.
    pub call_back: Option<(String, &'static str)>,
}

impl IssuePage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, d) = (self.frame.lang, &self.dossier);
        // The same limit that the lists go by.
        let (lamp_class, lamp) = hurrying(d).map_or(("", String::new()), |one| {
            let (class, text) = terms::limit(lang, one.lamp, one.working_days_left, one.hours_over);
            (class, format!("{} {text}", said::clock(lang, one.kind)))
        });
        let records = Records { dossier: d, lang, zone: self.zone };
        let entries: Vec<_> = d.entries.iter().rev().map(|entry| self.entry(entry)).collect();
        let news = match self.trouble {
            Some(Trouble::Conflict(new) | Trouble::Own(new) | Trouble::Done(_, new)) => {
                new.min(entries.len())
            }
            _ => 0,
        };
        let w = IssueWords::of(lang);
        let (newly, newly_help) = match self.trouble {
            Some(Trouble::Done(at, _)) => {
                (format!("{}{}{}", w.own_step.0, self.time(at), w.own_step.1), w.own_step_help)
            }
            Some(Trouble::Own(_)) => (w.own_news.to_owned(), w.conflict_help),
            _ => (w.conflict.to_owned(), w.conflict_help),
        };
        IssueHtml {
            f: &self.frame,
            w,
            l: ListWords::of(lang),
            p: self,
            d,
            state: terms::state(lang, d.view.state),
            state_class: terms::state_class(d.view.state),
            lamp_class,
            lamp,
            category: lang.say(&d.category),
            grade: terms::grade(lang, &d.grade),
            level: terms::level(lang, &d.level),
            channel: lang.say(&d.channel),
            unit: d.unit.as_ref().map(|unit| lang.say(unit)),
            assisting: d
                .assisting
                .iter()
                .map(|unit| lang.say(unit))
                .collect::<Vec<_>>()
                .join(lang.pick("、", ", ")),
            supervision: said::supervision(lang, d.view.supervision),
            submitted: self.time(d.view.submitted_at),
            clocks: d
                .view
                .clocks
                .iter()
                .map(|clock| {
                    let (class, text) =
                        terms::limit(lang, clock.lamp, clock.working_days_left, clock.hours_over);
                    (said::clock(lang, clock.kind), class, text, self.time(clock.due_at), clock.provisional)
                })
                .collect(),
            waiting: records.waiting(),
            turn: turn(lang, standing(lang, d)),
            barred: d.barred.as_ref().map(|why| lang.say(why)),
            records: records.others(),
            asked: (d.view.state == State::NeedInfo).then(|| asked(d)).flatten(),
            deferral: d
                .card
                .deferral
                .as_ref()
                .filter(|_| d.view.state == State::Deferred)
                .map(|deferral| deferred(lang, deferral.review_on)),
            family: family(d, lang),
            news,
            newly,
            newly_help,
            entries,
            card: self.card(),
            x: FileWords::of(lang),
            files: d.files.iter().map(|(file, by)| self.file(file, by)).collect(),
            attach: self.attach.as_ref().map(attaching).transpose()?,
            primary: self.primary.as_ref().map(drawn).transpose()?,
            others: self.others.iter().map(drawn).collect::<Result<_, _>>()?,
            refused: match &self.trouble {
                Some(Trouble::Refused(reason)) => Some(reason),
                _ => None,
            },
            legal: self
                .primary
                .iter()
                .chain(&self.others)
                .map(|offer| &*offer.name)
                .collect::<Vec<_>>()
                .join(" · "),
        }
        .render()
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
    }

    fn entry(&self, entry: &Entry) -> EntryRow {
        let lang = self.frame.lang;
        let w = IssueWords::of(lang);
        let facts = entry
            .facts
            .iter()
            .map(|(key, value)| format!("{} {}", said::fact(lang, key), said::fact_value(lang, key, value)));
        EntryRow {
            what: said::event_of(lang, entry.kind, &entry.detail),
            at: self.time(entry.at),
            by: match &*entry.by {
                "owner" => w.owner.to_owned(),
                "clock" => w.clock.to_owned(),
                "scan" => w.stranger.to_owned(),
                name => name.to_owned(),
            },
            facts: facts.collect::<Vec<_>>().join(" · "),
            note: entry.note.clone(),
            for_owner: entry.kind.note_is_for_owner(),
        }
    }

    fn file<'a>(&self, file: &'a AttachmentView, by: &'a str) -> FileRow<'a> {
        let kilobytes = file.size.div_ceil(1024);
        FileRow {
            file,
            kind: file.media_type.rsplit('/').next().unwrap_or_default().to_uppercase(),
            size: if kilobytes < 1024 {
                format!("{kilobytes} KB")
            } else {
                format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024)
            },
            at: self.time(file.at),
            by: if file.by_owner { IssueWords::of(self.frame.lang).owner } else { by },
        }
    }
}

/// The first clock that somebody has to keep; the owner's time to rate is none.
fn hurrying(d: &Dossier) -> Option<&ClockView> {
    d.view.clocks.iter().find(|clock| clock.kind != ClockKind::Rate)
}

fn attaching(form: &Form) -> Result<(bool, String), askama::Error> {
    Ok((form.is_wrong(), form.html()?))
}

fn drawn(offer: &Offer) -> Result<Drawn<'_>, askama::Error> {
    Ok(Drawn {
        name: &offer.name,
        open: offer.open,
        simple: offer.form.fields.iter().all(|field| field.kind == super::form::Kind::Hidden),
        html: offer.form.html()?,
    })
}

#[derive(Template)]
#[template(path = "console/issue.html")]
struct IssueHtml<'a> {
    f: &'a Frame,
    w: &'static IssueWords,
    l: &'static ListWords,
    p: &'a IssuePage,
    d: &'a Dossier,
    state: &'static str,
    state_class: &'static str,
    lamp_class: &'static str,
    lamp: String,
    category: &'a str,
    grade: &'static str,
    level: &'static str,
    channel: &'a str,
    unit: Option<&'a str>,
    assisting: String,
    supervision: Option<&'static str>,
    submitted: String,
    clocks: Vec<(&'static str, &'static str, String, String, bool)>,
    /// What the next step is about.
    waiting: Vec<Block>,
    /// Who acts next.
    turn: Option<String>,
    /// Why it is not the reader's.
    barred: Option<&'a str>,
    /// The other records.
    records: Vec<Block>,
    /// What the enterprise was asked for, while it is waited for.
    asked: Option<&'a str>,
    deferral: Option<String>,
    /// The issue that it follows, and those that follow it.
    family: Vec<(&'static str, &'a [String])>,
    news: usize,
    /// What the news are, and what to do about them.
    newly: String,
    newly_help: &'static str,
    entries: Vec<EntryRow>,
    card: CardRow<'a>,
    x: &'static FileWords,
    files: Vec<FileRow<'a>>,
    attach: Option<(bool, String)>,
    primary: Option<Drawn<'a>>,
    others: Vec<Drawn<'a>>,
    refused: Option<&'a String>,
    legal: String,
}

struct Drawn<'a> {
    name: &'a str,
    open: bool,
    /// Nothing to fill in.
    simple: bool,
    html: String,
}

struct FileRow<'a> {
    file: &'a AttachmentView,
    kind: String,
    size: String,
    at: String,
    by: &'a str,
}

struct EntryRow {
    what: String,
    at: String,
    by: String,
    facts: String,
    note: Option<String>,
    for_owner: bool,
}
