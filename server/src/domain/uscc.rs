//! Unified social credit codes (统一社会信用代码, GB 32100-2015).

use std::fmt;

use qiyema_protocol::text::Text;

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH: usize = 18;

/// A cleaned code: 18 characters of the standard's alphabet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Uscc(String);

/// Whether the 18th character is the one that GB 32100-2015 computes. Genuine
/// early codes fail, so a difference asks for confirmation and refuses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckCharacter {
    /// As computed.
    Fits,
    /// Another one was expected.
    Differs {
        /// The computed character.
        expected: char,
    },
}

/// Why a text is no credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not 18 characters after cleaning.
    #[error("{0} characters, 18 are needed")]
    Length(usize),
    /// A character outside the alphabet (no I, O, S, V, Z), at this place from 1.
    #[error("character {character} at place {place} cannot stand in a credit code")]
    Character {
        /// The character.
        character: char,
        /// From 1.
        place: usize,
    },
}

impl UsccError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn words(self) -> Text {
        match self {
            Self::Length(found) => Text::new(
                format!("统一社会信用代码为{found}个字符，应为18个"),
                format!("the credit code has {found} characters, 18 are needed"),
            ),
            Self::Character { character, place } => Text::new(
                format!("统一社会信用代码第{place}位“{character}”不在允许的字符之内"),
                format!("“{character}” at place {place} cannot stand in a credit code"),
            ),
        }
    }
}

impl Uscc {
    /// Cleans (upper case, full width to half width, no blanks or hyphens) and checks.
    pub fn parse(text: &str) -> Result<(Self, CheckCharacter), UsccError> {
        let cleaned: String = text.chars().map(half_width).filter(|c| !is_filler(*c)).collect();
        let cleaned = cleaned.to_ascii_uppercase();
        let found = cleaned.chars().count();
        if found != LENGTH {
            return Err(UsccError::Length(found));
        }
        let mut values = Vec::with_capacity(LENGTH);
        for (place, character) in cleaned.chars().enumerate() {
            let value =
                ALPHABET.find(character).ok_or(UsccError::Character { character, place: place + 1 })?;
            values.push(value);
        }
        let expected = check_character(&values);
        let fits = cleaned.ends_with(expected);
        let check = if fits { CheckCharacter::Fits } else { CheckCharacter::Differs { expected } };
        Ok((Self(cleaned), check))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `alphabet[(31 − Σ value·W mod 31) mod 31]` with `W[i] = 3^(i−1) mod 31`, i = 1..17.
fn check_character(values: &[usize]) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for value in values.iter().take(LENGTH - 1) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0')
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '\u{200b}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{CheckCharacter, Uscc, UsccError};

    #[test]
    fn real_and_fictitious_codes_fit() {
        for code in [
            "914403001922038216",
            "9144030071526726XG",
            "91330100799655058B",
            "91110000802100433B",
            "91440300192317458F",
            "91350100M000100Y43",
            "91330500MA2TEXT16M",
            "91330502MA2TEXT16J",
            "91330503MA2TEXT161",
            "91330521MA2TEXT163",
            "91330522MA2TEXT16H",
            "91330523MA2TEXT160",
        ] {
            let (uscc, check) = Uscc::parse(code).unwrap();
            assert_eq!((uscc.as_str(), check), (code, CheckCharacter::Fits));
        }
    }

    #[test]
    fn genuine_early_codes_ask_for_confirmation() {
        for code in ["91350100M0001TGQXM", "91350211M0000XUF46"] {
            assert!(matches!(Uscc::parse(code), Ok((_, CheckCharacter::Differs { .. }))), "{code}");
        }
    }

    #[test]
    fn input_is_cleaned_and_faults_are_named() {
        let (uscc, check) = Uscc::parse(" ９１３３０５００-ma2text１６m ").unwrap();
        assert_eq!((uscc.as_str(), check), ("91330500MA2TEXT16M", CheckCharacter::Fits));
        assert_eq!(Uscc::parse("91330500MA2TEXT16"), Err(UsccError::Length(17)));
        assert_eq!(Uscc::parse(""), Err(UsccError::Length(0)));
        for bad in ['I', 'O', 'S', 'V', 'Z', '企'] {
            let text = format!("9133{bad}500MA2TEXT16M");
            assert_eq!(Uscc::parse(&text), Err(UsccError::Character { character: bad, place: 5 }));
        }
    }
}
