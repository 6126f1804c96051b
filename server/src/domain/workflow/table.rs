//! The table itself. A verb may have several rows; no two of them share a state.

use Role::{
    ClosureReviewer, Dispatcher, FollowUpOfficer, Handler, IntakeOfficer, Leader, Supervisor,
    UnitAdministrator,
};
use State::{
    Accepted, Archived, Assigned, CaseConference, Closed, Deferred, FollowUp, InProgress, Merged, NeedInfo,
    PendingReview, Rectifying, Rejected, Reopened, ReturnRequested, Submitted, Withdrawn,
};
use qiyema_protocol::{board::State, staff::Role, verb::Verb};

use super::{OPEN, Rule};

/// The centre's window.
const WINDOW: &[Role] = &[IntakeOfficer, Dispatcher];
/// People of the responsible unit.
const UNIT: &[Role] = &[Handler, UnitAdministrator];
/// Who rules for the centre.
const CENTRE: &[Role] = &[Dispatcher, Supervisor];
/// A unit holds the issue and its limit runs.
const HELD: &[State] = &[Assigned, InProgress, CaseConference];
/// Somebody can be urged.
const WATCHED: &[State] = &[
    Submitted,
    Accepted,
    Assigned,
    ReturnRequested,
    InProgress,
    CaseConference,
    PendingReview,
    Reopened,
    Deferred,
    Rectifying,
    FollowUp,
];
/// The state stays as it is.
const STAYS: &[State] = &[];

const fn staff(verb: Verb, from: &'static [State], to: &'static [State], roles: &'static [Role]) -> Rule {
    Rule { verb, from, to, roles, owner: false, timer: false }
}

/// The owner does it after the PIN; the window does it for an owner who telephones.
const fn owner(verb: Verb, from: &'static [State], to: &'static [State]) -> Rule {
    Rule { verb, from, to, roles: &[IntakeOfficer], owner: true, timer: false }
}

/// The clock does it by itself.
const fn timer(verb: Verb, from: &'static [State], to: &'static [State]) -> Rule {
    Rule { verb, from, to, roles: &[], owner: false, timer: true }
}

/// People do it, and the clock does it for them when they do not.
const fn either(rule: Rule) -> Rule {
    Rule { timer: true, ..rule }
}

/// Every legal step: verb, from, to, by whom.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    // the window
    staff(Verb::Accept, &[Submitted], &[Accepted], WINDOW),
    staff(Verb::Reject, &[Submitted], &[Rejected], WINDOW),
    staff(Verb::AskSupplement, &[Submitted], &[NeedInfo], WINDOW),
    // whose unit is not asked yet: afterwards a unit works by the promise that it was given
    staff(Verb::Reclassify, &[Submitted, NeedInfo, Accepted], STAYS, WINDOW),
    owner(Verb::Supplement, &[NeedInfo], &[Submitted]),
    timer(Verb::LapseSupplement, &[NeedInfo], &[Submitted]),
    owner(Verb::Appeal, &[Rejected], &[Submitted]),
    staff(Verb::Assign, &[Accepted, Reopened], &[Assigned], &[Dispatcher]),
    // the responsible unit
    either(staff(Verb::SignFor, &[Assigned, Reopened], &[InProgress], UNIT)),
    // also while somebody else decides: whoever was named may have left meanwhile
    staff(Verb::HandOver, &[Assigned, ReturnRequested, InProgress, CaseConference, Deferred, PendingReview, Reopened, Rectifying], STAYS, &[Dispatcher, UnitAdministrator]),
    staff(Verb::RequestReturn, &[Assigned, InProgress], &[ReturnRequested], UNIT),
    staff(Verb::RuleReturn, &[ReturnRequested], &[Assigned, InProgress], &[Dispatcher]),
    staff(Verb::Reach, &[Assigned, ReturnRequested, InProgress, CaseConference, PendingReview, Reopened], STAYS, UNIT),
    staff(Verb::Progress, &[Assigned, Reopened], &[InProgress], UNIT),
    staff(Verb::Progress, &[InProgress, CaseConference, Deferred], STAYS, UNIT),
    staff(Verb::RequestExtension, HELD, STAYS, UNIT),
    staff(Verb::Extend, &[Accepted, Assigned, InProgress, CaseConference, Reopened], STAYS, CENTRE),
    staff(Verb::RefuseExtension, HELD, STAYS, CENTRE),
    // several departments
    staff(Verb::AddAssisting, HELD, STAYS, &[Dispatcher, Handler, UnitAdministrator]),
    staff(Verb::Assist, &[Assigned, ReturnRequested, InProgress, CaseConference, Deferred], STAYS, UNIT),
    staff(Verb::OpenConference, &[InProgress], &[CaseConference], &[Dispatcher, Supervisor, Leader]),
    staff(Verb::HoldConference, &[CaseConference], &[InProgress], &[Leader]),
    // not solvable yet
    staff(Verb::RequestDeferral, &[InProgress], STAYS, UNIT),
    staff(Verb::Defer, &[InProgress], &[Deferred], CENTRE),
    staff(Verb::RefuseDeferral, &[InProgress], STAYS, CENTRE),
    staff(Verb::ReviewDeferral, &[Deferred], STAYS, CENTRE),
    staff(Verb::Resume, &[Deferred], &[InProgress], CENTRE),
    // closing
    staff(Verb::Report, &[InProgress], &[PendingReview], UNIT),
    staff(Verb::SendBack, &[PendingReview], &[InProgress], &[ClosureReviewer]),
    staff(Verb::Close, &[PendingReview], &[Closed], &[ClosureReviewer]),
    // after closing
    // as long as the owner may rate, wherever the issue has gone since it closed
    Rule { verb: Verb::Rectify, from: &[Closed, FollowUp, Archived], to: &[Rectifying], roles: &[], owner: true, timer: false },
    // it was put right once already: whoever calls decides whether it is handled again
    Rule { verb: Verb::Recheck, from: &[Archived], to: &[FollowUp], roles: &[], owner: true, timer: false },
    owner(Verb::Object, &[Closed, FollowUp], &[Rectifying]),
    staff(Verb::Contact, &[Rectifying], STAYS, UNIT),
    staff(Verb::Fix, &[Rectifying], &[FollowUp], UNIT),
    staff(Verb::FollowUp, &[Closed], &[FollowUp], &[FollowUpOfficer]),
    staff(Verb::Attempt, &[FollowUp], STAYS, &[FollowUpOfficer]),
    staff(Verb::Archive, &[FollowUp], &[Archived], &[FollowUpOfficer]),
    timer(Verb::Lapse, &[Closed], &[Archived]),
    timer(Verb::Archive, &[Closed], &[Archived]),
    staff(Verb::Reopen, &[FollowUp], &[Reopened], &[FollowUpOfficer]),
    // whatever is open
    owner(Verb::Withdraw, OPEN, &[Withdrawn]),
    staff(Verb::Merge, OPEN, &[Merged], WINDOW),
    // what another enterprise's issue followed ended without an answer: nobody ends a stranger's issue
    timer(Verb::Revive, &[Merged], &[Submitted, Accepted]),
    owner(Verb::AddFacts, OPEN, STAYS),
    owner(Verb::Urge, OPEN, STAYS),
    either(staff(Verb::Remind, WATCHED, STAYS, &[Dispatcher, Supervisor, Leader])),
    either(staff(Verb::Supervise, WATCHED, STAYS, &[Supervisor, Leader])),
    either(staff(Verb::Escalate, WATCHED, STAYS, &[Supervisor])),
    either(staff(Verb::Notify, WATCHED, STAYS, &[Supervisor, Leader])),
];
