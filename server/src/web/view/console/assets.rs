//! The console's files: embedded, under names that change with their content.

use std::{borrow::Cow, sync::LazyLock};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::picture::paper::font;

/// A file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// `console-0123456789ab.css`
    pub name: String,
    /// MIME type.
    pub kind: &'static str,
    /// Content.
    pub bytes: Cow<'static, [u8]>,
}

impl Asset {
    fn new(end: &'static str, kind: &'static str, text: &'static str) -> Self {
        Self::named("console", end, kind, Cow::Borrowed(text.as_bytes()))
    }

    fn named(stem: &str, end: &str, kind: &'static str, bytes: Cow<'static, [u8]>) -> Self {
        let hash: String = HEXLOWER.encode(&Sha256::digest(&bytes)).chars().take(16).collect();
        Self { name: format!("{stem}-{hash}.{end}"), kind, bytes }
    }

    /// Where it is fetched.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/console/assets/{}", self.name)
    }
}

/// The style sheet.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("css", "text/css; charset=utf-8", include_str!("../../../../assets/console/console.css"))
});

/// What the figures need beside it.
pub static FIGURES: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("css", "text/css; charset=utf-8", include_str!("../../../../assets/console/figures.css"))
});

/// Comforts for those who have a keyboard and JavaScript; no page needs them.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("js", "text/javascript; charset=utf-8", include_str!("../../../../assets/console/console.js"))
});

/// The font of printed sheets, so that a browser sets the very lines of the PDF.
pub static FONT: LazyLock<Asset> =
    LazyLock::new(|| Asset::named("paper", "otf", "font/otf", Cow::Borrowed(font::FILE)));

/// The style of printed sheets; it names the font.
pub static PAPER: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../../../../assets/console/paper.css").replace("PAPER_FONT", &FONT.href());
    Asset::named("paper", "css", "text/css; charset=utf-8", Cow::Owned(text.into_bytes()))
});

/// The file of this name, of the present content only.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    [&*STYLE, &*FIGURES, &*SCRIPT, &*PAPER, &*FONT].into_iter().find(|asset| asset.name == name)
}
