//! Reading the figures for performance review, from the sums that are kept
//! ([`keep`]) by counting what happened ([`count`]). Nothing knows who rated.

mod basis;
pub mod closures;
pub mod count;
pub mod dashboard;
pub mod exchange;
pub mod export;
pub mod keep;
mod kinds;
mod late;
mod promises;

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use qiyema_protocol::{
    figures::{By, Figure, Figures, FiguresView, Group, Share, Standing},
    text::Text,
};

use super::{
    Refused, Rules,
    rights::{Actor, Deed},
};
use crate::{
    clock::Timestamp,
    domain::{
        figures::{
            LEAST,
            book::Dimension,
            compare, formula, interval,
            period::{self, Span},
            sums::Sums,
        },
        text::problem,
        words,
    },
    store::{
        QueryResult,
        connection::Db,
        figures::{self as names, sums as kept},
    },
};

/// Longest period in days: three years.
const LONGEST: i64 = 1096;

/// Which figures.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `2026-10`, `2026-Q4`, `2026` or `last12`; it goes before the days.
    pub period: Option<String>,
    /// First day; the first of this month, if absent.
    pub from: Option<NaiveDate>,
    /// Last day; today, if absent.
    pub to: Option<NaiveDate>,
    /// Grouping.
    pub by: By,
}

/// The figures of a period, and of the one before it.
pub fn read(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    rules: &Rules,
    at: Timestamp,
) -> Result<FiguresView, Refused> {
    actor.may(Deed::ReadFigures)?;
    let today = rules.day(at);
    let days = period(ask, rules, today)?;
    let groups = grouped(db, ask.by, days, (rules, today))?;
    let all = total(groups.values());
    let before_days = period::before(days);
    let before_groups = grouped(db, ask.by, before_days, (rules, today))?;
    let before = total(before_groups.values());
    let names = names(db, ask.by)?;
    let all_figures = together(&all, rules, today);
    let mut groups = ranked(groups, &all_figures, (ask.by, &names), rules, today);
    let mut earlier: BTreeMap<String, Figures> =
        shown(before_groups, rules, today).filter(|(_, figures)| has_any(figures)).collect();
    for group in &mut groups {
        group.before = earlier.remove(&group.id);
    }
    let before = together(&before, rules, today);
    let pairs = Figure::COMPARED.map(|figure| (all_figures.share(figure), before.share(figure)));
    let changes = Figure::COMPARED.into_iter().zip(compare::changes(&pairs));
    Ok(FiguresView {
        changes: changes.filter_map(|(figure, change)| Some((figure, change?))).collect(),
        from: days.0,
        to: days.1,
        as_of: today,
        by: ask.by,
        unverified_count: rules.figures.unverified,
        least: LEAST,
        all: all_figures,
        before_from: before_days.0,
        before_to: before_days.1,
        before,
        groups,
        waiting: kept::waiting(db)?,
    })
}

/// Sums of each group, as they stand today.
fn grouped(
    db: &mut Db,
    by: By,
    days: Span,
    seen: (&Rules, NaiveDate),
) -> Result<BTreeMap<String, Sums>, Refused> {
    keep::sums(db, dimension(by), days, seen)
}

const fn dimension(by: By) -> Dimension {
    match by {
        By::Unit => Dimension::Unit,
        By::Handler => Dimension::Handler,
        By::Leader => Dimension::Leader,
        By::Category => Dimension::Category,
        By::Channel => Dimension::Channel,
        By::Level => Dimension::Level,
        By::Grade => Dimension::Grade,
    }
}

/// What the group of those is called that nobody had yet, or that nobody is in charge of.
fn nobody(by: By) -> Text {
    match by {
        By::Leader => Text::new("无分管领导", "Nobody in charge"),
        _ => Text::new("尚未分派", "Not assigned yet"),
    }
}

fn total<'a>(sums: impl Iterator<Item = &'a Sums>) -> Sums {
    let mut all = Sums::default();
    sums.for_each(|one| all.add(one));
    all
}

/// The figures of all together.
fn together(sums: &Sums, rules: &Rules, today: NaiveDate) -> Figures {
    let weights = rules.figures.weights;
    let withheld = formula::withheld(&[sums], &weights, today).pop().unwrap_or_default();
    formula::figures(sums, &weights, today, &withheld)
}

/// The figures of groups beside each other and their total, without what would tell how few rated.
fn side_by_side(groups: &[&Sums], rules: &Rules, today: NaiveDate) -> Vec<Figures> {
    let weights = rules.figures.weights;
    let withheld = formula::withheld(groups, &weights, today);
    groups.iter().zip(withheld).map(|(sums, gone)| formula::figures(sums, &weights, today, &gone)).collect()
}

/// The figures of each group, without what would tell how few rated.
fn shown(
    groups: BTreeMap<String, Sums>,
    rules: &Rules,
    today: NaiveDate,
) -> impl Iterator<Item = (String, Figures)> {
    let figures = side_by_side(&groups.values().collect::<Vec<_>>(), rules, today);
    groups.into_keys().zip(figures)
}

