//! What the clock does by itself, with a clock that the test moves: a year in a
//! few seconds, two runners on one database, a calendar that comes late.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use qiyema_server::{
    actions::{
        Refused, Rules,
        job::{self, Job},
        timed,
    },
    clock::{Clock, Timestamp},
    domain::calendar::{DayKind, DayStatus, Override},
    startup::jobs::Runner,
    store::{
        self,
        columns::{column, moment},
        connection::Db,
        directory, events, issues,
    },
};
use serde_json::{Value, json};

use crate::harness::{BOTH, Town};

/// A moment of the centre's clock.
fn local(text: &str) -> Timestamp {
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Shanghai.from_local_datetime(&naive).unwrap().with_timezone(&Utc)
}

/// A town whose clock stands still until the test moves it.
struct Centre {
    town: Town,
    clock: Clock,
    runner: Runner,
}

impl Centre {
    fn on(database: &str, at: &str) -> Self {
        let clock = Clock::fixed(local(at));
        let town = Town::at(database, &[("jobs.batch", "500")], &clock);
        let runner = Runner::new(&town.shared).unwrap();
        Self { town, clock, runner }
    }

    /// The same, with all issues of the demo put aside.
    async fn quiet(database: &str, at: &str) -> Self {
        let centre = Self::on(database, at);
        centre.settle(Job::Calendar).await;
        let (now, never) = (column(local("2100-01-01 00:00")), column(local("2100-01-02 00:00")));
        centre.db(|db| {
            store::transaction(db, |db| {
                for id in store::timed::watched(db, "", 1000)? {
                    store::timed::put_off(db, &id, now, never)?;
                }
                Ok::<_, Refused>(())
            })
            .unwrap();
        });
        centre
    }

    /// Looks until there is nothing left to do now.
    async fn settle(&self, job: Job) {
        for _ in 0..1000 {
            if !self.runner.look(job).await.unwrap() {
                return;
            }
        }
        panic!("{job:?} finds something to do for ever");
    }

    /// Lives until a day, looking shortly after midnight and in the morning.
    async fn live_until(&self, last: &str) {
        let mut day = self.clock.now().with_timezone(&Shanghai).date_naive();
        let last: NaiveDate = last.parse().unwrap();
        while day <= last {
            for hour in [0, 9] {
                let time = NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
                let at = Shanghai.from_local_datetime(&day.and_time(time)).unwrap().with_timezone(&Utc);
                if at >= self.clock.now() {
                    self.clock.set(at);
                    self.settle(Job::Clocks).await;
                }
            }
            day = day + Days::new(1);
        }
    }

