//! One formula per figure, here and nowhere else. Page, API and files show what
//! this computes, and say it with the words of [`said`](super::said).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use qiyema_protocol::figures::{Figure, Figures, HowRated, Mean, Received, Share};

use super::{
    interval::{self, share, weighted},
    sums::{
        Count::{
            self, Accepted, AcceptedClosed, AcceptedDeferred, AcceptedRepeated, Assigned, AtOnce, AtOnceRaw,
            BadCalledBack, BasicallySatisfied, Broken, BrokenFirst, CallBacks, Closed, Contacted, Counted,
            Days, Excluded, Extended, FixGood, FixGoodRaw, FixRated, FixRatedRaw, FixedLate, Good, Kept,
            KeptFirst, Reopened, Resolved, Returned, Satisfied, Solved, Superseded, Unverified, Verified,
            VerifiedGood,
        },
        Sums, Wait,
    },
};

/// Weights that are data: a centre may set others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// What "basically satisfied" is worth in 满意率.
    pub basically_satisfied: f64,
    /// Weight of 响应率 in 综合.
    pub response: f64,
    /// Weight of 解决率 in it.
    pub resolution: f64,
    /// Weight of 满意率 in it.
    pub satisfaction: f64,
}

impl Weights {
    /// 满意率's part: satisfied + weight × basically satisfied.
    fn content(&self, of: impl Fn(Count) -> u32) -> f64 {
        f64::from(of(Satisfied)) + self.basically_satisfied * f64::from(of(BasicallySatisfied))
    }
}

/// A share, by the formula of its docstring ([`Figure`]). Nothing here withholds.
#[must_use]
pub fn compute(figure: Figure, sums: &Sums, weights: &Weights, today: NaiveDate) -> Share {
    let n = |count: Count| sums.of(count);
    // What was promised for a day and is still open after it is broken, so that what stays open cannot improve it.
    let due = |kept: u32, broken: Count, open: Wait| share(kept, kept + n(broken) + sums.over(open, today));
    match figure {
        Figure::Good => share(n(Good), n(Counted)),
        Figure::GoodRaw => share(n(VerifiedGood), n(Verified)),
        Figure::Bad => share(n(Counted) - n(Good), n(Counted)),
        Figure::BadRaw => share(n(Verified) - n(VerifiedGood), n(Verified)),
        Figure::OnTime => due(n(Kept), Broken, Wait::Promise),
        Figure::OnTimeFirst => due(n(KeptFirst), BrokenFirst, Wait::FirstPromise),
        Figure::Rated => share(n(Counted), n(Closed)),
        Figure::AtOnce => share(n(AtOnce), n(Closed)),
        Figure::AtOnceRaw => share(n(AtOnceRaw), n(Closed)),
        Figure::Closing => share(n(AcceptedClosed), n(Accepted)),
        Figure::Resolved => share(n(Resolved), n(Closed)),
        Figure::Returned => share(n(Returned), n(Assigned)),
        Figure::Reopened => share(n(Reopened), n(Closed)),
        Figure::Repeated => share(n(AcceptedRepeated), n(Accepted)),
        Figure::Extended => share(n(Extended), n(Closed)),
        Figure::Deferred => share(n(AcceptedDeferred), n(Accepted)),
        Figure::CalledBack => share(n(BadCalledBack), n(Counted) - n(Good)),
        Figure::FixedInTime => due(sums.over(Wait::FixedInTime, today), FixedLate, Wait::Fix),
        Figure::FixConfirmed => {
            let in_time = sums.over(Wait::FixedInTime, today);
            share(sums.over(Wait::FixConfirmed, today), in_time + n(FixedLate) + sums.over(Wait::Fix, today))
        }
        Figure::Rectified => share(n(FixGood), n(FixRated)),
        Figure::RectifiedRaw => share(n(FixGoodRaw), n(FixRatedRaw)),
        Figure::Response => share(n(Contacted), n(CallBacks)),
        Figure::Resolution => share(n(Solved), n(CallBacks)),
        Figure::Satisfaction => weighted(weights.content(n), n(CallBacks)),
        Figure::Composite => {
            let part = weights.response * f64::from(n(Contacted))
                + weights.resolution * f64::from(n(Solved))
                + weights.satisfaction * weights.content(n);
            weighted(part, n(CallBacks))
        }
    }
}

/// Whether a figure tells how owners rated, so that it is withheld with few ratings.
#[must_use]
pub const fn tells(figure: Figure) -> bool {
    matches!(
        figure,
        Figure::Good
            | Figure::GoodRaw
            | Figure::Bad
            | Figure::BadRaw
            | Figure::AtOnce
            | Figure::AtOnceRaw
            | Figure::CalledBack
            | Figure::FixedInTime
            | Figure::FixConfirmed
            | Figure::Rectified
            | Figure::RectifiedRaw
            | Figure::Response
            | Figure::Resolution
            | Figure::Satisfaction
            | Figure::Composite
    )
}

