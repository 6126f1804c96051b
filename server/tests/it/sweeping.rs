//! What is swept away, and what of the calendar survives the database.

use chrono::{NaiveDate, TimeDelta};
use qiyema_server::{
    actions::sweep::{Swept, sweep},
    domain::calendar::{Calendar, DayKind, DayStatus, Override},
    store::directory,
};
use serde_json::json;

use crate::harness::{BOTH, Town};

#[tokio::test(flavor = "multi_thread")]
async fn what_has_served_its_time_goes_and_nothing_before() {
    for database in BOTH {
        let town = Town::on(database);
        let client = crate::harness::client();
        town.token("dispatcher").await;
        crate::console::Browser::signed_in(&town, "auditor").await;
        let scan = town.url(&format!("/api/v1/scans/{}", town.seal));
        let proved = client.post(format!("{scan}/devices")).json(&json!({ "pin": town.seeded.pin }));
        assert_eq!(proved.send().await.unwrap().status(), 201);
        let number = crate::ratings::unrated(&town).await;
        let rate = client
            .post(format!("{scan}/issues/{number}/ratings"))
            .header("Idempotency-Key", "k1")
            .json(&json!({ "verdict": "good" }));
        assert_eq!(rate.send().await.unwrap().status(), 201, "{database}");

        let (rules, now) = (town.shared.rules(), town.shared.clock.now());
        let mut db = town.shared.store.connection().unwrap();
        let mut go = |later: TimeDelta| sweep(&mut db, &rules, now + later).unwrap();
        assert_eq!(go(TimeDelta::hours(47)), Swept::default(), "{database}: all of it is still needed");
        let all = go(TimeDelta::days(1000));
        let gone = Swept { answers: 1, attempts: 3, sessions: 2, devices: 1, traces: 1, more: false };
        assert_eq!(all, gone, "{database}");
        assert_eq!(go(TimeDelta::days(1000)), Swept::default(), "{database}: nothing twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_batch_asks_for_another_sweep() {
    use qiyema_server::store::{columns::column, owners};
    let town = Town::on("sqlite");
    let (rules, now) = (town.shared.rules(), town.shared.clock.now());
    let mut db = town.shared.store.connection().unwrap();
    for n in 0..501 {
        let row = owners::AttemptRow {
            id: format!("{n}"),
            kind: "pin".into(),
            subject: "e".into(),
            who: "w".into(),
            at: column(now - TimeDelta::days(100)),
            succeeded: false,
        };
        owners::note_attempt(&mut db, &row).unwrap();
    }
    let first = sweep(&mut db, &rules, now).unwrap();
    assert_eq!((first.attempts, first.more), (500, true));
    let second = sweep(&mut db, &rules, now).unwrap();
    assert_eq!((second.attempts, second.more), (1, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_refused_forms_go_and_what_is_attached_stays() {
    use qiyema_server::{
        actions::{
            intake::attach::{Kept, by_staff},
            job::Job,
        },
        domain::attachment::Kind,
        startup::jobs::Runner,
        store::vault::LOOSE,
    };
    for database in BOTH {
        let town = Town::on(database);
        let vault = town.shared.files.vault().clone();
        let [refused, attached, young] =
            [b"refused", b"is kept", b"on time"].map(|text| vault.keep(text).unwrap());
        let old = std::time::SystemTime::now() - 2 * LOOSE;
        let place =
            |hash: &str| town.shared.config.paths.data.join("attachments").join(&hash[..2]).join(hash);
        for hash in [&refused, &attached] {
            std::fs::File::options().write(true).open(place(hash)).unwrap().set_modified(old).unwrap();
        }
        let number = crate::ratings::unrated(&town).await;
        {
            let mut db = town.shared.store.connection().unwrap();
            let officer = crate::harness::actor(&mut db, "dispatcher");
            let file = Kept { hash: attached.clone(), name: "a.pdf".into(), kind: Kind::Pdf, size: 7 };
            by_staff(&mut db, &officer, &number, &[file], false, town.shared.clock.now()).unwrap();
        }
        let runner = Runner::new(&town.shared).unwrap();
        for _ in 0..256 {
            runner.look(Job::Sweep).await.unwrap();
        }
        let there = [&refused, &attached, &young].map(|hash| place(hash).exists());
        assert_eq!(there, [false, true, true], "{database}");
        // Sent again, it is as young as a new one.
        std::fs::File::options().write(true).open(place(&young)).unwrap().set_modified(old).unwrap();
        assert_eq!(vault.keep(b"on time").unwrap(), young);
        vault.discard(&young).unwrap();
        assert!(place(&young).exists(), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_next_years_calendar_keeps_its_dates_provisional() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let new_year = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        let draft = Override { day: new_year, kind: DayKind::Holiday, status: DayStatus::Draft };
        directory::insert_workday(&mut db, draft).unwrap();
        let calendar = Calendar::new(directory::workdays(&mut db).unwrap());
        assert!(calendar.is_official(2026) && !calendar.is_official(2027), "{database}");
        let due = calendar.add_working_days(NaiveDate::from_ymd_opt(2026, 12, 30).unwrap(), 2);
        assert_eq!(due.date, NaiveDate::from_ymd_opt(2027, 1, 4).unwrap(), "{database}: the draft counts");
        assert!(due.provisional, "{database}: and is only a draft");
    }
}
