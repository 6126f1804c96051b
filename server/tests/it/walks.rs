//! Random walks of all people over all verbs, with the real actions on a real
//! database: no illegal state, no clock that stops on a return, one event a step,
//! and what is refused changes nothing.

use chrono::Duration;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use qiyema_protocol::{
    board::State,
    clocks::ClockKind,
    staff::{IssueView, NewIssue},
    verb::Verb,
};
use qiyema_server::{
    actions::{
        Refused, Rules, issue,
        issue::step::{timing, wind},
        rights::{Actor, Object},
    },
    clock::Timestamp,
    domain::{clocks, event::Kind, workflow},
    store::{
        self,
        columns::{unword, word},
        connection::Db,
        enterprises, events, issues,
        issues::IssueRow,
        staff,
    },
};
use serde_json::{Value, json};

use crate::harness::Town;

/// Everybody who can meet over an issue.
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
    "code_issuer",
];
const UNITS: [&str; 3] = ["gdj", "jxj", "sjj"];
const HANDLERS: [&str; 3] = ["qianfeng", "lijianguo", "zhangwei"];

/// One attempt: who, which verb, with what, how much later; `keen` picks among
/// what the person may do, so that walks get far.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    who: usize,
    verb: usize,
    with: usize,
    minutes: i64,
    keen: bool,
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let one = (0..PEOPLE.len(), 0..1000_usize, 0..1000_usize, 1..900_i64, prop::bool::weighted(0.6));
    let one = one.prop_map(|(who, verb, with, minutes, keen)| Attempt { who, verb, with, minutes, keen });
    prop::collection::vec(one, 30..90)
}

fn actor(db: &mut Db, username: &str) -> Actor {
    let person = staff::by_username(db, username).unwrap().unwrap();
    Actor {
        id: person.row.id,
        username: person.row.username,
        name: person.row.name,
        roles: person.roles.iter().map(|role| unword(role).unwrap()).collect(),
        units: person.units,
        session: String::new(),
        scopes: vec![],
        channel: None,
    }
}

struct Asked<'a> {
    actor: &'a Actor,
    number: &'a str,
    other: &'a str,
    version: i32,
    with: usize,
    rules: &'a Rules,
    at: Timestamp,
}

type Act<Body> = fn(&mut Db, &Actor, &str, &Body, &Rules, Timestamp) -> Result<IssueView, Refused>;

