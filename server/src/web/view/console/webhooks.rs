//! The page of the webhooks.

use askama::Template;
use qiyema_protocol::{problem::FieldProblem, webhooks::WebhookView};

use super::{
    form::{Field, Form},
    frame::Frame,
};
use crate::web::words::{console::webhooks::WebhookWords, lang::Lang};

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
        let form = Form::new(lang, &self.frame.csrf, "/console/webhooks", w.add)
            .with(Field::line("name", w.name).most(60))
            .with(Field::line("url", w.url).help(w.url_help).most(500))
            .with(Field::line("kinds", w.kinds).help(w.kinds_help).optional().most(500))
            .typed(&self.typed.0)
            .faults(&self.typed.1);
        WebhooksHtml {
            f: &self.frame,
            w,
            webhooks: &self.webhooks,
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
            made_at: chrono::DateTime::default(),
            paused_at: paused.then(chrono::DateTime::default),
            waiting: 2,
            given_up,
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

#[derive(Template)]
#[template(path = "console/webhooks.html")]
struct WebhooksHtml<'a> {
    f: &'a Frame,
    w: &'static WebhookWords,
    webhooks: &'a [WebhookView],
    form: String,
    made: Option<&'a (String, String)>,
}
