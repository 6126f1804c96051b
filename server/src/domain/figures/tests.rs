use chrono::NaiveDate;
use proptest::prelude::*;
use qiyema_protocol::{
    figures::{Figure, Figures},
    rating::{Level, Round, Solved, Tier, Verdict},
};

use super::{
    LEAST,
    facts::{self, CallBack, Closure, Fate, Fix, Given},
    formula::{self, Weights},
    interval::{few, ranks, share, weighted, withheld},
    sums::Sums,
};
use crate::{clock::Timestamp, domain::calendar::Calendar};

mod rectified;

const WEIGHTS: Weights =
    Weights { basically_satisfied: 0.9, response: 0.1, resolution: 0.5, satisfaction: 0.4 };

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
}

fn noon(on: u32) -> Timestamp {
    format!("2026-11-{on:02}T04:00:00Z").parse().unwrap()
}

fn given(tier: Tier, verdict: Verdict) -> Given {
    Given {
        tier,
        round: Round::First,
        verdict,
        at: "2026-11-11T02:00:00Z".parse().unwrap(),
        invited: false,
        excluded: false,
        flagged: false,
        tags: Vec::new(),
    }
}

fn closed(owner: Option<Verdict>, unverified: Option<Verdict>) -> Closure {
    let owner = owner.map(|verdict| given(Tier::Owner, verdict));
    let unverified = unverified.map(|verdict| given(Tier::Unverified, verdict));
    Closure {
        closed_on: day(10),
        accepted_on: Some(day(3)),
        resolved: true,
        extended: false,
        reopened: false,
        rate_until: day(20),
        invited: true,
        ratings: owner.into_iter().chain(unverified).collect(),
        fix: None,
        call_backs: Vec::new(),
    }
}

fn sums(closures: &[Closure]) -> Sums {
    let mut sums = Sums::default();
    for one in closures {
        sums.add(&facts::closure(one, &Calendar::default(), false));
    }
    sums
}

fn figures(closures: &[Closure], today: NaiveDate, hidden: bool) -> Figures {
    shown(&sums(closures), today, hidden)
}

/// With what tells how few rated, unless it is to be `hidden`.
fn shown(sums: &Sums, today: NaiveDate, hidden: bool) -> Figures {
    let mut gone = formula::withheld(&[sums], &WEIGHTS, today).pop().unwrap();
    gone.retain(|figure| hidden || formula::rare(*figure));
    formula::figures(sums, &WEIGHTS, today, &gone)
}

/// Part and whole, in counts.
fn parts(figures: &Figures, figure: Figure) -> Option<(f64, u32)> {
    figures.share(figure).map(|share| (share.part, share.whole))
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
    let all = [
        closed(Some(Verdict::Bad), Some(Verdict::Good)),
        closed(None, Some(Verdict::Good)),
        closed(None, None),
        Closure { rate_until: day(26), ..closed(None, None) },
    ];
    let figures = figures(&all, day(26), false);
    assert_eq!(parts(&figures, Figure::Good), Some((0.0, 1)), "only the owner's rating counts");
    assert_eq!(parts(&figures, Figure::Bad), Some((1.0, 1)));
    let r = figures.ratings;
    assert_eq!((r.received, r.counted, r.unverified, r.superseded), (3, 1, 1, 1));
    assert_eq!((r.not_rated, r.open), (1, 1), "the last day to rate is a day to rate");
    assert_eq!(parts(&figures, Figure::Rated), Some((1.0, 4)));
    assert_eq!(parts(&figures, Figure::AtOnce), Some((3.0, 4)));
    assert_eq!(format!("{}", figures.days.unwrap().value), "5", "Tuesday to Tuesday of the next week");
}

