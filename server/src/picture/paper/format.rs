//! Kinds of paper, as data, and the judgement on a wish: a grid that leaves the
//! page or a label too small for a symbol is refused with its field and the remedy.

use qiyema_protocol::{paper::PaperWish, problem::FieldProblem};

use super::{Ink, Page, length};
use crate::domain::text::problem;

/// A kind of paper that has a name.
#[derive(Debug)]
pub struct Preset {
    /// Its name.
    pub id: &'static str,
    /// What people call it.
    pub zh: &'static str,
    /// The same.
    pub en: &'static str,
    page: (f32, f32),
    grid: (u16, u16),
    cell: (f32, f32),
    corner: (f32, f32),
    gap: (f32, f32),
}

const A4: (f32, f32) = (210.0, 297.0);

/// A sheet of labels.
const fn sheet(
    id: &'static str,
    (zh, en): (&'static str, &'static str),
    grid: (u16, u16),
    cell: (f32, f32),
    corner: (f32, f32),
    gap: f32,
) -> Preset {
    Preset { id, zh, en, page: A4, grid, cell, corner, gap: (gap, 0.0) }
}

/// One code a page.
const fn single(id: &'static str, (zh, en): (&'static str, &'static str), page: (f32, f32)) -> Preset {
    Preset { id, zh, en, page, grid: (1, 1), cell: page, corner: (0.0, 0.0), gap: (0.0, 0.0) }
}

/// The sizes are those printed on the boxes of label sheets; the numbers are the trade's.
pub const PRESETS: [Preset; 12] = [
    sheet(
        "a4-3x8",
        ("A4 24枚 70×37毫米", "A4, 24 labels of 70 × 37 mm"),
        (3, 8),
        (70.0, 37.0),
        (0.0, 0.5),
        0.0,
    ),
    sheet(
        "a4-3x7",
        ("A4 21枚 63.5×38.1毫米（L7160）", "A4, 21 labels of 63.5 × 38.1 mm (L7160)"),
        (3, 7),
        (63.5, 38.1),
        (7.25, 15.15),
        2.5,
    ),
    sheet(
        "a4-2x7",
        ("A4 14枚 99.1×38.1毫米（L7163）", "A4, 14 labels of 99.1 × 38.1 mm (L7163)"),
        (2, 7),
        (99.1, 38.1),
        (4.65, 15.15),
        2.5,
    ),
    sheet(
        "a4-2x5",
        ("A4 10枚 99.1×57毫米（L7173）", "A4, 10 labels of 99.1 × 57 mm (L7173)"),
        (2, 5),
        (99.1, 57.0),
        (4.65, 6.0),
        2.5,
    ),
    sheet(
        "a4-2x4",
        ("A4 8枚 99.1×67.7毫米（L7165）", "A4, 8 labels of 99.1 × 67.7 mm (L7165)"),
        (2, 4),
        (99.1, 67.7),
        (4.65, 13.1),
        2.5,
    ),
    sheet(
        "a4-4x10",
        ("A4 40枚 52.5×29.7毫米", "A4, 40 labels of 52.5 × 29.7 mm"),
        (4, 10),
        (52.5, 29.7),
        (0.0, 0.0),
        0.0,
    ),
    single("roll-60x40", ("卷装标签 60×40毫米", "Label roll, 60 × 40 mm"), (60.0, 40.0)),
    single("roll-70x50", ("卷装标签 70×50毫米", "Label roll, 70 × 50 mm"), (70.0, 50.0)),
    single("roll-100x60", ("卷装标签 100×60毫米", "Label roll, 100 × 60 mm"), (100.0, 60.0)),
    single("plaque-a5", ("门牌 A5", "Plaque, A5"), (148.0, 210.0)),
    single("plaque-a6", ("门牌 A6", "Plaque, A6"), (105.0, 148.0)),
    single("letter-a4", ("企业口令信 A4（折三折）", "Letter with the PIN, A4, folded twice"), A4),
];

/// What is drawn in each place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Design {
    Labels,
    Plaque,
    Letter,
}

