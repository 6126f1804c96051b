//! Tables as files for a spreadsheet. A cell that a spreadsheet would take for a
//! formula is made text.

use crate::domain::sheet::plain;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// CSV.
    #[error("csv: {0}")]
    Csv(#[from] csv::Error),
    /// XLSX.
    #[error("xlsx: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The buffer.
    #[error("buffer: {0}")]
    Buffer(String),
}

/// Headings, then rows.
pub type Table = Vec<Vec<String>>;

/// CSV with the mark by which Excel knows UTF-8.
pub fn csv(table: &Table) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer("\u{FEFF}".as_bytes().to_vec());
    for line in table {
        writer.write_record(line.iter().map(|cell| plain(cell)))?;
    }
    writer.into_inner().map_err(|error| ExportError::Buffer(error.to_string()))
}

/// A workbook of one sheet: headings stay in sight and can be filtered.
pub fn xlsx(table: &Table) -> Result<Vec<u8>, ExportError> {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (row, line) in (0_u32..).zip(table) {
        for (column, cell) in (0_u16..).zip(line) {
            if row == 0 {
                sheet.write_string_with_format(row, column, cell, &bold)?;
            } else {
                sheet.write_string(row, column, plain(cell))?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let columns = table.first().map_or(0, Vec::len);
    let (last, end) = (table.len().saturating_sub(1), columns.saturating_sub(1));
    if let (Ok(last), Ok(end)) = (u32::try_from(last), u16::try_from(end)) {
        sheet.autofilter(0, 0, last, end)?;
    }
    sheet.autofit();
    Ok(book.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::{csv, xlsx};
    use crate::domain::sheet::plain;

    #[test]
    fn no_cell_is_a_formula() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\u{FF1D}HYPERLINK(1)",
            "\u{FF20}x",
            "\u{FF0B}1",
            "\u{FF0D}1",
        ] {
            assert_eq!(plain(bad), format!("'{bad}"));
        }
        assert_eq!(plain("湖州示例有限公司"), "湖州示例有限公司");
    }

    #[test]
    fn excel_is_told_that_it_is_utf8_and_quotes_are_doubled() {
        let table =
            vec![vec!["a".to_owned(), "b".to_owned()], vec!["=1".to_owned(), "说\"好\",的".to_owned()]];
        let text = String::from_utf8(csv(&table).unwrap()).unwrap();
        assert_eq!(text, "\u{FEFF}a,b\n'=1,\"说\"\"好\"\",的\"\n");
        assert!(xlsx(&table).unwrap().starts_with(b"PK"));
    }
}
