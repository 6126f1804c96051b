//! Calling a conference (召集会商): the units that confer assist from now on, and
//! the clock runs on.

use chrono::Days;
use qiyema_protocol::{
    board::State,
    staff::{IssueView, OpenConference},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    add_assisting::asked,
    find, line, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::text::problem,
    store::{
        columns::column,
        conferences::{self, ConferenceRow},
        connection::Db,
        directory::UnitRow,
        issues::{self, IssueRow},
    },
};

/// Units that may confer with the lead unit.
const MOST_UNITS: usize = 10;
/// A day farther away than this is a slip of the pen.
const FARTHEST: Days = Days::new(366);

/// Calls a conference.
pub fn open_conference(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &OpenConference,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::OpenConference, number, ask.version)?;
    let subject = line("subject", &ask.subject, 80)?;
    let today = rules.day(at);
    if ask.planned_on < today || ask.planned_on > today.checked_add_days(FARTHEST).unwrap_or(today) {
        let day =
            problem("planned_on", "会商日期不能早于今天", "the day must be today or later, within a year");
        return Err(Refused::Invalid(vec![day]));
    }
    check(db, &ask.units, &issue)?;
    let assisting = issues::assisting(db, &issue.enterprise_id, &issue.id)?;
    for unit in ask.units.iter().filter(|unit| !assisting.contains(unit)) {
        asked(db, &issue, (unit, None), &actor.id, rules, at)?;
    }
    let row = ConferenceRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        subject: subject.as_str().to_owned(),
        units: serde_json::json!(ask.units).to_string(),
        planned_on: ask.planned_on,
        at: column(at),
        by: actor.id.clone(),
    };
    conferences::open(db, &row)?;
    let detail =
        serde_json::json!({ "conference": row.id, "units": ask.units, "planned_on": ask.planned_on });
    let what =
        Step { verb: Verb::OpenConference, to: State::CaseConference, note: Some(subject.as_str()), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// One to ten distinct units that exist, and the lead unit not among them.
fn check(db: &mut Db, units: &[String], issue: &IssueRow) -> Result<(), Refused> {
    let fault = |zh: &str, en: &str| Err(Refused::Invalid(vec![problem("units", zh, en)]));
    if units.is_empty() || units.len() > MOST_UNITS {
        return fault("请选择1至10个会商单位", "choose 1 to 10 units");
    }
    if units.iter().any(|unit| issue.lead_unit_id.as_ref() == Some(unit)) {
        return fault("牵头单位无需选择", "the lead unit confers anyway; choose others");
    }
    if units.iter().enumerate().any(|(index, unit)| units.iter().take(index).any(|other| other == unit)) {
        return fault("会商单位重复", "a unit appears twice");
    }
    // PostgreSQL takes no NUL, not even to look it up.
    let named = !units.iter().any(|unit| unit.contains('\0'));
    let stands = |unit: &UnitRow| unit.closed_at.is_none();
    if named && conferences::units(db, units)?.into_iter().filter(stands).count() == units.len() {
        return Ok(());
    }
    Err(Refused::ReferenceUnknown("units"))
}
