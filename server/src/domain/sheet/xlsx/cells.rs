//! The cells of a sheet, one by one, so that a cell far away costs nothing. Rows
//! that do not come in their order are refused: of two with one number, one would
//! be lost.

use std::{borrow::Cow, io::Read, ops::ControlFlow};

use quick_xml::events::{BytesStart, Event};

use super::{
    super::{Place, Unread},
    part::{Xml, add, attribute, referred, unescaped},
    strings::{Item, Strings},
};

/// Rows and columns of a sheet.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: usize = 16_384;

type Set<'a> = &'a mut dyn FnMut(Place, &str) -> Result<ControlFlow<()>, Unread>;

/// Hands over every cell that holds something, or a formula that nobody worked out.
pub(super) fn each(
    xml: &mut Xml<impl Read>,
    strings: &Strings,
    most: usize,
    set: Set<'_>,
) -> Result<ControlFlow<()>, Unread> {
    let mut at = At::default();
    let (mut cell, mut seen, mut inside) = (None, 0_usize, false);
    loop {
        let event = xml.event()?;
        match &event {
            Event::Eof => return Err(Unread::Damaged),
            Event::Start(start) if !inside => inside = start.local_name().as_ref() == "sheetData",
            _ if !inside => {}
            Event::Start(start) => match start.local_name().as_ref() {
                "row" => at.row(attribute(start, "r")?.as_deref())?,
                "c" => {
                    cell = Some(Cell::begin(start, &mut at)?);
                    seen += 1;
                    if seen > most {
                        return Err(Unread::Oversized);
                    }
                }
                _ => cell.as_mut().map_or(Ok(()), |cell| cell.take(&event))?,
            },
            Event::End(end) => match end.local_name().as_ref() {
                "sheetData" => return Ok(ControlFlow::Continue(())),
                "c" => {
                    let Some(cell) = cell.take() else { continue };
                    let text = cell.text(strings)?;
                    let is_formula = cell.is_formula;
                    // A formula that says nothing is an empty cell; one without a result is none.
                    if text.is_empty() && !cell.lacks_result() {
                        continue;
                    }
                    let place = Place { row: at.row, column: cell.column, is_formula };
                    if set(place, &text)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                _ => cell.as_mut().map_or(Ok(()), |cell| cell.take(&event))?,
            },
            _ => cell.as_mut().map_or(Ok(()), |cell| cell.take(&event))?,
        }
    }
}

/// Where we are: both from 1, 0 before the first.
#[derive(Default)]
struct At {
    row: u32,
    column: usize,
    /// The row's number was said, or seen in one of its cells.
    is_known: bool,
}

impl At {
    fn row(&mut self, number: Option<&str>) -> Result<(), Unread> {
        let above = self.row;
        self.row = match number {
            Some(number) => number.trim().parse().map_err(|_| Unread::Damaged)?,
            None => above + 1,
        };
        (self.is_known, self.column) = (number.is_some(), 0);
        self.check(above)
    }

    fn check(&self, above: u32) -> Result<(), Unread> {
        match self.row {
            row if row > MOST_ROWS => Err(Unread::Damaged),
            row if row <= above => Err(Unread::Order(row)),
            _ => Ok(()),
        }
    }

    /// Moves to the next cell, or to the one that is named.
    fn cell(&mut self, name: Option<&str>) -> Result<(), Unread> {
        let before = self.column;
        match name {
            None => self.column += 1,
            Some(name) => {
                let (column, row) = named(name).ok_or(Unread::Damaged)?;
                self.column = column;
                if row != self.row {
                    if self.is_known {
                        return Err(Unread::Order(self.row));
                    }
                    let above = self.row.saturating_sub(1);
                    self.row = row;
                    self.check(above)?;
                }
            }
        }
        self.is_known = true;
        if self.column > MOST_COLUMNS {
            return Err(Unread::Damaged);
        }
        if self.column <= before { Err(Unread::Order(self.row)) } else { Ok(()) }
    }
}

/// `AB12` is column 28 of row 12.
fn named(name: &str) -> Option<(usize, u32)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let value = |byte: u8| usize::from(byte.to_ascii_uppercase() - b'A') + 1;
    Some((letters.bytes().fold(0, |column, byte| column * 26 + value(byte)), digits.parse().ok()?))
}

struct Cell {
    /// From 0.
    column: usize,
    kind: String,
    value: Option<String>,
    is_value: bool,
    is_formula: bool,
    inline: Option<Item>,
}

impl Cell {
    fn begin(start: &BytesStart<'_>, at: &mut At) -> Result<Self, Unread> {
        at.cell(attribute(start, "r")?.as_deref())?;
        Ok(Self {
            column: at.column - 1,
            kind: attribute(start, "t")?.unwrap_or_default(),
            value: None,
            is_value: false,
            is_formula: false,
            inline: None,
        })
    }

    fn take(&mut self, event: &Event<'_>) -> Result<(), Unread> {
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                "f" => self.is_formula = true,
                "v" => {
                    self.is_value = true;
                    self.value = Some(String::new());
                }
                "is" => self.inline = Some(Item::default()),
                _ => {}
            },
            Event::End(end) if end.local_name().as_ref() == "v" => self.is_value = false,
            Event::Text(text) if self.is_value => self.add(&text.xml10_content()),
            Event::CData(text) if self.is_value => self.add(&text.xml10_content()),
            Event::GeneralRef(entity) if self.is_value => {
                self.add(referred(entity)?.encode_utf8(&mut [0; 4]));
            }
            _ => {}
        }
        self.inline.as_mut().map_or(Ok(()), |inline| inline.take(event))
    }

    fn add(&mut self, more: &str) {
        add(self.value.get_or_insert_default(), 0, more);
    }

    /// Nobody worked it out, or it came to an error.
    fn lacks_result(&self) -> bool {
        self.is_formula && (self.kind == "e" || self.value.is_none() && self.inline.is_none())
    }

    fn text<'s>(&'s self, strings: &'s Strings) -> Result<Cow<'s, str>, Unread> {
        if let Some(inline) = &self.inline {
            return Ok(unescaped(&inline.text));
        }
        let value = self.value.as_deref().unwrap_or_default();
        Ok(match &*self.kind {
            // An error such as #N/A holds nothing.
            "e" => Cow::Borrowed(""),
            _ if value.trim().is_empty() => Cow::Borrowed(""),
            "s" => {
                let index = value.trim().parse().map_err(|_| Unread::Damaged)?;
                Cow::Borrowed(strings.get(index).ok_or(Unread::Damaged)?)
            }
            "b" => {
                Cow::Borrowed(if value.trim() == "0" || value.trim() == "false" { "false" } else { "true" })
            }
            "" | "n" => number(value),
            _ => unescaped(value),
        })
    }
}

/// A number without a useless fraction: Excel keeps telephone numbers as floats.
fn number(value: &str) -> Cow<'_, str> {
    match value.trim().parse::<f64>() {
        Ok(number) if !number.is_finite() => Cow::Borrowed(value),
        Ok(number) if number.fract() == 0.0 && number.abs() < 1e15 => Cow::Owned(format!("{number:.0}")),
        // Written so that nobody takes it for the digits that were typed: a number keeps fifteen.
        Ok(number) if number.abs() >= 1e15 => Cow::Owned(format!("{number:e}")),
        Ok(number) => Cow::Owned(number.to_string()),
        Err(_) => Cow::Borrowed(value),
    }
}
