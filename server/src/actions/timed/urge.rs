//! One step of the urging chain: remind, supervise, escalate, give notice. Each
//! is made once for each limit; the record says which limit it was.

use qiyema_protocol::verb::Verb;

use super::super::{
    Refused, Rules,
    issue::{
        step::Doer,
        supervise::{Pressure, press},
    },
};
use crate::{
    clock::Timestamp,
    domain::urging::Due,
    store::{connection::Db, issues::IssueRow},
};

/// Makes one step of the chain, as a person would.
pub fn urge(db: &mut Db, issue: IssueRow, due: &Due, rules: &Rules, at: Timestamp) -> Result<Verb, Refused> {
    let how = Pressure {
        verb: due.verb,
        clock: Some(due.clock),
        unit: due.unit.as_deref(),
        note: None,
        limit_at: Some(due.limit_at),
    };
    press(db, Doer::Timer, issue, &how, rules, at)?;
    Ok(due.verb)
}
