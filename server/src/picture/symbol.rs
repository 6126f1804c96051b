//! A QR symbol as modules, level M, without the quiet zone.

use qrcode::{Color, EcLevel, QrCode, Version, bits, ec};

use super::masks;

/// The smallest printed module that phones read well, in millimetres (docs/seal.md).
pub const MODULE_MM: f64 = 0.4;
/// Modules of white that a reader needs on each side.
pub const QUIET: usize = 4;

/// Why a picture was not made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PictureError {
    /// The text does not fit a symbol.
    #[error("the text is too long for a QR symbol")]
    TooLong,
    /// A side of zero or beyond what can be printed.
    #[error("{0} pixels a module are not possible (1 to 64)")]
    Size(u8),
    /// A printed symbol whose modules would be below the rule of docs/seal.md.
    #[error(
        "printed {asked_mm:.1} mm wide its modules would be {module_mm:.2} mm: at least 0.4 mm are needed, so {least_mm:.1} mm or more"
    )]
    Small {
        /// What was asked for, with the quiet zone.
        asked_mm: f64,
        /// What a module would be.
        module_mm: f64,
        /// What is possible.
        least_mm: f64,
    },
    /// The printer's dots do not make modules of that size.
    #[error("{dpi} dots an inch are too coarse for modules of 0.4 mm at this width")]
    Coarse {
        /// Dots an inch asked for.
        dpi: u16,
    },
    /// What was drawn does not read back.
    #[error("the finished picture does not read back; it was not handed out")]
    Unreadable,
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

    /// The size of a module, in millimetres, when the symbol is printed so wide with
    /// its quiet zone; refused when that is too small to scan.
    pub fn module_mm(&self, printed_mm: f64) -> Result<f64, PictureError> {
        let modules = f64::from(u16::try_from(self.width.saturating_add(2 * QUIET)).unwrap_or(u16::MAX));
        let module_mm = printed_mm / modules;
        // A NaN is refused too; a printer's rounding is not.
        if module_mm + 1e-9 >= MODULE_MM {
            return Ok(module_mm);
        }
        Err(PictureError::Small { asked_mm: printed_mm, module_mm, least_mm: modules * MODULE_MM })
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
    let bits = bits::encode_auto(text.as_bytes(), EcLevel::M).map_err(|_| PictureError::TooLong)?;
    let (Version::Normal(version) | Version::Micro(version)) = bits.version();
    let Some(plan) = masks::plan(version) else { return large(text) };
    let (data, correction) =
        ec::construct_codewords(&bits.into_bytes(), Version::Normal(version), EcLevel::M)
            .map_err(|_| PictureError::TooLong)?;
    let rows = plan.draw(data.into_iter().chain(correction));
    let dark = rows.iter().flat_map(|row| (0..plan.width).map(move |x| row >> x & 1 == 1)).collect();
    Ok(Symbol { width: plan.width, version, dark })
}

/// Texts beyond what a seal needs: speed does not matter.
fn large(text: &str) -> Result<Symbol, PictureError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| PictureError::TooLong)?;
    let (Version::Normal(version) | Version::Micro(version)) = code.version();
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Symbol { width: code.width(), version, dark })
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::seal::{Host, Seal};

    use qrcode::{
        Color, EcLevel, Version,
        bits::encode_auto,
        canvas::{Canvas, MaskPattern},
        ec::construct_codewords,
    };

    use super::{PictureError, symbol};
    use crate::picture::check;

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

    /// The yardstick: the symbol of the `qrcode` crate under each of the eight masks.
    fn by_the_crate(text: &str) -> Vec<Vec<bool>> {
        use MaskPattern::{
            Checkerboard, DiagonalLines, Diamonds, Fields, HorizontalLines, LargeCheckerboard, Meadow,
            VerticalLines,
        };
        let bits = encode_auto(text.as_bytes(), EcLevel::M).unwrap();
        let version = bits.version();
        let (data, ec) = construct_codewords(&bits.into_bytes(), version, EcLevel::M).unwrap();
        let mut canvas = Canvas::new(version, EcLevel::M);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &ec);
        let all = [
            Checkerboard,
            HorizontalLines,
            VerticalLines,
            DiagonalLines,
            LargeCheckerboard,
            Fields,
            Diamonds,
            Meadow,
        ];
        let under = all.map(|mask| {
            let mut canvas = canvas.clone();
            canvas.apply_mask(mask);
            canvas.into_colors().into_iter().map(|color| color == Color::Dark).collect()
        });
        under.to_vec()
    }

    #[test]
    fn every_version_is_the_crates_symbol_under_one_of_its_masks_and_reads_back() {
        let mut versions = std::collections::BTreeSet::new();
        let mut masks = std::collections::BTreeSet::new();
        for length in 1..=410 {
            let text: String = "HTTPS://QY.EXAMPLE.CN/C/".chars().cycle().skip(length).take(length).collect();
            let made = symbol(&text).unwrap();
            let known = by_the_crate(&text).into_iter().position(|dark| dark == made.dark);
            assert!(known.is_some() || made.version > 11, "version {}, {length} letters", made.version);
            masks.extend(known);
            versions.insert(made.version);
            assert_eq!(check::read(&made).as_deref(), Some(text.as_str()));
        }
        assert_eq!(versions.into_iter().collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
        assert!(masks.len() >= 6, "the choice is one: {masks:?}");
        assert_eq!(Version::Normal(11).width(), 61);
    }

    #[test]
    fn what_would_be_too_small_to_scan_says_what_is_needed() {
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        let made = symbol(&Seal::from_bytes([0xA7; 76]).text(&host)).unwrap();
        assert!((made.module_mm(30.0).unwrap() - 30.0 / 49.0).abs() < 1e-9);
        assert_eq!(made.module_mm(19.6), Ok(19.6 / 49.0), "the rule itself");
        let refused = made.module_mm(18.0).unwrap_err();
        assert!(refused.to_string().contains("19.6 mm or more"), "{refused}");
        assert!(made.module_mm(f64::NAN).is_err() && made.module_mm(-30.0).is_err());
    }
}
