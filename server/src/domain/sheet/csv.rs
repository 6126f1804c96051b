//! CSV: UTF-8, or the GBK that a Chinese Excel writes; comma, semicolon or tab. A
//! quotation mark that is never closed makes one cell of all that follows it: such a
//! file is refused, and the row is named.

use std::{
    io::{Read, Seek, SeekFrom},
    ops::ControlFlow,
};

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::{HEADING_WITHIN, MOST_CELL, Place, Plan, Rows, Shape, Unread, Visit, decoded::Decoded};

/// Bytes read at once; the first ones show what stands between cells.
const PIECE: usize = 64 * 1024;
/// Bytes kept of a cell, and of a line inside one.
const MOST: usize = 4 * MOST_CELL;

pub(super) fn each(mut file: impl Read + Seek, plan: Plan, visit: Visit<'_>) -> Result<(), Unread> {
    let encoding = encoding(&mut file)?;
    rewind(&mut file)?;
    let mut start = Vec::new();
    let piece = PIECE.try_into().unwrap_or(u64::MAX);
    drop(Decoded::new(&mut file, encoding).take(piece).read_to_end(&mut start));
    let mark = mark(&start, plan.shape);
    rewind(&mut file)?;
    let mut rows = Rows::new(visit, plan.limits.rows);
    let mut cells = Cells::new(mark, plan.shape.record);
    let mut text = Decoded::new(file, encoding);
    let mut piece = vec![0; PIECE];
    loop {
        let read = text.read(&mut piece).map_err(|_| Unread::Damaged)?;
        let Some(some) = piece.get(..read).filter(|_| read > 0) else { break };
        for byte in some {
            if cells.push(*byte, &mut |place, text| rows.set(place, text))?.is_break() {
                return Ok(());
            }
        }
    }
    if cells.end(&mut |place, text| rows.set(place, text))?.is_continue() {
        rows.flush().map(drop)?;
    }
    Ok(())
}

fn rewind(file: &mut impl Seek) -> Result<(), Unread> {
    file.seek(SeekFrom::Start(0)).map(drop).map_err(|_| Unread::Damaged)
}

/// A text that is UTF-8 as a whole is UTF-8: GBK never is, but by accident of a few letters.
fn encoding(file: &mut (impl Read + Seek)) -> Result<&'static Encoding, Unread> {
    for encoding in [UTF_8, GB18030] {
        rewind(file)?;
        if Decoded::new(&mut *file, encoding).holds_throughout()? {
            return Ok(encoding);
        }
    }
    Err(Unread::Encoding)
}

/// The mark that makes a heading of one of the first rows; otherwise the one that makes most cells.
fn mark(start: &[u8], shape: Shape) -> u8 {
    // Of equals the last one counts.
    [b'\t', b';', b','].into_iter().max_by_key(|mark| looks(start, *mark, shape)).unwrap_or(b',')
}

