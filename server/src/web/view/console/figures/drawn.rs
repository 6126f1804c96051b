//! The drawings of a dashboard beside the groups: trend, funnel, lists of bars,
//! heat map. Coordinates are numbers of a view box, so that they print as well.

use qiyema_protocol::{
    dashboard::{Complaint, Funnel, Heat, MonthFigures, Slow},
    figures::Figure,
};

use super::parts::{Bar, percent, whole};
use crate::web::words::{console::figures::FigureWords, lang::Lang};

/// Twelve months: a line with its interval, a second line, and both as rows.
pub(super) struct Trend {
    pub top: String,
    pub bottom: String,
    pub band: String,
    pub good: String,
    pub on_time: String,
    pub months: Vec<String>,
    pub rows: Vec<(String, u32, String, String, String)>,
}

/// Draws months side by side, each 100 wide; a month without figures leaves a gap in nothing but its point.
pub(super) fn trend(months: &[MonthFigures]) -> Trend {
    let lows = months.iter().flat_map(|month| {
        let good = month.figures.share(Figure::Good).and_then(|share| share.low);
        let on_time = month.figures.share(Figure::OnTime).and_then(|share| share.rate);
        good.into_iter().chain(on_time)
    });
    let axis = (lows.fold(0.9_f64, f64::min) * 10.0).floor() / 10.0;
    let y = |rate: f64| (1.0 - ((rate - axis) / (1.0 - axis)).clamp(0.0, 1.0)) * 100.0;
    let points = |of: &dyn Fn(&MonthFigures) -> Option<f64>| -> Vec<String> {
        (0_u32..)
            .zip(months)
            .filter_map(|(at, month)| Some(format!("{},{:.1}", at * 100 + 50, y(of(month)?))))
            .collect()
    };
    let good = |month: &MonthFigures| month.figures.share(Figure::Good);
    let mut band = points(&|month| good(month)?.high);
    band.extend(points(&|month| good(month)?.low).into_iter().rev());
    let rate = |month: &MonthFigures, figure| {
        month.figures.share(figure).map_or_else(|| "—".to_owned(), |share| whole(&share))
    };
    Trend {
        top: "100%".to_owned(),
        bottom: format!("{:.0}%", axis * 100.0),
        band: band.join(" "),
        good: points(&|month| good(month)?.rate).join(" "),
        on_time: points(&|month| month.figures.share(Figure::OnTime)?.rate).join(" "),
        months: months
            .iter()
            .map(|one| one.month.split('-').next_back().unwrap_or_default().to_owned())
            .collect(),
        rows: months
            .iter()
            .map(|one| {
                let (good, on_time) = (rate(one, Figure::Good), rate(one, Figure::OnTime));
                (one.month.clone(), one.figures.closed, good, on_time, rate(one, Figure::Rated))
            })
            .collect(),
    }
}

fn wide(part: f64, whole: f64) -> String {
    format!("{:.0}", if whole > 0.0 { part / whole * 1000.0 } else { 0.0 })
}

/// From closures to contented owners; each step beside the one before.
pub(super) fn funnel(of: &Funnel, lang: Lang) -> Vec<Bar> {
    let w = FigureWords::of(lang);
    let steps = [
        (w.closed, "bar", Some(of.closed)),
        (w.invited_step, "bar", Some(of.invited)),
        (w.rated_step, "bar", Some(of.rated)),
        (w.bad_step, "bad", of.bad),
        (w.rectifying_step, "bad", of.rectifying),
        (w.fixed_step, "bad", of.fixed),
        (w.content_step, "bar", of.content),
    ];
    let mut before: Option<u32> = None;
    let mut bars = Vec::new();
    for (name, class, count) in steps {
        let share = before
            .zip(count)
            // Those rated before there were invitations are no part of the invited.
            .filter(|(whole, part)| *whole > 0 && part <= whole)
            .map(|(whole, part)| percent(f64::from(part) / f64::from(whole)));
        bars.push(Bar {
            name: name.to_owned(),
            class,
            wide: wide(count.map_or(0.0, f64::from), f64::from(of.closed)),
            count: count.map_or_else(|| w.withheld.to_owned(), |count| count.to_string()),
            of: share.unwrap_or_default(),
        });
        before = count;
    }
    bars
}

/// What owners complain about.
pub(super) fn complaints(of: &[Complaint], lang: Lang) -> Vec<Bar> {
    let most = of.first().map_or(0, |one| one.count);
    let bar = |one: &Complaint| Bar {
        name: lang.say(&one.text).to_owned(),
        class: "bad",
        wide: wide(f64::from(one.count), f64::from(most)),
        count: one.count.to_string(),
        of: String::new(),
    };
    of.iter().map(bar).collect()
}

/// Where it takes longest.
pub(super) fn slowest(of: &[Slow], lang: Lang) -> Vec<Bar> {
    let w = FigureWords::of(lang);
    let most = of.first().map_or(0.0, |one| one.days.value);
    let bar = |one: &Slow| Bar {
        name: lang.say(&one.name).to_owned(),
        class: "slow",
        wide: wide(one.days.value, most),
        count: format!("{:.1}", one.days.value),
        of: format!("n={} · {} {}", one.days.n, w.on_time_short, whole(&one.on_time)),
    };
    of.iter().map(bar).collect()
}

/// Units by categories.
pub(super) struct HeatMap {
    pub columns: Vec<String>,
    /// Name, and class and text of each cell.
    pub rows: Vec<(String, Vec<(&'static str, String)>)>,
}

/// Each cell says its number; the colour repeats it.
pub(super) fn heat(of: &Heat, lang: Lang) -> HeatMap {
    let cell = |unit: &str, category: &str| {
        let found = of.cells.iter().find(|cell| cell.unit == unit && cell.category == category);
        let Some((rate, share)) = found.and_then(|cell| Some((cell.good.rate?, cell.good))) else {
            return ("", "·".to_owned());
        };
        let class = match rate {
            rate if rate >= 0.95 => "q5",
            rate if rate >= 0.9 => "q4",
            rate if rate >= 0.8 => "q3",
            rate if rate >= 0.7 => "q2",
            _ => "q1",
        };
        (class, whole(&share))
    };
    let row = |unit: &qiyema_protocol::dashboard::Member| {
        let cells = of.categories.iter().map(|category| cell(&unit.id, &category.id)).collect();
        (lang.say(&unit.name).to_owned(), cells)
    };
    HeatMap {
        columns: of.categories.iter().map(|one| lang.say(&one.name).to_owned()).collect(),
        rows: of.units.iter().map(row).collect(),
    }
}
