//! What is offered is true: whatever a person is offered on an issue is done, or
//! refused for the content of a field; whatever is not offered is refused.

use std::collections::BTreeSet;

use chrono::Duration;
use qiyema_protocol::{board::State, verb::Verb};
use qiyema_server::{
    actions::{Refused, Rules, issue::read, rights::Actor},
    clock::Timestamp,
    domain::workflow,
    store::{
        self,
        columns::unword,
        connection::Db,
        desk::{self, Order, Wanted},
        directory,
        issues::{self, IssueRow},
    },
    web::{console::verbs, problem::Refusal},
};
use serde_json::{Value, json};

use crate::harness::{BOTH, Town, actor};

const PEOPLE: [&str; 14] = [
    "intake_officer",
    "dispatcher",
    "qianfeng",
    "sunyue",
    "hanxue",
    "lijianguo",
    "hewei",
    "zhangwei",
    "closure_reviewer",
    "supervisor",
    "leader",
    "follow_up_officer",
    "auditor",
    "administrator",
];

struct Scene<'a> {
    people: &'a [Actor],
    handlers: &'a [(String, String, String)],
    /// An open issue to merge into.
    parent: &'a str,
    rules: &'a Rules,
    at: Timestamp,
}

impl Scene<'_> {
    /// A body that the verb takes, if it takes any now.
    fn body(&self, verb: Verb, issue: &IssueRow, assisting: &[String]) -> Value {
        let lead = issue.lead_unit_id.clone().unwrap_or_default();
        let free = ["gdj", "jxj", "sjj", "gaj"].into_iter();
        let free = free.clone().find(|unit| *unit != lead && !assisting.iter().any(|one| one == unit));
        let day = |days| (self.rules.day(self.at) + Duration::days(days)).to_string();
        let call = json!({ "reached": true, "contacted": true, "solved": "no",
            "satisfaction": "dissatisfied", "note": "仍未解决" });
        let deferral = json!({ "reason": "待上级政策", "review_on": day(30) });
        let mut body = match verb {
            Verb::Reject => json!({ "reason": "unclear", "right_channel": "12345热线", "note": "内容不清" }),
            // Of the same limit where there is one, else of a shorter one: that is never refused.
            Verb::Reclassify => {
                let to = match &*issue.category_id {
                    "power" | "financing" => "support",
                    "support" => "power",
                    "land" => "environment",
                    "environment" => "land",
                    "hiring" => "tax",
                    "tax" => "hiring",
                    "outage" => "stoppage",
                    _ => "outage",
                };
                json!({ "category": to, "reason": "登记有误" })
            }
            Verb::Assign => json!({ "unit": "gdj" }),
            Verb::SignFor => self.signature(issue),
            Verb::HandOver => {
                let other = self.handlers.iter().filter(|(.., unit)| *unit == lead);
                let other = other.map(|(username, ..)| username);
                let now = self.people.iter().find(|one| Some(&one.id) == issue.handler_id.as_ref());
                let now = now.map(|one| one.username.clone()).unwrap_or_default();
                json!({ "handler": other.clone().find(|username| **username != now).unwrap_or(&now) })
            }
            Verb::RuleReturn => json!({ "decision": "refused", "note": "由你单位办理" }),
            Verb::RequestExtension | Verb::Extend => json!({ "working_days": 1, "reason": "field_work" }),
            Verb::AddAssisting => json!({ "unit": free }),
            Verb::Assist => json!({ "reply": "已核对" }),
            Verb::OpenConference => json!({ "subject": "会商", "units": [free], "planned_on": day(1) }),
            Verb::HoldConference => {
                json!({ "held_on": day(0), "minutes": "已形成意见", "unit": lead, "due_on": day(9) })
            }
            Verb::RequestDeferral | Verb::Defer | Verb::ReviewDeferral => deferral,
            Verb::Report => json!({ "result": "resolved", "reply": "已办理" }),
            Verb::Archive | Verb::Reopen => call,
            Verb::Merge => json!({ "parent": self.parent, "note": "同一事项" }),
            Verb::Accept | Verb::Close | Verb::FollowUp => json!({}),
            _ => json!({ "note": "已联系企业", "reason": "另有情况" }),
        };
        let asked = verbs::sheet(verb).unwrap().inputs;
        body.as_object_mut().unwrap().retain(|name, _| asked.iter().any(|input| input.name == name));
        body["version"] = json!(issue.version);
        body
    }

    /// The administrator names somebody where nobody was named; whoever signs names nobody.
    fn signature(&self, issue: &IssueRow) -> Value {
        let lead = issue.lead_unit_id.clone().unwrap_or_default();
        let of_unit = self.handlers.iter().find(|(.., unit)| *unit == lead).map(|(username, ..)| username);
        if issue.handler_id.is_none() { json!({ "handler": of_unit }) } else { json!({}) }
    }
}

