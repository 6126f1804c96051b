//! The console's navigation: one row a page, shown to whom it concerns. What a
//! page then refuses is decided by the actions, not here.

use qiyema_protocol::staff::Role::{
    self, Administrator, Auditor, ClosureReviewer, CodeIssuer, Dispatcher, FollowUpOfficer, Handler,
    IntakeOfficer, Leader, PerformanceReviewer, Supervisor, UnitAdministrator,
};

use crate::web::words::lang::Lang;

/// Under which heading a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// 办理.
    Work,
    /// 监督考核.
    Oversight,
    /// 系统管理.
    Administration,
}

/// A page of the console.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its address; pages below it belong to it.
    pub href: &'static str,
    /// Chinese and English name.
    pub name: (&'static str, &'static str),
    /// Heading.
    pub group: Group,
    /// Whom it concerns; empty: everybody.
    pub roles: &'static [Role],
}

/// Everybody who works on issues.
const ISSUES: &[Role] = &[
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
];
const REGISTERS: &[Role] = &[CodeIssuer, IntakeOfficer, Dispatcher, Supervisor, Administrator, Auditor];

/// Whoever rates by them and whoever keeps them look for them under their own headings.
const TAGS: (&str, &str) = ("评价标签", "Tags of ratings");

/// Who administers, and who looks at it.
const ADMINISTRATION: &[Role] = &[Administrator, Auditor];

const fn administration(href: &'static str, zh: &'static str, en: &'static str) -> Place {
    Place { href, name: (zh, en), group: Group::Administration, roles: ADMINISTRATION }
}

/// All places, in the order shown. A new page is one row.
pub const PLACES: &[Place] = &[
    Place { href: "/console", name: ("首页", "Home"), group: Group::Work, roles: &[] },
    Place { href: "/console/issues", name: ("问题办理", "Issues"), group: Group::Work, roles: ISSUES },
    Place {
        href: "/console/intake",
        name: ("登记问题", "Register an issue"),
        group: Group::Work,
        roles: &[IntakeOfficer],
    },
    Place {
        href: "/console/imports",
        name: ("批量导入", "Import issues"),
        group: Group::Work,
        roles: &[IntakeOfficer],
    },
    Place {
        href: "/console/enterprises",
        name: ("企业与企业码", "Enterprises"),
        group: Group::Work,
        roles: REGISTERS,
    },
    Place {
        href: "/console/figures",
        name: ("考核数据", "Figures"),
        group: Group::Oversight,
        roles: &[PerformanceReviewer, Supervisor, Leader, Auditor],
    },
    Place {
        href: "/console/ratings",
        name: ("评价与申诉", "Ratings and appeals"),
        group: Group::Oversight,
        roles: &[
            UnitAdministrator,
            Handler,
            FollowUpOfficer,
            PerformanceReviewer,
            Supervisor,
            Leader,
            Auditor,
        ],
    },
    Place { href: "/console/tags", name: TAGS, group: Group::Oversight, roles: &[PerformanceReviewer] },
    Place {
        href: "/console/webhooks",
        name: ("推送与评价链接", "Webhooks and links"),
        group: Group::Oversight,
        roles: &[PerformanceReviewer, Supervisor],
    },
    Place {
        href: "/console/audit",
        name: ("审计日志", "Audit trail"),
        group: Group::Oversight,
        roles: &[Auditor],
    },
    Place {
        href: "/console/ledger",
        name: ("防篡改日志", "Tamper-evident log"),
        group: Group::Oversight,
        roles: &[Auditor],
    },
    administration("/console/admin/units", "单位与科室", "Units and offices"),
    administration("/console/admin/staff", "人员", "People"),
    administration("/console/admin/categories", "问题类别与时限", "Categories and limits"),
    administration("/console/admin/channels", "受理渠道", "Channels"),
    administration("/console/tags", TAGS.0, TAGS.1),
    administration("/console/admin/calendar", "工作日历", "Working days"),
    administration("/console/admin/settings", "系统设置", "Settings"),
    administration("/console/admin/tokens", "接口令牌", "API tokens"),
    administration("/console/webhooks", "消息推送", "Webhooks"),
    administration("/console/admin/trail", "管理日志", "Trail of administration"),
];

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Address.
    pub href: &'static str,
    /// Name.
    pub name: &'static str,
    /// This is where one is.
    pub here: bool,
}

/// The links of one heading for a person of these roles, standing at `path`.
#[must_use]
pub fn links(group: Group, roles: &[Role], lang: Lang, path: &str) -> Vec<Link> {
    // Codes and imports are reached from the enterprises and belong there.
    let path = ["/console/codes/", "/console/enterprise-imports"]
        .iter()
        .find(|below| path.starts_with(**below))
        .map_or(path, |_| "/console/enterprises");
    let under = |href: &str| path == href || (href != "/console" && path.starts_with(&format!("{href}/")));
    PLACES
        .iter()
        .filter(|place| place.group == group)
        .filter(|place| place.roles.is_empty() || place.roles.iter().any(|role| roles.contains(role)))
        .map(|place| Link {
            href: place.href,
            name: lang.pick(place.name.0, place.name.1),
            here: under(place.href),
        })
        .collect()
}
