//! One legal step: the table allows it, the issue is written at the version that
//! was seen, and one event tells it. Whoever moves an issue — staff, owner, or
//! the clock — moves it here.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use qiyema_protocol::{board::State, clocks::ClockKind, verb::Verb};

use super::{
    super::{Deed, Refused, Rules, record, rights::Actor},
    accept::limit,
    promise, records,
};
use crate::{
    clock::Timestamp,
    domain::{
        clocks::{self, Running, Timing},
        deadline::Promised,
        event::Kind,
        urging::{self, Due, Made},
        workflow,
    },
    store::{
        QueryResult, closures,
        columns::{column, moment, unword, word},
        connection::Db,
        deferrals, directory,
        first_contacts::{self, Waiting},
        issues::{self, IssueRow},
        rectifications,
        timed::{self, Owed},
    },
};

/// Who moves an issue.
#[derive(Debug, Clone, Copy)]
pub enum Doer<'a> {
    /// A member of staff whose right was checked.
    Staff(&'a Actor),
    /// The owner, at the owner tier.
    Owner,
    /// The clock.
    Timer,
}

impl Doer<'_> {
    /// The name in the event: a staff id, `owner` or `clock`.
    #[must_use]
    pub fn by(&self) -> &str {
        match self {
            Self::Staff(actor) => &actor.id,
            Self::Owner => "owner",
            Self::Timer => "clock",
        }
    }
}

/// What a verb does to an issue, besides the fields that it changed already.
#[derive(Debug)]
pub struct Step<'a> {
    /// The verb.
    pub verb: Verb,
    /// Where it leads; the same state for a verb that leaves it.
    pub to: State,
    /// What was typed; [`Kind::note_is_for_owner`] says who reads it.
    pub note: Option<&'a str>,
    /// Facts for the record: ids and dates, never private data.
    pub detail: serde_json::Value,
}

/// Refuses a verb that the table does not know in the issue's state.
pub fn legal(issue: &IssueRow, verb: Verb) -> Result<State, Refused> {
    let from: State = unword(&issue.state)?;
    match workflow::rule(from, verb) {
        Some(_) => Ok(from),
        None => Err(Refused::Transition { from, legal: workflow::legal(from) }),
    }
}

/// Refuses what only the owner or the clock does in the issue's state.
pub fn by_people(issue: &IssueRow, verb: Verb) -> Result<(), Refused> {
    let from = legal(issue, verb)?;
    let legal = workflow::legal(from);
    if legal.contains(&verb) { Ok(()) } else { Err(Refused::Transition { from, legal }) }
}

/// Checks the step against the table, writes the issue and its event. `issue`
/// carries what the verb changed; state, version and clocks are set here.
pub fn step(
    db: &mut Db,
    doer: Doer<'_>,
    mut issue: IssueRow,
    step: Step<'_>,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let from = legal(&issue, step.verb)?;
    if !workflow::rule(from, step.verb).is_some_and(|rule| rule.leads(from, step.to)) {
        return Err(Refused::Transition { from, legal: workflow::legal(from) });
    }
    let (seen, kind) = (issue.version, Kind::of(step.verb));
    if from != step.to {
        issue.state = word(step.to)?;
        issue.is_open = workflow::is_open(step.to);
        issue.state_at = column(at);
    }
    issue.version += 1;
    issue.last_kind = word(kind)?;
    issue.last_at = column(at);
    promise::count(db, &issue, rules, at)?;
    wind(db, &mut issue, rules)?;
    if !issues::advance(db, &issue, seen)? {
        let faster = issues::by_number(db, &issue.number)?.map_or(issue, |(row, ..)| row);
        let changes = records::changes(db, &faster, seen)?;
        return Err(Refused::VersionConflict { current: faster.version, changes });
    }
    record(
        db,
        &Deed {
            enterprise: &issue.enterprise_id,
            subject: &issue.id,
            kind,
            state: Some(step.to),
            note: step.note,
            detail: step.detail,
            by: doer.by(),
            at,
        },
    )?;
    Ok(issue)
}

/// Sets when the first running limit ends, for lists, and when the clock acts
/// next, for the job that watches.
pub fn wind(db: &mut Db, issue: &mut IssueRow, rules: &Rules) -> Result<(), Refused> {
    let limits = running(db, issue, rules)?;
    issue.limit_at = clocks::hurrying(&limits).map(|limit| column(limit.until.due_at));
    issue.next_at = next_of(db, issue, &limits, rules)?.map(|due| column(due.at));
    Ok(())
}

/// What the clock will do next, or should have done.
pub fn next(db: &mut Db, issue: &IssueRow, rules: &Rules) -> Result<Option<Due>, Refused> {
    let limits = running(db, issue, rules)?;
    next_of(db, issue, &limits, rules)
}

