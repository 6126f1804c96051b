//! The report of a period, made for paper: the same parts and drawings as the
//! dashboard, and every figure with its formula; places to sign.

use askama::Template;
use qiyema_protocol::{
    dashboard::Dashboard,
    figures::{Figure, FiguresView},
};

use super::{
    super::{assets, frame::Frame},
    drawn::{self, HeatMap, Trend},
    parts::{self, All, Bar, Raw, Row, Slice, Tile},
    scale::Scale,
    verdict::{self, Said},
};
use crate::web::words::console::figures::{self as said, FigureWords, sentences};

/// The report.
#[derive(Debug, Clone)]
pub struct ReportPage {
    /// The frame.
    pub frame: Frame,
    /// What it shows.
    pub board: Dashboard,
    /// The query of the dashboard.
    pub query: String,
}

impl ReportPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, view) = (self.frame.lang, &self.board.figures);
        let scale = Scale::of(view);
        ReportHtml {
            f: &self.frame,
            w: FigureWords::of(lang),
            v: view,
            query: &self.query,
            style: assets::FIGURES.href(),
            said: verdict::said(view, &self.query, lang),
            tiles: parts::tiles(view, lang),
            ticks: scale.ticks(),
            begins: scale.begins().map(|at| sentences::begins_at(lang, &at)),
            average: view.all.share(Figure::Good).and_then(|share| share.rate).map(parts::percent),
            trend: drawn::trend(&self.board.trend, view.as_of, lang),
            slowest: drawn::slowest(&self.board.slowest, lang),
            heat: drawn::heat(&self.board.heat, lang),
            raw: parts::raw(view),
            raws: parts::raws(view, lang),
            rows: view.groups.iter().map(|group| parts::row(group, view, scale, &self.query, lang)).collect(),
            funnel: drawn::funnel(&self.board.funnel, lang),
            complaints: drawn::complaints(&self.board.complaints, view, lang),
            slices: parts::slices(view.all.how, lang),
            all: parts::all(view, lang),
            heading: said::by(lang, view.by),
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "console/figures_report.html")]
struct ReportHtml<'a> {
    f: &'a Frame,
    w: &'static FigureWords,
    v: &'a FiguresView,
    query: &'a str,
    style: String,
    said: Vec<Said>,
    tiles: Vec<Tile>,
    ticks: Vec<(String, String)>,
    begins: Option<String>,
    average: Option<String>,
    trend: Trend,
    slowest: Vec<Bar>,
    heat: HeatMap,
    raw: Option<String>,
    raws: Vec<Raw>,
    rows: Vec<Row>,
    funnel: Vec<Bar>,
    complaints: Vec<Bar>,
    slices: Vec<Slice>,
    all: Vec<All>,
    heading: &'static str,
}
