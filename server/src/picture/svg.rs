//! A symbol as SVG: one path of horizontal runs, small and exact at any size.

use std::fmt::Write as _;

use crate::picture::{
    caption,
    symbol::{QUIET, Symbol},
};

/// Modules a line of the caption is high.
const LINE: usize = 4;

/// Draws the symbol with its quiet zone, and the caption below it. Without a caption
/// it is for eyes only: what it says stands beside it in letters. `printed_mm` is the
/// width on paper, with the quiet zone.
#[must_use]
pub fn svg(symbol: &Symbol, caption: &str, printed_mm: Option<f64>) -> String {
    let side = symbol.width().saturating_add(2 * QUIET);
    // A monospaced letter of size 3 is about 1.8 wide.
    let lines = caption::lines(caption, side.saturating_mul(5) / 9);
    let height = side.saturating_add(lines.len().saturating_mul(LINE));
    let path = runs(symbol);
    let number = |n: usize| f64::from(u16::try_from(n).unwrap_or(u16::MAX));
    let measured = printed_mm.map_or_else(String::new, |mm| {
        format!(r#"width="{mm}mm" height="{:.3}mm" "#, mm * number(height) / number(side))
    });
    let part = match escape(caption) {
        title if title.is_empty() => r#"aria-hidden="true">"#.to_owned(),
        title => format!(r#"role="img"><title>{title}</title>"#),
    };
    let mut text = String::new();
    for (row, line) in lines.iter().enumerate() {
        // Letters of size 3 stand below the quiet zone, not in it.
        let y = side.saturating_add(row.saturating_mul(LINE)).saturating_add(3);
        let _ = write!(text, r#"<text x="50%" y="{y}">{}</text>"#, escape(line));
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {height}" {measured}{part}<path fill="#fff" d="M0 0h{side}v{height}H0z"/><path shape-rendering="crispEdges" d="{path}"/><g font-family="monospace" font-size="3" font-weight="bold" text-anchor="middle">{text}</g></svg>"##
    )
}

/// The path of the black modules, within a quiet zone.
pub(super) fn runs(symbol: &Symbol) -> String {
    let mut path = String::with_capacity(4_096);
    for (y, row) in (QUIET..).zip(symbol.rows()) {
        let mut x = QUIET;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                let _ = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
            }
            x = x.saturating_add(run.len());
        }
    }
    path
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::svg;
    use crate::picture::symbol::symbol;

    #[test]
    fn the_runs_cover_exactly_the_black_modules() {
        let made = symbol("HTTPS://A.CN/C/XYZ").unwrap();
        let drawing = svg(&made, "a.cn <&>", None);
        assert!(drawing.contains("<title>a.cn &lt;&amp;&gt;</title>"));
        let bare = svg(&made, "", Some(30.0));
        assert!(bare.contains("aria-hidden=\"true\"") && !bare.contains("<title>"), "nothing to read aloud");
        assert!(bare.contains(r#"width="30mm" height="30.000mm" "#) && !drawing.contains("mm\""));
        let path = drawing.split("crispEdges\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut drawn = std::collections::BTreeSet::new();
        for run in path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let n: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            let x: usize = x.parse().unwrap();
            drawn.extend((x..x + n).map(|x| (x - 4, y.parse::<usize>().unwrap() - 4)));
        }
        for y in 0..made.width() {
            for x in 0..made.width() {
                assert_eq!(drawn.contains(&(x, y)), made.is_dark(x, y), "{x},{y}");
            }
        }
    }
}
