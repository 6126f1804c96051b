//! The text of a letter: Chinese first, English below. It names the issue by its
//! number and holds nothing that an owner wrote.

use askama::Template;
use chrono::NaiveDate;
use qiyema_protocol::text::Text;

/// What a letter says.
#[derive(Debug, Template)]
#[template(path = "mail/notice.txt")]
pub struct Page<'a> {
    /// Name of the centre.
    pub centre: &'a Text,
    /// The centre's own last line.
    pub closing: &'a Text,
    /// Number of the issue.
    pub number: &'a str,
    /// What happened and what to do.
    pub words: Text,
    /// The limit in question.
    pub clock: Option<Text>,
    /// Promised day.
    pub due: Option<NaiveDate>,
    /// The issue in the console.
    pub link: String,
}

impl Page<'_> {
    /// The first line.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("[{}] {} · {}", self.number, self.words.zh, self.words.en)
    }

    /// The text.
    pub fn body(&self) -> Result<String, askama::Error> {
        self.render()
    }
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{clocks::ClockKind, text::Text};

    use super::Page;
    use crate::domain::{clocks::Limits, event::Kind, notice};

    #[test]
    fn a_letter_says_what_to_do_in_both_languages() {
        let centre = Text::new("湖州市企业综合服务中心", "Huzhou Enterprise Service Centre");
        let page = Page {
            centre: &centre,
            closing: &Text::new("请在24小时内处理。", ""),
            number: "2026112300017",
            words: notice::words(Kind::Reminded, &Limits::default()),
            clock: Some(notice::clock_name(ClockKind::Close)),
            due: "2026-11-30".parse().ok(),
            link: "https://qy.example.cn/console/issues/2026112300017".into(),
        };
        assert_eq!(page.subject(), "[2026112300017] 催办：请尽快办理 · Reminder: act soon");
        insta::assert_snapshot!(page.body().unwrap(), @r"
        催办：请尽快办理

        问题编号：2026112300017
        时限：办结
        承诺办结：2026年11月30日

        Reminder: act soon

        Issue: 2026112300017
        Limit: closing
        Promised: 2026-11-30

        https://qy.example.cn/console/issues/2026112300017

        请在24小时内处理。

        -- 
        湖州市企业综合服务中心 · Huzhou Enterprise Service Centre
        ");
    }
}
