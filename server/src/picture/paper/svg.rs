//! Pages as SVG in millimetres, for the browser's own printing. The lines are those
//! of the PDF, each with the length it was measured to have, so that a browser
//! without the font (`/console/assets/paper.otf`) breaks nothing either.

use std::fmt::Write as _;

use data_encoding::BASE64;

use super::{Laid, Mark, POINT, Page, PaperError, length};
use crate::picture::{
    check,
    svg::{escape, runs},
    symbol::QUIET,
};

/// One SVG a page, and every symbol read again.
pub fn svg(laid: &Laid) -> Result<Vec<String>, PaperError> {
    let mut texts = laid.texts.iter();
    laid.pages.iter().map(|page| drawn(page, &mut texts)).collect()
}

fn drawn<'a>(page: &Page, texts: &mut impl Iterator<Item = &'a String>) -> Result<String, PaperError> {
    let (width, height) = (page.width, page.height);
    let mut file = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">"#
    );
    for mark in &page.marks {
        // Writing to a string does not fail.
        let _ = match mark {
            Mark::Text { x, y, style, line } => {
                let (size, text) = (style.size * POINT, escape(&line.text));
                let bold = if style.bold { style.weight() * POINT } else { 0.0 };
                let ink = colour(style.ink.rgb());
                write!(
                    file,
                    r#"<text x="{x:.3}" y="{y:.3}" font-size="{size:.3}" textLength="{:.3}" lengthAdjust="spacingAndGlyphs" fill="{ink}" stroke="{ink}" stroke-width="{bold:.3}">{text}</text>"#,
                    line.width(style.size)
                )
            }
            Mark::Bar { x, y, width, height, ink } => {
                let ink = colour(ink.rgb());
                write!(file, r#"<path fill="{ink}" d="M{x:.3} {y:.3}h{width:.3}v{height:.3}h-{width:.3}z"/>"#)
            }
            Mark::Picture { x, y, width, height, logo } => {
                let data = BASE64.encode(&logo.png);
                write!(
                    file,
                    r#"<image x="{x:.3}" y="{y:.3}" width="{width:.3}" height="{height:.3}" href="data:image/png;base64,{data}"/>"#
                )
            }
            Mark::Symbol { x, y, side, symbol } => {
                let modules = length(symbol.width() + 2 * QUIET);
                let start = file.len();
                let done = write!(
                    file,
                    r#"<svg x="{x:.3}" y="{y:.3}" width="{side:.3}" height="{side:.3}" viewBox="0 0 {modules} {modules}" aria-hidden="true"><path shape-rendering="crispEdges" d="{}"/></svg>"#,
                    runs(symbol)
                );
                let text = texts.next().ok_or(PaperError::Write("a symbol without its text"))?;
                check::runs(file.get(start..).unwrap_or_default(), text, symbol.width())?;
                done
            }
        };
    }
    file.push_str("</svg>");
    Ok(file)
}

fn colour([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
