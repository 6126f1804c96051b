//! Shares with their intervals, ranks, and what is withheld. What a difference between shares means is in
//! [`compare`](super::compare).

use qiyema_protocol::figures::Share;

use super::LEAST;

/// z of 95 %, two-sided: Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// A share of counts with its Wilson score interval of 95 %.
#[must_use]
pub fn share(part: u32, whole: u32) -> Share {
    weighted(f64::from(part), whole)
}

/// A share with its Wilson score interval of 95 %, without continuity correction
/// (E. B. Wilson, JASA 22 (1927) 209–212):
/// (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n).
/// Where the parts are weighted, each between 0 and 1, their variance is at most
/// p(1−p), so the interval is on the safe side.
#[must_use]
pub fn weighted(part: f64, whole: u32) -> Share {
    if whole == 0 {
        return Share { part, whole, rate: None, low: None, high: None };
    }
    let n = f64::from(whole);
    let p = part / n;
    let zz = Z * Z / n;
    let middle = p + zz / 2.0;
    let reach = Z * ((p * (1.0 - p) + zz / 4.0) / n).max(0.0).sqrt();
    let end = |x: f64| (x / (1.0 + zz)).clamp(0.0, 1.0);
    // The ends at nothing and all are exact; rounding would leave a speck.
    let low = if part <= 0.0 { 0.0 } else { end(middle - reach) };
    let high = if part >= n { 1.0 } else { end(middle + reach) };
    Share { part, whole, rate: Some(p), low: Some(low), high: Some(high) }
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

/// Whether so few ratings are withheld.
#[must_use]
pub const fn few(counted: u32) -> bool {
    counted > 0 && counted < LEAST
}

/// Which groups are withheld, by their counted ratings: those with few, and as
/// many more as [`complete`] says.
#[must_use]
pub fn withheld(counted: &[u32]) -> Vec<bool> {
    let mut hidden: Vec<bool> = counted.iter().map(|n| few(*n)).collect();
    complete(counted, &mut hidden);
    hidden
}

/// Hides more groups, the smallest first, until what all together have beyond the
/// groups shown is of two groups at least and not few: else it could be subtracted.
pub fn complete(counted: &[u32], hidden: &mut [bool]) {
    loop {
        let gone: Vec<u32> =
            counted.iter().zip(hidden.iter()).filter(|(_, gone)| **gone).map(|(n, _)| *n).collect();
        let safe = gone.is_empty() || (gone.len() > 1 && gone.iter().sum::<u32>() >= LEAST);
        let shown = counted.iter().zip(hidden.iter_mut()).filter(|(n, gone)| **n > 0 && !**gone);
        match shown.min_by_key(|(n, _)| **n) {
            Some((_, smallest)) if !safe => *smallest = true,
            _ => return,
        }
    }
}
