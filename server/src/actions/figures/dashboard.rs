//! What explains the figures of a period: how they moved, what followed a bad
//! rating, what owners complain about, where it is slow, and which unit does
//! which kind of matter well. All from the sums that are kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Months, NaiveDate};
use qiyema_protocol::{
    dashboard::{Complaint, Dashboard, Funnel, Heat, HeatCell, Member, MonthFigures, Slow},
    figures::{By, Figure, Mean},
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        rights::{Actor, Deed},
    },
    Ask, keep, names, read, side_by_side, total,
};
use crate::{
    clock::Timestamp,
    domain::{
        figures::{
            LEAST,
            book::Dimension,
            compare, formula, interval, period,
            sums::{Count, Sums},
            table,
        },
        rating::Catalogues,
    },
    store::connection::Db,
};

/// Months of the trend.
const MONTHS: u32 = 12;
/// Rows of a list.
const ROWS: usize = 8;
/// Columns of the heat map.
const COLUMNS: usize = 12;

/// The dashboard of a period.
pub fn dashboard(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    rules: &Rules,
    at: Timestamp,
) -> Result<Dashboard, Refused> {
    actor.may(Deed::ReadFigures)?;
    let figures = read(db, actor, ask, rules, at)?;
    let (days, today) = ((figures.from, figures.to), rules.day(at));
    let categories = keep::sums(db, Dimension::Category, days, (rules, today))?;
    let all = total(categories.values());
    let (units, kinds) = (names(db, By::Unit)?, names(db, By::Category)?);
    let cells = keep::sums(db, Dimension::UnitCategory, days, (rules, today))?;
    Ok(Dashboard {
        trend: trend(db, days.1, rules, today)?,
        funnel: funnel(&all),
        complaints: complaints(&all, &rules.tags),
        slowest: slowest(&categories, &kinds, rules, today),
        heat: heat(&cells, &units, &kinds, rules, today),
        figures,
    })
}

fn trend(db: &mut Db, to: NaiveDate, rules: &Rules, today: NaiveDate) -> Result<Vec<MonthFigures>, Refused> {
    let first_day = rules.figures.month_first_day;
    let mut months = Vec::new();
    let mut sums = Vec::new();
    for back in (0..MONTHS).rev() {
        let Some(day) = to.checked_sub_months(Months::new(back)) else { continue };
        let month = period::month_of(day, first_day);
        let Some((from, to)) = period::named(&month, first_day) else { continue };
        sums.push(total(keep::sums(db, Dimension::Level, (from, to), (rules, today))?.values()));
        months.push((month, from, to));
    }
    // Together they may be a year that is published too.
    let figures = side_by_side(&sums.iter().collect::<Vec<_>>(), rules, today);
    let months = months.into_iter().zip(figures);
    Ok(months.map(|((month, from, to), figures)| MonthFigures { month, from, to, figures }).collect())
}

fn funnel(all: &Sums) -> Funnel {
    let n = |count| all.of(count);
    let shown = (!interval::few(n(Count::Counted))).then_some(());
    Funnel {
        closed: n(Count::Closed),
        invited: n(Count::Invited),
        rated: n(Count::Counted),
        bad: shown.map(|()| n(Count::Counted) - n(Count::Good)),
        rectifying: shown.map(|()| n(Count::BadRectifying)),
        fixed: shown.map(|()| n(Count::BadFixed)),
        content: shown.map(|()| n(Count::BadContent)),
    }
}

/// Each in the words that owners chose it by: a tag that says something else in a later version is another line.
fn complaints(all: &Sums, known: &Catalogues) -> Vec<Complaint> {
    if all.of(Count::Counted) - all.of(Count::Good) < LEAST {
        return Vec::new();
    }
    let mut found: Vec<Complaint> = Vec::new();
    for (given, count) in all.tags() {
        let tag = given.split_once('/').and_then(|(version, id)| {
            let version = version.parse().ok()?;
            Some((version, known.find(version, id)?))
        });
        let Some((version, tag)) = tag.filter(|(_, tag)| tag.score < 3) else { continue };
        if let Some(same) = found.iter_mut().find(|one| one.tag == tag.id && one.text == tag.text) {
            same.count += count;
            same.version = same.version.min(version);
        } else {
            let (id, text) = (tag.id.clone(), tag.text.clone());
            found.push(Complaint { tag: id, version, text, count: *count });
        }
    }
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.tag, a.version).cmp(&(&b.tag, b.version))));
    found.truncate(ROWS);
    found
}

