//! The verbs on an issue, and what they share: finding it within the rights of
//! the actor, one legal step, one event, and the version that tells the second
//! of two officers what the first one changed.

pub mod accept;
pub mod add_assisting;
pub mod add_facts;
pub mod apart;
pub mod appeal;
pub mod archive;
pub mod ask_supplement;
pub mod assign;
pub mod assist;
pub mod attempt;
mod barred;
pub mod close;
pub mod contact;
pub mod defer;
pub mod dossier;
pub mod extend;
pub mod fix;
pub mod follow_up;
pub mod hand_over;
pub mod hold_conference;
pub mod merge;
mod moot;
pub mod naming;
pub mod object;
pub mod offered;
pub mod open;
pub mod open_conference;
pub mod progress;
pub mod promise;
pub mod reach;
pub mod read;
pub mod reclassify;
pub mod records;
pub mod rectify;
pub mod refuse_deferral;
pub mod refuse_extension;
pub mod reject;
pub mod reopen;
pub mod report;
mod reports;
pub mod request_deferral;
pub mod request_extension;
pub mod request_return;
pub mod resume;
pub mod review_deferral;
pub mod revive;
pub mod rule_return;
pub mod running;
pub mod say;
pub mod send_back;
pub mod sign_for;
pub mod step;
pub mod supervise;
pub mod supplement;
pub mod urge;
pub mod withdraw;

use qiyema_protocol::verb::Verb;

use super::{
    Refused,
    rights::{Actor, Object},
};
use crate::{
    domain::text::Typed,
    store::{
        connection::Db,
        issues::{self, IssueRow},
    },
};

/// An issue that the actor may do this to, at the version the actor saw. Somebody
/// else's is unknown, not forbidden.
pub fn find(db: &mut Db, actor: &Actor, verb: Verb, number: &str, version: i32) -> Result<IssueRow, Refused> {
    let (issue, ..) = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    let assisting = issues::assisting(db, &issue.enterprise_id, &issue.id)?;
    actor.decide(verb, &Object::of(&issue, &assisting))?;
    // Before the state: whoever was overtaken is told by what, also where that made the verb illegal.
    if issue.version != version {
        let changes = records::changes(db, &issue, version)?;
        return Err(Refused::VersionConflict { current: issue.version, changes });
    }
    step::by_people(&issue, verb)?;
    Ok(issue)
}

/// A text of one line that somebody typed, 2 characters or more.
fn line(field: &str, text: &str, most: usize) -> Result<Typed, Refused> {
    Typed::line(field, text, 2, most).map_err(|fault| Refused::Invalid(vec![fault]))
}

/// The same, of several lines.
fn lines(field: &str, text: &str, most: usize) -> Result<Typed, Refused> {
    Typed::lines(field, text, 2, most).map_err(|fault| Refused::Invalid(vec![fault]))
}

/// The same, where a blank field says nothing.
fn maybe(field: &str, text: Option<&str>, most: usize) -> Result<Option<Typed>, Refused> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => lines(field, text, most).map(Some),
        None => Ok(None),
    }
}
