//! The console's files: embedded, under names that change with their content.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// `console-0123456789ab.css`
    pub name: String,
    /// MIME type.
    pub kind: &'static str,
    /// Content.
    pub text: &'static str,
}

impl Asset {
    fn new(end: &'static str, kind: &'static str, text: &'static str) -> Self {
        let hash: String = HEXLOWER.encode(&Sha256::digest(text.as_bytes())).chars().take(16).collect();
        Self { name: format!("console-{hash}.{end}"), kind, text }
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

/// The file of this name, of the present content only.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    [&*STYLE, &*FIGURES, &*SCRIPT].into_iter().find(|asset| asset.name == name)
}
