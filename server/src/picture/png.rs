//! A symbol as a PNG of one bit a pixel: under 2 KB, sharp at any printer.

use png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};

use crate::picture::{
    caption,
    symbol::{MODULE_MM, PictureError, QUIET, Symbol},
};

/// Pixels of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dots {
    /// Pixels a module.
    pub a_module: u8,
    /// Pixels an inch, written into the file for whoever prints it.
    pub dpi: Option<u16>,
}

impl Dots {
    /// As many whole dots a module as fit the width: a module that is three dots here
    /// and four there reads worse. Refused when that leaves it below the rule.
    pub fn on_paper(symbol: &Symbol, printed_mm: f64, dpi: u16) -> Result<Self, PictureError> {
        let dot_mm = 25.4 / f64::from(dpi);
        let dots = (symbol.module_mm(printed_mm)? / dot_mm + 1e-9).floor();
        let a_module = (1..=64).rfind(|n| f64::from(*n) <= dots).ok_or(PictureError::Coarse { dpi })?;
        if dots > 64.0 {
            return Err(PictureError::Size(u8::MAX));
        }
        if f64::from(a_module) * dot_mm + 1e-9 < MODULE_MM {
            return Err(PictureError::Coarse { dpi });
        }
        Ok(Self { a_module, dpi: Some(dpi) })
    }

    /// As the file says it: by the metre.
    pub(super) fn dimensions(self) -> Option<PixelDimensions> {
        self.dpi.map(|dpi| {
            let per_metre = (u32::from(dpi) * 10_000).div_ceil(254);
            PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }
        })
    }
}

/// Draws the symbol with its quiet zone, and a caption below it.
pub fn png(symbol: &Symbol, dots: Dots, caption: Option<&str>) -> Result<Vec<u8>, PictureError> {
    let px_per_module = dots.a_module;
    if !(1..=64).contains(&px_per_module) {
        return Err(PictureError::Size(px_per_module));
    }
    let px = usize::from(px_per_module);
    let side = symbol.width().saturating_add(2 * QUIET).saturating_mul(px);
    let mut image = Bits::new(side);
    let margin = vec![false; side];
    (0..QUIET * px).for_each(|_| image.row(&margin));
    let quiet = || std::iter::repeat_n(false, QUIET * px);
    for modules in symbol.rows() {
        let middle = modules.iter().flat_map(|dark| std::iter::repeat_n(*dark, px));
        let row: Vec<bool> = quiet().chain(middle).chain(quiet()).collect();
        (0..px).for_each(|_| image.row(&row));
    }
    (0..QUIET * px).for_each(|_| image.row(&margin));
    if let Some(text) = caption {
        let letters = px_per_module.saturating_mul(3).max(12);
        let block = caption::draw(text, side, letters)
            .ok_or_else(|| PictureError::Encode("the caption's font is damaged".into()))?;
        block.black.chunks(block.width.max(1)).for_each(|row| image.row(row));
        (0..2 * px).for_each(|_| image.row(&margin));
    }
    image.encode(dots)
}

/// Rows packed eight pixels a byte; 1 is white.
struct Bits {
    width: usize,
    rows: usize,
    bytes: Vec<u8>,
}

impl Bits {
    const fn new(width: usize) -> Self {
        Self { width, rows: 0, bytes: Vec::new() }
    }

    fn row(&mut self, black: &[bool]) {
        self.bytes.extend(black.chunks(8).map(|eight| {
            let bit = |byte: u8, (place, black): (u32, &bool)| byte | (u8::from(!*black) << (7 - place));
            (0_u32..).zip(eight).fold(0, bit)
        }));
        self.rows = self.rows.saturating_add(1);
    }

    fn encode(self, dots: Dots) -> Result<Vec<u8>, PictureError> {
        let failed = |cause: &dyn std::fmt::Display| PictureError::Encode(cause.to_string());
        let width = u32::try_from(self.width).map_err(|e| failed(&e))?;
        let height = u32::try_from(self.rows).map_err(|e| failed(&e))?;
        let mut file = Vec::with_capacity(2_048);
        let mut encoder = Encoder::new(&mut file, width, height);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        encoder.set_pixel_dims(dots.dimensions());
        encoder.set_compression(Compression::Fast);
        encoder.set_filter(png::Filter::Up);
        let mut writer = encoder.write_header().map_err(|e| failed(&e))?;
        writer.write_image_data(&self.bytes).map_err(|e| failed(&e))?;
        writer.finish().map_err(|e| failed(&e))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::seal::{Host, Seal};

    use super::{Dots, PictureError, png};
    use crate::picture::symbol::symbol;

    #[test]
    fn what_is_printed_is_what_is_read() {
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        let text = Seal::from_bytes([0xA7; 76]).text(&host);
        let made = symbol(&text).unwrap();
        for (px, caption) in [(4, None), (8, Some(host.as_str()))] {
            let file = png(&made, Dots { a_module: px, dpi: None }, caption).unwrap();
            assert!(file.len() < 3_000, "{} bytes", file.len());
            let grey = image::load_from_memory(&file).unwrap().to_luma8();
            assert_eq!(grey.width(), 49 * u32::from(px));
            let mut read = rqrr::PreparedImage::prepare(grey);
            assert_eq!(read.detect_grids()[0].decode().unwrap().1, text);
        }
        assert_eq!(png(&made, Dots { a_module: 0, dpi: None }, None), Err(PictureError::Size(0)));
    }

    #[test]
    fn the_caption_is_there_and_a_long_one_is_broken() {
        let made = symbol("HTTPS://A.CN").unwrap();
        let height = |caption: Option<&str>| {
            image::load_from_memory(&png(&made, Dots { a_module: 8, dpi: None }, caption).unwrap())
                .unwrap()
                .to_luma8()
        };
        let (bare, short, long) = (height(None), height(Some("a.cn")), height(Some(&"w".repeat(60))));
        assert!(bare.height() < short.height() && short.height() < long.height());
        let below = short.enumerate_pixels().filter(|(_, y, _)| *y >= bare.height());
        let black = below.filter(|(_, _, p)| p.0[0] == 0).count();
        assert!(black > 50, "{black} black pixels in the caption");
    }

    #[test]
    fn on_paper_modules_are_whole_dots_and_the_file_says_its_size() {
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        let made = symbol(&Seal::from_bytes([0xA7; 76]).text(&host)).unwrap();
        let dots = Dots::on_paper(&made, 30.0, 300).unwrap();
        assert_eq!(dots, Dots { a_module: 7, dpi: Some(300) }, "0.61 mm are 7.2 dots");
        let file = png(&made, dots, None).unwrap();
        let at = file.windows(4).position(|four| four == b"pHYs").unwrap();
        assert_eq!(file[at + 4..at + 8], 11_812_u32.to_be_bytes(), "300 dots an inch, by the metre");
        assert!(matches!(Dots::on_paper(&made, 15.0, 300), Err(PictureError::Small { .. })));
        assert_eq!(
            Dots::on_paper(&made, 20.0, 100),
            Err(PictureError::Coarse { dpi: 100 }),
            "one dot is 0.25 mm"
        );
        assert!(matches!(Dots::on_paper(&made, 500.0, 2400), Err(PictureError::Size(_))));
    }
}
