//! The place kept for the staff console: what will be there, and what works today.

use askama::Template;

use super::STYLE;
use crate::web::words::Words;

/// `GET /console`.
#[derive(Debug)]
pub struct ConsolePage {
    /// The language.
    pub words: &'static Words,
}

impl ConsolePage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        ConsoleHtml { w: self.words, style: STYLE, care: false }.render()
    }

    /// A page to look at.
    #[must_use]
    pub const fn sample(words: &'static Words) -> Self {
        Self { words }
    }
}

#[derive(Template)]
#[template(path = "console.html")]
struct ConsoleHtml {
    w: &'static Words,
    style: &'static str,
    care: bool,
}
