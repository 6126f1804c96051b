use chrono::NaiveDate;
use proptest::prelude::*;
use qiyema_protocol::{figures::Standing, rating::Verdict};

use super::{Closed, Due, LEAST, Tally, ranks, share, standing, withheld};

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
}

fn closed(owner: Option<Verdict>, unverified: Option<Verdict>) -> Closed {
    Closed {
        first_due_on: day(10),
        due_on: day(10),
        rate_until: day(20),
        reopened: false,
        owner,
        unverified,
        rectification: None,
        owner_excluded: false,
        unverified_excluded: false,
    }
}

/// Bounds by statsmodels 0.15, `proportion_confint(k, n, 0.05, "wilson")`.
#[test]
fn wilson_as_statsmodels_computes_it() {
    let vectors = [
        (0, 1, 0.0, 0.793_450_685_622_762_7),
        (1, 1, 0.206_549_314_377_237_4, 1.0),
        (1, 2, 0.094_531_205_734_230_68, 0.905_468_794_265_769_3),
        (5, 5, 0.565_517_535_216_825_2, 1.0),
        (9, 10, 0.595_849_973_204_761_4, 0.982_123_786_904_927),
        (81, 263, 0.255_288_519_878_274_2, 0.366_209_576_982_800_04),
        (999, 1000, 0.994_357_441_402_042_1, 0.999_823_453_629_373_9),
    ];
    for (part, whole, low, high) in vectors {
        let found = share(part, whole);
        assert!((found.low.unwrap() - low).abs() < 1e-12, "{part}/{whole}: {found:?}");
        assert!((found.high.unwrap() - high).abs() < 1e-12, "{part}/{whole}: {found:?}");
    }
    assert_eq!((share(0, 0).rate, share(0, 0).low), (None, None), "nothing is not everything");
}

#[test]
fn nobody_is_counted_as_content() {
    let mut tally = Tally::default();
    tally.closed(&closed(Some(Verdict::Bad), Some(Verdict::Good)), day(25));
    tally.closed(&closed(None, Some(Verdict::Good)), day(25));
    tally.closed(&closed(None, None), day(25));
    tally.closed(&closed(None, None), day(20));
    let figures = tally.figures(false);
    let good = figures.good.unwrap();
    assert_eq!((good.part, good.whole), (0, 1), "only the owner's rating counts");
    let r = figures.ratings;
    assert_eq!((r.received, r.counted, r.unverified, r.superseded), (3, 1, 1, 1));
    assert_eq!((r.not_rated, r.open), (1, 1), "the last day to rate is a day to rate");
    assert_eq!((figures.rated.part, figures.rated.whole), (1, 4));
    assert_eq!(figures.at_once.unwrap().part, 3);
}

#[test]
fn what_is_left_out_stands_beside_what_came_in() {
    let mut tally = Tally::default();
    let out = Closed { owner_excluded: true, ..closed(Some(Verdict::Bad), None) };
    tally.closed(&out, day(25));
    tally.closed(&Closed { unverified: Some(Verdict::Good), ..out }, day(25));
    tally.closed(&closed(Some(Verdict::Good), None), day(25));
    let figures = tally.figures(false);
    let (good, raw) = (figures.good.unwrap(), figures.good_raw.unwrap());
    assert_eq!(((good.part, good.whole), (raw.part, raw.whole)), ((1, 1), (1, 3)));
    let r = figures.ratings;
    assert_eq!((r.received, r.counted, r.unverified, r.superseded, r.excluded), (4, 1, 1, 0, 2));
    assert_eq!((r.not_rated, r.open), (0, 0), "left out is not unrated");
}

#[test]
fn what_stays_open_is_late_and_an_extension_helps_only_the_second_figure() {
    let mut tally = Tally::default();
    for (first, kept) in [(true, false), (false, true), (true, false), (false, false)] {
        tally.due(Due { first, kept });
    }
    let figures = tally.figures(true);
    assert_eq!((figures.on_time.part, figures.on_time.whole), (1, 2));
    assert_eq!((figures.on_time_first.part, figures.on_time_first.whole), (0, 2));
}

