//! The past of a demo issue: it walks the workflow's own transitions, with an
//! event a step, so that the demo cannot show what the rules do not allow.

use chrono::Duration;
use qiyema_protocol::{
    board::State,
    rating::{Round, Tier, Verdict},
};

use super::{
    Clerks, Handler, Registered, Subject, invited, moments,
    records::{self, REPLY, close, confer, defer, extend, rate, rectify, result},
    said::{self, Ending},
};
use crate::{
    actions::{
        Rules,
        issue::{
            assign::{contact_until, enter},
            promise,
            step::{self, wind},
        },
    },
    clock::{Ids, Timestamp},
    domain::{deadline::Promised, event::Kind, workflow},
    store::{
        columns::{column, word},
        connection::Db,
        directory::{CategoryRow, ChannelRow},
        events::{self, EventRow},
        issues::{self, AssignmentRow, IssueRow, ReportRow},
    },
};

/// What the history is made of.
pub(super) struct World<'a> {
    pub enterprises: &'a [Registered],
    pub handlers: &'a [Handler],
    pub subjects: &'a [Subject],
    pub channels: &'a [ChannelRow],
    pub categories: &'a [CategoryRow],
    pub clerks: &'a Clerks,
    pub rules: &'a Rules,
    pub now: Timestamp,
}

const STATES: [State; 17] = [
    State::InProgress,
    State::Closed,
    State::Assigned,
    State::Submitted,
    State::CaseConference,
    State::Archived,
    State::PendingReview,
    State::Accepted,
    State::Rectifying,
    State::ReturnRequested,
    State::NeedInfo,
    State::FollowUp,
    State::Deferred,
    State::Reopened,
    State::Rejected,
    State::Withdrawn,
    State::Merged,
];

/// Writes one issue with its past; a settled one was archived weeks ago.
pub(super) fn write(db: &mut Db, world: &World<'_>, index: usize, settled: bool) -> anyhow::Result<()> {
    let nothing = || anyhow::anyhow!("the demo's data are incomplete");
    // Every eighth issue belongs to the first enterprise, so that its board is full.
    let place = if index.is_multiple_of(8) && !settled { 0 } else { index % world.enterprises.len() };
    let enterprise = world.enterprises.get(place).ok_or_else(nothing)?;
    let wanted = *STATES.get((index + index / 8) % STATES.len()).ok_or_else(nothing)?;
    let subject = world.subjects.get(index % world.subjects.len()).ok_or_else(nothing)?;
    let channel = world.channels.get(index % world.channels.len()).ok_or_else(nothing)?;
    let category = world.categories.iter().find(|one| one.id == subject.category).ok_or_else(nothing)?;
    let (unit, handler) = (0..)
        .zip(world.handlers)
        .find(|(_, one)| one.categories.contains(&subject.category))
        .ok_or_else(nothing)?;
    let parent = issues::open_one(db, &enterprise.id)?;
    let state = match wanted {
        _ if settled => State::Archived,
        // There is nothing to follow yet.
        State::Merged if parent.is_none() => State::Withdrawn,
        state => state,
    };

    let ending = said::ending(unit, index);
    let path = path(state, ending);
    let (start, promised) = moments::start(world, category, (state, ending), index);
    let mut issue = blank(enterprise, subject, channel, world, start, index)?;
    issues::insert(db, &issue)?;
    if state == State::Merged {
        issue.merged_into = parent;
    }
    let when = moments::moments(world, (start, promised), &path, state, index);
    for ((kind, to), at) in path.into_iter().zip(when) {
        let seen = issue.version;
        let deed = Deed { kind, to, at, index, ending, promised };
        let request = happen(db, world, &mut issue, handler, &deed)?;
        event(db, world, &issue, handler, &deed, request.as_deref())?;
        if settled && kind == Kind::Closed {
            invited::invite(db, &issue, at)?;
        }
        issue.state = word(to)?;
        issue.state_at = column(at);
        issue.is_open = workflow::is_open(to);
        issue.last_kind = word(kind)?;
        issue.last_at = column(at);
        issue.version += 1;
        wind(db, &mut issue, world.rules)?;
        issues::advance(db, &issue, seen)?;
        promise::count(db, &issue, world.rules, at)?;
    }
    Ok(())
}

