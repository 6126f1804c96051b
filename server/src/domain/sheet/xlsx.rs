//! XLSX is a ZIP: it is unpacked once into nothing, and counted, before any of
//! it is kept. Cells are read one by one, so that a cell far away costs nothing.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};

use super::{Row, Rows, Unread};

/// Bytes of everything inside, unpacked.
const MOST_UNPACKED: u64 = 32 * 1024 * 1024;
/// Files inside.
const MOST_PARTS: usize = 500;
/// Cells looked at, also those that are ignored.
const MOST_CELLS: usize = 400_000;

pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, Unread> {
    weigh(bytes)?;
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| Unread::Damaged)?;
    let first = book.sheet_names().into_iter().next().ok_or(Unread::Empty)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| Unread::Damaged)?;
    let mut rows = Rows(Vec::new());
    for count in 0.. {
        let Some(cell) = cells.next_cell().map_err(|_| Unread::Damaged)? else { break };
        if count >= MOST_CELLS {
            return Err(Unread::Oversized);
        }
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if !text.is_empty() {
            rows.set(row.saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX), &text)?;
        }
    }
    Ok(rows.0)
}

/// What an archive says of its sizes may be a lie, so it is unpacked and counted.
fn weigh(bytes: &[u8]) -> Result<(), Unread> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unread::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Unread::Oversized);
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Unread::Damaged)?;
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| Unread::Damaged)?;
        left = left.checked_sub(unpacked).ok_or(Unread::Oversized)?;
    }
    Ok(())
}

/// A number without a useless fraction: Excel keeps telephone numbers as floats.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTime(moment) => moment.to_string(),
    }
}
