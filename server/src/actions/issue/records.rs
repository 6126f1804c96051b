//! What stands behind an issue: assignments, requests with their rulings,
//! conferences, mergers; and its timeline.

use std::collections::HashMap;

use qiyema_protocol::{
    problem::Change,
    staff::{
        AssignmentView, CallBackRecord, ConferenceRecord, EventList, EventView, RatedView, Records,
        RequestView,
    },
    text::Text,
};

use super::{
    super::{Refused, rights::Object},
    reports,
    step::unseen,
};
use crate::{
    actions::{
        owner::STRANGER,
        rate::proofs::{Behind, Proofs},
        rights::{Actor, Deed},
    },
    domain::event::Kind,
    store::{
        closures,
        columns::{moment, unword},
        conferences,
        connection::Db,
        events::{self, EventRow},
        first_contacts, flow,
        follow_ups::{self, FollowUpRow},
        issues::{self, ForStaff, IssueRow},
        ratings::{self, RatingRow},
        tags,
    },
};

/// An issue that this person sees, as staff see it, and the units that assist. Somebody else's is unknown, not
/// forbidden.
pub fn seen(db: &mut Db, actor: &Actor, number: &str) -> Result<(ForStaff, Vec<String>), Refused> {
    let row = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    let assisting = issues::assisting(db, &row.0.enterprise_id, &row.0.id)?;
    let sees = actor.sees(&Object::of(&row.0, &assisting));
    if sees { Ok((row, assisting)) } else { Err(Refused::IssueUnknown) }
}

/// Everything that happened to an issue. Somebody else's is unknown.
pub fn events(db: &mut Db, actor: &Actor, number: &str) -> Result<EventList, Refused> {
    actor.may(Deed::ReadIssues)?;
    let ((issue, ..), _) = seen(db, actor, number)?;
    let rows = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    let names = names(db, &rows)?;
    let view = |row: EventRow| -> Result<EventView, Refused> {
        let kind: Kind = unword(&row.kind)?;
        let detail = serde_json::from_str(&row.detail).unwrap_or_default();
        Ok(EventView {
            seq: row.seq,
            what: kind.told(&detail).unwrap_or_else(|| Text::new(&*row.kind, &*row.kind)),
            kind: row.kind,
            state: row.state.as_deref().map(unword).transpose()?,
            at: moment(row.at),
            by: called(&names, &row.by),
            note: row.note,
            note_is_for_owner: kind.note_is_for_owner(),
            detail,
        })
    };
    Ok(EventList { events: rows.into_iter().map(view).collect::<Result<_, _>>()? })
}

/// What happened since a version, oldest first: the second of two officers learns what the first did.
pub fn changes(db: &mut Db, issue: &IssueRow, seen: i32) -> Result<Vec<Change>, Refused> {
    let mut missed = usize::try_from(issue.version.saturating_sub(seen)).unwrap_or_default();
    let mut rows = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    let first = rows.iter().rposition(|row| {
        // A rating moves nothing, so it raised no version.
        missed -= usize::from(missed > 0 && !unseen(&row.kind));
        missed == 0
    });
    let rows = if seen >= issue.version { Vec::new() } else { rows.split_off(first.unwrap_or_default()) };
    let names = names(db, &rows)?;
    let change = |row: EventRow| -> Result<Change, Refused> {
        let kind: Kind = unword(&row.kind)?;
        let detail = serde_json::from_str(&row.detail).unwrap_or_default();
        Ok(Change {
            what: kind.told(&detail).unwrap_or_else(|| Text::new(&*row.kind, &*row.kind)),
            by: called(&names, &row.by),
            at: moment(row.at),
            kind: row.kind,
        })
    };
    rows.into_iter().map(change).collect()
}

