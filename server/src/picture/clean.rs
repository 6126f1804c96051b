//! Makes an uploaded picture fit to keep: its size is read from the header
//! before anything is unpacked, and only what draws it is copied. Places,
//! devices, dates, comments, previews and whatever was hung on behind the end
//! stay out. Nothing is decoded here, so nothing is lost and no bomb goes off.

mod jpeg;
mod png;
mod webp;

use crate::domain::attachment::{Kind, fits};

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The parts do not make a picture.
    #[error("the file is damaged or not a plain picture")]
    Damaged,
    /// Too many pixels.
    #[error("{width} x {height} pixels are too many")]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Pictures that move are not taken.
    #[error("animations are not taken")]
    Moving,
}

/// The picture without its metadata; a PDF is handed back as it came.
pub fn clean(kind: Kind, bytes: Vec<u8>) -> Result<Vec<u8>, Unfit> {
    match kind {
        Kind::Pdf => Ok(bytes),
        Kind::Jpeg => jpeg::clean(&bytes),
        Kind::Png => png::clean(&bytes),
        Kind::Webp => webp::clean(&bytes),
    }
}

fn sized(width: u32, height: u32) -> Result<(), Unfit> {
    if fits(width, height) { Ok(()) } else { Err(Unfit::TooLarge { width, height }) }
}

/// Reads a file front to back and never past its end.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Unfit> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Unfit::Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Unfit> {
        self.take(1)?.first().copied().ok_or(Unfit::Damaged)
    }
}

/// A number of up to four bytes, the highest first.
fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// A number of up to four bytes, the lowest first.
fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// A length as a place in memory.
fn length(number: u32) -> Result<usize, Unfit> {
    usize::try_from(number).map_err(|_| Unfit::Damaged)
}

#[cfg(test)]
mod tests;
