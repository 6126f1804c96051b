//! The page of the inbox.

use askama::Template;
use chrono_tz::Tz;
use qiyema_protocol::webhooks::{Inbox, NoticeView};

use super::frame::Frame;
use crate::{
    domain::{clocks::Limits, event::Kind, notice},
    web::words::{console::inbox::InboxWords, lang::Lang},
};

/// The page.
#[derive(Debug, Clone)]
pub struct InboxPage {
    /// The frame.
    pub frame: Frame,
    /// What it shows.
    pub inbox: Inbox,
    /// Not the first page.
    pub later: bool,
    /// A notice was opened whose issue is another unit's now.
    pub gone: bool,
    /// Local time.
    pub zone: Tz,
}

/// One line.
struct Line<'a> {
    id: &'a str,
    number: &'a str,
    subject: &'a str,
    words: &'a str,
    at: String,
    machine: String,
    unread: bool,
}

impl InboxPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let line = |one: &'_ NoticeView| {
            let local = one.at.with_timezone(&self.zone);
            (local.format(lang.pick("%-m月%-d日 %H:%M", "%-d %b %H:%M")).to_string(), one.at.to_rfc3339())
        };
        let lines = self
            .inbox
            .notices
            .iter()
            .map(|one| {
                let (at, machine) = line(one);
                Line {
                    id: &one.id,
                    number: &one.number,
                    subject: &one.subject,
                    words: lang.say(&one.words),
                    at,
                    machine,
                    unread: one.unread,
                }
            })
            .collect();
        InboxHtml {
            f: &self.frame,
            w: InboxWords::of(lang),
            lines,
            unread: self.inbox.unread,
            until: self.inbox.notices.first().map_or("", |first| &first.id),
            next: self.inbox.next.as_deref(),
            later: self.later,
            gone: self.gone,
        }
        .render()
    }

    /// A page to look at.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let one = |id: &str, kind: Kind, subject: &str, minutes: i64, unread| NoticeView {
            id: id.to_owned(),
            number: format!("Q2026112500{id}"),
            subject: subject.to_owned(),
            kind: String::new(),
            words: notice::words(kind, &Limits::default()),
            at: chrono::DateTime::from_timestamp(1_795_570_000 - minutes * 60, 0).unwrap_or_default(),
            unread,
        };
        let notices = vec![
            one("17", Kind::Assigned, "厂区变压器频繁跳闸", 0, true),
            one("12", Kind::Reminded, "临街店面油烟扰民整改期限", 42, true),
            one("08", Kind::Reported, "员工集体户口迁入", 1300, false),
        ];
        let frame = Frame::sample(lang, "/console/inbox");
        let inbox = Inbox { notices, unread: 2, next: None };
        Self { frame, inbox, later: false, gone: false, zone: chrono_tz::Asia::Shanghai }
    }
}

#[derive(Template)]
#[template(path = "console/inbox.html")]
struct InboxHtml<'a> {
    f: &'a Frame,
    w: &'static InboxWords,
    lines: Vec<Line<'a>>,
    unread: u32,
    until: &'a str,
    next: Option<&'a str>,
    later: bool,
    gone: bool,
}
