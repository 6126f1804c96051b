//! The sentences on top: who stands apart from the rest, in numbers, and what may be chance.

use qiyema_protocol::figures::{Figure, FiguresView, Group, Share, Standing};

use super::parts::{href, percent};
use crate::{
    domain::figures::compare,
    web::words::{
        console::figures::{FigureWords, sentences},
        lang::Lang,
    },
};

/// Groups that are named on each side; the table below marks them all.
const NAMED: usize = 4;

/// A sentence: sign, of whom (name and address), and what.
pub(super) struct Said {
    pub class: &'static str,
    pub sign: &'static str,
    pub who: Option<(String, String)>,
    pub text: String,
}

/// A mark that tells a standing without its colour: class and sign.
pub(super) const fn mark(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Above => ("hi", "▲"),
        Standing::Within => ("mid", "●"),
        Standing::Below => ("lo", "▼"),
    }
}

/// Where a group stands.
type Stands = fn(&Group) -> Option<Standing>;

/// What is judged: the figure, and where a group stands in it.
const JUDGED: [(Figure, Stands); 2] =
    [(Figure::Good, |group| group.standing), (Figure::OnTime, |group| group.standing_on_time)];

/// Who is really below the rest, who above; and that the others may be so by chance.
pub(super) fn said(view: &FiguresView, query: &str, lang: Lang) -> Vec<Said> {
    let w = FigureWords::of(lang);
    let mut all = Vec::new();
    for standing in [Standing::Below, Standing::Above] {
        let (class, sign) = mark(standing);
        let mut apart: Vec<(f64, &Group, Vec<String>)> =
            view.groups.iter().filter_map(|group| apart(group, view, standing, lang)).collect();
        // The furthest first.
        apart.sort_by(|a, b| b.0.total_cmp(&a.0));
        let more = apart.len().saturating_sub(NAMED);
        for (_, group, parts) in apart.into_iter().take(NAMED) {
            let who = (lang.say(&group.name).to_owned(), href(group, query));
            let text = format!("{}{}", parts.join(lang.pick("，", ", ")), w.is_real);
            all.push(Said { class, sign, who: Some(who), text });
        }
        if more > 0 {
            all.push(Said { class, sign, who: None, text: sentences::more_apart(lang, standing, more) });
        }
    }
    all.extend(chance(view, lang));
    all
}

/// How far a group stands apart from the rest on this side, and the numbers that tell it; none if it does not.
fn apart<'a>(
    group: &'a Group,
    view: &FiguresView,
    standing: Standing,
    lang: Lang,
) -> Option<(f64, &'a Group, Vec<String>)> {
    let (mut far, mut parts) = (0.0_f64, Vec::new());
    for (figure, stands) in JUDGED {
        if stands(group) != Some(standing) {
            continue;
        }
        let (own, all) = (group.figures.share(figure)?, view.all.share(figure)?);
        let (mine, rest) = rates(&own, &all)?;
        far = far.max((mine - rest).abs());
        parts.push(sentences::beside_rest(lang, figure, &about(mine, rest)));
    }
    (!parts.is_empty()).then_some((far, group, parts))
}

/// The rate of a group, and that of the rest.
fn rates(own: &Share, all: &Share) -> Option<(f64, f64)> {
    let (part, whole) = compare::rest(own, all);
    Some((own.rate?, (whole > 0.0).then(|| part / whole)?))
}

/// Two rates in whole percents, or with a decimal where these would be alike or would say "all" of what is not.
fn about(one: f64, other: f64) -> (String, String) {
    let round = |rate: f64| format!("{:.0}", rate * 100.0);
    let exact = |rate: f64| rate <= 0.0 || rate >= 1.0 || !matches!(&*round(rate), "0" | "100");
    if exact(one) && exact(other) && round(one) != round(other) {
        (format!("{}%", round(one)), format!("{}%", round(other)))
    } else {
        // In a sentence, no line may end before the sign.
        (percent(one).replace(' ', ""), percent(other).replace(' ', ""))
    }
}

/// Of which figure the differences may all be chance, or cannot be judged; of how many groups else.
fn chance(view: &FiguresView, lang: Lang) -> Vec<Said> {
    let (class, sign) = mark(Standing::Within);
    let line = |text: String| Said { class, sign, who: None, text };
    let stand = |figure: Stands| -> Vec<Standing> { view.groups.iter().filter_map(figure).collect() };
    let (mut few, mut alone, mut alike) = (Vec::new(), Vec::new(), Vec::new());
    for (figure, stands) in JUDGED {
        let found = stand(stands);
        let enough =
            |group: &Group| group.figures.share(figure).is_some_and(|share| share.whole >= view.least);
        if found.is_empty() && view.groups.iter().any(enough) {
            alone.push(figure);
        } else if found.is_empty() {
            few.push(figure);
        } else if found.iter().all(|standing| *standing == Standing::Within) {
            alike.push(figure);
        }
    }
    let mut lines = Vec::new();
    if !alike.is_empty() {
        lines.push(line(sentences::all_chance(lang, &alike)));
    } else if few.is_empty() && alone.is_empty() {
        let within = |group: &&Group| {
            let stands: Vec<Standing> = JUDGED.iter().filter_map(|(_, stands)| stands(group)).collect();
            !stands.is_empty() && stands.iter().all(|standing| *standing == Standing::Within)
        };
        let n = view.groups.iter().filter(within).count();
        lines.extend((n > 0).then(|| line(sentences::rest_chance(lang, n))));
    }
    lines.extend((!alone.is_empty()).then(|| line(sentences::nobody_beside(lang, &alone))));
    lines.extend((!few.is_empty()).then(|| line(sentences::too_few(lang, &few))));
    lines
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn two_rates_are_told_apart() {
        let said = |one, other| about(one, other);
        assert_eq!(said(0.55, 0.871), ("55%".to_owned(), "87%".to_owned()));
        assert_eq!(said(0.874, 0.871), ("87.4%".to_owned(), "87.1%".to_owned()));
        assert_eq!(said(0.999, 0.8), ("99.9%".to_owned(), "80.0%".to_owned()), "nearly all is not all");
        assert_eq!(said(1.0, 0.8), ("100%".to_owned(), "80%".to_owned()));
    }
}
