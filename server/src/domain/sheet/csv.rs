//! CSV: UTF-8, or the GBK that a Chinese Excel writes; comma, semicolon or tab.

use encoding_rs::{GB18030, UTF_8};

use super::{Row, Rows, Unread};

pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, Unread> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Rows(Vec::new());
    for (number, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|_| Unread::Damaged)?;
        for (column, cell) in record.iter().enumerate() {
            rows.set(number, column, cell)?;
        }
    }
    Ok(rows.0)
}

/// A text that is UTF-8 as a whole is UTF-8: GBK never is, but by accident of a few letters.
fn decode(bytes: &[u8]) -> Result<String, Unread> {
    let (text, _, broken) = UTF_8.decode(bytes);
    if !broken {
        return Ok(text.into_owned());
    }
    let (text, broken) = GB18030.decode_without_bom_handling(bytes);
    if broken { Err(Unread::Encoding) } else { Ok(text.into_owned()) }
}

/// The mark that the first line has most of.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    let count = |mark: &u8| line.bytes().filter(|byte| byte == mark).count();
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
