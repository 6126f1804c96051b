//! What a table of units by categories withholds beside the totals that are published with it.

use std::collections::BTreeMap;

use super::interval;

/// A row or a column: where its cells are.
type Line = Vec<usize>;

/// Which cells (row, column, counted ratings) are withheld: those with few; all of a row or column whose total is
/// withheld beside the other totals, for they would add up to it; and as many more as could be subtracted from the
/// total of a row or column.
#[must_use]
pub fn withheld(cells: &[(&str, &str, u32)]) -> Vec<bool> {
    let (by_row, by_column) = (lines(cells, |cell| cell.0), lines(cells, |cell| cell.1));
    let counted =
        |line: &Line| -> Vec<u32> { line.iter().filter_map(|at| cells.get(*at)).map(|(.., n)| *n).collect() };
    let mut hidden: Vec<bool> = cells.iter().map(|(.., n)| interval::few(*n)).collect();
    for side in [&by_row, &by_column] {
        let totals: Vec<u32> = side.iter().map(|line| counted(line).iter().sum()).collect();
        for (line, _) in side.iter().zip(interval::withheld(&totals)).filter(|(_, gone)| *gone) {
            put(&mut hidden, line, std::iter::repeat(true));
        }
    }
    loop {
        let before = hidden.clone();
        for line in by_row.iter().chain(&by_column) {
            let mut gone: Vec<bool> = line.iter().filter_map(|at| hidden.get(*at).copied()).collect();
            interval::complete(&counted(line), &mut gone);
            put(&mut hidden, line, gone.into_iter());
        }
        if hidden == before {
            return hidden;
        }
    }
}

/// The cells of each row, or of each column.
fn lines<'a>(
    cells: &[(&'a str, &'a str, u32)],
    name: impl Fn(&(&'a str, &'a str, u32)) -> &'a str,
) -> Vec<Line> {
    let mut lines: BTreeMap<&str, Line> = BTreeMap::new();
    for (at, cell) in cells.iter().enumerate() {
        lines.entry(name(cell)).or_default().push(at);
    }
    lines.into_values().collect()
}

fn put(hidden: &mut [bool], line: &Line, gone: impl Iterator<Item = bool>) {
    for (at, gone) in line.iter().zip(gone) {
        if let Some(place) = hidden.get_mut(*at) {
            *place = gone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::withheld;

    #[test]
    fn the_cells_of_a_total_that_is_withheld_are_withheld_with_it() {
        // Of 66: tax has 3, which are few; so personnel's 5 are withheld beside it, and its only cell would tell them.
        let cells = [
            ("economy", "policy", 40),
            ("power", "outage", 18),
            ("personnel", "hiring", 5),
            ("market", "licence", 3),
        ];
        assert_eq!(withheld(&cells), [false, false, true, true]);
    }

    #[test]
    fn a_cell_cannot_be_subtracted_from_the_total_of_its_row_or_column() {
        let cells =
            [("a", "x", 30), ("a", "y", 3), ("b", "x", 20), ("b", "y", 12), ("b", "z", 9), ("a", "z", 7)];
        let hidden = withheld(&cells);
        for name in ["a", "b", "x", "y", "z"] {
            let of = cells.iter().zip(&hidden).filter(|(cell, _)| cell.0 == name || cell.1 == name);
            let gone: Vec<u32> = of.filter(|(_, gone)| **gone).map(|(cell, _)| cell.2).collect();
            assert!(gone.is_empty() || (gone.len() > 1 && gone.iter().sum::<u32>() >= 5), "{name}: {gone:?}");
        }
        assert!(hidden.iter().any(|gone| !gone), "not everything is withheld");
    }

    #[test]
    fn nothing_is_withheld_where_nothing_is_few() {
        let cells = [("a", "x", 5), ("a", "y", 5), ("b", "x", 5)];
        assert_eq!(withheld(&cells), [false; 3]);
    }
}
