//! Asking to return an issue (申请退单): it is another unit's. Once for each unit,
//! and soon after it was assigned; the handling clock goes on.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, RequestReturn},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, naming, read,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    domain::{
        deadline::{self, Limit},
        text::problem,
    },
    store::{
        QueryResult, closures,
        columns::{column, moment},
        connection::Db,
        flow,
        issues::IssueRow,
        requests::RequestRow,
    },
};

/// Asks.
pub fn request_return(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &RequestReturn,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::RequestReturn, number, ask.version)?;
    let unit = issue.lead_unit_id.clone().ok_or(Refused::ReferenceUnknown("unit"))?;
    let reason = needed("reason", &ask.reason, 500)?;
    let suggested = ask.unit.as_deref().filter(|id| !id.is_empty());
    if let Some(suggested) = suggested {
        naming::unit(db, suggested)?;
        if suggested == unit {
            let fault = problem("unit", "建议单位不能是本单位", "suggest another unit than your own");
            return Err(Refused::Invalid(vec![fault]));
        }
    }
    in_time(db, &issue, &unit, rules, at)?;
    let row = RequestRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        kind: "return".to_owned(),
        unit_id: unit.clone(),
        reason: reason.clone(),
        working_days: None,
        review_on: None,
        suggested_unit_id: suggested.map(ToOwned::to_owned),
        from_state: issue.state.clone(),
        at: column(at),
        by: actor.id.clone(),
        round: issue.round,
    };
    flow::ask(db, &row, None)?;
    let detail = serde_json::json!({ "request": row.id, "unit": unit, "suggested_unit": suggested });
    let what = Step { to: State::ReturnRequested, verb: Verb::RequestReturn, note: Some(&reason), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// Once for each unit, within the limit that counts from its assignment.
fn in_time(db: &mut Db, issue: &IssueRow, unit: &str, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
    if flow::asked(db, &issue.enterprise_id, &issue.id, "return", Some(unit), None)? {
        return Err(Refused::Unmet(Text::new(
            "本单位已申请过退单，每个单位只能申请一次。",
            "This unit has asked already; each unit may ask once.",
        )));
    }
    // What it reported as done once is its own: a new round begins no new time to give it away.
    if closed_by(db, issue, unit)? {
        return Err(Refused::Unmet(Text::new(
            "本单位已办结过这个问题，不能再申请退单，请重新办理。",
            "This unit closed the issue once and cannot give it back. Please handle it again.",
        )));
    }
    let within = rules.limits.return_within;
    let since = flow::led_since(db, &issue.enterprise_id, &issue.id, unit)?;
    let until = since.map(|since| {
        deadline::promise(moment(since), Limit::WorkingDays(within), &rules.calendar, rules.zone).due_at
    });
    if until.is_none_or(|until| at > until) {
        return Err(Refused::Unmet(Text::new(
            format!("已过退单期限：退单须在交办后{within}个工作日内提出，请继续办理。"),
            format!(
                "It is too late: a return is asked for within {within} working day(s) of the assignment. Please go on handling."
            ),
        )));
    }
    Ok(())
}

/// Whether this unit closed the issue once.
pub(super) fn closed_by(db: &mut Db, issue: &IssueRow, unit: &str) -> QueryResult<bool> {
    Ok(closures::of_issue(db, &issue.enterprise_id, &issue.id)?.iter().any(|one| one.unit_id == unit))
}
