//! Periods of performance review: months (with a first day of the centre's
//! choice), quarters and years of such months, and any two days.

use chrono::{Datelike, Days, Months, NaiveDate};

/// First and last day.
pub type Span = (NaiveDate, NaiveDate);

/// Reads `2026-10`, `2026-Q4` or `2026`. With a first day after the 15th, a month
/// begins in the one before: from the 26th, October is 26 September to 25 October.
#[must_use]
pub fn named(text: &str, first_day: u32) -> Option<Span> {
    let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
    let year: i32 = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
    let (month, months) = match rest {
        None => (1, 12),
        Some(quarter) if quarter.starts_with('Q') => {
            let quarter: u32 =
                quarter.trim_start_matches('Q').parse().ok().filter(|q| (1..=4).contains(q))?;
            (quarter * 3 - 2, 3)
        }
        Some(month) => (Some(month).filter(|month| month.len() == 2)?.parse().ok()?, 1),
    };
    let begins = NaiveDate::from_ymd_opt(year, month, first_day)?;
    let begins = if first_day > 15 { begins.checked_sub_months(Months::new(1))? } else { begins };
    Some((begins, begins.checked_add_months(Months::new(months))?.pred_opt()?))
}

/// The name of the month that a day is in.
#[must_use]
pub fn month_of(day: NaiveDate, first_day: u32) -> String {
    let later = u32::from(first_day > 15);
    let begun = if day.day() >= first_day { day } else { day - Months::new(1) };
    (begun + Months::new(later)).format("%Y-%m").to_string()
}

/// The name of the twelve months that are over.
pub const LAST_TWELVE: &str = "last12";

/// The last twelve months that are over: they hold enough to compare, and none of them is still being counted.
#[must_use]
pub fn last_twelve(today: NaiveDate, first_day: u32) -> Span {
    let (begun, _) = month_around(today, first_day);
    (begun.checked_sub_months(Months::new(12)).unwrap_or(begun), begun.pred_opt().unwrap_or(begun))
}

/// The last twelve months, this month, the last one, this quarter, this year and the last one, by their names.
#[must_use]
pub fn presets(today: NaiveDate, first_day: u32) -> [String; 6] {
    let this = month_of(today, first_day);
    let last = named(&this, first_day).map_or_else(
        || this.clone(),
        |(first, _)| first.pred_opt().map_or_else(String::new, |day| month_of(day, first_day)),
    );
    let (year, month) = this.split_once('-').unwrap_or((&this, "01"));
    let quarter = month.parse::<u32>().map_or(1, |month| month.div_ceil(3));
    let before = year.parse::<i32>().map_or(0, |year| year - 1);
    let twelve = LAST_TWELVE.to_owned();
    [twelve, this.clone(), last, format!("{year}-Q{quarter}"), year.to_owned(), before.to_string()]
}

/// The period before: as many months, if it is of whole months (from whichever day), else as many days.
#[must_use]
pub fn before((from, to): Span) -> Span {
    let next = to.succ_opt().unwrap_or(to);
    let last = from.pred_opt().unwrap_or(from);
    let back = if from.day() == next.day() && from.day() <= 28 {
        let months =
            (next.year() - from.year()) * 12 + next.month0().cast_signed() - from.month0().cast_signed();
        from.checked_sub_months(Months::new(months.unsigned_abs()))
    } else {
        from.checked_sub_days(Days::new((next - from).num_days().unsigned_abs()))
    };
    (back.unwrap_or(from), last)
}

/// The month that a day is in, where months begin on this day.
#[must_use]
pub fn month_around(day: NaiveDate, first_day: u32) -> Span {
    let begun = if day.day() >= first_day { Some(day) } else { day.checked_sub_months(Months::new(1)) };
    let first = begun.and_then(|begun| begun.with_day(first_day)).unwrap_or(day);
    (first, first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(day))
}