fn named(names: &HashMap<String, Text>, id: &str) -> Text {
    names.get(id).cloned().unwrap_or_else(|| Text::new("尚未分派", "Not assigned yet"))
}

fn slowest(
    categories: &BTreeMap<String, Sums>,
    names: &HashMap<String, Text>,
    rules: &Rules,
    today: NaiveDate,
) -> Vec<Slow> {
    let of = |(id, sums): (&String, &Sums)| {
        let n = sums.of(Count::Closed);
        let days = Mean { value: f64::from(sums.of(Count::Days)) / f64::from(n), n };
        let on_time = formula::compute(Figure::OnTime, sums, &rules.figures.weights, today);
        (n >= LEAST).then(|| Slow { id: id.clone(), name: named(names, id), days, on_time })
    };
    let mut found: Vec<Slow> = categories.iter().filter_map(of).collect();
    found.sort_by(|a, b| b.days.value.total_cmp(&a.days.value).then_with(|| a.id.cmp(&b.id)));
    found.truncate(ROWS);
    found
}

/// A cell is shown if it is not few, and if nothing shown beside it would tell one that is.
fn heat(
    cells: &BTreeMap<String, Sums>,
    units: &HashMap<String, Text>,
    kinds: &HashMap<String, Text>,
    rules: &Rules,
    today: NaiveDate,
) -> Heat {
    let found: Vec<(&str, &str, &Sums)> = cells
        .iter()
        .filter_map(|(member, sums)| member.split_once('|').map(|(unit, kind)| (unit, kind, sums)))
        .filter(|(.., sums)| sums.of(Count::Counted) > 0)
        .collect();
    let counted: Vec<u32> = found.iter().map(|(.., sums)| sums.of(Count::Counted)).collect();
    let places: Vec<(&str, &str, u32)> =
        found.iter().zip(&counted).map(|((unit, kind, _), n)| (*unit, *kind, *n)).collect();
    let hidden = table::withheld(&places);
    let mut columns: BTreeMap<&str, u32> = BTreeMap::new();
    for ((_, kind, _), n) in found.iter().zip(&counted) {
        *columns.entry(kind).or_default() += n;
    }
    let mut columns: Vec<(&str, u32)> = columns.into_iter().collect();
    columns.sort_by_key(|(id, n)| (std::cmp::Reverse(*n), *id));
    let more = columns.len().saturating_sub(COLUMNS);
    columns.truncate(COLUMNS);
    let member =
        |names: &HashMap<String, Text>, id: &str| Member { id: id.to_owned(), name: named(names, id) };
    let rows: BTreeSet<&str> = found.iter().map(|(unit, ..)| *unit).collect();
    let shown = found
        .iter()
        .zip(&hidden)
        .filter(|((_, kind, _), gone)| !**gone && columns.iter().any(|(column, _)| column == kind));
    let good = |sums: &Sums| formula::compute(Figure::Good, sums, &rules.figures.weights, today);
    let all = good(&total(found.iter().map(|(.., sums)| *sums)));
    let (places, goods): (Vec<_>, Vec<_>) =
        shown.map(|((unit, kind, sums), _)| ((*unit, *kind), Some(good(sums)))).unzip();
    let standings = compare::standings(&goods, Some(&all));
    let cells = places.into_iter().zip(goods.into_iter().flatten()).zip(standings);
    Heat {
        units: rows.into_iter().map(|id| member(units, id)).collect(),
        categories: columns.iter().map(|(id, _)| member(kinds, id)).collect(),
        more_categories: u32::try_from(more).unwrap_or(u32::MAX),
        cells: cells
            .map(|(((unit, category), good), standing)| HeatCell {
                unit: unit.to_owned(),
                category: category.to_owned(),
                good,
                standing,
            })
            .collect(),
    }
}
