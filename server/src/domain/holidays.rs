//! Files of a yearly notice: our CSV (`date,kind,status`), or the common holiday
//! JSON (`{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use chrono::{Datelike, NaiveDate};
use qiyema_protocol::text::Text;
use serde::Deserialize;

use super::calendar::{self, Calendar, CalendarError, DayKind, DayStatus, HEADER, Override};

/// Working days of any year that a notice can make.
const PLAUSIBLE: std::ops::RangeInclusive<u32> = 235..=262;

/// What a file says: whole years, in place of what was known of them, and single
/// days beside them (a notice may call up the last Sunday of December).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Years that the file is about.
    pub years: BTreeSet<i32>,
    /// All its days, by date.
    pub days: Vec<Override>,
}

#[derive(Deserialize)]
struct Json {
    year: i32,
    days: Vec<JsonDay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonDay {
    date: NaiveDate,
    is_off_day: bool,
}

/// Reads either kind of file.
pub fn read(text: &str) -> Result<Notice, CalendarError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let (years, days) = if text.starts_with('{') {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| CalendarError { line: error.line(), what: not_ours() })?;
        let day = |day: &JsonDay| Override {
            day: day.date,
            kind: if day.is_off_day { DayKind::Holiday } else { DayKind::Workday },
            status: DayStatus::Official,
        };
        (BTreeSet::from([json.year]), json.days.iter().map(day).collect())
    } else {
        let days = calendar::overrides(text)?;
        (days.iter().map(|one| one.day.year()).collect::<BTreeSet<_>>(), days)
    };
    check(years, days)
}

fn not_ours() -> Text {
    Text::new(
        "不是放假安排的JSON，应含year和days，每天含date和isOffDay",
        "this is no holiday JSON: it needs year and days, each day with date and isOffDay",
    )
}

fn check(years: BTreeSet<i32>, days: Vec<Override>) -> Result<Notice, CalendarError> {
    let whole = |zh: String, en: String| CalendarError { line: 1, what: Text::new(zh, en) };
    if days.is_empty() {
        return Err(whole("文件中没有任何日期".to_owned(), "there is no day in it".to_owned()));
    }
    let mut known: BTreeMap<NaiveDate, Override> = BTreeMap::new();
    for day in days {
        let year = day.day.year();
        if !(2000..=2100).contains(&year) || !years.iter().any(|about| (about - year).abs() <= 1) {
            let day = day.day;
            return Err(whole(
                format!("{day}不属于文件所述年份，请核对日期"),
                format!("{day} is not in the year of the file; check the date"),
            ));
        }
        if known.insert(day.day, day).is_some() {
            let day = day.day;
            return Err(whole(
                format!("{day}出现了两次，请删去一行"),
                format!("{day} stands in it twice; delete one"),
            ));
        }
    }
    let calendar = Calendar::new(known.values().copied());
    for year in &years {
        let count = calendar.working_days_in_year(*year);
        if !PLAUSIBLE.contains(&count) {
            return Err(whole(
                format!("按此文件{year}年将有{count}个工作日，不合常理，请核对是否缺行"),
                format!("{year} would have {count} working days, which cannot be; check for missing lines"),
            ));
        }
    }
    Ok(Notice { years, days: known.into_values().collect() })
}

impl Notice {
    /// All overrides once the notice is taken.
    #[must_use]
    pub fn over(&self, before: &[Override]) -> Vec<Override> {
        let said: BTreeSet<NaiveDate> = self.days.iter().map(|one| one.day).collect();
        let kept =
            before.iter().filter(|one| !self.years.contains(&one.day.year()) && !said.contains(&one.day));
        let mut all: Vec<Override> = kept.copied().chain(self.days.iter().copied()).collect();
        all.sort_by_key(|one| one.day);
        all
    }
}

