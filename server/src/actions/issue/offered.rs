//! What a person can really do now on an issue: the state, the rights, and what
//! happened before, judged together. Every front offers this and nothing else.
//! The actions judge again; a test holds the two against each other.

use qiyema_protocol::{
    board::State,
    staff::{RequestKind, Role},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    apart::{apart, measured},
    ask_supplement, close,
    hand_over::movable,
    reclassify, request_return,
    step::promised,
    urge::same_working_day,
};
use crate::{
    actions::rights::{Actor, Object},
    clock::Timestamp,
    domain::{
        deadline::{self, Limit},
        event::Kind,
        workflow,
    },
    store::{
        closures,
        columns::{moment, unword, word},
        conferences,
        connection::Db,
        directory, events,
        flow::{self, Asked, Ruled},
        issues::{self, ClosureRow, IssueRow},
        people,
        rectifications::{self, StepRow},
        supervisions,
    },
};

/// The verbs, in the table's order. The number of statements does not grow with the issue.
pub fn offered(
    db: &mut Db,
    actor: &Actor,
    issue: &IssueRow,
    assisting: &[String],
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<Verb>, Refused> {
    let state: State = unword(&issue.state)?;
    let object = Object::of(issue, assisting);
    let mut verbs = workflow::legal(state);
    verbs.retain(|verb| actor.decide(*verb, &object).is_ok());
    if verbs.is_empty() {
        return Ok(verbs);
    }
    let past = Past::read(db, actor, issue)?;
    let now = Now { actor, issue, past: &past, rules, at };
    verbs.retain(|verb| now.can(*verb));
    if verbs.contains(&Verb::HandOver)
        && !(another(db, issue)? && movable(db, issue, issue.handler_id.as_deref())?)
    {
        verbs.retain(|verb| *verb != Verb::HandOver);
    }
    if verbs.contains(&Verb::Reclassify) && !reclassify::possible(db, issue, rules, at)? {
        verbs.retain(|verb| *verb != Verb::Reclassify);
    }
    Ok(verbs)
}

/// Whether the unit has a handler besides the one who handles it.
fn another(db: &mut Db, issue: &IssueRow) -> Result<bool, Refused> {
    let now = people::usernames(db, issue.handler_id.as_slice())?;
    let other = |username: &String| now.iter().all(|(_, own)| own != username);
    Ok(directory::handlers(db)?
        .into_iter()
        .any(|(username, _, unit)| Some(&unit) == issue.lead_unit_id.as_ref() && other(&username)))
}

/// What happened to an issue, as far as it decides what may happen next.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, none excludes another")]
struct Past {
    rejected_by: Vec<String>,
    appealed_by: Vec<String>,
    requests: Vec<Ruled>,
    assignments: Vec<Asked>,
    /// What the actor's unit owes as an assisting one: the assignment, the unit.
    owed: Option<(String, String)>,
    extended: bool,
    reported_by: Option<String>,
    closure: Option<ClosureRow>,
    /// Steps of the rectification, if one was opened.
    rectified: Option<Vec<StepRow>>,
    urged: Option<Timestamp>,
    followed: bool,
    conferring: bool,
    /// The enterprise was told what is missing.
    told: bool,
    /// The unit that leads now closed the issue once.
    closed_here: bool,
    /// Whether the actor may call back: had no part in it, now or before.
    apart: Result<(), Refused>,
}

impl Past {
    fn read(db: &mut Db, actor: &Actor, issue: &IssueRow) -> Result<Self, Refused> {
        let (enterprise, id) = (&*issue.enterprise_id, &*issue.id);
        let one = std::slice::from_ref(&issue.id);
        let closure = match &issue.closure_id {
            Some(closure) => closures::find(db, enterprise, closure)?,
            None => None,
        };
        let opened = match &closure {
            Some(closure) => rectifications::of_closure(db, enterprise, &closure.id)?,
            None => None,
        };
        let told = issue.state == word(State::Submitted)? && ask_supplement::told(db, issue)?;
        let closed_here = match (&issue.closure_id, &issue.lead_unit_id) {
            (Some(_), Some(unit)) => request_return::closed_by(db, issue, unit)?,
            _ => false,
        };
        let calls_back = actor.roles.contains(&Role::FollowUpOfficer);
        let apart = if calls_back { apart(db, actor, issue) } else { Ok(()) };
        let apart = match apart {
            Ok(()) | Err(Refused::OwnWork(_)) => apart,
            Err(other) => return Err(other),
        };
        Ok(Self {
            apart,
            told,
            closed_here,
            rejected_by: events::by_whom(db, enterprise, id, &word(Kind::Rejected)?)?,
            appealed_by: events::by_whom(db, enterprise, id, &word(Kind::Appealed)?)?,
            requests: flow::requests(db, enterprise, id)?,
            assignments: flow::assignments(db, enterprise, id)?,
            owed: flow::unanswered(db, enterprise, id, &actor.units)?,
            extended: issues::extensions(db, enterprise, one)?.iter().any(|row| row.round == issue.round),
            reported_by: issues::latest_report(db, enterprise, id)?.map(|report| report.by),
            rectified: match opened {
                Some(opened) => Some(rectifications::steps(db, enterprise, &opened.id)?),
                None => None,
            },
            closure,
            urged: supervisions::last_urged(db, enterprise, id)?.map(moment),
            followed: !flow::children(db, id)?.is_empty(),
            conferring: conferences::of_issues(db, enterprise, one)?.iter().any(|(_, held)| held.is_none()),
        })
    }

    fn requests_of(&self, kind: RequestKind) -> impl Iterator<Item = &Ruled> {
        self.requests.iter().filter(move |(row, ..)| word(kind).is_ok_and(|word| word == row.kind))
    }

    /// The one that waits for a ruling.
    fn waiting(&self, kind: RequestKind) -> Option<&Ruled> {
        self.requests_of(kind).filter(|(.., ruling)| ruling.is_none()).last()
    }
}

struct Now<'a> {
    actor: &'a Actor,
    issue: &'a IssueRow,
    past: &'a Past,
    rules: &'a Rules,
    at: Timestamp,
}

