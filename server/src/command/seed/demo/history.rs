//! The past of a demo issue: it walks the workflow's own transitions, with an
//! event a step, so that the demo cannot show what the rules do not allow.

use chrono::{Days, Duration, SubsecRound, TimeZone};
use qiyema_protocol::{
    board::State,
    rating::{Tier, Verdict},
};

use super::{
    Handler, Registered, Subject,
    records::{REPLY, UNSOLVABLE, close, confer, defer, extend, rate, rectify, result},
};
use crate::{
    actions::{
        Rules,
        issue::{accept::limit, step::wind},
    },
    clock::{Ids, Timestamp},
    domain::{
        deadline::{self, Promised},
        event::Kind,
        workflow,
    },
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

/// Working days left that the lamps of the demo show in turn.
const LEFT: [i32; 6] = [5, 1, 0, -2, 3, -1];

/// Writes one issue with its past.
pub(super) fn write(db: &mut Db, world: &World<'_>, index: usize) -> anyhow::Result<()> {
    let nothing = || anyhow::anyhow!("the demo's data are incomplete");
    // Every eighth issue belongs to the first enterprise, so that its board is full.
    let place = if index.is_multiple_of(8) { 0 } else { index % world.enterprises.len() };
    let enterprise = world.enterprises.get(place).ok_or_else(nothing)?;
    let state = *STATES.get((index + index / 8) % STATES.len()).ok_or_else(nothing)?;
    let subject = world.subjects.get(index % world.subjects.len()).ok_or_else(nothing)?;
    let channel = world.channels.get(index % world.channels.len()).ok_or_else(nothing)?;
    let category = world.categories.iter().find(|one| one.id == subject.category).ok_or_else(nothing)?;
    let handler =
        world.handlers.iter().find(|one| one.categories.contains(&subject.category)).ok_or_else(nothing)?;

    let path = path(state);
    let (start, promised) = start(world, category, state, index);
    let mut issue = blank(enterprise, subject, channel, world, start, index)?;
    issues::insert(db, &issue)?;
    let steps = i32::try_from(path.len()).unwrap_or(i32::MAX);
    for (step, (kind, to)) in (0..).zip(path) {
        let even = start + (world.now - start) / (steps + 1) * step;
        // The clock moves these on by itself after a working day or so: they got there a moment ago.
        let waits = matches!(state, State::NeedInfo | State::Assigned | State::Reopened) && to == state;
        let at = if waits { even.max(world.now - Duration::hours(3)) } else { even }.trunc_subsecs(3);
        let seen = issue.version;
        happen(db, world, &mut issue, handler, promised, (kind, to), at, index)?;
        event(db, &issue, kind, to, at, handler)?;
        issue.state = word(to)?;
        issue.state_at = column(at);
        issue.is_open = workflow::is_open(to);
        issue.last_kind = word(kind)?;
        issue.last_at = column(at);
        if kind != Kind::Submitted {
            issue.version += 1;
        }
        wind(db, &mut issue, world.rules)?;
        issues::advance(db, &issue, seen)?;
    }
    Ok(())
}

/// The deeds that lead to a state.
fn path(state: State) -> Vec<(Kind, State)> {
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
        (Kind::Progressed, S::InProgress),
        (Kind::Reported, S::PendingReview),
        (Kind::Closed, S::Closed),
    ];
    let branch: &[(Kind, State)] = match state {
        S::ReturnRequested => &[(Kind::ReturnRequested, S::ReturnRequested)],
        S::CaseConference => &[(Kind::ConferenceOpened, S::CaseConference)],
        S::Deferred => &[(Kind::Deferred, S::Deferred)],
        S::Archived => &[(Kind::Archived, S::Archived)],
        S::Rectifying => &[(Kind::RectificationStarted, S::Rectifying)],
        S::FollowUp => &[(Kind::FollowedUp, S::FollowUp)],
        S::Reopened => &[(Kind::FollowedUp, S::FollowUp), (Kind::Reopened, S::Reopened)],
        _ => &[],
    };
    let trunk = match state {
        S::Accepted => 1,
        S::Assigned | S::ReturnRequested => 2,
        S::InProgress | S::CaseConference | S::Deferred => 3,
        S::PendingReview => 4,
        _ => 5,
    };
    path.extend(line.into_iter().take(trunk));
    path.extend_from_slice(branch);
    path
}

/// When work began, chosen so that the lamp shows what this issue is to show.
fn start(world: &World<'_>, category: &CategoryRow, state: State, index: usize) -> (Timestamp, Promised) {
    let rules = world.rules;
    let today = rules.day(world.now);
    let wanted = LEFT.get(index % LEFT.len()).copied().unwrap_or_default();
    // Closed issues began long enough ago to have been worked on.
    let least =
        if workflow::lamp_runs(state) { 0 } else { 12 + u64::try_from(index % 9).unwrap_or_default() };
    for back in least..90 {
        let Some(day) = today.checked_sub_days(Days::new(back)) else { break };
        let Some(local) = day.and_hms_opt(9, 30, 0) else { break };
        let Some(morning) = rules.zone.from_local_datetime(&local).earliest() else { break };
        let at = morning.to_utc().min(world.now - Duration::hours(6));
        let promised = deadline::promise(at, limit(category), &rules.calendar, rules.zone);
        let left = rules.calendar.working_days_left(today, promised.due_on);
        if !workflow::lamp_runs(state) || left <= wanted {
            return (at, promised);
        }
    }
    let at = world.now - Duration::days(90);
    (at, deadline::promise(at, limit(category), &rules.calendar, rules.zone))
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
        version: 1,
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
        next_clock: None,
        next_at: None,
        merged_into: None,
        round: 1,
    })
}

/// The records that a deed leaves besides its event.
#[expect(clippy::too_many_arguments, reason = "one private call; a struct would only rename them")]
fn happen(
    db: &mut Db,
    world: &World<'_>,
    issue: &mut IssueRow,
    handler: &Handler,
    promised: Promised,
    (kind, to): (Kind, State),
    at: Timestamp,
    index: usize,
) -> anyhow::Result<()> {
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
            issues::assign(
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
                    by: "demo".to_owned(),
                    due_at: None,
                },
            )?;
        }
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
        Kind::Closed => close(db, world, issue, handler, promised, at, index)?,
        Kind::RectificationStarted => rectify(db, world, issue, handler, at)?,
        Kind::Deferred => defer(db, world, issue, at)?,
        Kind::ConferenceOpened => confer(db, world, issue, handler, at)?,
        Kind::Archived if index % 3 == 1 => {
            rate(db, world, issue, (Tier::Owner, Verdict::Good), at)?;
        }
        Kind::FollowedUp if to == State::FollowUp && index.is_multiple_of(2) => {
            rate(db, world, issue, (Tier::Unverified, Verdict::Good), at)?;
        }
        _ => {}
    }
    Ok(())
}

fn event(
    db: &mut Db,
    issue: &IssueRow,
    kind: Kind,
    to: State,
    at: Timestamp,
    handler: &Handler,
) -> anyhow::Result<()> {
    let note = match kind {
        Kind::Progressed => Some("已联系企业核实情况,正在协调处理。".to_owned()),
        Kind::Deferred => Some(UNSOLVABLE.to_owned()),
        _ => None,
    };
    let row = EventRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        subject_id: issue.id.clone(),
        seq: events::next_seq(db, &issue.enterprise_id, &issue.id)?,
        kind: word(kind)?,
        state: Some(word(to)?),
        note,
        detail: "{}".to_owned(),
        at: column(at),
        by: handler.id.clone(),
    };
    Ok(events::insert(db, &row)?)
}
