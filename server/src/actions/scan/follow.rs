//! A merged issue (并案) follows another one.

use qiyema_protocol::text::Text;

use super::super::Refused;
use crate::{
    domain::{board::Facts, workflow},
    store::{
        QueryResult, columns,
        connection::Db,
        issues::{self, Pick, Shown},
    },
};

/// The issues that merged ones among these follow.
pub(super) fn parents(db: &mut Db, enterprise: &str, shown: &[Shown]) -> QueryResult<Vec<Shown>> {
    let ids: Vec<String> = shown.iter().filter_map(|one| one.issue.merged_into.clone()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    issues::board(db, enterprise, &Pick::Followed(&ids))
}

/// A merged issue shows who works on the one that it follows, how far that is and
/// when it closes. It may be another enterprise's: then not even its number.
pub(super) fn follow(facts: &mut Facts, enterprise: &str, parent: &Shown) -> Result<(), Refused> {
    let issue = &parent.issue;
    let state = columns::unword(&issue.state)?;
    facts.follows = Some(state);
    facts.followed = (issue.enterprise_id == enterprise).then(|| issue.number.clone());
    facts.unit = parent.unit.as_ref().map(|unit| Text::new(&*unit.name_zh, &*unit.name_en));
    facts.office = parent
        .office
        .as_ref()
        .map(|office| (Text::new(&*office.name_zh, &*office.name_en), office.phone.clone()));
    facts.handler.clone_from(&parent.handler);
    // Where its clock does not run, its date is none: it is deferred, or over.
    let runs = workflow::lamp_runs(state);
    facts.first_due_on = issue.first_due_on.filter(|_| runs);
    facts.due_on = issue.due_on.filter(|_| runs);
    facts.due_at = issue.due_at.filter(|_| runs).map(columns::moment);
    facts.provisional = issue.provisional;
    facts.changes = Vec::new();
    Ok(())
}
