//! PNG: a row of named chunks.

use super::{Reader, Unfit, big, length, sized};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that draw the picture; texts, times, EXIF, profiles and frames are not among them.
const DRAWING: [&[u8]; 9] = [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"sBIT"];

/// The chunks that draw, up to the end chunk.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, Unfit> {
    let mut reader = Reader { rest: bytes };
    if reader.take(SIGNATURE.len())? != SIGNATURE {
        return Err(Unfit::Damaged);
    }
    let mut out = SIGNATURE.to_vec();
    let (mut first, mut drawn) = (true, false);
    loop {
        let head = reader.take(8)?;
        let (size, name) = head.split_at(4);
        let body = reader.take(length(big(size))?)?;
        let sum = reader.take(4)?;
        if first != (name == b"IHDR") {
            return Err(Unfit::Damaged);
        }
        if first {
            let (width, rest) = body.split_at_checked(4).ok_or(Unfit::Damaged)?;
            sized(big(width), big(rest.get(..4).ok_or(Unfit::Damaged)?))?;
            first = false;
        }
        if name == b"acTL" {
            return Err(Unfit::Moving);
        }
        if DRAWING.contains(&name) {
            drawn |= name == b"IDAT";
            for part in [head, body, sum] {
                out.extend_from_slice(part);
            }
        } else if name.first().is_some_and(u8::is_ascii_uppercase) {
            // A chunk that a reader must understand, and none does.
            return Err(Unfit::Damaged);
        }
        if name == b"IEND" {
            return if drawn { Ok(out) } else { Err(Unfit::Damaged) };
        }
    }
}
