//! Reading the figures for performance review. Nothing here writes, and nothing
//! knows who rated.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, Months, NaiveDate};
use qiyema_protocol::{
    figures::{By, FiguresView, Group},
    rating::{Round, Tier, Verdict},
    text::Text,
};

use super::{
    Refused, Rules,
    rights::{Actor, Deed},
};
use crate::{
    clock::Timestamp,
    domain::{
        figures::{self, Closed, Due, LEAST, Tally},
        text::problem,
        window, words,
    },
    store::{
        QueryResult,
        columns::{column, moment, unword},
        connection::Db,
        figures::{self as rows, ClosureRow, IssueFacts, Span},
    },
};

/// Longest period in days: three years.
const LONGEST: i64 = 1096;

/// Which figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask {
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
    let (from, to) = period(ask, today)?;
    let (all, groups) = count(db, (from, to), ask.by, rules, today)?;
    let (before_from, before_to) = before(from, to);
    let (before, _) = count(db, (before_from, before_to), ask.by, rules, today)?;
    let together = |tally: &Tally| tally.figures(figures::few(tally.counted()));
    let all_figures = together(&all);
    let names = names(db, ask.by)?;
    let counted: Vec<u32> = groups.values().map(Tally::counted).collect();
    let tallies: Vec<_> = groups
        .into_iter()
        .zip(figures::withheld(&counted))
        .map(|((id, tally), hidden)| (id, tally.figures(hidden)))
        .collect();
    let ranks = figures::ranks(&tallies.iter().map(|(_, figures)| figures.good).collect::<Vec<_>>());
    let mut groups: Vec<Group> = tallies
        .into_iter()
        .zip(ranks)
        .map(|((id, figures), rank)| Group {
            name: match names.get(&id) {
                Some(name) => name.clone(),
                None if id.is_empty() => Text::new("尚未分派", "Not assigned yet"),
                None => words::level(&id),
            },
            standing: figures
                .good
                .filter(|_| rank.is_some())
                .zip(all_figures.good)
                .and_then(|(one, all)| figures::standing(&one, &all)),
            id,
            rank,
            figures,
        })
        .collect();
    groups.sort_by(|a, b| {
        let order = |group: &Group| (group.rank.unwrap_or(u32::MAX), std::cmp::Reverse(group.figures.closed));
        order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id))
    });
    Ok(FiguresView {
        from,
        to,
        by: ask.by,
        least: LEAST,
        all: all_figures,
        before_from,
        before_to,
        before: together(&before),
        groups,
    })
}

