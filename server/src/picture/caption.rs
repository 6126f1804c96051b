//! The host in clear text under a symbol, so that a person can check where a
//! code leads before opening it. Pixels are black or white, as printers want.

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _};

/// DejaVu Sans Mono Bold, printable ASCII only; licence beside it.
static FONT: &[u8] = include_bytes!("../../assets/fonts/caption.ttf");

/// A block of black and white pixels.
pub struct Block {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Row by row, true for black.
    pub black: Vec<bool>,
}

/// Breaks a text into lines of at most `chars` characters.
#[must_use]
pub fn lines(text: &str, chars: usize) -> Vec<String> {
    let all: Vec<char> = text.chars().collect();
    all.chunks(chars.max(1)).map(|line| line.iter().collect()).collect()
}

/// Draws a text centred, `size` pixels high a line, broken where it is too long.
#[must_use]
pub fn draw(text: &str, width: usize, size: u8) -> Option<Block> {
    let font = FontRef::try_from_slice(FONT).ok()?;
    let scaled = font.as_scaled(PxScale::from(f32::from(size)));
    let advance = scaled.h_advance(scaled.glyph_id('0'));
    let across = f32::from(u16::try_from(width).ok()?);
    let lines = lines(text, whole(across / advance));
    let line_height = usize::from(size);
    let height = lines.len().checked_mul(line_height)?;
    let mut black = vec![false; width.checked_mul(height)?];
    for (row, line) in lines.iter().enumerate() {
        let length = advance * f32::from(u16::try_from(line.chars().count()).ok()?);
        let mut x = ((across - length) / 2.0).max(0.0).round();
        let baseline =
            f32::from(u16::try_from(row.checked_mul(line_height)?).ok()?) + scaled.ascent().round();
        for letter in line.chars() {
            let glyph = scaled
                .glyph_id(letter)
                .with_scale_and_position(scaled.scale(), ab_glyph::point(x.round(), baseline));
            x += advance;
            let Some(outline) = scaled.outline_glyph(glyph) else { continue };
            let (left, top) = (whole(outline.px_bounds().min.x), whole(outline.px_bounds().min.y));
            outline.draw(|dx, dy, cover| {
                let at = usize::try_from(dx).ok().zip(usize::try_from(dy).ok());
                let Some((px, py)) = at.map(|(dx, dy)| (left.saturating_add(dx), top.saturating_add(dy)))
                else {
                    return;
                };
                let place = if px < width {
                    black.get_mut(py.saturating_mul(width).saturating_add(px))
                } else {
                    None
                };
                if let Some(place) = place {
                    *place |= cover > 0.5;
                }
            });
        }
    }
    Some(Block { width, height, black })
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` from a float saturates, which is what a pixel position wants; std has no other way"
)]
fn whole(value: f32) -> usize {
    value.max(0.0) as usize
}