/// Whether there is a heading, and how many cells it has; without one, the widest row.
fn looks(start: &[u8], mark: u8, shape: Shape) -> (bool, usize) {
    let (mut best, mut seen) = ((false, 0), 0);
    let mut look = |row: super::Row| {
        seen += 1;
        let found = (shape.heading)(&row.cells);
        best = best.max((found, row.cells.len()));
        if found || seen >= HEADING_WITHIN { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut rows = Rows::new(&mut look, HEADING_WITHIN);
    let mut cells = Cells::new(mark, |_| false);
    let mut set = |place: Place, text: &str| rows.set(place, text);
    // What is wrong with it is told when it is read.
    let over = start.iter().any(|byte| !matches!(cells.push(*byte, &mut set), Ok(ControlFlow::Continue(()))));
    if !over && matches!(cells.end(&mut set), Ok(ControlFlow::Continue(()))) {
        drop(rows.flush());
    }
    best
}

type Set<'a> = &'a mut dyn FnMut(Place, &str) -> Result<ControlFlow<()>, Unread>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first character of a cell.
    Before,
    Plain,
    Quoted,
    /// After a quotation mark inside a quoted cell: its end, or half of a doubled one.
    Closing,
}

/// Takes a text apart, byte by byte.
struct Cells {
    mark: u8,
    record: fn(&[String]) -> bool,
    state: State,
    /// Row, as Excel counts: a cell with line breaks is one, an empty line too.
    row: u32,
    column: usize,
    /// The byte before ended a row and was `\r`.
    after_return: bool,
    cell: Vec<u8>,
    /// The last line of a quoted cell, if it has more than one.
    line: Option<Vec<u8>>,
}

impl Cells {
    const fn new(mark: u8, record: fn(&[String]) -> bool) -> Self {
        Self {
            mark,
            record,
            state: State::Before,
            row: 1,
            column: 0,
            after_return: false,
            cell: Vec::new(),
            line: None,
        }
    }

    fn push(&mut self, byte: u8, set: Set<'_>) -> Result<ControlFlow<()>, Unread> {
        let after_return = std::mem::take(&mut self.after_return);
        match (self.state, byte) {
            (State::Quoted, b'"') => self.state = State::Closing,
            (State::Quoted, _) => self.inside(byte)?,
            (State::Closing, b'"') => {
                self.state = State::Quoted;
                self.inside(byte)?;
            }
            (State::Before, b'"') => self.state = State::Quoted,
            (State::Before, b'\n') if after_return && self.column == 0 => {}
            (_, b'\n' | b'\r') => {
                self.after_return = byte == b'\r';
                // An empty line has no cell, and is counted.
                let is_empty = self.state == State::Before && self.column == 0;
                let flow = if is_empty { ControlFlow::Continue(()) } else { self.finish(set)? };
                (self.row, self.column) = (self.row.saturating_add(1), 0);
                return Ok(flow);
            }
            (_, byte) if byte == self.mark => {
                let flow = self.finish(set)?;
                self.column += 1;
                return Ok(flow);
            }
            // Nothing follows the end of a quotation, but where it is the beginning of another.
            (State::Closing, _) if self.line.is_some() => return Err(Unread::Quote(self.row)),
            _ => {
                self.state = State::Plain;
                self.keep(byte);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// A byte of a quoted cell.
    fn inside(&mut self, byte: u8) -> Result<(), Unread> {
        self.keep(byte);
        if byte == b'\n' || byte == b'\r' {
            self.look()?;
            self.line = Some(Vec::new());
        } else if let Some(line) = self.line.as_mut().filter(|line| line.len() < MOST) {
            line.push(byte);
        }
        Ok(())
    }

    /// Refuses a line inside a cell that is a row of the table.
    fn look(&self) -> Result<(), Unread> {
        let Some(line) = &self.line else { return Ok(()) };
        let text = String::from_utf8_lossy(line);
        let cells: Vec<String> =
            text.split(char::from(self.mark)).map(|cell| cell.trim().to_owned()).collect();
        if cells.len() > 1 && (self.record)(&cells) { Err(Unread::Quote(self.row)) } else { Ok(()) }
    }

    fn keep(&mut self, byte: u8) {
        if self.cell.len() < MOST {
            self.cell.push(byte);
        }
    }

    fn finish(&mut self, set: Set<'_>) -> Result<ControlFlow<()>, Unread> {
        if self.state == State::Closing {
            self.look()?;
        }
        self.state = State::Before;
        self.line = None;
        let place = Place { row: self.row, column: self.column, is_formula: false };
        let flow = set(place, &String::from_utf8_lossy(&self.cell));
        self.cell.clear();
        flow
    }

    fn end(&mut self, set: Set<'_>) -> Result<ControlFlow<()>, Unread> {
        match self.state {
            State::Quoted => Err(Unread::Quote(self.row)),
            State::Before if self.column == 0 => Ok(ControlFlow::Continue(())),
            _ => self.finish(set),
        }
    }
}
