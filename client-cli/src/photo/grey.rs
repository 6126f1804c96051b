//! Grey pictures and the filters of the cascade: smoothing, sharpening, local contrast, other sizes. Pure integer
//! arithmetic on `u8`, row by row, so that a two-megapixel step costs milliseconds; knows nothing of codes.

/// Side of the squares in which [`Grey::busiest`] looks for edges, in pixels.
const CELL: usize = 16;

/// A grey picture, one byte a pixel, rows from the top, no padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` bytes, 0 is black.
    pub pixels: Vec<u8>,
}

impl Grey {
    /// Row `y`, or the nearest one when `y` lies outside.
    fn row(&self, y: usize) -> &[u8] {
        let start = y.min(self.height.saturating_sub(1)) * self.width;
        self.pixels.get(start..start + self.width).unwrap_or_default()
    }

    fn with(&self, pixels: Vec<u8>) -> Self {
        Self { width: self.width, height: self.height, pixels }
    }

    /// The mean of the square of `2 * radius + 1` pixels around each pixel; edges are continued outwards.
    pub fn mean(&self, radius: usize) -> Self {
        let window = u32::try_from(2 * radius + 1).unwrap_or(u32::MAX);
        let share = 65_536 / window;
        let mut across = Vec::with_capacity(self.pixels.len());
        let mut padded: Vec<u8> = Vec::with_capacity(self.width + 2 * radius);
        for y in 0..self.height {
            let row = self.row(y);
            padded.clear();
            padded.extend(row.first().into_iter().cycle().take(radius));
            padded.extend_from_slice(row);
            padded.extend(row.last().into_iter().cycle().take(radius));
            let mut sum: u32 = padded.iter().take(2 * radius + 1).copied().map(u32::from).sum();
            across.push(scaled(sum, share));
            for (come, gone) in padded.iter().skip(2 * radius + 1).zip(padded.iter()) {
                sum = sum + u32::from(*come) - u32::from(*gone);
                across.push(scaled(sum, share));
            }
        }
        let across = self.with(across);
        let mut sums = vec![0_u32; self.width];
        for offset in 0..=2 * radius {
            for (sum, pixel) in sums.iter_mut().zip(across.row(offset.saturating_sub(radius))) {
                *sum += u32::from(*pixel);
            }
        }
        let mut out = Vec::with_capacity(self.pixels.len());
        for y in 0..self.height {
            out.extend(sums.iter().map(|sum| scaled(*sum, share)));
            let come = across.row(y + radius + 1);
            let gone = across.row(y.saturating_sub(radius));
            for ((sum, come), gone) in sums.iter_mut().zip(come).zip(gone) {
                *sum = *sum + u32::from(*come) - u32::from(*gone);
            }
        }
        self.with(out)
    }

    /// The 3×3 binomial filter (1 2 1 both ways): takes away sensor noise, keeps modules of three pixels.
    pub fn smoothed(&self) -> Self {
        let mut out = Vec::with_capacity(self.pixels.len());
        let mut sums: Vec<u16> = Vec::with_capacity(self.width + 2);
        for y in 0..self.height {
            sums.clear();
            sums.push(0);
            let rows = self.row(y.saturating_sub(1)).iter().zip(self.row(y)).zip(self.row(y + 1));
            sums.extend(
                rows.map(|((above, here), below)| {
                    u16::from(*above) + 2 * u16::from(*here) + u16::from(*below)
                }),
            );
            if let (Some(left), Some(right)) = (sums.get(1).copied(), sums.last().copied()) {
                sums.push(right);
                if let Some(edge) = sums.first_mut() {
                    *edge = left;
                }
            }
            let three = sums.iter().zip(sums.iter().skip(1)).zip(sums.iter().skip(2));
            out.extend(three.map(|((left, here), right)| byte_u16((left + 2 * here + right + 8) / 16)));
        }
        self.with(out)
    }

    /// Unsharp mask: adds `quarters / 4` times the difference to a wide mean, which undoes part of a blur.
    pub fn sharpened(&self, radius: usize, quarters: i16) -> Self {
        let blurred = self.mean(radius).mean(radius.div_ceil(2));
        let pairs = self.pixels.iter().zip(&blurred.pixels);
        self.with(
            pairs
                .map(|(here, around)| {
                    let (here, around) = (i16::from(*here), i16::from(*around));
                    byte_i16(here + (here - around) * quarters / 4)
                })
                .collect(),
        )
    }

