//! Ratings for other systems, in the coding that they ask for.

use qiyema_protocol::{
    exchange::{Coding, Exchange, Exchanged, Meaning},
    rating::Level,
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        rights::{Actor, Deed},
    },
    Ask, count, period,
};
use crate::{
    clock::Timestamp,
    store::{
        columns::{moment, unword},
        connection::Db,
        figures::exchange,
    },
};

/// Ratings of a page.
const PAGE: i64 = 500;

/// First ratings given in a period, oldest first.
pub fn exchange(
    db: &mut Db,
    actor: &Actor,
    (ask, coding): (&Ask, Coding),
    after: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Exchange, Refused> {
    actor.may(Deed::ExportRatings)?;
    let span = count::span(period(ask, rules, rules.day(at))?, rules);
    let rows = exchange::given(db, &span, after, PAGE)?;
    let next = i64::try_from(rows.len()).is_ok_and(|found| found >= PAGE);
    let next = rows.last().filter(|_| next).map(|row| row.id.clone());
    let one = |row: exchange::GivenRow| -> Result<Exchanged, Refused> {
        let level: Option<Level> = row.level.as_deref().map(unword).transpose()?;
        Ok(Exchanged {
            at: moment(row.at),
            tier: unword(&row.tier)?,
            verdict: unword(&row.verdict)?,
            satisfaction: level.map(|level| coding.code(level)),
            excluded: row.outcome.as_deref() == Some("accepted"),
            tags: serde_json::from_str(&row.tags).unwrap_or_default(),
            id: row.id,
            issue: row.issue,
            unit: row.unit,
            category: row.category,
        })
    };
    let meaning = (1..=5).filter_map(|code| {
        let level = coding.level(code)?;
        Some(Meaning { code, level, text: words(level), verdict: level.verdict() })
    });
    let meaning = meaning.collect();
    Ok(Exchange { coding, meaning, ratings: rows.into_iter().map(one).collect::<Result<_, _>>()?, next })
}

fn words(level: Level) -> Text {
    let (zh, en) = match level {
        Level::VerySatisfied => ("非常满意", "Very satisfied"),
        Level::Satisfied => ("满意", "Satisfied"),
        Level::BasicallySatisfied => ("基本满意", "Basically satisfied"),
        Level::Dissatisfied => ("不满意", "Dissatisfied"),
        Level::VeryDissatisfied => ("非常不满意", "Very dissatisfied"),
    };
    Text::new(zh, en)
}
