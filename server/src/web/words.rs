//! The words of the pages, in both languages: a missing text does not compile.
//! Chinese is `zh`, English is `en`; nothing here knows HTML.

pub mod console;
mod en;
pub mod lang;
pub mod owner;
pub mod receipt;
mod zh;

use chrono::NaiveDate;
use qiyema_protocol::text::Text;

/// Every fixed text of the pages.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct Words {
    pub tag: &'static str,
    pub code: &'static str,
    pub other_tag: &'static str,
    pub other_code: &'static str,
    pub other_lang: &'static str,
    pub brand: &'static str,
    pub title: &'static str,
    pub verified: &'static str,
    pub view: &'static str,
    pub care_on: &'static str,
    pub care_off: &'static str,
    pub open_count: &'static str,
    pub closed_count: &'static str,
    pub receipt: &'static str,
    pub receipt_check: &'static str,
    pub receipt_help: &'static str,
    pub empty: &'static str,
    pub call: &'static str,
    pub who: &'static str,
    pub office: &'static str,
    pub person: &'static str,
    pub unassigned: &'static str,
    pub how_far: &'static str,
    pub progress: &'static str,
    pub updated: &'static str,
    pub when: &'static str,
    pub promised: &'static str,
    pub closed_on: (&'static str, &'static str),
    pub result: &'static str,
    pub unpromised: &'static str,
    pub never_rejected: &'static str,
    pub never_withdrawn: &'static str,
    pub never_merged: &'static str,
    pub supplement_by: fn(&str, bool) -> String,
    pub accept_by: fn(&str, bool) -> String,
    pub accept_over: &'static str,
    pub yours: &'static str,
    pub provisional: &'static str,
    pub expected: &'static str,
    pub extended: &'static str,
    pub extended_from: &'static str,
    pub reason: &'static str,
    pub normal: &'static str,
    pub due_today: &'static str,
    pub overdue: &'static str,
    pub closed: &'static str,
    pub paused: &'static str,
    pub round: &'static str,
    pub pressing: &'static str,
    pub pressed: [&'static str; 4],
    pub review: &'static str,
    pub first_contact: &'static str,
    pub conference: &'static str,
    pub rectification: &'static str,
    pub contacted: &'static str,
    pub fixed: &'static str,
    pub comma: &'static str,
    pub second_rated: &'static str,
    pub rectification_rated: &'static str,
    pub rate_rectification: &'static str,
    pub owner_rated: &'static str,
    pub called_back: &'static str,
    pub called_back_see: &'static str,
    pub called_back_help: &'static str,
    pub unverified_rated: &'static str,
    pub not_counted: &'static str,
    pub good: &'static str,
    pub bad: &'static str,
    pub rate: &'static str,
    pub free: &'static str,
    pub rate_until: &'static str,
    pub unrated: &'static str,
    pub rate_as_scan: &'static str,
    pub more: &'static str,
    pub level: &'static str,
    pub solved: &'static str,
    pub tags: &'static str,
    pub comment: &'static str,
    pub submit: &'static str,
    pub details: &'static str,
    pub subject: &'static str,
    pub reply: &'static str,
    pub history: &'static str,
    pub paging: &'static str,
    pub prev: &'static str,
    pub next: &'static str,
    pub pin_title: &'static str,
    pub pin: &'static str,
    pub pin_send: &'static str,
    pub owner_title: &'static str,
    pub owner_why: &'static str,
    pub forget: &'static str,
    pub code_id: &'static str,
    pub key: &'static str,
    pub issued: &'static str,
    pub as_of: &'static str,
    pub follows: &'static str,
    pub flash_rated_unverified: &'static str,
    pub flash_pin_ok: &'static str,
    pub flash_pin_wrong: &'static str,
    pub flash_forgotten: &'static str,
    pub flash_already: &'static str,
    pub request_id: &'static str,
    pub back: &'static str,
    pub home_who: &'static str,
    pub home_how: &'static str,
    pub home_when: &'static str,
    pub home_how_title: &'static str,
    pub home_scan: &'static str,
    pub home_check: &'static str,
    pub home_rate: &'static str,
    pub home_links: &'static str,
    pub home_docs: &'static str,
    pub home_console: &'static str,
    pub steps: [&'static str; 5],
    pub levels: [(&'static str, &'static str); 5],
    pub solved_choices: [(&'static str, &'static str); 3],
    /// Lamp of an issue due in so many working days.
    pub soon: fn(u32) -> String,
    /// So many working days are left.
    pub left: fn(u32) -> String,
    /// Late by so many working days.
    pub over: fn(u32) -> String,
    /// Late by so many hours; 0 is less than one.
    pub over_hours: fn(u32) -> String,
    /// Try again after so many seconds.
    pub wait: fn(u64) -> String,
    /// Page so many of so many.
    pub page_of: fn(u32, u32) -> String,
    /// Handled for the so-manieth time.
    pub nth: fn(u32) -> String,
    /// A conference is planned for this day, or was and the day is over.
    pub planned: fn(&str, bool) -> String,
    /// It was held on this day.
    pub held: fn(&str) -> String,
    /// This unit does what was settled by this day, or was to and the day is over.
    pub settled: fn(&str, &str, bool) -> String,
    /// The unit got in touch at this moment.
    pub reached: fn(&str) -> String,
    /// It is to get in touch before this moment, or should have and has not.
    pub reach_by: fn(&str, bool) -> String,
    /// The enterprise is contacted by this day, or should have been and was not.
    pub contact_by: fn(&str, bool) -> String,
    /// It is put right by this day, or should have been and was not.
    pub fix_by: fn(&str, bool) -> String,
    /// That is checked by this day, or should have been and was not.
    pub check_by: fn(&str, bool) -> String,
    /// The enterprise was contacted on this day.
    pub contacted_on: fn(&str) -> String,
    /// It was put right on this day.
    pub fixed_on: fn(&str) -> String,
    /// A deferral is reviewed on this day, or should have been and was not.
    pub review_on: fn(&str, bool) -> String,
    /// A second rating may be added until this day.
    pub rate_again: fn(&str) -> String,
    /// A day, with its weekday.
    pub day: fn(NaiveDate) -> String,
    /// Heading and advice for a problem code.
    notices: fn(&str) -> (&'static str, &'static str),
}

impl Words {
    /// The words of a language; Chinese for any other than `en…`.
    #[must_use]
    pub fn of(lang: &str) -> &'static Self {
        if lang.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("en")) { &en::EN } else { &zh::ZH }
    }

    /// A text of the board in this language.
    #[must_use]
    pub fn say<'a>(&self, text: &'a Text) -> &'a str {
        if self.code == "zh" { &text.zh } else { &text.en }
    }

    /// Heading and advice for a problem code.
    #[must_use]
    pub fn notice(&self, code: &str) -> (&'static str, &'static str) {
        (self.notices)(code)
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn whoever_does_not_ask_for_english_reads_chinese() {
        for lang in ["", "e", "zh", "zh-CN", "fr", "企业"] {
            assert_eq!(Words::of(lang).tag, "zh-CN", "{lang}");
        }
        for lang in ["en", "en-GB", "EN"] {
            assert_eq!(Words::of(lang).tag, "en", "{lang}");
        }
    }

    #[test]
    fn days_are_counted_in_words() {
        assert_eq!((Words::of("zh").over)(2), "已超期2个工作日");
        assert_eq!((Words::of("zh").soon)(1), "临期（剩余1个工作日）");
        assert_eq!((Words::of("en").left)(1), "1 working day left");
        assert_eq!((Words::of("en").over)(2), "2 working days overdue");
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
        assert_eq!((Words::of("zh").day)(day), "2026年3月10日（周二）");
        assert_eq!((Words::of("en").day)(day), "Tue 10 Mar 2026");
    }
}
