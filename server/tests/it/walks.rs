//! Random walks of all people, the administrator, the owner and the clock over all verbs, with the
//! real actions on a real database: no illegal state, no clock that stops on a
//! return, no promise that moves unasked, one event a step, every rating stays,
//! and what is refused changes nothing.

pub mod deeds;
mod house;
mod others;
mod reviews;

use std::sync::Arc;

use chrono::Duration;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use qiyema_protocol::{board::State, clocks::ClockKind, staff::NewIssue, verb::Verb};
use qiyema_server::{
    actions::{
        Refused, Rules, issue,
        issue::{
            running,
            step::{self, timing, wind},
        },
        rights::{Actor, Object},
    },
    clock::{Clock, Timestamp},
    domain::{clocks, event::Kind, workflow},
    store::{
        codes,
        columns::{column, unword, word},
        connection::Db,
        events, issues,
        issues::IssueRow,
        timed,
    },
};

use deeds::{Asked, perform};
use house::{COME_TO, House, in_the_figures, met, opening};
use others::{clock_acts, closures, one_step, owner_does, promise, proved, raised, ratings};
use reviews::{Review, reviews, waits};

use crate::harness::{Town, actor};

/// Everybody who can meet over an issue.
const PEOPLE: [&str; 15] = [
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
    "performance_reviewer",
];
/// Verbs that leave the state and that walks are to come to.
const ASKED: [Verb; 7] = [
    Verb::Reach,
    Verb::Contact,
    Verb::RequestExtension,
    Verb::Extend,
    Verb::RequestDeferral,
    Verb::RefuseDeferral,
    Verb::ReviewDeferral,
];

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

fn row(db: &mut Db, number: &str) -> IssueRow {
    issues::by_number(db, number).unwrap().unwrap().0
}

fn history(db: &mut Db, issue: &IssueRow) -> Vec<events::EventRow> {
    let rows = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id)).unwrap();
    // An invitation goes out beside the closing and beside what was put right; it moves nothing.
    let invited = ["rating_invited", "rectification_invited"];
    rows.into_iter().filter(|row| !invited.contains(&&*row.kind)).collect()
}

