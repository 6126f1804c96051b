//! `qiyema figures`: the figures for performance review, as the console shows them.

use qiyema_protocol::figures::{By, Figure, Figures, FiguresView, Share, Standing};

use super::{Context, staff};
use crate::{args::Figures as Wish, exit::Failure, output};

/// Asks and shows.
pub fn run(c: &Context, wish: &Wish) -> Result<(), Failure> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (from, to) = (day(wish.from), day(wish.to));
    let period = wish.period.clone().unwrap_or_default();
    let asked =
        [("period", period.as_str()), ("from", from.as_str()), ("to", to.as_str()), ("by", wish.by.as_str())];
    let view: FiguresView = staff::get_either(c, &super::with_query("figures", &asked)?)?;
    if c.json {
        return output::json(&view);
    }
    let mut rows = vec![line(c, "", c.lang.of("总体", "all"), &view.all, None)];
    rows.extend(view.groups.iter().map(|group| {
        let rank = group.rank.map(|rank| rank.to_string()).unwrap_or_default();
        line(c, &rank, c.lang.of(&group.name.zh, &group.name.en), &group.figures, group.standing)
    }));
    rows.push(line(c, "", c.lang.of("上期", "before"), &view.before, None));
    output::line(&format!("{} – {}", view.from, view.to))?;
    let by = match view.by {
        By::Unit => c.lang.of("责任单位", "Unit"),
        By::Handler => c.lang.of("承办人", "Person"),
        By::Leader => c.lang.of("分管领导", "Leader in charge"),
        By::Category => c.lang.of("问题类别", "Category"),
        By::Channel => c.lang.of("受理渠道", "Channel"),
        By::Level => c.lang.of("层级", "Level"),
        By::Grade => c.lang.of("难易程度", "Grade"),
    };
    let head = [
        c.lang.of("名次", "Rank"),
        by,
        c.lang.of("办结", "Closed"),
        c.lang.of("好评率（95%区间，n）", "Good (95 % interval, n)"),
        c.lang.of("与总体相比", "Beside all"),
        c.lang.of("按时办结率", "In time"),
        c.lang.of("评价率", "Rated"),
        c.lang.of("一次办结率", "At once"),
    ];
    super::table(&head, rows)
}

fn line(c: &Context, rank: &str, name: &str, f: &Figures, standing: Option<Standing>) -> Vec<String> {
    let of = |figure| f.share(figure);
    let withheld = || c.lang.of("不足5件", "under 5").to_owned();
    let beside = standing.map_or("", |standing| match standing {
        Standing::Above => c.lang.of("明显高于", "clearly above"),
        Standing::Within => c.lang.of("无显著差异", "may be chance"),
        Standing::Below => c.lang.of("明显低于", "clearly below"),
    });
    vec![
        rank.to_owned(),
        name.to_owned(),
        f.closed.to_string(),
        of(Figure::Good).as_ref().map_or_else(withheld, with_interval),
        beside.to_owned(),
        of(Figure::OnTime).as_ref().map_or_else(withheld, rate),
        of(Figure::Rated).as_ref().map_or_else(withheld, rate),
        of(Figure::AtOnce).as_ref().map_or_else(withheld, rate),
    ]
}

fn rate(share: &Share) -> String {
    share.rate.map_or_else(|| "—".to_owned(), |rate| format!("{:.1} %", rate * 100.0))
}

fn with_interval(share: &Share) -> String {
    let (Some(low), Some(high)) = (share.low, share.high) else { return "—".to_owned() };
    format!("{} ({:.1}–{:.1}, {})", rate(share), low * 100.0, high * 100.0, share.whole)
}
