//! How a page looks to whoever opens it: language and size.

use actix_web::{HttpRequest, http::header};
use serde::Deserialize;

use super::words::{Words, lang::Lang};

/// The cookie that remembers it.
pub const COOKIE: &str = "qiyema_view";

/// What a page is asked for.
#[derive(Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names of the query say it")]
pub struct Ask {
    pub page: Option<u32>,
    pub lang: Option<String>,
    pub care: Option<String>,
    pub done: Option<String>,
}

/// Language and size: asked for, else remembered, else what the browser prefers.
#[derive(Clone, Copy)]
pub struct View {
    /// The language.
    pub words: &'static Words,
    /// Large type.
    pub care: bool,
}

impl View {
    /// Of a request and what it asks for.
    #[must_use]
    pub fn of(request: &HttpRequest, ask: &Ask) -> Self {
        let kept = request.cookie(COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        let list = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let accepted = list.and_then(Lang::accepted).map(Lang::code);
        let remembered = kept.split('.').next().filter(|lang| !lang.is_empty());
        let lang = ask.lang.as_deref().or(remembered).or(accepted).unwrap_or("zh");
        let care =
            ask.care.as_deref().map_or_else(|| kept.split('.').nth(1) == Some("care"), |care| care == "1");
        Self { words: Words::of(lang), care }
    }

    /// The board's address in this language and size, for browsers that keep no cookies.
    #[must_use]
    pub fn path(self, request: &HttpRequest) -> String {
        self.place(request, "")
    }

    /// An address below the board's.
    #[must_use]
    pub fn place(self, request: &HttpRequest, below: &str) -> String {
        let seal = request.match_info().get("seal").unwrap_or_default();
        format!("/c/{seal}{below}?lang={}&care={}", self.words.code, u8::from(self.care))
    }

    /// The cookie's value.
    #[must_use]
    pub fn remember(self) -> String {
        format!("{}{}", self.words.code, if self.care { ".care" } else { "" })
    }
}
