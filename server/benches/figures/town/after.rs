//! What followed a bad rating, and who was called back.

use super::filling::{BAD, ENTERPRISE, Filling, OWNER, THEN, TOOK, TOOK_THEN, WHOSE};

pub(crate) fn fill(f: &mut Filling) {
    rectified(f);
    called(f);
}

/// Of the second closures one in seven.
fn rectified(f: &mut Filling) {
    let d = f.d;
    let issue = d.id('a');
    let bad = format!("{} WHERE {OWNER} AND {BAD}", f.each(0, 1));
    let bad_then = format!("{} AND i % 7 = 0 AND i % 3 <> 0", f.twice());
    for (turn, whose, took, rows) in [(0, WHOSE, TOOK, bad), (1, THEN, TOOK_THEN, bad_then)] {
        let (id, at) = (d.again(turn, 'f'), d.moment("2025-11-02 07:00:00", took));
        f.add(
            "rectifications (id, enterprise_id, issue_id, closure_id, rating_id, unit_id, handler_id, at, by)",
            &format!(
                "{id}, {ENTERPRISE}, {issue}, {}, {}, {whose}, {at}, ''",
                d.again(turn, 'b'),
                d.again(turn, 'd')
            ),
            &rows,
        );
        f.add(
            "rectification_limits (rectification_id, enterprise_id, working_days, at)",
            &format!("{id}, {ENTERPRISE}, 5 + i % 3, {at}"),
            &format!("{rows} AND i % 8 < 4"),
        );
        // A contact is no end; what was put right and then put right again was so the first time.
        for (step, kind, base, when) in [
            (0, "contacted", "2025-11-03 07:00:00", "i % 8 = 3"),
            (1, "fixed", "2025-11-04 07:00:00", "i % 6 <> 0"),
            (2, "fixed", "2025-11-09 07:00:00", "i % 12 = 5"),
        ] {
            let at = d.moment(base, &format!("{took} + i % 8"));
            f.add(
                "rectification_steps (id, enterprise_id, rectification_id, kind, note, at, by)",
                &format!("{}, {ENTERPRISE}, {id}, '{kind}', '', {at}, ''", d.again(turn * 3 + step, '8')),
                // Nothing is put right after the day of the report.
                &format!("{rows} AND {when} AND {at} < '2026-11-10 02:00:00'"),
            );
        }
    }
}

/// Most after a bad rating; some before it, some that nobody answered, and those after which it was taken up again.
fn called(f: &mut Filling) {
    let d = f.d;
    let contacted = "CASE i % 7 WHEN 0 THEN 'no' ELSE 'yes' END";
    let solved = "CASE i % 3 WHEN 0 THEN 'partly' ELSE 'yes' END";
    let content =
        "CASE i % 4 WHEN 0 THEN 'basically_satisfied' WHEN 1 THEN 'dissatisfied' ELSE 'satisfied' END";
    let after = format!("{} WHERE ({OWNER} AND {BAD} AND i % 5 <> 0) OR i % 10 = 3", f.each(0, 1));
    for (turn, reached, answers, decision, base, rows) in [
        (0, true, (contacted, solved, content), "archived", "2025-11-21 07:00:00", after),
        (1, false, ("NULL", "NULL", "NULL"), "archived", "2025-11-20 09:00:00", f.each(3, 30)),
        (2, true, ("'yes'", "'yes'", "'very_satisfied'"), "archived", "2025-11-01 09:00:00", f.each(7, 29)),
        (3, true, ("'yes'", "'no'", "'very_dissatisfied'"), "reopened", "2025-11-22 07:00:00", f.taken_up()),
    ] {
        let (contacted, solved, content) = answers;
        f.add(
            "follow_ups (id, enterprise_id, issue_id, closure_id, reached, contacted, solved, satisfaction, decision, at, by)",
            &format!(
                "{}, {ENTERPRISE}, {}, {}, {}, {contacted}, {solved}, {content}, '{decision}', {}, ''",
                d.again(turn, '6'),
                d.id('a'),
                d.id('b'),
                d.says(if reached { "i >= 0" } else { "i < 0" }),
                d.moment(base, TOOK)
            ),
            &rows,
        );
    }
}
