//! The drawings of a dashboard beside the groups: trend, funnel, lists of bars,
//! heat map. Coordinates are numbers of a view box, so that they print as well.

use chrono::NaiveDate;
use qiyema_protocol::{
    dashboard::{Complaint, Funnel, Heat, MonthFigures, Slow},
    figures::{Figure, FiguresView, Standing},
};

use super::{
    parts::{Bar, percent, whole},
    verdict::mark,
};
use crate::web::words::{
    console::figures::{FigureWords, sentences},
    lang::Lang,
};

/// Twelve months: a line with its interval, a second line, and both as rows.
pub(super) struct Trend {
    pub top: String,
    pub middle: String,
    pub bottom: String,
    /// What the scale begins with, if that is not 0.
    pub begins: Option<String>,
    pub band: String,
    pub good: String,
    pub on_time: String,
    /// From the last whole month to the one that is not over, if it is shown: good ratings, and closed in time.
    pub unfinished: Option<(String, String)>,
    pub months: Vec<String>,
    pub rows: Vec<(String, u32, String, String, String)>,
}

/// Draws months side by side, each 100 wide; a month without figures leaves a gap in nothing but its point. The month
/// that `today` is in is not over: it is drawn apart.
pub(super) fn trend(months: &[MonthFigures], today: NaiveDate, lang: Lang) -> Trend {
    let w = FigureWords::of(lang);
    let lows = months.iter().flat_map(|month| {
        let good = month.figures.share(Figure::Good).and_then(|share| share.low);
        let on_time = month.figures.share(Figure::OnTime).and_then(|share| share.rate);
        good.into_iter().chain(on_time)
    });
    let axis = (lows.fold(0.9_f64, f64::min) * 10.0).floor() / 10.0;
    let y = |rate: f64| (1.0 - ((rate - axis) / (1.0 - axis)).clamp(0.0, 1.0)) * 100.0;
    let over = |month: &MonthFigures| month.to < today;
    let points = |of: &dyn Fn(&MonthFigures) -> Option<f64>, whole: bool| -> Vec<String> {
        (0_u32..)
            .zip(months)
            .filter(|(_, month)| over(month) == whole)
            .filter_map(|(at, month)| Some(format!("{},{:.1}", at * 100 + 50, y(of(month)?))))
            .collect()
    };
    let good = |month: &MonthFigures| month.figures.share(Figure::Good);
    let good_rate = |month: &MonthFigures| good(month)?.rate;
    let on_time = |month: &MonthFigures| month.figures.share(Figure::OnTime)?.rate;
    let mut band = points(&|month| good(month)?.high, true);
    band.extend(points(&|month| good(month)?.low, true).into_iter().rev());
    let tail = |of: &dyn Fn(&MonthFigures) -> Option<f64>| {
        let last = points(of, true).pop();
        last.into_iter().chain(points(of, false)).collect::<Vec<_>>().join(" ")
    };
    let rate = |month: &MonthFigures, figure| {
        month.figures.share(figure).map_or_else(|| "—".to_owned(), |share| whole(&share))
    };
    let percents = |rate: f64| format!("{:.0}%", rate * 100.0);
    let star = |month: &MonthFigures| if over(month) { "" } else { "*" };
    Trend {
        top: percents(1.0),
        middle: percents(f64::midpoint(1.0, axis)),
        bottom: percents(axis),
        begins: (axis > 0.0).then(|| sentences::begins_at(lang, &percents(axis))),
        band: band.join(" "),
        good: points(&good_rate, true).join(" "),
        on_time: points(&on_time, true).join(" "),
        unfinished: (!months.iter().all(over)).then(|| (tail(&good_rate), tail(&on_time))),
        months: months
            .iter()
            .map(|one| format!("{}{}", one.month.split('-').next_back().unwrap_or_default(), star(one)))
            .collect(),
        rows: months
            .iter()
            .map(|one| {
                let name =
                    if over(one) { one.month.clone() } else { format!("{}{}", one.month, w.unfinished) };
                let (good, on_time) = (rate(one, Figure::Good), rate(one, Figure::OnTime));
                (name, one.figures.closed, good, on_time, rate(one, Figure::Rated))
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
            href: String::new(),
        });
        before = count;
    }
    bars
}

/// What owners complain about; each leads to the ratings that say so.
pub(super) fn complaints(of: &[Complaint], view: &FiguresView, lang: Lang) -> Vec<Bar> {
    let most = of.first().map_or(0, |one| one.count);
    let bar = |one: &Complaint| Bar {
        name: lang.say(&one.text).to_owned(),
        class: "bad",
        wide: wide(f64::from(one.count), f64::from(most)),
        count: one.count.to_string(),
        of: String::new(),
        href: format!(
            "/console/ratings?show=counted&verdict=bad&from={}&to={}&tag={}/{}",
            view.from, view.to, one.version, one.tag
        ),
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
        href: String::new(),
    };
    of.iter().map(bar).collect()
}

/// Class, sign and text of a cell.
pub(super) type Cell = (&'static str, &'static str, String);

/// Units by categories.
pub(super) struct HeatMap {
    pub columns: Vec<String>,
    /// Name, and each cell.
    pub rows: Vec<(String, Vec<Cell>)>,
    /// Class, sign and meaning of each colour.
    pub legend: Vec<(&'static str, &'static str, &'static str)>,
    /// That there are more columns, if so.
    pub more: Option<String>,
}

/// Each cell says its number and where it stands; the colour repeats it.
pub(super) fn heat(of: &Heat, lang: Lang) -> HeatMap {
    let cell = |unit: &str, category: &str| {
        let found = of.cells.iter().find(|cell| cell.unit == unit && cell.category == category);
        let Some(cell) = found.filter(|cell| cell.good.rate.is_some()) else {
            return ("", "", "·".to_owned());
        };
        let (class, sign) = cell.standing.map_or(("", ""), mark);
        (class, sign, whole(&cell.good))
    };
    let meaning = |standing: Standing| {
        let (class, sign) = mark(standing);
        (class, sign, sentences::standing(lang, standing))
    };
    let row = |unit: &qiyema_protocol::dashboard::Member| {
        let cells = of.categories.iter().map(|category| cell(&unit.id, &category.id)).collect();
        (lang.say(&unit.name).to_owned(), cells)
    };
    HeatMap {
        columns: of.categories.iter().map(|one| lang.say(&one.name).to_owned()).collect(),
        rows: of.units.iter().map(row).collect(),
        legend: [Standing::Above, Standing::Within, Standing::Below].map(meaning).into(),
        more: (of.more_categories > 0).then(|| sentences::more_categories(lang, of.more_categories)),
    }
}
