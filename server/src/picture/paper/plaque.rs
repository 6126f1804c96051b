//! A plaque for the wall: large enough to be read from half a metre.

use super::{
    Ink, Issuer, Label, Mark, POINT, Page, PaperError, Style, crisp,
    fit::{Line, block},
};
use crate::picture::symbol::Symbol;

const TITLE: &str = "企业码";
const TITLE_EN: &str = "ENTERPRISE CODE";
const SEES: &str = "谁在负责 · 办到哪一步 · 什么时候办结";
const SEES_EN: &str = "Who is responsible · how far it is · when it closes";
const CHECK: &str = "扫码前请核对网址";
const CHECK_EN: &str = "Check the address before you open it";

pub(super) fn draw(
    page: &mut Page,
    issuer: Issuer<'_>,
    label: &Label,
    symbol: Symbol,
) -> Result<(), PaperError> {
    let (width, height) = (page.width, page.height);
    // Drawn for A5; A6 is the same, smaller.
    let k = width / 148.0;
    let (middle, room) = (width / 2.0, width - 36.0 * k);
    let long = || PaperError::Long { uscc: label.uscc.clone() };
    page.frame((5.0 * k, 5.0 * k), (width - 10.0 * k, height - 10.0 * k), 0.5 * k, Ink::Red);
    page.frame((6.6 * k, 6.6 * k), (width - 13.2 * k, height - 13.2 * k), 0.15, Ink::Red);

    let centre = Line::spaced(issuer.centre, 0.12);
    // The emblem stands before the name, both in the middle together.
    let (wide, high) = issuer.logo.map_or((0.0, 0.0), |logo| logo.within((36.0 * k, 14.0 * k)));
    let before = if wide > 0.0 { wide + 3.0 * k } else { 0.0 };
    let size = centre.size_within(room - before, 13.0 * k);
    let left = middle - f32::midpoint(before, centre.width(size));
    if let Some(logo) = issuer.logo {
        let y = 20.0 * k - 0.36 * size * POINT - high / 2.0;
        page.marks.push(Mark::Picture { x: left, y, width: wide, height: high, logo: logo.clone() });
    }
    page.text(left + before, 20.0 * k, Style { size, ink: Ink::Black, bold: false }, centre);
    let title = Style { size: 38.0 * k, ink: Ink::Red, bold: true };
    page.centred(middle, 37.5 * k, title, Line::spaced(TITLE, 0.3));
    let small = Style { size: 8.0 * k, ink: Ink::Red, bold: false };
    page.centred(middle, 43.5 * k, small, Line::spaced(TITLE_EN, 0.42));

    // Not below the 60 mm that are read from half a metre.
    let broad = crisp((86.0 * k).max(63.0), &symbol);
    let top = 46.5 * k;
    page.symbol((middle - broad / 2.0, top), broad, symbol)?;
    let host = Line::spaced(issuer.host, 0.04);
    let size = host.size_within(broad, 12.0 * k);
    let mut y = top + broad + 3.2 * k;
    page.centred(middle, y, Style { size, ink: Ink::Black, bold: true }, host);

    y += 4.2 * k;
    page.bar((18.0 * k, y), (room, 0.15), Ink::Hair);
    let foot = height - 38.0 * k;
    let uscc_size = 9.0 * k;
    let below = uscc_size * POINT * 1.4;
    let space = foot - y - below - 5.0 * k;
    let name = block(&label.name, (room, space), (19.0 * k, 6.0)).ok_or_else(long)?;
    // In the middle of its place.
    y += 2.2 * k + (space - name.height()) / 2.0 + 0.9 * name.size * POINT;
    for line in &name.lines {
        page.centred(middle, y, Style { size: name.size, ink: Ink::Black, bold: true }, line.clone());
        y += name.leading;
    }
    y += 0.16 * name.size * POINT - name.leading + below;
    let grey = Style { size: uscc_size, ink: Ink::Grey, bold: false };
    page.centred(middle, y, grey, Line::spaced(&label.uscc, 0.08));

    page.bar((18.0 * k, foot), (room, 0.15), Ink::Hair);
    for (down, text, size, ink) in [
        (6.6, SEES, 12.0, Ink::Black),
        (10.9, SEES_EN, 7.0, Ink::Grey),
        (18.0, CHECK, 8.0, Ink::Black),
        (21.6, CHECK_EN, 6.0, Ink::Grey),
    ] {
        let line = Line::of(text);
        let size = line.size_within(room, size * k);
        page.centred(middle, foot + down * k, Style { size, ink, bold: size > 11.0 * k }, line);
    }
    let number = Line::spaced(&label.code, 0.06);
    let size = 5.5 * k.max(0.8);
    let x = middle - number.width(size) / 2.0;
    page.text(x, height - 10.0 * k, Style { size, ink: Ink::Grey, bold: false }, number);
    Ok(())
}
