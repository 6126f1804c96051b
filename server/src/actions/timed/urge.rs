//! One step of the urging chain: remind, supervise, escalate, give notice. Each
//! is made once for each limit; the record says which limit it was.

use qiyema_protocol::verb::Verb;

use super::{
    super::{
        Refused, Rules,
        issue::step::{Doer, Step, legal, step},
    },
    SupervisionRow, timed,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::urging::{self, Due},
    store::{
        columns::{column, word},
        connection::Db,
        issues::IssueRow,
    },
};

/// Makes one step of the chain.
pub fn urge(
    db: &mut Db,
    mut issue: IssueRow,
    due: &Due,
    rules: &Rules,
    at: Timestamp,
) -> Result<Verb, Refused> {
    let state = legal(&issue, due.verb)?;
    let kind = urging::kind(due.verb).ok_or(Refused::Forbidden)?;
    let row = SupervisionRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        kind: kind.to_owned(),
        clock: Some(word(due.clock)?),
        unit_id: due.unit.clone().or_else(|| issue.lead_unit_id.clone()),
        note: None,
        at: column(at),
        by: Doer::Timer.by().to_owned(),
        limit_at: Some(column(due.limit_at)),
    };
    timed::urge(db, &row)?;
    if urging::stronger(&issue.supervision, kind) == kind {
        kind.clone_into(&mut issue.supervision);
    }
    let detail = serde_json::json!({ "clock": due.clock, "limit_at": due.limit_at, "unit": due.unit });
    step(db, Doer::Timer, issue, Step { verb: due.verb, to: state, note: None, detail }, rules, at)?;
    Ok(due.verb)
}
