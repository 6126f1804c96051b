//! Issues: closed, taken up again, open, deferred, withdrawn, merged, not accepted yet; and what moved their promises.

use super::filling::{
    CATEGORY, CHANNEL, DAY, ENTERPRISE, Filling, LEVEL, TAKEN_UP, THEN, TOOK, TWICE, WHOSE, either,
};

/// One in so many is extended, by three days.
const EXTENDED: u32 = 13;
/// One in so many is deferred and resumed, and then due twelve days later.
const DEFERRED: u32 = 40;

/// The day of the first promise, and of the one as moved.
pub(crate) fn promised(f: &Filling) -> (String, String) {
    let moved = format!("{DAY} + {} + {}", extension(), later(&format!("i % {DEFERRED} = 39"), 12));
    (f.d.day("2025-11-08", DAY), f.d.day("2025-11-08", &moved))
}

/// The same of what was taken up again.
pub(crate) fn promised_then(f: &Filling) -> (String, String) {
    let moved = format!("{TOOK} + {}", later("i % 11 = 0", 3));
    (f.d.day("2025-11-29", TOOK), f.d.day("2025-11-29", &moved))
}

fn extension() -> String {
    later(&format!("i % {EXTENDED} = 0"), 3)
}

fn later(when: &str, days: u32) -> String {
    either(when, &days.to_string(), "0")
}

pub(crate) fn fill(f: &mut Filling) {
    closed(f);
    not_closed(f);
    moved(f);
}

const COLUMNS: &str = "issues (id, enterprise_id, number, subject, body, category_id, channel_id, level, version, \
                       submitted_at, submitted_by, provisional, last_at, state, last_kind, is_open, state_at, accepted_at, \
                       lead_unit_id, handler_id, first_due_on, due_on, closure_id, merged_into, round)";

/// What every issue has.
fn of_all(f: &Filling) -> String {
    let (issue, at, no) = (f.d.id('a'), f.d.moment("2025-11-01 02:00:00", DAY), f.d.says("i < 0"));
    format!(
        "{issue}, {ENTERPRISE}, 'Q' || i, '', '', {CATEGORY}, {CHANNEL}, {LEVEL}, 9, {at}, '', {no}, {at}"
    )
}

/// Of twenty, one was closed twice. Of two hundred, one is open again and one was withdrawn after it was taken up again.
fn closed(f: &mut Filling) {
    let d = f.d;
    let open = format!("i % 200 = 60 AND {TAKEN_UP}");
    let withdrawn = format!("i % 200 = 140 AND {TAKEN_UP}");
    let state =
        format!("CASE WHEN {open} THEN 'in_progress' WHEN {withdrawn} THEN 'withdrawn' ELSE 'archived' END");
    let (first, moved) = promised(f);
    let (first_then, moved_then) = promised_then(f);
    let (unit, person) = WHOSE.split_once(", ").unwrap_or_default();
    let (unit_then, person_then) = THEN.split_once(", ").unwrap_or_default();
    let then = |then: &str, or: &str| either(TAKEN_UP, then, or);
    let values = format!(
        "{}, {state}, {state}, {}, {}, {}, {}, {}, {}, {}, {}, NULL, {}",
        of_all(f),
        d.says(&open),
        // Before or after the second promise, which is for a week after it was taken up again.
        then(
            &d.moment("2025-11-25 06:00:00", &format!("{TOOK} + i % 7")),
            &d.moment("2025-11-01 07:00:00", TOOK)
        ),
        d.moment("2025-11-01 02:00:00", DAY),
        then(unit_then, unit),
        then(person_then, person),
        then(&first_then, &first),
        then(&moved_then, &moved),
        either(TWICE, &d.again(1, 'b'), &d.id('b')),
        then("2", "1"),
    );
    f.add(COLUMNS, &values, &f.each(0, 1));
}

/// Of ten, one is deferred, one was withdrawn and one was merged: before or after its day. And some wait to be accepted.
fn not_closed(f: &mut Filling) {
    let d = f.d;
    let state = "CASE i % 10 WHEN 6 THEN 'deferred' WHEN 7 THEN 'withdrawn' WHEN 8 THEN 'merged' ELSE 'in_progress' END";
    let (first, moved) = promised(f);
    let at = d.moment("2025-11-04 06:00:00", &format!("{DAY} + i % 12"));
    let values = format!(
        "{}, {state}, {state}, {}, {at}, {}, {WHOSE}, {first}, {moved}, NULL, {}, 1",
        of_all(f),
        d.says("i % 10 NOT IN (7, 8)"),
        d.moment("2025-11-01 02:00:00", DAY),
        either("i % 10 = 8", &d.id_of("(i % 1000)", 0, 'a'), "NULL"),
    );
    f.add(COLUMNS, &values, &d.numbers(f.closed, f.worked_on()));
    let values = format!(
        "{}, 'submitted', 'submitted', {}, {}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1",
        of_all(f),
        d.says("i >= 0"),
        d.moment("2025-11-01 02:00:00", DAY),
    );
    f.add(COLUMNS, &values, &d.numbers(f.worked_on(), f.worked_on() + f.closed / 200));
}

/// Extensions and deferrals.
fn moved(f: &mut Filling) {
    let d = f.d;
    let issue = d.id('a');
    let (first, moved) = promised(f);
    let extended = d.day("2025-11-08", &format!("{DAY} + {}", extension()));
    let extensions = "extensions (id, enterprise_id, issue_id, from_on, to_on, reason, at, by, round)";
    f.add(
        extensions,
        &format!(
            "{}, {ENTERPRISE}, {issue}, {first}, {extended}, 'field_work', {}, '', 1",
            d.id('5'),
            d.moment("2025-11-01 04:00:00", DAY)
        ),
        &f.each(0, EXTENDED),
    );
    // In the second round, one in eleven.
    let (first_then, moved_then) = promised_then(f);
    f.add(
        extensions,
        &format!(
            "{}, {ENTERPRISE}, {issue}, {first_then}, {moved_then}, 'expert_review', {}, '', 2",
            d.again(1, '5'),
            d.moment("2025-11-22 09:00:00", TOOK)
        ),
        &format!("{} AND i % 11 = 0", f.taken_up()),
    );
    let deferrals = "deferrals (id, enterprise_id, issue_id, reason, review_on, working_days_left, at, by)";
    let deferral = format!(
        "{}, {ENTERPRISE}, {issue}, 'policy', {}, 3, {}, ''",
        d.id('4'),
        d.day("2025-12-01", DAY),
        d.moment("2025-11-01 04:30:00", DAY)
    );
    f.add(deferrals, &deferral, &f.each(39, DEFERRED));
    let set_aside = format!("{} WHERE i % 10 = 6", d.numbers(f.closed, f.worked_on()));
    f.add(deferrals, &deferral, &set_aside);
    f.add(
        "resumptions (id, enterprise_id, issue_id, from_on, to_on, at, by)",
        &format!(
            "{}, {ENTERPRISE}, {issue}, {extended}, {moved}, {}, ''",
            d.id('3'),
            d.moment("2025-11-02 04:30:00", DAY)
        ),
        &f.each(39, DEFERRED),
    );
}