#[test]
fn what_is_left_out_stands_beside_what_came_in() {
    let out = |mut one: Closure| {
        one.ratings[0].excluded = true;
        one
    };
    let all = [
        out(closed(Some(Verdict::Bad), None)),
        out(closed(Some(Verdict::Bad), Some(Verdict::Good))),
        closed(Some(Verdict::Good), None),
    ];
    let figures = figures(&all, day(25), false);
    assert_eq!(parts(&figures, Figure::Good), Some((1.0, 1)));
    assert_eq!(parts(&figures, Figure::GoodRaw), Some((1.0, 3)));
    assert_eq!(
        (parts(&figures, Figure::Bad), parts(&figures, Figure::BadRaw)),
        (Some((0.0, 1)), Some((2.0, 3)))
    );
    let at_once = (parts(&figures, Figure::AtOnce), parts(&figures, Figure::AtOnceRaw));
    assert_eq!(at_once, (Some((3.0, 3)), Some((1.0, 3))));
    let r = figures.ratings;
    assert_eq!((r.received, r.counted, r.unverified, r.superseded, r.excluded), (4, 1, 1, 0, 2));
    assert_eq!((r.not_rated, r.open), (0, 0), "left out is not unrated");
}

#[test]
fn where_appeals_left_none_to_count_nothing_tells_those_that_were_left_out() {
    let mut out = closed(Some(Verdict::Bad), None);
    out.ratings[0].excluded = true;
    let gone = sums(&[out.clone(), out]);
    let many = |n| sums(&vec![closed(Some(Verdict::Good), None); n]);
    let groups = [gone, many(6), many(9)];
    let hidden = formula::withheld(&groups.iter().collect::<Vec<_>>(), &WEIGHTS, day(25));
    let of = |figure| hidden.iter().map(|gone| gone.contains(&figure)).collect::<Vec<_>>();
    for figure in [Figure::GoodRaw, Figure::BadRaw, Figure::AtOnceRaw] {
        assert_eq!(of(figure), [true, true, false], "{figure:?}: nor by subtraction");
    }
    assert_eq!(of(Figure::Good), [false; 3], "that nobody counts tells nothing");
    let alone = formula::withheld(&[&groups[0]], &WEIGHTS, day(25));
    assert!(alone[0].contains(&Figure::GoodRaw));
}

#[test]
fn what_was_said_on_the_telephone_is_shown_apart_and_a_closure_is_in_one_slice() {
    let mut one = closed(None, Some(Verdict::Good));
    one.ratings.push(given(Tier::CallBack, Verdict::Good));
    for _ in 0..2 {
        let shown = figures(std::slice::from_ref(&one), day(25), false);
        let (r, how) = (shown.ratings, shown.how);
        assert_eq!((r.received, r.counted, r.unverified, r.superseded), (2, 0, 1, 1));
        assert_eq!((how.call_back, how.code), (1, 0), "an officer heard it, whatever came first");
        one.ratings.reverse();
    }
    one.ratings.push(Given { invited: true, ..given(Tier::Owner, Verdict::Good) });
    let how = figures(&[one], day(25), false).how;
    assert_eq!((how.pin, how.invitation, how.call_back, how.code), (0, 1, 0, 0), "the owner's counts");
}

#[test]
fn what_stays_open_is_late_after_its_day_and_an_extension_helps_only_the_second_figure() {
    let mut sums = Sums::default();
    sums.add(&facts::promise(true, day(4), Fate::Broken));
    sums.add(&facts::promise(false, day(6), Fate::Kept));
    sums.add(&facts::promise(false, day(6), Fate::Open));
    let on_time = |today| {
        let figures = shown(&sums, today, true);
        (parts(&figures, Figure::OnTime).unwrap(), parts(&figures, Figure::OnTimeFirst).unwrap())
    };
    assert_eq!(on_time(day(6)), ((1.0, 1), (0.0, 1)), "today's promise can still be kept");
    assert_eq!(on_time(day(7)), ((1.0, 2), (0.0, 1)));
}

