//! Who may do what: one function over actor, action and object, used by every
//! front. Roles of a verb are in the workflow's table; here they are narrowed to
//! the units an actor works for.

use qiyema_protocol::{administration::Scope, staff::Role, verb::Verb};

use super::Refused;
use crate::{
    domain::workflow::{RULES, Rule},
    store::issues::IssueRow,
};

/// A signed-in member of staff, or the API token of a channel system. Only
/// `session::authenticate` and `api_token::authenticate` make one.
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
    /// Units, for people of units; that of the desk first.
    pub units: Vec<String>,
    /// Session this person acts in.
    pub session: String,
    /// What an API token may do; empty for people.
    pub scopes: Vec<Scope>,
    /// The one channel an API token speaks for.
    pub channel: Option<String>,
}

/// Deeds of the staff side that are not verbs of the workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Deed {
    RegisterEnterprise,
    ReadEnterprises,
    ImportEnterprises,
    IssueCode,
    RevokeCode,
    RegisterIssue,
    ReadIssues,
    /// Look at the figures for performance review.
    ReadFigures,
    /// Take ratings out in a national coding, for other systems.
    ExportRatings,
    /// Read ratings: what was said, never who said it. People of units read those of their closures.
    ReadRatings,
    /// Appeal against a rating, for the unit that stood behind the closure.
    AppealRating,
    /// Enter what an enterprise said on the telephone as a rating.
    RateByCall,
    /// Decide on an appeal of a unit that is not one's own.
    JudgeAppeal,
    /// See which systems are told what happens.
    ReadWebhooks,
    /// Say that a webhook carries links to rate, or no longer: never who sets webhooks up.
    AllowLinks,
    /// Read every version of the tags that ratings carry, and who published it.
    ReadTags,
    /// Read what happened to every issue, with the words of enterprises in it.
    ReadHistory,
    /// Change something of the administration.
    Administer(Area),
    /// Look at it: auditors may, and change nothing.
    Inspect(Area),
}

/// Parts of the administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Area {
    Staff,
    Directory,
    Calendar,
    Settings,
    Tokens,
    Trail,
}

impl Deed {
    /// Roles that may do it.
    pub(super) const fn roles(self) -> &'static [Role] {
        use Role::{
            Administrator, Auditor, ClosureReviewer, CodeIssuer, Dispatcher, FollowUpOfficer, Handler,
            IntakeOfficer, Leader, PerformanceReviewer, Supervisor, UnitAdministrator,
        };
        match self {
            Self::RegisterEnterprise => &[CodeIssuer, IntakeOfficer, Administrator],
            Self::ReadEnterprises => {
                &[CodeIssuer, IntakeOfficer, Dispatcher, Supervisor, Administrator, Auditor]
            }
            Self::ImportEnterprises => &[CodeIssuer, Administrator],
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
            Self::ReadFigures | Self::ExportRatings => &[PerformanceReviewer, Supervisor, Leader, Auditor],
            Self::ReadRatings => &[
                UnitAdministrator,
                Handler,
                FollowUpOfficer,
                PerformanceReviewer,
                Supervisor,
                Leader,
                Auditor,
            ],
            Self::RateByCall => &[FollowUpOfficer],
            Self::AppealRating => &[UnitAdministrator],
            Self::JudgeAppeal | Self::AllowLinks => &[PerformanceReviewer, Supervisor],
            Self::ReadWebhooks => &[Administrator, Auditor, PerformanceReviewer, Supervisor],
            Self::ReadTags => &[Administrator, Auditor, PerformanceReviewer],
            // Administrators keep the house; what enterprises wrote is none of their business.
            Self::ReadHistory => &[Auditor],
            // What happened is written by nobody.
            Self::Administer(Area::Trail) => &[],
            Self::Administer(_) => &[Administrator],
            Self::Inspect(_) => &[Administrator, Auditor],
        }
    }
}

