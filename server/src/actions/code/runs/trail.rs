//! What people do with a run: begin it, stop it, print its parts. It stands in the
//! trail of administration, because a run belongs to no single enterprise.

use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        Refused,
        admin::{self, Subject},
        rights::{self, Actor},
    },
    clock::Timestamp,
    store::{admin_events, columns::moment, connection::Db, people},
};

/// Deeds that are looked at.
const NEWEST: i64 = 100;
/// What the trail calls a run, and what is done with it.
const SUBJECT: &str = "code_run";
pub(super) const BEGUN: &str = "code_run_begun";
pub(super) const STOPPED: &str = "code_run_stopped";
const PRINTED: &str = "code_run_printed";

/// Adds a deed to the trail, in the transaction of the deed.
pub(super) fn noted(
    db: &mut Db,
    actor: &Actor,
    run: &str,
    kind: &'static str,
    detail: &serde_json::Value,
    at: Timestamp,
) -> Result<(), Refused> {
    admin::record(db, Subject { kind: SUBJECT, id: run }, kind, detail, &actor.id, at)
}

/// A part of a run that somebody prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPrinted {
    /// From 1.
    pub part: u32,
    /// The paper.
    pub format: String,
    /// Letters also of PINs that were printed before.
    pub again: bool,
}

/// Who printed what of a run.
#[derive(Debug, Clone)]
pub struct Printing {
    /// User name.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub print: PartPrinted,
}

/// Notes that somebody prints a part of a run; what was printed of it stands with each enterprise.
pub fn prints(
    db: &mut Db,
    actor: &Actor,
    run: &str,
    print: &PartPrinted,
    at: Timestamp,
) -> Result<(), Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let detail = serde_json::to_value(print).map_err(crate::store::unfit)?;
    noted(db, actor, run, PRINTED, &detail, at)
}

/// Prints of a run, latest first.
pub fn printings(db: &mut Db, actor: &Actor, run: &str) -> Result<Vec<Printing>, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let rows = admin_events::list(db, Some((SUBJECT, run)), None, NEWEST)?;
    let by: Vec<String> = rows.iter().map(|row| row.by.clone()).collect();
    let names = people::usernames(db, &by)?;
    let name = |id: &str| names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
    let printing = |row: &admin_events::AdminEventRow| {
        let print = serde_json::from_str(&row.detail).ok()?;
        Some(Printing { by: name(&row.by).unwrap_or_default(), at: moment(row.at), print })
    };
    Ok(rows.iter().filter(|row| row.kind == PRINTED).filter_map(printing).collect())
}

/// User name of whoever stopped a run.
pub(super) fn who_stopped(db: &mut Db, run: &str) -> Result<Option<String>, Refused> {
    let deeds = admin_events::list(db, Some((SUBJECT, run)), None, NEWEST)?;
    let Some(stop) = deeds.into_iter().find(|deed| deed.kind == STOPPED) else { return Ok(None) };
    Ok(people::usernames(db, &[stop.by])?.pop().map(|(_, name)| name))
}