/// What must be true of any issue at any time.
fn sound(db: &mut Db, issue: &IssueRow, rules: &Rules) {
    let state: State = unword(&issue.state).unwrap();
    assert_eq!(issue.is_open, workflow::is_open(state), "{state:?}");
    let mut wound = issue.clone();
    wind(db, &mut wound, rules).unwrap();
    assert_eq!((wound.limit_at, wound.next_at), (issue.limit_at, issue.next_at), "{state:?}");
    let timing = timing(db, issue).unwrap();
    let running = clocks::running(&timing, &rules.limits, &rules.calendar, rules.zone);
    if workflow::lamp_runs(state) {
        let close =
            running.iter().find(|clock| clock.kind == ClockKind::Close).map(|clock| clock.until.due_on);
        assert_eq!(close, issue.due_on, "the handling clock runs in {state:?}");
        assert!(issue.due_on.is_some(), "{state:?}");
    }
    // Whoever leads owes nothing as an assistant, whichever verb gave it the lead.
    let (home, own) = (std::slice::from_ref(&issue.enterprise_id), std::slice::from_ref(&issue.id));
    let owing = timed::assisting(db, home, own).unwrap();
    assert!(
        owing.iter().all(|one| Some(&one.unit_id) != issue.lead_unit_id.as_ref()),
        "{state:?}: {owing:?}"
    );
    // A list computes for many what the page computes for one.
    let mut one = step::running(db, issue, rules).unwrap();
    one.retain(|limit| limit.kind != ClockKind::Rate);
    let many = running::of(db, std::slice::from_ref(issue), rules).unwrap().remove(&issue.id);
    assert_eq!(many.unwrap(), one, "{state:?}");
    assert_eq!(one.first().map(|limit| column(limit.until.due_at)), issue.limit_at, "{state:?}");
    if state == State::InProgress {
        assert!(issue.handler_id.is_some(), "in progress, and nobody is named");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_walk_breaks_the_rules_on_sqlite() {
    walk("sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_walk_breaks_the_rules_on_postgresql() {
    walk("postgres").await;
}

#[expect(clippy::too_many_lines, reason = "one walk, told in its order")]
async fn walk(database: &str) {
    let start: Timestamp = "2026-09-28T01:00:00Z".parse().unwrap();
    let town = Town::at(database, &[], &Clock::fixed(start));
    let rules = town.shared.rules();
    let mut db = town.shared.store.connection().unwrap();
    let house = House { admin: actor(&mut db, "administrator"), base: (*rules).clone() };
    let read = |db: &mut Db| -> Vec<Actor> { PEOPLE.iter().map(|name| actor(db, name)).collect() };
    let people = read(&mut db);
    let before = met(&mut db);
    let seal = town.shared.trust.keys.now().verify(&town.seal, &town.shared.trust.host).unwrap();
    let home = codes::open(&mut db, &seal.code().to_string()).unwrap().unwrap().code.enterprise_id;
    let owner = proved(&mut db, seal, &rules, start);
    let new = NewIssue {
        subject: "用电".into(),
        body: "增容".into(),
        category: "power".into(),
        channel: "window".into(),
        ..NewIssue::default()
    };
    let registered = |db: &mut Db, by: &Actor, rules: &Rules| {
        issue::open::open(db, by, &home, &new, rules, start).unwrap().number
    };
    let first = [(); 2].map(|()| registered(&mut db, &people[0], &rules));
    opening(&mut db, &people, [&first[0], &first[1]], &owner, &rules, start);
    let seen = std::collections::BTreeMap::<String, usize>::new();
    let cell = std::cell::RefCell::new((db, seen, people, rules));
    // The same walks every time: what they came to is asked below.
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig { cases: 48, failure_persistence: None, ..<_>::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let walked = runner.run(&attempts(), |attempts| {
        let (db, seen, folk, now) = &mut *cell.borrow_mut();
        let other = registered(db, &folk[0], now);
        let raised = (attempts.len() % 2 == 1).then(|| raised(db, &owner, now, start)).flatten();
        let number = raised.unwrap_or_else(|| registered(db, &folk[0], now));
        let mut at = start;
        for attempt in attempts {
            let rules = Arc::clone(now);
            // Mostly hours pass; now and then a week, or the month in which one may rate.
            let rateable = row(db, &number).state == "closed";
            at += match attempt.verb % 30 {
                _ if rateable && attempt.verb % 4 == 0 => Duration::days(35),
                0 => Duration::days(9),
                1 => Duration::days(35),
                _ => Duration::minutes(attempt.minutes),
            };
            for verb in clock_acts(db, &number, &rules, at) {
                *seen.entry(format!("the clock: {verb:?}")).or_default() += 1;
            }
            let before = row(db, &number);
            let events = history(db, &before);
            let from: State = unword(&before.state).unwrap();
            let (given, closed) = (ratings(db, &before.id), closures(db, &before.id));
            if attempt.with % 50 == 7 {
                // What is ordered otherwise holds from now on: who stood behind a closure, and how it was rated, stays.
                let did = house.changes(db, attempt.verb, &rules, at);
                (*folk, *now) = (read(db), Arc::new(house.in_force(db)));
                let after = row(db, &number);
                assert!(given == ratings(db, &before.id) && closed == closures(db, &before.id), "{did:?}");
                if did != Some("the calendar") {
                    assert_eq!(format!("{before:?}"), format!("{after:?}"), "{did:?}");
                }
                sound(db, &after, now);
                *seen.entry(format!("the administrator: {}", did.unwrap_or("nothing"))).or_default() += 1;
                continue;
            }
            let people: &[Actor] = folk;
            let steered = if closed.is_empty() { None } else { waits(db, &before.id, attempt.with) };
            if steered.is_some() || attempt.with % 9 == 5 && !closed.is_empty() {
                // Whoever it is: what was rated stays what it was, and the issue does not move.
                let (who, pick) = (attempt.who, attempt.verb);
                let ask = Review { people, who, number: &number, pick, steered, rules: &rules, at };
                let did = reviews(db, &ask);
                let (after, now) = (row(db, &number), ratings(db, &before.id));
                assert!(now.starts_with(&given) && closed == closures(db, &before.id), "{did:?}");
                if now.len() == given.len() {
                    assert_eq!(format!("{before:?}"), format!("{after:?}"), "{did:?}");
                }
                sound(db, &after, &rules);
                if let Some(did) = did {
                    *seen.entry(did).or_default() += 1;
                }
                continue;
            }
            if attempt.with % 4 == 0 {
                let pick = match from {
                    State::NeedInfo if attempt.keen => 0,
                    State::Rejected if attempt.keen => 2,
                    State::Closed if attempt.keen => [3, 6, 7, 16][attempt.verb / 4 % 4],
                    _ => attempt.verb,
                };
                let (kind, done) = owner_does(db, (pick, attempt.with / 4), &number, &owner, &rules, at);
                let after = row(db, &number);
                let later = history(db, &after);
                sound(db, &after, &rules);
                assert_eq!(promise(&before), promise(&after), "{kind:?}: no owner moves a promise");
                let case = format!("owner {kind:?} in {from:?}: {done:?}");
                if done.is_err() {
                    assert!(!matches!(done, Err(Refused::Store(_))), "{case}");
                    assert_eq!(format!("{before:?}"), format!("{after:?}"), "{case}");
                    assert_eq!((events.len(), &given), (later.len(), &ratings(db, &before.id)), "{case}");
                    continue;
                }
                *seen.entry(format!("the owner: {kind:?}")).or_default() += 1;
                if kind == Kind::Rated {
                    let kinds: Vec<&str> = later[events.len()..].iter().map(|row| &*row.kind).collect();
                    let answered = after.state != before.state;
                    let told: &[&str] = match &*after.state {
                        _ if !answered => &["rated"],
                        "rectifying" => &["rated", "rectification_started"],
                        _ => &["rated", "recheck_started"],
                    };
                    assert_eq!(kinds, told, "{case}");
                    assert_eq!(after.version, before.version + i32::from(answered), "{case}");
                    let now = ratings(db, &before.id);
                    assert!(now.len() == given.len() + 1 && now.starts_with(&given), "{case}");
                } else {
                    one_step(&before, &events, &after, &later, &word(kind).unwrap(), "owner");
                    assert_eq!(given, ratings(db, &before.id), "{case}");
                }
                continue;
            }
            let assisting = issues::assisting(db, &before.enterprise_id, &before.id).unwrap();
            let object = Object::of(&before, &assisting);
            // Mostly somebody who may moves the issue on; else anybody tries anything.
            let onward: Vec<(&Actor, Verb)> = workflow::legal(from)
                .into_iter()
                .filter(|verb| {
                    workflow::rule(from, *verb)
                        .is_some_and(|rule| !rule.to.is_empty() || ASKED.contains(verb))
                })
                .filter(|verb| {
                    !matches!(verb, Verb::Withdraw | Verb::Merge | Verb::Reject | Verb::Reach)
                        || attempt.with < 100
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
            assert_eq!(given, ratings(db, &before.id), "{case}: every rating stays");
            let now = closures(db, &before.id);
            assert!(now.starts_with(&closed), "{case}: who stood behind a closure never moves");
            if !matches!(verb, Verb::Accept | Verb::Extend | Verb::Resume | Verb::Reopen) {
                assert_eq!(promise(&before), promise(&after), "{case}");
            }
            match done {
                Ok(_) => {
                    *seen.entry(format!("{verb:?}")).or_default() += 1;
                    assert!(workflow::rule(from, verb).is_some_and(|rule| rule.leads(from, to)), "{case}");
                    assert!(may(verb) && version == before.version, "{case}");
                    let kind = word(Kind::of(verb)).unwrap();
                    one_step(&before, &events, &after, &later, &kind, &person.id);
                }
                Err(refused) => {
                    assert!(!matches!(refused, Refused::Store(_)), "{case}");
                    assert_eq!(format!("{before:?}"), format!("{after:?}"), "{case}");
                    assert_eq!(events.len(), later.len(), "{case}");
                    if let Refused::VersionConflict { current, changes } = refused {
                        // What was missed: one version; a rating or an invitation may have come beside it.
                        let beside = [
                            "rated",
                            "limits_recounted",
                            "rating_invited",
                            "rectification_invited",
                            "rating_appealed",
                            "appeal_decided",
                            "rating_excluded",
                            "rating_upheld",
                        ];
                        let missed =
                            changes.iter().filter(|change| !beside.contains(&change.kind.as_str())).count();
                        assert_eq!((current, missed), (before.version, 1), "{changes:?}");
                    }
                }
            }
        }
        Ok(())
    });
    walked.unwrap();
    let (mut db, seen, _, now) = cell.into_inner();
    for (what, n) in met(&mut db) {
        assert!(n > before[what], "no walk came to a rating that is {what}: {n}, {seen:?}");
    }
    house.resets(&mut db, &now, start);
    drop(db);
    town.shared.refresh().await.unwrap();
    // Whatever happened, the figures that the job kept are what a recount gives, and nothing is lost on the way.
    town.count().await;
    let recounted = town.recount();
    assert!(recounted.days > 60 && recounted.waiting == 0, "{recounted:?}");
    assert_eq!(recounted.differences, [], "kept, and counted again");
    assert_eq!(town.unbalanced(), Vec::<String>::new());
    let figures = in_the_figures(&town);
    assert!(
        figures.iter().all(|n| *n > 0),
        "received, counted, unverified, superseded, excluded: {figures:?}"
    );
    assert_eq!(figures[0], figures[1..].iter().sum::<u32>(), "{figures:?}");
    for verb in COME_TO {
        // What walks come to rarely has stories of its own.
        assert!(seen.keys().any(|key| key.starts_with(verb)), "no walk came to {verb}: {seen:?}");
    }
}