fn period(ask: &Ask, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Refused> {
    let to = ask.to.unwrap_or(today);
    let from = ask.from.unwrap_or_else(|| to.with_day(1).unwrap_or(to));
    // Far-off years would leave what dates can say.
    let known = |day: NaiveDate| (2000..=2999).contains(&day.year());
    if !known(from) || !known(to) {
        let fault = problem("from", "日期须在2000年至2999年之间", "days of the years 2000 to 2999");
        return Err(Refused::Invalid(vec![fault]));
    }
    if from > to {
        let fault = problem("from", "开始日期不能晚于结束日期", "the first day must not be after the last");
        return Err(Refused::Invalid(vec![fault]));
    }
    if (to - from).num_days() >= LONGEST {
        return Err(Refused::Invalid(vec![problem("from", "最长统计三年", "three years at most")]));
    }
    Ok((from, to))
}

/// The period before: as many months, if it begins on a first and ends on a last
/// day, else as many days.
fn before(from: NaiveDate, to: NaiveDate) -> (NaiveDate, NaiveDate) {
    let next = to.succ_opt().unwrap_or(to);
    let last = from.pred_opt().unwrap_or(from);
    let back = if from.day() == 1 && next.day() == 1 {
        let months =
            (next.year() - from.year()) * 12 + next.month0().cast_signed() - from.month0().cast_signed();
        from.checked_sub_months(Months::new(months.unsigned_abs()))
    } else {
        from.checked_sub_days(Days::new((next - from).num_days().unsigned_abs()))
    };
    (back.unwrap_or(from), last)
}

fn count(
    db: &mut Db,
    (from, to): (NaiveDate, NaiveDate),
    by: By,
    rules: &Rules,
    today: NaiveDate,
) -> Result<(Tally, BTreeMap<String, Tally>), Refused> {
    let next = to.succ_opt().unwrap_or(to);
    let start = column(window::start(from, rules.zone));
    let span = Span { from, to, start, end: column(window::start(next, rules.zone)) };
    let given = given(db, &span)?;
    let mut all = Tally::default();
    let mut groups: BTreeMap<String, Tally> = BTreeMap::new();
    let within = |day: NaiveDate| (from..=to).contains(&day);
    for row in rows::closed(db, &span)? {
        let on = rules.day(moment(row.at));
        let group = groups.entry(key(by, &row.issue, &row.unit_id, &row.handler_id).to_owned()).or_default();
        for tally in [&mut all, group] {
            if within(row.due_on) {
                tally.due(Due { first: false, kept: on <= row.due_on });
            }
            if within(row.first_due_on) {
                tally.due(Due { first: true, kept: on <= row.first_due_on });
            }
            if row.at >= span.start && row.at < span.end {
                tally.closed(&facts(&row, &given), today);
            }
        }
    }
    for row in rows::unclosed(db, &span)? {
        // What was late when it was set aside, withdrawn or merged stays late; today's promise can still be kept.
        let until = match &*row.state {
            "deferred" | "withdrawn" | "merged" => rules.day(moment(row.state_at)),
            _ => today,
        };
        let unit = row.unit_id.unwrap_or_default();
        let handler = row.handler_id.unwrap_or_default();
        let group = groups.entry(key(by, &row.issue, &unit, &handler).to_owned()).or_default();
        for tally in [&mut all, group] {
            for (first, day) in [(false, row.due_on), (true, row.first_due_on)] {
                if day.is_some_and(|day| within(day) && day < until) {
                    tally.due(Due { first, kept: false });
                }
            }
        }
    }
    groups.retain(|_, tally| *tally != Tally::default());
    Ok((all, groups))
}

type Given = HashMap<String, Vec<(Tier, Round, Verdict, bool)>>;

fn given(db: &mut Db, span: &Span) -> QueryResult<Given> {
    let mut given = Given::new();
    for row in rows::rated(db, span)? {
        let out = row.outcome.as_deref() == Some("accepted");
        let one = (unword(&row.tier)?, unword(&row.round)?, unword(&row.verdict)?, out);
        given.entry(row.closure_id).or_default().push(one);
    }
    Ok(given)
}

fn facts(row: &ClosureRow, given: &Given) -> Closed {
    let find = |tier: Tier, round: Round| {
        let all = given.get(&row.id)?;
        all.iter().find(|(t, r, ..)| (*t, *r) == (tier, round)).map(|(_, _, verdict, out)| (*verdict, *out))
    };
    let (owner, unverified) = (find(Tier::Owner, Round::First), find(Tier::Unverified, Round::First));
    let fix = find(Tier::Owner, Round::Rectification);
    Closed {
        first_due_on: row.first_due_on,
        due_on: row.due_on,
        rate_until: row.rate_until,
        // An issue that was taken up again and then withdrawn or merged stays one that was taken up again.
        reopened: row.current.as_deref() != Some(row.id.as_str())
            || !matches!(&*row.state, "closed" | "rectifying" | "follow_up" | "archived"),
        owner: owner.map(|(verdict, _)| verdict),
        unverified: unverified.map(|(verdict, _)| verdict),
        rectification: fix.filter(|(_, out)| !out).map(|(verdict, _)| verdict),
        owner_excluded: owner.is_some_and(|(_, out)| out),
        unverified_excluded: unverified.is_some_and(|(_, out)| out),
    }
}

fn key<'a>(by: By, issue: &'a IssueFacts, unit: &'a str, handler: &'a str) -> &'a str {
    match by {
        By::Unit => unit,
        By::Handler => handler,
        By::Category => &issue.category_id,
        By::Channel => &issue.channel_id,
        By::Level => &issue.level,
    }
}

fn names(db: &mut Db, by: By) -> QueryResult<HashMap<String, Text>> {
    let rows = match by {
        By::Unit => rows::units(db)?,
        By::Handler => rows::people(db)?,
        By::Category => rows::categories(db)?,
        By::Channel => rows::channels(db)?,
        By::Level => Vec::new(),
    };
    Ok(rows.into_iter().map(|(id, zh, en)| (id, Text::new(zh, en))).collect())
}

#[cfg(test)]
mod tests {
    use super::{Ask, before, period};

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_period_before_a_month_is_a_month() {
        let cases = [
            ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"),
            ("2026-10-01", "2026-12-31", "2026-07-01", "2026-09-30"),
            ("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"),
            ("2026-11-01", "2026-11-25", "2026-10-07", "2026-10-31"),
            ("2026-11-25", "2026-11-25", "2026-11-24", "2026-11-24"),
        ];
        for (from, to, first, last) in cases {
            assert_eq!(before(day(from), day(to)), (day(first), day(last)), "{from} {to}");
        }
    }

    #[test]
    fn a_period_is_this_month_unless_said_and_has_an_end() {
        let today = day("2026-11-25");
        assert_eq!(period(&Ask::default(), today).unwrap(), (day("2026-11-01"), today));
        let ask = |from, to| Ask { from: Some(day(from)), to: Some(day(to)), ..Ask::default() };
        for (from, to) in
            [("2026-02-01", "2026-01-01"), ("2020-01-01", "2026-01-01"), ("0001-01-01", "0001-01-02")]
        {
            assert!(period(&ask(from, to), today).is_err(), "{from} {to}");
        }
    }
}
