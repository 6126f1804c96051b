//! Rectifications, and what is withheld because few rated.

use super::*;

#[test]
fn what_a_unit_says_is_put_right_is_confirmed_by_others() {
    let call = |on, solved, satisfaction| CallBack {
        at: noon(on),
        contacted: true,
        solved,
        satisfaction,
        reopened: false,
    };
    let one = |fixed: u32, calls: Vec<CallBack>, rated: Option<Verdict>| {
        let mut one = closed(Some(Verdict::Bad), None);
        one.fix = Some(Fix { due_on: day(12), fixed: Some((day(fixed), noon(fixed))) });
        let rated = rated.map(|verdict| Given { round: Round::Rectification, ..given(Tier::Owner, verdict) });
        one.ratings.extend(rated);
        one.call_backs = calls;
        one
    };
    let all = [
        one(11, Vec::new(), None),
        one(11, Vec::new(), Some(Verdict::Bad)),
        one(11, vec![call(10, Some(Solved::Yes), None)], None),
        one(11, vec![call(12, Some(Solved::No), Some(Level::Satisfied))], None),
        one(11, vec![call(12, Some(Solved::Yes), Some(Level::Dissatisfied))], None),
        one(13, vec![call(14, Some(Solved::Yes), None)], Some(Verdict::Good)),
        // The call was content, the owner was not: he decides. And of two calls the last one.
        one(11, vec![call(12, Some(Solved::Yes), None)], Some(Verdict::Bad)),
        one(11, vec![call(13, Some(Solved::No), None), call(12, Some(Solved::Yes), None)], None),
        // It was handled again after that call.
        one(11, vec![CallBack { reopened: true, ..call(12, Some(Solved::Partly), None) }], None),
        // These are confirmed.
        one(11, vec![call(12, Some(Solved::Partly), None)], None),
        one(11, Vec::new(), Some(Verdict::Good)),
    ];
    let shown = figures(&all, day(20), false);
    assert_eq!(parts(&shown, Figure::FixedInTime), Some((10.0, 11)), "the unit's own word");
    let confirmed = formula::compute(Figure::FixConfirmed, &sums(&all), &WEIGHTS, day(20));
    assert_eq!((confirmed.part, confirmed.whole), (2.0, 11));
    assert_eq!(shown.share(Figure::FixConfirmed), None, "four owners' words are in it");
    assert_eq!(figures(&all, day(12), false).share(Figure::FixConfirmed), None, "nothing is due yet");
}

#[test]
fn few_rectifications_cannot_be_subtracted_either() {
    let fixed = |verdict| {
        let mut one = closed(Some(Verdict::Bad), None);
        one.fix = Some(Fix { due_on: day(12), fixed: Some((day(11), noon(11))) });
        one.ratings.push(Given { round: Round::Rectification, ..given(Tier::Owner, verdict) });
        one
    };
    let group = |bad: usize, good: usize| {
        let mut all = vec![closed(Some(Verdict::Good), None); 20];
        all.extend((0..bad).map(|_| fixed(Verdict::Bad)));
        all.extend((0..good).map(|_| fixed(Verdict::Good)));
        sums(&all)
    };
    let withheld = |groups: &[Sums], figure| -> Vec<bool> {
        let of = formula::withheld(&groups.iter().collect::<Vec<_>>(), &WEIGHTS, day(20));
        of.iter().map(|gone| gone.contains(&figure)).collect()
    };
    // 8 of 12 together, 8 of 10 there: nobody of the two here was content.
    let groups = [group(2, 8), group(2, 0), group(5, 15)];
    assert_eq!(withheld(&groups, Figure::Rectified), [true, true, false]);
    assert_eq!(withheld(&groups, Figure::RectifiedRaw), [true, true, false]);
    assert_eq!(withheld(&groups, Figure::FixConfirmed), [true, true, false]);
    assert_eq!(withheld(&groups, Figure::Good), [false; 3]);
    // Six that are due, but two owners' words in them.
    let mut few = group(2, 0);
    let mut silent = closed(Some(Verdict::Bad), None);
    silent.fix = Some(Fix { due_on: day(12), fixed: Some((day(11), noon(11))) });
    few.add(&sums(&vec![silent; 4]));
    let groups = [few, group(3, 9), group(4, 11)];
    assert_eq!(withheld(&groups, Figure::FixConfirmed), [true, true, false]);
    assert_eq!(withheld(&groups, Figure::FixedInTime), [false; 3], "that is the unit's own word");
}

#[test]
fn few_ratings_are_withheld_and_not_ranked() {
    let good = || closed(Some(Verdict::Good), None);
    let mut all = vec![good(), good(), good(), good()];
    let shown = figures(&all, day(11), true);
    assert_eq!((shown.share(Figure::Good), shown.share(Figure::AtOnce)), (None, None));
    assert!(few(shown.ratings.counted));
    all.push(closed(Some(Verdict::Bad), None));
    let shown = figures(&all, day(11), false);
    assert!(!few(shown.ratings.counted) && shown.share(Figure::Good).is_some());
    assert_eq!(shown.share(Figure::Rectified), None, "few rectifications tell who complained");
    let goods = [Some(share(4, 4)), Some(share(90, 100)), Some(share(5, 5)), None, Some(share(90, 100))];
    assert_eq!(
        ranks(&goods),
        [None, Some(1), Some(3), None, Some(1)],
        "five of five is less sure than 90 of 100"
    );
    assert_eq!(LEAST, 5);
}
