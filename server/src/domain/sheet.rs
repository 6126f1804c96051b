//! A table that somebody made in Excel or exported from another system, as rows
//! of text: CSV in UTF-8 or GBK, or XLSX. Only what stands in the cells counts;
//! formulas are not worked out. What is too large is refused while it is read, and
//! no number that a file claims is believed before it was counted.

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
pub const MOST_COLUMNS: usize = 40;
/// Characters of one cell.
const MOST_CELL: usize = 8_000;
/// The heading stands within so many rows from the top: a title may stand above it.
pub const HEADING_WITHIN: usize = 10;
/// Sheets named in one refusal.
const NAMED: usize = 5;

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The quotation mark that opens a cell in this row is not closed, or rows of the table are inside.
    Quote(u32),
    /// This row of a workbook comes after one with the same number, or a higher one.
    Order(u32),
    /// These sheets hold rows of such a table too.
    Sheets(Vec<String>),
}

impl Unread {
    /// What is wrong and what to do.
    #[must_use]
    pub fn words(&self) -> Text {
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
            Self::Quote(row) => Text::new(
                format!("第{row}行的英文引号没有成对，后面的行被当作同一单元格。请补上或删去引号后再导入。"),
                format!(
                    "A quotation mark in row {row} is not closed, so that the rows below it fall into one cell. Close it or take it away."
                ),
            ),
            Self::Order(row) => Text::new(
                format!("第{row}行的行号重复或倒序，文件不规范。请用Excel打开并另存后再导入。"),
                format!(
                    "Row {row} has a number that stood above already, or a lower one. Open the file in Excel and save it again."
                ),
            ),
            Self::Sheets(names) => {
                let more = if names.len() > NAMED { "…" } else { "" };
                let some = names.get(..NAMED.min(names.len())).unwrap_or_default();
                Text::new(
                    format!(
                        "工作簿有多张工作表含数据，只能导入一张。请把以下工作表合并到一张表，或分别另存后导入：{}{more}。",
                        some.join("、")
                    ),
                    format!(
                        "More than one sheet of the workbook has such rows, and one is taken. Put these into one sheet, or save each as a file: {}{more}.",
                        some.join(", ")
                    ),
                )
            }
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
    /// Which of the cells are formulas, a bit each.
    formulas: u64,
    /// Whether there is something beyond the last column looked at.
    pub is_wide: bool,
}

impl Row {
    const fn new(number: u32) -> Self {
        Self { number, cells: Vec::new(), formulas: 0, is_wide: false }
    }

    /// Whether the cell of this column, from 0, is a formula of a workbook.
    #[must_use]
    pub fn is_formula(&self, column: usize) -> bool {
        column < MOST_COLUMNS && self.formulas & (1 << column) != 0
    }
}

/// A heading and the rows below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Names of the columns.
    pub heading: Vec<String>,
    /// Rows that hold something.
    pub rows: Vec<Row>,
}

/// What a table is known by.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Whether these cells are its heading.
    pub heading: fn(&[String]) -> bool,
    /// Whether these cells must be one of its rows: nobody would look for them anywhere else.
    pub record: fn(&[String]) -> bool,
}

/// Any table: what stands on top is its heading.
pub const ANY: Shape = Shape { heading: |_| true, record: |_| false };

/// How large a table may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows below the heading that hold something.
    pub rows: usize,
    /// Cells of a sheet looked at, also those that are ignored.
    pub cells: usize,
    /// Bytes of what is read of a workbook, unpacked.
    pub unpacked: u64,
    /// Bytes of the texts that a workbook keeps beside its sheets: they are in memory.
    pub texts: usize,
    /// How many there are of those.
    pub strings: usize,
}

/// A table that fits into memory.
const SMALL: Limits = Limits {
    rows: MOST_ROWS,
    cells: 400_000,
    unpacked: 32 * 1024 * 1024,
    texts: 16 * 1024 * 1024,
    strings: 400_000,
};

/// How to read.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How large it may be.
    pub limits: Limits,
    /// What it is known by.
    pub shape: Shape,
    /// Whether the other sheets of a workbook are looked at too, so that no row is passed over unseen.
    pub others: bool,
}

/// Reads a file whole; its kind is seen from how it begins. What stands above the heading is left out.
pub fn read(bytes: &[u8], shape: Shape) -> Result<Sheet, Unread> {
    let mut rows = Vec::new();
    each(Cursor::new(bytes), Plan { limits: SMALL, shape, others: true }, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    let above = rows.iter().take(HEADING_WITHIN).position(|row| (shape.heading)(&row.cells));
    rows.drain(..above.unwrap_or_default());
    if rows.len() < 2 {
        return Err(Unread::Empty);
    }
    let heading = rows.remove(0).cells;
    Ok(Sheet { heading, rows })
}

/// Hands over one row after another that holds something, what stands above the heading first;
/// of a CSV file no more than a piece is in memory, of a workbook its texts. Of several sheets
/// it is the first one that has the heading.
pub fn each(mut file: impl Read + Seek, plan: Plan, visit: Visit<'_>) -> Result<(), Unread> {
    let mut start = [0; 4];
    let is_archive = file.read_exact(&mut start).is_ok() && start == *b"PK\x03\x04";
    file.seek(SeekFrom::Start(0)).map_err(|_| Unread::Damaged)?;
    if is_archive { xlsx::each(file, plan, visit) } else { csv::each(file, plan, visit) }
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

/// A cell on its way into a row.
#[derive(Clone, Copy)]
struct Place {
    /// From 1.
    row: u32,
    /// From 0.
    column: usize,
    is_formula: bool,
}

/// Puts cells together to rows, within the limits.
struct Rows<'a> {
    visit: Visit<'a>,
    most: usize,
    seen: usize,
    row: Option<Row>,
}

impl<'a> Rows<'a> {
    fn new(visit: Visit<'a>, most: usize) -> Self {
        Self { visit, most, seen: 0, row: None }
    }

    fn set(&mut self, place: Place, text: &str) -> Result<ControlFlow<()>, Unread> {
        if self.row.as_ref().is_some_and(|row| row.number != place.row) && self.flush()?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let row = self.row.get_or_insert_with(|| Row::new(place.row));
        let text = text.trim();
        if place.column >= MOST_COLUMNS {
            row.is_wide |= !text.is_empty();
            return Ok(ControlFlow::Continue(()));
        }
        if row.cells.len() <= place.column {
            row.cells.resize(place.column + 1, String::new());
        }
        if let Some(cell) = row.cells.get_mut(place.column) {
            *cell = text.chars().take(MOST_CELL).collect();
        }
        row.formulas |= u64::from(place.is_formula) << place.column;
        Ok(ControlFlow::Continue(()))
    }

    fn flush(&mut self) -> Result<ControlFlow<()>, Unread> {
        let Some(row) = self.row.take() else { return Ok(ControlFlow::Continue(())) };
        if row.formulas == 0 && row.cells.iter().all(String::is_empty) {
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
