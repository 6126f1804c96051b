//! Figures for performance review: one formula per figure, here and nowhere
//! else. Page, API and files show what this computes.
//!
//! A figure about results is one of the closures (办结) of a period; a figure
//! about time is one of the promises that fell due in it, kept or not, so that
//! what stays open cannot improve it.

use chrono::NaiveDate;
use qiyema_protocol::{
    figures::{Figures, Received, Share, Standing},
    rating::Verdict,
};

/// Fewer ratings of a group are neither ranked nor shown: they would tell who rated how.
pub const LEAST: u32 = 5;

/// z of 95 %, two-sided: Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// A closure of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Closed {
    pub first_due_on: NaiveDate,
    pub due_on: NaiveDate,
    pub rate_until: NaiveDate,
    /// The issue was taken up again.
    pub reopened: bool,
    /// The owner's first rating.
    pub owner: Option<Verdict>,
    /// The first rating of somebody who held the code.
    pub unverified: Option<Verdict>,
    /// The owner's rating of the rectification; none if it is left out.
    pub rectification: Option<Verdict>,
    /// An accepted appeal leaves the owner's first rating out.
    pub owner_excluded: bool,
    /// The same of the unverified one.
    pub unverified_excluded: bool,
}

/// A promise that fell due in the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// It was the first promise, not the one as extended.
    pub first: bool,
    /// The issue was closed by its day.
    pub kept: bool,
}

/// Sums, from which the figures follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    closed: u32,
    by_current: Kept,
    by_first: Kept,
    good: u32,
    good_raw: u32,
    owned: u32,
    extended: u32,
    reopened: u32,
    at_once: u32,
    fixed: u32,
    fixed_good: u32,
    ratings: Received,
}

/// Promises, and how many of them were kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Kept {
    kept: u32,
    due: u32,
}

impl Tally {
    /// Takes a closure in.
    pub fn closed(&mut self, one: &Closed, today: NaiveDate) {
        self.closed += 1;
        self.extended += u32::from(one.due_on != one.first_due_on);
        self.reopened += u32::from(one.reopened);
        let owner = one.owner.filter(|_| !one.owner_excluded);
        let unverified = one.unverified.filter(|_| !one.unverified_excluded);
        self.at_once += u32::from(!one.reopened && owner != Some(Verdict::Bad));
        self.good += u32::from(owner == Some(Verdict::Good));
        self.good_raw += u32::from(one.owner == Some(Verdict::Good));
        self.owned += u32::from(one.owner.is_some());
        self.fixed += u32::from(one.rectification.is_some());
        self.fixed_good += u32::from(one.rectification == Some(Verdict::Good));
        let all = &mut self.ratings;
        all.received += u32::from(one.owner.is_some()) + u32::from(one.unverified.is_some());
        let out = u32::from(owner != one.owner) + u32::from(unverified != one.unverified);
        all.excluded += out;
        match (owner, unverified) {
            (Some(_), other) => {
                all.counted += 1;
                all.superseded += u32::from(other.is_some());
            }
            (None, Some(_)) => all.unverified += 1,
            // Somebody rated: this is neither unrated nor still to be rated.
            (None, None) if out > 0 => {}
            (None, None) if today > one.rate_until => all.not_rated += 1,
            (None, None) => all.open += 1,
        }
    }

    /// Takes a promise in.
    pub fn due(&mut self, one: Due) {
        let which = if one.first { &mut self.by_first } else { &mut self.by_current };
        which.due += 1;
        which.kept += u32::from(one.kept);
    }

    /// Ratings that count.
    #[must_use]
    pub const fn counted(&self) -> u32 {
        self.ratings.counted
    }

    /// The figures; without those that tell how somebody rated, if they are withheld.
    #[must_use]
    pub fn figures(&self, withheld: bool) -> Figures {
        Figures {
            closed: self.closed,
            on_time: share(self.by_current.kept, self.by_current.due),
            on_time_first: share(self.by_first.kept, self.by_first.due),
            rated: share(self.ratings.counted, self.closed),
            good: (!withheld).then(|| share(self.good, self.ratings.counted)),
            good_raw: (!withheld).then(|| share(self.good_raw, self.owned)),
            at_once: (!withheld).then(|| share(self.at_once, self.closed)),
            extended: share(self.extended, self.closed),
            reopened: share(self.reopened, self.closed),
            // Whoever was asked about a rectification had complained: that there was one tells the verdict.
            rectified: (!withheld && self.fixed >= LEAST).then(|| share(self.fixed_good, self.fixed)),
            ratings: self.ratings,
        }
    }
}

/// Whether so few ratings are withheld.
#[must_use]
pub const fn few(counted: u32) -> bool {
    counted > 0 && counted < LEAST
}

/// Which groups are withheld, by their counted ratings. Those with few, and as
/// many more, the smallest first, as it takes that what all together have beyond
/// the groups shown is of two groups at least and not few: else it could be
/// subtracted.
#[must_use]
pub fn withheld(counted: &[u32]) -> Vec<bool> {
    let mut hidden: Vec<bool> = counted.iter().map(|n| few(*n)).collect();
    loop {
        let gone: Vec<u32> =
            counted.iter().zip(&hidden).filter(|(_, gone)| **gone).map(|(n, _)| *n).collect();
        let safe = gone.is_empty() || (gone.len() > 1 && gone.iter().sum::<u32>() >= LEAST);
        let shown = counted.iter().zip(hidden.iter_mut()).filter(|(n, gone)| **n > 0 && !**gone);
        match shown.min_by_key(|(n, _)| **n) {
            Some((_, smallest)) if !safe => *smallest = true,
            _ => return hidden,
        }
    }
}

/// A share with its Wilson score interval of 95 %, without continuity correction
/// (E. B. Wilson, JASA 22 (1927) 209–212):
/// (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n).
#[must_use]
pub fn share(part: u32, whole: u32) -> Share {
    if whole == 0 {
        return Share { part, whole, rate: None, low: None, high: None };
    }
    let n = f64::from(whole);
    let p = f64::from(part) / n;
    let zz = Z * Z / n;
    let middle = p + zz / 2.0;
    let reach = Z * ((p * (1.0 - p) + zz / 4.0) / n).sqrt();
    let end = |x: f64| (x / (1.0 + zz)).clamp(0.0, 1.0);
    // The ends at nothing and all are exact; rounding would leave a speck.
    let low = if part == 0 { 0.0 } else { end(middle - reach) };
    let high = if part == whole { 1.0 } else { end(middle + reach) };
    Share { part, whole, rate: Some(p), low: Some(low), high: Some(high) }
}

/// Whether a group's share differs from the rate of all by more than chance: its
/// interval lies wholly on one side.
#[must_use]
pub fn standing(group: &Share, all: &Share) -> Option<Standing> {
    let (low, high, rate) = (group.low?, group.high?, all.rate?);
    Some(if low > rate {
        Standing::Above
    } else if high < rate {
        Standing::Below
    } else {
        Standing::Within
    })
}

/// Ranks by the lower end, best first, equal ones alike; none for what is withheld.
#[must_use]
pub fn ranks(goods: &[Option<Share>]) -> Vec<Option<u32>> {
    let low = |share: &Option<Share>| share.filter(|share| share.whole >= LEAST).and_then(|share| share.low);
    let all: Vec<Option<f64>> = goods.iter().map(low).collect();
    let rank = |mine: f64| {
        let better = all.iter().flatten().filter(|other| **other > mine).count();
        u32::try_from(better + 1).unwrap_or(u32::MAX)
    };
    all.iter().map(|mine| mine.map(rank)).collect()
}

#[cfg(test)]
mod tests;
