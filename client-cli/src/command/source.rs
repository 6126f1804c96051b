//! Where a code comes from: a photo, standard input, or its text.

use std::io::Read as _;

use qiyema_protocol::seal::{Located, SealError};

use crate::exit::Failure;

const LARGEST: u64 = 32 * 1024 * 1024;

/// Reads a code; nothing is sent anywhere.
pub fn read(source: &str) -> Result<Located, Failure> {
    if source.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("http")) && source.contains("://") {
        return Ok(source.trim().parse::<Located>()?);
    }
    let input: Box<dyn std::io::Read> = if source == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(source).map_err(|e| Failure::failed(format!("{source}: {e}")))?)
    };
    let mut bytes = Vec::new();
    input.take(LARGEST).read_to_end(&mut bytes)?;
    if let Some(text) = std::str::from_utf8(&bytes).ok().filter(|t| t.len() < 1024) {
        return Ok(text.trim().parse::<Located>()?);
    }
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    reader.limits(limits);
    let picture = reader.decode().map_err(|e| Failure::failed(format!("{source}: {e}")))?;
    let mut symbols = rqrr::PreparedImage::prepare(picture.to_luma8());
    let texts = symbols.detect_grids().into_iter().filter_map(|g| g.decode().ok()).map(|(_, text)| text);
    let mut codes: Vec<Located> = texts.filter_map(|t| t.parse().ok()).collect();
    codes.dedup();
    match codes.len() {
        0 => Err(Failure::from(SealError::Malformed)),
        1 => codes.pop().ok_or_else(|| SealError::Malformed.into()),
        n => Err(Failure::failed(format!(
            "照片里有 {n} 个企业码 / {n} codes in one photo; crop it to one: {source}"
        ))),
    }
}
