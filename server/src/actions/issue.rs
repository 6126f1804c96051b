//! The verbs on an issue, and what they share: finding it within the rights of
//! the actor, one legal step, one event, and the version that tells the second
//! of two officers what the first one changed.

pub mod accept;
pub mod assign;
pub mod close;
pub mod extend;
pub mod open;
pub mod progress;
pub mod read;
pub mod report;

use qiyema_protocol::board::State;

use super::{
    Refused, record,
    rights::{self, Actor},
};
use crate::{
    clock::Timestamp,
    domain::{event::Kind, workflow},
    store::{
        columns::{column, unword, word},
        connection::Db,
        issues::{self, IssueRow},
    },
};

/// An issue that the actor may act on, at the version the actor saw.
fn find(
    db: &mut Db,
    actor: &Actor,
    deed: rights::Deed,
    number: &str,
    version: i32,
) -> Result<IssueRow, Refused> {
    actor.may(deed)?;
    let (issue, ..) = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    if !actor.sees_unit(issue.lead_unit_id.as_deref()) {
        return Err(Refused::IssueUnknown);
    }
    if issue.version != version {
        return Err(Refused::VersionConflict { current: issue.version });
    }
    Ok(issue)
}

/// What a verb does to an issue.
struct Step<'a> {
    to: State,
    kind: Kind,
    note: Option<&'a str>,
    detail: serde_json::Value,
}

/// Checks the step against the workflow, writes the issue and its event.
fn step(
    db: &mut Db,
    actor: &Actor,
    mut issue: IssueRow,
    step: Step<'_>,
    at: Timestamp,
) -> Result<(), Refused> {
    let from: State = unword(&issue.state)?;
    if from != step.to && !workflow::allows(from, step.to) {
        return Err(Refused::Transition { from, legal: workflow::next(from) });
    }
    let seen = issue.version;
    issue.state = word(step.to)?;
    issue.is_open = workflow::is_open(step.to);
    issue.version += 1;
    issue.last_kind = word(step.kind)?;
    issue.last_at = column(at);
    if !issues::advance(db, &issue, seen)? {
        return Err(Refused::VersionConflict { current: seen + 1 });
    }
    record(
        db,
        super::Deed {
            enterprise: &issue.enterprise_id,
            subject: &issue.id,
            kind: step.kind,
            state: Some(step.to),
            note: step.note,
            detail: step.detail,
            by: &actor.id,
            at,
        },
    )
}

/// The state of an issue, refused unless it is one of these.
fn state_in(issue: &IssueRow, legal: &[State]) -> Result<State, Refused> {
    let state: State = unword(&issue.state)?;
    if legal.contains(&state) {
        Ok(state)
    } else {
        Err(Refused::Transition { from: state, legal: workflow::next(state) })
    }
}
