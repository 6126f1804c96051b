//! Limits that reach into a year whose calendar is not published: shown as provisional
//! everywhere, counted again when it is, each with one event. And what lists go by after
//! an upgrade.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use qiyema_server::{
    actions::{job::Job, timed::recompute},
    domain::calendar::{DayKind, DayStatus, Override},
    startup::{assemble, jobs::Runner},
    store::directory,
};
use serde_json::{Value, json};

use super::{MONDAY, Story, moment};
use crate::harness::BOTH;

/// Ten to five on the last working day of a year, in Huzhou.
const LATE: &str = "2026-12-31T08:50:00Z";

/// A limit that was counted again: kind, from day, to day.
type Moved = (String, String, String);
/// An event, and the limits in it.
type Told = (String, Vec<Moved>);

fn clock<'a>(issue: &'a Value, kind: &str) -> &'a Value {
    issue["clocks"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()
}

/// Where a limit ends, and whether that is certain.
fn end(issue: &Value, kind: &str) -> (String, bool) {
    let one = clock(issue, kind);
    (one["due_at"].as_str().unwrap().to_owned(), one["provisional"].as_bool().unwrap())
}

impl Story {
    /// The pass over all issues that a calendar sets off.
    async fn counts_again(&self) {
        let runner = Runner::new(&self.town.shared).unwrap();
        while runner.look(Job::Calendar).await.unwrap() {}
    }

    /// An invented calendar: New Year is free from Friday to Monday.
    async fn calendar_comes(&self) {
        for day in ["2027-01-01", "2027-01-04"] {
            let day =
                Override { day: day.parse().unwrap(), kind: DayKind::Holiday, status: DayStatus::Official };
            directory::insert_workday(&mut self.town.shared.store.connection().unwrap(), day).unwrap();
        }
        self.town.shared.refresh().await.unwrap();
        // A lease outlives its runner; time goes on until it has ended.
        self.clock.set(self.clock.now() + chrono::TimeDelta::hours(1));
        self.signed_in.lock().unwrap().clear();
        self.counts_again().await;
    }

    /// What the clock told, with its limits: kind, from day, to day.
    async fn recounted(&self) -> Vec<Told> {
        let told = self.events().await.into_iter().filter(|(_, by, _)| by == "系统");
        let text = |one: &Value| one.as_str().unwrap().to_owned();
        let limit = |one: &Value| (text(&one["kind"]), text(&one["from_on"]), text(&one["to_on"]));
        told.filter(|(kind, ..)| kind.ends_with("recounted") || kind.ends_with("recomputed"))
            .map(|(kind, _, facts)| (kind, facts["limits"].as_array().unwrap().iter().map(limit).collect()))
            .collect()
    }
}