/// A file to fill in for a year: the headings, what to write, and as remarks the days of the year before as they
/// were written. Taken as it is, it is refused, because no day is in it: a year is never official by mistake.
#[must_use]
pub fn template(year: i32, before: &[Override]) -> String {
    let last = year - 1;
    let mut text = format!(
        "{HEADER}\n\
         # {year}年放假安排：一行一天，写在下面，按国务院办公厅通知填写。\n\
         # One line a day of {year}, as the notice of the State Council has it.\n\
         # 第一列是日期。第二列：放假写 holiday，周末调休上班写 workday。第三列写 official（已公布）。\n\
         # Column 2: holiday, or workday for a weekend that is worked. Column 3: official.\n\
         # 放假的每一天都写；平常的周末和平常的工作日不写。#开头的行不会被读取。\n\
         # Every day off that is a holiday; no common weekend, no common working day. Lines with # are not read.\n\
         # {last}年是这样写的，可以删去#和空格，改成{year}年的日期：\n\
         # So {last} was written; take away # and blank, and put in the days of {year}:\n"
    );
    for one in before.iter().filter(|one| one.day.year() == last) {
        let kind = if one.kind == DayKind::Holiday { "holiday" } else { "workday" };
        let _ = writeln!(text, "# {},{kind},official", one.day);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{read, template};
    use crate::domain::calendar::{Calendar, overrides};

    const SHIPPED: &str = include_str!("../../seed/workdays.csv");

    #[test]
    fn the_shipped_years_are_read_as_they_are() {
        let notice = read(SHIPPED).unwrap();
        assert_eq!(notice.years.into_iter().collect::<Vec<_>>(), [2024, 2025, 2026]);
    }

    #[test]
    fn a_holiday_file_replaces_its_year_and_adds_a_day_beside_it() {
        let json = r#"{"year":2027,"days":[
            {"name":"元旦","date":"2027-01-01","isOffDay":true},
            {"name":"元旦","date":"2026-12-27","isOffDay":false},
            {"name":"春节","date":"2027-02-08","isOffDay":true}]}"#;
        let before = overrides(&format!("{SHIPPED}2027-01-04,holiday,draft\n")).unwrap();
        let after = Calendar::new(read(json).unwrap().over(&before));
        let workday = |text: &str| after.is_workday(text.parse().unwrap());
        assert!(after.is_official(2027) && after.is_official(2026));
        assert!(!workday("2027-01-01") && workday("2026-12-27") && !workday("2027-02-08"));
        assert!(workday("2027-01-04"), "the draft is gone");
        assert!(!workday("2026-10-01"), "other years stay");
    }

    #[test]
    fn a_template_is_refused_until_days_are_in_it_and_may_come_from_a_spreadsheet() {
        let empty = template(2027, &overrides(SHIPPED).unwrap());
        assert!(empty.contains("# 2026-10-10,workday,official") && !empty.contains("2025-"), "{empty}");
        assert!(read(&empty).unwrap_err().what.en.contains("no day"));
        let filled = empty.replace("# 2026-10-", "2027/10/").replace('\n', "\r\n");
        let filled = filled.replace("date,kind,status", "\u{feff}date,kind,status,,");
        let notice = read(&filled).unwrap();
        assert_eq!((notice.years.len(), notice.days.len()), (1, 8), "{notice:?}");
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        for (bad, says) in [
            ("", "header"),
            ("{", "no holiday JSON"),
            (r#"{"year":2027,"days":[]}"#, "no day"),
            (r#"{"year":2027,"days":[{"date":"2031-01-01","isOffDay":true}]}"#, "not in the year"),
            ("date,kind,status\n2027-01-01,holiday,official\n2027-01-01,holiday,official\n", "twice"),
        ] {
            let error = read(bad).unwrap_err();
            assert!(error.what.en.contains(says), "{bad}: {error}");
        }
        let mut long = String::from("date,kind,status\n");
        for day in 1..=28 {
            long.extend([format!("2027-03-{day:02},holiday,official\n2027-04-{day:02},holiday,official\n")]);
        }
        assert!(read(&long).unwrap_err().what.en.contains("working days"));
    }
}
