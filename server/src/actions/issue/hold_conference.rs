//! The minutes of a conference (会商纪要), by the leader in charge: what was
//! settled, by which unit it is done, until when. The promise moves by an
//! extension only; this day stands beside it.

use qiyema_protocol::{
    board::State,
    staff::{HoldConference, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find, lines, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    domain::text::problem,
    store::{
        columns::{column, moment},
        conferences::{self, MinutesRow},
        connection::Db,
        issues,
    },
};

/// Enters the minutes; handling goes on.
pub fn hold_conference(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &HoldConference,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::HoldConference, number, ask.version)?;
    let minutes = lines("minutes", &ask.minutes, 4000)?;
    let unheld = conferences::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?
        .into_iter()
        .rev()
        .find(|(_, held)| held.is_none());
    let (conference, _) = unheld.ok_or(Refused::ReferenceUnknown("conference"))?;
    let opened = rules.day(moment(conference.at));
    let mut faults = Vec::new();
    if ask.held_on < opened || ask.held_on > rules.day(at) {
        faults.push(problem(
            "held_on",
            "会商日期应在召集之后、今天之前（含）",
            "the day lies between the calling of the conference and today",
        ));
    }
    if ask.due_on < ask.held_on {
        faults.push(problem("due_on", "完成日期不能早于会商日期", "it cannot be due before it was settled"));
    }
    let assisting = issues::assisting(db, &issue.enterprise_id, &issue.id)?;
    if issue.lead_unit_id.as_ref() != Some(&ask.unit) && !assisting.contains(&ask.unit) {
        faults.push(problem(
            "unit",
            "责任单位应为牵头单位或协办单位",
            "the unit is the lead unit or one that assists",
        ));
    }
    if !faults.is_empty() {
        return Err(Refused::Invalid(faults));
    }
    let row = MinutesRow {
        conference_id: conference.id,
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        held_on: ask.held_on,
        minutes: minutes.as_str().to_owned(),
        unit_id: ask.unit.clone(),
        due_on: ask.due_on,
        at: column(at),
        by: actor.id.clone(),
    };
    conferences::hold(db, &row)?;
    let detail = serde_json::json!({
        "conference": row.conference_id, "held_on": ask.held_on, "unit": ask.unit, "due_on": ask.due_on,
    });
    let what =
        Step { verb: Verb::HoldConference, to: State::InProgress, note: Some(minutes.as_str()), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
