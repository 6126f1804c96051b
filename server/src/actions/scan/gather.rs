//! Rows to facts: the only place that knows both. The records of a page's issues
//! are read together, and only those that its issues can have.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use qiyema_protocol::{
    beside::{ConferenceView, FirstContactView, RectificationView},
    board::{Card, PromiseChange, State},
    clocks::ClockKind,
    rating::Tier,
    text::Text,
    verb::Verb,
};
use serde_json::json;

use super::{
    super::{
        Refused, Rules,
        intake::attach,
        issue::{
            accept::limit,
            step::{self, Doer, timing_of},
        },
    },
    follow,
};
use crate::{
    clock::Timestamp,
    domain::{
        board::{self, Facts},
        clocks::{self, Timing},
        deadline::Limit,
        event::Kind,
        rounds::Given,
        words, workflow,
    },
    store::{
        QueryResult,
        attachments::{self, AttachmentRow},
        closures,
        columns::{moment, unword},
        conferences::{self, Held},
        connection::Db,
        deferrals::{self, ResumptionRow},
        directory::UnitRow,
        events::{self, EventRow},
        first_contacts::{self, Waiting},
        follow_ups,
        issues::{self, ExtensionRow, IssueRow, Shown},
        ratings::{self, GivenRow},
        rectifications, supervisions,
    },
};

/// The cards of a page.
pub(super) fn cards(
    db: &mut Db,
    enterprise: &str,
    shown: Vec<Shown>,
    tier: Tier,
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<Card>, Refused> {
    let records = Records::read(db, enterprise, &shown, tier)?;
    let parents = follow::parents(db, enterprise, &shown)?;
    let draw = |one: Shown| -> Result<Card, Refused> {
        let parent = one.issue.merged_into.clone();
        let mut facts = records.facts(one, rules)?;
        if let Some(parent) = parent.and_then(|id| parents.iter().find(|one| one.issue.id == id)) {
            follow::follow(&mut facts, enterprise, parent)?;
        }
        Ok(board::card(facts, tier, &rules.calendar, rules.zone, rules.full_names, at))
    };
    shown.into_iter().map(draw).collect()
}

/// Ratings as the rule about them knows them.
pub fn given<'a>(rows: impl Iterator<Item = &'a GivenRow>) -> QueryResult<Vec<Given>> {
    let one = |row: &GivenRow| {
        Ok(Given {
            tier: unword(&row.tier)?,
            round: unword(&row.round)?,
            verdict: unword(&row.verdict)?,
            at: moment(row.at),
        })
    };
    rows.map(one).collect()
}

/// What hangs on the issues of a page.
struct Records {
    extensions: Vec<ExtensionRow>,
    resumptions: Vec<ResumptionRow>,
    /// Issue, and when its present round began.
    rounds: Vec<(String, Option<NaiveDateTime>)>,
    ratings: Vec<GivenRow>,
    /// Closure, and when it was put right.
    fixed: Vec<(String, NaiveDateTime)>,
    /// Closures that may take longer to put right.
    fixing: HashMap<String, u32>,
    conferences: Vec<Held>,
    contacts: Vec<Waiting>,
    units: Vec<UnitRow>,
    /// Issue, limit and unit of what was urged, the latest first.
    urged: Vec<supervisions::Urged>,
    history: Vec<EventRow>,
    /// Issue and reply of what was closed in its rounds, oldest first.
    replies: Vec<(String, String)>,
    files: Vec<AttachmentRow>,
}

