//! What the sums depend on beside what happened: the calendar, the hours of the office, the limits of
//! rectifications, what counts, and when months begin. It is noted beside the place in the log up to which days were
//! marked; whoever counts by something else marks what that changes first.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::{Refused, Rules};
use crate::{
    domain::{figures::period::month_around, window},
    store::{
        columns::{column, moment},
        connection::Db,
        figures::{history, sums as kept},
        unfit,
    },
};

/// How things are counted: raised when that changes, or another count is kept, so that every day is counted anew.
const COUNTING: u32 = 3;
/// No rectification takes longer, in days.
const LONGEST_FIX: i64 = 366;
/// Nothing is counted before.
const EARLIEST: NaiveDate = chrono::DateTime::UNIX_EPOCH.naive_utc().date();

/// What days are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Basis {
    /// The day on which months begin.
    pub month: u32,
    /// What changes every day.
    rules: String,
    /// A digest of the calendar of each year that has one.
    years: BTreeMap<i32, String>,
}

impl Basis {
    /// Of these rules.
    pub(super) fn of(rules: &Rules) -> Self {
        let (figures, limits) = (rules.figures, rules.limits);
        let (opens, closes) = figures.hours;
        let calendar = &rules.calendar;
        let digest = |year| {
            let full = HEXLOWER.encode(&Sha256::digest(calendar.text_of(year)));
            full.chars().take(16).collect()
        };
        Self {
            month: figures.month_first_day,
            rules: format!(
                "{COUNTING} {} {opens} {closes} {} {} {}",
                rules.zone, limits.fix, limits.fix_complex, figures.unverified
            ),
            years: calendar.years().into_iter().map(|year| (year, digest(year))).collect(),
        }
    }

    /// The first year that has another calendar than before.
    fn first_other_year(&self, before: &Self) -> Option<i32> {
        let years: BTreeSet<i32> = self.years.keys().chain(before.years.keys()).copied().collect();
        years.into_iter().find(|year| self.years.get(year) != before.years.get(year))
    }
}

/// The place in the log that days were marked up to, and what they are counted by; none before that was noted.
pub(super) fn noted(done: &str) -> (i64, Option<Basis>) {
    let (place, basis) = done.split_once(' ').unwrap_or((done, ""));
    (place.parse().unwrap_or(0), serde_json::from_str(basis).ok())
}

/// Both as they are noted.
pub(super) fn note(place: i64, basis: &Basis) -> Result<String, Refused> {
    let basis = serde_json::to_string(basis).map_err(unfit)?;
    Ok(format!("{place} {basis}"))
}

/// Days that have sums and would be counted otherwise now. Of another calendar of a year, those from the first issue
/// on that was under way when the year began.
pub(super) fn stale(
    db: &mut Db,
    before: Option<&Basis>,
    now: &Basis,
    rules: &Rules,
) -> Result<Vec<NaiveDate>, Refused> {
    let from = match before {
        Some(before) if before.rules == now.rules => match now.first_other_year(before) {
            None => {
                // Months are added up again, each with one of its days.
                let mut days = kept::days(db, EARLIEST)?;
                days.dedup_by_key(|day| month_around(*day, now.month));
                return Ok(if before.month == now.month { Vec::new() } else { days });
            }
            Some(year) => {
                let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(EARLIEST);
                let begins = window::start(first, rules.zone);
                let opened = begins - TimeDelta::days(LONGEST_FIX);
                let reaching = history::reaching(db, column(begins), column(opened))?;
                reaching.map_or(first, |at| rules.day(moment(at)).min(first))
            }
        },
        _ => EARLIEST,
    };
    Ok(kept::days(db, from)?)
}

#[cfg(test)]
mod tests {
    use super::{Basis, note, noted};

    #[test]
    fn what_was_noted_is_read_again_and_a_bare_place_has_no_basis() {
        let basis = Basis { month: 1, rules: "x".to_owned(), years: [(2026, "ab".to_owned())].into() };
        assert_eq!(noted(&note(7, &basis).unwrap()), (7, Some(basis.clone())));
        assert_eq!(noted("7"), (7, None));
        let later =
            Basis { years: [(2026, "ab".to_owned()), (2027, "cd".to_owned())].into(), ..basis.clone() };
        assert_eq!(later.first_other_year(&basis), Some(2027));
        assert_eq!(basis.first_other_year(&basis), None);
    }
}