/// A verb with a body that may or may not fit.
#[expect(clippy::too_many_lines, reason = "one arm a verb")]
fn perform(db: &mut Db, verb: Verb, ask: &Asked<'_>) -> Option<Result<IssueView, Refused>> {
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
        Verb::Resume => run(db, ask, issue::resume::resume, json!({})),
        Verb::Object => run(db, ask, issue::object::object, json!({ "reason": "没有解决" })),
        Verb::Contact => run(db, ask, issue::contact::contact, json!({ "note": "已联系" })),
        Verb::Fix => run(db, ask, issue::fix::fix, json!({ "note": "已整改" })),
        Verb::FollowUp => run(db, ask, issue::follow_up::follow_up, json!({})),
        Verb::Reopen => run(
            db,
            ask,
            issue::reopen::reopen,
            json!({ "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "未解决" }),
        ),
        Verb::Remind => run(db, ask, issue::supervise::remind, json!({})),
        Verb::Supervise => run(db, ask, issue::supervise::supervise, json!({})),
        Verb::Escalate => run(db, ask, issue::supervise::escalate, json!({})),
        // Endings, now and then, or no walk would get far.
        Verb::Withdraw if ask.with.is_multiple_of(5) => run(db, ask, issue::withdraw::withdraw, json!({})),
        Verb::Merge if ask.with.is_multiple_of(5) => {
            run(db, ask, issue::merge::merge, json!({ "parent": ask.other }))
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

fn row(db: &mut Db, number: &str) -> IssueRow {
    issues::by_number(db, number).unwrap().unwrap().0
}

fn history(db: &mut Db, issue: &IssueRow) -> Vec<events::EventRow> {
    events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id)).unwrap()
}

/// What must be true of any issue at any time.
fn sound(db: &mut Db, issue: &IssueRow, rules: &Rules) {
    let state: State = unword(&issue.state).unwrap();
    assert_eq!(issue.is_open, workflow::is_open(state), "{state:?}");
    let mut wound = issue.clone();
    wind(db, &mut wound, rules).unwrap();
    assert_eq!((&wound.next_clock, wound.next_at), (&issue.next_clock, issue.next_at), "{state:?}");
    let timing = timing(db, issue).unwrap();
    let running = clocks::running(&timing, &rules.limits, &rules.calendar, rules.zone);
    if workflow::lamp_runs(state) {
        let close =
            running.iter().find(|clock| clock.kind == ClockKind::Close).map(|clock| clock.until.due_on);
        assert_eq!(close, issue.due_on, "the handling clock runs in {state:?}");
        assert!(issue.due_on.is_some(), "{state:?}");
    }
    if state == State::InProgress {
        assert!(issue.handler_id.is_some(), "in progress, and nobody is named");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one walk, told in its order")]
async fn no_walk_breaks_the_rules() {
    let town = Town::on("sqlite");
    let rules = town.shared.rules();
    let mut db = town.shared.store.connection().unwrap();
    let people: Vec<Actor> = PEOPLE.iter().map(|name| actor(&mut db, name)).collect();
    let home = enterprises::search(&mut db, "9133", 1).unwrap().remove(0).id;
    let start: Timestamp = "2026-09-28T01:00:00Z".parse().unwrap();
    let cell = std::cell::RefCell::new((db, std::collections::BTreeMap::<String, usize>::new()));
    // The same walks every time: what they came to is asked below.
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig { cases: 48, failure_persistence: None, ..<_>::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let walked = runner.run(&attempts(), |attempts| {
        let (db, seen) = &mut *cell.borrow_mut();
        let new = NewIssue {
            subject: "用电".into(),
            body: "增容".into(),
            category: "power".into(),
            channel: "window".into(),
            ..NewIssue::default()
        };
        let mut register = || issue::open::open(db, &people[0], &home, &new, &rules, start).unwrap().number;
        let (number, other) = (register(), register());
        let mut at = start;
        for attempt in attempts {
            at += Duration::minutes(attempt.minutes);
            let before = row(db, &number);
            let events = history(db, &before);
            let from: State = unword(&before.state).unwrap();
            let assisting = issues::assisting(db, &before.enterprise_id, &before.id).unwrap();
            let object = Object::of(&before, &assisting);
            // Mostly somebody who may moves the issue on; else anybody tries anything.
            let onward: Vec<(&Actor, Verb)> = workflow::legal(from)
                .into_iter()
                .filter(|verb| {
                    workflow::rule(from, *verb)
                        .is_some_and(|rule| !rule.to.is_empty() || *verb == Verb::Contact)
                })
                .filter(|verb| {
                    !matches!(verb, Verb::Withdraw | Verb::Merge | Verb::Reject) || attempt.with < 100
                })
                .flat_map(|verb| people.iter().map(move |person| (person, verb)))
                .filter(|(person, verb)| person.decide(*verb, &object).is_ok())
                .collect();
            let (person, verb) = if attempt.keen && !onward.is_empty() {
                onward[attempt.verb % onward.len()]
            } else {
                (&people[attempt.who], Verb::ALL[attempt.verb % Verb::ALL.len()])
            };
            let may = |verb: Verb| person.decide(verb, &object).is_ok();
            // Now and then somebody has read an older version.
            let version = before.version - i32::from(attempt.with.is_multiple_of(11));
            let ask = Asked {
                actor: person,
                number: &number,
                other: &other,
                version,
                with: attempt.with,
                rules: &rules,
                at,
            };
            let Some(done) = perform(db, verb, &ask) else { continue };
            let after = row(db, &number);
            let later = history(db, &after);
            let to: State = unword(&after.state).unwrap();
            let case = format!("{} {verb:?} in {from:?}: {done:?}", person.username);
            sound(db, &after, &rules);
            match done {
                Ok(_) => {
                    *seen.entry(format!("{verb:?}")).or_default() += 1;
                    assert!(workflow::rule(from, verb).is_some_and(|rule| rule.leads(from, to)), "{case}");
                    assert!(may(verb) && version == before.version, "{case}");
                    assert_eq!(after.version, before.version + 1, "{case}");
                    assert_eq!(later.len(), events.len() + 1, "{case}");
                    let last = later.last().unwrap();
                    let told = (last.kind.clone(), last.by.clone(), last.state.clone());
                    assert_eq!(
                        told,
                        (word(Kind::of(verb)).unwrap(), person.id.clone(), Some(after.state.clone())),
                        "{case}"
                    );
                    if matches!(verb, Verb::RequestReturn | Verb::RuleReturn) {
                        assert_eq!(
                            (after.due_at, after.first_due_on),
                            (before.due_at, before.first_due_on),
                            "{case}"
                        );
                    }
                }
                Err(refused) => {
                    assert!(!matches!(refused, Refused::Store(_)), "{case}");
                    assert_eq!(format!("{before:?}"), format!("{after:?}"), "{case}");
                    assert_eq!(events.len(), later.len(), "{case}");
                    if let Refused::VersionConflict { current, changes } = refused {
                        assert_eq!((current, changes.len()), (before.version, 1), "one version was missed");
                    }
                }
            }
        }
        Ok(())
    });
    walked.unwrap();
    let (_, seen) = cell.into_inner();
    for verb in [
        "Accept",
        "Assign",
        "SignFor",
        "RequestReturn",
        "RuleReturn",
        "OpenConference",
        "HoldConference",
        "Defer",
        "Resume",
        "Report",
        "SendBack",
        "Close",
        "Object",
        "Fix",
        "Reopen",
    ] {
        assert!(seen.contains_key(verb), "no walk came to {verb}: {seen:?}");
    }
}
