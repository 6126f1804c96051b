//! The closures behind a figure.

use askama::Template;
use qiyema_protocol::{
    board::State,
    dashboard::{ClosureLine, Closures, Which},
    rating::Verdict,
};

use super::super::{assets, frame::Frame};
use crate::{
    actions::figures::closures::LINES,
    store::columns::word,
    web::words::{
        console::figures::closures::{self as said, ClosureWords},
        lang::Lang,
    },
};

/// The list.
#[derive(Debug, Clone)]
pub struct ClosuresPage {
    /// The frame.
    pub frame: Frame,
    /// The closures.
    pub list: Closures,
    /// Which.
    pub which: Which,
    /// The query of the dashboard, and of this list without `which`.
    pub query: (String, String),
}

impl ClosuresPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let href = |which: Which| {
            format!("/console/figures/closures?{}&which={}", self.query.1, word(which).unwrap_or_default())
        };
        let w = ClosureWords::of(lang);
        let lead = match self.which {
            Which::Late => w.late_lead,
            Which::LateFirst => w.late_first_lead,
            _ if self.list.withheld => w.withheld_lead,
            Which::All | Which::Bad | Which::Reopened => w.closures_lead,
        };
        let promises = matches!(self.which, Which::Late | Which::LateFirst);
        let more = self.list.next.is_some();
        let none = match promises {
            _ if more => w.none_so_far,
            true => w.none_late,
            false => w.no_closures,
        };
        let offered = Which::ALL.into_iter().filter(|which| !(self.list.withheld && *which == Which::Bad));
        ClosuresHtml {
            f: &self.frame,
            w,
            lead,
            none,
            short: more && self.list.closures.len() < LINES,
            c: &self.list,
            style: assets::FIGURES.href(),
            promises,
            name: lang.say(&self.list.name),
            picks: offered
                .map(|which| (said::which(lang, which), href(which), which == self.which))
                .collect(),
            rows: self.list.closures.iter().map(|line| row(line, lang)).collect(),
            next: self.list.next.as_ref().map(|after| format!("{}&after={after}", href(self.which))),
            back: format!("/console/figures?{}", self.query.0),
        }
        .render()
    }
}

struct Row<'a> {
    number: &'a str,
    unit: &'a str,
    handler: &'a str,
    category: &'a str,
    closed_on: String,
    due_on: String,
    late: bool,
    reopened: bool,
    verdict: Option<(&'static str, &'static str)>,
}

fn row(line: &ClosureLine, lang: Lang) -> Row<'_> {
    Row {
        number: &line.number,
        unit: lang.say(&line.unit),
        handler: &line.handler,
        category: lang.say(&line.category),
        closed_on: match (line.closed_on, line.state) {
            (Some(day), _) => day.to_string(),
            (None, state) => said::unclosed(lang, state.unwrap_or(State::InProgress)).to_owned(),
        },
        due_on: line.due_on.to_string(),
        late: line.closed_on.is_none_or(|day| day > line.due_on),
        reopened: line.reopened,
        verdict: line.verdict.map(|verdict| match verdict {
            Verdict::Good => ("badge good", lang.pick("好评", "good")),
            Verdict::Bad => ("badge bad", lang.pick("差评", "bad")),
        }),
    }
}

#[derive(Template)]
#[template(path = "console/figures_closures.html")]
struct ClosuresHtml<'a> {
    f: &'a Frame,
    w: &'static ClosureWords,
    c: &'a Closures,
    style: String,
    lead: &'static str,
    /// What an empty list says.
    none: &'static str,
    /// There is more than this page could look through.
    short: bool,
    /// The list is of late promises, which nobody rates.
    promises: bool,
    name: &'a str,
    picks: Vec<(&'static str, String, bool)>,
    rows: Vec<Row<'a>>,
    next: Option<String>,
    back: String,
}
