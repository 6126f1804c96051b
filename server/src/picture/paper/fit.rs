//! Text that must stay within a box: wrapped first, then made smaller, never cut
//! and never over the edge; widths are the font's own.

use super::{
    POINT,
    font::{clean, face},
    length,
};

/// Steps by which text is made smaller, in points.
const STEP: f32 = 0.25;

/// A line of text as glyphs.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Glyph, advance at size 1, and bytes of the text.
    pub glyphs: Vec<(u32, f32, usize)>,
}

impl Line {
    /// One line, cleaned of what cannot be printed.
    pub fn of(text: &str) -> Self {
        Self::spaced(text, 0.0)
    }

    /// One line with so much more room after each letter, in parts of its size.
    pub fn spaced(text: &str, tracking: f32) -> Self {
        Self::raw(clean(text).0, tracking)
    }

    fn raw(text: String, tracking: f32) -> Self {
        let glyph = |letter: char| {
            let (glyph, advance) = face()?.glyph(letter)?;
            Some((glyph, advance + tracking, letter.len_utf8()))
        };
        let mut line = Self { glyphs: text.chars().filter_map(glyph).collect(), text };
        if let Some(last) = line.glyphs.last_mut() {
            last.1 -= tracking;
        }
        line
    }

    /// In millimetres, at a size in points.
    pub fn width(&self, size: f32) -> f32 {
        self.glyphs.iter().map(|(_, advance, _)| advance).sum::<f32>() * size * POINT
    }

    /// The size at which it fits a width, at most so much.
    pub fn size_within(&self, width: f32, most: f32) -> f32 {
        let at_one = self.width(1.0);
        if at_one * most <= width { most } else { width / at_one }
    }
}

/// Lines of one size in a box.
#[derive(Debug)]
pub struct Block {
    /// In points.
    pub size: f32,
    /// From the top.
    pub lines: Vec<Line>,
    /// From baseline to baseline, in millimetres.
    pub leading: f32,
}

impl Block {
    /// In millimetres.
    pub fn height(&self) -> f32 {
        length(self.lines.len()) * self.leading
    }
}

/// The largest size at which a text fits a box; `None` if it does not in the least.
pub fn block(text: &str, (width, height): (f32, f32), (most, least): (f32, f32)) -> Option<Block> {
    let atoms = atoms(&clean(text).0);
    let mut size = most;
    while size >= least {
        let leading = size * POINT * 1.22;
        let lines = wrap(&atoms, width / (size * POINT));
        if lines.is_some_and(|lines| length(lines.len()) * leading <= height + 0.01) {
            let lines = even(&atoms, width / (size * POINT));
            return Some(Block {
                size,
                leading,
                lines: lines.into_iter().map(|line| Line::raw(line, 0.0)).collect(),
            });
        }
        size -= STEP;
    }
    None
}

/// What is not broken: a character, a word or number in Latin letters, with the
/// punctuation that may not begin or end a line.
struct Atom {
    text: String,
    width: f32,
}

fn atoms(text: &str) -> Vec<Atom> {
    let width = |letter: char| face().and_then(|face| face.glyph(letter)).map_or(0.0, |(_, width)| width);
    let mut atoms: Vec<Atom> = Vec::new();
    let mut before = ' ';
    for letter in text.chars() {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '&' | '\'');
        let joins = (word(before) && word(letter)) || closes(letter) || opens(before);
        match atoms.last_mut() {
            // A word wider than any column is broken after all.
            Some(atom) if joins && letter != ' ' && atom.width < 12.0 => {
                atom.text.push(letter);
                atom.width += width(letter);
            }
            _ => atoms.push(Atom { text: letter.into(), width: width(letter) }),
        }
        before = letter;
    }
    atoms
}

fn closes(letter: char) -> bool {
    "）)】》」』、，。；：！？”’％·,.;:!?".contains(letter)
}

fn opens(letter: char) -> bool {
    "（(【《「『“‘".contains(letter)
}

/// Lines no wider than so many ems; `None` if an atom alone is wider.
fn wrap(atoms: &[Atom], width: f32) -> Option<Vec<String>> {
    let (mut lines, mut room) = (vec![String::new()], width);
    for atom in atoms {
        if atom.width > width {
            return None;
        }
        if atom.width > room + 1e-4 {
            lines.push(String::new());
            room = width;
        }
        let line = lines.last_mut()?;
        if atom.text == " " && line.is_empty() {
            continue;
        }
        line.push_str(&atom.text);
        room -= atom.width;
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines.retain(|line| !line.is_empty());
    Some(lines)
}

/// As many lines as needed, about equally long: no character is left alone on the last one.
fn even(atoms: &[Atom], width: f32) -> Vec<String> {
    let best = wrap(atoms, width).unwrap_or_default();
    let all: f32 = atoms.iter().map(|atom| atom.width).sum();
    let mut narrow = all / length(best.len().max(1));
    while narrow < width {
        if let Some(lines) = wrap(atoms, narrow)
            && lines.len() == best.len()
        {
            return lines;
        }
        narrow += 0.25;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{Line, block};

    #[test]
    fn names_wrap_or_shrink_and_never_leave_the_box() {
        let long = "湖州市吴兴区织里镇".repeat(11) + "有限公司";
        let latin = "Huzhou-".to_owned() + &"Internationale".repeat(4) + " (China) Co., Ltd.";
        for name in ["织里", "浙江久立特材科技股份有限公司（织里）分公司", &long[..180], &long, &latin]
        {
            let made = block(name, (36.0, 17.0), (11.0, 4.5)).unwrap();
            assert!(made.height() <= 17.01, "{name}");
            for line in &made.lines {
                assert!(line.width(made.size) <= 36.01, "{} of {name}", line.text);
                assert!(
                    !line.text.starts_with(['）', ' ']) && !line.text.ends_with(['（', ' ']),
                    "{}",
                    line.text
                );
            }
            let said: String = made.lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(said.replace(' ', ""), name.replace(' ', ""), "nothing is lost");
        }
        assert!(block(&long.repeat(4), (36.0, 17.0), (11.0, 4.5)).is_none());
    }

    #[test]
    fn lines_are_about_equally_long() {
        let made = block("湖州织里童装产业发展有限公司", (36.0, 17.0), (9.5, 4.5)).unwrap();
        let lines: Vec<_> = made.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines, ["湖州织里童装产", "业发展有限公司"]);
        assert!((Line::of("企业码").width(72.0) - 3.0 * 25.4).abs() < 0.1);
        assert!(Line::of("很长的一行").size_within(10.0, 9.0) < 6.0);
    }
}