/// What came of it; `keep` says whether it stays done.
fn tried(
    db: &mut Db,
    scene: &Scene<'_>,
    who: &Actor,
    verb: Verb,
    number: &str,
    keep: bool,
) -> Result<(), Refused> {
    let (issue, ..) = issues::by_number(db, number).unwrap().unwrap();
    let assisting = issues::assisting(db, &issue.enterprise_id, &issue.id).unwrap();
    let mut body = scene.body(verb, &issue, &assisting);
    if verb == Verb::SignFor && who.roles.iter().all(|role| *role == qiyema_protocol::staff::Role::Handler) {
        body.as_object_mut().unwrap().remove("handler");
    }
    let mut came = Ok(());
    let _: Result<(), Refused> = store::transaction(db, |db| {
        came = verbs::act(db, who, verb, number, &body, scene.rules, scene.at).map(drop);
        if keep && came.is_ok() { Ok(()) } else { Err(Refused::NotThere) }
    });
    came
}

/// Tries every verb that the state knows, as everybody; gives what was offered and done.
fn check(db: &mut Db, scene: &Scene<'_>, number: &str) -> Vec<(usize, Verb)> {
    let (issue, ..) = issues::by_number(db, number).unwrap().unwrap();
    let state: State = unword(&issue.state).unwrap();
    let mut possible = Vec::new();
    for (index, who) in scene.people.iter().enumerate() {
        let seen = read::one(db, who, number, scene.rules, scene.at);
        let offered = seen.map(|view| view.verbs).unwrap_or_default();
        for verb in workflow::legal(state).into_iter().filter(|verb| verbs::sheet(*verb).is_some()) {
            let came = tried(db, scene, who, verb, number, false);
            let deed = format!("{number} {state:?}: {verb:?} by {}", who.username);
            match (offered.contains(&verb), came) {
                (true, Ok(())) => possible.push((index, verb)),
                (true, Err(refused)) => {
                    let said = format!("{refused:?}");
                    let status = Refusal::from(refused).problem(None).status;
                    assert_eq!(status, 422, "{deed} is offered, but {said}");
                }
                (false, came) => assert!(came.is_err(), "{deed} is not offered, but is done"),
            }
        }
    }
    possible
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_offered_is_done_and_whatever_is_not_is_refused() {
    for database in BOTH {
        let town = Town::on(database);
        let rules = town.shared.rules();
        let mut db = town.shared.store.connection().unwrap();
        let people: Vec<Actor> = PEOPLE.iter().map(|name| actor(&mut db, name)).collect();
        let handlers = directory::handlers(&mut db).unwrap();
        let all = desk::page(&mut db, &Wanted::default(), Order::Newest, None, 200).unwrap();
        let parent = all.iter().find(|row| row.state == "accepted").unwrap().number.clone();
        let mut at = town.shared.clock.now();
        let (mut states, mut done) = (BTreeSet::new(), BTreeSet::new());
        for row in all.iter().filter(|row| row.number != parent) {
            if !states.insert(row.state.clone()) {
                continue;
            }
            // From the demo's past on, step by step, each time what was not done yet.
            for _ in 0..if database == "sqlite" { 6 } else { 1 } {
                let scene =
                    Scene { people: &people, handlers: &handlers, parent: &parent, rules: &rules, at };
                let possible = check(&mut db, &scene, &row.number);
                done.extend(possible.iter().map(|(_, verb)| format!("{verb:?}")));
                let ending = |verb| matches!(verb, Verb::Withdraw | Verb::Merge);
                let mut counted = |verb: Verb| history(&mut db, &row.number, verb);
                let next = possible
                    .into_iter()
                    .filter(|(_, verb)| !ending(*verb))
                    .min_by_key(|(who, verb)| (counted(*verb), (who * 7 + row.number.len()) % 5));
                let Some((who, verb)) = next else { break };
                tried(&mut db, &scene, &people[who], verb, &row.number, true).unwrap();
                at += Duration::minutes(1);
            }
        }
        assert_eq!(states.len(), 17, "{database}: {states:?}");
        // What waits for a ruling, and a unit that owes its answer.
        let scene = Scene { people: &people, handlers: &handlers, parent: &parent, rules: &rules, at };
        let asking = [Verb::RequestExtension, Verb::RequestDeferral, Verb::AddAssisting];
        let mut in_hand = all.iter().filter(|row| row.state == "in_progress");
        let (number, askers) = in_hand
            .find_map(|row| {
                let possible = check(&mut db, &scene, &row.number);
                let of = |verb| possible.iter().find(|one| one.1 == verb).map(|one| one.0);
                Some((&row.number, asking.map(of))).filter(|(_, of)| of.iter().all(Option::is_some))
            })
            .unwrap();
        for (verb, who) in asking.into_iter().zip(askers) {
            tried(&mut db, &scene, &people[who.unwrap()], verb, number, true).unwrap();
            done.insert(format!("{verb:?}"));
        }
        done.extend(check(&mut db, &scene, number).iter().map(|(_, verb)| format!("{verb:?}")));
        let staff = workflow::RULES.iter().filter(|rule| !rule.roles.is_empty());
        let never: BTreeSet<String> =
            staff.map(|rule| format!("{:?}", rule.verb)).filter(|verb| !done.contains(verb)).collect();
        assert!(database != "sqlite" || never.is_empty(), "{never:?}");
    }
}

/// How often this was done to the issue.
fn history(db: &mut Db, number: &str, verb: Verb) -> usize {
    let (issue, ..) = issues::by_number(db, number).unwrap().unwrap();
    let kind = store::columns::word(qiyema_server::domain::event::Kind::of(verb)).unwrap();
    store::events::by_whom(db, &issue.enterprise_id, &issue.id, &kind).unwrap().len()
}
