//! Which month is written into the folder next: the last one as soon as it is over, and each again when it is
//! settled, because nobody can rate its closures any more.

use chrono::{Days, NaiveDate};

use super::{
    super::{Refused, Rules},
    count,
};
use crate::{
    domain::figures::period::{self, Span},
    store::{connection::Db, figures::facts},
};

/// Months that were settled long ago are not written again.
const BACK: u32 = 24;

/// What was written: the last month that was over, and the last one that was settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    over: String,
    settled: String,
}

impl Done {
    /// From what was noted; a month alone was written when it was over.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (over, settled) = text.split_once(' ').unwrap_or((text, ""));
        Self { over: over.to_owned(), settled: settled.to_owned() }
    }

    /// As it is noted.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", self.over, self.settled)
    }
}

/// The month to be written now, and what was written then; none if none is due.
pub fn next(
    db: &mut Db,
    done: &Done,
    rules: &Rules,
    today: NaiveDate,
) -> Result<Option<(Done, String)>, Refused> {
    let Some((month, _)) = months_over(rules, today).next() else { return Ok(None) };
    if done.over != month {
        return Ok(Some((Done { over: month.clone(), ..done.clone() }, month)));
    }
    let mut waiting = Vec::new();
    for (month, days) in months_over(rules, today) {
        if month <= done.settled {
            break;
        }
        // What was settled before the first export is history.
        if done.settled.is_empty() && settled(db, days, rules, today)? {
            return Ok(Some((Done { settled: month.clone(), ..done.clone() }, month)));
        }
        waiting.push((month, days));
    }
    // After it none is passed over, although a later one may be settled first where the window was shortened.
    match waiting.pop() {
        Some((month, days)) if !done.settled.is_empty() && settled(db, days, rules, today)? => {
            Ok(Some((Done { settled: month.clone(), ..done.clone() }, month)))
        }
        _ => Ok(None),
    }
}

/// Months that are over, the last one first.
fn months_over(rules: &Rules, today: NaiveDate) -> impl Iterator<Item = (String, Span)> {
    let first_day = rules.figures.month_first_day;
    let mut at = Some(period::month_around(today, first_day));
    let months = std::iter::from_fn(move || {
        at = at.and_then(|(first, _)| Some(period::month_around(first.pred_opt()?, first_day)));
        at.map(|days| (period::month_of(days.0, first_day), days))
    });
    months.take(usize::try_from(BACK).unwrap_or(usize::MAX))
}

/// The last window in which a closure of these days could be rated has passed.
fn settled(db: &mut Db, days: Span, rules: &Rules, today: NaiveDate) -> Result<bool, Refused> {
    let window = Days::new(rules.rating_days.into());
    // Few are asked for: windows are mostly as long as they are now.
    if days.1.checked_add_days(window).is_none_or(|last| last >= today) {
        return Ok(false);
    }
    let last = facts::rateable_until(db, &count::span(days, rules))?;
    Ok(last.is_none_or(|last| last < today))
}