/// One step of the past.
struct Deed {
    kind: Kind,
    to: State,
    at: Timestamp,
    index: usize,
    ending: Ending,
    promised: Promised,
}

/// The deeds that lead to a state.
fn path(state: State, ending: Ending) -> Vec<(Kind, State)> {
    use State as S;
    let mut path = vec![(Kind::Submitted, S::Submitted)];
    let early = match state {
        S::Submitted => return path,
        S::NeedInfo => Some((Kind::SupplementAsked, S::NeedInfo)),
        S::Rejected => Some((Kind::Rejected, S::Rejected)),
        S::Withdrawn => Some((Kind::Withdrawn, S::Withdrawn)),
        S::Merged => Some((Kind::Merged, S::Merged)),
        _ => None,
    };
    if let Some(last) = early {
        path.push(last);
        return path;
    }
    let line = [
        (Kind::Accepted, S::Accepted),
        (Kind::Assigned, S::Assigned),
        (Kind::Reached, S::Assigned),
        (Kind::Progressed, S::InProgress),
        (Kind::Reported, S::PendingReview),
        (Kind::Closed, S::Closed),
    ];
    let branch: &[(Kind, State)] = match state {
        S::ReturnRequested => &[(Kind::ReturnRequested, S::ReturnRequested)],
        S::CaseConference => &[(Kind::ConferenceOpened, S::CaseConference)],
        S::Deferred => &[(Kind::Deferred, S::Deferred)],
        S::Archived => said::aftermath(ending),
        S::Rectifying => &[(Kind::RectificationStarted, S::Rectifying)],
        S::FollowUp => &[(Kind::FollowedUp, S::FollowUp)],
        S::Reopened => &[(Kind::FollowedUp, S::FollowUp), (Kind::Reopened, S::Reopened)],
        _ => &[],
    };
    let trunk = match state {
        S::Accepted => 1,
        S::Assigned | S::ReturnRequested => 2,
        S::InProgress | S::CaseConference | S::Deferred => 4,
        S::PendingReview => 5,
        _ => 6,
    };
    path.extend(line.into_iter().take(trunk));
    path.extend_from_slice(branch);
    path
}

fn blank(
    enterprise: &Registered,
    subject: &Subject,
    channel: &ChannelRow,
    world: &World<'_>,
    start: Timestamp,
    index: usize,
) -> anyhow::Result<IssueRow> {
    let level = ["county", "city", "town"].get(index % 3).copied().unwrap_or("county");
    Ok(IssueRow {
        id: Ids.row(),
        enterprise_id: enterprise.id.clone(),
        number: format!("Q{}-{index:05}", world.rules.day(start).format("%Y%m%d")),
        subject: subject.title.clone(),
        body: subject.body.clone(),
        category_id: subject.category.clone(),
        channel_id: channel.id.clone(),
        level: level.to_owned(),
        state: word(State::Submitted)?,
        is_open: true,
        // Its first step is that it was submitted.
        version: 0,
        submitted_at: column(start),
        submitted_by: "demo".to_owned(),
        accepted_at: None,
        lead_unit_id: None,
        office_id: None,
        handler_id: None,
        first_due_on: None,
        due_on: None,
        due_at: None,
        provisional: false,
        last_kind: word(Kind::Submitted)?,
        last_at: column(start),
        closure_id: None,
        state_at: column(start),
        replied_at: None,
        review_on: None,
        supervision: "none".to_owned(),
        limit_at: None,
        next_at: None,
        merged_into: None,
        round: 1,
    })
}

