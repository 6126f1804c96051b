//! The figures' dashboard: who does well, who does not, and whether the difference
//! is real, in a sentence and a drawing; then how it moved, what followed, and all
//! of it as tables. Drawn here, without a script.

pub mod closures;
mod drawn;
mod parts;
pub mod report;
mod scale;
pub mod sheet;
mod verdict;

use askama::Template;
use qiyema_protocol::{
    dashboard::Dashboard,
    figures::{Figure, FiguresView},
};

use super::{assets, frame::Frame, issues::Pick};
use crate::web::words::console::{
    figures::{self as said, FigureWords, sentences},
    list::ListWords,
};
use drawn::{HeatMap, Trend};
use parts::{All, Bar, Raw, Row, Slice, Tile};
use scale::Scale;
use verdict::Said;

/// The page.
#[derive(Debug, Clone)]
pub struct FiguresPage {
    /// The frame.
    pub frame: Frame,
    /// What it shows.
    pub board: Dashboard,
    /// Grouping.
    pub by: Pick,
    /// Periods one click away: name and period.
    pub presets: Vec<(String, String)>,
    /// The period asked for by name, else empty.
    pub period: String,
    /// The query of the files.
    pub query: String,
    /// What was wrong with the period asked for; the figures are then those of the last twelve months.
    pub error: Option<String>,
}

impl FiguresPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, view) = (self.frame.lang, &self.board.figures);
        let scale = Scale::of(view);
        FiguresHtml {
            f: &self.frame,
            w: FigureWords::of(lang),
            l: ListWords::of(lang),
            p: self,
            v: view,
            style: assets::FIGURES.href(),
            said: verdict::said(view, &self.query, lang),
            tiles: parts::tiles(view, lang),
            ticks: scale.ticks(),
            begins: scale.begins().map(|at| sentences::begins_at(lang, &at)),
            rows: view.groups.iter().map(|group| parts::row(group, view, scale, &self.query, lang)).collect(),
            trend: drawn::trend(&self.board.trend, view.as_of, lang),
            funnel: drawn::funnel(&self.board.funnel, lang),
            complaints: drawn::complaints(&self.board.complaints, view, lang),
            slowest: drawn::slowest(&self.board.slowest, lang),
            heat: drawn::heat(&self.board.heat, lang),
            slices: parts::slices(view.all.how, lang),
            average: view.all.share(Figure::Good).and_then(|share| share.rate).map(parts::percent),
            raw: parts::raw(view),
            raws: parts::raws(view, lang),
            all: parts::all(view, lang),
            heading: said::by(lang, view.by),
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "console/figures.html")]
struct FiguresHtml<'a> {
    f: &'a Frame,
    w: &'static FigureWords,
    l: &'static ListWords,
    p: &'a FiguresPage,
    v: &'a FiguresView,
    style: String,
    said: Vec<Said>,
    tiles: Vec<Tile>,
    ticks: Vec<(String, String)>,
    begins: Option<String>,
    rows: Vec<Row>,
    trend: Trend,
    funnel: Vec<Bar>,
    complaints: Vec<Bar>,
    slowest: Vec<Bar>,
    heat: HeatMap,
    slices: Vec<Slice>,
    average: Option<String>,
    raw: Option<String>,
    raws: Vec<Raw>,
    all: Vec<All>,
    heading: &'static str,
}
