//! The font on paper, and what it cannot say. Noto Sans CJK SC holds all of
//! 通用规范汉字表, to which names of enterprises are confined, and GB 2312.

use std::sync::OnceLock;

use skrifa::{
    FontRef, MetadataProvider as _,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
    raw::TableProvider as _,
};
use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

/// Made by `assets/fonts/subset.py`; licence beside it.
pub static FILE: &[u8] = include_bytes!("../../../assets/fonts/paper.otf");

/// What printers set where they lack a type: two bars, not a box that could be a character.
pub const LACKING: char = '〓';

/// The font, parsed once.
pub(super) struct Face {
    letters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    em: f32,
}

/// `None` only if the embedded file is damaged.
pub(super) fn face() -> Option<&'static Face> {
    static FACE: OnceLock<Option<Face>> = OnceLock::new();
    let parse = || {
        let font = FontRef::new(FILE).ok()?;
        // Unscaled: whole numbers of the font, so that a PDF needs no corrections between letters.
        let widths = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let em = f32::from(font.head().ok()?.units_per_em());
        Some(Face { letters: font.charmap(), widths, em })
    };
    FACE.get_or_init(parse).as_ref()
}

impl Face {
    /// The glyph of a character, and how far it goes at size 1.
    pub(super) fn glyph(&self, letter: char) -> Option<(u32, f32)> {
        let glyph = self.letters.map(letter).filter(|glyph| glyph.to_u32() != 0)?;
        Some((glyph.to_u32(), self.widths.advance_width(glyph)? / self.em))
    }
}

/// A text as it can be printed, and the characters that cannot. Blanks are made one;
/// what is invisible (marks of direction, joiners, selectors) is left out; a character
/// that the font lacks is written in its plain form if there is one (NFKC: ㈱ as (株)), and
/// else [`LACKING`] stands for it.
#[must_use]
pub fn clean(text: &str) -> (String, Vec<char>) {
    let (mut clean, mut missing) = (String::new(), Vec::new());
    let has = |letter: char| face().is_some_and(|face| face.glyph(letter).is_some());
    for letter in text.nfc() {
        if letter.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if has(letter) {
            clean.push(letter);
        } else if !invisible(letter) {
            let plain: String = std::iter::once(letter).nfkc().collect();
            if plain.chars().all(has) {
                clean.push_str(&plain);
            } else {
                clean.push(LACKING);
                if !missing.contains(&letter) {
                    missing.push(letter);
                }
            }
        }
    }
    clean.truncate(clean.trim_end().len());
    (clean, missing)
}

/// Controls, marks of direction, joiners, selectors, tags, and accents without their letter.
fn invisible(letter: char) -> bool {
    letter.is_control()
        || canonical_combining_class(letter) != 0
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{clean, face};

    #[test]
    fn rare_characters_of_the_states_list_are_there_and_what_lacks_is_named() {
        for rare in "𬭎𫓧㛃䶮龘镕堃喆犇".chars() {
            let known = face().unwrap().glyph(rare).is_some();
            assert!(known || "龘堃喆犇".contains(rare), "{rare}");
        }
        assert_eq!(clean("上海𬭎光（集团）有限公司"), ("上海𬭎光（集团）有限公司".to_owned(), vec![]));
        assert_eq!(clean("好😀店😀"), ("好〓店〓".to_owned(), vec!['😀']));
        assert_eq!(clean("  双   林\u{3000}\t镇 "), ("双 林 镇".to_owned(), vec![]));
        assert_eq!(clean("\u{200f}织\u{202e}里\u{feff}"), ("织里".to_owned(), vec![]));
        assert_eq!(clean("㈱ﬁ"), ("(株)fi".to_owned(), vec![]), "the plain form where there is one");
        assert_eq!(clean("Cafe\u{301}").0, "Café");
    }
}
