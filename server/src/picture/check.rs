//! The self-check: what was drawn is read again before it is handed out, from
//! the finished file and not from what it was made of. The reader is rqrr, which
//! shares nothing with the writer.

use rqrr::{Grid, SimpleGrid};

use super::symbol::{PictureError, QUIET, Symbol};

/// The text a symbol says.
#[must_use]
pub fn read(symbol: &Symbol) -> Option<String> {
    decode(symbol.width(), |x, y| symbol.is_dark(x, y))
}

/// Reads a finished SVG of [`super::svg::svg`] again.
pub fn svg(file: &str, text: &str, width: usize) -> Result<(), PictureError> {
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

/// Reads a finished PNG of [`super::png::png`] again: the middle of each module.
pub fn png(file: &[u8], text: &str, width: usize, px_per_module: u8) -> Result<(), PictureError> {
    let unreadable = |_| PictureError::Unreadable;
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().map_err(unreadable)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(PictureError::Unreadable)?];
    let frame = reader.next_frame(&mut pixels).map_err(unreadable)?;
    let px = usize::from(px_per_module);
    let black = |x: usize, y: usize| {
        let (x, y) = ((x + QUIET) * px + px / 2, (y + QUIET) * px + px / 2);
        let byte = pixels.get(y.saturating_mul(frame.line_size).saturating_add(x / 8));
        byte.is_some_and(|byte| byte & (0x80 >> (x % 8)) == 0)
    };
    same(decode(width, black).as_deref(), text)
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

    #[test]
    fn a_damaged_file_is_not_handed_out() {
        let text = "HTTPS://QY.EXAMPLE.CN/C/ABCDEFGH";
        let made = picture::symbol::symbol(text).unwrap();
        let file = picture::svg::svg(&made, "qy.example.cn", None);
        assert_eq!(svg(&file, text, made.width()), Ok(()));
        assert_eq!(
            svg(&file, "HTTPS://A.CN", made.width()),
            Err(PictureError::Unreadable),
            "says something else"
        );
        assert!(svg(&file.replace("h1v1", "h3v1"), text, made.width()).is_err(), "too many black modules");
        let file = picture::png::png(&made, Dots { a_module: 3, dpi: None }, Some("qy.example.cn")).unwrap();
        assert_eq!(png(&file, text, made.width(), 3), Ok(()));
        assert!(
            png(&file, text, made.width(), 4).is_err() && png(&file[..100], text, made.width(), 3).is_err()
        );
    }
}
