//! What the demo's events say, and who did what: as the actions would leave it.

use qiyema_protocol::board::State;
use serde_json::{Value, json};

use super::{Handler, history::World, records::UNSOLVABLE};
use crate::{domain::event::Kind, store::issues::IssueRow};

/// What was typed with a step.
pub(super) fn note(kind: Kind, index: usize) -> Option<&'static str> {
    let all: &[&str] = match kind {
        Kind::Reached => {
            &["已电话告知承办科室和联系方式，约定上门时间。", "已与企业负责人通话，说明由我科承办。"]
        }
        Kind::Progressed => &[
            "已联系企业核实情况，正在协调处理。",
            "已到现场查看，正在与相关单位商定办法。",
            "材料已齐，正在按程序办理。",
            "已与企业商定办理时间，完成后答复。",
        ],
        Kind::SupplementAsked => {
            &["请补充厂区平面图和现用电合同。", "请补充申请表并加盖公章。", "请写明事情发生的时间和地点。"]
        }
        Kind::Rejected => &["属于民事合同纠纷，请通过司法途径解决，可拨打12348咨询。"],
        Kind::Withdrawn => &["问题已自行解决。"],
        Kind::Merged => &["同一企业的同一诉求，合并办理。"],
        Kind::ReturnRequested => &["所涉事项不在本单位职责范围内。"],
        Kind::Deferred => &[UNSOLVABLE],
        Kind::Contacted => &["已致电企业致歉，约定三日内重新处理。"],
        Kind::Rectified => &["已重新办理到位，企业在场确认。"],
        _ => &[],
    };
    all.get(index % all.len().max(1)).copied()
}

/// Who did it: an id of the staff, or `owner`, `clock`, `demo`.
pub(super) fn by(world: &World<'_>, handler: &Handler, kind: Kind) -> String {
    let clerk = |username: &str| world.clerks.get(username).cloned().unwrap_or_else(|| "demo".to_owned());
    match kind {
        Kind::Submitted => clerk("intake_officer"),
        Kind::Accepted
        | Kind::Rejected
        | Kind::SupplementAsked
        | Kind::Assigned
        | Kind::Merged
        | Kind::Deferred
        | Kind::ConferenceOpened => clerk("dispatcher"),
        Kind::Closed => clerk("closure_reviewer"),
        Kind::FollowedUp | Kind::Reopened => clerk("follow_up_officer"),
        Kind::Withdrawn | Kind::RectificationStarted | Kind::Archived => "owner".to_owned(),
        Kind::Lapsed => "clock".to_owned(),
        _ => handler.id.clone(),
    }
}

/// The facts of a step.
pub(super) fn detail(kind: Kind, issue: &IssueRow, request: Option<&str>, result: &str) -> Value {
    match kind {
        Kind::Accepted => json!({ "due_on": issue.due_on, "provisional": issue.provisional }),
        Kind::Assigned => json!({ "unit": issue.lead_unit_id, "handler": issue.handler_id, "assisting": [] }),
        Kind::ReturnRequested => json!({ "request": request, "unit": issue.lead_unit_id }),
        Kind::Reported => json!({ "result": result }),
        Kind::Closed => json!({ "closure": issue.closure_id, "result": result }),
        Kind::Deferred => json!({ "review_on": issue.review_on }),
        Kind::FollowedUp | Kind::Reopened => json!({ "closure": issue.closure_id }),
        _ => json!({}),
    }
}

/// How an issue that ended well or badly got there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The owner was content.
    Good,
    /// The owner was not, and it was put right.
    Bad,
    /// Nobody rated in time.
    Unrated,
}

/// How the settled issues of a unit ended: units differ, as they do in life.
pub(super) fn ending(unit: usize, index: usize) -> Ending {
    const CONTENT: [usize; 8] = [96, 92, 58, 95, 88, 74, 90, 84];
    if index % 10 >= 7 {
        return Ending::Unrated;
    }
    let content = CONTENT.get(unit % CONTENT.len()).copied().unwrap_or(90);
    if index * 37 % 100 < content { Ending::Good } else { Ending::Bad }
}

/// The deeds after a closure that ended so.
pub(super) fn aftermath(ending: Ending) -> &'static [(Kind, State)] {
    match ending {
        Ending::Good => &[(Kind::Archived, State::Archived)],
        Ending::Bad => &[
            (Kind::RectificationStarted, State::Rectifying),
            (Kind::Contacted, State::Rectifying),
            (Kind::Rectified, State::FollowUp),
            (Kind::Archived, State::Archived),
        ],
        Ending::Unrated => &[(Kind::Lapsed, State::Archived)],
    }
}
