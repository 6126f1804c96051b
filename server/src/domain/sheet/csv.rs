//! CSV: UTF-8, or the GBK that a Chinese Excel writes; comma, semicolon or tab.

use std::{
    io::{Read, Seek, SeekFrom},
    ops::ControlFlow,
};

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::{Rows, Unread, decoded::Decoded};

/// Bytes of the first line that are looked at for the mark between cells.
const FIRST_LINE: usize = 4 * 1024;

pub(super) fn rows(mut file: impl Read + Seek, rows: &mut Rows<'_>) -> Result<ControlFlow<()>, Unread> {
    let encoding = encoding(&mut file)?;
    rewind(&mut file)?;
    let delimiter = delimiter(Decoded::new(&mut file, encoding));
    rewind(&mut file)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Decoded::new(file, encoding));
    let mut record = csv::StringRecord::new();
    let mut number = 0_u32;
    while reader.read_record(&mut record).map_err(|_| Unread::Damaged)? {
        number = number.saturating_add(1);
        for (column, cell) in record.iter().enumerate() {
            if rows.set(number, column, cell)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
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

/// The mark that the first line has most of.
fn delimiter(text: impl Read) -> u8 {
    let mut start = Vec::new();
    drop(text.take(FIRST_LINE.try_into().unwrap_or(u64::MAX)).read_to_end(&mut start));
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |mark: &u8| line.split(|byte| byte == mark).count();
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
