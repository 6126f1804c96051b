//! A refusal as a page: what happened, what to do now, and the number to quote.

use askama::Template;
use qiyema_protocol::{problem::Problem, text::Text};

use super::STYLE;
use crate::web::words::Words;

/// The page of a problem.
#[derive(Debug, Clone)]
pub struct NoticePage {
    /// The language.
    pub words: &'static Words,
    /// Heading.
    pub title: &'static str,
    /// What happened.
    pub sentence: String,
    /// What to do now.
    pub advice: String,
    /// Fields that were not acceptable: name and what it needs.
    pub fields: Vec<(String, String)>,
    /// The number to quote.
    pub request_id: Option<String>,
    /// Where to go back to, where the caller knows it.
    pub back: Option<String>,
}

impl NoticePage {
    /// The page of this problem; every code has a heading and an advice.
    #[must_use]
    pub fn of(problem: &Problem, words: &'static Words) -> Self {
        let kind = words.notice(&problem.code);
        let advice = problem.retry_after.map_or_else(|| kind.1.to_owned(), words.wait);
        let fields = problem.errors.iter().map(|e| (e.field.clone(), words.say(&e.detail).to_owned()));
        Self {
            words,
            title: kind.0,
            sentence: words.say(&problem.detail).to_owned(),
            advice,
            fields: fields.collect(),
            request_id: problem.request_id.clone(),
            back: None,
        }
    }

    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        NoticeHtml { w: self.words, style: STYLE, care: false, n: self }.render()
    }
}

/// A problem to look at.
#[must_use]
pub fn sample() -> Problem {
    Problem {
        kind: "urn:qiyema:problem:code_revoked".into(),
        title: "Code revoked".into(),
        status: 410,
        code: "code_revoked".into(),
        detail: Text::new(
            "该二维码已停用，请向企业服务专员重新申领。",
            "This code was revoked; please ask for a new one.",
        ),
        request_id: Some("019ab1c2-7d3e-7f00-8a11-5b6c7d8e9f00".into()),
        errors: Vec::new(),
        retry_after: None,
        legal: Vec::new(),
        version: None,
        changes: Vec::new(),
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticeHtml<'a> {
    w: &'static Words,
    style: &'static str,
    care: bool,
    n: &'a NoticePage,
}
