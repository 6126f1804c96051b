//! The home page: how much waits for me, what is most urgent, what came in.

use askama::Template;

use super::{
    frame::Frame,
    issues::{Shown, shown},
};
use crate::{
    actions::desk::Row,
    web::words::{
        console::{list::ListWords, registers::RegisterWords},
        lang::Lang,
    },
};

/// A number with its list.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Where the list is.
    pub href: String,
    /// Name.
    pub name: &'static str,
    /// How many, counted up to a hundred.
    pub count: usize,
    /// Late things are red.
    pub red: bool,
}

/// A list in which something waits for the person.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Where all of it is.
    pub href: String,
    /// Name.
    pub name: &'static str,
    /// The first to fall due.
    pub rows: Vec<Row>,
}

/// Something a new centre needs.
#[derive(Debug, Clone)]
pub struct FirstStep {
    /// Where it is done.
    pub href: &'static str,
    /// Name.
    pub name: &'static str,
    /// What it is for, or what is missing.
    pub help: String,
    /// It is there.
    pub done: bool,
}

/// The page.
#[derive(Debug, Clone)]
pub struct HomePage {
    /// The frame.
    pub frame: Frame,
    /// What a new centre still needs; mostly none.
    pub steps: Vec<FirstStep>,
    /// Numbers.
    pub tiles: Vec<Tile>,
    /// Names of the lists that are this person's by the roles held; none for who only looks on.
    pub own: Vec<&'static str>,
    /// Those of them in which something waits; absent for people who read no issues.
    pub waiting: Option<Vec<Waiting>>,
    /// Newest first.
    pub newest: Vec<Row>,
}

/// Counting stops here.
pub const MOST: usize = 100;

impl HomePage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let waiting = self.waiting.as_deref().unwrap_or_default();
        let r = RegisterWords::of(lang);
        HomeHtml {
            f: &self.frame,
            w: ListWords::of(lang),
            r,
            p: self,
            waiting: waiting
                .iter()
                .map(|one| (one, one.rows.iter().map(|row| shown(lang, row)).collect()))
                .collect(),
            nothing: (r.nothing_waits)(&self.own.join(lang.pick("、", ", "))),
            newest: self.newest.iter().map(|row| shown(lang, row)).collect(),
        }
        .render()
    }

    /// A page to look at: nothing to do.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let w = ListWords::of(lang);
        let tiles = w.tabs.iter().skip(2).take(4).zip([3, 0, 100, 7]);
        Self {
            frame: Frame::sample(lang, "/console"),
            steps: Vec::new(),
            tiles: tiles
                .map(|((query, name), count)| Tile {
                    href: format!("/console/issues?{query}"),
                    name,
                    count,
                    red: query.contains("overdue"),
                })
                .collect(),
            own: vec![lang.pick("待受理", "To accept")],
            waiting: Some(Vec::new()),
            newest: Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "console/home.html")]
struct HomeHtml<'a> {
    f: &'a Frame,
    w: &'static ListWords,
    r: &'static RegisterWords,
    p: &'a HomePage,
    waiting: Vec<(&'a Waiting, Vec<Shown<'a>>)>,
    nothing: String,
    newest: Vec<Shown<'a>>,
}
