//! Who may do what: one function over actor, action and object, used by every
//! front. Roles of a verb are in the workflow's table; here they are narrowed to
//! the units an actor works for.

use qiyema_protocol::{staff::Role, verb::Verb};

use super::Refused;
use crate::{domain::workflow::RULES, store::issues::IssueRow};

/// A signed-in member of staff; only `session::authenticate` makes one.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Staff id.
    pub id: String,
    /// User name.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Unit, for people of a unit.
    pub unit: Option<String>,
    /// Session this person acts in.
    pub session: String,
}

/// Deeds of the staff side that are not verbs of the workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Deed {
    RegisterEnterprise,
    ReadEnterprises,
    IssueCode,
    RevokeCode,
    RegisterIssue,
    ReadIssues,
}

impl Deed {
    /// Roles that may do it.
    const fn roles(self) -> &'static [Role] {
        use Role::{
            Administrator, Auditor, ClosureReviewer, CodeIssuer, Dispatcher, FollowUpOfficer, Handler,
            IntakeOfficer, Leader, PerformanceReviewer, Supervisor, UnitAdministrator,
        };
        match self {
            Self::RegisterEnterprise => &[CodeIssuer, IntakeOfficer, Administrator],
            Self::ReadEnterprises => {
                &[CodeIssuer, IntakeOfficer, Dispatcher, Supervisor, Administrator, Auditor]
            }
            Self::IssueCode | Self::RevokeCode => &[CodeIssuer],
            Self::RegisterIssue => &[IntakeOfficer],
            Self::ReadIssues => &[
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
            ],
        }
    }
}

impl Actor {
    /// Refuses a deed that none of the person's roles allows.
    pub fn may(&self, deed: Deed) -> Result<(), Refused> {
        if self.roles.iter().any(|role| deed.roles().contains(role)) {
            Ok(())
        } else {
            Err(Refused::Forbidden)
        }
    }

    /// The decision on a verb. An issue that the actor does not see is unknown; one
    /// that he sees but may not move so is forbidden. What depends on who did what
    /// before (nobody closes his own work) is judged by the action itself.
    pub fn decide(&self, verb: Verb, object: &Object<'_>) -> Result<(), Refused> {
        if !self.sees(object) {
            return Err(Refused::IssueUnknown);
        }
        let allows = |role: &Role| {
            let listed = RULES.iter().any(|rule| rule.verb == verb && rule.roles.contains(role));
            listed && (!of_unit(*role) || self.answers_for(verb, object))
        };
        if self.roles.iter().any(allows) { Ok(()) } else { Err(Refused::Forbidden) }
    }

    /// People of a unit see what their unit leads or assists in; people of the centre see all.
    #[must_use]
    pub fn sees(&self, object: &Object<'_>) -> bool {
        self.confined_to()
            .is_none_or(|own| object.lead == Some(own) || object.assisting.iter().any(|unit| unit == own))
    }

    /// Whether the actor's unit is the one that this verb belongs to.
    fn answers_for(&self, verb: Verb, object: &Object<'_>) -> bool {
        let Some(own) = self.unit.as_deref() else { return false };
        if verb == Verb::Assist {
            object.assisting.iter().any(|unit| unit == own)
        } else {
            object.lead == Some(own)
        }
    }

    /// The unit this person is confined to, if any.
    #[must_use]
    pub fn confined_to(&self) -> Option<&str> {
        let central = self.roles.iter().any(|role| !of_unit(*role));
        if central { None } else { Some(self.unit.as_deref().unwrap_or("")) }
    }
}

/// Roles that act within their unit only.
const fn of_unit(role: Role) -> bool {
    matches!(role, Role::Handler | Role::UnitAdministrator)
}

/// What a decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    /// Lead unit.
    pub lead: Option<&'a str>,
    /// Assisting units.
    pub assisting: &'a [String],
}

impl<'a> Object<'a> {
    /// An issue and the units that assist.
    #[must_use]
    pub fn of(issue: &'a IssueRow, assisting: &'a [String]) -> Self {
        Self { lead: issue.lead_unit_id.as_deref(), assisting }
    }
}
