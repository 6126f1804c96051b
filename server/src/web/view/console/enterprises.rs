//! Enterprises: finding, registering, one with its codes, and a code just issued.

use askama::Template;
use chrono_tz::Tz;
use qiyema_protocol::staff::{CodeStatus, EnterpriseView, IssuedCode};

use super::{
    form::Form,
    frame::Frame,
    issues::{Shown, shown},
};
use crate::{
    actions::desk::Row,
    web::words::console::{list::ListWords, registers::RegisterWords},
};

/// The list.
#[derive(Debug, Clone)]
pub struct EnterprisesPage {
    /// The frame.
    pub frame: Frame,
    /// What was looked for.
    pub text: String,
    /// Found.
    pub found: Vec<EnterpriseView>,
    /// May register one.
    pub registers: bool,
    /// May revoke codes.
    pub revokes: bool,
}

impl EnterprisesPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        EnterprisesHtml { f: &self.frame, w: RegisterWords::of(lang), p: self }.render()
    }
}

#[derive(Template)]
#[template(path = "console/enterprises.html")]
struct EnterprisesHtml<'a> {
    f: &'a Frame,
    w: &'static RegisterWords,
    p: &'a EnterprisesPage,
}

/// A form on a page of its own.
#[derive(Debug, Clone)]
pub struct FormPage {
    /// The frame.
    pub frame: Frame,
    /// Heading.
    pub title: String,
    /// Where to go back to, and its name.
    pub back: (String, String),
    /// The form.
    pub form: Form,
}

impl FormPage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        FormPageHtml { f: &self.frame, p: self, form: self.form.html()? }.render()
    }
}

#[derive(Template)]
#[template(path = "console/form_page.html")]
struct FormPageHtml<'a> {
    f: &'a Frame,
    p: &'a FormPage,
    form: String,
}

/// One enterprise.
#[derive(Debug, Clone)]
pub struct EnterprisePage {
    /// The frame.
    pub frame: Frame,
    /// The enterprise.
    pub one: EnterpriseView,
    /// Its issues, newest first; absent for people who read none.
    pub issues: Option<Vec<Row>>,
    /// Issues the code, if this person may.
    pub issue: Option<Form>,
    /// What may be done with a code: its id, and the forms under the words that open them.
    pub deeds: Vec<(String, Vec<(&'static str, Form)>)>,
    /// Gives the enterprise another PIN.
    pub pin: Option<Form>,
    /// May register an issue.
    pub registers: bool,
    /// Where codes lead to an address for trying out: what is said of it, and what one ticks to print all the same.
    pub trial: Option<(String, &'static str)>,
    /// Zone of times.
    pub zone: Tz,
}

impl EnterprisePage {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = self.frame.lang;
        let w = RegisterWords::of(lang);
        let day =
            |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&self.zone).format("%Y-%m-%d").to_string();
        let codes = self.one.codes.iter().map(|code| {
            let (class, status) = match code.status {
                CodeStatus::Live => ("good", w.live),
                CodeStatus::Replaced => ("", w.replaced),
                CodeStatus::Revoked => ("bad", w.revoked),
                CodeStatus::Suspended => ("bad", w.suspended),
                CodeStatus::KeyRetired => ("bad", w.key_retired),
            };
            let deeds = self.deeds.iter().find(|(id, _)| *id == code.id).map(|(_, deeds)| deeds);
            let forms = deeds.into_iter().flatten().map(|(word, form)| Ok((*word, form.html()?)));
            let forms = forms.collect::<Result<Vec<_>, askama::Error>>()?;
            // Whoever may replace it may draw it.
            let drawable = code.status == CodeStatus::Live && !forms.is_empty();
            Ok(CodeLine { id: &code.id, day: day(code.issued_at), class, status, forms, drawable })
        });
        EnterpriseHtml {
            f: &self.frame,
            w,
            l: ListWords::of(lang),
            p: self,
            registered: day(self.one.registered_at),
            codes: codes.collect::<Result<_, askama::Error>>()?,
            issue: self.issue.as_ref().map(Form::html).transpose()?,
            pin: self.pin.as_ref().map(Form::html).transpose()?,
            rows: self.issues.iter().flatten().map(|row| shown(lang, row)).collect(),
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "console/enterprise.html")]
struct EnterpriseHtml<'a> {
    f: &'a Frame,
    w: &'static RegisterWords,
    l: &'static ListWords,
    p: &'a EnterprisePage,
    registered: String,
    codes: Vec<CodeLine<'a>>,
    issue: Option<String>,
    pin: Option<String>,
    rows: Vec<Shown<'a>>,
}

struct CodeLine<'a> {
    id: &'a str,
    day: String,
    class: &'static str,
    status: &'static str,
    forms: Vec<(&'static str, String)>,
    drawable: bool,
}

/// A code just issued, with the PIN that is shown once.
#[derive(Debug, Clone)]
pub struct IssuedPage<'a> {
    /// The frame.
    pub frame: Frame,
    /// The enterprise.
    pub enterprise: &'a EnterpriseView,
    /// The code.
    pub issued: &'a IssuedCode,
}

impl IssuedPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        IssuedHtml { f: &self.frame, w: RegisterWords::of(self.frame.lang), p: self }.render()
    }
}

#[derive(Template)]
#[template(path = "console/issued.html")]
struct IssuedHtml<'a> {
    f: &'a Frame,
    w: &'static RegisterWords,
    p: &'a IssuedPage<'a>,
}
