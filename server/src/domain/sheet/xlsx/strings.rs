//! The texts that a workbook keeps beside its sheets, one after another in one
//! piece of memory; how many and how much is bounded by what is counted.

use std::io::Read;

use quick_xml::events::Event;

use super::{
    super::{Limits, Unread},
    part::{Xml, add, referred, unescaped},
};

#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// Where each one ends.
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn read(xml: &mut Xml<impl Read>, most: Limits) -> Result<Self, Unread> {
        let mut all = Self::default();
        let mut item = Item::default();
        loop {
            match xml.event()? {
                Event::Start(start) if start.local_name().as_ref() == "si" => item = Item::default(),
                Event::End(end) if end.local_name().as_ref() == "si" => {
                    all.text.push_str(&unescaped(&item.text));
                    if all.text.len() > most.texts || all.ends.len() >= most.strings {
                        return Err(Unread::Oversized);
                    }
                    all.ends.push(u32::try_from(all.text.len()).map_err(|_| Unread::Oversized)?);
                }
                Event::Eof => return Ok(all),
                event => item.take(&event)?,
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let place = |index: usize| self.ends.get(index).and_then(|end| usize::try_from(*end).ok());
        let from = match index.checked_sub(1) {
            None => 0,
            Some(before) => place(before)?,
        };
        self.text.get(from..place(index)?)
    }
}

/// A text with its parts in several fonts; how it is pronounced does not belong to it.
#[derive(Default)]
pub(super) struct Item {
    pub(super) text: String,
    is_text: bool,
    is_sound: bool,
}

impl Item {
    pub(super) fn take(&mut self, event: &Event<'_>) -> Result<(), Unread> {
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                "rPh" => self.is_sound = true,
                "t" => self.is_text = !self.is_sound,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "rPh" => self.is_sound = false,
                "t" => self.is_text = false,
                _ => {}
            },
            Event::Text(text) if self.is_text => add(&mut self.text, 0, &text.xml10_content()),
            Event::CData(text) if self.is_text => add(&mut self.text, 0, &text.xml10_content()),
            Event::GeneralRef(entity) if self.is_text => {
                add(&mut self.text, 0, referred(entity)?.encode_utf8(&mut [0; 4]));
            }
            _ => {}
        }
        Ok(())
    }
}
