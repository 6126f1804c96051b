//! The parts of forms. A field knows its label, what was typed, and what is
//! wrong with it; it draws itself the same way on every page.

use askama::Template;
use qiyema_protocol::problem::FieldProblem;

use crate::web::words::{console::frame::FrameWords, lang::Lang};

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Sent.
    pub value: String,
    /// Shown.
    pub text: String,
    /// Heading it stands under, if the list has headings.
    pub group: String,
}

impl Choice {
    /// Without a heading.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into(), group: String::new() }
    }

    /// Under a heading.
    #[must_use]
    pub fn under(mut self, group: impl Into<String>) -> Self {
        self.group = group.into();
        self
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A list to choose one of.
    Select,
    /// A few choices, all visible.
    Radio,
    /// Any of a few.
    Checks,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// A password.
    Password,
    /// A file.
    File,
    /// Not shown.
    Hidden,
    /// No field: the heading of those that follow.
    Heading,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name sent.
    pub name: String,
    /// Label.
    pub label: String,
    /// Kind.
    pub kind: Kind,
    /// What stands in it; of `Checks` several, separated by commas.
    pub value: String,
    /// Said below the label.
    pub help: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// It must be filled in.
    pub required: bool,
    /// Choices of `Select`, `Radio`, `Checks`.
    pub choices: Vec<Choice>,
    /// Most characters (0: as many as one likes) or the highest number.
    pub most: u32,
    /// `autocomplete`; empty: off.
    pub complete: &'static str,
    /// The place to begin.
    pub first: bool,
    /// Media types of `File`, which then takes several; empty: one file of any kind.
    pub accept: &'static str,
    /// HTML said below it, and read aloud when it changes; some that is empty keeps the place.
    pub below: Option<String>,
    /// Name of the fold it lies in, with its neighbours of the same fold.
    pub fold: &'static str,
}

impl Field {
    /// A field of this kind; required unless said otherwise.
    pub fn new(kind: Kind, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            kind,
            value: String::new(),
            help: String::new(),
            error: None,
            required: !matches!(kind, Kind::Checks | Kind::Hidden),
            choices: Vec::new(),
            most: 0,
            complete: "off",
            first: false,
            accept: "",
            below: None,
            fold: "",
        }
    }

    /// One line.
    pub fn line(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(Kind::Line, name, label)
    }

    /// Several lines.
    pub fn lines(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(Kind::Lines, name, label)
    }

    /// A list.
    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(Kind::Select, name, label) }
    }

    /// A heading of the fields that follow.
    pub fn heading(label: impl Into<String>) -> Self {
        Self { required: false, ..Self::new(Kind::Heading, "", label) }
    }

    /// A value that travels along.
    pub fn hidden(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(Kind::Hidden, name, "").value(value)
    }

    /// With this in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With a sentence of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// May be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// At most so many characters, or so high a number.
    #[must_use]
    pub const fn most(mut self, most: u32) -> Self {
        self.most = most;
        self
    }

    /// With these choices.
    #[must_use]
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// With this `autocomplete`.
    #[must_use]
    pub const fn complete(mut self, complete: &'static str) -> Self {
        self.complete = complete;
        self
    }

    /// Takes several files of these media types.
    #[must_use]
    pub const fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// The cursor begins here.
    #[must_use]
    pub const fn first(mut self) -> Self {
        self.first = true;
        self
    }

    /// With this HTML of our own templates below it.
    #[must_use]
    pub fn below(mut self, html: impl Into<String>) -> Self {
        self.below = Some(html.into());
        self
    }

    /// In a fold, which opens by itself when something in it is filled in or wrong.
    #[must_use]
    pub const fn fold(mut self, name: &'static str) -> Self {
        self.fold = name;
        self
    }

    fn chosen(&self, choice: &Choice) -> bool {
        match self.kind {
            Kind::Checks => self.value.split(',').any(|one| one == choice.value),
            _ => self.value == choice.value,
        }
    }

    /// Choices by heading, in the order given.
    fn groups(&self) -> Vec<(&str, Vec<&Choice>)> {
        let mut groups: Vec<(&str, Vec<&Choice>)> = Vec::new();
        for choice in &self.choices {
            match groups.iter_mut().find(|(name, _)| *name == choice.group) {
                Some((_, of)) => of.push(choice),
                None => groups.push((&choice.group, vec![choice])),
            }
        }
        groups
    }
}