/// Paper as it will be printed.
#[derive(Debug, Clone)]
pub struct Paper {
    pub(super) design: Design,
    pub(super) page: (f32, f32),
    pub(super) cell: (f32, f32),
    /// Width of the symbol with its quiet zone, if one was asked for.
    pub(super) symbol: Option<f32>,
    grid: (u16, u16),
    corner: (f32, f32),
    gap: (f32, f32),
    skip: u16,
    cut_marks: bool,
}

impl Paper {
    /// Judges a wish.
    pub fn of(wish: &PaperWish) -> Result<Self, Vec<FieldProblem>> {
        let known = PRESETS.iter().find(|preset| preset.id == wish.format);
        let mut faults = Vec::new();
        let mut within = |field: &str, value: Option<f32>, usual: f32, (least, most): (f32, f32)| match value
        {
            None => usual,
            // A NaN is in no range.
            Some(value) if (least..=most).contains(&value) => value,
            Some(_) => {
                let zh = format!("请填写{least:.0}至{most:.0}之间的毫米数");
                faults.push(problem(field, zh, format!("between {least:.0} and {most:.0} millimetres")));
                usual
            }
        };
        let margins = (0.0, 100.0);
        let (page, grid) = match known {
            Some(preset) => (preset.page, preset.grid),
            None => (A4, columns_and_rows(&wish.format).ok_or_else(|| vec![unknown()])?),
        };
        let plain = known.is_none();
        let usual = known.map_or(((8.0, 10.0), (0.0, 0.0)), |preset| (preset.corner, preset.gap));
        let corner =
            (within("left", wish.left, usual.0.0, margins), within("top", wish.top, usual.0.1, margins));
        let gap = (
            within("gap_x", wish.gap_x, usual.1.0, margins),
            within("gap_y", wish.gap_y, usual.1.1, margins),
        );
        let shift = (
            within("shift_x", wish.shift_x, 0.0, (-10.0, 10.0)),
            within("shift_y", wish.shift_y, 0.0, (-10.0, 10.0)),
        );
        let symbol = wish.symbol.map(|side| within("symbol", Some(side), 30.0, (10.0, 120.0)));
        let cell = known.map_or_else(
            // A plain grid fills the page between equal margins.
            || (share(page.0, corner.0, gap.0, grid.0), share(page.1, corner.1, gap.1, grid.1)),
            |preset| preset.cell,
        );
        let design = match wish.format.split_once('-') {
            Some(("plaque", _)) => Design::Plaque,
            Some(("letter", _)) => Design::Letter,
            _ => Design::Labels,
        };
        let (corner, skip) = ((corner.0 + shift.0, corner.1 + shift.1), wish.skip.unwrap_or(0));
        let cut_marks = wish.cut_marks.unwrap_or(plain);
        let paper = Self { design, page, cell, symbol, grid, corner, gap, skip, cut_marks };
        if faults.is_empty() {
            paper.judge(wish, &mut faults);
        }
        if faults.is_empty() { Ok(paper) } else { Err(faults) }
    }

