//! A table that somebody made in Excel or exported from another system, as rows
//! of text: CSV in UTF-8 or GBK, or XLSX. Only what stands in the cells counts;
//! formulas are not worked out. What is too large is refused while it is read.

mod csv;
mod xlsx;

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
    /// More than [`MOST_ROWS`] rows.
    TooManyRows,
    /// Nothing below the heading.
    Empty,
}

impl Unread {
    /// What is wrong and what to do.
    #[must_use]
    pub fn words(self) -> Text {
        match self {
            Self::Unknown => Text::new(
                "不是CSV或XLSX文件,请另存为其中一种格式。",
                "This is neither CSV nor XLSX; save it as one of them.",
            ),
            Self::Encoding => Text::new(
                "文件编码不是UTF-8或GBK,请另存为“CSV UTF-8”。",
                "The text is neither UTF-8 nor GBK; save it as “CSV UTF-8”.",
            ),
            Self::Damaged => Text::new("文件已损坏,无法读取。", "The file is damaged and cannot be read."),
            Self::Oversized => Text::new(
                "文件内容过大,请拆分后再导入。",
                "There is too much in the file; split it and import the parts.",
            ),
            Self::TooManyRows => Text::new(
                format!("超过{MOST_ROWS}行,请拆分后再导入。"),
                format!("More than {MOST_ROWS} rows; split the file and import the parts."),
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

/// Reads a file; its kind is seen from how it begins.
pub fn read(bytes: &[u8]) -> Result<Sheet, Unread> {
    let mut rows = if bytes.starts_with(b"PK\x03\x04") {
        xlsx::rows(bytes)?
    } else if bytes.contains(&0) {
        return Err(Unread::Unknown);
    } else {
        csv::rows(bytes)?
    };
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    if rows.len() < 2 {
        return Err(Unread::Empty);
    }
    let heading = rows.remove(0).cells;
    Ok(Sheet { heading, rows })
}

/// Collects rows within the limits.
struct Rows(Vec<Row>);

impl Rows {
    fn set(&mut self, number: u32, column: usize, text: &str) -> Result<(), Unread> {
        if column >= MOST_COLUMNS {
            return Ok(());
        }
        if self.0.last().is_none_or(|last| last.number != number) {
            if self.0.len() > MOST_ROWS {
                return Err(Unread::TooManyRows);
            }
            self.0.push(Row { number, cells: Vec::new() });
        }
        let Some(row) = self.0.last_mut() else { return Ok(()) };
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = text.trim().chars().take(MOST_CELL).collect();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
