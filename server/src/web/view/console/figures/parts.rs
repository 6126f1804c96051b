//! The parts of a dashboard that are about groups: the tiles, a row each with its
//! interval, and every figure with its formula.

use qiyema_protocol::figures::{Figure, Figures, FiguresView, Group, HowRated, Share, Standing};

use super::{scale::Scale, verdict::mark};

use crate::{
    domain::figures::said as formulas,
    web::words::{
        console::figures::{FigureWords, sentences},
        lang::Lang,
    },
};

/// A share, large.
pub(super) struct Tile {
    pub name: String,
    pub rate: String,
    pub detail: String,
    /// Of the period before, if anything is known of it.
    pub before: Option<String>,
    /// Class and sign of the change since the period before, and whether it is real.
    pub change: Option<(&'static str, &'static str, &'static str)>,
}

/// The four that matter most.
pub(super) fn tiles(view: &FiguresView, lang: Lang) -> Vec<Tile> {
    let w = FigureWords::of(lang);
    let tile = |figure: Figure| {
        let (now, before) = (view.all.share(figure), view.before.share(figure));
        let share = now.filter(|share| share.rate.is_some());
        Tile {
            name: lang.say(&formulas::name(figure)).to_owned(),
            rate: share.and_then(|share| share.rate).map_or_else(|| w.no_rate.to_owned(), percent),
            detail: share
                .map_or_else(String::new, |share| format!("{} · n = {}", interval(&share), share.whole)),
            before: before.filter(|share| share.rate.is_some()).map(|share| whole(&share)),
            change: view.changes.get(&figure).map(|change| {
                let (class, sign) = mark(*change);
                (class, sign, sentences::change(lang, *change))
            }),
        }
    };
    Figure::COMPARED.into_iter().map(tile).collect()
}

/// A group.
pub(super) struct Row {
    pub class: &'static str,
    pub sign: &'static str,
    pub word: &'static str,
    pub rank: String,
    pub name: String,
    pub href: String,
    pub closed: u32,
    pub bar: Option<Reach>,
    pub good: String,
    /// Ratings that accepted appeals left out of it.
    pub left_out: u32,
    /// 好评率 before they did, where they did.
    pub received: Option<String>,
    pub on_time: String,
    /// Class, sign and word where it really stands apart in time.
    pub on_time_apart: Option<(&'static str, &'static str, &'static str)>,
    pub on_time_first: String,
    pub rated: String,
    pub at_once: String,
    pub good_before: String,
    pub on_time_before: String,
}

/// An interval on the scale.
pub(super) struct Reach {
    pub rate: String,
    pub low: String,
    pub high: String,
    pub average: Option<String>,
    pub said: String,
}

/// A group as a row.
pub(super) fn row(group: &Group, view: &FiguresView, scale: Scale, query: &str, lang: Lang) -> Row {
    let w = FigureWords::of(lang);
    let f = &group.figures;
    let of = |figures: &Figures, figure| {
        let few = figures.ratings.counted < view.least;
        let instead = if few { w.withheld } else { w.withheld_beside };
        figures.share(figure).map_or_else(|| instead.to_owned(), |share| whole(&share))
    };
    let part = |figure| of(f, figure);
    let before = |figure| group.before.as_ref().map_or_else(|| "—".to_owned(), |figures| of(figures, figure));
    let average = view.all.share(Figure::Good).and_then(|share| share.rate);
    let bar = f.share(Figure::Good).and_then(|share| {
        Some(Reach {
            rate: scale.place(share.rate?),
            low: scale.place(share.low?),
            high: scale.place(share.high?),
            average: average.map(|rate| scale.place(rate)),
            said: format!("{} {}", percent(share.rate?), interval(&share)),
        })
    });
    let (class, sign) = group.standing.map_or(("mid", ""), mark);
    // Nobody rated, few did, few did elsewhere who could be told by these, or there is nobody to be compared with.
    let unjudged = match (f.ratings.counted, f.share(Figure::Good)) {
        (0, _) => w.no_ratings,
        (counted, None) if counted >= view.least => w.withheld_beside,
        (_, None) => w.withheld,
        (_, Some(_)) => w.alone,
    };
    Row {
        class,
        sign,
        word: group.standing.map_or(unjudged, |standing| sentences::standing(lang, standing)),
        rank: group.rank.map_or_else(|| "—".to_owned(), |rank| rank.to_string()),
        name: lang.say(&group.name).to_owned(),
        href: href(group, query),
        closed: f.closed,
        good: part(Figure::Good),
        left_out: f.ratings.excluded,
        received: received(f, view.least, w),
        bar,
        on_time: part(Figure::OnTime),
        on_time_apart: group.standing_on_time.filter(|standing| *standing != Standing::Within).map(
            |standing| {
                let (class, sign) = mark(standing);
                (class, sign, sentences::standing(lang, standing))
            },
        ),
        on_time_first: part(Figure::OnTimeFirst),
        rated: part(Figure::Rated),
        at_once: part(Figure::AtOnce),
        good_before: before(Figure::Good),
        on_time_before: before(Figure::OnTime),
    }
}

/// 好评率 of a group before appeals left ratings out, where they did: shown beside the adjusted one, or withheld with it.
/// Where too few are left to count, what is told as received would be of those that were left out.
fn received(figures: &Figures, least: u32, w: &FigureWords) -> Option<String> {
    let few = figures.ratings.counted < least;
    let shown = figures.share(Figure::Good).and(figures.share(Figure::GoodRaw)).filter(|_| !few);
    let instead = if few { w.withheld } else { w.withheld_beside };
    (figures.ratings.excluded > 0).then(|| shown.map_or_else(|| instead.to_owned(), |share| whole(&share)))
}

/// A rate with its interval and its n.
pub(super) fn whole(share: &Share) -> String {
    match share {
        Share { rate: Some(rate), whole, low: Some(low), high: Some(high), .. } => {
            // Rate, interval and n may each begin a line; none is broken.
            let rate = percent(*rate).replace(' ', "\u{a0}");
            format!("{rate} ({:.0}\u{2060}–\u{2060}{:.0}) n={whole}", low * 100.0, high * 100.0)
        }
        _ => "—".to_owned(),
    }
}

/// The closures behind a group's figures.
pub(super) fn href(group: &Group, query: &str) -> String {
    format!("/console/figures/closures?{query}&member={}", encoded(&group.id))
}

/// An id in an address.
fn encoded(id: &str) -> String {
    crate::web::console::issues::encoded(&[("", id.to_owned())]).trim_start_matches('=').to_owned()
}

/// A slice of what was received.
pub(super) struct Slice {
    pub kind: &'static str,
    pub name: &'static str,
    pub count: u32,
    pub share: String,
    /// From, and how wide, of 1000.
    pub at: u32,
    pub wide: u32,
}

/// How closures were rated, as one bar: each is in one slice.
pub(super) fn slices(how: HowRated, lang: Lang) -> Vec<Slice> {
    let w = FigureWords::of(lang);
    let parts = [
        ("counted", w.by_pin, how.pin),
        ("invited", w.by_invitation, how.invitation),
        ("called", w.by_call_back, how.call_back),
        ("unverified", w.by_code, how.code),
        ("excluded", w.all_left_out, how.excluded),
        ("none", w.not_rated, how.not_rated),
        ("still", w.open, how.open),
    ];
    let whole: u32 = parts.iter().map(|(_, _, count)| count).sum();
    let mut before = 0_u32;
    let slice = |(kind, name, count): (&'static str, &'static str, u32)| {
        let scale = |n: u32| n.saturating_mul(1000) / whole.max(1);
        let at = scale(before);
        before += count;
        let share = percent(f64::from(count) / f64::from(whole.max(1)));
        Slice { kind, name, count, share, at, wide: scale(before) - at }
    };
    parts.into_iter().map(slice).collect()
}

/// A bar of a list.
pub(super) struct Bar {
    pub name: String,
    pub class: &'static str,
    pub wide: String,
    pub count: String,
    pub of: String,
    /// Where it leads, if anywhere.
    pub href: String,
}

/// A figure of all together, with its formula.
pub(super) struct All {
    pub name: String,
    pub rate: String,
    pub n: String,
    pub interval: String,
    pub before: String,
    pub formula: String,
}

/// Every figure, then the rules that hold for all.
pub(super) fn all(view: &FiguresView, lang: Lang) -> Vec<All> {
    let w = FigureWords::of(lang);
    let rate = |share: Option<Share>| match share {
        Some(share) => share.rate.map_or_else(|| "—".to_owned(), percent),
        None => w.withheld.to_owned(),
    };
    let figure = |figure: Figure| {
        let share = view.all.share(figure);
        All {
            name: lang.say(&formulas::name(figure)).to_owned(),
            rate: rate(share),
            n: share.map_or_else(String::new, |share| share.whole.to_string()),
            interval: share.map_or_else(String::new, |share| interval(&share)),
            before: view.before.share(figure).map_or_else(|| w.withheld.to_owned(), |share| whole(&share)),
            formula: lang.say(&formulas::formula(figure)).to_owned(),
        }
    };
    let plain = |(name, rule): (qiyema_protocol::text::Text, qiyema_protocol::text::Text)| All {
        name: lang.say(&name).to_owned(),
        rate: String::new(),
        n: String::new(),
        interval: String::new(),
        before: String::new(),
        formula: lang.say(&rule).to_owned(),
    };
    let mean = |mut one: All,
                now: Option<qiyema_protocol::figures::Mean>,
                before: Option<qiyema_protocol::figures::Mean>| {
        one.rate = now.map_or_else(|| "—".to_owned(), |mean| format!("{:.2}", mean.value));
        one.n = now.map_or_else(String::new, |mean| mean.n.to_string());
        one.before = before.map_or_else(|| "—".to_owned(), |mean| format!("{:.2} n={}", mean.value, mean.n));
        one
    };
    let [reach, apart, received, whose, word, days] = formulas::rules(view.unverified_count);
    let mut rows: Vec<All> = Figure::ALL.into_iter().map(figure).collect();
    rows.push(mean(plain(word), view.all.first_word, view.before.first_word));
    rows.push(mean(plain(days), view.all.days, view.before.days));
    rows.extend([reach, apart, received, whose].map(plain));
    rows
}

/// A figure as appeals left it, and as received.
pub(super) struct Raw {
    pub name: String,
    pub adjusted: String,
    pub received: String,
}

/// Each figure that appeals change, beside what it was before.
pub(super) fn raws(view: &FiguresView, lang: Lang) -> Vec<Raw> {
    let w = FigureWords::of(lang);
    let said = |figure| view.all.share(figure).map_or_else(|| w.withheld.to_owned(), |share| whole(&share));
    let pairs = [
        (Figure::Good, Figure::GoodRaw),
        (Figure::Bad, Figure::BadRaw),
        (Figure::AtOnce, Figure::AtOnceRaw),
        (Figure::Rectified, Figure::RectifiedRaw),
    ];
    let row = |(figure, raw)| Raw {
        name: lang.say(&formulas::name(figure)).to_owned(),
        adjusted: said(figure),
        received: said(raw),
    };
    pairs.into_iter().map(row).collect()
}

/// 好评率 before appeals left ratings out, where they did: it stands beside the adjusted one.
pub(super) fn raw(view: &FiguresView) -> Option<String> {
    let share = view.all.share(Figure::GoodRaw).filter(|_| view.all.ratings.excluded > 0)?;
    share.rate.map(|_| whole(&share))
}

/// One decimal, rounded; never 100 % of what is not all, nor 0 % of what is some.
pub(super) fn percent(rate: f64) -> String {
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

pub(super) fn interval(share: &Share) -> String {
    let (Some(low), Some(high)) = (share.low, share.high) else { return String::new() };
    format!("{:.1}–{:.1} %", low * 100.0, high * 100.0)
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::figures::Figures;
    use serde_json::json;

    use super::{percent, received};
    use crate::web::words::{console::figures::FigureWords, lang::Lang};

    /// A group of which so many count and so many were left out; 好评率 before and after, if shown.
    fn group(counted: u32, excluded: u32, shown: bool) -> Figures {
        let share = |whole: u32| json!({ "part": 0, "whole": whole, "rate": 0.0, "low": 0.0, "high": 0.5 });
        let mut figures = json!({
            "accepted": 0, "closed": 0,
            "ratings": {
                "received": counted + excluded, "counted": counted, "unverified": 0, "superseded": 0,
                "excluded": excluded, "not_rated": 0, "open": 0,
            },
        });
        if shown {
            figures["good"] = share(counted);
            figures["good_raw"] = share(counted + excluded);
        }
        serde_json::from_value(figures).unwrap()
    }

    #[test]
    fn what_a_group_was_before_appeals_is_told_where_they_changed_it_and_withheld_with_what_it_is() {
        let w = FigureWords::of(Lang::Zh);
        let said = |counted, excluded, shown| received(&group(counted, excluded, shown), 5, w);
        assert_eq!(said(9, 0, true), None, "nothing was left out");
        assert!(said(9, 2, true).unwrap().ends_with("n=11"));
        assert_eq!(said(5, 1, true).unwrap().split("n=").last(), Some("6"));
        assert_eq!(said(4, 2, false).as_deref(), Some(w.withheld));
        assert_eq!(said(9, 2, false).as_deref(), Some(w.withheld_beside));
        assert_eq!(said(0, 2, true).as_deref(), Some(w.withheld), "it would tell those that were left out");
    }

    #[test]
    fn nearly_all_is_not_all() {
        let shown =
            [(1.0, "100.0 %"), (0.9999, "99.9 %"), (0.0001, "0.1 %"), (0.0, "0.0 %"), (0.8765, "87.7 %")];
        for (rate, text) in shown {
            assert_eq!(percent(rate), text);
        }
    }
}