/// The records that a deed leaves besides its event; gives the id of a request.
fn happen(
    db: &mut Db,
    world: &World<'_>,
    issue: &mut IssueRow,
    handler: &Handler,
    deed: &Deed,
) -> anyhow::Result<Option<String>> {
    let Deed { kind, to, at, index, ending, promised } = *deed;
    let (enterprise_id, issue_id) = (issue.enterprise_id.clone(), issue.id.clone());
    match kind {
        Kind::Accepted => {
            issue.accepted_at = Some(column(at));
            issue.first_due_on = Some(promised.due_on);
            issue.due_on = Some(promised.due_on);
            issue.due_at = Some(column(promised.due_at));
            issue.provisional = promised.provisional;
        }
        Kind::Assigned => {
            issue.lead_unit_id = Some(handler.unit.clone());
            issue.office_id = Some(handler.office.clone());
            issue.handler_id = Some(handler.id.clone());
            let by = said::by(world, handler, kind);
            let limit = contact_until(step::promised(issue), world.rules, at);
            enter(
                db,
                &AssignmentRow {
                    id: Ids.row(),
                    enterprise_id,
                    issue_id,
                    part: "lead".to_owned(),
                    unit_id: handler.unit.clone(),
                    office_id: Some(handler.office.clone()),
                    handler_id: Some(handler.id.clone()),
                    at: column(at),
                    by,
                    due_at: limit.map(|limit| column(limit.until.due_at)),
                },
                limit,
            )?;
        }
        Kind::ReturnRequested => return Ok(Some(records::request_return(db, issue, handler, at)?)),
        Kind::Reached => records::reach(db, issue, handler, at)?,
        Kind::Progressed if index.is_multiple_of(5) => extend(db, world, issue, at, index)?,
        Kind::Reported => issues::report(
            db,
            &ReportRow {
                id: Ids.row(),
                enterprise_id,
                issue_id,
                result: word(result(index))?,
                reply: REPLY.to_owned(),
                at: column(at),
                by: handler.id.clone(),
            },
        )?,
        Kind::Closed => {
            let by = said::by(world, handler, kind);
            close(db, world, issue, handler, promised, (at, &by), index)?;
        }
        Kind::RectificationStarted => rectify(db, world, issue, handler, at)?,
        Kind::Contacted => records::put_right(db, issue, handler, "contacted", at)?,
        Kind::Rectified => records::put_right(db, issue, handler, "fixed", at)?,
        Kind::Deferred => defer(db, world, issue, at)?,
        Kind::ConferenceOpened => confer(db, world, issue, handler, at)?,
        Kind::Archived => {
            let verdict = if index % 4 == 3 { Verdict::Bad } else { Verdict::Good };
            let given = match ending {
                Ending::Bad => (Tier::Owner, Round::Rectification, verdict),
                _ => (Tier::Owner, Round::First, Verdict::Good),
            };
            rate(db, world, issue, given, at)?;
            if index >= super::PAST && (ending == Ending::Bad || index.is_multiple_of(3)) {
                records::call_back(db, world, issue, verdict, at)?;
            }
        }
        Kind::Lapsed if index.is_multiple_of(2) => {
            // Somebody who had the code in his hand rated, and does not count.
            let soon = at - Duration::days(25);
            rate(db, world, issue, (Tier::Unverified, Round::First, Verdict::Good), soon)?;
        }
        Kind::Lapsed if index >= super::PAST && index.is_multiple_of(3) => {
            let soon = at - Duration::days(20);
            rate(db, world, issue, (Tier::CallBack, Round::First, Verdict::Good), soon)?;
        }
        Kind::FollowedUp if to == State::FollowUp && index.is_multiple_of(2) => {
            rate(db, world, issue, (Tier::Unverified, Round::First, Verdict::Good), at)?;
        }
        _ => {}
    }
    Ok(None)
}

fn event(
    db: &mut Db,
    world: &World<'_>,
    issue: &IssueRow,
    handler: &Handler,
    deed: &Deed,
    request: Option<&str>,
) -> anyhow::Result<()> {
    let detail = said::detail(deed.kind, issue, request, &word(result(deed.index))?);
    let row = EventRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        subject_id: issue.id.clone(),
        seq: events::next_seq(db, &issue.enterprise_id, &issue.id)?,
        kind: word(deed.kind)?,
        state: Some(word(deed.to)?),
        note: said::note(deed.kind, deed.index).map(ToOwned::to_owned),
        detail: detail.to_string(),
        at: column(deed.at),
        by: said::by(world, handler, deed.kind),
    };
    Ok(events::insert(db, &row)?)
}