#[test]
fn a_bad_rating_is_followed_to_its_end() {
    let rectified = Given { round: Round::Rectification, ..given(Tier::Owner, Verdict::Good) };
    let call = CallBack {
        at: "2026-11-12T02:00:00Z".parse().unwrap(),
        contacted: true,
        solved: Some(Solved::Yes),
        satisfaction: Some(Level::BasicallySatisfied),
        reopened: false,
    };
    let one = |due: u32, fixed: Option<u32>| {
        let mut one = closed(Some(Verdict::Bad), None);
        one.fix = Some(Fix { due_on: day(due), fixed: fixed.map(|on| (day(on), noon(on))) });
        one.ratings.push(rectified.clone());
        one.call_backs = vec![call];
        one
    };
    let mut all = [
        one(12, Some(12)),
        one(12, Some(13)),
        one(12, None),
        one(20, None),
        one(20, Some(11)),
        one(12, Some(11)),
        one(12, Some(10)),
    ];
    let shown = figures(&all, day(20), false);
    assert_eq!(
        parts(&shown, Figure::FixedInTime),
        Some((3.0, 5)),
        "what is not due yet is not counted, put right or not"
    );
    assert_eq!(parts(&figures(&all, day(21), false), Figure::FixedInTime), Some((4.0, 7)));
    assert_eq!(parts(&shown, Figure::Rectified), Some((7.0, 7)));
    assert_eq!(parts(&shown, Figure::CalledBack), Some((7.0, 7)));
    // A call of before the rating does not answer it; a rating of the rectification that was left out stays in the raw figure.
    all[0].call_backs[0].at = "2026-11-11T01:59:59Z".parse().unwrap();
    all[1].ratings[1].excluded = true;
    let figures = figures(&all[..6], day(20), false);
    assert_eq!(parts(&figures, Figure::CalledBack), Some((5.0, 6)));
    let rectified = (parts(&figures, Figure::Rectified), parts(&figures, Figure::RectifiedRaw));
    assert_eq!(rectified, (Some((5.0, 5)), Some((6.0, 6))));
    assert_eq!(parts(&figures, Figure::Satisfaction), Some((5.4, 6)));
    let composite = figures.share(Figure::Composite).unwrap();
    assert!((composite.rate.unwrap() - (0.1 + 0.5 + 0.4 * 0.9)).abs() < 1e-12, "{composite:?}");
}

#[test]
fn hours_are_counted_while_the_office_is_open() {
    let hours = (
        chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        chrono::NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
    );
    let tenths = |from: &str, to: &str| {
        let span = (from.parse().unwrap(), to.parse().unwrap());
        facts::working_tenths(span, hours, &Calendar::default(), chrono_tz::Asia::Shanghai)
    };
    // Friday 16:00 to Monday 10:06, local.
    assert_eq!(tenths("2026-11-20T08:00:00Z", "2026-11-23T02:06:00Z"), 21);
    assert_eq!(tenths("2026-11-20T12:00:00Z", "2026-11-22T02:00:00Z"), 0, "a weekend");
    let mut sums = Sums::default();
    assert_eq!(sums.median_first_word(), None);
    for tenths in [40, 7, 22, 21] {
        sums.first_word(tenths);
    }
    assert_eq!(sums.median_first_word(), Some((2.15, 4)), "between the two in the middle");
    sums.first_word(22);
    assert_eq!(sums.median_first_word(), Some((2.2, 5)));
}

