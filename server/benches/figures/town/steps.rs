//! What issues were after their steps: some were of another level or category than they are now, when they were closed or
//! when they were late.

use super::filling::{CATEGORY, CHANNEL, DAY, ENTERPRISE, Filling, LEVEL, TAKEN_UP, TOOK, TOOK_THEN, either};

/// Began in its town, and was raised: half of these before the closure, the others after it.
const RAISED: &str = "i % 17 = 5";
const RAISED_LATER: &str = "i % 34 = 5";
/// Came into another category after the closure.
const MOVED: &str = "i % 31 = 4";
const CATEGORY_BEFORE: &str = "'k' || ((i * 7 + 11) % 30)";

pub(crate) fn fill(f: &mut Filling) {
    let d = f.d;
    let (first, second) = (d.id('b'), d.again(1, 'b'));
    let category = either(MOVED, CATEGORY_BEFORE, CATEGORY);
    let (began, closed) = (either(RAISED, "'town'", LEVEL), either(RAISED_LATER, "'town'", LEVEL));
    let everything = d.numbers(0, f.worked_on() + f.closed / 200);
    let changed = format!("{} WHERE {RAISED_LATER} OR {MOVED}", f.each(0, 1));
    let late = format!("{} WHERE {RAISED}", d.numbers(f.closed, f.worked_on()));
    let standing = either(TAKEN_UP, "NULL", &first);
    let at_second = d.moment("2025-11-01 07:00:00", TOOK_THEN);
    for (version, at, closure, (category, level), rows) in [
        (1, d.moment("2025-11-01 02:00:00", DAY), "NULL", (&*category, &*began), everything),
        (2, d.moment("2025-11-01 07:00:00", TOOK), &*first, (&*category, &*closed), f.each(0, 1)),
        (3, d.moment("2025-11-11 07:00:00", TOOK), &*standing, (CATEGORY, LEVEL), changed),
        (4, at_second, &*second, (CATEGORY, LEVEL), f.twice()),
        // A week after the promised day.
        (2, d.moment("2025-11-15 07:00:00", DAY), "NULL", (CATEGORY, LEVEL), late),
    ] {
        let (yes, no) = (d.says("i >= 0"), d.says("i < 0"));
        f.add(
            "issue_facts (id, enterprise_id, issue_id, version, fits, words, category_id, channel_id, level, state, is_open, \
             submitted_at, submitted_by, provisional, last_kind, last_at, closure_id, state_at, supervision, round)",
            &format!(
                "{}, {ENTERPRISE}, {}, {version}, {yes}, '', {category}, {CHANNEL}, {level}, 'in_progress', {yes}, {at}, '', \
                 {no}, 'progressed', {at}, {closure}, {at}, '', 1",
                d.again(version, 'a'),
                d.id('a'),
            ),
            &rows,
        );
    }
}
