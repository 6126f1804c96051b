//! The self-check of a PDF: its pages are unpacked, the shapes drawn there are laid
//! out on a grid again and read by the other decoder. It knows no more of the file
//! than a viewer does: streams, the scale in force, and filled rectangles.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::{POINT, PaperError};
use crate::picture::{
    check::decode,
    symbol::{MODULE_MM, PictureError},
};

/// Refuses a file whose symbols do not say these texts in this order, or are too small.
pub(super) fn same(file: &[u8], texts: &[String]) -> Result<(), PaperError> {
    let mut texts = texts.iter();
    let mut rest = file;
    while let Some((content, after)) = stream(rest) {
        rest = after;
        for shape in shapes(&content) {
            if shape.read().as_ref() != texts.next() {
                return Err(PictureError::Unreadable.into());
            }
        }
    }
    if texts.next().is_some() { Err(PictureError::Unreadable.into()) } else { Ok(()) }
}

/// The next page's contents unpacked, and what follows it in the file. Fonts and other
/// streams say more of themselves than their length and packing.
fn stream(file: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    const HEAD: &[u8] = b"<</Length ";
    let mut rest = file;
    loop {
        let at = rest.windows(HEAD.len()).position(|bytes| bytes == HEAD)?;
        rest = rest.get(at + HEAD.len()..)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length: usize = std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()?;
        let after = rest.get(digits..)?;
        let Some(packed) = after.strip_prefix(b"/Filter/FlateDecode>>\nstream\n") else { continue };
        let mut content = Vec::new();
        ZlibDecoder::new(packed.get(..length)?).read_to_end(&mut content).ok()?;
        return Some((content, packed.get(length..)?));
    }
}

/// Rectangles filled under one scale.
struct Shape {
    /// Points a unit.
    scale: f32,
    /// Left, top, right, bottom, in units.
    runs: Vec<[usize; 4]>,
}

impl Shape {
    fn read(&self) -> Option<String> {
        if f64::from(self.scale * POINT) + 1e-4 < MODULE_MM {
            return None;
        }
        let width = self.runs.iter().map(|[_, _, right, _]| *right).max()?;
        let mut dark = vec![false; width * width];
        for [left, top, right, bottom] in &self.runs {
            for row in *top..*bottom {
                dark.get_mut(row * width + left..row * width + right)?.fill(true);
            }
        }
        decode(width, |x, y| dark.get(y * width + x) == Some(&true))
    }
}

/// What is filled under a scale other than the page's own.
fn shapes(content: &[u8]) -> Vec<Shape> {
    let (mut shapes, mut numbers, mut corners, mut runs) =
        (Vec::new(), Vec::<&[u8]>::new(), Vec::new(), Vec::new());
    let mut scale = 1.0;
    for word in Words(content) {
        match word {
            b"m" | b"l" => corners.extend(numbers.last_chunk::<2>().map(|[x, y]| (whole(x), whole(y)))),
            b"h" => {
                runs.extend(rectangle(&corners));
                corners.clear();
            }
            b"cm" => scale = numbers.first().and_then(|word| number(word)).unwrap_or(1.0),
            b"f" => {
                let filled = std::mem::take(&mut runs);
                // The page itself is not scaled.
                if (scale - 1.0_f32).abs() > 1e-6 {
                    shapes.push(Shape { scale, runs: filled });
                }
            }
            b"Q" => scale = 1.0,
            _ if word.first().is_some_and(|first| first.is_ascii_digit() || b"-.".contains(first)) => {
                numbers.push(word);
                continue;
            }
            _ => {}
        }
        numbers.clear();
    }
    shapes
}

/// A place in whole units; none between them.
type Corner = (Option<usize>, Option<usize>);

/// Whole units, or nothing that a symbol is made of.
fn rectangle(corners: &[Corner]) -> Option<[usize; 4]> {
    let [(left, top), (right, _), (_, bottom), _] = corners else { return None };
    Some([(*left)?, (*top)?, (*right)?, (*bottom)?])
}

fn number(word: &[u8]) -> Option<f32> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// A small whole number.
fn whole(word: &[u8]) -> Option<usize> {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| usize::from(byte - b'0'));
    if word.len() > 4 {
        return None;
    }
    word.iter().try_fold(0, |sum, byte| Some(sum * 10 + digit(byte)?))
}

/// The words of a content stream; what stands in brackets is text of glyphs and is passed over.
struct Words<'a>(&'a [u8]);

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let first = *self.0.first()?;
            if first == b'(' {
                self.skip_text();
            } else if first.is_ascii_whitespace() || matches!(first, b'[' | b']' | b')' | b'/') {
                self.0 = self.0.get(1..)?;
            } else {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"[]()/".contains(byte);
                let end = self.0.iter().position(ends).unwrap_or(self.0.len());
                let (word, rest) = self.0.split_at_checked(end)?;
                self.0 = rest;
                return Some(word);
            }
        }
    }
}

impl Words<'_> {
    fn skip_text(&mut self) {
        let (mut depth, mut escaped, mut end) = (0_u32, false, self.0.len());
        for (place, byte) in self.0.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => depth += 1,
                b')' if depth == 1 => {
                    end = place + 1;
                    break;
                }
                b')' => depth -= 1,
                _ => {}
            }
        }
        self.0 = self.0.get(end..).unwrap_or_default();
    }
}