/// Whether there is anything to show.
fn has_any(of: &Figures) -> bool {
    let whole = |figure| of.share(figure).map_or(0, |share| share.whole);
    let promised = whole(Figure::OnTime) + whole(Figure::OnTimeFirst);
    of.accepted + of.closed + promised + whole(Figure::Returned) > 0
}

/// Groups with their figures, ranked ones first.
fn ranked(
    groups: BTreeMap<String, Sums>,
    all: &Figures,
    (by, names): (By, &HashMap<String, Text>),
    rules: &Rules,
    today: NaiveDate,
) -> Vec<Group> {
    let found: Vec<_> = shown(groups, rules, today).collect();
    let of = |figure| -> (Vec<Option<Share>>, Vec<Option<Standing>>) {
        let shares: Vec<_> = found.iter().map(|(_, figures)| figures.share(figure)).collect();
        let standings = compare::standings(&shares, all.share(figure).as_ref());
        (shares, standings)
    };
    let ((goods, good), (_, on_time)) = (of(Figure::Good), of(Figure::OnTime));
    let apart = compare::any_apart(&good);
    let mut groups: Vec<Group> = found
        .into_iter()
        .zip(interval::ranks(&goods))
        .zip(good.into_iter().zip(on_time))
        .map(|(((id, figures), rank), (standing, standing_on_time))| Group {
            name: match names.get(&id) {
                Some(name) => name.clone(),
                None if id.is_empty() => nobody(by),
                None => words::level(&id),
            },
            standing,
            standing_on_time,
            id,
            // Where nobody stands apart, an order would be one of chance.
            rank: rank.filter(|_| apart),
            figures,
            before: None,
        })
        // What is only promised for days to come is not a figure yet.
        .filter(|group| has_any(&group.figures))
        .collect();
    groups.sort_by(|a, b| {
        let order = |group: &Group| (group.rank.unwrap_or(u32::MAX), std::cmp::Reverse(group.figures.closed));
        order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id))
    });
    groups
}

fn period(ask: &Ask, rules: &Rules, today: NaiveDate) -> Result<Span, Refused> {
    if let Some(text) = &ask.period {
        if text == period::LAST_TWELVE {
            return Ok(period::last_twelve(today, rules.figures.month_first_day));
        }
        let wrong = || {
            problem(
                "period",
                "请填写2026-10、2026-Q4、2026或last12",
                "write 2026-10, 2026-Q4, 2026 or last12",
            )
        };
        return period::named(text, rules.figures.month_first_day)
            .ok_or_else(|| Refused::Invalid(vec![wrong()]));
    }
    checked(ask, today)
}

/// The days asked for; this month up to today, where nothing is said.
fn checked(ask: &Ask, today: NaiveDate) -> Result<Span, Refused> {
    let to = ask.to.unwrap_or(today);
    let from = ask.from.unwrap_or_else(|| to.with_day(1).unwrap_or(to));
    in_order(Some(from), Some(to))?;
    if (to - from).num_days() >= LONGEST {
        return Err(Refused::Invalid(vec![problem("from", "最长统计三年", "three years at most")]));
    }
    Ok((from, to))
}

/// Days that somebody asks for: known ones, and the first not after the last.
pub(super) fn in_order(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<(), Refused> {
    // Far-off years would leave what dates can say.
    let known = |day: NaiveDate| (2000..=2999).contains(&day.year());
    for (field, day) in [("from", from), ("to", to)] {
        if day.is_some_and(|day| !known(day)) {
            let fault = problem(field, "日期须在2000年至2999年之间", "days of the years 2000 to 2999");
            return Err(Refused::Invalid(vec![fault]));
        }
    }
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        let fault = problem("from", "开始日期不能晚于结束日期", "the first day must not be after the last");
        return Err(Refused::Invalid(vec![fault]));
    }
    Ok(())
}

fn names(db: &mut Db, by: By) -> QueryResult<HashMap<String, Text>> {
    let rows = match by {
        By::Unit => names::units(db)?,
        By::Handler | By::Leader => names::people(db)?,
        By::Category => names::categories(db)?,
        By::Channel => names::channels(db)?,
        By::Level => Vec::new(),
        By::Grade => {
            return Ok(words::GRADES.into_iter().map(|id| (id.to_owned(), words::grade(id))).collect());
        }
    };
    Ok(rows.into_iter().map(|(id, zh, en)| (id, Text::new(zh, en))).collect())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Ask, checked};

    #[test]
    fn a_period_is_this_month_unless_said_and_has_an_end() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-25");
        assert_eq!(checked(&Ask::default(), today).unwrap(), (day("2026-11-01"), today));
        let ask = |from, to| Ask { from: Some(day(from)), to: Some(day(to)), ..Ask::default() };
        for (from, to) in
            [("2026-02-01", "2026-01-01"), ("2020-01-01", "2026-01-01"), ("0001-01-01", "0001-01-02")]
        {
            assert!(checked(&ask(from, to), today).is_err(), "{from} {to}");
        }
    }
}
