//! Paper with codes on it: label sheets, plaques, letters. A page is laid out once, in
//! millimetres, with the letters measured in the font that is embedded; a painter
//! turns it into PDF ([`pdf`]) or, for browsers, into SVG ([`svg`]). Data in, bytes
//! out: nothing here knows the database. A file holds at most [`MOST`] codes, so
//! that memory stays bounded; who has more makes more files.

mod fit;
pub mod font;
pub mod format;
mod label;
mod letter;
pub mod logo;
pub mod pdf;
mod plaque;
mod read;
pub mod svg;

use std::sync::Arc;

use fit::Line;
use format::{Design, Paper};
use logo::Logo;
use secrecy::SecretString;

use super::symbol::{self, PictureError, QUIET, Symbol};

/// Codes in one file.
pub const MOST: usize = 2_400;

/// Who issues, and where the codes lead.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    /// Name of the centre.
    pub centre: &'a str,
    /// The host, which stands in clear text under every symbol.
    pub host: &'a str,
    /// Their emblem, which stands on plaques.
    pub logo: Option<&'a Arc<Logo>>,
}

/// What stands on one label or plaque.
#[derive(Debug, Clone)]
pub struct Label {
    /// The text of the seal: what the symbol says.
    pub seal: String,
    /// Id of the code.
    pub code: String,
    /// Name of the enterprise.
    pub name: String,
    /// Its credit code.
    pub uscc: String,
    /// Its PIN, for a letter; no other paper shows it.
    pub pin: Option<SecretString>,
}

/// Pages as laid out.
#[derive(Debug)]
pub struct Laid {
    /// In order.
    pub pages: Vec<Page>,
    /// Names with characters that the font lacks; 〓 stands in their place.
    pub missing: Vec<Missing>,
    /// Where each label stands; none for one whose name does not fit.
    pub spots: Vec<Option<Spot>>,
    texts: Vec<String>,
}

/// Where a label stands, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Page of the file.
    pub page: usize,
    /// Place on the page, row by row.
    pub place: usize,
}

/// A name that does not print as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The credit code of the enterprise.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// What the font lacks.
    pub characters: Vec<char>,
}

/// A page; sizes in millimetres from its upper left corner.
#[derive(Debug)]
pub struct Page {
    width: f32,
    height: f32,
    marks: Vec<Mark>,
}

