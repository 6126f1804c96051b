//! Whether the made-up town has everything that makes figures differ: what is nowhere in it, nobody compared. A database
//! that was kept from before some of it was filled in fails too, by the name of what it lacks.

use anyhow::{Context, Result, ensure};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use qiyema_protocol::figures::{Figure, Figures};
use qiyema_server::store::connection::Db;

/// Shares that would be one and the same without something.
const APART: [(&str, Figure, Figure); 7] = [
    ("a bad rating that an appeal left out", Figure::Good, Figure::GoodRaw),
    ("a bad rating that an appeal left out", Figure::Bad, Figure::BadRaw),
    ("a closure settled at once but for a rating left out", Figure::AtOnce, Figure::AtOnceRaw),
    ("a rating of a rectification that an appeal left out", Figure::Rectified, Figure::RectifiedRaw),
    ("a promise that was moved", Figure::OnTime, Figure::OnTimeFirst),
    ("a rectification that nobody confirmed", Figure::FixedInTime, Figure::FixConfirmed),
    ("a call-back with different answers", Figure::Response, Figure::Resolution),
];

/// What no figure tells by itself, and where it is found.
const ROWS: [(&str, &str); 33] = [
    (
        "an issue whose level was raised after a closure",
        "issue_facts f JOIN issues i ON i.id = f.issue_id WHERE f.closure_id IS NOT NULL AND f.level <> i.level",
    ),
    (
        "an issue that came into another category after a closure",
        "issue_facts f JOIN issues i ON i.id = f.issue_id \
         WHERE f.closure_id IS NOT NULL AND f.category_id <> i.category_id",
    ),
    (
        "an issue whose level was raised when it was late",
        "issue_facts f JOIN issue_facts g ON g.issue_id = f.issue_id AND g.version = f.version + 1 \
         JOIN issues i ON i.id = f.issue_id WHERE i.closure_id IS NULL AND f.level <> g.level AND g.last_at > i.due_on",
    ),
    (
        "a closure that is not the one that stands",
        "closures c JOIN issues i ON i.id = c.issue_id WHERE i.closure_id <> c.id",
    ),
    ("an issue that is open again", "issues WHERE closure_id IS NOT NULL AND state = 'in_progress'"),
    ("an issue taken up again and withdrawn", "issues WHERE closure_id IS NOT NULL AND state = 'withdrawn'"),
    (
        "an issue withdrawn before its day",
        "issues WHERE closure_id IS NULL AND state = 'withdrawn' AND state_at < due_on",
    ),
    (
        "an issue withdrawn after its day",
        "issues WHERE closure_id IS NULL AND state = 'withdrawn' AND state_at > due_on",
    ),
    ("an issue merged before its day", "issues WHERE state = 'merged' AND state_at < due_on"),
    ("an issue merged after its day", "issues WHERE state = 'merged' AND state_at > due_on"),
    ("an issue deferred before its day", "issues WHERE state = 'deferred' AND state_at < due_on"),
    ("an issue deferred after its day", "issues WHERE state = 'deferred' AND state_at > due_on"),
    ("an issue that waits to be accepted", "issues WHERE accepted_at IS NULL"),
    ("a promise kept before its day is over", "closures WHERE due_on >= '2026-11-10'"),
    (
        "an unkept promise that was moved by a deferral",
        "resumptions r JOIN closures c ON c.issue_id = r.issue_id WHERE c.at > r.from_on",
    ),
    ("an extension of a second round", "extensions WHERE round = 2"),
    (
        "a return that was asked for in the round before",
        "requests r JOIN assignments a ON a.issue_id = r.issue_id AND a.unit_id = r.unit_id \
         WHERE r.kind = 'return' AND a.part = 'lead' AND a.at > r.at",
    ),
    ("a request that is no return", "requests WHERE kind = 'extension'"),
    ("an assignment to assist", "assignments WHERE part = 'assisting'"),
    (
        "another leader at the closure than at the assignment",
        "closures c JOIN closure_facts f ON f.closure_id = c.id JOIN assignments a ON a.issue_id = c.issue_id \
         AND a.unit_id = c.unit_id JOIN assignment_facts g ON g.assignment_id = a.id WHERE f.leader_id <> g.leader_id",
    ),
    ("an issue that was signed for", "events WHERE kind = 'signed_for'"),
    ("an issue that was handed over", "events WHERE kind = 'handed_over'"),
    (
        "an issue of nobody that somebody acted on",
        "events e JOIN assignments a ON a.issue_id = e.subject_id \
         WHERE e.kind = 'progressed' AND a.part = 'lead' AND a.handler_id IS NULL",
    ),
    ("an invitation to rate", "rating_invitations"),
    (
        "a closure that nobody was invited to rate",
        "closures c LEFT JOIN rating_invitations v ON v.closure_id = c.id WHERE v.id IS NULL",
    ),
    ("a second rating", "ratings WHERE round = 'second'"),
    (
        "a rectification rated with the code alone",
        "ratings WHERE round = 'rectification' AND tier = 'unverified'",
    ),
    ("a rating flagged twice", "rating_flags GROUP BY rating_id HAVING count(*) > 1"),
    ("a rejected appeal", "appeal_outcomes WHERE judgement = 'rejected'"),
    (
        "an appeal that waits",
        "rating_appeals a LEFT JOIN appeal_outcomes o ON o.appeal_id = a.id WHERE o.rating_id IS NULL",
    ),
    ("a call-back that nobody answered", "follow_ups WHERE NOT reached"),
    (
        "a call-back before the bad rating",
        "follow_ups f JOIN ratings r ON r.closure_id = f.closure_id \
         WHERE f.reached AND f.at < r.at AND r.tier = 'owner' AND r.round = 'first' AND r.verdict = 'bad'",
    ),
    (
        "a rectification put right twice",
        "rectification_steps WHERE kind = 'fixed' GROUP BY rectification_id HAVING count(*) > 1",
    ),
];

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// Fails with the name of what is not there, in the rows or in the figures of a year.
pub(crate) fn everything(db: &mut Db, year: &Figures) -> Result<()> {
    for (name, place) in ROWS {
        let some = format!("SELECT count(*) AS found FROM (SELECT 1 AS one FROM {place} LIMIT 1) seen");
        let found: Found = sql_query(some).get_result(&mut *db).with_context(|| name.to_owned())?;
        ensure!(found.found > 0, "nowhere in the made-up town: {name}");
    }
    counted(year)?;
    for figure in Figure::ALL {
        let share = year.share(figure).with_context(|| format!("{figure:?} is withheld"))?;
        ensure!(
            share.part > 0.0 && share.part < f64::from(share.whole),
            "{figure:?} is nothing or all in the made-up town: {share:?}"
        );
    }
    for (name, one, other) in APART {
        ensure!(
            year.share(one) != year.share(other),
            "nowhere in the made-up town: {name} ({one:?} is {other:?})"
        );
    }
    Ok(())
}

