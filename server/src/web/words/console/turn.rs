//! Who acts next on an issue, and what that is: said on its page and after each step,
//! so that nobody has to know the workflow to see where an issue stands.

use qiyema_protocol::{board::State, staff::RequestKind};

use crate::web::words::lang::Lang;

/// What an issue is like, as far as that says whose turn it is.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Its state.
    pub state: State,
    /// The unit, if it is assigned.
    pub unit: Option<&'a str>,
    /// Its handler, if one is named.
    pub handler: Option<&'a str>,
    /// His account was disabled.
    pub handler_gone: bool,
    /// The unit has not been in touch with the enterprise yet.
    pub contact_owed: bool,
    /// What the unit asked the centre for, as long as nobody has ruled.
    pub asked: Option<RequestKind>,
    /// Why the review sent the result back that the unit mends now.
    pub sent_back: Option<&'a str>,
}

/// The sentence; nothing once nobody has to do anything any more.
#[must_use]
pub fn turn(l: Lang, of: Standing<'_>) -> Option<String> {
    if let Some(asked) = of.asked.filter(|kind| *kind != RequestKind::Return) {
        return Some(of.ruled_on(l, asked));
    }
    let (who, what) = match of.state {
        State::Submitted => {
            (l.pick("受理员或分派员", "an intake officer or dispatcher"), l.pick("受理", "accepts it"))
        }
        State::NeedInfo => (
            l.pick("企业", "the enterprise"),
            l.pick("补充材料（逾期自动恢复待受理）", "supplements it; else it waits to be accepted again"),
        ),
        State::Rejected => {
            (l.pick("企业", "the enterprise"), l.pick("如不同意可申诉一次", "may appeal once"))
        }
        State::Accepted => {
            (l.pick("分派员", "the dispatcher"), l.pick("交办给牵头单位", "assigns it to a unit"))
        }
        State::Reopened => (
            l.pick("分派员", "the dispatcher"),
            l.pick("重新交办，或由原单位签收", "assigns it anew, or the unit signs for it"),
        ),
        State::ReturnRequested => {
            (l.pick("分派员", "the dispatcher"), l.pick("审定退单", "rules on the return"))
        }
        State::CaseConference => (
            l.pick("分管领导", "the leader in charge"),
            l.pick("主持会商并记录结果", "holds the conference and records what came of it"),
        ),
        State::Deferred => (
            l.pick("分派员或督办员", "the dispatcher or a supervisor"),
            l.pick("按期复核挂账", "reviews the deferral when it is due"),
        ),
        State::PendingReview => {
            (l.pick("审核员", "a closure reviewer"), l.pick("审核并办结", "checks the result and closes it"))
        }
        State::Closed => (
            l.pick("企业", "the enterprise"),
            l.pick("评价（自愿，到期自动归档）", "may rate; archived by itself when the time is over"),
        ),
        State::FollowUp => (
            l.pick("回访员", "a follow-up officer"),
            l.pick("回访企业后归档或重新办理", "calls the enterprise back, then archives or reopens it"),
        ),
        State::Assigned => {
            return Some(of.unit_does(l, ("签收并联系企业", "signs for it and contacts the enterprise")));
        }
        State::InProgress if of.contact_owed => {
            return Some(of.unit_does(l, ("联系企业并记录", "contacts the enterprise and records it")));
        }
        State::InProgress if let Some(why) = of.sent_back => {
            let does =
                ("按审核意见补充后重新提交结果", "mends what the review found and submits the result again");
            let done = of.unit_does(l, does);
            return Some(format!("{done}{}{why}", l.pick("审核退回理由：", " Sent back: ")));
        }
        State::InProgress => {
            return Some(of.unit_does(l, ("办理，完成后提交结果", "handles it and submits the result")));
        }
        State::Rectifying => {
            return Some(of.unit_does(l, ("联系企业并整改", "contacts the enterprise and puts it right")));
        }
        State::Archived | State::Withdrawn | State::Merged => return None,
    };
    Some(said(l, who, what))
}

impl Standing<'_> {
    /// The centre is to answer; meanwhile whoever asked goes on.
    fn ruled_on(self, l: Lang, asked: RequestKind) -> String {
        let what = match asked {
            RequestKind::Deferral => l.pick("审定挂账申请", "rules on the deferral that was asked for"),
            _ => l.pick("审定延期申请", "rules on the extension that was asked for"),
        };
        let centre = said(l, l.pick("分派员或督办员", "the dispatcher or a supervisor"), what);
        if self.state == State::CaseConference {
            return centre;
        }
        let meanwhile = self.unit_does(l, ("在此期间继续办理", "goes on meanwhile"));
        format!("{centre}{}{meanwhile}", l.pick("", " "))
    }

    fn unit_does(self, l: Lang, (zh, en): (&'static str, &'static str)) -> String {
        let unit = self.unit.unwrap_or(l.pick("责任单位", "the unit"));
        if self.handler_gone {
            // Nobody waits for somebody who does not work here any more.
            return match l {
                Lang::Zh => format!("原承办人账号已停用，请{unit}单位管理员或分派员更换承办人。"),
                Lang::En => format!(
                    "The handler’s account is disabled: the administrator of {unit} or the dispatcher names another one."
                ),
            };
        }
        let who = match (self.handler, l) {
            (Some(name), Lang::Zh) => format!("{unit} {name}"),
            (Some(name), Lang::En) => format!("{name} of {unit}"),
            (None, Lang::Zh) => format!("{unit}（经办人或单位管理员）"),
            (None, Lang::En) => format!("a handler or the administrator of {unit}"),
        };
        said(l, &who, l.pick(zh, en))
    }
}

fn said(l: Lang, who: &str, what: &str) -> String {
    match l {
        Lang::Zh => format!("{who} {what}。"),
        Lang::En => format!("{who} {what}."),
    }
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{board::State, staff::RequestKind};

    use super::{Standing, turn};
    use crate::web::words::lang::Lang;

    #[test]
    fn who_is_next_is_named_by_role_and_once_assigned_by_unit_and_name() {
        let of = |state, unit, handler, contact_owed| Standing {
            state,
            unit,
            handler,
            handler_gone: false,
            contact_owed,
            asked: None,
            sent_back: None,
        };
        let said = |of| turn(Lang::Zh, of).unwrap();
        assert_eq!(said(of(State::Accepted, None, None, false)), "分派员 交办给牵头单位。");
        let unit = Some("市供电公司");
        assert!(
            said(of(State::Assigned, unit, None, true)).contains("市供电公司（经办人或单位管理员） 签收")
        );
        assert!(said(of(State::InProgress, unit, Some("王强"), true)).contains("市供电公司 王强 联系企业"));
        assert!(said(of(State::InProgress, unit, Some("王强"), false)).contains("提交结果"));
        let asked = Standing {
            asked: Some(RequestKind::Deferral),
            ..of(State::InProgress, unit, Some("王强"), false)
        };
        assert_eq!(said(asked), "分派员或督办员 审定挂账申请。市供电公司 王强 在此期间继续办理。");
        let gone = Standing { handler_gone: true, ..of(State::InProgress, unit, Some("王强"), true) };
        assert!(said(gone).contains("更换承办人") && !said(gone).contains("王强"));
        assert!(turn(Lang::En, of(State::Archived, None, None, false)).is_none());
    }
}
