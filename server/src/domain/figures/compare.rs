//! Whether shares differ by more than chance. One test for all: each group beside the rest (never beside a total that
//! holds it), each cell of the heat map beside all other cells, each tile beside the period before.
//!
//! **The test** is Fisher's exact one, two-sided (R. A. Fisher, Statistical Methods for Research Workers, 1934, §21.02):
//! of K good ones among N, with n in the group, chance alone gives the group x good ones with
//! P(x) = C(K, x) · C(N − K, n − x) ÷ C(N, n); p is the sum of P(x) over all x that are not likelier than what was seen.
//! It is exact for five ratings as for five thousand, and what `scipy.stats.fisher_exact` computes.
//!
//! **The correction** is Holm's (S. Holm, Scand. J. Statist. 6 (1979) 65–70): of m comparisons made together, the
//! smallest p counts m-fold, the next one (m − 1)-fold, and so on. So with any number of groups that are all alike, the
//! chance that even one of them is called apart is 5 % at most.

use qiyema_protocol::figures::{Share, Standing};

use super::LEAST;

/// A difference is real if chance makes one like it in less than so many of all cases, all comparisons together.
const LEVEL: f64 = 0.05;
/// Equally likely, but for rounding.
const TIE: f64 = 1.0 + 1e-7;
/// What is less likely than the likeliest by so much adds nothing.
const NOTHING: f64 = 1e-300;

/// A part and a whole.
pub type Counts = (f64, f64);

/// p of Fisher's exact test of two shares, two-sided; none of nothing.
#[must_use]
pub fn fisher((part, whole): Counts, (other_part, other): Counts) -> Option<f64> {
    if whole <= 0.0 || other <= 0.0 {
        return None;
    }
    let good = part + other_part;
    let least = (good - other).max(0.0);
    let likeliest = ((whole + 1.0) * (good + 1.0) / (whole + other + 2.0)).floor();
    let likeliest = likeliest.clamp(least, whole.min(good));
    // Each as a multiple of the likeliest one, up and down from it.
    let mut weights = vec![(likeliest, 1.0)];
    for up in [true, false] {
        let (mut x, mut weight) = (likeliest, 1.0);
        loop {
            if up {
                weight *= (good - x) * (whole - x) / ((x + 1.0) * (other - good + x + 1.0));
                x += 1.0;
            } else {
                weight *= x * (other - good + x) / ((good - x + 1.0) * (whole - x + 1.0));
                x -= 1.0;
            }
            if weight < NOTHING {
                break;
            }
            weights.push((x, weight));
        }
    }
    let Some((_, seen)) = weights.iter().find(|(x, _)| (x - part).abs() < 0.5) else { return Some(0.0) };
    let sum = |of: &dyn Fn(f64) -> bool| -> f64 {
        weights.iter().map(|(_, weight)| *weight).filter(|weight| of(*weight)).sum()
    };
    Some((sum(&|weight| weight <= seen * TIE) / sum(&|_| true)).min(1.0))
}