impl Records {
    fn read(db: &mut Db, enterprise: &str, shown: &[Shown], tier: Tier) -> QueryResult<Self> {
        let ids = |wanted: fn(&IssueRow) -> bool| -> Vec<String> {
            shown.iter().filter(|one| wanted(&one.issue)).map(|one| one.issue.id.clone()).collect()
        };
        let moved = ids(|issue| issue.due_on != issue.first_due_on);
        let pressed =
            ids(|issue| matches!(&*issue.last_kind, "reminded" | "supervised" | "escalated" | "notified"));
        let again = ids(|issue| issue.round > 1);
        let with_minutes = ids(|issue| {
            matches!(&*issue.state, "case_conference" | "in_progress" | "pending_review" | "deferred")
        });
        let held = ids(|issue| issue.is_open && issue.lead_unit_id.is_some());
        let closed = |wanted: fn(&IssueRow) -> bool| -> Vec<String> {
            let wanted = shown.iter().filter(|one| wanted(&one.issue));
            wanted.filter_map(|one| one.issue.closure_id.clone()).collect()
        };
        let rated = closed(|_| true);
        let checked = closed(|issue| matches!(&*issue.state, "follow_up" | "archived"));
        let conferences = unless_empty(&with_minutes, |ids| conferences::of_issues(db, enterprise, ids))?;
        let settled: Vec<String> = conferences
            .iter()
            .filter_map(|(_, held)| held.as_ref())
            .map(|held| held.unit_id.clone())
            .collect();
        let all = ids(|_| true);
        Ok(Self {
            units: unless_empty(&settled, |units| conferences::units(db, units))?,
            contacts: unless_empty(&held, |ids| {
                first_contacts::of_issues(db, &[enterprise.to_owned()], ids)
            })?,
            conferences,
            urged: unless_empty(&pressed, |ids| supervisions::latest(db, enterprise, ids))?,
            replies: if tier == Tier::Owner {
                unless_empty(&again, |ids| closures::replies(db, enterprise, ids))?
            } else {
                Vec::new()
            },
            extensions: unless_empty(&moved, |ids| issues::extensions(db, enterprise, ids))?,
            resumptions: unless_empty(&moved, |ids| deferrals::resumptions(db, enterprise, ids))?,
            rounds: unless_empty(&again, |ids| follow_ups::reopened(db, enterprise, ids))?,
            ratings: unless_empty(&rated, |ids| ratings::all_of_closures(db, enterprise, ids))?,
            fixing: step::fix_days(db, shown.iter().map(|one| &one.issue))?,
            fixed: unless_empty(&checked, |ids| rectifications::fixed(db, enterprise, ids))?,
            files: if tier == Tier::Owner {
                attachments::of_issues(db, enterprise, &all)?
            } else {
                Vec::new()
            },
            history: if tier == Tier::Owner { events::of_issues(db, enterprise, &all)? } else { Vec::new() },
        })
    }

    fn facts(&self, one: Shown, rules: &Rules) -> Result<Facts, Refused> {
        let issue = one.issue;
        let state: State = unword(&issue.state)?;
        let closure_id = issue.closure_id.as_ref();
        let fixed_at =
            self.fixed.iter().find(|(closure, _)| Some(closure) == closure_id).map(|(_, at)| moment(*at));
        let fix_days = closure_id.and_then(|id| self.fixing.get(id)).copied();
        let rectification = rectification(&issue, state, fix_days, fixed_at, rules);
        let step_until = step_until(&issue, limit(&one.category), state, rules);
        let closure = match one.closure {
            None => None,
            Some(row) => Some(board::Closed {
                result: unword(&row.result)?,
                at: moment(row.at),
                rate_until: row.rate_until,
                reply: row.reply,
                given: given(self.ratings.iter().filter(|rating| rating.closure_id == row.id))?,
                fixed_at,
                days: rules.rating_days,
            }),
        };
        let files = self.files.iter().filter(|file| file.issue_id == issue.id && file.for_owner).cloned();
        // What an earlier round was closed with stands with that closing.
        let mut replies = self.replies.iter().filter(|(id, _)| *id == issue.id).map(|(_, reply)| reply);
        let entries = self.history.iter().filter(|row| row.subject_id == issue.id).map(|row| {
            let kind: Kind = unword(&row.kind)?;
            let reply = if kind == Kind::Closed { replies.next() } else { None };
            let told =
                kind.says_more().then(|| kind.told(&serde_json::from_str(&row.detail).unwrap_or_default()));
            let note = row.note.clone().or(reply.cloned());
            Ok(board::Happened { kind, told: told.flatten(), at: moment(row.at), note })
        });
        Ok(Facts {
            state,
            follows: None,
            followed: None,
            category: Text::new(one.category.name_zh, one.category.name_en),
            unit: one.unit.map(|unit| Text::new(unit.name_zh, unit.name_en)),
            office: one.office.map(|office| (Text::new(office.name_zh, office.name_en), office.phone)),
            handler: one.handler,
            submitted_at: moment(issue.submitted_at),
            last: self.last(&issue)?,
            first_due_on: issue.first_due_on,
            due_on: issue.due_on,
            due_at: issue.due_at.map(moment),
            provisional: issue.provisional,
            changes: self.changes(&issue)?,
            closure,
            round: u32::try_from(issue.round).unwrap_or(1),
            supervision: unword(&issue.supervision)?,
            first_contact: self.first_contact(&issue, state),
            step_until,
            review_on: issue.review_on,
            conference: self.conference(&issue, state),
            rectification,
            attachments: files.map(attach::view).collect::<Result<_, _>>()?,
            history: entries.collect::<QueryResult<_>>()?,
            number: issue.number,
            subject: issue.subject,
            body: issue.body,
        })
    }

    /// What happened last; of an urging, which limit was late.
    fn last(&self, issue: &IssueRow) -> QueryResult<board::Happened> {
        let kind: Kind = unword(&issue.last_kind)?;
        let urged = self.urged.iter().find(|(id, ..)| *id == issue.id).filter(|_| kind.urges());
        let told = urged.and_then(|(_, clock, unit)| kind.told(&json!({ "clock": clock, "unit": unit })));
        Ok(board::Happened { kind, told, at: moment(issue.last_at), note: None })
    }