/// A period as whole months and the single days around them.
#[must_use]
pub fn split((from, to): Span, first_day: u32) -> (Vec<Span>, Vec<Span>) {
    let (mut months, mut days) = (Vec::new(), Vec::new());
    let mut at = from;
    while at <= to {
        let (first, last) = month_around(at, first_day);
        let end = last.min(to);
        if at == first && end == last {
            months.push((first, last));
        } else {
            days.push((at, end));
        }
        let Some(next) = end.succ_opt() else { break };
        at = next;
    }
    (months, days)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{before, last_twelve, month_around, month_of, named, presets, split};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_quarters_and_years_from_the_first_or_from_another_day() {
        for (text, first_day, from, to) in [
            ("2026-10", 1, "2026-10-01", "2026-10-31"),
            ("2026-Q4", 1, "2026-10-01", "2026-12-31"),
            ("2026", 1, "2026-01-01", "2026-12-31"),
            ("2026-10", 26, "2026-09-26", "2026-10-25"),
            ("2026-01", 26, "2025-12-26", "2026-01-25"),
            ("2026", 26, "2025-12-26", "2026-12-25"),
            ("2026-Q1", 10, "2026-01-10", "2026-04-09"),
        ] {
            assert_eq!(named(text, first_day), Some((day(from), day(to))), "{text} from {first_day}");
        }
        for bad in ["2026-13", "2026-Q5", "26-10", "2026-1", "x", "2026-10-01"] {
            assert_eq!(named(bad, 1), None, "{bad}");
        }
        assert_eq!(
            presets(day("2026-01-25"), 1),
            ["last12", "2026-01", "2025-12", "2026-Q1", "2026", "2025"]
        );
        assert_eq!(
            presets(day("2026-10-26"), 26),
            ["last12", "2026-11", "2026-10", "2026-Q4", "2026", "2025"]
        );
        for (today, first_day, from, to) in [
            ("2026-11-29", 1, "2025-11-01", "2026-10-31"),
            ("2026-12-01", 1, "2025-12-01", "2026-11-30"),
            ("2026-11-29", 26, "2025-11-26", "2026-11-25"),
        ] {
            assert_eq!(last_twelve(day(today), first_day), (day(from), day(to)), "{today}");
            assert_eq!(before((day(from), day(to))).1, day(from).pred_opt().unwrap(), "{today}");
        }
        assert_eq!(before(last_twelve(day("2026-11-29"), 1)).0, day("2024-11-01"), "as many months");
        assert_eq!(month_of(day("2026-10-25"), 26), "2026-10");
        assert_eq!(month_of(day("2026-10-26"), 26), "2026-11");
        assert_eq!(month_of(day("2026-10-09"), 10), "2026-09");
    }

    #[test]
    fn the_period_before_a_month_is_a_month() {
        let cases = [
            ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"),
            ("2026-10-01", "2026-12-31", "2026-07-01", "2026-09-30"),
            ("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"),
            ("2026-09-26", "2026-10-25", "2026-08-26", "2026-09-25"),
            ("2026-11-01", "2026-11-25", "2026-10-07", "2026-10-31"),
            ("2026-11-25", "2026-11-25", "2026-11-24", "2026-11-24"),
        ];
        for (from, to, first, last) in cases {
            assert_eq!(before((day(from), day(to))), (day(first), day(last)), "{from} {to}");
        }
    }

    #[test]
    fn a_period_is_months_and_days_and_nothing_twice() {
        let span = |from, to| (day(from), day(to));
        let (months, days) = split(span("2026-09-26", "2026-12-25"), 1);
        assert_eq!(months, [span("2026-10-01", "2026-10-31"), span("2026-11-01", "2026-11-30")]);
        assert_eq!(days, [span("2026-09-26", "2026-09-30"), span("2026-12-01", "2026-12-25")]);
        assert_eq!(split(span("2026-02-01", "2026-02-28"), 1).0, [span("2026-02-01", "2026-02-28")]);
        // A year of months from the 26th is twelve months, and no single day.
        let (months, days) = split(named("2026", 26).unwrap(), 26);
        assert_eq!((months.len(), days.len()), (12, 0));
        assert_eq!(month_around(day("2026-03-25"), 26), span("2026-02-26", "2026-03-25"));
        assert_eq!(month_around(day("2026-01-03"), 26), span("2025-12-26", "2026-01-25"));
    }
}
