//! The owner's forms on the phone: a new issue, a word about an issue, and what
//! it came to. They stand apart from the board, so that the board stays light.

use askama::Template;
use qiyema_protocol::{
    board::{Card, Centre},
    problem::FieldProblem,
    staff::Choice,
    verb::Verb,
};

use super::STYLE;
use crate::web::words::{
    Words,
    owner::{Deed, OwnerWords},
};

/// What every page of the owner's has.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The language.
    pub words: &'static Words,
    /// Large text.
    pub care: bool,
    /// Who answers for the code.
    pub centre: &'a Centre,
    /// `/c/…`
    pub seal_path: &'a str,
    /// Where this page lies below it.
    pub here: &'a str,
}

impl Frame<'_> {
    fn owner(&self) -> &'static OwnerWords {
        OwnerWords::of(self.words.code)
    }

    pub(super) fn shell(&self) -> Shell<'_> {
        let (w, keep_here) = (self.words, keep(self.words.code, self.care));
        Shell {
            centre: w.say(&self.centre.name),
            other_lang: format!("{}{}{}", self.seal_path, self.here, keep(w.other_code, self.care)),
            other_size: format!("{}{}{}", self.seal_path, self.here, keep(w.code, !self.care)),
            back: format!("{}{keep_here}", self.seal_path),
            seal_path: self.seal_path,
            keep: keep_here,
        }
    }
}

/// Language and size travel in every link, for a browser that keeps no cookies.
fn keep(lang: &str, care: bool) -> String {
    format!("?lang={lang}&care={}", u8::from(care))
}

/// Addresses and names around a form.
pub(super) struct Shell<'a> {
    pub(super) centre: &'a str,
    pub(super) other_lang: String,
    pub(super) other_size: String,
    pub(super) back: String,
    pub(super) seal_path: &'a str,
    pub(super) keep: String,
}

/// What was typed before, and what was wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed<'a> {
    /// Fields.
    pub fields: &'a [(String, String)],
    /// Faults.
    pub faults: &'a [FieldProblem],
}

impl Typed<'_> {
    /// What was typed into a field.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// A fault at its field.
fn fault<'a>(typed: &'a Typed<'_>, words: &'static Words, name: &str) -> Option<&'a str> {
    typed.faults.iter().find(|fault| fault.field == name).map(|fault| words.say(&fault.detail))
}

/// The form of a new issue.
#[derive(Debug)]
pub struct RaisePage<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// Categories to choose from.
    pub categories: &'a [Choice],
    /// What was typed before.
    pub typed: Typed<'a>,
}

impl RaisePage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (w, chosen) = (self.frame.words, self.typed.value("category"));
        let field =
            |name: &'static str| Field { value: self.typed.value(name), fault: fault(&self.typed, w, name) };
        RaiseHtml {
            w,
            o: self.frame.owner(),
            style: STYLE,
            care: self.frame.care,
            shell: self.frame.shell(),
            any_fault: !self.typed.faults.is_empty(),
            categories: self
                .categories
                .iter()
                .map(|one| (one.id.as_str(), w.say(&one.name), one.id == chosen))
                .collect(),
            category: field("category"),
            subject: field("subject"),
            body: field("body"),
            name: Field { fault: fault(&self.typed, w, "contact.name"), ..field("contact_name") },
            phone: Field { fault: fault(&self.typed, w, "contact.phone"), ..field("contact_phone") },
            email: Field { fault: fault(&self.typed, w, "contact.email"), ..field("contact_email") },
            file: field("file"),
        }
        .render()
    }
}

/// A field as it is shown again.
struct Field<'a> {
    value: &'a str,
    fault: Option<&'a str>,
}

/// The form of a word about an issue.
#[derive(Debug)]
pub struct DeedPage<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// What the owner is about to do.
    pub verb: Verb,
    /// The issue.
    pub card: &'a Card,
    /// What was typed before.
    pub typed: Typed<'a>,
}

impl DeedPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (w, o) = (self.frame.words, self.frame.owner());
        let view = self.card.owner.as_ref();
        DeedHtml {
            w,
            o,
            style: STYLE,
            care: self.frame.care,
            shell: self.frame.shell(),
            d: o.deed(self.verb),
            action: format!("{}/issues/{}/{}", self.frame.seal_path, self.card.number, self.verb.noun()),
            number: &self.card.number,
            state: w.say(&self.card.state_text),
            subject: view.map_or("", |view| view.subject.as_str()),
            asked: view.and_then(|view| view.asked.as_deref()).filter(|_| self.verb == Verb::Supplement),
            // The clock takes it back in the night after that day.
            until: self.card.step_until.map(|day| (w.supplement_by)(&(w.day)(day), false)),
            text: Field { value: self.typed.value("text"), fault: fault(&self.typed, w, "text") },
            file: Field { value: "", fault: fault(&self.typed, w, "file") },
            any_fault: !self.typed.faults.is_empty(),
            needed: needs_text(self.verb),
            most: if needs_text(self.verb) { 2000 } else { 500 },
        }
        .render()
    }
}

/// Whether a deed needs a text; the others take one. Files come along with a text.
#[must_use]
pub const fn needs_text(verb: Verb) -> bool {
    !matches!(verb, Verb::Urge | Verb::Withdraw)
}

/// What a deed came to.
#[derive(Debug)]
pub struct DonePage<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// What was done; `None` for a new issue.
    pub verb: Option<Verb>,
    /// The issue.
    pub card: &'a Card,
}

impl DonePage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let (w, o) = (self.frame.words, self.frame.owner());
        let shell = self.frame.shell();
        DoneHtml {
            w,
            o,
            style: STYLE,
            care: self.frame.care,
            d: self.verb.map_or(o.raise, |verb| o.deed(verb)),
            raised: self.verb.is_none(),
            number: &self.card.number,
            state: w.say(&self.card.state_text),
            back: format!("{}#{}", shell.back, self.card.number),
            shell,
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "owner_raise.html")]
struct RaiseHtml<'a> {
    w: &'static Words,
    o: &'static OwnerWords,
    style: &'static str,
    care: bool,
    shell: Shell<'a>,
    any_fault: bool,
    categories: Vec<(&'a str, &'a str, bool)>,
    category: Field<'a>,
    subject: Field<'a>,
    body: Field<'a>,
    name: Field<'a>,
    phone: Field<'a>,
    email: Field<'a>,
    file: Field<'a>,
}

#[derive(Template)]
#[template(path = "owner_deed.html")]
struct DeedHtml<'a> {
    w: &'static Words,
    o: &'static OwnerWords,
    style: &'static str,
    care: bool,
    shell: Shell<'a>,
    d: Deed,
    action: String,
    number: &'a str,
    state: &'a str,
    subject: &'a str,
    asked: Option<&'a str>,
    until: Option<String>,
    text: Field<'a>,
    file: Field<'a>,
    any_fault: bool,
    /// Whether a text is needed, and so whether files may come along.
    needed: bool,
    most: u32,
}

#[derive(Template)]
#[template(path = "owner_done.html")]
struct DoneHtml<'a> {
    w: &'static Words,
    o: &'static OwnerWords,
    style: &'static str,
    care: bool,
    shell: Shell<'a>,
    d: Deed,
    raised: bool,
    number: &'a str,
    state: &'a str,
    back: String,
}
