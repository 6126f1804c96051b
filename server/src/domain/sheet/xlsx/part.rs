//! A file inside a workbook as XML, event by event: what one event may hold is
//! bounded, and so is what is unpacked of all files together.

use std::{
    borrow::Cow,
    cell::Cell as Shared,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

use quick_xml::{
    Reader,
    escape::{resolve_xml_entity, unescape},
    events::{BytesRef, BytesStart, Event},
};

use super::super::{MOST_CELL, Unread};

/// Bytes of one text or tag: Excel keeps 32,767 characters in a cell.
const MOST_EVENT: u64 = 1024 * 1024;
/// Bytes kept of one text.
const MOST_TEXT: usize = 4 * MOST_CELL;
/// Tags within tags: a workbook has about ten, and the reader remembers each that is open.
const MOST_DEEP: u32 = 64;
/// Bytes of an attribute: names of sheets, places and numbers.
const MOST_ATTRIBUTE: usize = 4096;
/// Characters of `_x000D_`.
const ESCAPE: usize = 7;

pub(super) struct Xml<R: Read> {
    reader: Reader<Metered<R>>,
    buffer: Vec<u8>,
    deep: u32,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(file: R, left: Rc<Shared<u64>>) -> Self {
        let mut reader =
            Reader::from_reader(Metered { inner: BufReader::new(file), event: 0, left, spent: false });
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), deep: 0 }
    }

    pub(super) fn event(&mut self) -> Result<Event<'_>, Unread> {
        self.buffer.clear();
        self.reader.get_mut().event = 0;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => {
                match event {
                    Event::Start(_) => self.deep += 1,
                    Event::End(_) => self.deep = self.deep.saturating_sub(1),
                    _ => {}
                }
                if self.deep > MOST_DEEP { Err(Unread::Damaged) } else { Ok(event) }
            }
            Err(_) if self.reader.get_ref().spent => Err(Unread::Oversized),
            Err(_) => Err(Unread::Damaged),
        }
    }
}

/// Counts what is read.
struct Metered<R> {
    inner: BufReader<R>,
    /// Bytes of this event.
    event: u64,
    /// Bytes that all files together may still have.
    left: Rc<Shared<u64>>,
    spent: bool,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.spent = self.event > MOST_EVENT || self.left.get() == 0;
        if self.spent {
            return Err(io::Error::other("too much"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        let read = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.event = self.event.saturating_add(read);
        self.left.set(self.left.get().saturating_sub(read));
        self.inner.consume(bytes);
    }
}

/// An attribute by its name without a prefix.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Unread> {
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Unread::Damaged)?;
        if attribute.key.local_name().as_ref() == name {
            if attribute.value.len() > MOST_ATTRIBUTE {
                return Err(Unread::Damaged);
            }
            let value = unescape(&attribute.value).map_err(|_| Unread::Damaged)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Adds to a text that began here, as long as there is room in it.
pub(super) fn add(text: &mut String, began: usize, more: &str) {
    let room = MOST_TEXT.saturating_sub(text.len() - began);
    let cut = (0..=room.min(more.len())).rev().find(|at| more.is_char_boundary(*at)).unwrap_or_default();
    text.push_str(more.get(..cut).unwrap_or_default());
}

/// The character that `&amp;` or `&#x4E2D;` stands for.
pub(super) fn referred(entity: &BytesRef<'_>) -> Result<char, Unread> {
    let named = resolve_xml_entity(entity).and_then(|text| text.chars().next());
    match named {
        Some(one) => Ok(one),
        None => entity.resolve_char_ref().ok().flatten().ok_or(Unread::Damaged),
    }
}

/// Characters that XML cannot hold are written as `_x000D_` by Excel.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let (mut units, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        units.extend(before.encode_utf16());
        let found = from.get(..ESCAPE).filter(|some| some.ends_with('_')).and_then(|some| some.get(2..6));
        let unit = found
            .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let (unit, length) = unit.map_or((u16::from(b'_'), 1), |unit| (unit, ESCAPE));
        units.push(unit);
        rest = from.get(length..).unwrap_or_default();
    }
    units.extend(rest.encode_utf16());
    Cow::Owned(String::from_utf16_lossy(&units))
}
