//! Texts that people type: trimmed, counted in characters, without control
//! or invisible characters other than line breaks and tabs. Parsed once at the door.

use qiyema_protocol::{problem::FieldProblem, text::Text};

/// A text that passed: at most so many characters, at least so many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed(String);

impl Typed {
    /// Trims and checks a field of one line.
    pub fn line(field: &str, text: &str, least: usize, most: usize) -> Result<Self, FieldProblem> {
        Self::check(field, text, least, most, false)
    }

    /// Trims and checks a field that may have several lines.
    pub fn lines(field: &str, text: &str, least: usize, most: usize) -> Result<Self, FieldProblem> {
        Self::check(field, &text.replace("\r\n", "\n"), least, most, true)
    }

    fn check(field: &str, text: &str, least: usize, most: usize, breaks: bool) -> Result<Self, FieldProblem> {
        let text = text.trim();
        let count = text.chars().count();
        if count < least || count > most {
            return Err(problem(
                field,
                format!("应为{least}至{most}个字符，现为{count}个"),
                format!("needs {least} to {most} characters, has {count}"),
            ));
        }
        let allowed = |c: char| breaks && matches!(c, '\n' | '\t');
        if text.chars().any(|c| (c.is_control() || deceives(c)) && !allowed(c)) {
            return Err(problem(field, "含有不可见的控制字符", "contains invisible control characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Typed> for String {
    fn from(typed: Typed) -> Self {
        typed.0
    }
}

/// Characters that nobody sees and that turn or hide what stands around them.
pub const fn deceives(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{FEFF}')
}

/// Names a field and what it needs.
pub fn problem(field: &str, zh: impl Into<String>, en: impl Into<String>) -> FieldProblem {
    FieldProblem { field: field.to_owned(), detail: Text::new(zh, en) }
}

/// A PIN as typed: 6 to 12 digits, full-width ones accepted.
pub fn pin(text: &str) -> Result<String, FieldProblem> {
    let digits: String = text.trim().chars().filter_map(half_width_digit).collect();
    if digits.chars().count() == text.trim().chars().count() && (6..=12).contains(&digits.len()) {
        return Ok(digits);
    }
    Err(problem("pin", "请输入6至12位数字的企业口令", "enter the PIN of 6 to 12 digits"))
}

fn half_width_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Typed, pin};

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!(Typed::line("subject", &"字".repeat(80), 2, 80).is_ok());
        assert!(Typed::line("subject", &"字".repeat(81), 2, 80).is_err());
        assert_eq!(Typed::line("subject", "  好的 ", 2, 80).unwrap().as_str(), "好的");
        assert!(Typed::line("subject", "a\nb", 2, 80).is_err());
        assert!(Typed::lines("body", "a\r\nb", 2, 80).is_ok());
        assert!(Typed::lines("body", "a\u{7}b", 2, 80).is_err());
    }

    #[test]
    fn invisible_characters_are_refused() {
        for bad in ['\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{200B}', '\u{FEFF}'] {
            let text = format!("a{bad}b");
            assert!(Typed::line("subject", &text, 2, 80).is_err(), "{bad:?} in a line");
            assert!(Typed::lines("body", &text, 2, 80).is_err(), "{bad:?} in lines");
        }
        assert!(Typed::lines("body", "a\tb", 2, 80).is_ok());
        assert!(Typed::line("subject", "a\tb", 2, 80).is_err());
    }

    #[test]
    fn pins_are_digits() {
        assert_eq!(pin(" １２3456 ").unwrap(), "123456");
        for bad in ["12345", "1234567890123", "12345a", "", "123 456"] {
            assert!(pin(bad).is_err(), "{bad}");
        }
    }
}
