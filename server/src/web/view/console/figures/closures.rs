//! The closures behind a figure.

use askama::Template;
use qiyema_protocol::{
    dashboard::{ClosureLine, Closures, Which},
    rating::Verdict,
};

use super::super::{assets, frame::Frame};
use crate::{
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
        let offered = Which::ALL.into_iter().filter(|which| !(self.list.withheld && *which == Which::Bad));
        ClosuresHtml {
            f: &self.frame,
            w: ClosureWords::of(lang),
            c: &self.list,
            style: assets::FIGURES.href(),
            promises: matches!(self.which, Which::Late | Which::LateFirst),
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
    closed_on: Option<String>,
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
        closed_on: line.closed_on.map(|day| day.to_string()),
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
    /// The list is of late promises, which nobody rates.
    promises: bool,
    name: &'a str,
    picks: Vec<(&'static str, String, bool)>,
    rows: Vec<Row<'a>>,
    next: Option<String>,
    back: String,
}
