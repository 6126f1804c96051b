//! Ruling on a return (退单审定): another unit has it from now on, or it stays
//! where it was. Final, and the handling clock has not stopped for it.

use qiyema_protocol::{
    board::State,
    staff::{Decision, IssueView, RuleReturn},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    apart::another_officer,
    assign::lead,
    find, moot, read,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    domain::text::problem,
    store::{
        columns::{column, unword, word},
        connection::Db,
        requests::{self, RulingRow},
    },
};

/// Rules.
pub fn rule_return(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &RuleReturn,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::RuleReturn, number, ask.version)?;
    let note = needed("note", &ask.note, 500)?;
    let request = requests::open(db, &issue.enterprise_id, &issue.id, "return")?
        .ok_or(Refused::ReferenceUnknown("request"))?;
    another_officer(actor, &request.by)?;
    let (mut ended, mut freed) = (Vec::new(), None);
    let to = match ask.decision {
        Decision::Refused => unword(&request.from_state)?,
        Decision::Granted => {
            let unit = ask.unit.as_deref().filter(|unit| !unit.is_empty() && *unit != request.unit_id);
            let Some(unit) = unit else {
                let fault = problem("unit", "请选择另一个责任单位", "name another unit that will have it");
                return Err(Refused::Invalid(vec![fault]));
            };
            let handler = ask.handler.as_deref().filter(|username| !username.is_empty());
            freed = lead(db, &mut issue, (unit, handler), &actor.id, rules, at)?;
            // What the unit before asked for is not the new one's: nobody rules on it any more.
            ended = moot::end(db, &actor.id, &issue, "责任单位已变更，原单位的申请随之终止。", at)?;
            State::Assigned
        }
    };
    requests::rule(
        db,
        &RulingRow {
            request_id: request.id.clone(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            decision: word(ask.decision)?,
            note: Some(note.clone()),
            at: column(at),
            by: actor.id.clone(),
        },
    )?;
    let detail = serde_json::json!({
        "request": request.id, "decision": ask.decision, "unit": issue.lead_unit_id, "handler": issue.handler_id,
        "asked_by": request.unit_id, "asker": request.by, "ended": ended, "assisting_ended": freed,
    });
    step(
        db,
        Doer::Staff(actor),
        issue,
        Step { to, verb: Verb::RuleReturn, note: Some(&note), detail },
        rules,
        at,
    )?;
    read::one(db, actor, number, rules, at)
}