fn limit(kind: &str, from: &str, to: &str) -> Moved {
    (kind.to_owned(), format!("2027-01-{from}"), format!("2027-01-{to}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_unit_was_asked_into_next_year_is_provisional_and_counted_again() {
    for database in BOTH {
        let mut story = Story::registered(database, LATE).await;
        story.must("intake_officer", "acceptance", json!({})).await;
        let whom = json!({ "unit": "gdj", "handler": "qianfeng", "assisting": ["jxj"] });
        story.must("dispatcher", "assignment", whom).await;
        story.counts_again().await;
        let issue = story.read().await;
        // Forty minutes today, twenty on a day that may be free.
        assert_eq!(end(&issue, "first_contact"), ("2027-01-01T00:50:00Z".to_owned(), true), "{database}");
        assert!(end(&issue, "assist").1 && end(&issue, "sign").1, "{database}: {issue}");
        let asked = issue["records"]["assignments"].as_array().unwrap();
        assert!(asked.iter().all(|one| one["provisional"] == true), "{database}: {asked:?}");
        let card = story.card(None).await;
        let contact = json!({ "until": "2027-01-01T00:50:00Z", "provisional": true });
        assert_eq!(card["first_contact"], contact, "{database}");
        assert!(
            story.phone("zh").await.contains("前联系您（预计）"),
            "{database}: {}",
            story.phone("zh").await
        );
        assert!(story.phone("en").await.contains("08:50 (expected)"), "{database}");
        let page = story.console("dispatcher").await;
        assert!(page.contains("2027-01-01 08:50（预计）"), "{database}: {page}");
        assert!(page.contains("2027-01-05 23:59（预计）"), "{database}: {page}");
        assert_eq!(story.limit(), "2027-01-01T00:50:00Z", "{database}");

        story.calendar_comes().await;
        let issue = story.read().await;
        assert_eq!(end(&issue, "first_contact"), ("2027-01-05T00:50:00Z".to_owned(), false), "{database}");
        assert_eq!(end(&issue, "assist"), ("2027-01-07T15:59:59.999Z".to_owned(), false), "{database}");
        assert_eq!(story.limit(), "2027-01-05T00:50:00Z", "{database}: the list's index too");
        let asked = issue["records"]["assignments"].as_array().unwrap();
        let ends: Vec<&Value> = asked.iter().map(|one| &one["due_at"]).collect();
        assert_eq!(ends, ["2027-01-05T00:50:00Z", "2027-01-07T15:59:59.999Z"], "{database}");
        assert!(asked.iter().all(|one| one["provisional"].is_null()), "{database}: {asked:?}");
        assert_eq!(story.card(None).await["first_contact"], json!({ "until": "2027-01-05T00:50:00Z" }));
        assert!(!story.phone("zh").await.contains("前联系您（预计）"), "{database}");
        let limits = vec![
            limit("first_contact", "01", "05"),
            limit("assist", "05", "07"),
            limit("sign", "01", "05"),
            limit("interim", "05", "07"),
        ];
        let told = vec![("due_recomputed".to_owned(), limits)];
        assert_eq!(story.recounted().await, told, "{database}: one event for the promise and all limits");
        let page = story.console("dispatcher").await;
        assert!(page.contains("首次联系企业 2027-01-01 → 2027-01-05"), "{database}: {page}");
        story.counts_again().await;
        assert_eq!(story.recounted().await, told, "{database}: once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_follow_from_an_event_tell_once_that_they_are_certain() {
    for database in BOTH {
        let mut story = Story::registered(database, LATE).await;
        story.counts_again().await;
        assert_eq!(end(&story.read().await, "accept"), ("2027-01-01T15:59:59.999Z".to_owned(), true));
        let version = story.version;
        story.calendar_comes().await;
        let issue = story.read().await;
        assert_eq!(end(&issue, "accept"), ("2027-01-05T15:59:59.999Z".to_owned(), false), "{database}");
        assert_eq!(story.version, version, "{database}: nobody's form is out of date for it");
        let told = vec![("limits_recounted".to_owned(), vec![limit("accept", "01", "05")])];
        assert_eq!(story.recounted().await, told, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn review_reply_and_rectification_are_counted_again_too() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.it_is("2026-12-24T02:00:00Z");
        story.close().await;
        story.it_is(LATE);
        story.counts_again().await;
        let device = story.device().await;
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad" })).await.0, 201, "{database}");
        let issue = story.read().await;
        assert!(end(&issue, "contact").1 && end(&issue, "fix").1, "{database}: {issue}");
        assert_eq!(story.card(None).await["rectification"]["provisional"], true, "{database}");
        assert!(story.phone("zh").await.contains("前完成整改（预计）"), "{database}");
        // A pass that is done again after a restart, before it noted how far it came.
        let (shared, id) = (story.town.shared.clone(), story.stored().id);
        story.calendar_comes().await;
        let limits = vec![limit("contact", "01", "05"), limit("fix", "07", "11")];
        let told = vec![("limits_recounted".to_owned(), limits)];
        assert_eq!(story.recounted().await, told, "{database}");
        let mut db = shared.store.connection().unwrap();
        sql_query("UPDATE leases SET done = '/2024 2025 2026' WHERE name = 'calendar'")
            .execute(&mut **db)
            .unwrap();
        let (rules, at) = (shared.rules(), shared.clock.now());
        let page = recompute::page(&mut db, &rules, 10).unwrap().unwrap();
        recompute::one(&mut db, &id, &page, &rules, at).unwrap();
        assert_eq!(story.recounted().await, told, "{database}: told once");
        assert!(!story.phone("zh").await.contains("（预计）"), "{database}");
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// An older program left no moments: the next one fills them in before it serves.
#[tokio::test(flavor = "multi_thread")]
async fn lists_are_whole_before_the_first_request_after_an_upgrade() {
    for database in BOTH {
        let story = Story::assigned(database).await;
        let shared = &story.town.shared;
        let count = |what: &str| {
            let mut db = shared.store.connection().unwrap();
            let asked = format!("SELECT count(*) AS n FROM issues WHERE {what}");
            sql_query(asked).get_result::<Count>(&mut **db).unwrap().n
        };
        let before = (count("limit_at IS NOT NULL"), story.limit());
        assert!(before.0 > 20, "{database}: {before:?}");
        sql_query("UPDATE issues SET limit_at = NULL")
            .execute(&mut **shared.store.connection().unwrap())
            .unwrap();
        let config = (*shared.config).clone();
        let again = assemble::assemble(config, &shared.clock, shared.trust.host.clone(), true).unwrap();
        assert_eq!((count("limit_at IS NOT NULL"), story.limit()), before, "{database}");
        assert_eq!(count("is_open AND limit_at IS NULL"), 0, "{database}");
        drop(again);
        assert_eq!(shared.clock.now(), moment(MONDAY), "no job had to look");
    }
}
