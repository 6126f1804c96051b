//! The audit trail.

use askama::Template;
use chrono_tz::Tz;

use super::{frame::Frame, issues::Pick};
use crate::{
    actions::audit::Record,
    web::words::{
        console::{issue as said, list::ListWords, registers::RegisterWords},
        lang::Lang,
    },
};

/// The page.
#[derive(Debug, Clone)]
pub struct AuditPage {
    /// The frame.
    pub frame: Frame,
    /// Records.
    pub records: Vec<Record>,
    /// What the filter holds: number, user name, day.
    pub number: String,
    /// User name.
    pub username: String,
    /// Day.
    pub day: String,
    /// Kind.
    pub kind: Pick,
    /// The query without the page's key.
    pub query: String,
    /// Key of the next page.
    pub next: Option<String>,
    /// This is not the first page.
    pub later: bool,
    /// Zone of times.
    pub zone: Tz,
}

impl AuditPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let rows = self.records.iter().map(|record| {
            let at = record.at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S").to_string();
            (at, said::event(lang, record.kind), details(lang, &record.detail), record)
        });
        AuditHtml {
            f: &self.frame,
            w: RegisterWords::of(lang),
            l: ListWords::of(lang),
            i: said::IssueWords::of(lang),
            p: self,
            rows: rows.collect(),
        }
        .render()
    }
}

/// The facts of a record, readable; nothing for an empty one.
#[must_use]
pub fn details(lang: Lang, json: &str) -> String {
    let facts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let said = |(key, value): (&String, &serde_json::Value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        format!("{}: {text}", said::detail(lang, key))
    };
    facts.iter().filter(|(_, value)| !value.is_null()).map(said).collect::<Vec<_>>().join(" · ")
}

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditHtml<'a> {
    f: &'a Frame,
    w: &'static RegisterWords,
    l: &'static ListWords,
    i: &'static said::IssueWords,
    p: &'a AuditPage,
    rows: Vec<(String, String, String, &'a Record)>,
}