    fn judge(&self, wish: &PaperWish, faults: &mut Vec<FieldProblem>) {
        let sides = [
            ("left", "gap_x", "shift_x", self.grid.0, self.cell.0, self.corner.0, self.gap.0, self.page.0),
            ("top", "gap_y", "shift_y", self.grid.1, self.cell.1, self.corner.1, self.gap.1, self.page.1),
        ];
        for (margin, gap_name, shift, count, cell, corner, gap, page) in sides {
            let all = f32::from(count) * cell + f32::from(count - 1) * gap;
            let moved = if margin == "left" { wish.shift_x } else { wish.shift_y }.unwrap_or(0.0);
            let asked = if margin == "left" { wish.gap_x } else { wish.gap_y };
            let over = corner + all - page;
            // A move for the printer's sake may push the outermost white of a label off the page.
            if over > moved.max(0.0) + 0.01 {
                let (field, most) = if asked.is_some() && f32::from(count - 1) > 0.0 {
                    (gap_name, gap - over / f32::from(count - 1))
                } else {
                    (margin, page - all)
                };
                let (field, most) = if most < 0.0 { (margin, 0.0) } else { (field, most) };
                faults.push(problem(
                    field,
                    format!("标签会超出纸面{over:.1}毫米；请改为{most:.1}毫米以内"),
                    format!("the labels would leave the page by {over:.1} mm; make it {most:.1} mm at most"),
                ));
            }
            if moved.abs() > 4.0 && self.grid == (1, 1) {
                faults.push(problem(
                    shift,
                    "单枚标签最多移动4毫米",
                    "a single label may be moved by 4 mm at most",
                ));
            }
        }
        let places = u32::from(self.grid.0) * u32::from(self.grid.1);
        if u32::from(self.skip) >= places {
            faults.push(problem(
                "skip",
                format!("一张只有{places}枚标签，请填写小于{places}的数"),
                format!("a sheet has {places} labels: less than {places}"),
            ));
        }
        let most = self.largest();
        if most < 19.6 {
            let (w, h) = self.cell;
            faults.push(problem(
                "format",
                format!("每枚标签只有{w:.1}×{h:.1}毫米，放不下可扫描的二维码；请减少行数或列数"),
                format!("a label of {w:.1} × {h:.1} mm is too small for a symbol that scans: fewer rows or columns"),
            ));
        } else if let Some(side) = self.symbol
            && side > most + 0.01
        {
            faults.push(problem(
                "symbol",
                format!("这种标签最大可放{most:.1}毫米的二维码"),
                format!("the symbol on this label can be {most:.1} mm wide at most"),
            ));
        }
    }

    /// Whether a PIN is printed on it.
    #[must_use]
    pub fn is_letter(&self) -> bool {
        self.design == Design::Letter
    }

    /// Labels a page.
    #[must_use]
    pub fn places(&self) -> usize {
        usize::from(self.grid.0) * usize::from(self.grid.1)
    }

    /// Pages that so many codes need.
    #[must_use]
    pub fn pages(&self, codes: usize) -> usize {
        (codes + usize::from(self.skip)).div_ceil(self.places().max(1))
    }

    /// Whether a label is upright: the symbol above its words, not beside them.
    pub(super) fn upright(&self) -> bool {
        self.cell.0 < 1.3 * self.cell.1
    }

    /// The widest symbol that leaves room for the words.
    pub(super) fn largest(&self) -> f32 {
        let (width, height) = self.cell;
        match self.design {
            Design::Plaque => width * 0.66,
            Design::Letter => 46.0,
            Design::Labels if self.upright() => (width - 3.0).min(height * 0.56),
            Design::Labels => (height - 5.4).min(width * 0.5),
        }
    }

    /// The same paper from the first label on: only the first sheet of many has used-up labels.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self { skip: 0, ..self.clone() }
    }

    /// Labels of a file of whole sheets, about as many as a printer takes at once: the first file
    /// has fewer where labels of its first sheet are used up.
    #[must_use]
    pub fn batch(&self) -> usize {
        let sheets = (1_200 / self.places().max(1)).clamp(1, 400);
        (sheets * self.places()).saturating_sub(usize::from(self.skip)).max(1)
    }

    /// The places of a page, over and over: its number from 0, and the corner of the label.
    pub(super) fn spots(&self) -> impl Iterator<Item = (usize, f32, f32)> + use<> {
        let (grid, corner, places) = (self.grid, self.corner, self.places());
        let pitch = (self.cell.0 + self.gap.0, self.cell.1 + self.gap.1);
        (usize::from(self.skip)..).map(move |n| {
            let place = n % places.max(1);
            let (column, row) = (place % usize::from(grid.0.max(1)), place / usize::from(grid.0.max(1)));
            (place, corner.0 + length(column) * pitch.0, corner.1 + length(row) * pitch.1)
        })
    }

    /// An empty page, with its marks to cut along.
    pub(super) fn page(&self) -> Page {
        let mut page = Page { width: self.page.0, height: self.page.1, marks: Vec::new() };
        if self.cut_marks && self.design == Design::Labels {
            let (arm, thick) = (1.5, 0.1);
            for column in 0..=self.grid.0 {
                for row in 0..=self.grid.1 {
                    let x = self.corner.0 + f32::from(column) * (self.cell.0 + self.gap.0);
                    let y = self.corner.1 + f32::from(row) * (self.cell.1 + self.gap.1);
                    page.bar((x - arm, y - thick / 2.0), (2.0 * arm, thick), Ink::Hair);
                    page.bar((x - thick / 2.0, y - arm), (thick, 2.0 * arm), Ink::Hair);
                }
            }
        }
        page
    }
}

