//! The emblem of whoever issues, which stands on plaques beside their name: a PNG,
//! judged by its header before it is unpacked, and kept without its metadata. It never
//! lies on the symbol, so the symbol stays at level M and as it was checked.

use std::io::Cursor;

use image::codecs::png::PngDecoder;

use crate::{
    domain::attachment::Kind,
    picture::clean::{Unfit, clean},
};

/// Bytes of the file.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Pixels along a side: enough for 30 mm at 2,400 dots an inch.
const SIDES: std::ops::RangeInclusive<u32> = 64..=3_000;
/// How much longer one side may be than the other.
const LONGEST: u32 = 6;

/// Why a file is no emblem; each says what to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Another kind of file.
    #[error("the logo is not a PNG")]
    NotPng,
    /// More than 2 MiB.
    #[error("the logo has more than 2 MiB: make it smaller")]
    Heavy,
    /// Too small, too large, or too long.
    #[error("the logo is {0} x {1} pixels: 64 to 3000 a side, and no side more than six times the other")]
    Size(u32, u32),
    /// It does not unpack.
    #[error("the logo cannot be read: {0}")]
    Damaged(Unfit),
}

/// An emblem, unpacked once.
#[derive(Debug, Clone)]
pub struct Logo {
    /// The file, without metadata.
    pub(super) png: Vec<u8>,
    /// Red, green, blue and alpha of each pixel.
    pub(super) pixels: Vec<u8>,
    pub(super) size: (u32, u32),
}

impl Logo {
    /// Judges a file.
    pub fn of(file: &[u8]) -> Result<Self, LogoError> {
        if Kind::of(file) != Some(Kind::Png) {
            return Err(LogoError::NotPng);
        }
        if file.len() > MOST_BYTES {
            return Err(LogoError::Heavy);
        }
        // The size stands in the header, before anything that is packed.
        let png = clean(Kind::Png, file.to_vec()).map_err(|unfit| match unfit {
            Unfit::TooLarge { width, height } => LogoError::Size(width, height),
            other => LogoError::Damaged(other),
        })?;
        let side =
            |at: usize| png.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
        let (width, height) = side(16).zip(side(20)).ok_or(LogoError::Damaged(Unfit::Damaged))?;
        let long = width.max(height) > LONGEST * width.min(height);
        if !SIDES.contains(&width) || !SIDES.contains(&height) || long {
            return Err(LogoError::Size(width, height));
        }
        let damaged = |_| LogoError::Damaged(Unfit::Damaged);
        let decoder = PngDecoder::new(Cursor::new(&png)).map_err(damaged)?;
        let pixels = image::DynamicImage::from_decoder(decoder).map_err(damaged)?.into_rgba8().into_raw();
        Ok(Self { png, pixels, size: (width, height) })
    }

    /// Its width and height in a box of this size, in millimetres.
    pub(super) fn within(&self, (width, height): (f32, f32)) -> (f32, f32) {
        let side = |pixels: u32| super::length(usize::try_from(pixels).unwrap_or(1));
        let (across, down) = (side(self.size.0), side(self.size.1));
        let scale = (width / across).min(height / down);
        (across * scale, down * scale)
    }
}

#[cfg(test)]
mod tests {
    use super::{Logo, LogoError};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = std::io::Cursor::new(Vec::new());
        let picture = image::RgbaImage::from_fn(width, height, |x, y| {
            image::Rgba([200, 20, 20, if (x + y) % 2 == 0 { 255 } else { 0 }])
        });
        picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_logo_is_judged_by_its_header_and_loses_what_it_says_of_its_maker() {
        let mut file = png(300, 100);
        // A comment, before the end.
        let end = file.len() - 12;
        let chunk = [&[0, 0, 0, 9][..], b"tEXtA\0secret!", &[0; 4]].concat();
        file.splice(end..end, chunk);
        let logo = Logo::of(&file).unwrap();
        assert!(!logo.png.windows(6).any(|some| some == b"secret"));
        assert_eq!((logo.size, logo.pixels.len()), ((300, 100), 300 * 100 * 4));
        assert_eq!(logo.within((30.0, 12.0)), (30.0, 10.0));
        assert_eq!(logo.within((60.0, 12.0)), (36.0, 12.0));

        assert_eq!(Logo::of(b"\xff\xd8\xff\xe0").unwrap_err(), LogoError::NotPng);
        assert_eq!(Logo::of(&png(32, 32)).unwrap_err(), LogoError::Size(32, 32));
        assert_eq!(Logo::of(&png(700, 100)).unwrap_err(), LogoError::Size(700, 100));
        assert!(matches!(Logo::of(&png(100, 100)[..80]), Err(LogoError::Damaged(_))));
        // A header that lies about its size costs nothing.
        let mut bomb = png(100, 100);
        bomb[16..24].copy_from_slice(&[0, 0, 0x3f, 0xff, 0, 0, 0, 100]);
        assert_eq!(Logo::of(&bomb).unwrap_err(), LogoError::Size(16_383, 100));
        assert_eq!(Logo::of(&[0x89; 3]).unwrap_err(), LogoError::NotPng);
    }
}
