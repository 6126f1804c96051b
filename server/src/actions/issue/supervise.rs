//! The urging chain (催办 → 督办 → 提级 → 通报): four verbs of one kind. Each leaves
//! a record; how far the responsible were urged moves only upward within a round.
//! People and the clock call the same [`press`].

use qiyema_protocol::{
    clocks::ClockKind,
    staff::{IssueView, Supervise, Supervision},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find, maybe, read,
    step::{Doer, Step, legal, step},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::text::Typed,
    store::{
        columns::{column, unword, word},
        connection::Db,
        issues::IssueRow,
        supervisions::{self, SupervisionRow},
    },
};

/// Reminds whoever is responsible (催办).
pub fn remind(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Supervise,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    by_hand(db, actor, number, Verb::Remind, ask, rules, at)
}

/// Puts the issue under supervision (督办).
pub fn supervise(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Supervise,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    by_hand(db, actor, number, Verb::Supervise, ask, rules, at)
}

/// Lifts the issue to the next level and before the leaders (提级).
pub fn escalate(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Supervise,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    by_hand(db, actor, number, Verb::Escalate, ask, rules, at)
}

/// Gives a circular notice (通报).
pub fn notify(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Supervise,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    by_hand(db, actor, number, Verb::Notify, ask, rules, at)
}

fn by_hand(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    verb: Verb,
    ask: &Supervise,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, verb, number, ask.version)?;
    let note = maybe("note", ask.note.as_deref(), 500)?;
    let how =
        Pressure { verb, clock: None, unit: None, note: note.as_ref().map(Typed::as_str), limit_at: None };
    press(db, Doer::Staff(actor), issue, &how, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// One step of the chain.
#[derive(Debug, Clone, Copy)]
pub struct Pressure<'a> {
    /// Which of the four verbs.
    pub verb: Verb,
    /// The limit that was missed, where the clock does it.
    pub clock: Option<ClockKind>,
    /// The unit that is late; otherwise the lead unit.
    pub unit: Option<&'a str>,
    /// What is to be done.
    pub note: Option<&'a str>,
    /// When the limit that was missed passed, where the clock does it.
    pub limit_at: Option<Timestamp>,
}

/// Makes one step of the chain, whoever does it.
pub fn press(
    db: &mut Db,
    doer: Doer<'_>,
    mut issue: IssueRow,
    how: &Pressure<'_>,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let stays = legal(&issue, how.verb)?;
    let reached = rung(how.verb).ok_or(Refused::Forbidden)?;
    let unit = how.unit.map(ToOwned::to_owned).or_else(|| issue.lead_unit_id.clone());
    supervisions::insert(
        db,
        &SupervisionRow {
            id: Ids.row(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            kind: word(reached)?,
            clock: how.clock.map(word).transpose()?,
            unit_id: unit.clone(),
            note: how.note.map(ToOwned::to_owned),
            at: column(at),
            by: doer.by().to_owned(),
            limit_at: how.limit_at.map(column),
        },
    )?;
    let so_far: Supervision = unword(&issue.supervision)?;
    issue.supervision = word(so_far.max(reached))?;
    if how.verb == Verb::Escalate {
        above(&issue.level).clone_into(&mut issue.level);
    }
    let detail = serde_json::json!({
        "clock": how.clock, "limit_at": how.limit_at, "unit": unit, "level": issue.level,
    });
    step(db, doer, issue, Step { verb: how.verb, to: stays, note: how.note, detail }, rules, at)
}

/// How far a verb urges; none for verbs that do not.
#[must_use]
pub const fn rung(verb: Verb) -> Option<Supervision> {
    match verb {
        Verb::Remind => Some(Supervision::Reminded),
        Verb::Supervise => Some(Supervision::Supervised),
        Verb::Escalate => Some(Supervision::Escalated),
        Verb::Notify => Some(Supervision::Reported),
        _ => None,
    }
}

/// The next level; above the city there are only the leaders, who are told.
fn above(level: &str) -> &'static str {
    match level {
        "town" => "county",
        _ => "city",
    }
}
