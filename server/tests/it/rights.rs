//! Who may do what, every cell of it: role × verb × (own unit, assisting unit,
//! somebody else's). Written from the rules, not from the table in `domain`.

use qiyema_protocol::{staff::Role, verb::Verb};
use qiyema_server::actions::{
    Refused,
    rights::{Actor, Object},
};

use Role::{
    Administrator, Auditor, ClosureReviewer, CodeIssuer, Dispatcher, FollowUpOfficer, Handler, IntakeOfficer,
    Leader, PerformanceReviewer, Supervisor, UnitAdministrator,
};

const ROLES: [Role; 12] = [
    CodeIssuer,
    IntakeOfficer,
    Dispatcher,
    UnitAdministrator,
    Handler,
    ClosureReviewer,
    FollowUpOfficer,
    Supervisor,
    Leader,
    PerformanceReviewer,
    Auditor,
    Administrator,
];

/// Who does it; people of units where their unit leads.
#[rustfmt::skip]
const DECLARED: [(Verb, &[Role]); 48] = [
    (Verb::Accept, &[IntakeOfficer, Dispatcher]),
    (Verb::Reject, &[IntakeOfficer, Dispatcher]),
    (Verb::AskSupplement, &[IntakeOfficer, Dispatcher]),
    (Verb::Reclassify, &[IntakeOfficer, Dispatcher]),
    (Verb::Supplement, &[IntakeOfficer]),
    (Verb::LapseSupplement, &[]),
    (Verb::Appeal, &[IntakeOfficer]),
    (Verb::Assign, &[Dispatcher]),
    (Verb::SignFor, &[Handler, UnitAdministrator]),
    (Verb::HandOver, &[Dispatcher, UnitAdministrator]),
    (Verb::RequestReturn, &[Handler, UnitAdministrator]),
    (Verb::RuleReturn, &[Dispatcher]),
    (Verb::Reach, &[Handler, UnitAdministrator]),
    (Verb::Progress, &[Handler, UnitAdministrator]),
    (Verb::RequestExtension, &[Handler, UnitAdministrator]),
    (Verb::Extend, &[Dispatcher, Supervisor]),
    (Verb::RefuseExtension, &[Dispatcher, Supervisor]),
    (Verb::AddAssisting, &[Dispatcher, Handler, UnitAdministrator]),
    (Verb::Assist, &[]),
    (Verb::OpenConference, &[Dispatcher, Supervisor, Leader]),
    (Verb::HoldConference, &[Leader]),
    (Verb::RequestDeferral, &[Handler, UnitAdministrator]),
    (Verb::Defer, &[Dispatcher, Supervisor]),
    (Verb::RefuseDeferral, &[Dispatcher, Supervisor]),
    (Verb::ReviewDeferral, &[Dispatcher, Supervisor]),
    (Verb::Resume, &[Dispatcher, Supervisor]),
    (Verb::Report, &[Handler, UnitAdministrator]),
    (Verb::SendBack, &[ClosureReviewer]),
    (Verb::Close, &[ClosureReviewer]),
    (Verb::Rectify, &[]),
    (Verb::Object, &[IntakeOfficer]),
    (Verb::Contact, &[Handler, UnitAdministrator]),
    (Verb::Fix, &[Handler, UnitAdministrator]),
    (Verb::FollowUp, &[FollowUpOfficer]),
    (Verb::Attempt, &[FollowUpOfficer]),
    (Verb::Archive, &[FollowUpOfficer]),
    (Verb::Lapse, &[]),
    (Verb::Reopen, &[FollowUpOfficer]),
    (Verb::Withdraw, &[IntakeOfficer]),
    (Verb::Merge, &[IntakeOfficer, Dispatcher]),
    (Verb::Revive, &[]),
    (Verb::Recheck, &[]),
    (Verb::AddFacts, &[IntakeOfficer]),
    (Verb::Urge, &[IntakeOfficer]),
    (Verb::Remind, &[Dispatcher, Supervisor, Leader]),
    (Verb::Supervise, &[Supervisor, Leader]),
    (Verb::Escalate, &[Supervisor]),
    (Verb::Notify, &[Supervisor, Leader]),
];

