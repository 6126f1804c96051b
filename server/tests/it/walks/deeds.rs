//! Every verb of the staff with a body that may or may not fit.

use chrono::Duration;
use qiyema_protocol::{staff::IssueView, verb::Verb};
use qiyema_server::{
    actions::{Refused, Rules, issue, rights::Actor},
    clock::Timestamp,
    store::{self, connection::Db},
};
use serde_json::{Value, json};

const UNITS: [&str; 3] = ["gdj", "jxj", "sjj"];
const HANDLERS: [&str; 3] = ["qianfeng", "lijianguo", "zhangwei"];

/// One attempt of somebody, with what fits or not.
pub struct Asked<'a> {
    pub actor: &'a Actor,
    pub number: &'a str,
    pub other: &'a str,
    pub version: i32,
    pub with: usize,
    pub rules: &'a Rules,
    pub at: Timestamp,
}

type Act<Body> = fn(&mut Db, &Actor, &str, &Body, &Rules, Timestamp) -> Result<IssueView, Refused>;

/// A verb with a body that may or may not fit.
#[expect(clippy::too_many_lines, reason = "one arm a verb")]
pub fn perform(db: &mut Db, verb: Verb, ask: &Asked<'_>) -> Option<Result<IssueView, Refused>> {
    let pick = ask.with % UNITS.len();
    let (unit, handler) = (UNITS[pick], HANDLERS[pick]);
    let some = (ask.with / 7).is_multiple_of(2);
    Some(match verb {
        Verb::Accept => run(db, ask, issue::accept::accept, json!({})),
        Verb::Reject => run(
            db,
            ask,
            issue::reject::reject,
            json!({ "reason": "unclear", "right_channel": "12345热线", "note": "内容不清" }),
        ),
        Verb::AskSupplement => {
            run(db, ask, issue::ask_supplement::ask_supplement, json!({ "note": "请补充" }))
        }
        Verb::Reclassify => {
            let to = if some { "outage" } else { "land" };
            run(db, ask, issue::reclassify::reclassify, json!({ "category": to, "reason": "登记有误" }))
        }
        Verb::Supplement => run(db, ask, issue::supplement::supplement, json!({ "note": "已补充" })),
        Verb::Appeal => run(db, ask, issue::appeal::appeal, json!({ "note": "有异议" })),
        Verb::Assign if some => {
            run(db, ask, issue::assign::assign, json!({ "unit": unit, "handler": handler }))
        }
        Verb::Assign => {
            run(db, ask, issue::assign::assign, json!({ "unit": unit, "assisting": [UNITS[(pick + 1) % 3]] }))
        }
        Verb::SignFor if some => run(db, ask, issue::sign_for::sign_for, json!({})),
        Verb::SignFor => run(db, ask, issue::sign_for::sign_for, json!({ "handler": handler })),
        Verb::HandOver => run(
            db,
            ask,
            issue::hand_over::hand_over,
            json!({ "handler": if some { handler } else { "sunyue" } }),
        ),
        Verb::RequestReturn => run(
            db,
            ask,
            issue::request_return::request_return,
            json!({ "reason": "不属本单位", "unit": unit }),
        ),
        Verb::RuleReturn if some => {
            run(db, ask, issue::rule_return::rule_return, json!({ "decision": "refused", "note": "不同意" }))
        }
        Verb::RuleReturn => run(
            db,
            ask,
            issue::rule_return::rule_return,
            json!({ "decision": "granted", "unit": unit, "note": "同意" }),
        ),
        Verb::Reach => run(db, ask, issue::reach::reach, json!({ "note": "已致电" })),
        Verb::Progress => run(db, ask, issue::progress::progress, json!({ "note": "已联系" })),
        Verb::RequestExtension => run(
            db,
            ask,
            issue::request_extension::request_extension,
            json!({ "working_days": ask.with % 13, "reason": "field_work" }),
        ),
        Verb::Extend => run(
            db,
            ask,
            issue::extend::extend,
            json!({ "working_days": ask.with % 13, "reason": "field_work" }),
        ),
        Verb::RefuseExtension => {
            run(db, ask, issue::refuse_extension::refuse_extension, json!({ "note": "不同意" }))
        }
        Verb::AddAssisting => run(db, ask, issue::add_assisting::add_assisting, json!({ "unit": unit })),
        Verb::Assist => run(db, ask, issue::assist::assist, json!({ "reply": "已核对" })),
        Verb::Report => {
            run(db, ask, issue::report::report, json!({ "result": "resolved", "reply": "已办理" }))
        }
        Verb::Close => run(db, ask, issue::close::close, json!({})),
        Verb::SendBack => run(db, ask, issue::send_back::send_back, json!({ "reason": "请补充佐证" })),
        Verb::OpenConference => run(
            db,
            ask,
            issue::open_conference::open_conference,
            json!({ "subject": "会商", "units": [unit], "planned_on": day(ask, 1) }),
        ),
        Verb::HoldConference => run(
            db,
            ask,
            issue::hold_conference::hold_conference,
            json!({ "held_on": day(ask, 0), "minutes": "已形成意见", "unit": unit, "due_on": day(ask, 9) }),
        ),
        Verb::Defer => {
            run(db, ask, issue::defer::defer, json!({ "reason": "待政策", "review_on": day(ask, 30) }))
        }
        Verb::RequestDeferral => run(
            db,
            ask,
            issue::request_deferral::request_deferral,
            json!({ "reason": "待政策", "review_on": day(ask, 30) }),
        ),
        Verb::RefuseDeferral => {
            run(db, ask, issue::refuse_deferral::refuse_deferral, json!({ "reason": "不同意" }))
        }
        Verb::ReviewDeferral => run(
            db,
            ask,
            issue::review_deferral::review_deferral,
            json!({ "reason": "仍待政策", "review_on": day(ask, 60) }),
        ),
        Verb::Resume => run(db, ask, issue::resume::resume, json!({})),
        Verb::Object => run(db, ask, issue::object::object, json!({ "reason": "没有解决" })),
        Verb::Contact => run(db, ask, issue::contact::contact, json!({ "note": "已联系" })),
        Verb::Fix => run(db, ask, issue::fix::fix, json!({ "note": "已整改" })),
        Verb::FollowUp => run(db, ask, issue::follow_up::follow_up, json!({})),
        Verb::Attempt => run(db, ask, issue::attempt::attempt, json!({ "note": "无人接听" })),
        Verb::Archive => run(
            db,
            ask,
            issue::archive::archive,
            json!({ "reached": true, "contacted": true, "solved": "yes", "satisfaction": "satisfied" }),
        ),
        Verb::Reopen => run(
            db,
            ask,
            issue::reopen::reopen,
            json!({ "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "未解决" }),
        ),
        Verb::Remind => run(db, ask, issue::supervise::remind, json!({})),
        Verb::Supervise => run(db, ask, issue::supervise::supervise, json!({})),
        Verb::Escalate => run(db, ask, issue::supervise::escalate, json!({})),
        Verb::Notify => run(db, ask, issue::supervise::notify, json!({})),
        // Endings, now and then, or no walk would get far.
        Verb::Withdraw if ask.with.is_multiple_of(5) => {
            run(db, ask, issue::withdraw::withdraw, json!({ "note": "已自行解决" }))
        }
        Verb::Merge if ask.with.is_multiple_of(5) => {
            run(db, ask, issue::merge::merge, json!({ "parent": ask.other, "note": "同一事项" }))
        }
        Verb::AddFacts => run(db, ask, issue::add_facts::add_facts, json!({ "note": "另有情况" })),
        Verb::Urge => run(db, ask, issue::urge::urge, json!({})),
        _ => return None,
    })
}

/// So many days later.
fn day(ask: &Asked<'_>, days: i64) -> String {
    (ask.rules.day(ask.at) + Duration::days(days)).to_string()
}

fn run<Body: serde::de::DeserializeOwned>(
    db: &mut Db,
    ask: &Asked<'_>,
    act: Act<Body>,
    mut body: Value,
) -> Result<IssueView, Refused> {
    body["version"] = json!(ask.version);
    let body = serde_json::from_value(body).unwrap();
    store::transaction(db, |db| act(db, ask.actor, ask.number, &body, ask.rules, ask.at))
}
