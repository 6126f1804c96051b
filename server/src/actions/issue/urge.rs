//! Urging (企业催办), by the owner or by the window for an owner who telephones:
//! once a working day for one issue; supervisors see it in the record.

use qiyema_protocol::{
    staff::{IssueView, WishOnBehalf},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    say::maybe,
    step::{Doer, Step, legal, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    store::{
        columns::{column, moment},
        connection::Db,
        issues::IssueRow,
        supervisions::{self, SupervisionRow},
    },
};

/// Urges for the owner.
pub fn urge(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &WishOnBehalf,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Urge, number, ask.version)?;
    let note = maybe(ask.note.as_deref())?;
    urged(db, Doer::Staff(actor), issue, note.as_deref(), rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// The step, whoever does it; the note was checked.
pub fn urged(
    db: &mut Db,
    doer: Doer<'_>,
    issue: IssueRow,
    note: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let to = legal(&issue, Verb::Urge)?;
    let last = supervisions::last_urged(db, &issue.enterprise_id, &issue.id)?;
    if last.is_some_and(|last| same_working_day(rules, moment(last), at)) {
        return Err(Refused::UrgedAlready);
    }
    let row = SupervisionRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        kind: "urged".to_owned(),
        clock: None,
        unit_id: issue.lead_unit_id.clone(),
        note: note.map(ToOwned::to_owned),
        at: column(at),
        by: doer.by().to_owned(),
        limit_at: None,
    };
    supervisions::insert(db, &row)?;
    step(db, doer, issue, Step { to, verb: Verb::Urge, note, detail: serde_json::json!({}) }, rules, at)
}

/// Whether two moments belong to one working day.
pub(super) fn same_working_day(rules: &Rules, one: Timestamp, other: Timestamp) -> bool {
    let day = |at| rules.calendar.working_day(rules.day(at));
    day(one) == day(other)
}