#[test]
fn few_ratings_are_withheld_and_not_ranked() {
    let mut few = Tally::default();
    for _ in 1..LEAST {
        few.closed(&closed(Some(Verdict::Good), None), day(11));
    }
    let shown = few.figures(true);
    assert_eq!((shown.good, shown.at_once), (None, None));
    assert!(super::few(few.counted()));
    few.closed(&closed(Some(Verdict::Bad), None), day(11));
    assert!(!super::few(few.counted()) && few.figures(false).good.is_some());
    assert_eq!(few.figures(false).rectified, None, "few rectifications tell who complained");
    let goods = [Some(share(4, 4)), Some(share(90, 100)), Some(share(5, 5)), None, Some(share(90, 100))];
    assert_eq!(
        ranks(&goods),
        [None, Some(1), Some(3), None, Some(1)],
        "five of five is less sure than 90 of 100"
    );
}

#[test]
fn a_difference_that_may_be_chance_is_none() {
    let all = share(900, 1000);
    assert_eq!(standing(&share(8, 10), &all), Some(Standing::Within));
    assert_eq!(standing(&share(80, 100), &all), Some(Standing::Below));
    assert_eq!(standing(&share(300, 300), &all), Some(Standing::Above));
    assert_eq!(standing(&share(0, 0), &all), None);
}

proptest! {
    #[test]
    fn nothing_withheld_can_be_subtracted(counted in proptest::collection::vec(0u32..20, 1..12)) {
        let hidden = withheld(&counted);
        let gone: Vec<u32> = counted.iter().zip(&hidden).filter(|(_, gone)| **gone).map(|(n, _)| *n).collect();
        for (n, gone) in counted.iter().zip(&hidden) {
            prop_assert!(*gone || !super::few(*n));
        }
        let rest: u32 = gone.iter().sum();
        // Where all groups are withheld, all together are as many as these: few, or not to be told apart.
        let everybody = rest == counted.iter().sum::<u32>();
        prop_assert!(gone.is_empty() || everybody || (gone.len() > 1 && rest >= LEAST), "{:?}", gone);
    }

    #[test]
    fn an_interval_holds_its_rate_and_narrows_with_n(whole in 1u32..5000, part in 0u32..5000) {
        let part = part.min(whole);
        let one = share(part, whole);
        let (rate, low, high) = (one.rate.unwrap(), one.low.unwrap(), one.high.unwrap());
        prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
        prop_assert!(low <= rate && rate <= high);
        let more = share(part * 4, whole * 4);
        prop_assert!(more.high.unwrap() - more.low.unwrap() <= high - low);
    }

    #[test]
    fn what_was_received_is_counted_unverified_superseded_or_excluded(
        given in proptest::collection::vec((0u8..3, 0u8..3, 10u32..28, any::<bool>(), any::<bool>()), 0..50)
    ) {
        let verdict = |n: u8| [None, Some(Verdict::Good), Some(Verdict::Bad)][usize::from(n)];
        let mut tally = Tally::default();
        let mut gone = 0;
        for (owner, other, today, out, other_out) in &given {
            let mut one = closed(verdict(*owner), verdict(*other));
            (one.owner_excluded, one.unverified_excluded) = (*out && *owner > 0, *other_out && *other > 0);
            let left = (*owner > 0 && !one.owner_excluded) || (*other > 0 && !one.unverified_excluded);
            gone += usize::from(!left && (*owner > 0 || *other > 0));
            tally.closed(&one, day(*today));
        }
        let r = tally.figures(false).ratings;
        prop_assert_eq!(r.received, r.counted + r.unverified + r.superseded + r.excluded);
        let slices = usize::try_from(r.counted + r.unverified + r.not_rated + r.open).unwrap();
        prop_assert_eq!(slices + gone, given.len());
    }
}
