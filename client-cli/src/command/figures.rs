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
    let mut rows = vec![line(c, "", c.lang.of("总体", "all"), (&view.all, Some(&view.before)), None)];
    rows.extend(view.groups.iter().map(|group| {
        let rank = group.rank.map(|rank| rank.to_string()).unwrap_or_default();
        let name = c.lang.of(&group.name.zh, &group.name.en);
        line(c, &rank, name, (&group.figures, group.before.as_ref()), group.standing)
    }));
    rows.push(line(c, "", c.lang.of("上期", "before"), (&view.before, None), None));
    let as_of = c.lang.of("截至", "as of");
    output::line(&format!("{} – {} · {as_of} {}", view.from, view.to, view.as_of))?;
    output::line(c.lang.of(
        "每个比率后是95%区间（%）和件数n；“上期”是同组上一期的数。",
        "Each rate with its 95 % interval (%) and n; \u{201c}before\u{201d} is the same group in the period before.",
    ))?;
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
        c.lang.of("好评率", "Good"),
        c.lang.of("好评率与其余相比", "Good beside the rest"),
        c.lang.of("按时办结率", "In time"),
        c.lang.of("评价率", "Rated"),
        c.lang.of("一次办结率", "At once"),
        c.lang.of("上期好评率", "Good before"),
        c.lang.of("上期按时办结率", "In time before"),
    ];
    super::table(&head, rows)
}

fn line(
    c: &Context,
    rank: &str,
    name: &str,
    (f, before): (&Figures, Option<&Figures>),
    standing: Option<Standing>,
) -> Vec<String> {
    let withheld = || c.lang.of("不足5件", "under 5").to_owned();
    let of = |figures: &Figures, figure| figures.share(figure).as_ref().map_or_else(withheld, with_interval);
    let then = |figure| before.map_or_else(|| "—".to_owned(), |figures| of(figures, figure));
    let beside = standing.map_or("", |standing| match standing {
        Standing::Above => c.lang.of("明显高于其余", "clearly above"),
        Standing::Within => c.lang.of("可能只是偶然", "may be chance"),
        Standing::Below => c.lang.of("明显低于其余", "clearly below"),
    });
    vec![
        rank.to_owned(),
        name.to_owned(),
        f.closed.to_string(),
        of(f, Figure::Good),
        beside.to_owned(),
        of(f, Figure::OnTime),
        of(f, Figure::Rated),
        of(f, Figure::AtOnce),
        then(Figure::Good),
        then(Figure::OnTime),
    ]
}

fn with_interval(share: &Share) -> String {
    let Share { rate: Some(rate), low: Some(low), high: Some(high), whole, .. } = share else {
        return "—".to_owned();
    };
    format!("{:.1} % ({:.1}–{:.1}) n={whole}", rate * 100.0, low * 100.0, high * 100.0)
}
