//! The scale of the drawing of groups: where it begins, its ticks, and the place of a rate on it.

use qiyema_protocol::figures::{Figure, FiguresView};

/// A scale up to 100 %.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Where it begins, in steps.
    begin: u32,
    /// Percents of a step.
    step: u32,
}

impl Scale {
    /// One that holds every interval of the groups, so that differences are seen.
    pub(super) fn of(view: &FiguresView) -> Self {
        let lows = view.groups.iter().filter_map(|group| group.figures.share(Figure::Good)?.low);
        Self::down_to(lows.fold(0.9_f64, f64::min))
    }

    /// The finest whose ticks are six or fewer, all of them round numbers.
    fn down_to(least: f64) -> Self {
        let fits = |step: u32| {
            let steps = 100 / step;
            let begin = (0..=steps).rev().find(|at| f64::from(at * step) <= least * 100.0).unwrap_or(0);
            (steps - begin <= 5).then_some(Self { begin, step })
        };
        [5, 10].into_iter().find_map(fits).unwrap_or_else(|| fits(20).unwrap_or(Self { begin: 0, step: 20 }))
    }

    /// Where it begins, if that is not 0.
    pub(super) fn begins(self) -> Option<String> {
        (self.begin > 0).then(|| format!("{}%", self.begin * self.step))
    }

    /// Place and number of each tick.
    pub(super) fn ticks(self) -> Vec<(String, String)> {
        let tick = |at: u32| {
            let percent = at * self.step;
            (self.place(f64::from(percent) / 100.0), format!("{percent}%"))
        };
        (self.begin..=100 / self.step).map(tick).collect()
    }

    /// The place of a rate, as a part of the width.
    pub(super) fn place(self, rate: f64) -> String {
        let begin = f64::from(self.begin * self.step) / 100.0;
        format!("{:.2}%", ((rate - begin) / (1.0 - begin)).clamp(0.0, 1.0) * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn ticks_are_round_and_stand_at_their_values() {
        for (least, begin, first, n) in [
            (0.9, "90%", "90%", 3),
            (0.62, "60%", "60%", 5),
            (0.41, "40%", "40%", 4),
            (0.77, "75%", "75%", 6),
        ] {
            let scale = Scale::down_to(least);
            let ticks = scale.ticks();
            assert_eq!(scale.begins().as_deref(), Some(begin), "{least}");
            assert_eq!((&*ticks[0].1, &*ticks[0].0, ticks.len()), (first, "0.00%", n), "{least}");
            assert_eq!(ticks.last().map(|tick| &*tick.0), Some("100.00%"), "{least}");
            for (place, text) in &ticks {
                let rate = text.trim_end_matches('%').parse::<f64>().unwrap() / 100.0;
                assert_eq!(scale.place(rate), *place);
            }
        }
        assert_eq!(Scale::down_to(0.1).begins(), None);
        assert_eq!(Scale::down_to(0.1).ticks().len(), 6);
    }
}
