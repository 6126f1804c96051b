//! Who had an issue when: assignments, returns, signing and handing over, and when the owner first heard from the unit.

use super::filling::{DAY, ENTERPRISE, Filling, GRADE, THEN, TOOK, WRONG, leader};

/// Nobody in the unit yet: somebody signs for it (one in fourteen), or acts on it (one in eighteen). Or somebody else
/// has it, and hands it over.
const NOBODY: &str = "i % 14 = 5 OR i % 18 = 13";
const ANOTHER: &str = "i % 7 = 3 AND i % 9 >= 7";

pub(crate) fn fill(f: &mut Filling) {
    assigned(f);
    returned(f);
    named(f);
}

fn assigned(f: &mut Filling) {
    let d = f.d;
    let issue = d.id('a');
    let person = format!(
        "CASE WHEN {NOBODY} THEN NULL WHEN {ANOTHER} THEN 'h' || ((i + 50) % 1000) ELSE 'h' || (i % 1000) END"
    );
    let lead = d.id('c');
    let whose = format!("'u' || (i % 50), {person}");
    let (took, own, next) = (TOOK, leader("0", DAY), leader("1", DAY));
    let then = leader("i % 40 / 20", &format!("{took} + 21"));
    let complex = "'cross_department'";
    // To whom it is at last, before that to the wrong unit, and once more when it is taken up again: then by a grade that
    // its category has since.
    for (lead, whose, grade, leader, assigned, rows) in [
        (lead, &*whose, GRADE, own, d.moment("2025-11-01 03:00:00", DAY), f.any(0, 1)),
        (d.again(2, 'c'), WRONG, GRADE, next, d.moment("2025-11-01 02:20:00", DAY), f.any(6, 25)),
        (d.again(1, 'c'), THEN, complex, then, d.moment("2025-11-22 08:00:00", took), f.taken_up()),
    ] {
        f.add(
            "assignments (id, enterprise_id, issue_id, part, unit_id, handler_id, at, by)",
            &format!("{lead}, {ENTERPRISE}, {issue}, 'lead', {whose}, {assigned}, ''"),
            &rows,
        );
        f.add(
            "assignment_facts (assignment_id, enterprise_id, grade, leader_id, at)",
            &format!("{lead}, {ENTERPRISE}, {grade}, {leader}, {assigned}"),
            &rows,
        );
    }
    // One that only assists is not counted.
    f.add(
        "assignments (id, enterprise_id, issue_id, part, unit_id, handler_id, at, by)",
        &format!(
            "{}, {ENTERPRISE}, {issue}, 'assisting', 'u' || ((i + 7) % 50), NULL, {}, ''",
            d.again(3, 'c'),
            d.moment("2025-11-01 03:10:00", DAY)
        ),
        &f.any(2, 15),
    );
}

/// What the wrong unit gave back, one in twenty-five; what another one had to keep, one in thirty; and what was asked for
/// but is no return.
fn returned(f: &mut Filling) {
    let d = f.d;
    let issue = d.id('a');
    for (turn, kind, unit, decision, asked, rows) in [
        (0, "return", "(i + 1)", "granted", "2025-11-01 02:40:00", f.any(6, 25)),
        (1, "return", "i", "refused", "2025-11-01 03:40:00", f.any(14, 30)),
        (2, "extension", "i", "granted", "2025-11-01 03:50:00", f.each(0, 13)),
    ] {
        let request = d.again(turn, '2');
        f.add(
            "requests (id, enterprise_id, issue_id, kind, unit_id, reason, from_state, at, by)",
            &format!(
                "{request}, {ENTERPRISE}, {issue}, '{kind}', 'u' || ({unit} % 50), '', 'assigned', {}, ''",
                d.moment(asked, DAY)
            ),
            &rows,
        );
        f.add(
            "rulings (request_id, enterprise_id, issue_id, decision, at, by)",
            &format!("{request}, {ENTERPRISE}, {issue}, '{decision}', {}, ''", d.minute(asked, DAY, "5")),
            &rows,
        );
    }
}

/// Every second owner hears from the unit within three days, one in nine by a dated reply; the others by the closure.
fn named(f: &mut Filling) {
    let d = f.d;
    let person = "'h' || (i % 1000)";
    let named = "'{\"handler\":\"h' || (i % 1000) || '\"}'";
    let minutes = "i % 97";
    for (seq, kind, detail, at, rows) in [
        (1, "signed_for", named, d.moment("2025-11-01 06:00:00", DAY), f.any(5, 14)),
        (
            2,
            "reached",
            "'{}'",
            d.minute("2025-11-01 05:30:00", &format!("{DAY} + i % 3"), minutes),
            f.any(1, 2),
        ),
        (3, "progressed", "'{}'", d.minute("2025-11-02 01:15:00", DAY, minutes), f.any(4, 9)),
        // Before or after its promised day.
        (
            4,
            "handed_over",
            named,
            d.moment("2025-11-06 01:00:00", &format!("{DAY} + i % 4")),
            format!("{} WHERE {ANOTHER}", f.any(3, 7)),
        ),
    ] {
        f.add(
            "events (id, enterprise_id, subject_id, seq, kind, detail, at, by)",
            &format!(
                "{}, {ENTERPRISE}, {}, {seq}, '{kind}', {detail}, {at}, {person}",
                d.again(seq, '1'),
                d.id('a')
            ),
            &rows,
        );
    }
}