#[test]
fn a_setting_lets_the_code_alone_count_and_each_closure_stays_in_one_slice() {
    let all = [
        closed(Some(Verdict::Bad), Some(Verdict::Good)),
        closed(None, Some(Verdict::Good)),
        closed(None, None),
    ];
    let mut counted = Sums::default();
    for one in &all {
        counted.add(&facts::closure(one, &Calendar::default(), true));
    }
    let shown = shown(&counted, day(25), false);
    assert_eq!(parts(&shown, Figure::Good), Some((1.0, 2)), "the owner's own goes before");
    let (r, how) = (shown.ratings, shown.how);
    assert_eq!((r.received, r.counted, r.unverified, r.superseded), (3, 2, 0, 1));
    assert_eq!((how.pin, how.code, how.not_rated), (1, 1, 1));

    // The owner's own was left out after an appeal: what a passer-by said does not take its place.
    let mut appealed = closed(Some(Verdict::Bad), Some(Verdict::Good));
    appealed.ratings.iter_mut().find(|given| given.tier == Tier::Owner).unwrap().excluded = true;
    let sums = facts::closure(&appealed, &Calendar::default(), true);
    let shown = super::tests::shown(&sums, day(25), false);
    assert_eq!(parts(&shown, Figure::Good), Some((0.0, 0)));
    let r = shown.ratings;
    assert_eq!((r.received, r.counted, r.unverified, r.superseded, r.excluded), (2, 0, 1, 0, 1));
}

proptest! {
    #[test]
    fn nothing_withheld_can_be_subtracted(counted in proptest::collection::vec(0u32..20, 1..12)) {
        let hidden = withheld(&counted);
        let gone: Vec<u32> = counted.iter().zip(&hidden).filter(|(_, gone)| **gone).map(|(n, _)| *n).collect();
        for (n, gone) in counted.iter().zip(&hidden) {
            prop_assert!(*gone || !few(*n));
        }
        let rest: u32 = gone.iter().sum();
        // Where all groups are withheld, all together are as many as these: few, or not to be told apart.
        let everybody = rest == counted.iter().sum::<u32>();
        prop_assert!(gone.is_empty() || everybody || (gone.len() > 1 && rest >= LEAST), "{:?}", gone);
    }

    #[test]
    fn an_interval_holds_its_rate_and_narrows_with_n(whole in 1u32..5000, part in 0.0f64..=1.0) {
        let part = part * f64::from(whole);
        let one = weighted(part, whole);
        let (rate, low, high) = (one.rate.unwrap(), one.low.unwrap(), one.high.unwrap());
        prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
        prop_assert!(low <= rate + 1e-12 && rate <= high + 1e-12);
        let more = weighted(part * 4.0, whole * 4);
        prop_assert!(more.high.unwrap() - more.low.unwrap() <= high - low + 1e-12);
    }

    #[test]
    fn what_was_received_is_counted_unverified_superseded_or_excluded(
        cases in proptest::collection::vec((0u8..3, 0u8..3, 10u32..28, any::<bool>(), any::<bool>()), 0..50),
        unverified in any::<bool>()
    ) {
        let verdict = |n: u8| [None, Some(Verdict::Good), Some(Verdict::Bad)][usize::from(n)];
        let closures: Vec<Closure> = cases
            .iter()
            .map(|(owner, other, until, out, other_out)| {
                let mut one = closed(verdict(*owner), verdict(*other));
                for given in &mut one.ratings {
                    given.excluded = if given.tier == Tier::Owner { *out } else { *other_out };
                }
                one.rate_until = day(*until);
                one
            })
            .collect();
        let mut sums = Sums::default();
        for one in &closures {
            sums.add(&facts::closure(one, &Calendar::default(), unverified));
        }
        let r = formula::received(&sums, day(20));
        prop_assert_eq!(r.received, r.counted + r.unverified + r.superseded + r.excluded);
        let left_out = sums.of(super::sums::Count::LeftOut);
        let slices = usize::try_from(r.counted + r.unverified + r.not_rated + r.open + left_out).unwrap();
        prop_assert_eq!(slices, closures.len(), "each closure is in one slice");
        let how = formula::how(&sums, day(20));
        let slices = how.pin + how.invitation + how.call_back + how.code + how.excluded + how.not_rated + how.open;
        prop_assert_eq!(usize::try_from(slices).unwrap(), closures.len(), "each was rated in one way");
        let text = serde_json::to_string(&sums).unwrap();
        prop_assert_eq!(serde_json::from_str::<Sums>(&text).unwrap(), sums, "what is kept is what was counted");
    }
}
