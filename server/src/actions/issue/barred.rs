//! Why somebody whose role has the next step is not offered it: he judged it before, or it is his own work.
//! The actions refuse with the same words; who only looks is not told what he could not do anyway.

use qiyema_protocol::{board::State, staff::Role, text::Text, verb::Verb};

use super::{
    super::{Refused, Rules, rights::Actor},
    apart::{another_officer, apart, no_clock_of_his_own},
    appeal::by_another,
    close::judges,
};
use crate::store::{
    connection::Db,
    issues::{self, IssueRow},
    requests,
};

/// The reason; none where a step is offered, or none of his.
pub(super) fn why(
    db: &mut Db,
    actor: &Actor,
    issue: &IssueRow,
    (state, offered): (State, &[Verb]),
    rules: &Rules,
) -> Result<Option<Text>, Refused> {
    let is = |role| actor.roles.contains(&role);
    let lacks = |verb| !offered.contains(&verb);
    let (window, centre) =
        (is(Role::IntakeOfficer) || is(Role::Dispatcher), is(Role::Dispatcher) || is(Role::Supervisor));
    let judged = match state {
        State::Submitted if window && lacks(Verb::Accept) => by_another(db, issue, actor),
        State::PendingReview if is(Role::ClosureReviewer) && lacks(Verb::Close) => {
            let report = issues::latest_report(db, &issue.enterprise_id, &issue.id)?;
            judges(actor, issue, report.as_ref(), rules)
        }
        State::Closed | State::FollowUp if is(Role::FollowUpOfficer) && lacks(Verb::FollowUp) => {
            apart(db, actor, issue)
        }
        State::ReturnRequested if is(Role::Dispatcher) && lacks(Verb::RuleReturn) => {
            own(db, actor, issue, "return")
        }
        State::Assigned | State::InProgress | State::CaseConference if centre && lacks(Verb::Extend) => {
            let asked = own(db, actor, issue, "extension").and_then(|()| own(db, actor, issue, "deferral"));
            asked.and_then(|()| no_clock_of_his_own(actor, issue, rules))
        }
        _ => Ok(()),
    };
    match judged {
        Ok(()) => Ok(None),
        Err(Refused::OwnWork(why)) => Ok(Some(why)),
        Err(Refused::AnotherOfficer) => Ok(Some(Text::new(
            "您作出过不予受理的决定，企业提出异议后由其他人员复核。",
            "You did not accept it; since the enterprise appealed, somebody else decides.",
        ))),
        Err(other) => Err(other),
    }
}

fn own(db: &mut Db, actor: &Actor, issue: &IssueRow, kind: &str) -> Result<(), Refused> {
    match requests::open(db, &issue.enterprise_id, &issue.id, kind)? {
        Some(request) => another_officer(actor, &request.by),
        None => Ok(()),
    }
}
