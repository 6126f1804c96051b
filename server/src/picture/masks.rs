//! Data laid into a symbol, and the mask chosen by bit operations on whole rows:
//! `qrcode` spends 424 of its 430 µs on that choice. Bits, error correction and
//! the patterns of a version are that crate's; any of the eight masks is valid.
//! Source of the rules: ISO/IEC 18004, 7.7.3 (placement) and 7.8 (masking).

use std::sync::OnceLock;

use qrcode::{
    EcLevel, Version,
    canvas::{Canvas, MaskPattern, Module},
};

/// Versions whose rows fit 64 bits: up to 61 modules.
pub const VERSIONS: usize = 11;
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// What is the same in all symbols of a version at level M.
pub struct Plan {
    /// Modules on a side.
    pub width: usize,
    /// Patterns, format and mask with all data bits zero; a mask each.
    masked: Vec<Grid>,
    /// Where the data bits go, in their order.
    places: Vec<(usize, usize)>,
}

/// Rows and columns; bit `x` of row `y` is the module there, and the other way round.
#[derive(Clone)]
struct Grid {
    rows: Vec<u64>,
    columns: Vec<u64>,
}

impl Grid {
    fn blank(width: usize) -> Self {
        Self { rows: vec![0; width], columns: vec![0; width] }
    }

    fn set(&mut self, x: usize, y: usize) {
        if let (Some(row), Some(column)) = (self.rows.get_mut(y), self.columns.get_mut(x)) {
            *row |= 1 << x;
            *column |= 1 << y;
        }
    }

    fn xor(&self, other: &Self) -> Self {
        let each = |a: &[u64], b: &[u64]| a.iter().zip(b).map(|(a, b)| a ^ b).collect();
        Self { rows: each(&self.rows, &other.rows), columns: each(&self.columns, &other.columns) }
    }
}

/// The plan of a version, made once a process. `None` above [`VERSIONS`].
pub fn plan(version: i16) -> Option<&'static Plan> {
    static PLANS: [OnceLock<Option<Plan>>; VERSIONS] = [const { OnceLock::new() }; VERSIONS];
    let place = usize::try_from(version).ok()?.checked_sub(1)?;
    PLANS.get(place)?.get_or_init(|| make(version)).as_ref()
}

fn make(version: i16) -> Option<Plan> {
    let width = usize::try_from(Version::Normal(version).width()).ok()?;
    let mut canvas = Canvas::new(Version::Normal(version), EcLevel::M);
    canvas.draw_all_functional_patterns();
    let at = |canvas: &Canvas, x: usize, y: usize| -> Option<Module> {
        Some(canvas.get(i16::try_from(x).ok()?, i16::try_from(y).ok()?))
    };
    let free = |(x, y): &(usize, usize)| at(&canvas, *x, *y) == Some(Module::Empty);
    let places = zigzag(width).filter(free).collect();
    let masked = MASKS.map(|mask| {
        let mut canvas = canvas.clone();
        canvas.apply_mask(mask);
        let mut grid = Grid::blank(width);
        let all = (0..width).flat_map(|y| (0..width).map(move |x| (x, y)));
        all.filter(|(x, y)| at(&canvas, *x, *y).is_some_and(Module::is_dark))
            .for_each(|(x, y)| grid.set(x, y));
        grid
    });
    Some(Plan { width, masked: masked.to_vec(), places })
}

/// Two columns at a time from the right, up and down in turn; the upright timing pattern has none.
fn zigzag(width: usize) -> impl Iterator<Item = (usize, usize)> {
    let rights = (1..width).rev().step_by(2).map(|right| if right <= 6 { right - 1 } else { right });
    rights.take(width / 2).enumerate().flat_map(move |(turn, right)| {
        (0..width).flat_map(move |step| {
            let y = if turn % 2 == 0 { width - 1 - step } else { step };
            [(right, y), (right.wrapping_sub(1), y)]
        })
    })
}

impl Plan {
    /// Lays the codewords out and gives the rows under the mask with the least penalty.
    pub fn draw(&self, codewords: impl Iterator<Item = u8>) -> Vec<u64> {
        let mut data = Grid::blank(self.width);
        let bits = codewords.flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0));
        self.places.iter().zip(bits).filter(|(_, dark)| *dark).for_each(|((x, y), _)| data.set(*x, *y));
        let drawn = self.masked.iter().map(|mask| mask.xor(&data));
        drawn.min_by_key(|grid| penalty(grid, self.width)).map(|grid| grid.rows).unwrap_or_default()
    }
}

