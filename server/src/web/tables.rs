//! Long tables as files: CSV sent page by page as it is read, a workbook written to
//! the disk row by row and sent from there. Neither is ever whole in memory, and no
//! cell is a formula.

use actix_web::{HttpResponse, body::SizedStream, http::header, web::Bytes};
use futures_util::{StreamExt, stream};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::{problem::Refusal, refusals::internal, uploads};
use crate::{actions::Refused, domain::sheet};

/// The mark by which Excel knows UTF-8.
pub const MARK: &str = "\u{feff}";
/// Rows below the heading that a sheet can hold.
const MOST_ROWS: u32 = 1_048_575;

/// Width of a column in characters: rows are gone to the disk before one knows the longest.
const COLUMN: f64 = 18.0;

/// Lines of CSV.
pub fn lines_of(lines: Vec<Vec<String>>) -> Bytes {
    let mut out = csv::Writer::from_writer(Vec::new());
    for line in lines {
        // To memory: it cannot fail.
        drop(out.write_record(line.iter().map(|cell| sheet::plain(cell))));
    }
    Bytes::from(out.into_inner().unwrap_or_default())
}

/// A heading, and pages of lines as they are read.
pub fn csv(
    name: &str,
    head: &str,
    pages: impl stream::Stream<Item = Result<Bytes, std::io::Error>> + 'static,
) -> HttpResponse {
    let head = Bytes::from(head.to_owned());
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .streaming(stream::once(async move { Ok(head) }).chain(pages))
}

/// A workbook in the making. What one sheet does not hold goes on in the next, under
/// the same heading: nothing is left out.
pub struct Book {
    writer: Workbook,
    head: Vec<String>,
    sheet: usize,
    line: u32,
    most: u32,
}

impl Book {
    /// With its heading.
    pub fn new(head: &[&str]) -> Result<Self, Refused> {
        Self::of_sheets(head, MOST_ROWS)
    }

    /// The same with sheets of so many rows.
    fn of_sheets(head: &[&str], most: u32) -> Result<Self, Refused> {
        let mut writer = Workbook::new();
        writer.add_worksheet_with_constant_memory().map_err(broken)?;
        let head: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
        let mut own = Self { writer, head, sheet: 0, line: 0, most };
        own.headed()?;
        Ok(own)
    }

    /// One more row.
    pub fn row(&mut self, cells: &[String]) -> Result<(), Refused> {
        if self.line >= self.most {
            self.writer.add_worksheet_with_constant_memory().map_err(broken)?;
            (self.sheet, self.line) = (self.sheet + 1, 0);
            self.headed()?;
        }
        self.line += 1;
        self.write(cells)
    }

    /// The heading of a sheet, which stays in sight.
    fn headed(&mut self) -> Result<(), Refused> {
        let bold = Format::new().set_bold();
        let sheet = self.writer.worksheet_from_index(self.sheet).map_err(broken)?;
        sheet.set_freeze_panes(1, 0).map_err(broken)?;
        for (column, cell) in (0_u16..).zip(&self.head) {
            sheet.set_column_width(column, COLUMN).map_err(broken)?;
            sheet.write_string_with_format(0, column, sheet::plain(cell), &bold).map_err(broken)?;
        }
        Ok(())
    }

    fn write(&mut self, cells: &[String]) -> Result<(), Refused> {
        let sheet = self.writer.worksheet_from_index(self.sheet).map_err(broken)?;
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(self.line, column, sheet::plain(cell)).map_err(broken)?;
        }
        Ok(())
    }

    /// On the disk, without a name.
    pub fn file(mut self) -> Result<std::fs::File, Refused> {
        let file = tempfile::tempfile().map_err(crate::store::unfit)?;
        self.writer.save_to_writer(file.try_clone().map_err(crate::store::unfit)?).map_err(broken)?;
        Ok(file)
    }
}

fn broken(error: XlsxError) -> Refused {
    crate::store::unfit(error).into()
}

/// Sends a workbook from the disk.
pub fn workbook(name: &str, mut file: std::fs::File) -> Result<HttpResponse, Refusal> {
    std::io::Seek::rewind(&mut file).map_err(|error| internal(&error))?;
    let size = file.metadata().map_err(|error| internal(&error))?.len();
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(SizedStream::new(size, uploads::chunks(file).boxed_local())))
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Seek};

    use calamine::{Reader, Xlsx};

    use super::Book;

    #[test]
    fn what_one_sheet_does_not_hold_goes_on_in_the_next() {
        let mut book = Book::of_sheets(&["编号", "事项"], 2).unwrap();
        for number in 1..=5 {
            book.row(&[number.to_string(), "办结".to_owned()]).unwrap();
        }
        let mut file = book.file().unwrap();
        file.rewind().unwrap();
        let mut read: Xlsx<_> = Xlsx::new(BufReader::new(file)).unwrap();
        let (mut heads, mut rows) = (0, Vec::new());
        for (_, sheet) in read.worksheets() {
            let mut lines = sheet.rows().map(|line| line[0].to_string());
            assert_eq!(lines.next().as_deref(), Some("编号"));
            heads += 1;
            rows.extend(lines);
        }
        assert_eq!((heads, rows.join(" ")), (3, "1 2 3 4 5".to_owned()));
    }
}