/// What was received, how it was given, and when owners first heard.
fn counted(year: &Figures) -> Result<()> {
    let (r, how) = (year.ratings, year.how);
    for (name, n) in [
        ("a rating that counts", r.counted),
        ("an unverified rating", r.unverified),
        ("a superseded rating", r.superseded),
        ("an excluded rating", r.excluded),
        ("a flagged rating", r.flagged),
        ("a closure that nobody rated", r.not_rated),
        ("a closure that can still be rated", r.open),
        ("a closure rated with the PIN", how.pin),
        ("a closure rated by invitation", how.invitation),
        ("a closure rated by call-back", how.call_back),
        ("a closure rated with the code alone", how.code),
        ("a closure of which all ratings are excluded", how.excluded),
    ] {
        ensure!(n > 0, "nowhere in the made-up town: {name}");
    }
    let (word, days) = year.first_word.zip(year.days).context("nobody heard from a unit")?;
    // To the closure alone it would be about eight hours a working day.
    ensure!(
        word.value < days.value * 4.0,
        "owners hear first by the closure everywhere: {word:?} beside {days:?}"
    );
    let closed = year.share(Figure::Closing).context("the closing rate is withheld")?;
    ensure!(
        f64::from(word.n) > closed.part,
        "no owner of an open issue heard from a unit: {word:?} beside {closed:?}"
    );
    Ok(())
}
