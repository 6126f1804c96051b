//! A page made of parts: tables, forms, facts and sentences, one below another.
//! The pages of administration and of one's own account are all such sheets, so
//! they look and behave the same.

use askama::Template;

use super::{form::Form, frame::Frame};

/// How a sentence or a badge is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// In force, chosen.
    On,
    /// Good.
    Good,
    /// Bad.
    Bad,
}

impl Tone {
    /// Its class in the style, with the blank before it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::On => " on",
            Self::Good => " good",
            Self::Bad => " bad",
        }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    text: String,
    href: String,
    small: String,
    badges: Vec<(String, Tone)>,
    number: bool,
    form: String,
    indent: usize,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A link.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }

    /// A badge.
    pub fn badge(text: impl Into<String>, tone: Tone) -> Self {
        Self::default().and_badge(text, tone)
    }

    /// A number, aligned to the right.
    pub fn number(number: &impl ToString) -> Self {
        Self { text: number.to_string(), number: true, ..Self::default() }
    }

    /// A button of its own.
    ///
    /// # Errors
    /// When the form cannot be written.
    pub fn form(form: &Form) -> Result<Self, askama::Error> {
        Ok(Self { form: form.html()?, ..Self::default() })
    }

    /// With a smaller line below.
    #[must_use]
    pub fn small(mut self, small: impl Into<String>) -> Self {
        self.small = small.into();
        self
    }

    /// With one more badge.
    #[must_use]
    pub fn and_badge(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.badges.push((text.into(), tone));
        self
    }

    /// So many levels deep.
    #[must_use]
    pub const fn indent(mut self, levels: usize) -> Self {
        self.indent = levels;
        self
    }
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Headings.
    pub heads: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// Said when there is no row.
    pub empty: String,
}

impl Table {
    /// The headings, and whether numbers stand below, so that a heading stands above them.
    fn headings(&self) -> Vec<(&str, bool)> {
        let is_number =
            |column: usize| self.rows.first().and_then(|row| row.get(column)).is_some_and(|cell| cell.number);
        self.heads.iter().enumerate().map(|(column, head)| (head.as_str(), is_number(column))).collect()
    }
}

/// A part of a page.
#[derive(Debug, Clone)]
pub enum Part {
    /// A heading.
    Heading(String),
    /// A sentence.
    Note(String),
    /// A sentence that must be seen.
    Warning(String),
    /// A table.
    Table(Table),
    /// A table behind its heading, closed at first.
    Fold(String, Table),
    /// A panel with a heading, perhaps a sentence, and HTML of our own forms.
    Panel(String, String, String),
    /// Facts.
    Facts(Vec<(String, String)>),
    /// Something to copy, shown once.
    Secret(Vec<String>),
    /// A drawing of ours.
    Drawing(String),
}

/// The page.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The frame.
    pub frame: Frame,
    /// Title.
    pub title: String,
    /// A sentence below it.
    pub lead: String,
    /// Where it belongs: address and name.
    pub up: Option<(String, String)>,
    /// Buttons beside the title: address, name.
    pub buttons: Vec<(String, String)>,
    /// The parts.
    pub parts: Vec<Part>,
    /// A narrow page in the middle, for who is not signed in.
    pub narrow: bool,
}

impl Sheet {
    /// An empty page.
    pub fn new(frame: Frame, title: impl Into<String>) -> Self {
        Self {
            frame,
            title: title.into(),
            lead: String::new(),
            up: None,
            buttons: Vec::new(),
            parts: Vec::new(),
            narrow: false,
        }
    }

    /// With a sentence below the title.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = lead.into();
        self
    }

    /// Below another page.
    #[must_use]
    pub fn up(mut self, href: impl Into<String>, name: impl Into<String>) -> Self {
        self.up = Some((href.into(), name.into()));
        self
    }

    /// With a button beside the title.
    #[must_use]
    pub fn button(mut self, href: impl Into<String>, name: impl Into<String>) -> Self {
        self.buttons.push((href.into(), name.into()));
        self
    }

    /// With one more part.
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// With a form in a panel.
    ///
    /// # Errors
    /// When the form cannot be written.
    pub fn form(
        self,
        heading: impl Into<String>,
        note: impl Into<String>,
        form: &Form,
    ) -> Result<Self, askama::Error> {
        let html = form.html()?;
        Ok(self.with(Part::Panel(heading.into(), note.into(), html)))
    }

    /// In the middle of an otherwise empty page.
    #[must_use]
    pub const fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        SheetHtml { f: &self.frame, s: self }.render()
    }
}

#[derive(Template)]
#[template(path = "console/sheet.html")]
struct SheetHtml<'a> {
    f: &'a Frame,
    s: &'a Sheet,
}

#[cfg(test)]
mod tests {
    use super::{Cell, Part, Sheet, Table};
    use crate::web::{view::console::frame::Frame, words::lang::Lang};

    #[test]
    fn what_people_typed_is_never_markup_and_an_empty_table_says_so() {
        let frame = Frame::sample(Lang::Zh, "/console/admin/units");
        let full = Table {
            heads: vec!["单位".into()],
            rows: vec![vec![Cell::link("/x", "<b>局</b>").small("<i>")]],
            empty: String::new(),
        };
        let empty = Table { heads: vec!["单位".into()], rows: Vec::new(), empty: "还没有单位".into() };
        let page = Sheet::new(frame, "<script>").with(Part::Table(full)).with(Part::Table(empty));
        let html = page.render().unwrap();
        assert!(html.contains("还没有单位") && html.contains("&#60;b&#62;局"), "{html}");
        assert!(!html.contains("<b>局") && !html.contains("<i>") && !html.contains("<h1><script>"));
    }
}
