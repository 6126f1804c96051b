//! The page of the webhooks.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use qiyema_protocol::{
    problem::FieldProblem,
    webhooks::{DeliveryView, WebhookView},
};

use super::{
    form::{Choice, Field, Form, Kind},
    frame::Frame,
    sheet::{Cell, Part, Sheet, Table, Tone},
};
use crate::{
    store::columns::{unword, word},
    web::words::{
        console::{
            issue as said,
            webhooks::{self as words, WebhookWords, why},
        },
        lang::Lang,
    },
};

/// The page.
#[derive(Debug, Clone)]
pub struct WebhooksPage {
    /// The frame.
    pub frame: Frame,
    /// Who is told.
    pub webhooks: Vec<WebhookView>,
    /// May the reader change them?
    pub may_change: bool,
    /// What was typed, and what is wrong with it.
    pub typed: (Vec<(String, String)>, Vec<FieldProblem>),
    /// Name and secret of the one that was just made.
    pub made: Option<(String, String)>,
}

impl WebhooksPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, w) = (self.frame.lang, WebhookWords::of(self.frame.lang));
        let mut form = Form::new(lang, &self.frame.csrf, "/console/webhooks", w.add)
            .with(Field::line("name", w.name).most(60))
            .with(Field::line("url", w.url).help(w.url_help).most(500));
        for (place, (heading, kinds)) in words::offered(lang).into_iter().enumerate() {
            let choices = kinds
                .into_iter()
                .map(|kind| Choice::new(word(kind).unwrap_or_default(), said::event(lang, kind)));
            let field = Field::new(Kind::Checks, "kinds", format!("{} · {heading}", w.kinds));
            let field = if place == 0 { field.help(w.kinds_help) } else { field };
            form = form.with(field.choices(choices.collect()));
        }
        let form = form.typed(&self.typed.0).faults(&self.typed.1);
        let rows = self.webhooks.iter().map(|hook| Row {
            hook,
            kinds: words::kinds(lang, &hook.kinds),
            latest: latest(lang, hook),
            links: words::links(lang, hook),
        });
        WebhooksHtml {
            f: &self.frame,
            w,
            rows: rows.collect(),
            form: if self.may_change { form.html()? } else { String::new() },
            made: self.made.as_ref(),
        }
        .render()
    }

    /// A page to look at.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let one = |id: &str, name: &str, kinds: &[&str], given_up, paused: bool| WebhookView {
            id: id.to_owned(),
            name: name.to_owned(),
            url: format!("https://{id}.example.cn/qiyema"),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            made_by: "系统管理员".to_owned(),
            wants_links: false,
            links: None,
            made_at: chrono::DateTime::default(),
            paused_at: paused.then(chrono::DateTime::default),
            waiting: 2,
            given_up,
            latest: (given_up > 0).then(|| delivery(0, Some("answered_503"))),
        };
        let webhooks = vec![
            one("city", "市级涉企问题平台", &[], 0, false),
            one("bi", "Statistics", &["closed", "rated"], 3, true),
        ];
        let frame = Frame::sample(lang, "/console/webhooks");
        let made = Some((
            "市级涉企问题平台".to_owned(),
            "whsec_c2FtcGxlLXNhbXBsZS1zYW1wbGUtc2FtcGxlLXM=".to_owned(),
        ));
        Self { frame, webhooks, may_change: true, typed: (Vec::new(), Vec::new()), made }
    }
}

/// One system, and what became of its messages.
#[derive(Debug, Clone)]
pub struct WebhookPage {
    /// The frame.
    pub frame: Frame,
    /// The system.
    pub hook: WebhookView,
    /// Its latest messages.
    pub deliveries: Vec<DeliveryView>,
    /// May the reader send?
    pub may_change: bool,
    /// May the reader say whether it carries links to rate?
    pub may_allow: bool,
    /// Zone of times.
    pub zone: Tz,
}

