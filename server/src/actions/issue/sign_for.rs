//! Signing for an issue (签收): from here on somebody is named. A handler signs
//! for himself; the unit's administrator names who will handle it.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Role, SignFor},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find,
    naming::{handler, place},
    read,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    domain::text::problem,
    store::{connection::Db, issues::IssueRow},
};

/// Signs for an assigned or reopened issue.
pub fn sign_for(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &SignFor,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::SignFor, number, ask.version)?;
    let administers = actor.roles.contains(&Role::UnitAdministrator);
    let named = ask.handler.as_deref().filter(|username| !username.is_empty());
    let for_another = named.is_some_and(|username| username != actor.username);
    let of_another = issue.handler_id.as_ref().is_some_and(|handler| *handler != actor.id);
    if !administers && (for_another || of_another) {
        // Only the administrator signs for somebody else, or in place of whoever was named.
        return Err(Refused::Forbidden);
    }
    match named {
        Some(username) => name(db, &mut issue, username)?,
        None => somebody(db, &mut issue, actor)?,
    }
    let detail = serde_json::json!({ "handler": issue.handler_id });
    let what = Step { to: State::InProgress, verb: Verb::SignFor, note: None, detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// Puts the issue on somebody's desk in the lead unit.
pub fn name(db: &mut Db, issue: &mut IssueRow, username: &str) -> Result<(), Refused> {
    let unit = issue.lead_unit_id.clone().ok_or(Refused::ReferenceUnknown("unit"))?;
    let person = handler(db, &unit, username)?;
    place(db, issue, &unit, Some(&person))
}

/// Whoever takes up an issue that nobody was named for handles it from now on.
pub fn somebody(db: &mut Db, issue: &mut IssueRow, actor: &Actor) -> Result<(), Refused> {
    if issue.handler_id.is_some() {
        return Ok(());
    }
    if !actor.roles.contains(&Role::Handler) {
        let fault = problem("handler", "请指定承办人", "name who will handle it");
        return Err(Refused::Invalid(vec![fault]));
    }
    name(db, issue, &actor.username)
}
