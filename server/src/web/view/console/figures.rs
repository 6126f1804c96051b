//! The figures' page: four shares large, then a bar a group with its interval
//! drawn as a line, and the same in numbers beside it.

pub mod sheet;

use askama::Template;
use qiyema_protocol::figures::{Figure, FiguresView, Group, Received, Share, Standing};

use super::{frame::Frame, issues::Pick};
use crate::web::words::{
    console::{
        figures::{self as said, FigureWords},
        list::ListWords,
    },
    lang::Lang,
};

/// The page.
#[derive(Debug, Clone)]
pub struct FiguresPage {
    /// The frame.
    pub frame: Frame,
    /// The figures.
    pub view: FiguresView,
    /// Grouping.
    pub by: Pick,
    /// The query of the files.
    pub query: String,
    /// What was wrong with the period asked for; the figures are then this month's.
    pub error: Option<String>,
}

impl FiguresPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, view) = (self.frame.lang, &self.view);
        let average = view.all.share(Figure::Good).and_then(|share| share.rate);
        FiguresHtml {
            f: &self.frame,
            w: FigureWords::of(lang),
            l: ListWords::of(lang),
            p: self,
            v: view,
            tiles: tiles(view, lang),
            rows: view.groups.iter().map(|group| row(group, average, lang)).collect(),
            slices: slices(view.all.ratings, view.all.closed, lang),
            average: average.map(percent),
            raw: raw(view),
            formulas: said::formulas(lang),
            heading: said::by(lang, view.by),
        }
        .render()
    }
}

/// A share, large.
struct Tile {
    name: &'static str,
    rate: String,
    detail: String,
    before: String,
}

/// A group.
struct Row {
    rank: String,
    name: String,
    closed: u32,
    bar: Option<Bar>,
    good: String,
    standing: Option<(&'static str, &'static str)>,
    on_time: String,
    on_time_first: String,
    rated: String,
    at_once: String,
}

/// Where things stand on a scale of 0 to 200.
struct Bar {
    rate: String,
    low: String,
    high: String,
    average: Option<String>,
    said: String,
}

/// A slice of what was received.
struct Slice {
    kind: &'static str,
    name: &'static str,
    count: u32,
    /// From, and how wide, of 1000.
    at: u32,
    wide: u32,
}

fn tiles(view: &FiguresView, lang: Lang) -> Vec<Tile> {
    let w = FigureWords::of(lang);
    let pick = [
        (w.good, Figure::Good),
        (w.on_time, Figure::OnTime),
        (w.rated, Figure::Rated),
        (w.at_once, Figure::AtOnce),
    ];
    let tile = |(name, figure): (&'static str, Figure)| {
        let (now, before) = (view.all.share(figure), view.before.share(figure));
        let share = now.filter(|share| share.rate.is_some());
        Tile {
            name,
            rate: share.and_then(|share| share.rate).map_or_else(|| w.no_rate.to_owned(), percent),
            detail: share
                .map_or_else(String::new, |share| format!("{} · n = {}", interval(&share), share.whole)),
            before: before.and_then(|share| share.rate).map_or_else(|| w.no_rate.to_owned(), percent),
        }
    };
    pick.into_iter().map(tile).collect()
}

fn row(group: &Group, average: Option<f64>, lang: Lang) -> Row {
    let w = FigureWords::of(lang);
    let f = &group.figures;
    let of = |share: &Share| match share.rate {
        Some(rate) => format!("{} ({}/{})", percent(rate), share.part, share.whole),
        None => "—".to_owned(),
    };
    let part = |figure| f.share(figure).map_or_else(|| w.withheld.to_owned(), |share| of(&share));
    let bar = f.share(Figure::Good).and_then(|share| {
        Some(Bar {
            rate: place(share.rate?),
            low: place(share.low?),
            high: place(share.high?),
            average: average.map(place),
            said: format!("{} {}", percent(share.rate?), interval(&share)),
        })
    });
    Row {
        rank: group.rank.map_or_else(|| "—".to_owned(), |rank| rank.to_string()),
        name: lang.say(&group.name).to_owned(),
        closed: f.closed,
        good: match f.share(Figure::Good) {
            Some(share) if share.whole == 0 => "—".to_owned(),
            Some(share) => format!("{} · n = {}", interval(&share), share.whole),
            None => w.withheld.to_owned(),
        },
        bar,
        standing: group.standing.map(|standing| {
            let class = match standing {
                Standing::Above => "badge good",
                Standing::Within => "badge",
                Standing::Below => "badge bad",
            };
            (class, said::standing(lang, standing))
        }),
        on_time: part(Figure::OnTime),
        on_time_first: part(Figure::OnTimeFirst),
        rated: part(Figure::Rated),
        at_once: part(Figure::AtOnce),
    }
}

/// What became of closures' ratings, as one bar: each closure is in one slice.
fn slices(r: Received, closed: u32, lang: Lang) -> Vec<Slice> {
    let w = FigureWords::of(lang);
    let parts = [
        ("counted", w.counted, r.counted),
        ("unverified", w.unverified, r.unverified),
        // Closures all of whose ratings were left out are in no other slice.
        ("none", w.excluded, closed.saturating_sub(r.counted + r.unverified + r.not_rated + r.open)),
        ("none", w.not_rated, r.not_rated),
        ("still", w.open, r.open),
    ];
    let whole: u32 = parts.iter().map(|(_, _, count)| count).sum();
    let mut before = 0_u32;
    let slice = |(kind, name, count): (&'static str, &'static str, u32)| {
        let scale = |n: u32| n.saturating_mul(1000) / whole.max(1);
        let at = scale(before);
        before += count;
        Slice { kind, name, count, at, wide: scale(before) - at }
    };
    parts.into_iter().map(slice).collect()
}

/// 好评率 before appeals left ratings out, where they did: it stands beside the adjusted one.
fn raw(view: &FiguresView) -> Option<String> {
    let share = view.all.share(Figure::GoodRaw).filter(|_| view.all.ratings.excluded > 0)?;
    Some(format!("{} ({}/{})", percent(share.rate?), share.part, share.whole))
}

/// One decimal, rounded; never 100 % of what is not all, nor 0 % of what is some.
fn percent(rate: f64) -> String {
    let tenths = (rate * 1000.0).round();
    let shown = if rate < 1.0 && tenths >= 1000.0 {
        999.0
    } else if rate > 0.0 && tenths <= 0.0 {
        1.0
    } else {
        tenths
    };
    format!("{:.1} %", shown / 10.0)
}

fn interval(share: &Share) -> String {
    let (Some(low), Some(high)) = (share.low, share.high) else { return String::new() };
    format!("{:.1}–{:.1} %", low * 100.0, high * 100.0)
}

fn place(rate: f64) -> String {
    format!("{:.1}", rate * 200.0)
}

#[derive(Template)]
#[template(path = "console/figures.html")]
struct FiguresHtml<'a> {
    f: &'a Frame,
    w: &'static FigureWords,
    l: &'static ListWords,
    p: &'a FiguresPage,
    v: &'a FiguresView,
    tiles: Vec<Tile>,
    rows: Vec<Row>,
    slices: Vec<Slice>,
    average: Option<String>,
    raw: Option<String>,
    formulas: Vec<(String, String)>,
    heading: &'static str,
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn nearly_all_is_not_all() {
        let shown =
            [(1.0, "100.0 %"), (0.9999, "99.9 %"), (0.0001, "0.1 %"), (0.0, "0.0 %"), (0.8765, "87.7 %")];
        for (rate, text) in shown {
            assert_eq!(percent(rate), text);
        }
    }
}