    async fn post(&self, who: &str, path: &str, body: Value) -> Value {
        let token = self.town.token(who).await;
        let answer = crate::harness::client()
            .post(self.town.url(&format!("/api/v1/staff{path}")))
            .bearer_auth(token)
            .json(&body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let answer: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{path}: {answer}");
        answer
    }

    async fn register(&self) -> String {
        let token = self.town.token("intake_officer").await;
        let found: Value = crate::harness::client()
            .get(self.town.url("/api/v1/staff/enterprises?q=9133"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let enterprise = found["enterprises"][0]["id"].as_str().unwrap();
        let new = json!({ "subject": "厂区道路积水", "body": "连日积水", "category": "power", "channel": "hotline12345" });
        let made = self.post("intake_officer", &format!("/enterprises/{enterprise}/issues"), new).await;
        made["number"].as_str().unwrap().to_owned()
    }

    async fn act(&self, who: &str, number: &str, noun: &str, mut body: Value) {
        body["version"] = json!(self.issue(number).version);
        self.post(who, &format!("/issues/{number}/{noun}"), body).await;
    }

    fn db<T>(&self, ask: impl FnOnce(&mut Db) -> T) -> T {
        ask(&mut self.town.shared.store.connection().unwrap())
    }

    fn issue(&self, number: &str) -> issues::IssueRow {
        self.db(|db| issues::by_number(db, number).unwrap().unwrap().0)
    }

    /// What the clock did to an issue: kind, limit, local day.
    fn deeds(&self, number: &str) -> Vec<(String, String, String)> {
        let issue = self.issue(number);
        let all = self.db(|db| events::of_issues(db, &issue.enterprise_id, &[issue.id]).unwrap());
        all.into_iter()
            .filter(|event| event.by == "clock")
            .map(|event| {
                let detail: Value = serde_json::from_str(&event.detail).unwrap();
                let day = moment(event.at).with_timezone(&Shanghai).format("%m-%d").to_string();
                (event.kind, detail["clock"].as_str().unwrap_or_default().to_owned(), day)
            })
            .collect()
    }
}

fn deed(kind: &str, clock: &str, day: &str) -> (String, String, String) {
    (kind.to_owned(), clock.to_owned(), day.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_an_issue_that_nobody_hurries_over() {
    for database in BOTH {
        let centre = Centre::quiet(database, "2026-02-13 09:00").await;
        let number = centre.register().await;
        // Spring Festival: Saturday the 14th is worked, then nobody works until the 24th.
        centre.live_until("2026-03-01").await;
        let mut expected = vec![
            deed("reminded", "accept", "02-15"),
            deed("supervised", "accept", "02-25"),
            deed("escalated", "accept", "02-26"),
            deed("notified", "accept", "03-01"),
        ];
        assert_eq!(centre.deeds(&number), expected, "{database}");
        let lifted = centre.issue(&number);
        assert_eq!((lifted.level.as_str(), lifted.supervision.as_str()), ("city", "reported"), "{database}");

        centre.clock.set(local("2026-03-02 10:00"));
        let unit = centre.db(|db| directory::handlers(db).unwrap())[0].clone();
        centre.act("dispatcher", &number, "acceptance", json!({})).await;
        centre.act("dispatcher", &number, "assignment", json!({ "unit": unit.2, "handler": unit.0 })).await;
        assert_eq!(centre.issue(&number).due_on.unwrap().to_string(), "2026-03-09");
        centre.live_until("2026-03-19").await;
        expected.extend([
            deed("reminded", "first_contact", "03-03"),
            deed("supervised", "first_contact", "03-04"),
            deed("signed_for", "", "03-04"),
            deed("escalated", "first_contact", "03-05"),
            // Nobody replied since it was given to the unit; that it was signed for is no reply.
            deed("reminded", "interim", "03-06"),
            deed("reminded", "close", "03-06"),
            deed("supervised", "interim", "03-07"),
            deed("notified", "first_contact", "03-10"),
            deed("escalated", "interim", "03-10"),
            deed("supervised", "close", "03-10"),
            deed("escalated", "close", "03-12"),
            deed("notified", "interim", "03-13"),
            deed("notified", "close", "03-17"),
        ]);
        assert_eq!(centre.deeds(&number), expected, "{database}");
        let issue = centre.issue(&number);
        assert_eq!((issue.state.as_str(), issue.supervision.as_str()), ("in_progress", "reported"));

        centre.clock.set(local("2026-03-20 10:00"));
        let result = json!({ "result": "resolved", "reply": "已疏通排水" });
        centre.act(&unit.0, &number, "result", result).await;
        centre.act("closure_reviewer", &number, "closure", json!({})).await;
        centre.live_until("2027-02-12").await;
        expected.push(deed("rating_invited", "", "03-20"));
        expected.push(deed("lapsed", "", "04-20"));
        assert_eq!(centre.deeds(&number), expected, "{database}: each once, and nothing after it");
        assert_eq!(centre.issue(&number).state, "archived");
        assert_eq!(centre.issue(&number).next_at, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_runners_one_has_the_lease_until_it_ends() {
    for database in BOTH {
        let centre = Centre::quiet(database, "2026-11-23 09:00").await;
        let other = Runner::new(&centre.town.shared).unwrap();
        let lease = |holder: &'static str| {
            let at = centre.clock.now();
            centre.db(|db| job::take(db, Job::Clocks, holder, at, chrono::TimeDelta::minutes(1)).unwrap())
        };
        centre.runner.look(Job::Clocks).await.unwrap();
        assert!(!other.look(Job::Clocks).await.unwrap());
        assert!(!lease("c"), "{database}: the first runner still holds it");
        centre.clock.set(centre.clock.now() + chrono::TimeDelta::hours(1));
        assert!(lease("c"), "{database}: nobody holds it for ever");
        assert!(!lease("d"), "{database}");
        assert!(lease("c"), "{database}: the holder prolongs it");
    }
}

/// A lost lease doubles nothing: here both act on every issue at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn two_runners_without_any_lease_still_do_each_thing_once() {
    for database in BOTH {
        let centre = Centre::on(database, "2026-11-23 09:00");
        let rules = centre.town.shared.rules();
        let at = local("2026-12-20 09:00");
        let due = centre.db(|db| timed::due(db, at, 60).unwrap());
        assert!(due.len() > 50, "{database}: the demo gives work: {}", due.len());
        let work = |shift: usize| {
            let (store, rules, mut due) = (centre.town.shared.store.clone(), rules.clone(), due.clone());
            due.rotate_left(shift);
            std::thread::spawn(move || {
                let mut db = store.connection().unwrap();
                let mut deeds = 0;
                for id in due.iter().chain(&due).chain(&due) {
                    let done = act(&mut db, id, &rules, at);
                    deeds += usize::from(matches!(done, Ok(timed::Done::Deed(_))));
                    if let Err(error) = done {
                        assert!(
                            matches!(error, Refused::VersionConflict { .. } | Refused::Store(_)),
                            "{error}"
                        );
                    }
                }
                deeds
            })
        };
        let workers = [work(0), work(0)];
        let deeds: usize = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for id in &due {
            let issue = centre.db(|db| store::timed::issue(db, id).unwrap().unwrap());
            let all = centre
                .db(|db| events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(id)).unwrap());
            for event in all.into_iter().filter(|event| event.by == "clock") {
                *seen.entry(format!("{id} {} {}", event.kind, event.detail)).or_default() += 1;
            }
        }
        assert!(deeds > due.len(), "{database}");
        assert_eq!(seen.values().sum::<usize>(), deeds, "{database}: what was told is what stands");
        let doubled: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
        assert!(doubled.is_empty(), "{database}: {doubled:?}");
    }
}

fn act(db: &mut Db, id: &str, rules: &Rules, at: Timestamp) -> Result<timed::Done, Refused> {
    store::transaction(db, |db| timed::act(db, id, rules, at))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_into_next_year_is_counted_again_when_the_calendar_comes() {
    for database in BOTH {
        let centre = Centre::quiet(database, "2026-12-28 10:00").await;
        let number = centre.register().await;
        centre.act("dispatcher", &number, "acceptance", json!({})).await;
        let before = centre.issue(&number);
        assert_eq!((before.due_on.unwrap().to_string(), before.provisional), ("2027-01-04".into(), true));
        centre.settle(Job::Calendar).await;
        assert_eq!(centre.issue(&number).due_on, before.due_on, "{database}: nothing is known yet");

        // An invented calendar: New Year is free from Friday to Monday, Sunday the 10th is worked.
        for (day, kind) in [
            ("2027-01-01", DayKind::Holiday),
            ("2027-01-04", DayKind::Holiday),
            ("2027-01-10", DayKind::Workday),
        ] {
            let new = Override { day: day.parse().unwrap(), kind, status: DayStatus::Official };
            centre.db(|db| directory::insert_workday(db, new).unwrap());
        }
        centre.town.shared.refresh().await.unwrap();
        centre.clock.set(local("2026-12-29 10:00"));
        centre.settle(Job::Calendar).await;
        centre.settle(Job::Calendar).await;
        let after = centre.issue(&number);
        assert_eq!((after.due_on.unwrap().to_string(), after.provisional), ("2027-01-06".into(), false));
        assert_eq!(after.first_due_on, after.due_on, "{database}: the first promise was provisional too");
        assert_eq!(centre.deeds(&number), [deed("due_recomputed", "", "12-29")], "{database}: once");
    }
}

/// A return is ruled on the day it was asked for, if that is a working day.
#[tokio::test(flavor = "multi_thread")]
async fn a_return_asked_for_on_a_sunday_is_late_after_monday() {
    for database in BOTH {
        let centre = Centre::quiet(database, "2026-11-27 16:00").await;
        let number = centre.register().await;
        let unit = centre.db(|db| directory::handlers(db).unwrap())[0].clone();
        centre.act("dispatcher", &number, "acceptance", json!({})).await;
        centre.act("dispatcher", &number, "assignment", json!({ "unit": unit.2, "handler": unit.0 })).await;
        centre.act(&unit.0, &number, "contact", json!({ "note": "已电话联系" })).await;
        centre.clock.set(local("2026-11-29 10:00"));
        centre.act(&unit.0, &number, "return", json!({ "reason": "不属本单位职责" })).await;
        let limit = centre.issue(&number).limit_at.map(moment);
        assert_eq!(limit, Some(local("2026-12-01 00:00") - chrono::TimeDelta::milliseconds(1)), "{database}");
        centre.live_until("2026-12-01").await;
        let expected = [deed("reminded", "ruling", "12-01")];
        assert_eq!(centre.deeds(&number), expected, "{database}: nobody is late on Sunday night");
    }
}
