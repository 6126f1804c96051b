//! Working days (工作日) of China: Monday to Friday unless the State Council's
//! yearly notice says otherwise. A year without a notice is provisional (预计),
//! never silently Monday to Friday.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use qiyema_protocol::text::Text;

/// An override of the weekly rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A public holiday.
    Holiday,
    /// A make-up workday (调休上班).
    Workday,
}

/// Whose word an override is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayStatus {
    /// Of a published notice: it makes its year official.
    Official,
    /// Expected or local: it overrides its day, and the year stays provisional.
    Draft,
}

/// One override.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Override {
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// Whose word that is.
    pub status: DayStatus,
}

/// A computed date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub date: NaiveDate,
    /// The way there touches a year without an official calendar.
    pub provisional: bool,
}

/// Why a calendar file was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the calendar: {}", what.en)]
pub struct CalendarError {
    /// From 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: Text,
}

/// First line of a file.
pub const HEADER: &str = "date,kind,status";

/// The weekly rule with its overrides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    overrides: BTreeMap<NaiveDate, DayKind>,
    official: BTreeSet<i32>,
}

impl Calendar {
    /// From overrides; only an official one makes its year official.
    pub fn new(days: impl IntoIterator<Item = Override>) -> Self {
        let mut calendar = Self::default();
        for Override { day, kind, status } in days {
            calendar.overrides.insert(day, kind);
            if status == DayStatus::Official {
                calendar.official.insert(day.year());
            }
        }
        calendar
    }

    /// From lines under the header `date,kind,status`.
    pub fn from_csv(text: &str) -> Result<Self, CalendarError> {
        Ok(Self::new(overrides(text)?))
    }