/// The figure whose n decides whether this one is of few; a raw one is shown beside its adjusted one or not at all.
const fn decides(figure: Figure) -> Figure {
    match figure {
        Figure::RectifiedRaw => Figure::Rectified,
        other => other,
    }
}

/// Whether a figure is of first ratings as they came in, before appeals left some out.
const fn as_received(figure: Figure) -> bool {
    matches!(figure, Figure::GoodRaw | Figure::BadRaw | Figure::AtOnceRaw)
}

/// Whether a figure is of rectifications or call-backs, which few may have: by itself it is withheld under five.
pub(super) const fn rare(figure: Figure) -> bool {
    matches!(
        figure,
        Figure::Rectified
            | Figure::RectifiedRaw
            | Figure::FixedInTime
            | Figure::FixConfirmed
            | Figure::CalledBack
            | Figure::Response
            | Figure::Resolution
            | Figure::Satisfaction
            | Figure::Composite
    )
}

/// Which figures of each of these groups, that stand beside all of them together, are withheld: those that tell how
/// somebody rated, of groups with few ratings, or with few rectifications or call-backs of their own; and of as many more
/// groups as could be subtracted.
#[must_use]
pub fn withheld(groups: &[&Sums], weights: &Weights, today: NaiveDate) -> Vec<BTreeSet<Figure>> {
    let counted: Vec<u32> = groups.iter().map(|sums| sums.of(Counted)).collect();
    let by_ratings = interval::withheld(&counted);
    let mut all = vec![BTreeSet::new(); groups.len()];
    for figure in Figure::ALL.into_iter().filter(|figure| tells(*figure)) {
        let hidden = if rare(figure) {
            let wholes: Vec<u32> =
                groups.iter().map(|sums| compute(decides(figure), sums, weights, today).whole).collect();
            // What owners said of the rectification is in it.
            let told = |sums: &Sums| figure == Figure::FixConfirmed && interval::few(sums.of(FixRated));
            let few =
                |((sums, n), by): ((&&Sums, &u32), &bool)| *n > 0 && (*by || interval::few(*n) || told(sums));
            let mut hidden: Vec<bool> = groups.iter().zip(&wholes).zip(&by_ratings).map(few).collect();
            interval::complete(&wholes, &mut hidden);
            hidden.iter().zip(&wholes).map(|(gone, n)| *gone || *n == 0).collect()
        } else if as_received(figure) {
            // Where appeals left none to count, it would be of those alone that were left out.
            let wholes: Vec<u32> = groups.iter().map(|sums| sums.of(Verified)).collect();
            let of = groups.iter().zip(&wholes).zip(&by_ratings);
            let mut hidden: Vec<bool> =
                of.map(|((sums, n), by)| *by || (*n > 0 && sums.of(Counted) == 0)).collect();
            interval::complete(&wholes, &mut hidden);
            hidden
        } else {
            by_ratings.clone()
        };
        for (figures, _) in all.iter_mut().zip(hidden).filter(|(_, gone)| *gone) {
            figures.insert(figure);
        }
    }
    all
}

/// All figures of sums but those that are [`withheld`].
#[must_use]
pub fn figures(sums: &Sums, weights: &Weights, today: NaiveDate, withheld: &BTreeSet<Figure>) -> Figures {
    let one = |figure: Figure| {
        (!withheld.contains(&figure)).then(|| (figure, compute(figure, sums, weights, today)))
    };
    let n = |count: Count| sums.of(count);
    Figures {
        accepted: n(Accepted),
        closed: n(Closed),
        days: (n(Closed) > 0)
            .then(|| Mean { value: f64::from(n(Days)) / f64::from(n(Closed)), n: n(Closed) }),
        first_word: sums.median_first_word().map(|(value, n)| Mean { value, n }),
        shares: Figure::ALL.into_iter().filter_map(one).collect(),
        ratings: received(sums, today),
        how: how(sums, today),
    }
}

/// received = counted + unverified + superseded + excluded; beside them, what was not rated.
#[must_use]
pub fn received(sums: &Sums, today: NaiveDate) -> Received {
    Received {
        received: sums.of(Count::Received),
        counted: sums.of(Counted),
        unverified: sums.of(Unverified),
        superseded: sums.of(Superseded),
        excluded: sums.of(Excluded),
        flagged: sums.of(Count::Flagged),
        not_rated: sums.over(Wait::Rating, today),
        open: sums.still(Wait::Rating, today),
    }
}

/// How the closures were rated; each is in one slice.
#[must_use]
pub fn how(sums: &Sums, today: NaiveDate) -> HowRated {
    HowRated {
        pin: sums.of(Counted) - sums.of(Count::ByInvitation) - sums.of(Count::ByCode),
        invitation: sums.of(Count::ByInvitation),
        call_back: sums.of(Count::ByCallBack),
        code: sums.of(Unverified) - sums.of(Count::ByCallBack) + sums.of(Count::ByCode),
        excluded: sums.of(Count::LeftOut),
        not_rated: sums.over(Wait::Rating, today),
        open: sums.still(Wait::Rating, today),
    }
}
