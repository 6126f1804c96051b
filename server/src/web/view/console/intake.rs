//! Intake: find the enterprise, then one form for every channel.

use askama::Template;
use qiyema_protocol::{intake::SimilarIssue, staff::EnterpriseView};

use super::{
    form::Form,
    frame::Frame,
    issues::{Shown, shown},
};
use crate::{
    actions::desk::Row,
    web::words::console::{registers::RegisterWords, terms},
};

/// What the page is at.
#[derive(Debug, Clone)]
pub enum Stage {
    /// Finding the enterprise: what was looked for, what was found, where to register a new one.
    Find(String, Vec<EnterpriseView>, Option<String>),
    /// Writing it down: the enterprise, what it has open, the form, and what was found alike.
    Write(Box<EnterpriseView>, Vec<Row>, Box<Form>, Vec<SimilarIssue>),
}

/// The page.
#[derive(Debug, Clone)]
pub struct IntakePage {
    /// The frame.
    pub frame: Frame,
    /// What it is at.
    pub stage: Stage,
}

impl IntakePage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let w = RegisterWords::of(lang);
        match &self.stage {
            Stage::Find(text, hits, new) => {
                FindHtml { f: &self.frame, w, text, hits, new: new.as_deref() }.render()
            }
            Stage::Write(one, open, form, alike) => WriteHtml {
                f: &self.frame,
                r: w,
                one,
                open: open.iter().map(|row| shown(lang, row)).collect(),
                form: form.html()?,
                alike: alike.iter().map(|one| (one, terms::state(lang, one.state))).collect(),
            }
            .render(),
        }
    }
}

#[derive(Template)]
#[template(path = "console/intake_find.html")]
struct FindHtml<'a> {
    f: &'a Frame,
    w: &'static RegisterWords,
    text: &'a str,
    hits: &'a [EnterpriseView],
    new: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "console/intake.html")]
struct WriteHtml<'a> {
    f: &'a Frame,
    r: &'static RegisterWords,
    one: &'a EnterpriseView,
    open: Vec<Shown<'a>>,
    form: String,
    alike: Vec<(&'a SimilarIssue, &'static str)>,
}