    /// `override[d] if present else Mon–Fri`.
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        match self.overrides.get(&day) {
            Some(kind) => *kind == DayKind::Workday,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// Years of which anything is known.
    pub fn years(&self) -> BTreeSet<i32> {
        self.overrides.keys().map(Datelike::year).collect()
    }

    /// Years whose official calendar is known.
    pub fn official_years(&self) -> &BTreeSet<i32> {
        &self.official
    }

    /// The calendar as it was while nothing was published for these years.
    #[must_use]
    pub fn before_notices_of(&self, years: &BTreeSet<i32>) -> Self {
        let known = self.overrides.iter().filter(|(day, _)| !years.contains(&day.year()));
        Self {
            overrides: known.map(|(day, kind)| (*day, *kind)).collect(),
            official: self.official.difference(years).copied().collect(),
        }
    }

    /// Whether the year's official calendar is known.
    pub fn is_official(&self, year: i32) -> bool {
        self.official.contains(&year)
    }

    /// All that it knows, as text: two calendars with the same text agree on every day.
    pub fn text(&self) -> String {
        let days = self
            .overrides
            .iter()
            .map(|(day, kind)| format!("{day}{}", if *kind == DayKind::Workday { "+" } else { "-" }));
        let years = self.official.iter().map(i32::to_string);
        days.chain(years).collect::<Vec<_>>().join(" ")
    }

    /// Days of a year that are not as the week has them, as text: years with the same text have the same working days.
    pub fn text_of(&self, year: i32) -> String {
        let own = self.overrides.iter().filter(|(day, _)| day.year() == year);
        let signed = own.map(|(day, kind)| (day, if *kind == DayKind::Workday { "+" } else { "-" }));
        signed.fold(String::new(), |text, (day, sign)| text + &day.to_string() + sign)
    }

    /// The n-th working day after `from`. The day of the event does not count,
    /// whatever the hour: so a submission at night or on a holiday counts from
    /// the next working day by itself.
    pub fn add_working_days(&self, from: NaiveDate, n: u32) -> Due {
        let mut date = from;
        let mut left = n;
        while left > 0 {
            let Some(next) = date.checked_add_days(Days::new(1)) else { break };
            date = next;
            if self.is_workday(date) {
                left -= 1;
            }
        }
        let provisional = (from.year()..=date.year()).any(|year| !self.is_official(year));
        Due { date, provisional }
    }

    /// The working day that a day belongs to: a weekend belongs to the Monday after it.
    pub fn working_day(&self, day: NaiveDate) -> NaiveDate {
        if self.is_workday(day) { day } else { self.add_working_days(day, 1).date }
    }

    /// The same, which may touch a year without a notice.
    pub fn same_day(&self, day: NaiveDate) -> Due {
        let date = self.working_day(day);
        Due { date, provisional: (day.year()..=date.year()).any(|year| !self.is_official(year)) }
    }

    /// The n-th working day before `day`; 0 is the day itself.
    pub fn before(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let mut date = day;
        let mut left = n;
        while left > 0 {
            let Some(last) = date.checked_sub_days(Days::new(1)) else { break };
            date = last;
            if self.is_workday(date) {
                left -= 1;
            }
        }
        date
    }

    /// The latest working day after which `n` working days have passed up to `until`.
    pub fn before_working_days(&self, until: NaiveDate, n: u32) -> Due {
        let mut date = until;
        let mut left = n;
        while left > 0 {
            let Some(earlier) = date.checked_sub_days(Days::new(1)) else { break };
            if self.is_workday(date) {
                left -= 1;
            }
            date = earlier;
        }
        while !self.is_workday(date) {
            let Some(earlier) = date.checked_sub_days(Days::new(1)) else { break };
            date = earlier;
        }
        let provisional = (date.year()..=until.year()).any(|year| !self.is_official(year));
        Due { date, provisional }
    }

    /// Working days left: 0 = due today; else the working days after today up
    /// to the due day, or, negative, those after the due day up to today. An
    /// overdue issue is at least −1, also on the weekend after its due day.
    pub fn working_days_left(&self, today: NaiveDate, due: NaiveDate) -> i32 {
        if today <= due {
            return self.count(today, due);
        }
        -self.count(due, today).max(1)
    }

    /// Working days of a year.
    pub fn working_days_in_year(&self, year: i32) -> u32 {
        let days = NaiveDate::from_ymd_opt(year, 1, 1).into_iter().flat_map(|first| first.iter_days());
        let count = days.take_while(|day| day.year() == year).filter(|day| self.is_workday(*day)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn count(&self, after: NaiveDate, until: NaiveDate) -> i32 {
        let days = after.iter_days().skip(1).take_while(|day| *day <= until);
        i32::try_from(days.filter(|day| self.is_workday(*day)).count()).unwrap_or(i32::MAX)
    }
}

/// Reads lines under the header `date,kind,status`; a status other than
/// `official` is a draft, and a line that begins with `#` is a remark.
pub fn overrides(csv: &str) -> Result<Vec<Override>, CalendarError> {
    if csv.lines().next().map(|line| line.trim().trim_end_matches(',')) != Some(HEADER) {
        let what = Text::new(
            format!("首行应为表头“{HEADER}”"),
            format!("the first line must be the header {HEADER}"),
        );
        return Err(CalendarError { line: 1, what });
    }
    let lines = csv.lines().enumerate().skip(1).filter(|(_, line)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    lines.map(|(index, line)| one(line).map_err(|what| CalendarError { line: index + 1, what })).collect()
}

fn one(line: &str) -> Result<Override, Text> {
    let mut fields = line.split(',').map(str::trim);
    let day = fields.next().unwrap_or_default();
    // A spreadsheet writes 2027/1/1 when it saves what it opened.
    let day = day
        .parse()
        .or_else(|_| NaiveDate::parse_from_str(day, "%Y/%m/%d"))
        .map_err(|_| Text::new("日期应写作2027-01-01", "the date must be written as 2027-01-01"))?;
    let kind = match fields.next() {
        Some("holiday") => DayKind::Holiday,
        Some("workday") => DayKind::Workday,
        _ => {
            return Err(Text::new(
                "第二列应为holiday（放假）或workday（调休上班）",
                "the second column must be holiday or workday",
            ));
        }
    };
    let status = match fields.next() {
        None | Some("") => {
            return Err(Text::new(
                "缺少第三列：official（已公布）或draft（草案）",
                "the third column is missing: official or draft",
            ));
        }
        Some("official") => DayStatus::Official,
        Some(_) => DayStatus::Draft,
    };
    Ok(Override { day, kind, status })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Calendar, Due};

    fn official() -> Calendar {
        Calendar::from_csv(include_str!("../../seed/workdays.csv")).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn due_dates_as_published() {
        let calendar = official();
        for (start, n, due) in [
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-13", 3, "2026-02-25"),
            ("2026-02-13", 5, "2026-02-27"),
            ("2026-02-11", 15, "2026-03-10"),
            ("2026-04-30", 5, "2026-05-11"),
            ("2026-09-18", 5, "2026-09-24"),
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-09-30", 3, "2026-10-10"),
            ("2025-01-24", 3, "2025-02-05"),
            ("2025-09-30", 5, "2025-10-14"),
            ("2024-09-13", 5, "2024-09-23"),
            ("2026-11-23", 5, "2026-11-30"),
            ("2026-11-23", 15, "2026-12-14"),
        ] {
            let expected = Due { date: day(due), provisional: false };
            assert_eq!(calendar.add_working_days(day(start), n), expected, "{start} + {n}");
        }
    }

    #[test]
    fn working_days_per_year() {
        let calendar = official();
        assert_eq!([2024, 2025, 2026].map(|y| calendar.working_days_in_year(y)), [251, 248, 248]);
    }

    #[test]
    fn the_working_day_before_skips_weekends_and_holidays() {
        let calendar = official();
        let before = |from: &str, n| calendar.before(day(from), n).to_string();
        assert_eq!(before("2026-11-30", 1), "2026-11-27");
        assert_eq!(before("2026-10-08", 1), "2026-09-30");
        assert_eq!(before("2026-10-12", 1), "2026-10-10", "a make-up Saturday counts");
        assert_eq!(before("2026-11-30", 0), "2026-11-30");
    }

    #[test]
    fn a_year_without_a_notice_is_provisional() {
        let due = official().add_working_days(day("2026-12-28"), 5);
        assert!(due.provisional);
        assert_eq!(due.date, day("2027-01-04"));
    }

    #[test]
    fn days_left_and_overdue() {
        let calendar = official();
        let left = |today, due| calendar.working_days_left(day(today), day(due));
        assert_eq!(left("2026-11-24", "2026-11-24"), 0);
        assert_eq!(left("2026-11-24", "2026-11-27"), 3);
        assert_eq!(left("2026-11-27", "2026-11-30"), 1, "over a weekend");
        assert_eq!(left("2026-11-30", "2026-11-27"), -1);
        assert_eq!(left("2026-11-28", "2026-11-27"), -1, "Saturday after the due Friday");
        assert_eq!(left("2026-12-02", "2026-11-27"), -3);
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = Calendar::from_csv("date,kind,status\n2026-13-01,holiday,official\n").unwrap_err();
        assert_eq!(error.line, 2);
    }

    #[test]
    fn the_header_and_the_status_must_be_there() {
        for (text, line) in
            [("2026-01-01,holiday,official\n", 1), ("", 1), ("date,kind,status\n2026-01-01,holiday\n", 2)]
        {
            assert_eq!(Calendar::from_csv(text).unwrap_err().line, line, "{text}");
        }
    }

    #[test]
    fn only_official_rows_make_a_year_official() {
        let text = "date,kind,status\n2027-01-01,holiday,draft\n2026-01-01,holiday,official\n";
        let calendar = Calendar::from_csv(text).unwrap();
        assert!(calendar.is_official(2026));
        assert!(!calendar.is_official(2027));
        assert!(!calendar.is_workday(day("2027-01-01")), "the draft still overrides its day");
    }
}
