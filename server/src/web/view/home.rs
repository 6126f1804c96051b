//! The front page of the host: what this is, for whoever opens it without a code.

use askama::Template;
use qiyema_protocol::{board::Centre, text::Text};

use super::STYLE;
use crate::web::words::Words;

/// `GET /`.
#[derive(Debug)]
pub struct HomePage<'a> {
    /// The language.
    pub words: &'static Words,
    /// Who answers for the codes.
    pub centre: &'a Centre,
    /// Its own words below the name.
    pub lead: &'a Text,
    /// The public address, without a slash at the end.
    pub base_url: &'a str,
}

impl HomePage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        HomeHtml {
            w: self.words,
            style: STYLE,
            care: false,
            centre: self.words.say(&self.centre.name),
            lead: self.words.say(self.lead),
            phone: &self.centre.phone,
            base_url: self.base_url,
        }
        .render()
    }
}

/// A centre to look at.
#[must_use]
pub fn sample() -> Centre {
    Centre {
        name: Text::new("湖州市企业综合服务中心", "Huzhou Enterprise Service Centre"),
        phone: "0572-12345".into(),
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomeHtml<'a> {
    w: &'static Words,
    style: &'static str,
    care: bool,
    centre: &'a str,
    lead: &'a str,
    phone: &'a str,
    base_url: &'a str,
}