fn next_of(db: &mut Db, issue: &IssueRow, limits: &[Running], rules: &Rules) -> Result<Option<Due>, Refused> {
    if limits.is_empty() {
        return Ok(None);
    }
    let made = timed::urged(db, &issue.enterprise_id, &issue.id)?
        .into_iter()
        .filter_map(|(kind, clock, unit, limit_at)| {
            let (clock, limit_at) = (unword(&clock?), moment(limit_at?));
            Some(clock.map(|clock| Made {
                verb: urging::verb(&kind),
                clock,
                // Only an assisting unit has limits of its own; elsewhere the unit is a fact, not a name.
                unit: unit.filter(|_| clock == ClockKind::Assist),
                limit_at,
            }))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(urging::next(limits, &made, &rules.urging, &rules.calendar, rules.zone))
}

/// The limits that run for an issue, those of assisting units among them.
pub fn running(db: &mut Db, issue: &IssueRow, rules: &Rules) -> Result<Vec<Running>, Refused> {
    let (timing, contact) = looked(db, issue)?;
    let (home, one) = (std::slice::from_ref(&issue.enterprise_id), std::slice::from_ref(&issue.id));
    let assisting = match workflow::rule(timing.state, Verb::Assist) {
        Some(_) => timed::assisting(db, home, one)?,
        None => Vec::new(),
    };
    Ok(all_running(&timing, contact.as_ref(), assisting, rules))
}

/// The same, where what the units were asked is known: the word that the enterprise
/// waits for from the lead, and the answers that those owe who assist.
pub fn all_running(
    timing: &Timing,
    contact: Option<&Waiting>,
    assisting: Vec<Owed>,
    rules: &Rules,
) -> Vec<Running> {
    let mut limits = clocks::running(timing, &rules.limits, &rules.calendar, rules.zone);
    let waited = contact.and_then(|one| Some((one.until()?, one.provisional)));
    limits.extend(waited.map(|(due, maybe)| clocks::first_contact(moment(due), maybe, rules.zone)));
    limits.extend(
        assisting
            .into_iter()
            .map(|one| clocks::assisting(one.unit_id, moment(one.due_at), one.provisional, rules.zone)),
    );
    limits.sort_by_key(|limit| limit.until.due_at);
    limits
}

/// Whether an event of this kind moves nothing, and so raises no version.
#[must_use]
pub fn unseen(kind: &str) -> bool {
    matches!(
        kind,
        "rated"
            | "rating_invited"
            | "rating_reminded"
            | "rectification_invited"
            | "rating_appealed"
            | "appeal_urged"
            | "appeal_decided"
            | "limits_recounted"
            | "attached"
            | "rating_excluded"
            | "rating_upheld"
    )
}

/// What the clocks of an issue are computed from.
pub fn timing(db: &mut Db, issue: &IssueRow) -> Result<Timing, Refused> {
    Ok(looked(db, issue)?.0)
}

/// The same, with how the unit that has it was given it.
fn looked(db: &mut Db, issue: &IssueRow) -> Result<(Timing, Option<Waiting>), Refused> {
    let state: State = unword(&issue.state)?;
    let rate_until = match (state, &issue.closure_id) {
        (State::Closed, Some(closure)) => closures::rate_until(db, closure)?,
        _ => None,
    };
    let fix_days = fix_days(db, [issue])?.into_values().next();
    let mut timing = timing_of(issue, state, rate_until, fix_days);
    if state == State::Submitted {
        timing.handling = directory::category(db, &issue.category_id)?.as_ref().map(limit);
    }
    if workflow::rule(state, Verb::Reach).is_none() {
        return Ok((timing, None));
    }
    let (home, one) = (std::slice::from_ref(&issue.enterprise_id), std::slice::from_ref(&issue.id));
    let contact = first_contacts::of_issues(db, home, one)?.pop();
    let resumed = deferrals::resumed(db, home, one)?.pop().map(|(_, at)| at);
    Ok((Timing { given_at: given(contact.as_ref(), resumed), ..timing }, contact))
}

/// Since when the unit has it: its assignment in this round, or when it was resumed after that.
pub(super) fn given(contact: Option<&Waiting>, resumed: Option<NaiveDateTime>) -> Option<Timestamp> {
    contact.map(|one| moment(resumed.map_or(one.assigned_at, |at| at.max(one.assigned_at))))
}

/// Working days in which those of these issues that are put right must be: by closure, as the rectification was opened
/// with and as the figures count it. Neither a category that is graded anew nor another setting moves a clock that runs.
pub fn fix_days<'a>(
    db: &mut Db,
    found: impl IntoIterator<Item = &'a IssueRow>,
) -> QueryResult<HashMap<String, u32>> {
    let (mut homes, mut closures) = (Vec::new(), Vec::new());
    let rectifying = word(State::Rectifying)?;
    for issue in found.into_iter().filter(|issue| issue.state == rectifying) {
        if let Some(closure) = &issue.closure_id {
            homes.push(issue.enterprise_id.clone());
            closures.push(closure.clone());
        }
    }
    if closures.is_empty() {
        return Ok(HashMap::new());
    }
    homes.sort_unstable();
    homes.dedup();
    Ok(rectifications::working_days(db, &homes, &closures)?.into_iter().collect())
}

/// The same, where the closure and its rectification are known; since when the unit has it is not said.
pub fn timing_of(
    issue: &IssueRow,
    state: State,
    rate_until: Option<NaiveDate>,
    fix_days: Option<u32>,
) -> Timing {
    Timing {
        state,
        state_at: moment(issue.state_at),
        replied_at: issue.replied_at.map(moment),
        given_at: None,
        accepted_at: issue.accepted_at.map(moment),
        promised: promised(issue),
        handling: None,
        review_on: issue.review_on,
        rate_until,
        fix_days,
    }
}

/// Grades whose rectification may take longer.
#[must_use]
pub fn is_complex(grade: &str) -> bool {
    matches!(grade, "complex" | "cross_department")
}

/// The promise as stored.
#[must_use]
pub fn promised(issue: &IssueRow) -> Option<Promised> {
    Some(Promised { due_at: moment(issue.due_at?), due_on: issue.due_on?, provisional: issue.provisional })
}
