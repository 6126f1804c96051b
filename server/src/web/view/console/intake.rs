//! Intake: find the enterprise, then one form for every channel; below its fields
//! stands what the category brings and what the enterprise asked before.

use askama::Template;
use qiyema_protocol::{intake::SimilarIssue, staff::EnterpriseView};

use super::{
    form::Form,
    frame::Frame,
    issues::{Shown, shown},
};
use crate::{
    actions::desk::Row,
    web::words::{
        console::{intake::IntakeWords, registers::RegisterWords, terms},
        lang::Lang,
    },
};

/// What the page is at.
#[derive(Debug, Clone)]
pub enum Stage {
    /// Finding the enterprise: what was looked for, what was found, where to register a new one.
    Find(String, Vec<EnterpriseView>, Option<String>),
    /// Writing it down.
    Write(Box<Writing>),
}

/// The second step.
#[derive(Debug, Clone)]
pub struct Writing {
    /// The enterprise.
    pub one: EnterpriseView,
    /// The first of what it has open.
    pub open: Vec<Row>,
    /// How many it has open, and a plus where nobody counted on.
    pub all: (usize, &'static str),
    /// The form.
    pub form: Form,
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
            Stage::Write(step) => {
                let i = IntakeWords::of(lang);
                WriteHtml {
                    f: &self.frame,
                    r: w,
                    i,
                    one: &step.one,
                    open: step.open.iter().map(|row| shown(lang, row)).collect(),
                    more: step.all.0 > step.open.len(),
                    all: (i.of_all)(step.all.0, step.all.1),
                    form: step.form.html()?,
                }
                .render()
            }
        }
    }
}

/// What a category brings.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Suggested {
    pub grade: &'static str,
    pub limit: String,
    /// Empty, if none is usual.
    pub unit: String,
    /// The day promised, if it were accepted now.
    pub promise: String,
    pub provisional: bool,
}

/// What is said below the fields of the form.
#[derive(Debug, Clone, Default)]
pub struct Advice {
    /// Of the category that is chosen.
    pub suggested: Option<Suggested>,
    /// What may be the same matter.
    pub alike: Vec<SimilarIssue>,
    /// Somebody asked and should hear that there is nothing, too.
    pub looked: bool,
}

impl Advice {
    /// Below the category.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn of_category(&self, lang: Lang) -> Result<String, askama::Error> {
        CategoryHtml { w: IntakeWords::of(lang), suggested: self.suggested.as_ref() }.render()
    }

    /// Below the subject; it remembers what was shown there.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn of_subject(&self, lang: Lang) -> Result<String, askama::Error> {
        let numbers: Vec<&str> = self.alike.iter().map(|one| one.number.as_str()).collect();
        AlikeHtml {
            w: IntakeWords::of(lang),
            r: RegisterWords::of(lang),
            alike: self.alike.iter().map(|one| (one, terms::state(lang, one.state))).collect(),
            seen: numbers.join(" "),
            looked: self.looked,
        }
        .render()
    }

    /// Both, for the page that is open.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn piece(&self, lang: Lang) -> Result<String, askama::Error> {
        AdviceHtml { category: self.of_category(lang)?, subject: self.of_subject(lang)? }.render()
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
    i: &'static IntakeWords,
    one: &'a EnterpriseView,
    open: Vec<Shown<'a>>,
    more: bool,
    all: String,
    form: String,
}

#[derive(Template)]
#[template(path = "console/advice_category.html")]
struct CategoryHtml<'a> {
    w: &'static IntakeWords,
    suggested: Option<&'a Suggested>,
}

#[derive(Template)]
#[template(path = "console/advice_alike.html")]
struct AlikeHtml<'a> {
    w: &'static IntakeWords,
    r: &'static RegisterWords,
    alike: Vec<(&'a SimilarIssue, &'static str)>,
    seen: String,
    looked: bool,
}

#[derive(Template)]
#[template(path = "console/advice.html")]
struct AdviceHtml {
    category: String,
    subject: String,
}