    /// Local contrast normalisation: every neighbourhood gets the same mean and the same mean deviation, so that
    /// shadows, glare and faint print look alike.
    pub fn evened(&self, radius: usize) -> Self {
        let mean = self.mean(radius);
        let deviations =
            self.pixels.iter().zip(&mean.pixels).map(|(here, around)| here.abs_diff(*around)).collect();
        let spread = self.with(deviations).mean(radius);
        let gains: Vec<i32> = (0..=255).map(|spread: i32| 64 * 256 / spread.max(4)).collect();
        let triples = self.pixels.iter().zip(&mean.pixels).zip(&spread.pixels);
        self.with(
            triples
                .map(|((here, around), spread)| {
                    let gain = gains.get(usize::from(*spread)).copied().unwrap_or(256);
                    let grey = 128 + (i32::from(*here) - i32::from(*around)) * gain / 256;
                    u8::try_from(grey.clamp(0, 255)).unwrap_or(u8::MAX)
                })
                .collect(),
        )
    }

    /// Black and white by comparing each pixel with the mean around it.
    pub fn thresholded(&self, radius: usize) -> Self {
        let mean = self.mean(radius);
        let pairs = self.pixels.iter().zip(&mean.pixels);
        self.with(
            pairs.map(|(here, around)| if here.saturating_add(2) < *around { 0 } else { 255 }).collect(),
        )
    }

    /// One `by`-th of the size, each pixel the mean of `by`×`by`.
    pub fn shrunk(&self, by: usize) -> Self {
        let (width, height) = (self.width / by, self.height / by);
        let share = 65_536 / u32::try_from(by * by).unwrap_or(u32::MAX);
        let mut pixels = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; width];
        for y in 0..height {
            sums.fill(0);
            for inner in 0..by {
                for (sum, block) in sums.iter_mut().zip(self.row(y * by + inner).chunks_exact(by)) {
                    *sum += block.iter().copied().map(u32::from).sum::<u32>();
                }
            }
            pixels.extend(sums.iter().map(|sum| scaled(*sum, share)));
        }
        Self { width, height, pixels }
    }

    /// The part that has the most edges in both directions, with room around it: where a small code most likely is.
    /// The whole picture when nothing stands out.
    pub fn busiest(&self) -> Self {
        let busy = self.busyness();
        let Some(peak) = busy.pixels.iter().copied().max() else { return self.clone() };
        let Some(top) = busy.pixels.iter().position(|cell| *cell == peak) else { return self.clone() };
        let (x, y) = (top % busy.width, top / busy.width);
        let (mut left, mut right, mut above, mut below) = (x, x, y, y);
        let at_least = peak / 2;
        let stands_out = |mut across: std::ops::RangeInclusive<usize>,
                          down: std::ops::RangeInclusive<usize>| {
            across.any(|x| down.clone().any(|y| busy.row(y).get(x).is_some_and(|cell| *cell >= at_least)))
        };
        loop {
            let before = (left, right, above, below);
            if left > 0 && stands_out(left - 1..=left - 1, above..=below) {
                left -= 1;
            }
            if right + 1 < busy.width && stands_out(right + 1..=right + 1, above..=below) {
                right += 1;
            }
            if above > 0 && stands_out(left..=right, above - 1..=above - 1) {
                above -= 1;
            }
            if below + 1 < busy.height && stands_out(left..=right, below + 1..=below + 1) {
                below += 1;
            }
            if before == (left, right, above, below) {
                break;
            }
        }
        let room = (right - left).max(below - above) / 3 + 3;
        let across = left.saturating_sub(room) * CELL..((right + 1 + room) * CELL).min(self.width);
        let down = above.saturating_sub(room) * CELL..((below + 1 + room) * CELL).min(self.height);
        let (width, height) = (across.len(), down.len());
        let rows = down.filter_map(|y| self.row(y).get(across.clone()));
        Self { width, height, pixels: rows.flatten().copied().collect() }
    }

    /// For each cell how steep the grey is across or down, whichever is less: stripes and lone edges count little.
    fn busyness(&self) -> Self {
        let (width, height) = (self.width / CELL, self.height / CELL);
        let mut cells = Vec::with_capacity(width * height);
        let mut steep = vec![(0_u32, 0_u32); width];
        for y in 0..height {
            steep.fill((0, 0));
            for inner in (0..CELL).step_by(2) {
                let row = self.row(y * CELL + inner);
                let next = self.row(y * CELL + inner + 2);
                let pairs = row.chunks_exact(CELL).zip(next.chunks_exact(CELL));
                for ((across, down), (row, next)) in steep.iter_mut().zip(pairs) {
                    for (here, there) in row.iter().zip(row.iter().skip(2)) {
                        *across += u32::from(here.abs_diff(*there));
                    }
                    for (here, there) in row.iter().zip(next) {
                        *down += u32::from(here.abs_diff(*there));
                    }
                }
            }
            let area = u32::try_from(CELL * CELL / 2).unwrap_or(u32::MAX);
            cells.extend(
                steep.iter().map(|(across, down)| {
                    u8::try_from((across.min(down) / area).min(255)).unwrap_or(u8::MAX)
                }),
            );
        }
        Self { width, height, pixels: cells }.mean(1)
    }

    /// Twice the size, in-between pixels by linear interpolation.
    pub fn doubled(&self) -> Self {
        let width = self.width * 2;
        let mut pixels = Vec::with_capacity(width * self.height * 2);
        let mut mixed: Vec<u16> = Vec::with_capacity(self.width);
        for y in 0..self.height * 2 {
            let near = self.row(y / 2);
            let far = if y % 2 == 0 { self.row((y / 2).saturating_sub(1)) } else { self.row(y / 2 + 1) };
            mixed.clear();
            mixed.extend(near.iter().zip(far).map(|(near, far)| 3 * u16::from(*near) + u16::from(*far)));
            let before = mixed.first().into_iter().chain(&mixed);
            let after = mixed.iter().skip(1).chain(mixed.last());
            for ((before, here), after) in before.zip(&mixed).zip(after) {
                pixels.push(byte_u16((3 * here + before + 8) / 16));
                pixels.push(byte_u16((3 * here + after + 8) / 16));
            }
        }
        Self { width, height: self.height * 2, pixels }
    }
}

