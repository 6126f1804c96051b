//! Ratings: by the owner, with the code alone and by call-back, of closures and of rectifications; flags, and appeals
//! that two decided.

use super::filling::{BAD, BY_CODE, ENTERPRISE, Filling, OWNER, TOOK, TOOK_THEN};

pub(crate) fn fill(f: &mut Filling) {
    given(f);
    proved(f);
    flagged(f);
    appealed(f);
}

/// What was wrong.
const TAGS: &str = "CASE i % 7 WHEN 0 THEN '[\"not_really_solved\",\"passed_around\"]' WHEN 1 THEN '[\"vague_answer\"]' \
                    ELSE '[\"not_really_solved\"]' END";
/// Of rectifications those that were rated again.
pub(crate) const FIX_RATED: &str = "i % 6 > 1";

fn given(f: &mut Filling) {
    let d = f.d;
    let bad = |when: &str| format!("CASE WHEN {when} THEN 'bad' ELSE 'good' END");
    let tags = |when: &str| format!("CASE WHEN {when} THEN {TAGS} ELSE '[\"fully_solved\"]' END");
    let soon = |base: &str| d.moment(base, TOOK);
    let none = || "'[]'".to_owned();
    let (first, then) = (d.id('b'), d.again(1, 'b'));
    let only = |from: u32, step: u32, when: &str| format!("{} WHERE {when}", f.each(from, step));
    let rows = [
        (
            d.id('d'),
            &first,
            "owner",
            "first",
            bad(BAD),
            tags(BAD),
            soon("2025-11-02 07:00:00"),
            only(0, 1, OWNER),
        ),
        (
            d.id('e'),
            &first,
            "unverified",
            "first",
            bad("i % 9 = 0"),
            none(),
            soon("2025-11-02 08:00:00"),
            only(0, 1, BY_CODE),
        ),
        // What was said on the telephone: of closures that the owner rated, that the code rated, or that nobody did.
        (
            d.id('4'),
            &first,
            "call_back",
            "first",
            bad("i % 3 = 0"),
            none(),
            soon("2025-11-12 07:00:00"),
            f.each(5, 23),
        ),
        // Said once more: shown, and in no figure.
        (
            d.id('3'),
            &first,
            "owner",
            "second",
            bad("i % 4 = 0"),
            none(),
            soon("2025-11-14 07:00:00"),
            only(3, 19, OWNER),
        ),
        (
            d.id('7'),
            &first,
            "owner",
            "rectification",
            bad("i % 4 = 0"),
            none(),
            soon("2025-11-20 07:00:00"),
            only(0, 1, &format!("{OWNER} AND {BAD} AND {FIX_RATED}")),
        ),
        (
            d.id('2'),
            &first,
            "unverified",
            "rectification",
            bad("i % 5 = 0"),
            none(),
            soon("2025-11-20 08:00:00"),
            only(2, 17, &format!("{OWNER} AND {BAD}")),
        ),
        (
            d.again(1, 'd'),
            &then,
            "owner",
            "first",
            bad("i % 7 = 0"),
            tags("i % 7 = 0"),
            d.moment("2025-11-02 07:00:00", TOOK_THEN),
            format!("{} AND i % 3 <> 0", f.twice()),
        ),
    ];
    for (id, closure, tier, round, verdict, tags, at, from) in rows {
        f.add(
            "ratings (id, enterprise_id, issue_id, closure_id, tier, round, verdict, tags, tags_version, at)",
            &format!(
                "{id}, {ENTERPRISE}, {}, {closure}, '{tier}', '{round}', {verdict}, {tags}, 1, {at}",
                d.id('a')
            ),
            &from,
        );
    }
}

fn proved(f: &mut Filling) {
    let d = f.d;
    f.add(
        "rating_proofs (rating_id, enterprise_id, proof, invitation_id, at)",
        &format!(
            "{}, {ENTERPRISE}, 'invitation', {}, {}",
            d.id('d'),
            d.id('9'),
            d.moment("2025-11-02 07:00:00", TOOK)
        ),
        &format!("{} WHERE {OWNER}", f.each(1, 4)),
    );
    f.add(
        "rating_proofs (rating_id, enterprise_id, proof, officer_id, at)",
        &format!(
            "{}, {ENTERPRISE}, 'call_back', 'h' || (i % 7), {}",
            d.id('4'),
            d.moment("2025-11-12 07:00:00", TOOK)
        ),
        &f.each(5, 23),
    );
}

/// Some twice.
fn flagged(f: &mut Filling) {
    let d = f.d;
    for (turn, of, reason, when, rows) in [
        (0, 'd', "burst_network", OWNER, f.each(8, 33)),
        (1, 'd', "shared_device", OWNER, f.each(8, 66)),
        (2, 'e', "office_network", BY_CODE, f.each(4, 21)),
    ] {
        f.add(
            "rating_flags (id, enterprise_id, rating_id, reason, at)",
            &format!(
                "{}, {ENTERPRISE}, {}, '{reason}', {}",
                d.again(turn, '0'),
                d.id(of),
                d.moment("2025-11-02 09:00:00", TOOK)
            ),
            &format!("{rows} WHERE {when}"),
        );
    }
}

/// Against bad ratings of closures, ratings with the code alone, and ratings of rectifications: two decide, and leave
/// two in three out. A few wait for the second one.
fn appealed(f: &mut Filling) {
    let d = f.d;
    let judgement = "CASE i % 3 WHEN 0 THEN 'rejected' ELSE 'accepted' END";
    let decided = "i % 13 <> 1";
    let bad = format!("{OWNER} AND {BAD}");
    let fixed = format!("{bad} AND {FIX_RATED}");
    let place = [0_u8, 1, 2];
    for (turn, of, ground, when, base, rows) in [
        (0, 'd', "mistaken", &*bad, "2025-11-04", f.each(2, 7)),
        (1, 'e', "suspect", BY_CODE, "2025-11-04", f.each(5, 11)),
        (2, '7', "malicious", &*fixed, "2025-11-21", f.each(3, 11)),
    ] {
        let (appeal, rating, rows) = (d.again(turn, '1'), d.id(of), format!("{rows} WHERE {when}"));
        let at = |hour: u8| d.moment(&format!("{base} 0{hour}:00:00"), TOOK);
        f.add(
            "rating_appeals (id, enterprise_id, rating_id, ground, reason, at, by)",
            &format!("{appeal}, {ENTERPRISE}, {rating}, '{ground}', '', {}, 'h' || ((i + 50) % 1000)", at(1)),
            &rows,
        );
        for (place, when) in place.into_iter().zip(["i >= 0", decided]) {
            let (number, hour) = (place + 1, place + 2);
            f.add(
                "appeal_decisions (id, enterprise_id, appeal_id, place, judgement, reason, at, by)",
                &format!(
                    "{}, {ENTERPRISE}, {appeal}, {number}, {judgement}, '', {}, 'h' || ((i + {number}) % 1000)",
                    d.again(turn * 2 + place, 'b'),
                    at(hour)
                ),
                &format!("{rows} AND {when}"),
            );
        }
        f.add(
            "appeal_outcomes (rating_id, enterprise_id, appeal_id, judgement, at)",
            &format!("{rating}, {ENTERPRISE}, {appeal}, {judgement}, {}", at(3)),
            &format!("{rows} AND {decided}"),
        );
    }
}
