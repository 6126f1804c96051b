//! An assignment nobody signed for is signed for by itself: by the person it was
//! assigned to, else by the unit's administrator, else by a handler of the unit.

use chrono::TimeDelta;
use qiyema_protocol::{board::State, verb::Verb};

use super::{
    super::{
        Refused, Rules,
        issue::step::{Doer, Step, step},
    },
    Done, urge,
};
use crate::{
    clock::Timestamp,
    domain::urging::Due,
    store::{columns::column, connection::Db, issues::IssueRow, timed},
};

/// Signs for an issue. When the unit has nobody, the supervisors are told once,
/// and it is tried again every day.
pub fn sign(
    db: &mut Db,
    mut issue: IssueRow,
    due: &Due,
    rules: &Rules,
    at: Timestamp,
) -> Result<Done, Refused> {
    let Some((person, office)) = taker(db, &issue)? else {
        let told = timed::urged(db, &issue.enterprise_id, &issue.id)?;
        if told.iter().any(|(.., limit_at)| *limit_at == Some(column(due.limit_at))) {
            timed::put_off(db, &issue.id, column(at), column(at + TimeDelta::days(1)))?;
            return Ok(Done::Rewound);
        }
        let ask = Due { verb: Verb::Supervise, ..due.clone() };
        return urge::urge(db, issue, &ask, rules, at).map(Done::Deed);
    };
    let detail = serde_json::json!({ "handler": person, "by_itself": true });
    if issue.handler_id.as_ref() != Some(&person) {
        issue.office_id = office;
        issue.handler_id = Some(person);
    }
    let signed = Step { verb: Verb::SignFor, to: State::InProgress, note: None, detail };
    step(db, Doer::Timer, issue, signed, rules, at)?;
    Ok(Done::Deed(Verb::SignFor))
}

fn taker(db: &mut Db, issue: &IssueRow) -> Result<Option<(String, Option<String>)>, Refused> {
    if let Some(handler) = &issue.handler_id
        && timed::works(db, handler)?
    {
        return Ok(Some((handler.clone(), issue.office_id.clone())));
    }
    let Some(unit) = &issue.lead_unit_id else { return Ok(None) };
    for role in ["unit_administrator", "handler"] {
        if let Some(first) = timed::takers(db, unit, role)?.into_iter().next() {
            return Ok(Some(first));
        }
    }
    Ok(None)
}
