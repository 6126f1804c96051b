//! XLSX is a ZIP: it is unpacked once into nothing, and counted, before any of
//! it is kept. Cells are read one by one, so that a cell far away costs nothing.

use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::ControlFlow,
};

use calamine::{DataRef, Reader, Xlsx};

use super::{Limits, Rows, Unread};

/// Files inside.
const MOST_PARTS: usize = 500;

pub(super) fn rows<R: Read + Seek>(
    file: R,
    limits: Limits,
    rows: &mut Rows<'_>,
) -> Result<ControlFlow<()>, Unread> {
    let mut file = io::BufReader::new(file);
    weigh(&mut file, limits.unpacked)?;
    file.seek(SeekFrom::Start(0)).map_err(|_| Unread::Damaged)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(file).map_err(|_| Unread::Damaged)?;
    let first = book.sheet_names().into_iter().next().ok_or(Unread::Empty)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| Unread::Damaged)?;
    for count in 0.. {
        let Some(cell) = cells.next_cell().map_err(|_| Unread::Damaged)? else { break };
        if count >= limits.cells {
            return Err(Unread::Oversized);
        }
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if !text.is_empty() && rows.set(row.saturating_add(1), column, &text)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// What an archive says of its sizes may be a lie, so it is unpacked and counted.
fn weigh(file: impl Read + Seek, most: u64) -> Result<(), Unread> {
    let mut archive = zip::ZipArchive::new(file).map_err(|_| Unread::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Unread::Oversized);
    }
    let mut left = most;
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
        // Written so that nobody takes it for the digits that were typed: a number keeps fifteen.
        DataRef::Float(number) if number.abs() >= 1e15 => format!("{number:e}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTime(moment) => moment.to_string(),
    }
}