impl WebhookPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (lang, w) = (self.frame.lang, WebhookWords::of(self.frame.lang));
        let moment = |at: DateTime<Utc>| at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S").to_string();
        let place = format!("/console/webhooks/{}", self.hook.id);
        let mut rows = Vec::new();
        for one in &self.deliveries {
            let (text, tone, why) = outcome(lang, one);
            let kind = if one.kind == "test" {
                w.test_kind.to_owned()
            } else {
                unword(&one.kind).map_or_else(|_| one.kind.clone(), |kind| said::event(lang, kind))
            };
            let mut row = vec![
                Cell::text(moment(one.at)).small(&one.id),
                Cell::text(kind),
                Cell::badge(text, tone).small(why),
                Cell::number(&one.tries),
                Cell::text(one.next_try_at.map(moment).unwrap_or_default()),
            ];
            if self.may_change {
                row.push(if one.delivered_at.is_some() {
                    Cell::text("")
                } else {
                    let action = format!("{place}/deliveries/{}/retry", one.id);
                    let id = format!("retry-{}", one.id);
                    Cell::form(&Form::new(lang, &self.frame.csrf, action, w.retry).id(id))?
                });
            }
            rows.push(row);
        }
        let mut heads = [w.when, w.kind, w.outcome, w.tries, w.next_try].map(ToOwned::to_owned).to_vec();
        heads.extend(self.may_change.then(|| w.retry.to_owned()));
        let state = if self.hook.paused_at.is_some() { w.paused } else { w.active };
        let (stands, carries, said) = words::links(lang, &self.hook);
        let said = said.map(|(by, at)| format!(" · {by} · {}", moment(at))).unwrap_or_default();
        let facts = [
            (w.url, self.hook.url.clone()),
            (w.kinds, words::kinds(lang, &self.hook.kinds)),
            (w.made_by, format!("{} · {}", self.hook.made_by, moment(self.hook.made_at))),
            (w.links, format!("{stands}{said}")),
            (w.state, state.to_owned()),
            (w.waiting, self.hook.waiting.to_string()),
            (w.given_up, self.hook.given_up.to_string()),
        ];
        let mut sheet = Sheet::new(self.frame.clone(), &self.hook.name)
            .up("/console/webhooks", w.title)
            .with(Part::Facts(facts.map(|(name, text)| (name.to_owned(), text)).to_vec()));
        if self.may_change {
            let test = Form::new(lang, &self.frame.csrf, format!("{place}/tests"), w.test).id("test");
            let renew = Form::new(lang, &self.frame.csrf, format!("{place}/secret"), w.renew).id("renew");
            sheet = sheet.form(w.test, w.none_yet_lead, &test)?.form(w.secret, w.renew_lead, &renew)?;
        }
        if self.may_allow && (carries || self.hook.wants_links) {
            let (button, lead, word) =
                if carries { (w.withdraw, w.withdraw_lead, "no") } else { (w.allow, w.links_lead, "yes") };
            let mut form = Form::new(lang, &self.frame.csrf, format!("{place}/links"), button)
                .id("links")
                .with(Field::hidden("allowed", word));
            form.danger = carries;
            sheet = sheet.form(w.links, lead, &form)?;
        }
        sheet
            .with(Part::Heading(w.messages.to_owned()))
            .with(Part::Note(w.messages_lead.to_owned()))
            .with(Part::Table(Table { heads, rows, empty: w.none_yet.to_owned() }))
            .render()
    }
}

/// An outcome: the word, how it is meant, and why.
type Outcome = (&'static str, Tone, String);

fn outcome(lang: Lang, one: &DeliveryView) -> Outcome {
    let w = WebhookWords::of(lang);
    let why = one.last_error.as_deref().map(|error| why(lang, error)).unwrap_or_default();
    match one {
        DeliveryView { delivered_at: Some(_), .. } => (w.arrived, Tone::Good, String::new()),
        DeliveryView { given_up_at: Some(_), .. } => (w.failed, Tone::Bad, why),
        DeliveryView { tries: 0, .. } => (w.waiting, Tone::Plain, why),
        _ => (w.retried, Tone::On, why),
    }
}

fn latest(lang: Lang, hook: &WebhookView) -> Option<Outcome> {
    hook.latest.as_ref().map(|one| outcome(lang, one))
}

/// A message to look at.
fn delivery(tries: u32, error: Option<&str>) -> DeliveryView {
    DeliveryView {
        id: "0199".to_owned(),
        kind: "closed".to_owned(),
        at: DateTime::default(),
        tries,
        delivered_at: None,
        given_up_at: error.map(|_| DateTime::default()),
        next_try_at: None,
        last_error: error.map(ToOwned::to_owned),
    }
}

#[derive(Template)]
#[template(path = "console/webhooks.html")]
struct WebhooksHtml<'a> {
    f: &'a Frame,
    w: &'static WebhookWords,
    rows: Vec<Row<'a>>,
    form: String,
    made: Option<&'a (String, String)>,
}

/// One system of the list, in words.
struct Row<'a> {
    hook: &'a WebhookView,
    kinds: String,
    latest: Option<Outcome>,
    links: (&'static str, bool, Option<(&'a str, DateTime<Utc>)>),
}
