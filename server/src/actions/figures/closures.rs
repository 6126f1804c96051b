//! From a figure down to its closures. The list names issues, units and people of
//! the staff, never who rated; where so few rated that figures are withheld, it
//! does not say how either.

use qiyema_protocol::{
    dashboard::{ClosureLine, Closures, Which},
    figures::By,
    rating::Verdict,
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        rights::{Actor, Deed},
    },
    Ask, count, grouped, names, nobody, period,
};
use crate::{
    clock::Timestamp,
    domain::{
        figures::{interval, sums::Count},
        words,
    },
    store::{
        columns::{moment, unword},
        connection::Db,
        figures::lines::{self, Group, LineRow},
    },
};

/// Lines of a page.
const LINES: usize = 50;
/// Closures looked at for a page.
const LOOKED_AT: i64 = 2000;

/// The closures of one group of a period, newest first.
pub fn closures(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    (member, which): (&str, Which),
    after: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Closures, Refused> {
    actor.may(Deed::ReadFigures)?;
    let days = period(ask, rules, rules.day(at))?;
    let groups = grouped(db, ask.by, days, (rules, rules.day(at)))?;
    let sums = groups.get(member).ok_or(Refused::NotThere)?;
    let counted: Vec<u32> = groups.values().map(|sums| sums.of(Count::Counted)).collect();
    let place = groups.keys().position(|id| id == member).unwrap_or(0);
    let withheld =
        sums.of(Count::Counted) > 0 && interval::withheld(&counted).get(place).copied().unwrap_or(true);
    if withheld && which == Which::Bad {
        return Err(Refused::Forbidden);
    }
    let group = match ask.by {
        By::Unit => Group::Unit,
        By::Handler => Group::Handler,
        By::Leader => Group::Leader,
        By::Category => Group::Category,
        By::Channel => Group::Channel,
        By::Level => Group::Level,
        By::Grade => Group::Grade,
    };
    let span = count::span(days, rules);
    let rows = lines::of(db, &span, (group, member), after, LOOKED_AT)?;
    let full = i64::try_from(rows.len()).is_ok_and(|found| found >= LOOKED_AT);
    let (units, people, kinds) = (names(db, By::Unit)?, names(db, By::Handler)?, names(db, By::Category)?);
    let said = |names: &std::collections::HashMap<String, Text>, id: &str| {
        names.get(id).cloned().unwrap_or_else(|| Text::new("—", "—"))
    };
    let (mut found, mut last) = (Vec::new(), None);
    let mut more = full;
    for row in rows {
        if found.len() == LINES {
            more = true;
            break;
        }
        last = Some(row.id.clone());
        let rated = rating(&row, rules.figures.unverified)?;
        let line = ClosureLine {
            number: row.number.clone(),
            unit: said(&units, &row.unit_id),
            handler: said(&people, &row.handler_id).zh,
            category: said(&kinds, &row.category_id),
            closed_on: rules.day(moment(row.at)),
            due_on: row.due_on,
            reopened: row.current.as_deref() != Some(row.id.as_str())
                || !matches!(&*row.state, "closed" | "rectifying" | "follow_up" | "archived"),
            verdict: rated.filter(|_| !withheld),
        };
        let fits = match which {
            Which::All => true,
            Which::Bad => line.verdict == Some(Verdict::Bad),
            Which::Late => line.closed_on > line.due_on,
            Which::Reopened => line.reopened,
        };
        if fits {
            found.push(line);
        }
    }
    let names = names(db, ask.by)?;
    let name = match names.get(member) {
        Some(name) => name.clone(),
        None if member.is_empty() => nobody(ask.by),
        None => words::level(member),
    };
    let next = last.filter(|_| more);
    Ok(Closures { from: days.0, to: days.1, by: ask.by, name, withheld, closures: found, next })
}

/// The rating that counts.
fn rating(row: &LineRow, unverified: bool) -> Result<Option<Verdict>, Refused> {
    let best = row.rating.as_ref().or(row.by_code.as_ref().filter(|_| unverified));
    let counts = best.filter(|(_, outcome)| outcome.as_deref() != Some("accepted"));
    Ok(counts.map(|(verdict, _)| unword(verdict)).transpose()?)
}
