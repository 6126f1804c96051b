//! A refusal inside the console: what happened, what to do, the number to quote.

use askama::Template;
use qiyema_protocol::problem::Problem;

use super::frame::Frame;
use crate::web::words::{Words, console::facts};

/// The page of a problem.
#[derive(Debug)]
pub struct ConsoleNotice<'a> {
    /// The frame.
    pub frame: Frame,
    /// The problem.
    pub problem: &'a Problem,
    /// Where to go back to.
    pub back: String,
}

impl ConsoleNotice<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, p) = (self.frame.lang, self.problem);
        NoticeHtml {
            f: &self.frame,
            title: Words::of(lang.code()).notice(&p.code).0,
            sentence: lang.say(&p.detail),
            wait: p.retry_after.map(self.frame.w.wait),
            fields: p.errors.iter().map(|e| (facts::name(lang, &e.field), lang.say(&e.detail))).collect(),
            id: p.request_id.as_deref(),
            back: &self.back,
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "console/notice.html")]
struct NoticeHtml<'a> {
    f: &'a Frame,
    title: &'a str,
    sentence: &'a str,
    wait: Option<String>,
    fields: Vec<(&'a str, &'a str)>,
    id: Option<&'a str>,
    back: &'a str,
}
