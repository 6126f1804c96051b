//! The self-check: what was drawn is read again before it is handed out, from
//! the finished file and not from what it was made of. The reader is rqrr, which
//! shares nothing with the writer.

use png::PixelDimensions;
use rqrr::{Grid, SimpleGrid};

use super::{
    png::Dots,
    symbol::{PictureError, QUIET, Symbol},
};

/// The text a symbol says.
#[must_use]
pub fn read(symbol: &Symbol) -> Option<String> {
    decode(symbol.width(), |x, y| symbol.is_dark(x, y))
}

/// Reads a finished SVG of [`super::svg::svg`] again: the modules, the white around them that the
/// caption must not reach into, and the width on paper.
pub fn svg(file: &str, text: &str, width: usize, printed_mm: Option<f64>) -> Result<(), PictureError> {
    if !fits(file, width, printed_mm) {
        return Err(PictureError::Unreadable);
    }
    runs(file, text, width)
}

/// Whether the picture is as wide as a symbol with its quiet zone, white, and as wide on paper as
/// was asked for.
fn fits(file: &str, width: usize, printed_mm: Option<f64>) -> bool {
    let side = width.saturating_add(2 * QUIET);
    let Some(height) =
        part(file, &format!("viewBox=\"0 0 {side} "), "\"").and_then(|n| n.parse::<usize>().ok())
    else {
        return false;
    };
    let white = format!("<path fill=\"#fff\" d=\"M0 0h{side}v{height}H0z\"/>");
    // The baseline of a letter of size 3 must lie that far below.
    let lines = file.split("<text x=\"50%\" y=\"").skip(1);
    let below = lines.map(|line| line.split('"').next().and_then(|y| y.parse::<usize>().ok()));
    let free = below.into_iter().all(|y| y.is_some_and(|y| y >= side.saturating_add(3)));
    let said = part(file, " width=\"", "mm\"").and_then(|mm| mm.parse::<f64>().ok());
    let wide = match (said, printed_mm) {
        (Some(said), Some(wanted)) => (said - wanted).abs() < 1e-6,
        (said, wanted) => said.is_none() && wanted.is_none(),
    };
    height >= side && free && wide && file.contains(&white)
}

/// What stands between these two.
fn part<'a>(file: &'a str, before: &str, after: &str) -> Option<&'a str> {
    file.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// The path of the black modules says the text.
pub(super) fn runs(file: &str, text: &str, width: usize) -> Result<(), PictureError> {
    let mut dark = vec![false; width.saturating_mul(width)];
    let path = file.split("crispEdges\" d=\"").nth(1).and_then(|rest| rest.split('"').next());
    for run in path.unwrap_or_default().split('M').skip(1) {
        let run = run.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok());
        let [x, y, length, ..] = run.collect::<Vec<_>>()[..] else { return Err(PictureError::Unreadable) };
        let start = y.checked_sub(QUIET).zip(x.checked_sub(QUIET)).ok_or(PictureError::Unreadable)?;
        let start = start.0.saturating_mul(width).saturating_add(start.1);
        let run = dark.get_mut(start..start.saturating_add(length)).ok_or(PictureError::Unreadable)?;
        run.fill(true);
    }
    same(decode(width, |x, y| dark.get(y * width + x) == Some(&true)).as_deref(), text)
}

/// Reads a finished PNG of [`super::png::png`] again: the middle of each module, every pixel of the
/// quiet zone, and the size on paper.
pub fn png(file: &[u8], text: &str, width: usize, dots: Dots) -> Result<(), PictureError> {
    let unreadable = |_| PictureError::Unreadable;
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().map_err(unreadable)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(PictureError::Unreadable)?];
    let frame = reader.next_frame(&mut pixels).map_err(unreadable)?;
    let px = usize::from(dots.a_module);
    let said = |size: PixelDimensions| (size.xppu, size.yppu, size.unit);
    let side = width.saturating_add(2 * QUIET).saturating_mul(px);
    let sized = reader.info().pixel_dims.map(said) == dots.dimensions().map(said);
    let (margin, rows) = (QUIET * px, pixels.chunks(frame.line_size.max(1)).take(side));
    let quiet = |(y, row): (usize, &[u8])| {
        if y < margin || y >= side - margin {
            white(row, 0, side)
        } else {
            white(row, 0, margin) && white(row, side - margin, side)
        }
    };
    let wide = usize::try_from(frame.width).is_ok_and(|wide| wide == side);
    if !(sized && wide && rows.len() == side && rows.enumerate().all(quiet)) {
        return Err(PictureError::Unreadable);
    }
    let black = |x: usize, y: usize| {
        let (x, y) = ((x + QUIET) * px + px / 2, (y + QUIET) * px + px / 2);
        let byte = pixels.get(y.saturating_mul(frame.line_size).saturating_add(x / 8));
        byte.is_some_and(|byte| byte & (0x80 >> (x % 8)) == 0)
    };
    same(decode(width, black).as_deref(), text)
}

/// Whether these pixels of a row are all white; whole bytes are looked at as such.
fn white(row: &[u8], from: usize, to: usize) -> bool {
    let (first, last) = (from.div_ceil(8), to / 8);
    let one = |x: usize| row.get(x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0);
    if first > last {
        return (from..to).all(one);
    }
    let whole = row.get(first..last).is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0xFF));
    whole && (from..first * 8).all(one) && (last * 8..to).all(one)
}

