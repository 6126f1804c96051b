//! A symbol for a terminal: two rows a line in half blocks, black on white set
//! by colour codes, so that dark and light terminals show the same.

use crate::picture::symbol::{QUIET, Symbol};

/// Draws the symbol with its quiet zone.
#[must_use]
pub fn terminal(symbol: &Symbol) -> String {
    let side = symbol.width().saturating_add(2 * QUIET);
    let dark = |x: usize, y: usize| {
        x >= QUIET && y >= QUIET && symbol.is_dark(x.saturating_sub(QUIET), y.saturating_sub(QUIET))
    };
    let mut text = String::new();
    for y in (0..side).step_by(2) {
        // 256-colour black and white: the basic sixteen are repainted by themes.
        text.push_str("\u{1b}[38;5;16;48;5;231m");
        for x in 0..side {
            text.push(match (dark(x, y), dark(x, y.saturating_add(1))) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        text.push_str("\u{1b}[0m\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::terminal;
    use crate::picture::symbol::symbol;

    #[test]
    fn half_blocks_show_every_module() {
        let made = symbol("HTTPS://A.CN").unwrap();
        let text = terminal(&made);
        for (row, line) in text.lines().enumerate() {
            let cells = line.trim_start_matches("\u{1b}[38;5;16;48;5;231m").trim_end_matches("\u{1b}[0m");
            assert_eq!(cells.chars().count(), made.width() + 8);
            for (x, cell) in cells.chars().enumerate() {
                let seen = (matches!(cell, '█' | '▀'), matches!(cell, '█' | '▄'));
                let at = |y: usize| x >= 4 && y >= 4 && made.is_dark(x - 4, y - 4);
                assert_eq!(seen, (at(2 * row), at(2 * row + 1)));
            }
        }
    }
}
