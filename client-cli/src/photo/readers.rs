//! The two QR readers behind one shape: a grey picture in, all texts out. Both may panic on odd input, so each call
//! is contained; a reader that fell simply saw nothing.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};

use super::grey::Grey;

/// All texts a reader sees in a picture.
pub(super) type Reader = fn(&Grey) -> Vec<String>;

/// Below this side the block-wise binarizer has nothing to work on (five blocks of eight pixels).
const SMALLEST_SIDE: usize = 40;

/// rxing, looking at every few rows for finder patterns.
pub(super) fn quick(picture: &Grey) -> Vec<String> {
    contained(picture, |picture| with_rxing(picture, false))
}

/// rxing, looking at more rows: for small pictures and small codes.
pub(super) fn thorough(picture: &Grey) -> Vec<String> {
    contained(picture, |picture| with_rxing(picture, true))
}

/// rqrr, which binarizes and samples in its own way.
pub(super) fn second(picture: &Grey) -> Vec<String> {
    contained(picture, with_rqrr)
}

fn contained(picture: &Grey, read: impl FnOnce(&Grey) -> Vec<String>) -> Vec<String> {
    if picture.width < SMALLEST_SIDE || picture.height < SMALLEST_SIDE {
        return Vec::new();
    }
    catch_unwind(AssertUnwindSafe(|| read(picture))).unwrap_or_default()
}

fn with_rxing(picture: &Grey, try_harder: bool) -> Vec<String> {
    let (Ok(width), Ok(height)) = (u32::try_from(picture.width), u32::try_from(picture.height)) else {
        return Vec::new();
    };
    let Ok(source) = Luma8Source::new_with_slice(&picture.pixels, width, height) else {
        return Vec::new();
    };
    let hints = DecodeHints {
        TryHarder: Some(try_harder),
        PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
        ..DecodeHints::default()
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let found = QrReader.decode_multiple_with_hints(&mut bitmap, &hints).unwrap_or_default();
    found.iter().map(|code| code.getText().to_owned()).collect()
}

fn with_rqrr(picture: &Grey) -> Vec<String> {
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, |x, y| {
        picture.pixels.get(y * picture.width + x).copied().unwrap_or(u8::MAX)
    });
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}