/// The text of modules given one by one.
pub(super) fn decode(width: usize, dark: impl Fn(usize, usize) -> bool) -> Option<String> {
    let grid = Grid::new(SimpleGrid::from_func(width, dark));
    Some(grid.decode().ok()?.1)
}

fn same(read: Option<&str>, text: &str) -> Result<(), PictureError> {
    if read == Some(text) { Ok(()) } else { Err(PictureError::Unreadable) }
}

#[cfg(test)]
mod tests {
    use super::{png, svg};
    use crate::picture::{self, png::Dots, symbol::PictureError};

    const TEXT: &str = "HTTPS://QY.EXAMPLE.CN/C/ABCDEFGH";

    #[test]
    fn a_damaged_file_is_not_handed_out() {
        let made = picture::symbol::symbol(TEXT).unwrap();
        let file = picture::svg::svg(&made, "qy.example.cn", None);
        assert_eq!(svg(&file, TEXT, made.width(), None), Ok(()));
        assert_eq!(
            svg(&file, "HTTPS://A.CN", made.width(), None),
            Err(PictureError::Unreadable),
            "says something else"
        );
        let damaged = file.replace("h1v1", "h3v1");
        assert!(svg(&damaged, TEXT, made.width(), None).is_err(), "too many black modules");
        let dots = |a_module| Dots { a_module, dpi: None };
        let file = picture::png::png(&made, dots(3), Some("qy.example.cn")).unwrap();
        assert_eq!(png(&file, TEXT, made.width(), dots(3)), Ok(()));
        assert!(
            png(&file, TEXT, made.width(), dots(4)).is_err()
                && png(&file[..100], TEXT, made.width(), dots(3)).is_err()
        );
    }

    #[test]
    fn a_drawing_that_is_cropped_grey_or_of_another_size_is_not_handed_out() {
        let made = picture::symbol::symbol(TEXT).unwrap();
        let (width, side) = (made.width(), made.width() + 8);
        let file = picture::svg::svg(&made, &"qy.example.cn".repeat(5), Some(19.6));
        assert_eq!(svg(&file, TEXT, width, Some(19.6)), Ok(()));
        for (wanted, old, new) in [
            (Some(19.6), format!("viewBox=\"0 0 {side} "), format!("viewBox=\"2 2 {side} ")),
            (Some(19.6), format!("viewBox=\"0 0 {side} "), format!("viewBox=\"0 0 {} ", side - 4)),
            (Some(19.6), "fill=\"#fff\"".to_owned(), "fill=\"#ccc\"".to_owned()),
            (Some(19.6), "width=\"19.6mm\"".to_owned(), "width=\"16mm\"".to_owned()),
            (Some(19.6), format!("y=\"{}\"", side + 3), format!("y=\"{}\"", side + 1)),
            (Some(20.0), String::new(), String::new()),
            (None, String::new(), String::new()),
        ] {
            let other = if old.is_empty() { file.clone() } else { file.replace(&old, &new) };
            assert!(old.is_empty() || other != file, "{old}");
            assert_eq!(svg(&other, TEXT, width, wanted), Err(PictureError::Unreadable), "{old} {wanted:?}");
        }
    }

    /// Draws a PNG again with one pixel changed.
    fn spoiled(file: &[u8], (x, y): (usize, usize), dots: Dots) -> Vec<u8> {
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        pixels[y * frame.line_size + x / 8] ^= 0x80 >> (x % 8);
        let mut out = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut out, frame.width, frame.height);
        encoder.set_color(::png::ColorType::Grayscale);
        encoder.set_depth(::png::BitDepth::One);
        encoder.set_pixel_dims(dots.dimensions());
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
        writer.finish().unwrap();
        out
    }

    #[test]
    fn one_black_pixel_of_the_quiet_zone_or_another_resolution_is_enough() {
        let made = picture::symbol::symbol(TEXT).unwrap();
        let dots = Dots { a_module: 7, dpi: Some(300) };
        let file = picture::png::png(&made, dots, Some("qy.example.cn")).unwrap();
        assert_eq!(png(&file, TEXT, made.width(), dots), Ok(()));
        let (margin, side) = (28, (made.width() + 8) * 7);
        for place in [
            (0, 0),
            (side - 1, 0),
            (margin - 1, side / 2),
            (side - margin, side / 2),
            (side - 1, side / 2),
            (side / 2, margin - 1),
            (side / 2, side - margin),
            (9, side - 1),
        ] {
            let spoiled = spoiled(&file, place, dots);
            assert_eq!(png(&spoiled, TEXT, made.width(), dots), Err(PictureError::Unreadable), "{place:?}");
        }
        // The edge of a module is no part of it.
        assert_eq!(png(&spoiled(&file, (margin, margin), dots), TEXT, made.width(), dots), Ok(()));
        for dpi in [None, Some(600)] {
            let other = Dots { a_module: 7, dpi };
            assert_eq!(png(&file, TEXT, made.width(), other), Err(PictureError::Unreadable), "{dpi:?}");
        }
    }
}