/// Penalty points of a whole symbol.
fn penalty(grid: &Grid, width: usize) -> u32 {
    let lines =
        |lines: &[u64]| lines.iter().map(|line| runs(*line, width) + finders(*line, width)).sum::<u32>();
    let pairs = grid.rows.iter().zip(grid.rows.iter().skip(1));
    let blocks: u32 = pairs.map(|(a, b)| blocks(*a, *b, width)).sum();
    let dark: u32 = grid.rows.iter().map(|row| row.count_ones()).sum();
    let all = u32::try_from(width * width).unwrap_or(u32::MAX);
    // Ten points for every 5 % away from a half.
    let balance = (20 * dark).abs_diff(10 * all) / all * 10;
    lines(&grid.rows) + lines(&grid.columns) + blocks + balance
}

/// Three points for five alike in a line, one for each more: five alike start at
/// `n - 4` places of a run of `n`, and each run counts two more.
fn runs(line: u64, width: usize) -> u32 {
    let of = |line: u64| {
        let two = line & line >> 1;
        let five = two & two >> 2 & line >> 4;
        five.count_ones() + 2 * (five & !(five << 1)).count_ones()
    };
    of(line) + of(!line & ones(width))
}

/// Three points for each square of four alike.
fn blocks(above: u64, below: u64, width: usize) -> u32 {
    let (same, across) = (!(above ^ below), !(above ^ above >> 1));
    3 * (same & same >> 1 & across & ones(width - 1)).count_ones()
}

/// Forty points for what looks like a finder: dark-light-dark-dark-dark-light-dark with four light
/// beside it, also of the quiet zone.
fn finders(line: u64, width: usize) -> u32 {
    let light = !line;
    let core = line & light >> 1 & line >> 2 & line >> 3 & line >> 4 & light >> 5 & line >> 6;
    let core = core & ones(width - 6);
    if core == 0 {
        return 0;
    }
    let after = light >> 7 & light >> 8 & light >> 9 & light >> 10;
    // What is shifted in stands for the quiet zone.
    let before = !(line << 1) & !(line << 2) & !(line << 3) & !(line << 4);
    40 * ((core & after).count_ones() + (core & before).count_ones())
}

const fn ones(width: usize) -> u64 {
    if width >= 64 { u64::MAX } else { (1 << width) - 1 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{blocks, finders, ones, runs};

    /// The rules once more, module by module.
    fn slowly(line: &[bool]) -> (u32, u32) {
        let alike = line.chunk_by(|a, b| a == b).map(|run| u32::try_from(run.len()).unwrap());
        let runs = alike.filter(|n| *n >= 5).map(|n| n - 2).sum();
        let at = |x: i32| usize::try_from(x).ok().and_then(|x| line.get(x)).copied().unwrap_or(false);
        let core = [true, false, true, true, true, false, true];
        let starts = 0..=i32::try_from(line.len()).unwrap() - 7;
        let cores = starts.filter(|s| (*s..).zip(core).all(|(x, dark)| at(x) == dark));
        let sides =
            cores.map(|s| u32::from((s - 4..s).all(|x| !at(x))) + u32::from((s + 7..s + 11).all(|x| !at(x))));
        (runs, 40 * sides.sum::<u32>())
    }

    fn number(line: &[bool]) -> u64 {
        line.iter().rev().fold(0, |so_far, dark| so_far << 1 | u64::from(*dark))
    }

    proptest! {
        #[test]
        fn bit_operations_count_what_counting_counts(
            lines in prop::collection::vec(prop::collection::vec(any::<bool>(), 61), 2), width in 21_usize..=61
        ) {
            let [above, below] = [&lines[0][..width], &lines[1][..width]];
            prop_assert_eq!((runs(number(above), width), finders(number(above), width)), slowly(above));
            let squares = (1..width).filter(|x| {
                [above[x - 1], below[*x], below[x - 1]].iter().all(|dark| *dark == above[*x])
            });
            let squares = u32::try_from(squares.count()).unwrap();
            prop_assert_eq!(blocks(number(above), number(below), width), 3 * squares);
        }
    }

    #[test]
    fn finders_and_full_lines_are_seen() {
        let finder = |line: &str| {
            let line: Vec<bool> = line.chars().map(|c| c == '1').collect();
            (finders(number(&line), line.len()), slowly(&line).1)
        };
        assert_eq!(finder("101110100001111111111"), (80, 80), "the quiet zone before, four light after");
        assert_eq!(finder("111111111100001011101"), (80, 80));
        assert_eq!(finder("111111010111010000111"), (40, 40));
        assert_eq!((runs(ones(61), 61), runs(0, 61)), (59, 59));
    }
}
