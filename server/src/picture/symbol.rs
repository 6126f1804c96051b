//! A QR symbol as modules, level M, without the quiet zone.

use qrcode::{Color, EcLevel, QrCode, Version};

/// Modules of white that a reader needs on each side.
pub const QUIET: usize = 4;

/// Why a picture was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The text does not fit a symbol.
    #[error("the text is too long for a QR symbol")]
    TooLong,
    /// A side of zero or beyond what can be printed.
    #[error("{0} pixels a module are not possible (1 to 64)")]
    Size(u8),
    /// An encoder failed.
    #[error("the picture could not be encoded: {0}")]
    Encode(String),
}

/// Modules of a symbol, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    width: usize,
    version: i16,
    dark: Vec<bool>,
}

impl Symbol {
    /// Modules on a side.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// 1 to 40.
    #[must_use]
    pub const fn version(&self) -> i16 {
        self.version
    }

    /// True for a black module; outside all is white.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y.saturating_mul(self.width).saturating_add(x)) == Some(&true)
    }

    /// Rows from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks(self.width.max(1))
    }
}

/// Makes the symbol of a text at level M. An upper-case seal gets alphanumeric mode by itself.
pub fn symbol(text: &str) -> Result<Symbol, PictureError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| PictureError::TooLong)?;
    let version = match code.version() {
        Version::Normal(version) | Version::Micro(version) => version,
    };
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Symbol { width: code.width(), version, dark })
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::seal::{Host, Seal};

    use super::{PictureError, symbol};

    #[test]
    fn a_seal_of_a_host_up_to_21_characters_is_version_6() {
        for (host, version, width) in
            [("qy.example.cn", 6, 41), ("aaaaaaaaaa.example.cn", 6, 41), ("aaaaaaaaaaa.example.cn", 7, 45)]
        {
            let host = Host::from_origin(&format!("https://{host}")).unwrap();
            let made = symbol(&Seal::from_bytes([0xA7; 76]).text(&host)).unwrap();
            assert_eq!((made.version(), made.width()), (version, width), "{}", host.as_str());
        }
        assert_eq!(symbol(&"x".repeat(3_000)), Err(PictureError::TooLong));
    }
}