/// Holm's adjusted p of each of those that were compared together.
#[must_use]
pub fn holm(found: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> =
        found.iter().enumerate().filter_map(|(at, p)| Some((at, (*p)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![None; found.len()];
    let (mut left, mut most) = (order.iter().fold(0.0, |n, _| n + 1.0), 0.0_f64);
    for (at, p) in order {
        most = most.max(p * left).min(1.0);
        left -= 1.0;
        if let Some(place) = adjusted.get_mut(at) {
            *place = Some(most);
        }
    }
    adjusted
}

/// Where the first of each pair stands beside the second, all pairs together.
fn judged(pairs: &[Option<(Counts, Counts)>]) -> Vec<Option<Standing>> {
    let found: Vec<Option<f64>> =
        pairs.iter().map(|pair| pair.and_then(|(one, other)| fisher(one, other))).collect();
    let adjusted = holm(&found);
    let stands = |(pair, p): (&Option<(Counts, Counts)>, Option<f64>)| {
        let ((part, whole), (other_part, other)) = (*pair)?;
        Some(if p? > LEVEL {
            Standing::Within
        } else if part / whole > other_part / other {
            Standing::Above
        } else {
            Standing::Below
        })
    };
    pairs.iter().zip(adjusted).map(stands).collect()
}

fn counts(share: &Share) -> Counts {
    (share.part, share.whole.into())
}

/// All without a group.
#[must_use]
pub fn rest(group: &Share, all: &Share) -> Counts {
    let (one, all) = (counts(group), counts(all));
    (all.0 - one.0, all.1 - one.1)
}

/// Where each group stands beside the rest; none for what is withheld, for under five, and for the only one.
#[must_use]
pub fn standings(groups: &[Option<Share>], all: Option<&Share>) -> Vec<Option<Standing>> {
    let pair = |group: &Option<Share>| {
        let group = group.as_ref().filter(|share| share.whole >= LEAST)?;
        Some((counts(group), rest(group, all?)))
    };
    judged(&groups.iter().map(pair).collect::<Vec<_>>())
}

/// Where each share stands beside itself in the period before; none of under five, then or now.
#[must_use]
pub fn changes(pairs: &[(Option<Share>, Option<Share>)]) -> Vec<Option<Standing>> {
    let enough = |share: &Option<Share>| share.as_ref().filter(|share| share.whole >= LEAST).map(counts);
    let pair = |(now, before): &(Option<Share>, Option<Share>)| Some((enough(now)?, enough(before)?));
    judged(&pairs.iter().map(pair).collect::<Vec<_>>())
}

/// Whether any group stands apart: else an order of them would be one of chance.
#[must_use]
pub fn any_apart(standings: &[Option<Standing>]) -> bool {
    standings.iter().flatten().any(|standing| *standing != Standing::Within)
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::figures::Standing;

    use super::{any_apart, changes, fisher, holm, standings};
    use crate::domain::figures::interval::share;

    /// By scipy 1.16, `fisher_exact([[k, n - k], [j, m - j]])`.
    #[test]
    fn fisher_as_scipy_computes_it() {
        let vectors = [
            ((8.0, 10.0), (890.0, 990.0), 0.271_494_677_161_332_24),
            ((80.0, 100.0), (820.0, 900.0), 0.001_267_810_963_442_907_3),
            ((300.0, 300.0), (600.0, 700.0), 5.012_270_379_908_057e-17),
            ((5.0, 5.0), (0.0, 5.0), 0.007_936_507_936_507_938),
            ((2.0, 5.0), (900.0, 1000.0), 0.008_977_269_309_637_673),
            ((0.0, 7.0), (3.0, 9.0), 0.2125),
            ((40_000.0, 50_000.0), (789_000.0, 1_000_000.0), 3.237_801_621_769_713e-9),
            ((0.0, 5.0), (0.0, 9.0), 1.0),
        ];
        for (one, other, p) in vectors {
            let found = fisher(one, other).unwrap();
            assert!((found / p - 1.0).abs() < 1e-9, "{one:?} {other:?}: {found} instead of {p}");
        }
        assert_eq!(fisher((0.0, 0.0), (1.0, 2.0)), None, "nothing differs from nothing");
    }

    /// By statsmodels 0.15, `multipletests(…, method="holm")`.
    #[test]
    fn holm_as_statsmodels_computes_it() {
        let found = [Some(0.01), Some(0.04), None, Some(0.03), Some(0.005), Some(0.5)];
        let wanted = [Some(0.04), Some(0.09), None, Some(0.09), Some(0.025), Some(0.5)];
        for (found, wanted) in holm(&found).into_iter().zip(wanted) {
            assert_eq!(found.is_some(), wanted.is_some());
            assert!((found.unwrap_or(0.0) - wanted.unwrap_or(0.0)).abs() < 1e-12, "{found:?} {wanted:?}");
        }
    }

    #[test]
    fn a_group_is_compared_with_the_others_and_many_groups_with_more_care() {
        let of = |parts: &[(u32, u32)]| {
            let all = parts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            let groups: Vec<_> = parts.iter().map(|(part, whole)| Some(share(*part, *whole))).collect();
            standings(&groups, Some(&share(all.0, all.1)))
        };
        let (above, within, below) = (Some(Standing::Above), Some(Standing::Within), Some(Standing::Below));
        assert_eq!(of(&[(11, 20), (87, 100), (88, 100)]), [below, within, within]);
        assert_eq!(of(&[(300, 300), (85, 100), (4, 4)]), [above, below, None], "four are too few");
        assert_eq!(of(&[(9, 10)]), [None], "alone there is nobody to compare with");
        // What would be real alone (p = 0.009) may be chance among fifty.
        let mut many = vec![(18, 20); 50];
        many.push((2, 5));
        assert!(!any_apart(&of(&many)), "{:?}", of(&many));
        assert!(any_apart(&of(&[(900, 1000), (2, 5)])));
    }

    #[test]
    fn a_change_is_real_or_may_be_chance() {
        let (few, many) = ((share(24, 38), share(53, 61)), (share(240, 380), share(530, 610)));
        let pairs = [(Some(few.0), Some(few.1)), (Some(many.0), Some(many.1)), (Some(few.0), None)];
        assert_eq!(changes(&pairs), [Some(Standing::Below), Some(Standing::Below), None]);
        let small = [(Some(share(8, 10)), Some(share(9, 10)))];
        assert_eq!(changes(&small), [Some(Standing::Within)]);
    }
}
