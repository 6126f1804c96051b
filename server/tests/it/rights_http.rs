//! Who may do what, walked over the routes of the JSON API: role × deed × (own
//! unit, assisting unit, somebody else's) as `rights` declares it.

mod states;

use std::collections::HashMap;

use qiyema_protocol::{staff::Role, verb::Verb};
use qiyema_server::domain::roles;
use serde_json::{Value, json};

use crate::{
    administration::person_of,
    harness::{BOTH, Town},
    rights::{Part, declared},
    rights_deeds,
};

const UNITS: [&str; 8] = ["gdj", "jxj", "rsj", "sjj", "zgj", "hbj", "swj", "jrb"];

/// The noun of every verb that staff have, with what it is told.
#[rustfmt::skip]
fn routes() -> Vec<(Verb, &'static str, Value)> {
    let day = |days| (now() + chrono::Duration::days(days)).date_naive().to_string();
    let (note, nothing) = (json!({ "note": "情况说明" }), json!({}));
    let called = json!({ "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "未解决" });
    vec![
        (Verb::Accept, "acceptance", nothing.clone()),
        (Verb::Reject, "rejection", json!({ "reason": "unclear", "right_channel": "12345热线", "note": "内容不清" })),
        (Verb::AskSupplement, "supplement-request", note.clone()),
        (Verb::Reclassify, "reclassification", json!({ "category": "support", "reason": "登记有误" })),
        (Verb::Supplement, "supplement", note.clone()),
        (Verb::Appeal, "appeal", note.clone()),
        (Verb::Assign, "assignment", json!({ "unit": "gdj" })),
        (Verb::SignFor, "signature", json!({ "handler": "qianfeng" })),
        (Verb::HandOver, "handover", json!({ "handler": "sunyue" })),
        (Verb::RequestReturn, "return", json!({ "reason": "不属本单位" })),
        (Verb::RuleReturn, "return-ruling", json!({ "decision": "refused", "note": "不同意" })),
        (Verb::Reach, "contact", note.clone()),
        (Verb::Progress, "progress", note.clone()),
        (Verb::RequestExtension, "extension-request", json!({ "working_days": 2, "reason": "field_work" })),
        (Verb::Extend, "extension", json!({ "working_days": 2, "reason": "field_work" })),
        (Verb::RefuseExtension, "extension-refusal", note.clone()),
        (Verb::AddAssisting, "assisting-unit", json!({ "unit": "hbj" })),
        (Verb::Assist, "assistance", json!({ "reply": "已核对" })),
        (Verb::OpenConference, "conference", json!({ "subject": "会商", "units": ["hbj"], "planned_on": day(1) })),
        (Verb::HoldConference, "conference-minutes", json!({ "held_on": day(0), "minutes": "已形成意见", "unit": "gdj", "due_on": day(9) })),
        (Verb::RequestDeferral, "deferral-request", json!({ "reason": "待政策", "review_on": day(30) })),
        (Verb::Defer, "deferral", json!({ "reason": "待政策", "review_on": day(30) })),
        (Verb::RefuseDeferral, "deferral-refusal", json!({ "reason": "可以办理" })),
        (Verb::ReviewDeferral, "deferral-review", json!({ "reason": "待政策", "review_on": day(60) })),
        (Verb::Resume, "resumption", nothing.clone()),
        (Verb::Report, "result", json!({ "result": "resolved", "reply": "已办理" })),
        (Verb::SendBack, "sending-back", json!({ "reason": "请补充佐证" })),
        (Verb::Close, "closure", nothing.clone()),
        (Verb::Object, "objection", json!({ "reason": "没有解决" })),
        (Verb::Contact, "rectification-contact", note.clone()),
        (Verb::Fix, "rectification-result", note.clone()),
        (Verb::FollowUp, "follow-up", nothing.clone()),
        (Verb::Attempt, "call-attempt", note.clone()),
        (Verb::Archive, "archiving", called.clone()),
        (Verb::Reopen, "reopening", called),
        (Verb::Withdraw, "withdrawal", note.clone()),
        (Verb::Merge, "merger", json!({ "parent": "none", "note": "同一事项" })),
        (Verb::AddFacts, "facts", note),
        (Verb::Urge, "urging", nothing.clone()),
        (Verb::Remind, "reminder", nothing.clone()),
        (Verb::Supervise, "supervision", nothing.clone()),
        (Verb::Escalate, "escalation", nothing.clone()),
        (Verb::Notify, "circular-notice", nothing),
    ]
}

fn now() -> chrono::DateTime<chrono::Utc> {
    qiyema_server::clock::Clock::System.now()
}

/// A town, and the token of one person for each role.
struct Walk {
    town: Town,
    tokens: HashMap<Role, String>,
    client: reqwest::Client,
}

impl Walk {
    /// People of units work for these besides the power bureau.
    async fn on(database: &str, units: &[&str]) -> Self {
        let town = Town::on(database);
        let mut tokens = HashMap::new();
        for role in roles::ALL {
            let who = person_of(&town, role, if roles::needs_unit(role) { units } else { &[] });
            tokens.insert(role, town.token(&who).await);
        }
        Self { town, tokens, client: crate::harness::client() }
    }

    async fn ask(&self, role: Role, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let url = self.town.url(&format!("/api/v1/{path}"));
        let asked = self.client.request(method.parse().unwrap(), url).bearer_auth(&self.tokens[&role]);
        let answer = asked.json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn issue(&self, number: &str) -> Value {
        self.ask(Role::Supervisor, "GET", &format!("staff/issues/{number}"), &Value::Null).await.1
    }

    /// Does a verb with what is needed; the version is read.
    async fn act(&self, role: Role, number: &str, noun: &str, body: &Value) -> (u16, Value) {
        let mut body = body.clone();
        body["version"] = self.issue(number).await["version"].clone();
        self.ask(role, "POST", &format!("staff/issues/{number}/{noun}"), &body).await
    }

    /// An issue that this unit leads in, with the assisting units.
    async fn assigned(&self, unit: &str, assisting: &[&str]) -> String {
        let (_, list) = self.ask(Role::CodeIssuer, "GET", "staff/enterprises?q=9133", &Value::Null).await;
        let enterprise = list["enterprises"][0]["id"].as_str().unwrap();
        let new =
            json!({ "subject": "用电增容", "body": "需增容", "category": "power", "channel": "window" });
        let path = format!("staff/enterprises/{enterprise}/issues");
        let (status, issue) = self.ask(Role::IntakeOfficer, "POST", &path, &new).await;
        assert_eq!(status, 201, "{issue}");
        let number = issue["number"].as_str().unwrap().to_owned();
        assert_eq!(self.act(Role::Dispatcher, &number, "acceptance", &json!({})).await.0, 201);
        let whom = json!({ "unit": unit, "assisting": assisting });
        let (status, issue) = self.act(Role::Dispatcher, &number, "assignment", &whom).await;
        assert_eq!(status, 201, "{issue}");
        number
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verb_answers_every_role_as_declared_and_no_refusal_moves_anything() {
    let routes = routes();
    let document: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    let mut nouns: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, methods)| methods.get("post").is_some())
        .filter_map(|(path, _)| path.strip_prefix("/api/v1/staff/issues/{number}/"))
        // Files and ratings by telephone are no steps: the other deeds, below.
        .filter(|noun| !["attachments", "call-back-rating"].contains(noun))
        .collect();
    let mut mine: Vec<&str> = routes.iter().map(|route| route.1).collect();
    nouns.sort_unstable();
    mine.sort_unstable();
    assert_eq!(nouns, mine, "every noun of the API is walked");
    for database in BOTH {
        let walk = Walk::on(database, &[]).await;
        let objects = [
            (Part::Leads, walk.assigned("gdj", &["jxj"]).await),
            (Part::Assists, walk.assigned("jxj", &["gdj"]).await),
            (Part::Foreign, walk.assigned("jxj", &["sjj"]).await),
        ];
        for (part, number) in &objects {
            let before = walk.issue(number).await;
            for role in roles::ALL {
                for (verb, noun, body) in &routes {
                    // Somebody else's version: a right lets pass, and nothing moves.
                    let mut body = body.clone();
                    body["version"] = json!(99_999);
                    let path = format!("staff/issues/{number}/{noun}");
                    let (status, said) = walk.ask(role, "POST", &path, &body).await;
                    let cell = format!("{database} {role:?} {verb:?} {part:?}: {status} {said}");
                    match declared(role, *verb, *part) {
                        201 => assert!(matches!(status, 409 | 422), "{cell}"),
                        refused => assert_eq!(status, refused, "{cell}"),
                    }
                }
            }
            assert_eq!(walk.issue(number).await, before, "{database} {part:?}");
        }
    }
}

/// Deeds beside the verbs, and the roles that may; all that an enterprise or an issue is told or asked.
#[rustfmt::skip]
const DEEDS: [(&str, &str, &[Role]); 19] = {
    use Role::{Administrator, Auditor, ClosureReviewer, CodeIssuer, Dispatcher, FollowUpOfficer, Handler,
        IntakeOfficer, Leader, PerformanceReviewer, Supervisor, UnitAdministrator};
    [
        ("GET", "staff/issues", &[IntakeOfficer, Dispatcher, UnitAdministrator, Handler, ClosureReviewer,
            FollowUpOfficer, Supervisor, Leader, PerformanceReviewer, Auditor]),
        ("GET", "staff/enterprises?q=9133", &[CodeIssuer, IntakeOfficer, Dispatcher, Supervisor, Administrator, Auditor]),
        ("GET", "staff/figures", &[PerformanceReviewer, Supervisor, Leader, Auditor]),
        ("GET", "staff/audit", &[Auditor]),
        ("GET", "staff/audit.csv", &[Auditor]),
        ("GET", "staff/audit.xlsx", &[Auditor]),
        ("GET", "admin/events.csv", &[Administrator, Auditor]),
        ("GET", "admin/events.xlsx", &[Administrator, Auditor]),
        ("POST", "admin/webhooks/none/tests", &[Administrator]),
        ("GET", "staff/ratings", &[UnitAdministrator, Handler, FollowUpOfficer, PerformanceReviewer, Supervisor, Leader,
            Auditor]),
        ("POST", "staff/issues/none/call-back-rating", &[FollowUpOfficer]),
        ("GET", "staff/figures/dashboard", &[PerformanceReviewer, Supervisor, Leader, Auditor]),
        ("GET", "staff/ratings/exchange", &[PerformanceReviewer, Supervisor, Leader, Auditor]),
        // The unit that was rated, and whoever judges: on the ground of a flag.
        ("POST", "staff/ratings/none/appeal", &[UnitAdministrator, PerformanceReviewer, Supervisor]),
        ("POST", "staff/ratings/none/decisions", &[PerformanceReviewer, Supervisor]),
        ("POST", "staff/enterprises", &[CodeIssuer, IntakeOfficer, Administrator]),
        ("POST", "staff/enterprises/{id}/issues", &[IntakeOfficer]),
        ("POST", "staff/enterprises/{id}/codes", &[CodeIssuer]),
        ("POST", "staff/codes/{code}/revocation", &[CodeIssuer]),
    ]
};

#[tokio::test(flavor = "multi_thread")]
async fn the_other_deeds_answer_as_declared_auditors_only_read_and_nobody_touches_a_rating() {
    for database in BOTH {
        let walk = Walk::on(database, &[]).await;
        let (own, foreign) = (walk.assigned("gdj", &[]).await, walk.assigned("jxj", &[]).await);
        for role in roles::ALL {
            for (method, path, may) in DEEDS.into_iter().chain(rights_deeds::MORE) {
                let path = path.replace("{id}", "none").replace("{code}", "none");
                let body = match path.as_str() {
                    "staff/enterprises" => json!({ "uscc": "x", "name": "x" }),
                    "staff/issues/none/call-back-rating" => json!({ "verdict": "good" }),
                    "staff/ratings/none/appeal" => json!({ "ground": "mistaken", "reason": "x" }),
                    "staff/ratings/none/decisions" => json!({ "judgement": "accepted", "reason": "x" }),
                    "staff/codes/none/revocation" => json!({ "reason": "x" }),
                    path if path.ends_with("issues") && method == "POST" => {
                        json!({ "subject": "", "body": "", "category": "none", "channel": "none" })
                    }
                    path => rights_deeds::body(path),
                };
                let (status, said) = walk.ask(role, method, &path, &body).await;
                let cell = format!("{database} {role:?} {method} {path}: {status} {said}");
                assert_eq!(status != 403, may.contains(&role), "{cell}");
                let fits =
                    if method == "GET" { matches!(status, 200 | 403) } else { (403..=422).contains(&status) };
                assert!(fits, "{cell}");
                assert!(role != Role::Auditor || (method == "GET") == (status == 200), "{cell}");
            }
            reads(&walk, role, &own, &foreign, database).await;
            for number in [&own, &foreign] {
                for method in ["PUT", "PATCH", "DELETE"] {
                    for path in [
                        format!("scans/{}/issues/{number}/ratings", walk.town.seal),
                        format!("staff/issues/{number}/ratings"),
                    ] {
                        let (status, said) =
                            walk.ask(role, method, &path, &json!({ "verdict": "good" })).await;
                        assert!(
                            matches!(status, 404 | 405),
                            "{database} {role:?} {method} {path}: {status} {said}"
                        );
                    }
                }
            }
        }
    }
}

/// What a role reads of its own and of another unit's issue.
async fn reads(walk: &Walk, role: Role, own: &str, foreign: &str, database: &str) {
    let reader = DEEDS[0].2.contains(&role);
    for part in ["", "/events", "/attachments"] {
        for (number, is_own) in [(own, true), (foreign, false)] {
            let (status, _) =
                walk.ask(role, "GET", &format!("staff/issues/{number}{part}"), &Value::Null).await;
            let expected = match (reader, roles::needs_unit(role) && !is_own) {
                (true, true) => 404,
                (true, false) => 200,
                (false, _) => 403,
            };
            assert_eq!(status, expected, "{database} {role:?} reads {number}{part} (own: {is_own})");
        }
    }
    let (_, list) = walk.ask(role, "GET", &format!("staff/issues?q={foreign}"), &Value::Null).await;
    let listed = list.to_string().contains(foreign);
    assert_eq!(listed, reader && !roles::needs_unit(role), "{database} {role:?} lists {foreign}");
}