/// The actor's unit leads, assists, or has nothing to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Leads,
    Assists,
    Foreign,
}

fn actor(roles: &[Role]) -> Actor {
    let units = if roles.iter().any(|role| of_unit(*role)) { vec!["own".to_owned()] } else { vec![] };
    Actor {
        id: "id".into(),
        username: "name".into(),
        name: "某人".into(),
        roles: roles.to_vec(),
        units,
        session: String::new(),
        scopes: vec![],
        channel: None,
    }
}

const fn of_unit(role: Role) -> bool {
    matches!(role, Handler | UnitAdministrator)
}

/// 201, 403 or 404, as the API would answer.
fn decided(actor: &Actor, verb: Verb, part: Part) -> u16 {
    let lead = if part == Part::Leads { "own" } else { "other" };
    let assisting = if part == Part::Assists { vec!["third".to_owned(), "own".to_owned()] } else { vec![] };
    match actor.decide(verb, &Object { lead: Some(lead), assisting: &assisting }) {
        Ok(()) => 201,
        Err(Refused::Forbidden) => 403,
        Err(Refused::IssueUnknown) => 404,
        Err(other) => panic!("{other}"),
    }
}

/// What the API answers.
pub fn declared(role: Role, verb: Verb, part: Part) -> u16 {
    let listed = DECLARED.iter().find(|row| row.0 == verb).unwrap().1.contains(&role);
    match (of_unit(role), part) {
        (true, Part::Foreign) => 404,
        (true, Part::Assists) if verb == Verb::Assist => 201,
        (true, Part::Assists) => 403,
        _ if listed => 201,
        _ => 403,
    }
}

#[test]
fn every_cell_is_as_declared() {
    assert_eq!(DECLARED.map(|row| row.0), Verb::ALL, "no verb is left out");
    for role in ROLES {
        for verb in Verb::ALL {
            for part in [Part::Leads, Part::Assists, Part::Foreign] {
                let cell = decided(&actor(&[role]), *verb, part);
                assert_eq!(cell, declared(role, *verb, part), "{role:?} {verb:?} {part:?}");
            }
        }
    }
}

#[test]
fn two_roles_add_up_and_a_unit_role_of_the_centre_leads_no_foreign_issue() {
    // Somebody of the centre who is also a handler sees all, and handles his unit's only.
    let both = actor(&[Handler, Supervisor]);
    assert_eq!(decided(&both, Verb::Progress, Part::Leads), 201);
    assert_eq!(decided(&both, Verb::Progress, Part::Foreign), 403);
    assert_eq!(decided(&both, Verb::Extend, Part::Foreign), 201);
    let nobody = actor(&[]);
    assert_eq!(decided(&nobody, Verb::Progress, Part::Foreign), 404);
}

/// Whoever issues codes besides reads no more issues than before, and does no more to them.
#[test]
fn a_role_that_reads_no_issues_opens_none_of_the_neighbours() {
    for role in [Handler, UnitAdministrator] {
        let (alone, both) = (actor(&[role]), actor(&[role, CodeIssuer]));
        assert_eq!(both.confined_to(), alone.confined_to(), "{role:?}: its lists are the unit's");
        for verb in Verb::ALL {
            for part in [Part::Leads, Part::Assists, Part::Foreign] {
                let cell = decided(&both, *verb, part);
                assert_eq!(cell, declared(role, *verb, part), "{role:?} and CodeIssuer: {verb:?} {part:?}");
            }
        }
    }
    assert_eq!(actor(&[Handler, CodeIssuer, Supervisor]).confined_to(), None);
    assert_eq!(
        actor(&[CodeIssuer]).confined_to(),
        None,
        "it is no unit's, and forbidden rather than unknown"
    );
}
