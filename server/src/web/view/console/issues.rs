//! The issue list: saved filters, the filter itself, the table, bulk actions.

use askama::Template;

use super::{form::Choice, frame::Frame};
use crate::{
    actions::desk::{Clocked, Row},
    web::words::{
        console::{intake::IntakeWords, issue as said, list::ListWords, terms},
        lang::Lang,
    },
};

/// A drop-down of the filter.
#[derive(Debug, Clone)]
pub struct Pick {
    /// Name sent.
    pub name: &'static str,
    /// Label.
    pub label: &'static str,
    /// What is chosen.
    pub value: String,
    /// Choices; an empty value is "any".
    pub choices: Vec<Choice>,
}

/// An action on several issues: its address and the form's fields as HTML.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// The noun posted to.
    pub noun: &'static str,
    /// Name of the button.
    pub name: String,
    /// Fields.
    pub fields: String,
}

/// The page.
#[derive(Debug, Clone)]
pub struct IssuesPage {
    /// The frame.
    pub frame: Frame,
    /// The query as asked, without the key of the page.
    pub query: String,
    /// Text searched for.
    pub text: String,
    /// Drop-downs, the common ones first.
    pub picks: Vec<Pick>,
    /// Any of the rarer drop-downs is set.
    pub more: bool,
    /// Fields of the query that no drop-down shows.
    pub kept: Vec<(String, String)>,
    /// Of one enterprise only: its id, its name, and the query without it.
    pub of: Option<(String, String, String)>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Key of the next page.
    pub next: Option<String>,
    /// This is not the first page.
    pub later: bool,
    /// Whether this person registers issues.
    pub registers: bool,
    /// What this person may do to several issues at once.
    pub bulk: Vec<Bulk>,
}

/// How many drop-downs stand in the first line.
const COMMON: usize = 4;

impl IssuesPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let w = ListWords::of(lang);
        let (common, rare) = self.picks.split_at(self.picks.len().min(COMMON));
        IssuesHtml {
            f: &self.frame,
            w,
            i: IntakeWords::of(lang),
            of: self.of.as_ref().map(|(id, name, rest)| (id.as_str(), name.as_str(), tab(rest))),
            tabs: w.tabs.iter().map(|(query, name)| (tab(query), *name, *query == self.query)).collect(),
            p: self,
            common,
            rare,
            rows: self.rows.iter().map(|row| shown(lang, row)).collect(),
            count: (w.shown)(self.rows.len()),
            next: self.next.as_ref().map(|key| with(&self.query, &format!("after={key}"))),
            first: tab(&self.query),
            csv: export("csv", &self.query),
            xlsx: export("xlsx", &self.query),
        }
        .render()
    }
}

fn tab(query: &str) -> String {
    if query.is_empty() { "/console/issues".to_owned() } else { format!("/console/issues?{query}") }
}

fn with(query: &str, more: &str) -> String {
    let join = if query.is_empty() { "" } else { "&" };
    format!("/console/issues?{query}{join}{more}")
}

fn export(kind: &str, query: &str) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/console/issues.{kind}{mark}{query}")
}

/// A row in words.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Shown<'a> {
    pub row: &'a Row,
    pub state: &'static str,
    pub state_class: &'static str,
    pub category: &'a str,
    pub channel: &'a str,
    pub unit: Option<&'a str>,
    pub due: Option<String>,
    /// The first limit to pass: its colour, its sentence, its name and end.
    pub clock: Option<(&'static str, String, String)>,
    /// When a deferral is reviewed; the old promise does not hold until then.
    pub review: Option<String>,
}

/// Until when nothing is promised.
#[must_use]
pub fn deferred(lang: Lang, review_on: chrono::NaiveDate) -> String {
    match lang {
        Lang::Zh => format!("挂账，复核期限{review_on}"),
        Lang::En => format!("Deferred, review due {review_on}"),
    }
}

/// The end of a limit: its day, the time where it does not last the day, and whether that is certain.
#[must_use]
pub fn until(lang: Lang, clock: &Clocked) -> String {
    let time = clock.time.map(|time| time.format(" %H:%M").to_string());
    let maybe = if clock.provisional { lang.pick("（预计）", " (provisional)") } else { "" };
    format!("{}{}{maybe}", clock.due_on, time.unwrap_or_default())
}

/// A row in the words of a language.
#[must_use]
pub fn shown(lang: Lang, row: &Row) -> Shown<'_> {
    Shown {
        row,
        state: terms::state(lang, row.state),
        state_class: terms::state_class(row.state),
        category: lang.say(&row.category),
        channel: lang.say(&row.channel),
        unit: row.unit.as_ref().map(|unit| lang.say(unit)),
        clock: row.clock.map(|clock| {
            let (class, text) = terms::limit(lang, clock.lamp, clock.left, clock.hours_over);
            (class, text, format!("{} {}", said::clock(lang, clock.kind), until(lang, &clock)))
        }),
        due: row.due_on.filter(|_| row.review_on.is_none()).map(|day| day.to_string()),
        review: row.review_on.map(|day| deferred(lang, day)),
    }
}

#[derive(Template)]
#[template(path = "console/issues.html")]
struct IssuesHtml<'a> {
    f: &'a Frame,
    w: &'static ListWords,
    i: &'static IntakeWords,
    of: Option<(&'a str, &'a str, String)>,
    p: &'a IssuesPage,
    tabs: Vec<(String, &'static str, bool)>,
    common: &'a [Pick],
    rare: &'a [Pick],
    rows: Vec<Shown<'a>>,
    count: String,
    next: Option<String>,
    first: String,
    csv: String,
    xlsx: String,
}

/// What came of a bulk action.
#[derive(Debug, Clone)]
pub struct OutcomePage {
    /// The frame.
    pub frame: Frame,
    /// Name of the action.
    pub name: String,
    /// Number, whether it was done, and what is to say.
    pub rows: Vec<(String, bool, String)>,
    /// The list.
    pub back: String,
}

impl OutcomePage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        OutcomeHtml { f: &self.frame, w: ListWords::of(self.frame.lang), p: self }.render()
    }
}

#[derive(Template)]
#[template(path = "console/outcome.html")]
struct OutcomeHtml<'a> {
    f: &'a Frame,
    w: &'static ListWords,
    p: &'a OutcomePage,
}
