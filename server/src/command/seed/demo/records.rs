//! Records that a demo issue leaves besides its events: extension, closure, rating.

use chrono::Days;
use qiyema_protocol::{
    board::{ExtensionReason, Outcome},
    rating::{Level, Round, Solved, Tier, Verdict},
};

use super::{Handler, history::World, invited};
use crate::{
    actions::issue::rectify,
    clock::{Ids, Timestamp},
    domain::deadline::{self, Promised},
    store::{
        columns::{column, word},
        conferences::{self, ConferenceRow},
        connection::Db,
        deferrals::{self, DeferralRow},
        first_contacts::{self, FirstContactRow},
        follow_ups::{self, FollowUpRow},
        issues::{self, ClosureRow, ExtensionRow, IssueRow},
        ratings::{self, RatingRow},
        rectifications::{self, RectificationRow, StepRow},
        requests::{self, RequestRow},
    },
};

pub(super) const REPLY: &str = "经现场核实并与企业沟通，相关事项已按规定办理，如有疑问请拨打经办科室电话。";

pub(super) const UNSOLVABLE: &str = "需等待上级规划调整，条件具备后继续办理。";

pub(super) fn result(index: usize) -> Outcome {
    let all =
        [Outcome::Resolved, Outcome::Resolved, Outcome::PartlyResolved, Outcome::Explained, Outcome::Planned];
    all.get(index % all.len()).copied().unwrap_or(Outcome::Resolved)
}

/// The owner hears from the unit for the first time.
pub(super) fn reach(
    db: &mut Db,
    issue: &mut IssueRow,
    handler: &Handler,
    at: Timestamp,
) -> anyhow::Result<()> {
    let Some(waited) = first_contacts::waiting(db, &issue.enterprise_id, &issue.id)? else { return Ok(()) };
    issue.replied_at = Some(column(at));
    let row = FirstContactRow {
        assignment_id: waited.assignment_id,
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        unit_id: waited.unit_id,
        at: column(at),
        by: handler.id.clone(),
    };
    Ok(first_contacts::insert(db, &row)?)
}

pub(super) fn extend(
    db: &mut Db,
    world: &World<'_>,
    issue: &mut IssueRow,
    at: Timestamp,
    index: usize,
) -> anyhow::Result<()> {
    let Some(from_on) = issue.due_on else { return Ok(()) };
    let promised = deadline::extend(from_on, 3, &world.rules.calendar, world.rules.zone);
    let reason = ExtensionReason::ALL.get(index / 5 % ExtensionReason::ALL.len()).copied();
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = issue.provisional || promised.provisional;
    issues::extend(
        db,
        &ExtensionRow {
            id: Ids.row(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            from_on,
            to_on: promised.due_on,
            reason: word(reason.unwrap_or(ExtensionReason::FieldWork))?,
            note: None,
            at: column(at),
            by: "demo".to_owned(),
            round: issue.round,
        },
    )?;
    Ok(())
}

pub(super) fn close(
    db: &mut Db,
    world: &World<'_>,
    issue: &mut IssueRow,
    handler: &Handler,
    promised: Promised,
    (at, by): (Timestamp, &str),
    index: usize,
) -> anyhow::Result<()> {
    let today = world.rules.day(at);
    let row = ClosureRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        result: word(result(index))?,
        reply: REPLY.to_owned(),
        at: column(at),
        by: by.to_owned(),
        unit_id: handler.unit.clone(),
        handler_id: handler.id.clone(),
        first_due_on: promised.due_on,
        due_on: issue.due_on.unwrap_or(promised.due_on),
        rate_until: today.checked_add_days(Days::new(u64::from(world.rules.rating_days))).unwrap_or(today),
    };
    issues::close(db, &row)?;
    issue.closure_id = Some(row.id);
    Ok(())
}

pub(super) fn rate(
    db: &mut Db,
    world: &World<'_>,
    issue: &IssueRow,
    (tier, round, verdict): (Tier, Round, Verdict),
    at: Timestamp,
) -> anyhow::Result<Option<String>> {
    let (Some(closure_id), Some(enterprise)) =
        (issue.closure_id.clone(), world.enterprises.iter().find(|one| one.id == issue.enterprise_id))
    else {
        return Ok(None);
    };
    let proof = invited::behind(number(issue), tier, round);
    let (level, tags) = in_words(issue, verdict);
    let row = RatingRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        closure_id,
        tier: word(tier)?,
        round: word(round)?,
        verdict: word(verdict)?,
        level: level.map(word).transpose()?,
        solved: None,
        comment: None,
        tags: serde_json::json!(tags).to_string(),
        tags_version: i32::try_from(world.rules.tags.current().version)?,
        code_id: Some(enterprise.code.to_string()).filter(|_| proof.is_none()),
        at: column(at),
    };
    ratings::insert(db, &row)?;
    if let Some(proof) = proof {
        invited::prove(db, world, (&row, proof), at)?;
    }
    Ok(Some(row.id))
}

/// Which issue of the demo it is.
fn number(issue: &IssueRow) -> usize {
    issue.number.rsplit('-').next().and_then(|index| index.parse().ok()).unwrap_or(0)
}

