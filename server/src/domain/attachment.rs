//! What may be attached to an issue: pictures and PDF, known by what they hold
//! and never by what they are called.

use serde::{Deserialize, Serialize};

/// Bytes of one file.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Pixels along one side of a picture.
pub const MOST_SIDE: u32 = 16_384;
/// Pixels of a picture.
pub const MOST_PIXELS: u64 = 60_000_000;
/// Files of one issue.
pub const MOST_FILES: i64 = 20;
/// Files in one request.
pub const MOST_AT_ONCE: usize = 5;
/// Characters of a file's name.
const MOST_NAME: usize = 100;

/// Kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Png,
    Jpeg,
    Webp,
    Pdf,
}

impl Kind {
    /// The kind of these bytes, by how they begin.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        match bytes {
            _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(Self::Png),
            _ if bytes.starts_with(b"\xff\xd8\xff") => Some(Self::Jpeg),
            _ if webp => Some(Self::Webp),
            _ if bytes.starts_with(b"%PDF-1.") || bytes.starts_with(b"%PDF-2.") => Some(Self::Pdf),
            _ => None,
        }
    }

    /// Media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// The ending a file of this kind gets, whatever it was called.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    /// A browser may show it in the page; a PDF can hold scripts and is only handed over.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        !matches!(self, Self::Pdf)
    }
}

/// A name to show and to download under: the last part of what was sent, without
/// characters that deceive, and with the ending of what the file is.
#[must_use]
pub fn name(sent: &str, kind: Kind) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match last.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 && ending.chars().all(|c| c.is_ascii_alphanumeric()) => {
            stem
        }
        _ => last,
    };
    let stem = shown(stem);
    let stem = stem.trim_start_matches('.');
    format!("{}.{}", if stem.is_empty() { "attachment" } else { stem }, kind.ending())
}

/// The last part of what was sent, without characters that deceive.
#[must_use]
pub fn shown(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |c: &char| !c.is_control() && !super::text::deceives(*c) && !r#"<>:"|?*;%"#.contains(*c);
    last.chars().filter(harmless).take(MOST_NAME).collect::<String>().trim().to_owned()
}

/// Whether a picture of this size may be taken.
#[must_use]
pub fn fits(width: u32, height: u32) -> bool {
    let sides = 1..=MOST_SIDE;
    sides.contains(&width) && sides.contains(&height) && u64::from(width) * u64::from(height) <= MOST_PIXELS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Kind, fits, name};

    #[test]
    fn a_file_is_what_it_holds() {
        assert_eq!(Kind::of(b"\x89PNG\r\n\x1a\n...."), Some(Kind::Png));
        assert_eq!(Kind::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(Kind::Webp));
        assert_eq!(Kind::of(b"%PDF-1.7\n"), Some(Kind::Pdf));
        for other in
            [&b"<html>"[..], b"GIF89a", b"RIFF\0\0\0\0WAVE", b"MZ", b"%PDF-X", b"", b"\xff\xd8", b" %PDF-1.4"]
        {
            assert_eq!(Kind::of(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_folder_or_lie_about_the_kind() {
        for (sent, shown) in [
            ("厂门口 积水.jpeg", "厂门口 积水.jpg"),
            ("../../etc/passwd", "passwd.jpg"),
            ("C:\\fakepath\\a.exe", "a.jpg"),
            ("photo\u{202e}gnp.exe", "photognp.jpg"),
            ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
            (".htaccess", "htaccess.jpg"),
            ("", "attachment.jpg"),
            ("第1.2版说明", "第1.2版说明.jpg"),
        ] {
            assert_eq!(name(sent, Kind::Jpeg), shown);
        }
    }

    #[test]
    fn too_many_pixels_are_refused_before_anybody_unpacks_them() {
        assert!(fits(10_000, 6_000) && fits(16_384, 3_000) && fits(1, 1));
        assert!(!fits(10_001, 6_000) && !fits(16_385, 1) && !fits(0, 5) && !fits(u32::MAX, u32::MAX));
    }

    proptest! {
        #[test]
        fn any_name_is_one_line_and_short(sent in ".{0,300}") {
            let shown = name(&sent, Kind::Pdf);
            prop_assert!(shown.rsplit('.').next() == Some("pdf") && shown.chars().count() <= 110);
            prop_assert!(!shown.contains(['/', '\\', '\n', '\r', '"', '\0']) && !shown.starts_with('.'));
        }
    }
}