/// A form that posts and is answered by a redirect, or by itself with faults.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it posts to.
    pub action: String,
    /// Id, so that several forms of a page keep their labels apart.
    pub id: String,
    /// Token.
    pub csrf: String,
    /// Fields.
    pub fields: Vec<Field>,
    /// The button.
    pub submit: String,
    /// A second button, which looks before one sends: name and text.
    pub beside: Option<(&'static str, &'static str)>,
    /// The button ends something: it is red.
    pub danger: bool,
    /// What will be lost, said above the button.
    pub warning: String,
    /// The button stands behind another one that only opens the warning.
    pub asks: bool,
    /// Language.
    pub lang: Lang,
    /// What is wrong with the whole.
    pub error: Option<String>,
}

impl Form {
    /// An empty form.
    pub fn new(lang: Lang, csrf: &str, action: impl Into<String>, submit: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            id: "form".to_owned(),
            csrf: csrf.to_owned(),
            fields: Vec::new(),
            submit: submit.into(),
            beside: None,
            danger: false,
            warning: String::new(),
            asks: false,
            lang,
            error: None,
        }
    }

    /// With an id of its own.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Asks first, and says what would be lost.
    #[must_use]
    pub fn asks(self, warning: impl Into<String>) -> Self {
        Self { danger: true, asks: true, warning: warning.into(), ..self }
    }

    /// With one more field.
    #[must_use]
    pub fn with(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// Puts back what was typed.
    #[must_use]
    pub fn typed(mut self, typed: &[(String, String)]) -> Self {
        for field in &mut self.fields {
            if matches!(field.kind, Kind::Password | Kind::File) {
                continue;
            }
            let values: Vec<&str> = typed
                .iter()
                .filter(|(name, _)| *name == field.name)
                .map(|(_, value)| value.as_str())
                .collect();
            if !values.is_empty() {
                field.value = values.join(",");
            }
        }
        self
    }

    /// Puts each fault at its field, and those of no field on top.
    #[must_use]
    pub fn faults(mut self, faults: &[FieldProblem]) -> Self {
        for fault in faults {
            let said = self.lang.say(&fault.detail).to_owned();
            match self.fields.iter_mut().find(|field| field.name == fault.field && field.kind != Kind::Hidden)
            {
                Some(field) => field.error = Some(said),
                None => self.error = Some(said),
            }
        }
        self
    }

    /// Whether a fold begins before this field, and stands open.
    fn unfolds(&self, place: usize) -> Option<bool> {
        let name = self.fields.get(place)?.fold;
        let before = place.checked_sub(1).and_then(|before| self.fields.get(before));
        if name.is_empty() || before.is_some_and(|before| before.fold == name) {
            return None;
        }
        let mut within = self.fields.iter().filter(|field| field.fold == name);
        Some(within.any(|field| field.error.is_some() || !field.value.is_empty()))
    }

    /// Whether the fold of this field ends after it.
    fn folds(&self, place: usize) -> bool {
        let name = self.fields.get(place).map_or("", |field| field.fold);
        !name.is_empty() && self.fields.get(place + 1).is_none_or(|next| next.fold != name)
    }

    /// Whether a browser must send it in parts.
    #[must_use]
    pub fn has_files(&self) -> bool {
        self.fields.iter().any(|field| field.kind == Kind::File)
    }

    /// Whether something is wrong with it.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        self.error.is_some() || self.fields.iter().any(|field| field.error.is_some())
    }

    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn html(&self) -> Result<String, askama::Error> {
        FormHtml { form: self, w: FrameWords::of(self.lang) }.render()
    }

    /// The fields alone, for a page that draws its own form around them.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn fields_html(&self) -> Result<String, askama::Error> {
        FieldsHtml { form: self, w: FrameWords::of(self.lang) }.render()
    }
}

#[derive(Template)]
#[template(path = "console/form.html")]
struct FormHtml<'a> {
    form: &'a Form,
    w: &'static FrameWords,
}

#[derive(Template)]
#[template(path = "console/fields.html")]
struct FieldsHtml<'a> {
    form: &'a Form,
    w: &'static FrameWords,
}

#[cfg(test)]
mod tests;
