//! The audit trail.

use askama::Template;
use chrono_tz::Tz;
use qiyema_protocol::problem::FieldProblem;

use super::{frame::Frame, issues::Pick};
use crate::{
    actions::audit::{Page, Record},
    web::words::console::{facts, issue as said, list::ListWords, registers::RegisterWords},
};

/// The page.
#[derive(Debug, Clone)]
pub struct AuditPage {
    /// The frame.
    pub frame: Frame,
    /// Records, and the names of what they name.
    pub page: Page,
    /// What of the filter cannot be read.
    pub faults: Vec<FieldProblem>,
    /// What the filter holds: number, user name, days.
    pub number: String,
    /// User name.
    pub username: String,
    /// First day.
    pub from: String,
    /// Last day, which is included.
    pub to: String,
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
        let rows = self.page.records.iter().map(|record| Row {
            at: record.at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S").to_string(),
            by: facts::writer(lang, &record.by),
            what: said::event_of(lang, record.kind, &record.facts()),
            details: facts::details(lang, self.zone, &self.page.names, &record.detail),
            record,
        });
        AuditHtml {
            f: &self.frame,
            w: RegisterWords::of(lang),
            l: ListWords::of(lang),
            p: self,
            faults: self
                .faults
                .iter()
                .map(|fault| (self.label(&fault.field), lang.say(&fault.detail)))
                .collect(),
            rows: rows.collect(),
        }
        .render()
    }

    /// What a field of the filter is called.
    fn label(&self, field: &str) -> &'static str {
        let w = RegisterWords::of(self.frame.lang);
        match field {
            "number" => w.number,
            "username" => w.username,
            "kind" => w.kind,
            "day" => w.day,
            "from" => w.from,
            "to" => w.to,
            _ => "",
        }
    }

    /// Whether something is wrong with a field of the filter.
    fn wrong(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }
}

/// A record in words.
struct Row<'a> {
    at: String,
    by: &'a str,
    what: String,
    details: String,
    record: &'a Record,
}

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditHtml<'a> {
    f: &'a Frame,
    w: &'static RegisterWords,
    l: &'static ListWords,
    p: &'a AuditPage,
    faults: Vec<(&'static str, &'a str)>,
    rows: Vec<Row<'a>>,
}
