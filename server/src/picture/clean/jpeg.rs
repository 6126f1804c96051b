//! JPEG: a row of marked segments, and the drawing between them. Telephones lay
//! a picture on its side and say so in EXIF; that one number is kept.

use super::{Reader, Unfit, big, length, little, sized};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const EXIF: &[u8] = b"Exif\0\0";

/// The segments that draw, the orientation, and the drawing itself.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, Unfit> {
    let mut reader = Reader { rest: bytes };
    if reader.take(2)? != [0xff, START] {
        return Err(Unfit::Damaged);
    }
    let (mut out, mut kept) = (vec![0xff, START], Vec::new());
    let (mut orientation, mut framed, mut drawn) = (None, false, false);
    loop {
        let marker = marker(&mut reader)?;
        if marker == END {
            break;
        }
        let size = length(big(reader.take(2)?))?;
        let body = reader.take(size.checked_sub(2).ok_or(Unfit::Damaged)?)?;
        match marker {
            0xc0..=0xc2 => {
                let [_, h0, h1, w0, w1, ..] = body else { return Err(Unfit::Damaged) };
                sized(big(&[*w0, *w1]), big(&[*h0, *h1]))?;
                if std::mem::replace(&mut framed, true) {
                    return Err(Unfit::Damaged);
                }
                segment(&mut kept, marker, body)?;
            }
            // Huffman and quantisation tables, restart interval.
            0xc4 | 0xdb | 0xdd => segment(&mut kept, marker, body)?,
            0xe0 if body.starts_with(b"JFIF\0") => {
                // Density only; a preview may follow it.
                let density = body.get(..12).ok_or(Unfit::Damaged)?;
                segment(&mut kept, marker, &[density, &[0, 0]].concat())?;
            }
            0xe1 => orientation = orientation.or_else(|| body.strip_prefix(EXIF).and_then(turned)),
            // How the colours are coded; twelve bytes and no more.
            0xee if body.starts_with(b"Adobe") => {
                segment(&mut kept, marker, body.get(..12).ok_or(Unfit::Damaged)?)?;
            }
            SCAN if framed => {
                segment(&mut kept, marker, body)?;
                kept.extend_from_slice(drawing(&mut reader)?);
                drawn = true;
            }
            // Other application data and comments.
            0xe0..=0xef | 0xfe => {}
            _ => return Err(Unfit::Damaged),
        }
    }
    if !drawn {
        return Err(Unfit::Damaged);
    }
    if let Some(turn) = orientation {
        segment(&mut out, 0xe1, &upright(turn))?;
    }
    out.append(&mut kept);
    out.extend_from_slice(&[0xff, END]);
    Ok(out)
}

/// The next marker; any number of fill bytes may stand before it.
fn marker(reader: &mut Reader<'_>) -> Result<u8, Unfit> {
    if reader.byte()? != 0xff {
        return Err(Unfit::Damaged);
    }
    loop {
        match reader.byte()? {
            0xff => {}
            0 => return Err(Unfit::Damaged),
            marker => return Ok(marker),
        }
    }
}

/// Everything up to the next marker; `FF00` and restart marks belong to the drawing.
fn drawing<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Unfit> {
    let ends = |pair: &[u8]| matches!(pair, [0xff, next] if *next != 0 && !(0xd0..=0xd7).contains(next));
    let count = reader.rest.windows(2).position(ends).ok_or(Unfit::Damaged)?;
    reader.take(count)
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) -> Result<(), Unfit> {
    let size = u16::try_from(body.len() + 2).map_err(|_| Unfit::Damaged)?;
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&size.to_be_bytes());
    out.extend_from_slice(body);
    Ok(())
}

/// The orientation, 2 to 8, from a TIFF block; 1 is upright and needs no word.
fn turned(tiff: &[u8]) -> Option<u8> {
    let number: fn(&[u8]) -> u32 = match tiff.get(..4)? {
        b"II*\0" => little,
        b"MM\0*" => big,
        _ => return None,
    };
    let at = usize::try_from(number(tiff.get(4..8)?)).ok()?;
    let directory = tiff.get(at..)?;
    let count = usize::try_from(number(directory.get(..2)?)).ok()?;
    let entry = directory
        .get(2..)?
        .chunks_exact(12)
        .take(count)
        .find(|entry| entry.get(..2).is_some_and(|tag| number(tag) == 0x0112))?;
    let value = number(entry.get(8..10)?);
    u8::try_from(value).ok().filter(|turn| (2..=8).contains(turn))
}

/// The smallest EXIF block there is: one directory with one entry.
fn upright(turn: u8) -> Vec<u8> {
    let entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0];
    [EXIF, b"II*\0\x08\0\0\0\x01\0", &entry, &[0; 4]].concat()
}