impl Now<'_> {
    /// Whether no guard of the action stands against it; state and rights were judged.
    fn can(&self, verb: Verb) -> bool {
        let past = self.past;
        match verb {
            Verb::Accept | Verb::Reject => !self.rejected_it(),
            Verb::Reclassify => self.issue.accepted_at.is_some() || !self.rejected_it(),
            Verb::AskSupplement => !past.told && !self.rejected_it(),
            Verb::Withdraw => self.may_end_it(),
            Verb::Merge => self.may_end_it() && !past.followed,
            Verb::Appeal => past.appealed_by.is_empty(),
            Verb::SignFor => self.may_sign(),
            Verb::Progress => self.issue.handler_id.is_some() || self.is(Role::Handler),
            Verb::RequestReturn => self.may_return(),
            Verb::RuleReturn => self.anothers(RequestKind::Return),
            Verb::RequestExtension => {
                // Once a unit and round, as the action has it.
                let mine = |(row, ..): &&Ruled| {
                    row.round == self.issue.round && Some(&row.unit_id) == self.issue.lead_unit_id.as_ref()
                };
                !past.requests_of(RequestKind::Extension).any(|one| mine(&one)) && self.extendable(self.at)
            }
            Verb::Extend => {
                let asked = past.waiting(RequestKind::Extension).map(|(row, ..)| moment(row.at));
                let own =
                    past.waiting(RequestKind::Extension).is_some_and(|(row, ..)| row.by == self.actor.id);
                !own && !self.measured() && self.extendable(asked.unwrap_or(self.at))
            }
            Verb::RefuseExtension => self.anothers(RequestKind::Extension),
            Verb::Assist => past.owed.is_some(),
            Verb::HoldConference => past.conferring,
            Verb::RequestDeferral => past.waiting(RequestKind::Deferral).is_none(),
            Verb::Defer => {
                promised(self.issue).is_some()
                    && !self.measured()
                    && past.waiting(RequestKind::Deferral).is_none_or(|(row, ..)| row.by != self.actor.id)
            }
            Verb::ReviewDeferral => !self.measured(),
            Verb::RefuseDeferral => self.anothers(RequestKind::Deferral),
            Verb::SendBack | Verb::Close => {
                !self.did_it() && !close::of_lead(self.actor, self.issue, self.rules)
            }
            Verb::Object => {
                let today = self.rules.day(self.at);
                let in_time = past.closure.as_ref().is_some_and(|closure| today <= closure.rate_until);
                in_time && past.rectified.is_none()
            }
            Verb::Contact => past.rectified.is_some(),
            Verb::Fix => past
                .rectified
                .as_ref()
                .is_some_and(|steps| steps.iter().any(|step| step.kind == super::fix::CONTACTED)),
            Verb::FollowUp | Verb::Attempt | Verb::Archive | Verb::Reopen => {
                past.closure.is_some() && past.apart.is_ok() && self.stands_apart()
            }
            Verb::Urge => past.urged.is_none_or(|last| !same_working_day(self.rules, last, self.at)),
            _ => true,
        }
    }

    /// A request waits that somebody else made.
    fn anothers(&self, kind: RequestKind) -> bool {
        self.past.waiting(kind).is_some_and(|(row, ..)| row.by != self.actor.id)
    }

    fn rejected_it(&self) -> bool {
        self.past.rejected_by.contains(&self.actor.id)
    }

    /// Whoever is measured by the clock does not stop it.
    fn measured(&self) -> bool {
        measured(self.actor, self.issue, self.rules)
    }

    /// Nor does whoever rejected it end the appeal.
    fn may_end_it(&self) -> bool {
        !self.measured() && (self.issue.accepted_at.is_some() || !self.rejected_it())
    }

    fn is(&self, role: Role) -> bool {
        self.actor.roles.contains(&role)
    }

    fn handles_it(&self) -> bool {
        self.issue.handler_id.as_deref() == Some(&*self.actor.id)
    }

    /// Where somebody else was named, only the administrator signs for him.
    fn may_sign(&self) -> bool {
        self.issue.handler_id.is_none() || self.handles_it() || self.is(Role::UnitAdministrator)
    }

    fn may_return(&self) -> bool {
        let Some(unit) = &self.issue.lead_unit_id else { return false };
        let asked = self.past.requests_of(RequestKind::Return).any(|(row, ..)| row.unit_id == *unit);
        let led =
            self.past.assignments.iter().rfind(|one| one.row.part == "lead" && one.row.unit_id == *unit);
        let within = Limit::WorkingDays(self.rules.limits.return_within);
        let until = led.map(|one| {
            deadline::promise(moment(one.row.at), within, &self.rules.calendar, self.rules.zone).due_at
        });
        !asked && !self.past.closed_here && until.is_some_and(|until| self.at <= until)
    }

    /// By one day, if that was asked for at this moment.
    fn extendable(&self, asked_at: Timestamp) -> bool {
        let (today, longest) = (self.rules.day(asked_at), self.rules.limits.extension);
        self.issue.due_on.is_some_and(|due_on| {
            let calendar = &self.rules.calendar;
            deadline::extension_allowed(today, due_on, self.past.extended, 1, longest, calendar).is_ok()
        })
    }

    /// Whoever handles it or reported the result.
    fn did_it(&self) -> bool {
        self.handles_it() || self.past.reported_by.as_ref() == Some(&self.actor.id)
    }

    /// Whoever checks the result had no part in it.
    fn stands_apart(&self) -> bool {
        let (past, me) = (self.past, &self.actor.id);
        let closed = past.closure.as_ref().is_some_and(|closure| closure.handler_id == *me);
        let fixed = past.rectified.iter().flatten().any(|step| step.by == *me);
        !self.did_it() && !closed && !fixed
    }
}