fn scaled(sum: u32, share: u32) -> u8 {
    u8::try_from((sum * share + 32_768) >> 16).unwrap_or(u8::MAX)
}

fn byte_u16(value: u16) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

fn byte_i16(value: i16) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Grey {
        let pixels = (0..12_u8).flat_map(|y| (0..10_u8).map(move |x| y * 10 + x * 3)).collect();
        Grey { width: 10, height: 12, pixels }
    }

    #[test]
    fn the_mean_of_a_dot_is_spread_over_its_square() {
        let mut dot = Grey { width: 5, height: 5, pixels: vec![0; 25] };
        dot.pixels[12] = 225;
        let mean = dot.mean(1);
        assert_eq!(
            mean.pixels,
            [0, 0, 0, 0, 0, 0, 25, 25, 25, 0, 0, 25, 25, 25, 0, 0, 25, 25, 25, 0, 0, 0, 0, 0, 0]
        );
    }

    #[test]
    fn smoothing_weighs_one_two_one() {
        let mut dot = Grey { width: 3, height: 3, pixels: vec![0; 9] };
        dot.pixels[4] = 160;
        assert_eq!(dot.smoothed().pixels, [10, 20, 10, 20, 40, 20, 10, 20, 10]);
    }

    #[test]
    fn sizes_follow_and_flat_pictures_stay_flat() {
        let flat = Grey { width: 9, height: 7, pixels: vec![77; 63] };
        assert_eq!(flat.doubled(), Grey { width: 18, height: 14, pixels: vec![77; 252] });
        assert_eq!(flat.shrunk(2), Grey { width: 4, height: 3, pixels: vec![77; 12] });
        assert_eq!(flat.mean(30), flat);
        assert_eq!(flat.sharpened(4, 8), flat);
    }

    #[test]
    fn sharpening_and_evening_widen_a_faint_edge() {
        let ramp = ramp();
        let spread = |grey: &Grey| grey.pixels.iter().max().unwrap() - grey.pixels.iter().min().unwrap();
        assert!(spread(&ramp.sharpened(2, 8)) > spread(&ramp));
        assert!(spread(&ramp.evened(3)) > spread(&ramp));
        assert!(ramp.thresholded(3).pixels.iter().all(|pixel| [0, 255].contains(pixel)));
    }

    #[test]
    fn the_busiest_part_is_where_both_directions_change() {
        let mut wall = Grey { width: 640, height: 480, pixels: vec![200; 640 * 480] };
        for y in 200..280 {
            for x in 400..480 {
                wall.pixels[y * 640 + x] = if (x / 4 + y / 4) % 2 == 0 { 7 } else { 200 };
            }
        }
        let part = wall.busiest();
        assert!(part.width < 300 && part.height < 300, "{}×{}", part.width, part.height);
        let dark = |grey: &Grey| grey.pixels.iter().map(|pixel| usize::from(*pixel == 7)).sum::<usize>();
        assert_eq!(dark(&part), dark(&wall), "nothing of the pattern is cut off");
    }
}
