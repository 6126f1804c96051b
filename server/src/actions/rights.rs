//! Who may do what: one function, used by every front.

use qiyema_protocol::staff::Role;

use super::Refused;

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

/// Deeds of the staff side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Deed {
    RegisterEnterprise,
    ReadEnterprises,
    IssueCode,
    RevokeCode,
    RegisterIssue,
    ReadIssues,
    Accept,
    Assign,
    Progress,
    Extend,
    Report,
    Close,
}

impl Deed {
    /// Roles that may do it. Rights over a single issue are narrowed further
    /// by [`Actor::sees_unit`] and by the action itself.
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
            Self::Accept => &[IntakeOfficer, Dispatcher],
            Self::Assign => &[Dispatcher],
            Self::Progress | Self::Report => &[Handler, UnitAdministrator],
            Self::Extend => &[Dispatcher, Supervisor],
            Self::Close => &[ClosureReviewer],
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

    /// People of a unit see their unit's issues only; people of the centre see all.
    #[must_use]
    pub fn sees_unit(&self, unit: Option<&str>) -> bool {
        self.confined_to().is_none_or(|own| Some(own) == unit)
    }

    /// The unit this person is confined to, if any.
    #[must_use]
    pub fn confined_to(&self) -> Option<&str> {
        let central = self.roles.iter().any(|role| !matches!(role, Role::Handler | Role::UnitAdministrator));
        if central { None } else { Some(self.unit.as_deref().unwrap_or("")) }
    }
}
