//! What ends because nobody came: the time to add information, the time to rate.

use qiyema_protocol::{board::State, verb::Verb};

use super::super::{
    Refused, Rules,
    issue::step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    store::{connection::Db, issues::IssueRow, ratings},
};

/// Nothing was added in time: the issue waits to be accepted again.
pub fn supplement(db: &mut Db, issue: IssueRow, rules: &Rules, at: Timestamp) -> Result<Verb, Refused> {
    let detail = serde_json::json!({});
    let back = Step { verb: Verb::LapseSupplement, to: State::Submitted, note: None, detail };
    step(db, Doer::Timer, issue, back, rules, at)?;
    Ok(Verb::LapseSupplement)
}

/// The time to rate is over. What nobody rated is recorded as not rated, never as good.
pub fn rating(db: &mut Db, issue: IssueRow, rules: &Rules, at: Timestamp) -> Result<Verb, Refused> {
    let rated = match &issue.closure_id {
        Some(closure) => {
            !ratings::of_closures(db, &issue.enterprise_id, std::slice::from_ref(closure))?.is_empty()
        }
        None => false,
    };
    let verb = if rated { Verb::Archive } else { Verb::Lapse };
    let detail = serde_json::json!({ "rated": rated });
    step(db, Doer::Timer, issue, Step { verb, to: State::Archived, note: None, detail }, rules, at)?;
    Ok(verb)
}