    /// What happened before an issue was reopened belongs to an earlier round.
    fn is_of_this_round(&self, issue: &IssueRow, at: NaiveDateTime) -> bool {
        let began = self.rounds.iter().find(|(id, _)| *id == issue.id).and_then(|(_, began)| *began);
        began.is_none_or(|began| at >= began)
    }

    /// How the promise of the present round moved, oldest first.
    fn changes(&self, issue: &IssueRow) -> QueryResult<Vec<PromiseChange>> {
        let now = |at| self.is_of_this_round(issue, at);
        let mut changes = Vec::new();
        for row in self.extensions.iter().filter(|row| row.issue_id == issue.id && now(row.at)) {
            let reason = unword(&row.reason)?;
            changes.push(PromiseChange {
                from: row.from_on,
                to: row.to_on,
                reason: Some(reason),
                reason_text: words::extension_reason(reason),
                at: moment(row.at),
            });
        }
        for row in self.resumptions.iter().filter(|row| row.issue_id == issue.id && now(row.at)) {
            changes.push(PromiseChange {
                from: row.from_on,
                to: row.to_on,
                reason: None,
                // The clock itself counts anew for one reason only.
                reason_text: if row.by == Doer::Timer.by() { words::revived() } else { words::resumed() },
                at: moment(row.at),
            });
        }
        changes.sort_by_key(|change| change.at);
        Ok(changes)
    }

    /// How the owner hears from the unit that has an open issue in this round. It is announced as
    /// long as its clock runs, and said once it was done; nothing of it is due while an issue is deferred.
    fn first_contact(&self, issue: &IssueRow, state: State) -> Option<FirstContactView> {
        let waited = self.contacts.iter().find(|one| one.issue_id == issue.id)?;
        let runs = workflow::rule(state, Verb::Reach).is_some();
        let said = runs || (waited.at.is_some() && state != State::Deferred);
        said.then_some(FirstContactView {
            until: moment(waited.due_at?),
            provisional: waited.until().is_some() && waited.provisional,
            at: waited.at.map(moment),
        })
    }

    /// The latest conference of an open issue.
    fn conference(&self, issue: &IssueRow, state: State) -> Option<ConferenceView> {
        let mine = |(row, _): &&Held| row.issue_id == issue.id && self.is_of_this_round(issue, row.at);
        let (row, held) = self.conferences.iter().rev().find(mine).filter(|_| workflow::is_open(state))?;
        let unit = held.as_ref().and_then(|held| self.units.iter().find(|unit| unit.id == held.unit_id));
        Some(ConferenceView {
            planned_on: row.planned_on,
            held_on: held.as_ref().map(|held| held.held_on),
            unit: unit.map(|unit| Text::new(unit.name_zh.clone(), unit.name_en.clone())),
            due_on: held.as_ref().map(|held| held.due_on),
        })
    }
}

/// A query for nothing is not asked.
fn unless_empty<T>(
    ids: &[String],
    query: impl FnOnce(&[String]) -> QueryResult<Vec<T>>,
) -> QueryResult<Vec<T>> {
    if ids.is_empty() { Ok(Vec::new()) } else { query(ids) }
}

/// Until when it is accepted, or the owner can add what was asked for.
fn step_until(issue: &IssueRow, handling: Limit, state: State, rules: &Rules) -> Option<NaiveDate> {
    // Of an urgent category it is accepted within its own limit.
    let timing = Timing { handling: Some(handling), ..timing_of(issue, state, None, None) };
    let running = clocks::running(&timing, &rules.limits, &rules.calendar, rules.zone);
    running
        .iter()
        .find(|clock| matches!(clock.kind, ClockKind::Accept | ClockKind::Supplement))
        .map(|clock| clock.until.due_on)
}

/// How far a rectification is, from the clocks that run for it.
fn rectification(
    issue: &IssueRow,
    state: State,
    fix_days: Option<u32>,
    fixed_at: Option<Timestamp>,
    rules: &Rules,
) -> Option<RectificationView> {
    if state != State::Rectifying && !(state == State::FollowUp && fixed_at.is_some()) {
        return None;
    }
    let timing = timing_of(issue, state, None, fix_days);
    let running = clocks::running(&timing, &rules.limits, &rules.calendar, rules.zone);
    let until = |kind| running.iter().find(|clock| clock.kind == kind).map(|clock| clock.until.due_on);
    let contact_until = until(ClockKind::Contact);
    Some(RectificationView {
        contacted: contact_until.is_none(),
        // Nothing that was said before counts, so what is noted here was said after the rating.
        contacted_on: timing.replied_at.filter(|_| contact_until.is_none()).map(|at| rules.day(at)),
        fixed: fixed_at.is_some(),
        fixed_on: fixed_at.map(|at| rules.day(at)),
        contact_until,
        fix_until: until(ClockKind::Fix),
        check_until: until(ClockKind::Recheck),
        provisional: running.iter().any(|clock| clock.until.provisional),
    })
}