fn share(page: f32, margin: f32, gap: f32, count: u16) -> f32 {
    ((page - 2.0 * margin - f32::from(count - 1) * gap) / f32::from(count)).max(0.0)
}

/// `a4-3x9`: ASCII digits, one to six columns and one to fourteen rows.
fn columns_and_rows(format: &str) -> Option<(u16, u16)> {
    let (columns, rows) = format.strip_prefix("a4-")?.split_once('x')?;
    let number = |digits: &str, most| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|n| plain && (1..=most).contains(n))
    };
    Some((number(columns, 6)?, number(rows, 14)?))
}

fn unknown() -> FieldProblem {
    let known = PRESETS.map(|preset| preset.id).join(", ");
    problem(
        "format",
        format!("没有这种纸张；可用：{known}，或a4-列x行（1至6列、1至14行，半角数字）"),
        format!("no such paper; there are {known}, or a4-CxR with 1 to 6 columns and 1 to 14 rows"),
    )
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::paper::PaperWish;

    use super::{PRESETS, Paper};

    fn wish(format: &str) -> PaperWish {
        PaperWish { format: format.to_owned(), ..PaperWish::default() }
    }

    #[test]
    fn every_named_paper_holds_a_symbol_that_scans() {
        for preset in &PRESETS {
            let paper = Paper::of(&wish(preset.id)).unwrap();
            assert!(paper.largest() >= 21.2, "{}: version 7 too", preset.id);
        }
        assert_eq!(Paper::of(&wish("a4-3x8")).unwrap().pages(25), 2);
        assert_eq!(Paper::of(&PaperWish { skip: Some(23), ..wish("a4-3x8") }).unwrap().pages(2), 2);
    }

    #[test]
    fn bad_grids_are_refused_with_the_field_and_the_remedy() {
        for (bad, field, remedy) in [
            (wish("a4-٣x٨"), "format", "a4-CxR"),
            (wish("a4-0x8"), "format", "a4-CxR"),
            (wish("a3-3x8"), "format", "a4-3x8"),
            (wish("a4-6x14"), "format", "fewer rows or columns"),
            (PaperWish { left: Some(0.5), ..wish("a4-3x8") }, "left", "0.0 mm at most"),
            (PaperWish { top: Some(31.0), ..wish("a4-3x7") }, "top", "30.3 mm at most"),
            (PaperWish { gap_x: Some(9.0), ..wish("a4-3x7") }, "gap_x", "6.1 mm at most"),
            (PaperWish { left: Some(f32::NAN), ..wish("a4-3x8") }, "left", "between 0 and 100"),
            (PaperWish { top: Some(-3.0), ..wish("a4-3x8") }, "top", "between 0 and 100"),
            (PaperWish { shift_x: Some(11.0), ..wish("a4-3x8") }, "shift_x", "between -10 and 10"),
            (PaperWish { skip: Some(24), ..wish("a4-3x8") }, "skip", "less than 24"),
            (PaperWish { symbol: Some(40.0), ..wish("a4-3x8") }, "symbol", "31.6 mm wide at most"),
            (PaperWish { symbol: Some(9.0), ..wish("a4-3x8") }, "symbol", "between 10 and 120"),
        ] {
            let faults = Paper::of(&bad).unwrap_err();
            assert_eq!((faults.len(), faults[0].field.as_str()), (1, field), "{bad:?}: {faults:?}");
            assert!(faults[0].detail.en.contains(remedy), "{faults:?}");
        }
    }
}