#[derive(Debug)]
enum Mark {
    /// A line of text: where it begins, its baseline.
    Text { x: f32, y: f32, style: Style, line: Line },
    /// A filled rectangle: hairlines are narrow ones.
    Bar { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A symbol, so wide with its quiet zone.
    Symbol { x: f32, y: f32, side: f32, symbol: Symbol },
    /// An emblem.
    Picture { x: f32, y: f32, width: f32, height: f32, logo: Arc<Logo> },
}

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
struct Style {
    /// In points.
    size: f32,
    ink: Ink,
    bold: bool,
}

impl Style {
    /// Width of the stroke that makes letters bold, in points.
    fn weight(self) -> f32 {
        self.size / if self.size > 20.0 { 42.0 } else { 30.0 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Black,
    Grey,
    Hair,
    Red,
}

impl Ink {
    const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Black => [0, 0, 0],
            Self::Grey => [74, 74, 74],
            Self::Hair => [150, 150, 150],
            Self::Red => [156, 26, 30],
        }
    }
}

/// Why nothing was printed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PaperError {
    /// A symbol that would not scan, or does not read back.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// More than one file holds.
    #[error("{0} codes are too many for one file (2,400)")]
    Many(usize),
    /// A name that fits the label in no size that can be read.
    #[error("the name of {uscc} does not fit this label")]
    Long {
        /// The credit code of the enterprise.
        uscc: String,
    },
    /// The embedded font or the PDF writer failed.
    #[error("the page could not be written: {0}")]
    Write(&'static str),
}

/// Millimetres a point.
const POINT: f32 = 25.4 / 72.0;

/// Lays codes out on as many pages as they need; refused where a symbol would be too small to scan,
/// or a name does not fit.
pub fn lay(paper: &Paper, issuer: Issuer<'_>, labels: &[Label]) -> Result<Laid, PaperError> {
    let laid = lay_what_fits(paper, issuer, labels)?;
    match laid.spots.iter().zip(labels).find(|(spot, _)| spot.is_none()) {
        Some((_, label)) => Err(PaperError::Long { uscc: label.uscc.clone() }),
        None => Ok(laid),
    }
}

/// The same, but a label whose name does not fit is left out: of thousands, one must not hold up the others.
pub fn lay_what_fits(paper: &Paper, issuer: Issuer<'_>, labels: &[Label]) -> Result<Laid, PaperError> {
    if labels.len() > MOST {
        return Err(PaperError::Many(labels.len()));
    }
    let mut laid = Laid { pages: Vec::new(), missing: Vec::new(), spots: Vec::new(), texts: Vec::new() };
    let mut spots = paper.spots();
    let (mut spot, mut begun) = (spots.next().unwrap_or_default(), false);
    for label in labels {
        let (place, x, y) = spot;
        if !begun {
            laid.pages.push(paper.page());
            begun = true;
        }
        let number = laid.pages.len();
        let page = laid.pages.last_mut().ok_or(PaperError::Write("no page"))?;
        let symbol = symbol::symbol(&label.seal)?;
        let before = page.marks.len();
        let drawn = match paper.design {
            Design::Labels => label::draw(page, (x, y), paper, issuer, label, symbol),
            Design::Plaque => plaque::draw(page, issuer, label, symbol),
            Design::Letter => letter::draw(page, issuer, label, symbol),
        };
        match drawn {
            Ok(()) => laid.spots.push(Some(Spot { page: number, place: place + 1 })),
            Err(PaperError::Long { .. }) => {
                page.marks.truncate(before);
                laid.spots.push(None);
                continue;
            }
            Err(error) => return Err(error),
        }
        spot = spots.next().unwrap_or_default();
        begun = spot.0 != 0;
        laid.texts.push(label.seal.clone());
        let (_, characters) = font::clean(&label.name);
        if !characters.is_empty() {
            let (uscc, name) = (label.uscc.clone(), label.name.clone());
            laid.missing.push(Missing { uscc, name, characters });
        }
    }
    // A page whose only labels did not fit.
    if laid.spots.iter().flatten().next_back().is_none_or(|spot| spot.page < laid.pages.len()) {
        laid.pages.pop();
    }
    Ok(laid)
}

impl Page {
    fn text(&mut self, x: f32, y: f32, style: Style, line: Line) {
        self.marks.push(Mark::Text { x, y, style, line });
    }

    fn centred(&mut self, middle: f32, y: f32, style: Style, line: Line) {
        let x = middle - line.width(style.size) / 2.0;
        self.text(x, y, style, line);
    }

    fn bar(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), ink: Ink) {
        self.marks.push(Mark::Bar { x, y, width, height, ink });
    }

    /// Four hairlines.
    fn frame(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), thick: f32, ink: Ink) {
        self.bar((x, y), (width, thick), ink);
        self.bar((x, y + height - thick), (width, thick), ink);
        self.bar((x, y), (thick, height), ink);
        self.bar((x + width - thick, y), (thick, height), ink);
    }

    fn symbol(&mut self, (x, y): (f32, f32), side: f32, symbol: Symbol) -> Result<(), PaperError> {
        symbol.module_mm(f64::from(side))?;
        let on_a_dot = |place: f32| (place / DOT).round() * DOT;
        let (x, y) = (on_a_dot(x), on_a_dot(y));
        self.marks.push(Mark::Symbol { x, y, side, symbol });
        Ok(())
    }
}

/// A dot of 300 to the inch, of which the dots of most printers are parts.
const DOT: f32 = 25.4 / 300.0;

/// The width, or a little less: a module is a whole number of dots where that leaves it
/// large enough, for one of seven dots here and eight there reads worse.
fn crisp(side: f32, symbol: &Symbol) -> f32 {
    let modules = length(symbol.width() + 2 * QUIET);
    let whole = (side / modules / DOT + 1e-3).floor() * DOT * modules;
    if symbol.module_mm(f64::from(whole)).is_ok() { whole } else { side }
}

/// A small count as a length.
fn length(n: usize) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests;
