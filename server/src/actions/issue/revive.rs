//! Reviving (恢复单独办理): an issue was merged into another enterprise's, and that one
//! ends without an answer, because its own enterprise withdraws it or the centre does not
//! accept it. Nobody's issue is ended by a stranger, so it goes on by itself: back to where
//! the centre decides, with a clock of its own. What the same enterprise merged into its
//! own issue goes with that.

use qiyema_protocol::{board::State, verb::Verb};

use super::{
    super::{Refused, Rules},
    moot,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::deadline,
    store::{
        columns::{column, moment},
        connection::{Db, one_at_a_time},
        deferrals::{self, ResumptionRow},
        flow::{self, AssistEndingRow},
        issues::IssueRow,
        timed,
    },
};

/// Lets one process at a time merge, or end what others were merged into.
pub(super) fn alone(db: &mut Db) -> Result<(), Refused> {
    Ok(one_at_a_time(db, "mergers")?)
}

/// Revives what other enterprises' issues followed an issue that ended just now. The caller is [`alone`].
pub fn followers(db: &mut Db, parent: &IssueRow, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
    for child in flow::followers(db, &parent.id)? {
        if child.enterprise_id != parent.enterprise_id {
            revive(db, child, parent, rules, at)?;
        }
    }
    Ok(())
}

fn revive(
    db: &mut Db,
    mut issue: IssueRow,
    parent: &IssueRow,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    const WHY: &str = "问题恢复单独办理，原申请随之终止。";
    // Also a return that nobody ruled on: the unit that asked has it no longer.
    let ended = moot::end_all(db, Doer::Timer.by(), &issue, WHY, at)?;
    release(db, &issue, at)?;
    let accepted = issue.accepted_at.is_some();
    let before = issue.due_on;
    if accepted {
        promise_anew(db, &mut issue, rules, at)?;
    }
    let detail = serde_json::json!({
        "parent": parent.number, "before": before.filter(|_| accepted), "due_on": issue.due_on,
        "provisional": accepted.then_some(issue.provisional), "ended": ended,
    });
    issue.merged_into = None;
    issue.lead_unit_id = None;
    issue.office_id = None;
    issue.handler_id = None;
    issue.replied_at = None;
    issue.review_on = None;
    let to = if accepted { State::Accepted } else { State::Submitted };
    step(db, Doer::Timer, issue, Step { verb: Verb::Revive, to, note: None, detail }, rules, at).map(drop)
}

/// Units that still owed an answer owe none for an issue that is handed out anew.
fn release(db: &mut Db, issue: &IssueRow, at: Timestamp) -> Result<(), Refused> {
    let (home, one) = (std::slice::from_ref(&issue.enterprise_id), std::slice::from_ref(&issue.id));
    for owed in timed::assisting(db, home, one)? {
        let row = AssistEndingRow {
            assignment_id: owed.assignment_id,
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            at: column(at),
            by: Doer::Timer.by().to_owned(),
        };
        flow::end_assisting(db, &row)?;
    }
    Ok(())
}

/// The clock stood still while it followed: the promise is counted again from the working days that were left when
/// it was merged, as after a deferral. Neither time nor lateness is given away, or merging would be a way to buy time.
fn promise_anew(db: &mut Db, issue: &mut IssueRow, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
    let Some(from_on) = issue.due_on else { return Ok(()) };
    let deferral = match issue.review_on {
        Some(_) => deferrals::latest(db, &issue.enterprise_id, &issue.id)?,
        None => None,
    };
    let left = match deferral {
        // It was deferred when it was merged: its clock had stopped before.
        Some(deferral) => deferral.working_days_left,
        None => rules.calendar.working_days_left(rules.day(moment(issue.state_at)), from_on),
    };
    let promised = deadline::resume(rules.day(at), left, &rules.calendar, rules.zone);
    if from_on != promised.due_on {
        let row = ResumptionRow {
            id: Ids.row(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            from_on,
            to_on: promised.due_on,
            at: column(at),
            by: Doer::Timer.by().to_owned(),
        };
        deferrals::resume(db, &row)?;
    }
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = promised.provisional;
    Ok(())
}
