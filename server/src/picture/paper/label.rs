//! One label: the symbol with the host below it, and beside it (or, on an upright
//! one, below) who issued it, for which enterprise, and what to do with it.

use super::{
    Ink, Issuer, Label, POINT, Page, PaperError, Style, crisp,
    fit::{Block, Line, block},
    format::Paper,
};
use crate::picture::symbol::{QUIET, Symbol};

const WHAT: &str = "扫码看进度 · 评结果";
const WHAT_EN: &str = "Scan to see progress and rate";
/// The host below the symbol.
const HOST: f32 = 3.2;
/// The least size of a name that eyes read.
const LEAST: f32 = 3.5;

const fn style(size: f32, ink: Ink) -> Style {
    Style { size, ink, bold: false }
}

/// Draws a label whose upper left corner is at `corner`.
pub(super) fn draw(
    page: &mut Page,
    corner: (f32, f32),
    paper: &Paper,
    issuer: Issuer<'_>,
    label: &Label,
    symbol: Symbol,
) -> Result<(), PaperError> {
    let (x, y) = corner;
    let (width, height) = paper.cell;
    // The name wants its room too.
    let share = if paper.upright() { (width * 0.6).min(height * 0.44) } else { width * 0.43 };
    let side = paper.symbol.unwrap_or_else(|| paper.largest().min(share.max(22.0)).min(52.0));
    let side = crisp(side, &symbol);
    let quiet = side * super::length(QUIET) / super::length(symbol.width() + 2 * QUIET);
    if paper.upright() {
        let top = y + 1.5;
        page.symbol((x + (width - side) / 2.0, top), side, symbol)?;
        host(page, x + width / 2.0, top + side, width - 4.0, issuer);
        let column =
            Column { x: x + 3.0, top: top + side + HOST + 1.6, width: width - 6.0, bottom: y + height - 2.5 };
        return column.draw(page, issuer, label);
    }
    let top = y + (height - side - HOST) / 2.0;
    let left = x + if width > 80.0 { 2.5 } else { 1.2 };
    page.symbol((left, top), side, symbol)?;
    host(page, left + side / 2.0, top + side, side - 2.0 * quiet, issuer);
    let column = Column {
        x: left + side + 0.6,
        top: top + quiet,
        width: x + width - 3.0 - (left + side + 0.6),
        bottom: top + side + 1.8,
    };
    column.draw(page, issuer, label)
}

/// The host in clear text, so that a person can check where the code leads.
fn host(page: &mut Page, middle: f32, under: f32, room: f32, issuer: Issuer<'_>) {
    let line = Line::of(issuer.host);
    let size = line.size_within(room, if room > 34.0 { 8.0 } else { 6.5 });
    page.centred(middle, under + 1.9, style(size, Ink::Black), line);
}

/// The words of a label.
struct Column {
    x: f32,
    top: f32,
    width: f32,
    bottom: f32,
}

impl Column {
    fn draw(&self, page: &mut Page, issuer: Issuer<'_>, label: &Label) -> Result<(), PaperError> {
        let long = || PaperError::Long { uscc: label.uscc.clone() };
        let roomy = self.bottom - self.top > 30.0;
        let scale = if roomy { 1.3 } else { 1.0 };
        let mut y = self.top;
        let centre = block(issuer.centre, (self.width, 6.0), (6.5 * scale, 4.0)).ok_or_else(long)?;
        y = self.lines(page, &centre, y, Ink::Grey, false) + 1.0;
        page.bar((self.x, y), (self.width, 0.15), Ink::Black);
        y += 1.5 * scale;

        let mut foot = self.bottom;
        // On the smallest labels the name needs the room of the second line.
        let narrow = usize::from(self.width < 27.0);
        let said = [(WHAT_EN, 5.0 * scale, Ink::Grey), (WHAT, 6.5 * scale, Ink::Black)];
        for (text, size, ink) in said.into_iter().skip(narrow) {
            let line = Line::of(text);
            let size = line.size_within(self.width, size);
            page.text(self.x, foot, Style { size, ink, bold: ink == Ink::Black }, line);
            foot -= size * POINT * 1.35;
        }
        let uscc = Line::spaced(&label.uscc, 0.03);
        let size = uscc.size_within(self.width, 6.5 * scale);
        let room = foot - 0.8 - y - size * POINT * 1.5;
        let name = block(&label.name, (self.width, room), (11.0 * scale, LEAST)).ok_or_else(long)?;
        y = self.lines(page, &name, y, Ink::Black, true) + size * POINT * 1.3;
        page.text(self.x, y, style(size, Ink::Grey), uscc);
        Ok(())
    }

    /// Draws lines from a top edge and says where they end.
    fn lines(&self, page: &mut Page, block: &Block, top: f32, ink: Ink, bold: bool) -> f32 {
        // Ideographs fill 0.88 above the baseline and 0.12 below.
        let mut y = top + 0.86 * block.size * POINT;
        for line in &block.lines {
            page.text(self.x, y, Style { size: block.size, ink, bold }, line.clone());
            y += block.leading;
        }
        y - block.leading + 0.14 * block.size * POINT
    }
}
