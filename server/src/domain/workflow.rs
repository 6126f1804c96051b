//! The workflow of an issue: every verb, from where it may be used, where it
//! leads, and who may use it, in one table. Everything that moves an issue goes
//! through [`rule`]; nothing else knows a transition.

mod sentences;
mod table;

use State::{
    Accepted, Archived, Assigned, CaseConference, Closed, Deferred, FollowUp, InProgress, Merged, NeedInfo,
    PendingReview, Rectifying, Rejected, Reopened, ReturnRequested, Submitted, Withdrawn,
};
use qiyema_protocol::{
    board::{State, Step},
    staff::Role,
    verb::Verb,
};

pub use sentences::{owner_sentence, verb_name};
pub use table::RULES;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What is done.
    pub verb: Verb,
    /// From these states.
    pub from: &'static [State],
    /// To one of these; empty: the state stays.
    pub to: &'static [State],
    /// Roles that may do it, within their units.
    pub roles: &'static [Role],
    /// Whether the owner may do it, after the PIN.
    pub owner: bool,
    /// Whether the clock does it by itself.
    pub timer: bool,
}

impl Rule {
    /// Whether the rule leads from one state to the other.
    #[must_use]
    pub fn leads(&self, from: State, to: State) -> bool {
        self.from.contains(&from) && if self.to.is_empty() { from == to } else { self.to.contains(&to) }
    }
}

/// The row for a verb in a state, if the verb is legal there.
#[must_use]
pub fn rule(from: State, verb: Verb) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.verb == verb && rule.from.contains(&from))
}

/// The verbs that are legal for people of the centre in a state, in the table's order. What only the owner
/// or the clock does there is not among them.
#[must_use]
pub fn legal(from: State) -> Vec<Verb> {
    let theirs = |rule: &&Rule| rule.from.contains(&from) && !rule.roles.is_empty();
    RULES.iter().filter(theirs).map(|rule| rule.verb).collect()
}

/// What the owner may do in a state. What a rating does by itself is not offered as a deed.
#[must_use]
pub fn owner_deeds(from: State) -> Vec<Verb> {
    let offered = |rule: &&Rule| {
        rule.owner && !matches!(rule.verb, Verb::Rectify | Verb::Recheck) && rule.from.contains(&from)
    };
    RULES.iter().filter(offered).map(|rule| rule.verb).collect()
}

/// States that may follow, without repetition.
#[must_use]
pub fn next(from: State) -> Vec<State> {
    let mut states = Vec::new();
    for to in RULES.iter().filter(|rule| rule.from.contains(&from)).flat_map(|rule| rule.to) {
        if !states.contains(to) {
            states.push(*to);
        }
    }
    states
}

/// Whether one state may follow another.
#[must_use]
pub fn allows(from: State, to: State) -> bool {
    next(from).contains(&to)
}

/// States in which work is still owed to the owner: an issue in one of them can be withdrawn or merged.
pub const OPEN: &[State] = &[
    Submitted,
    NeedInfo,
    Accepted,
    Assigned,
    ReturnRequested,
    InProgress,
    CaseConference,
    Deferred,
    PendingReview,
    Reopened,
];

/// Work is still owed to the owner.
#[must_use]
pub fn is_open(state: State) -> bool {
    OPEN.contains(&state)
}

/// The handling clock shows a lamp. It never stops for a return, a conference or a review.
#[must_use]
pub const fn lamp_runs(state: State) -> bool {
    matches!(
        state,
        Accepted | Assigned | ReturnRequested | InProgress | CaseConference | PendingReview | Reopened
    )
}

/// The owner's progress bar: 已提交 → 已受理 → 办理中 → 已办结 → 已评价.
#[must_use]
pub const fn step(state: State, rated: bool) -> Step {
    match state {
        Submitted | NeedInfo | Rejected | Withdrawn | Merged => Step::Submitted,
        Accepted => Step::Accepted,
        Assigned | ReturnRequested | InProgress | CaseConference | Deferred | PendingReview | Reopened => {
            Step::Handling
        }
        Closed | FollowUp | Rectifying | Archived => {
            if rated {
                Step::Rated
            } else {
                Step::Closed
            }
        }
    }
}

#[cfg(test)]
mod tests;
