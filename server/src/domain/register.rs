//! A table of enterprises: which column is which, and what is wrong with a row, as
//! an error, or as a warning that a person may confirm.

mod headings;
mod words;

use std::{
    collections::HashMap,
    io::{Read, Seek},
    ops::ControlFlow,
};

use super::{
    sheet::{self, HEADING_WITHIN, Limits, Plan, Row, Shape, Unread},
    text::Typed,
    uscc::{CheckCharacter, Uscc, UsccError},
};

pub use words::words;

/// Bytes of one file.
pub const MOST_BYTES: usize = 100 * 1024 * 1024;
/// Rows below the heading.
pub const MOST_ROWS: usize = 500_000;
/// Characters kept of what stands in a cell that is wrong.
const SHOWN: usize = 100;

const LIMITS: Limits = Limits {
    rows: MOST_ROWS,
    cells: 20_000_000,
    unpacked: 600 * 1024 * 1024,
    texts: 192 * 1024 * 1024,
    strings: 8_000_000,
};

/// A heading with both columns; a row holds a credit code whose check character fits.
const SHAPE: Shape = Shape {
    heading: |cells| Judge::of(cells).is_some(),
    record: |cells| cells.iter().any(|cell| matches!(Uscc::parse(cell), Ok((_, CheckCharacter::Fits)))),
};

/// Names of the columns, as we print them.
pub const HEADINGS: [&str; 2] = ["统一社会信用代码", "企业名称"];

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untaken {
    /// It cannot be read.
    Unread(Unread),
    /// There is no heading with these columns.
    NoColumns {
        /// As we print them.
        missing: Vec<&'static str>,
        /// Whether there are more columns than are looked at.
        is_wide: bool,
    },
}

impl From<Unread> for Untaken {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread)
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The cell of the credit code is empty.
    NoUscc,
    /// Not 18 characters.
    Length(usize),
    /// A character that no credit code has, at a place from 1.
    Character(char, usize),
    /// A spreadsheet made a number of it and lost digits.
    AsNumber,
    /// The cell of the name is empty.
    NoName,
    /// Fewer than 2 or more than 100 characters.
    NameLength(usize),
    /// Characters that nobody sees.
    NameHidden,
    /// The same credit code stands in this row already.
    Twice(u32),
    /// The check character should be this one. A warning.
    CheckCharacter(char),
    /// A character that registered names do not have: a picture, one of private use. A warning.
    OddName(char),
    /// A formula whose result is as old as the last calculation, in the column of this name. A warning.
    Formula(&'static str),
    /// A formula that nobody worked out, or whose result does not fit, in the column of this name.
    NoResult(&'static str),
}

impl Finding {
    /// Whether a person may confirm it.
    #[must_use]
    pub const fn is_warning(&self) -> bool {
        matches!(self, Self::CheckCharacter(_) | Self::OddName(_) | Self::Formula(_))
    }

    /// How it is stored: its code, and what it speaks of.
    #[must_use]
    pub fn stored(&self) -> (&'static str, String) {
        match self {
            Self::NoUscc => ("no_uscc", String::new()),
            Self::Length(found) => ("length", found.to_string()),
            Self::Character(character, place) => ("character", format!("{place} {character}")),
            Self::AsNumber => ("as_number", String::new()),
            Self::NoName => ("no_name", String::new()),
            Self::NameLength(found) => ("name_length", found.to_string()),
            Self::NameHidden => ("name_hidden", String::new()),
            Self::Twice(first) => ("twice", first.to_string()),
            Self::CheckCharacter(expected) => ("check_character", expected.to_string()),
            Self::OddName(character) => ("odd_name", character.to_string()),
            Self::Formula(column) => ("formula", (*column).to_owned()),
            Self::NoResult(column) => ("no_result", (*column).to_owned()),
        }
    }
}

/// A row, judged by itself and by the rows above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Number of the row as Excel counts.
    pub row: u32,
    /// The credit code, cleaned; as it was typed, if it is none.
    pub uscc: String,
    /// The name, trimmed.
    pub name: String,
    /// What is wrong.
    pub finding: Option<Finding>,
}

/// Reads a file to its end and counts its rows; tells why it is not taken, also because other
/// sheets of a workbook hold enterprises too.
pub fn survey(file: impl Read + Seek) -> Result<u32, Untaken> {
    let mut rows = 0_u32;
    read(file, true, &mut |_| {
        rows = rows.saturating_add(1);
        ControlFlow::Continue(())
    })?;
    if rows == 0 { Err(Unread::Empty.into()) } else { Ok(rows) }
}

/// Hands over one judged row after another, of the sheet with the heading. What is kept of
/// those that passed is their credit code, 18 bytes.
pub fn each(file: impl Read + Seek, visit: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), Untaken> {
    read(file, false, visit)
}

