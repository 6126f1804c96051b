//! Closures, the first and the second one, and the invitations to rate them.

use super::{
    filling::{ENTERPRISE, Filling, GRADE, THEN, TOOK, TOOK_THEN, WHOSE, leader},
    issues::{promised, promised_then},
};

pub(crate) fn fill(f: &mut Filling) {
    let d = f.d;
    let issue = d.id('a');
    let (first, then) = (promised(f), promised_then(f));
    let (own, next) = (leader("0", TOOK), leader("i % 40 / 20", TOOK_THEN));
    let complex = "'cross_department'";
    for (closure, invitation, whose, grade, leader, took, (first_due, due), rows) in [
        (d.id('b'), d.id('9'), WHOSE, GRADE, own, TOOK, first, f.each(0, 1)),
        (d.again(1, 'b'), d.again(1, '9'), THEN, complex, next, TOOK_THEN, then, f.twice()),
    ] {
        let (at, until) = (d.moment("2025-11-01 07:00:00", took), d.day("2025-12-01", took));
        f.add(
            "closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, first_due_on, due_on, rate_until)",
            &format!(
                "{closure}, {ENTERPRISE}, {issue}, CASE i % 7 WHEN 0 THEN 'explained' ELSE 'resolved' END, '', {at}, '', \
                 {whose}, {first_due}, {due}, {until}"
            ),
            &rows,
        );
        f.add(
            "closure_facts (closure_id, enterprise_id, grade, leader_id, at)",
            &format!("{closure}, {ENTERPRISE}, {grade}, {leader}, {at}"),
            &rows,
        );
        // Of one in thirty nobody was invited.
        f.add(
            "rating_invitations (id, enterprise_id, issue_id, closure_id, until, at)",
            &format!("{invitation}, {ENTERPRISE}, {issue}, {closure}, {until}, {at}"),
            &format!("(SELECT i FROM {rows}) n WHERE i % 30 <> 2"),
        );
    }
}