/// The records of an issue that the actor was found to see.
pub fn of(db: &mut Db, issue: &IssueRow) -> Result<Records, Refused> {
    let (enterprise, id) = (&issue.enterprise_id, &issue.id);
    let requests = flow::requests(db, enterprise, id)?;
    let asked: Vec<String> = requests.iter().map(|(row, ..)| row.by.clone()).collect();
    let names: HashMap<String, String> = flow::names(db, asked)?.into_iter().collect();
    let request = |(row, note, ruling): flow::Ruled| -> Result<RequestView, Refused> {
        let (decision, ruling_note, ruled_at) = match ruling {
            None => (None, None, None),
            Some((decision, note, at)) => (Some(unword(&decision)?), note, Some(moment(at))),
        };
        Ok(RequestView {
            kind: unword(&row.kind)?,
            unit: row.unit_id,
            reason: row.reason,
            note,
            working_days: row.working_days.and_then(|days| u32::try_from(days).ok()),
            review_on: row.review_on,
            suggested_unit: row.suggested_unit_id,
            at: moment(row.at),
            by: called(&names, &row.by),
            decision,
            ruling_note,
            ruled_at,
        })
    };
    let contacts: HashMap<String, chrono::NaiveDateTime> =
        first_contacts::made(db, enterprise, id)?.into_iter().collect();
    let calls =
        if issue.closure_id.is_some() { follow_ups::of_issue(db, enterprise, id)? } else { Vec::new() };
    let reopened: Vec<_> = calls.iter().filter(|row| row.decision == "reopened").map(|row| row.at).collect();
    let assignments = flow::assignments(db, enterprise, id)?.into_iter().map(|one| {
        let flow::Asked { row, reply, ended_at, recounted, noted } = one;
        let contact = contacts.get(&row.id).copied();
        let rounds = reopened.iter().filter(|at| **at <= row.at).count();
        Ok(AssignmentView {
            part: unword(&row.part)?,
            unit: row.unit_id,
            at: moment(row.at),
            round: u32::try_from(rounds).unwrap_or_default().saturating_add(1),
            due_at: recounted.or(row.due_at).map(moment),
            provisional: noted.is_some() && recounted.is_none(),
            replied_at: reply.as_ref().map(|reply| reply.at).or(contact).map(moment),
            reply: reply.map(|reply| reply.reply),
            ended_at: ended_at.map(moment),
        })
    });
    let conferences = conferences::of_issues(db, enterprise, std::slice::from_ref(id))?;
    let conferences = conferences.into_iter().map(|(row, minutes)| ConferenceRecord {
        subject: row.subject,
        units: serde_json::from_str(&row.units).unwrap_or_default(),
        planned_on: row.planned_on,
        held_on: minutes.as_ref().map(|held| held.held_on),
        unit: minutes.as_ref().map(|held| held.unit_id.clone()),
        due_on: minutes.as_ref().map(|held| held.due_on),
        minutes: minutes.map(|held| held.minutes),
    });
    let reports = reports::of(db, issue)?;
    let given = ratings::of_issue(db, enterprise, id)?;
    let known = tags::all(db)?;
    let proofs = Proofs::of(db, &given.iter().map(|row| row.id.clone()).collect::<Vec<_>>())?;
    let rated = |row: RatingRow| -> Result<RatedView, Refused> {
        let tier = unword(&row.tier)?;
        let Behind { proof, officer, webhook } = proofs.behind(&row.id, tier)?;
        Ok(RatedView {
            round: unword(&row.round)?,
            tier,
            proof,
            officer,
            webhook,
            verdict: unword(&row.verdict)?,
            level: row.level.as_deref().map(unword).transpose()?,
            solved: row.solved.as_deref().map(unword).transpose()?,
            tag_words: known.words(row.tags_version, &row.tags),
            tags: serde_json::from_str(&row.tags).unwrap_or_default(),
            comment: row.comment,
            at: moment(row.at),
        })
    };
    Ok(Records {
        report: reports.last().cloned(),
        reports,
        ratings: given.into_iter().map(rated).collect::<Result<_, _>>()?,
        call_backs: call_backs(db, issue, calls)?,
        assignments: assignments.collect::<Result<_, Refused>>()?,
        requests: requests.into_iter().map(request).collect::<Result<_, _>>()?,
        conferences: conferences.collect(),
        parent: issue.merged_into.as_deref().map(|parent| flow::number(db, parent)).transpose()?.flatten(),
        children: flow::children(db, id)?,
    })
}

/// What was answered at call-backs; the closures of an issue are its rounds.
fn call_backs(db: &mut Db, issue: &IssueRow, rows: Vec<FollowUpRow>) -> Result<Vec<CallBackRecord>, Refused> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let rounds = closures::of_issue(db, &issue.enterprise_id, &issue.id)?;
    let names: HashMap<String, String> =
        flow::names(db, rows.iter().map(|row| row.by.clone()).collect())?.into_iter().collect();
    let view = |row: FollowUpRow| -> Result<CallBackRecord, Refused> {
        let round = rounds.iter().position(|closure| closure.id == row.closure_id).unwrap_or_default();
        Ok(CallBackRecord {
            round: u32::try_from(round + 1).unwrap_or(1),
            reached: row.reached,
            contacted: row.contacted.map(|answer| answer == "yes"),
            solved: row.solved.as_deref().map(unword).transpose()?,
            satisfaction: row.satisfaction.as_deref().map(unword).transpose()?,
            note: row.note,
            outcome: unword(&row.decision)?,
            at: moment(row.at),
            by: called(&names, &row.by),
        })
    };
    rows.into_iter().map(view).collect()
}

fn names(db: &mut Db, rows: &[EventRow]) -> Result<HashMap<String, String>, Refused> {
    Ok(flow::names(db, rows.iter().map(|row| row.by.clone()).collect())?.into_iter().collect())
}

/// The name in the record: a person's, the owner's, the clock's.
pub(super) fn called(names: &HashMap<String, String>, by: &str) -> String {
    match by {
        "owner" => "企业".to_owned(),
        "clock" => "系统".to_owned(),
        STRANGER => "扫码人（未验证）".to_owned(),
        id => names.get(id).cloned().unwrap_or_else(|| id.to_owned()),
    }
}