fn read(
    file: impl Read + Seek,
    others: bool,
    visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
) -> Result<(), Untaken> {
    let mut above: Vec<Row> = Vec::new();
    let mut judge: Option<Judge> = None;
    sheet::each(file, Plan { limits: LIMITS, shape: SHAPE, others }, &mut |row| {
        if let Some(judge) = &mut judge {
            return visit(judge.judge(&row));
        }
        judge = Judge::of(&row.cells);
        above.push(row);
        if judge.is_none() && above.len() >= HEADING_WITHIN {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    match (judge, above.is_empty()) {
        (Some(_), _) => Ok(()),
        (None, true) => Err(Unread::Empty.into()),
        (None, false) => {
            let has = |names: &[&str]| above.iter().any(|row| headings::place(&row.cells, names).is_some());
            let missing = [(HEADINGS[0], headings::USCC), (HEADINGS[1], headings::NAME)];
            let missing: Vec<_> =
                missing.into_iter().filter(|(_, names)| !has(names)).map(|(name, _)| name).collect();
            // Both are there, but in two rows: that is no heading either.
            let missing = if missing.is_empty() { HEADINGS.to_vec() } else { missing };
            Err(Untaken::NoColumns { missing, is_wide: above.iter().any(|row| row.is_wide) })
        }
    }
}

struct Judge {
    uscc: usize,
    name: usize,
    seen: HashMap<[u8; 18], u32>,
}

impl Judge {
    fn of(heading: &[String]) -> Option<Self> {
        let (uscc, name) =
            (headings::place(heading, headings::USCC)?, headings::place(heading, headings::NAME)?);
        Some(Self { uscc, name, seen: HashMap::new() })
    }

    fn judge(&mut self, row: &Row) -> Entry {
        let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
        let (typed, name) = (unquoted(cell(self.uscc)), unquoted(cell(self.name)));
        let (uscc, of_uscc) = read_uscc(typed);
        let twice = uscc.as_ref().and_then(|uscc| self.seen.get(&key(uscc)).copied());
        let finding = match of_uscc {
            Some(error) if !error.is_warning() => Some(error),
            warning => twice.map(Finding::Twice).or_else(|| read_name(name, warning)),
        };
        let finding = self.of_formula(row, finding);
        if let (Some(uscc), true) = (&uscc, finding.as_ref().is_none_or(Finding::is_warning)) {
            self.seen.insert(key(uscc), row.number);
        }
        let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(SHOWN).collect::<String>();
        Entry {
            row: row.number,
            uscc: uscc.map_or_else(|| short(typed), |uscc| uscc.as_str().to_owned()),
            name: short(name),
            finding,
        }
    }
}

impl Judge {
    /// What is wrong with the result of a formula is the formula; one that fits may be old.
    fn of_formula(&self, row: &Row, finding: Option<Finding>) -> Option<Finding> {
        let is_formula = |column: usize| row.is_formula(column);
        match finding {
            Some(Finding::NoUscc | Finding::Length(_) | Finding::Character(..) | Finding::AsNumber)
                if is_formula(self.uscc) =>
            {
                Some(Finding::NoResult(HEADINGS[0]))
            }
            Some(Finding::NoName | Finding::NameLength(_) | Finding::NameHidden) if is_formula(self.name) => {
                Some(Finding::NoResult(HEADINGS[1]))
            }
            None if is_formula(self.uscc) => Some(Finding::Formula(HEADINGS[0])),
            None if is_formula(self.name) => Some(Finding::Formula(HEADINGS[1])),
            other => other,
        }
    }
}

/// Our own exports put an apostrophe before what a spreadsheet would work out.
fn unquoted(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if sheet::is_risky(rest) => rest,
        _ => cell,
    }
}

fn read_uscc(typed: &str) -> (Option<Uscc>, Option<Finding>) {
    match Uscc::parse(typed) {
        Ok((uscc, CheckCharacter::Fits)) => (Some(uscc), None),
        Ok((uscc, CheckCharacter::Differs { expected })) => {
            (Some(uscc), Some(Finding::CheckCharacter(expected)))
        }
        Err(_) if typed.contains(['e', 'E']) && typed.parse::<f64>().is_ok() => {
            (None, Some(Finding::AsNumber))
        }
        Err(UsccError::Length(0)) => (None, Some(Finding::NoUscc)),
        Err(UsccError::Length(found)) => (None, Some(Finding::Length(found))),
        Err(UsccError::Character { character, place }) => (None, Some(Finding::Character(character, place))),
    }
}

fn read_name(name: &str, warning: Option<Finding>) -> Option<Finding> {
    let count = name.chars().count();
    match Typed::line("name", name, 2, 100) {
        Err(_) if count == 0 => Some(Finding::NoName),
        Err(_) if !(2..=100).contains(&count) => Some(Finding::NameLength(count)),
        Err(_) => Some(Finding::NameHidden),
        Ok(_) => warning.or_else(|| name.chars().find(|c| is_odd(*c)).map(Finding::OddName)),
    }
}

/// Pictures and what comes with them (all of Unicode's `Extended_Pictographic`, in whole blocks where
/// names have nothing else of them), characters of private use, and the mark of a lost one.
const fn is_odd(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{200C}'..='\u{200D}' | '\u{203C}' | '\u{2049}' | '\u{20E3}'
        | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{24C2}'
        | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}'
        | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFFD}'
        | '\u{1F000}'..='\u{1FFFF}' | '\u{E0000}'..='\u{E007F}' | '\u{E000}'..='\u{F8FF}'
        | '\u{F0000}'..='\u{10FFFF}')
}

fn key(uscc: &Uscc) -> [u8; 18] {
    uscc.as_str().as_bytes().try_into().unwrap_or([0; 18])
}

#[cfg(test)]
mod tests;