/// What the scope of an API token opens.
fn allows(scope: Scope, deed: Deed) -> bool {
    match scope {
        Scope::IssuesWrite => deed == Deed::RegisterIssue,
        Scope::IssuesRead => deed == Deed::ReadIssues,
        Scope::EnterprisesWrite => deed == Deed::RegisterEnterprise,
        Scope::EnterprisesRead => deed == Deed::ReadEnterprises,
        Scope::FiguresRead => deed == Deed::ReadFigures,
        Scope::RatingsExport => deed == Deed::ExportRatings,
    }
}

impl Actor {
    /// Whoever holds the machine and its keys: the command line. What he does is
    /// in the trail under this name.
    #[must_use]
    pub fn at_the_machine() -> Self {
        Self {
            id: "command-line".to_owned(),
            username: "command-line".to_owned(),
            name: "command-line".to_owned(),
            roles: vec![Role::Administrator],
            units: Vec::new(),
            session: String::new(),
            scopes: Vec::new(),
            channel: None,
        }
    }

    /// The job that exports figures: it reads them and nothing else.
    #[must_use]
    pub fn reporting() -> Self {
        Self { id: "exports".to_owned(), roles: vec![Role::PerformanceReviewer], ..Self::at_the_machine() }
    }

    /// Refuses a deed that none of the person's roles allows.
    pub fn may(&self, deed: Deed) -> Result<(), Refused> {
        let by_role = self.roles.iter().any(|role| deed.roles().contains(role));
        let by_scope = self.scopes.iter().any(|scope| allows(*scope, deed));
        if by_role || by_scope { Ok(()) } else { Err(Refused::Forbidden) }
    }

    /// Refuses a verb that none of the person's roles has, whatever the issue.
    pub fn may_ever(&self, verb: Verb) -> Result<(), Refused> {
        let held = |rule: &Rule| rule.verb == verb && rule.roles.iter().any(|role| self.roles.contains(role));
        if RULES.iter().any(held) { Ok(()) } else { Err(Refused::Forbidden) }
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

    /// Whether the actor works on issues, rather than with their figures: such
    /// people see whom to call and may attach files.
    #[must_use]
    pub fn handles(&self) -> bool {
        use Role::{
            ClosureReviewer, Dispatcher, FollowUpOfficer, Handler, IntakeOfficer, Leader, Supervisor,
            UnitAdministrator,
        };
        let works = |role: &Role| {
            matches!(
                role,
                IntakeOfficer
                    | Dispatcher
                    | UnitAdministrator
                    | Handler
                    | ClosureReviewer
                    | FollowUpOfficer
                    | Supervisor
                    | Leader
            )
        };
        self.roles.iter().any(works)
    }

    /// People of a unit see what their unit leads or assists in; people of the centre see all.
    #[must_use]
    pub fn sees(&self, object: &Object<'_>) -> bool {
        self.confined_to().is_none_or(|own| {
            own.iter().any(|unit| object.lead == Some(unit.as_str()) || object.assisting.contains(unit))
        })
    }

    /// Whether one of the actor's units is the one that this verb belongs to.
    fn answers_for(&self, verb: Verb, object: &Object<'_>) -> bool {
        if verb == Verb::Assist {
            self.units.iter().any(|unit| object.assisting.contains(unit))
        } else {
            self.units.iter().any(|unit| object.lead == Some(unit.as_str()))
        }
    }

    /// The units this person is confined to; `None` for people of the centre and
    /// for API tokens, which are confined to their channel instead.
    #[must_use]
    pub fn confined_to(&self) -> Option<&[String]> {
        // Beside a role of a unit only one that itself reads issues opens those of the others.
        let held = |reads: &dyn Fn(&Role) -> bool| self.roles.iter().any(reads);
        let of_units = held(&|role| of_unit(*role));
        let central = held(&|role| !of_unit(*role) && (!of_units || Deed::ReadIssues.roles().contains(role)));
        if central || !self.scopes.is_empty() { None } else { Some(&self.units) }
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
