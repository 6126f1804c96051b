//! The home page.

use askama::Template;

use super::frame::Frame;
use crate::web::words::lang::Lang;

/// The page.
#[derive(Debug, Clone)]
pub struct HomePage {
    /// The frame.
    pub frame: Frame,
}

impl HomePage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        HomeHtml { f: &self.frame }.render()
    }

    /// A page to look at.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        Self { frame: Frame::sample(lang, "/console") }
    }
}

#[derive(Template)]
#[template(path = "console/home.html")]
struct HomeHtml<'a> {
    f: &'a Frame,
}
