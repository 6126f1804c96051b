//! The verbs on an issue, and what they share: finding it within the rights of
//! the actor, one legal step, one event, and the version that tells the second
//! of two officers what the first one changed.

pub mod accept;
pub mod add_assisting;
pub mod add_facts;
pub mod appeal;
pub mod ask_supplement;
pub mod assign;
pub mod assist;
pub mod close;
pub mod dossier;
pub mod extend;
pub mod hand_over;
pub mod merge;
pub mod naming;
pub mod open;
pub mod progress;
mod promise;
pub mod read;
pub mod records;
pub mod refuse_extension;
pub mod reject;
pub mod report;
pub mod request_extension;
pub mod request_return;
pub mod rule_return;
pub mod say;
pub mod sign_for;
pub mod step;
pub mod supplement;
pub mod urge;
pub mod withdraw;

use qiyema_protocol::verb::Verb;

use super::{
    Refused,
    rights::{Actor, Object},
};
use crate::store::{
    connection::Db,
    issues::{self, IssueRow},
};

/// An issue that the actor may do this to, at the version the actor saw. Somebody
/// else's is unknown, not forbidden.
pub fn find(db: &mut Db, actor: &Actor, verb: Verb, number: &str, version: i32) -> Result<IssueRow, Refused> {
    let (issue, ..) = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    let assisting = issues::assisting(db, &issue.enterprise_id, &issue.id)?;
    actor.decide(verb, &Object::of(&issue, &assisting))?;
    step::legal(&issue, verb)?;
    if issue.version != version {
        let changes = records::changes(db, &issue, version)?;
        return Err(Refused::VersionConflict { current: issue.version, changes });
    }
    Ok(issue)
}
