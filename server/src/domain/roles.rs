//! Roles: what they do, and which of them one person may not hold together.

use qiyema_protocol::{staff::Role, text::Text};

/// Every role, in the order of the work.
pub const ALL: [Role; 12] = [
    Role::CodeIssuer,
    Role::IntakeOfficer,
    Role::Dispatcher,
    Role::UnitAdministrator,
    Role::Handler,
    Role::ClosureReviewer,
    Role::FollowUpOfficer,
    Role::Supervisor,
    Role::Leader,
    Role::PerformanceReviewer,
    Role::Auditor,
    Role::Administrator,
];

/// What a role does, in one sentence.
#[must_use]
pub fn meaning(role: Role) -> Text {
    let (zh, en) = match role {
        Role::CodeIssuer => ("登记企业，制发和停用企业码", "Registers enterprises, issues and revokes codes"),
        Role::IntakeOfficer => ("登记并受理问题", "Registers and accepts issues"),
        Role::Dispatcher => ("交办、审定退单和延期", "Assigns, rules on returns and extensions"),
        Role::UnitAdministrator => ("管理本单位的问题", "Looks after the issues of the unit"),
        Role::Handler => ("办理问题并向企业答复", "Handles issues and replies to owners"),
        Role::ClosureReviewer => ("审核办理结果后办结", "Checks results before they close"),
        Role::FollowUpOfficer => ("回访企业", "Calls owners back"),
        Role::Supervisor => ("催办、督办", "Reminds and supervises"),
        Role::Leader => ("主持会商、接受提级事项", "Chairs joint handling, takes what is escalated"),
        Role::PerformanceReviewer => ("查看和导出考核数据", "Reads and exports the figures"),
        Role::Auditor => ("查看全部记录，不作任何改动", "Reads everything, changes nothing"),
        Role::Administrator => ("管理人员、目录、时限和日历", "Manages people, directory, limits, calendar"),
    };
    Text::new(zh, en)
}

/// Whether one person may hold these roles together. An auditor changes nothing,
/// so the role stands alone; an administrator decides by whom and by which dates
/// others are judged, so the role goes with none that has a part in an issue.
#[must_use]
pub fn go_together(roles: &[Role]) -> bool {
    let only = |allowed: &[Role]| roles.iter().all(|role| allowed.contains(role));
    if roles.contains(&Role::Auditor) {
        return only(&[Role::Auditor]);
    }
    if roles.contains(&Role::Administrator) {
        return only(&[Role::Administrator, Role::CodeIssuer]);
    }
    true
}

/// Roles that need a unit to have anything to see.
#[must_use]
pub const fn needs_unit(role: Role) -> bool {
    matches!(role, Role::Handler | Role::UnitAdministrator)
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::staff::Role;

    use super::{ALL, go_together};

    #[test]
    fn nobody_administers_or_audits_his_own_work() {
        for role in ALL {
            assert!(go_together(&[role]));
            assert_eq!(go_together(&[Role::Auditor, role]), role == Role::Auditor, "{role:?}");
            let fits = matches!(role, Role::Administrator | Role::CodeIssuer);
            assert_eq!(go_together(&[role, Role::Administrator]), fits, "{role:?}");
        }
        assert!(go_together(&[Role::IntakeOfficer, Role::Dispatcher, Role::Handler]));
    }
}