/// The owner's bad rating, and the rectification that it opens.
pub(super) fn rectify(
    db: &mut Db,
    world: &World<'_>,
    issue: &IssueRow,
    handler: &Handler,
    at: Timestamp,
) -> anyhow::Result<()> {
    let rating_id = rate(db, world, issue, (Tier::Owner, Round::First, Verdict::Bad), at)?;
    let Some(closure_id) = issue.closure_id.clone() else { return Ok(()) };
    let row = RectificationRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        closure_id,
        rating_id,
        unit_id: handler.unit.clone(),
        handler_id: handler.id.clone(),
        at: column(at),
        by: "owner".to_owned(),
    };
    let limit = rectify::limit(db, &row.enterprise_id, &row.closure_id, world.rules)?;
    Ok(rectifications::open(db, &row, limit)?)
}

pub(super) fn defer(
    db: &mut Db,
    world: &World<'_>,
    issue: &mut IssueRow,
    at: Timestamp,
) -> anyhow::Result<()> {
    let today = world.rules.day(world.now);
    let review_on = today.checked_add_days(Days::new(45)).unwrap_or(today);
    issue.review_on = Some(review_on);
    let left = issue.due_on.map(|due| world.rules.calendar.working_days_left(world.rules.day(at), due));
    let row = DeferralRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        reason: UNSOLVABLE.to_owned(),
        review_on,
        working_days_left: left.unwrap_or_default(),
        at: column(at),
        by: "demo".to_owned(),
    };
    Ok(deferrals::defer(db, &row)?)
}

pub(super) fn confer(
    db: &mut Db,
    world: &World<'_>,
    issue: &IssueRow,
    handler: &Handler,
    at: Timestamp,
) -> anyhow::Result<()> {
    let others = world.handlers.iter().filter(|other| other.unit != handler.unit);
    let units: Vec<&str> = others.take(2).map(|other| other.unit.as_str()).collect();
    let row = ConferenceRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        subject: "研究解决方案".to_owned(),
        units: serde_json::json!(units).to_string(),
        planned_on: world.rules.day(world.now),
        at: column(at),
        by: "demo".to_owned(),
    };
    Ok(conferences::open(db, &row)?)
}

/// The unit's request to be rid of the issue; gives its id.
pub(super) fn request_return(
    db: &mut Db,
    issue: &IssueRow,
    handler: &Handler,
    at: Timestamp,
) -> anyhow::Result<String> {
    let row = RequestRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        kind: "return".to_owned(),
        unit_id: handler.unit.clone(),
        reason: "所涉事项不在本单位职责范围内。".to_owned(),
        working_days: None,
        review_on: None,
        suggested_unit_id: None,
        from_state: issue.state.clone(),
        at: column(at),
        by: handler.id.clone(),
        round: issue.round,
    };
    requests::ask(db, &row)?;
    Ok(row.id)
}

/// A step of putting right what the owner was not content with.
pub(super) fn put_right(
    db: &mut Db,
    issue: &mut IssueRow,
    handler: &Handler,
    kind: &str,
    at: Timestamp,
) -> anyhow::Result<()> {
    let Some(closure) = issue.closure_id.as_deref() else { return Ok(()) };
    let Some(open) = rectifications::of_closure(db, &issue.enterprise_id, closure)? else { return Ok(()) };
    let row = StepRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        rectification_id: open.id,
        kind: kind.to_owned(),
        note: "已重新办理到位，企业在场确认。".to_owned(),
        at: column(at),
        by: handler.id.clone(),
    };
    issue.replied_at = Some(column(at));
    Ok(rectifications::add_step(db, &row)?)
}

/// What owners of the older past said besides the verdict.
fn in_words(issue: &IssueRow, verdict: Verdict) -> (Option<Level>, Vec<&'static str>) {
    const GOOD: [&str; 4] = ["prompt_response", "fully_solved", "clear_explanation", "good_manner"];
    const BAD: [&str; 9] = [
        "not_really_solved",
        "nobody_contacted_me",
        "not_really_solved",
        "promise_missed",
        "vague_answer",
        "not_really_solved",
        "nobody_contacted_me",
        "late_updates",
        "passed_around",
    ];
    let index = number(issue);
    if index < super::PAST {
        return (None, Vec::new());
    }
    let (levels, tags): (&[Level], &[&str]) = match verdict {
        Verdict::Good => (&[Level::VerySatisfied, Level::Satisfied, Level::BasicallySatisfied], &GOOD),
        Verdict::Bad => (&[Level::Dissatisfied, Level::VeryDissatisfied], &BAD),
    };
    let pick = |n: usize| tags.get(n % tags.len()).copied();
    let mut chosen: Vec<&str> = pick(index).into_iter().chain(pick(index / 3)).collect();
    chosen.dedup();
    (levels.get(index % levels.len()).copied(), chosen)
}

/// What the enterprise said on the telephone.
pub(super) fn call_back(
    db: &mut Db,
    world: &World<'_>,
    issue: &IssueRow,
    verdict: Verdict,
    at: Timestamp,
) -> anyhow::Result<()> {
    let Some(closure_id) = issue.closure_id.clone() else { return Ok(()) };
    let content = verdict == Verdict::Good;
    let row = FollowUpRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        closure_id,
        reached: true,
        contacted: Some("yes".to_owned()),
        solved: Some(word(if content { Solved::Yes } else { Solved::Partly })?),
        satisfaction: Some(word(if content { Level::Satisfied } else { Level::BasicallySatisfied })?),
        note: None,
        decision: "archived".to_owned(),
        at: column(at),
        by: world.clerks.get("follow_up_officer").cloned().unwrap_or_default(),
    };
    Ok(follow_ups::insert(db, &row)?)
}
