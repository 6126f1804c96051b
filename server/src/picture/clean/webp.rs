//! WebP: a RIFF box of named, even-sized chunks.

use super::{Reader, Unfit, length, little, sized};

/// Flags of the extended header: what the cleaned file still has.
const ALPHA: u8 = 0x10;
const ANIMATION: u8 = 0x02;

/// The still picture and its transparency.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, Unfit> {
    let mut reader = Reader { rest: bytes };
    reader.take(4)?;
    let size = length(little(reader.take(4)?))?;
    let mut inside = Reader { rest: reader.take(size)? };
    if inside.take(4)? != b"WEBP" {
        return Err(Unfit::Damaged);
    }
    let (mut body, mut drawn) = (b"WEBP".to_vec(), false);
    while !inside.rest.is_empty() {
        let name = inside.take(4)?;
        let size = inside.take(4)?;
        let count = length(little(size))?;
        let mut data = inside.take(count)?.to_vec();
        if count % 2 == 1 && !inside.rest.is_empty() {
            inside.take(1)?;
        }
        match name {
            b"VP8X" => extended(&mut data)?,
            b"VP8 " => lossy(&data)?,
            b"VP8L" => lossless(&data)?,
            b"ANIM" | b"ANMF" => return Err(Unfit::Moving),
            b"ALPH" => {}
            _ => continue,
        }
        if drawn && name != b"ALPH" {
            return Err(Unfit::Damaged);
        }
        drawn |= matches!(name, b"VP8 " | b"VP8L");
        body.extend_from_slice(name);
        body.extend_from_slice(size);
        body.extend_from_slice(&data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    if !drawn {
        return Err(Unfit::Damaged);
    }
    let size = u32::try_from(body.len()).map_err(|_| Unfit::Damaged)?;
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&size.to_le_bytes());
    out.append(&mut body);
    Ok(out)
}

/// The extended header: clears the flags of what is left out.
fn extended(data: &mut [u8]) -> Result<(), Unfit> {
    let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = data else { return Err(Unfit::Damaged) };
    if *flags & ANIMATION != 0 {
        return Err(Unfit::Moving);
    }
    *flags &= ALPHA;
    sized(little(&[*w0, *w1, *w2]) + 1, little(&[*h0, *h1, *h2]) + 1)
}

/// A key frame of VP8: three bytes of frame tag, the start code, 14 bits each way.
fn lossy(data: &[u8]) -> Result<(), Unfit> {
    let [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] = data else { return Err(Unfit::Damaged) };
    if tag & 1 != 0 {
        return Err(Unfit::Damaged);
    }
    sized(little(&[*w0, *w1]) & 0x3fff, little(&[*h0, *h1]) & 0x3fff)
}

/// VP8L: a signature byte, then 14 bits each way, less one.
fn lossless(data: &[u8]) -> Result<(), Unfit> {
    let [0x2f, b0, b1, b2, b3, ..] = data else { return Err(Unfit::Damaged) };
    let bits = little(&[*b0, *b1, *b2, *b3]);
    sized((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
}
