//! A table that somebody made in Excel or exported from another system, as rows
//! of text: CSV in UTF-8 or GBK, or XLSX. Only what stands in the cells counts;
//! formulas are not worked out. What is too large is refused while it is read.

mod csv;
mod decoded;
mod xlsx;

use std::{
    io::{Cursor, Read, Seek, SeekFrom},
    ops::ControlFlow,
};

use qiyema_protocol::text::Text;

/// Bytes of one file.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// Rows below the heading.
pub const MOST_ROWS: usize = 5_000;
/// Columns looked at; more are ignored.
const MOST_COLUMNS: usize = 40;
/// Characters of one cell.
const MOST_CELL: usize = 8_000;

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Neither CSV nor XLSX.
    Unknown,
    /// Not in UTF-8 and not in GBK.
    Encoding,
    /// Broken.
    Damaged,
    /// Unpacks to more than anybody types.
    Oversized,
    /// More rows than this.
    TooManyRows(usize),
    /// Nothing below the heading.
    Empty,
}

impl Unread {
    /// What is wrong and what to do.
    #[must_use]
    pub fn words(self) -> Text {
        match self {
            Self::Unknown => Text::new(
                "不是CSV或XLSX文件，请另存为其中一种格式。",
                "This is neither CSV nor XLSX; save it as one of them.",
            ),
            Self::Encoding => Text::new(
                "文件编码不是UTF-8或GBK，请另存为“CSV UTF-8”。",
                "The text is neither UTF-8 nor GBK; save it as “CSV UTF-8”.",
            ),
            Self::Damaged => Text::new("文件已损坏，无法读取。", "The file is damaged and cannot be read."),
            Self::Oversized => Text::new(
                "文件内容过大，请拆分后再导入。",
                "There is too much in the file; split it and import the parts.",
            ),
            Self::TooManyRows(most) => Text::new(
                format!("超过{most}行，请拆分后再导入。"),
                format!("More than {most} rows; split the file and import the parts."),
            ),
            Self::Empty => Text::new("表中没有数据行。", "There are no rows below the heading."),
        }
    }
}

/// A row: its number as Excel shows it, and its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// From 1; the heading is row 1.
    pub number: u32,
    /// Cells, trimmed.
    pub cells: Vec<String>,
}

/// A heading and the rows below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Names of the columns.
    pub heading: Vec<String>,
    /// Rows that hold something.
    pub rows: Vec<Row>,
}

/// How large a table may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows below the heading that hold something.
    pub rows: usize,
    /// Cells of a workbook looked at, also those that are ignored.
    pub cells: usize,
    /// Bytes of everything inside a workbook, unpacked.
    pub unpacked: u64,
}

/// A table that fits into memory.
const SMALL: Limits = Limits { rows: MOST_ROWS, cells: 400_000, unpacked: 32 * 1024 * 1024 };

/// Reads a file whole; its kind is seen from how it begins.
pub fn read(bytes: &[u8]) -> Result<Sheet, Unread> {
    let mut rows = Vec::new();
    each(Cursor::new(bytes), SMALL, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    if rows.len() < 2 {
        return Err(Unread::Empty);
    }
    let heading = rows.remove(0).cells;
    Ok(Sheet { heading, rows })
}

/// Hands over one row after another that holds something, the heading first; of
/// a CSV file no more than a piece is in memory, of a workbook its texts.
pub fn each(mut file: impl Read + Seek, limits: Limits, visit: Visit<'_>) -> Result<(), Unread> {
    let mut start = [0; 4];
    let is_archive = file.read_exact(&mut start).is_ok() && start == *b"PK\x03\x04";
    file.seek(SeekFrom::Start(0)).map_err(|_| Unread::Damaged)?;
    let mut rows = Rows { visit, most: limits.rows, seen: 0, row: None };
    let end = if is_archive { xlsx::rows(file, limits, &mut rows)? } else { csv::rows(file, &mut rows)? };
    if end.is_continue() { rows.flush().map(drop) } else { Ok(()) }
}

/// Whether a spreadsheet would work this cell out as a formula.
#[must_use]
pub fn is_risky(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'])
}

/// A cell that no spreadsheet computes.
#[must_use]
pub fn plain(cell: &str) -> String {
    if is_risky(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// Whoever takes rows; he may have had enough.
pub type Visit<'a> = &'a mut dyn FnMut(Row) -> ControlFlow<()>;

/// Puts cells together to rows, within the limits.
struct Rows<'a> {
    visit: Visit<'a>,
    most: usize,
    seen: usize,
    row: Option<Row>,
}

impl Rows<'_> {
    fn set(&mut self, number: u32, column: usize, text: &str) -> Result<ControlFlow<()>, Unread> {
        if column >= MOST_COLUMNS {
            return Ok(ControlFlow::Continue(()));
        }
        if self.row.as_ref().is_some_and(|row| row.number != number) && self.flush()?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let row = self.row.get_or_insert_with(|| Row { number, cells: Vec::new() });
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = text.trim().chars().take(MOST_CELL).collect();
        }
        Ok(ControlFlow::Continue(()))
    }

    fn flush(&mut self) -> Result<ControlFlow<()>, Unread> {
        let Some(row) = self.row.take() else { return Ok(ControlFlow::Continue(())) };
        if row.cells.iter().all(String::is_empty) {
            return Ok(ControlFlow::Continue(()));
        }
        if self.seen > self.most {
            return Err(Unread::TooManyRows(self.most));
        }
        self.seen += 1;
        Ok((self.visit)(row))
    }
}

#[cfg(test)]
mod tests;
