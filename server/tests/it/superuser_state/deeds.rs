//! Whatever is done by the server itself leaves rows and facts as one: each deed of an administrator, an upgrade, a walk.

use std::collections::BTreeSet;

use qiyema_server::{
    actions::ledger::verify::Fault,
    domain::ledger::State,
    store::{
        connection::{Db, Target},
        migrate,
    },
};
use serde_json::{Value, json};

use super::{Administrator, Issue, NONE, furnish, keys, misfits, notice, town, words};
use crate::{
    harness::{BOTH, Town},
    ledger::{as_superuser, checked, enter},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_deed_of_an_administrator_leaves_a_sound_log() {
    for database in BOTH {
        let town = town(database);
        furnish(&town).await;
        let administrator = Administrator::of(&town).await;
        let (_, list) = administrator.send("GET", "staff", Value::Null).await;
        let id = |who: &str| {
            let all = list["people"].as_array().unwrap();
            all.iter().find(|one| one["username"] == who).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let person = |roles: &[&str], units: &[&str]| json!({ "name": "高峰", "post": "督办员", "roles": roles, "units": units });
        let supervisor = format!("staff/{}", id("supervisor"));
        // Given, taken, and given again.
        for roles in [&["supervisor", "follow_up_officer"][..], &["supervisor"], &["follow_up_officer"]] {
            administrator.must("PUT", &supervisor, person(roles, &[])).await;
        }
        let leader = format!("staff/{}", id("leader"));
        administrator.must("PUT", &leader, person(&["leader"], &["gdj"])).await;
        administrator.must("POST", &format!("{supervisor}/disabling"), json!({})).await;
        administrator.must("DELETE", &format!("{supervisor}/disabling"), json!({})).await;
        let new = json!({ "username": "neu.ling", "person": person(&["dispatcher"], &[]) });
        administrator.must("POST", "staff", new).await;
        administrator.must("PUT", "units/gdj", json!({ "name_zh": "市电力局" })).await;
        administrator.must("PUT", "units/gdj", json!({ "name_zh": "市电力局" })).await;
        let unit = administrator.must("POST", "units", json!({ "name_zh": "市测试局" })).await;
        let unit = format!("units/{}", unit["id"].as_str().unwrap());
        let office = json!({ "name_zh": "综合科", "phone": "0572-1" });
        let office = administrator.must("POST", &format!("{unit}/offices"), office).await;
        let office = format!("offices/{}", office["id"].as_str().unwrap());
        administrator.must("PUT", &office, json!({ "name_zh": "综合处", "phone": "0572-2" })).await;
        administrator.must("POST", &format!("{office}/closing"), json!({})).await;
        administrator.must("POST", &format!("{unit}/closing"), json!({})).await;
        administrator.must("DELETE", &format!("{unit}/closing"), json!({})).await;
        let category = json!({ "name_zh": "子类", "grade": "complex" });
        let category = administrator.must("POST", "categories", category).await;
        let category = format!("categories/{}", category["id"].as_str().unwrap());
        administrator.must("PUT", &category, json!({ "name_zh": "子类", "grade": "simple" })).await;
        administrator.must("POST", &format!("{category}/retirement"), json!({})).await;
        administrator.must("DELETE", &format!("{category}/retirement"), json!({})).await;
        let channel = "channels/hotline12345";
        administrator.must("PUT", channel, json!({ "name_zh": "热线" })).await;
        administrator.must("POST", &format!("{channel}/retirement"), json!({})).await;
        administrator.must("DELETE", &format!("{channel}/retirement"), json!({})).await;
        for off in ["2027-01-01", "2027-01-04", "2027-01-04"] {
            administrator.must("POST", "calendar/imports", notice(off)).await;
        }
        administrator.must("PUT", "settings/count_unverified", json!({ "value": "true" })).await;
        administrator.must("DELETE", "settings/count_unverified", json!({})).await;
        let (_, tokens) = administrator.send("GET", "tokens", Value::Null).await;
        let token = tokens["tokens"][0]["id"].as_str().unwrap().to_owned();
        administrator.must("DELETE", &format!("tokens/{token}"), json!({})).await;
        let (_, hooks) = administrator.send("GET", "webhooks", Value::Null).await;
        let hook = format!("webhooks/{}", hooks["webhooks"][0]["id"].as_str().unwrap());
        administrator.must("POST", &format!("{hook}/pause"), json!({ "paused": true })).await;
        administrator.must("POST", &format!("{hook}/secret"), json!({})).await;
        administrator.must("DELETE", &hook, json!({})).await;
        administrator.must("POST", "staff/auditor/mailbox", json!({ "address": null })).await;
        // A unit assists, answers, and the issue is over.
        let issue = Issue::with_contact(&town, "联合办理").await;
        issue.step("intake_officer", "acceptance", json!({})).await;
        issue.step("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        issue.step("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        issue.step("qianfeng", "assisting-unit", json!({ "unit": "jxj" })).await;
        issue.step("qianfeng", "assisting-unit", json!({ "unit": "sjj" })).await;
        issue.step("lijianguo", "assistance", json!({ "reply": "已核对" })).await;
        issue
            .step(
                "qianfeng",
                "extension-request",
                json!({ "working_days": 1, "reason": "field_work", "note": "等待设备到货" }),
            )
            .await;
        issue.step("dispatcher", "extension-refusal", json!({ "note": "不同意延期" })).await;
        issue.step("qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
        issue.step("closure_reviewer", "closure", json!({})).await;
        enter(&town).await;
        let found = checked(&town);
        assert!(found.is_sound() && found.waiting == 0, "{database}: {found:?}");
        let mut db = town.shared.store.connection().unwrap();
        // Nothing is written down twice: the name that was the same was no step, nor the calendar that was.
        let facts = "SELECT CAST(count(*) AS TEXT) AS word FROM state_facts WHERE row_key = 'gdj' AND table_name = 'units'";
        assert_eq!(words(&mut db, facts), ["2"], "{database}");
        let plain = "SELECT content AS word FROM state_facts WHERE content LIKE '%13812345678%' \
                     OR content LIKE '%@example.cn%' OR content LIKE '%127.0.0.1%'";
        assert!(words(&mut db, plain).is_empty(), "{database}: what is personal or secret stands as a hash");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deed_does_not_make_its_own_what_somebody_changed_before() {
    for database in BOTH {
        let town = town(database);
        let administrator = Administrator::of(&town).await;
        let (_, list) = administrator.send("GET", "staff", Value::Null).await;
        let all = list["people"].as_array().unwrap();
        let handler = all.iter().find(|one| one["username"] == "qianfeng").unwrap();
        let (id, roles) = (handler["id"].as_str().unwrap(), &handler["roles"]);
        let mut db = town.shared.store.connection().unwrap();
        as_superuser(
            &mut db,
            &[
                format!("INSERT INTO staff_roles (staff_id, role) VALUES ('{id}', 'performance_reviewer')"),
                "UPDATE units SET name_zh = 'x' WHERE id = 'gdj'".to_owned(),
                "DELETE FROM workdays WHERE day = '2026-10-01'".to_owned(),
                "UPDATE settings SET value = 'handler' WHERE key = 'second_factor_roles'".to_owned(),
            ],
        );
        drop(db);
        // Each is put right by a deed, and stays named.
        let same = json!({ "name": "钱峰", "post": "专责", "roles": roles, "office": handler["office"] });
        let put = administrator.send("PUT", &format!("staff/{id}"), same).await;
        assert_eq!(put.0, 200, "{}", put.1);
        let renamed = administrator.send("PUT", "units/gdj", json!({ "name_zh": "市电力局" })).await;
        assert_eq!(renamed.0, 204, "{}", renamed.1);
        let value = json!({ "value": "" });
        assert_eq!(administrator.send("PUT", "settings/second_factor_roles", value).await.0, 204);
        enter(&town).await;
        let named = |table: &str, row: &str, fault| (table.to_owned(), row.to_owned(), fault);
        let expected = BTreeSet::from([
            named("staff_roles", &format!("{id}/performance_reviewer"), Fault::Altered),
            named("units", "gdj", Fault::Altered),
            named("workdays", "2026-10-01", Fault::Missing),
            named("settings", "second_factor_roles", Fault::Altered),
        ]);
        let found = checked(&town).rows;
        let found: BTreeSet<_> = found.into_iter().map(|one| (one.table, one.row, one.fault)).collect();
        assert_eq!(found, expected, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_there_before_an_upgrade_is_written_down_once_and_what_comes_later_is_not() {
    for database in BOTH {
        let town = town(database);
        furnish(&town).await;
        let target = Target::parse(&town.database).unwrap();
        let mut db = town.shared.store.connection().unwrap();
        // As an upgrade finds it: the log has seen none of it yet.
        as_superuser(
            &mut db,
            &["DELETE FROM state_facts".to_owned(), "DELETE FROM webhook_links".to_owned()],
        );
        let before = keys(&mut db, State::Staff).len();
        migrate::run(&target).unwrap();
        let adopted = "SELECT row_key AS word FROM state_facts WHERE table_name = 'staff' AND version = 1";
        assert_eq!(words(&mut db, adopted).len(), before, "{database}");
        assert!(checked(&town).is_sound(), "{database}");
        // A table that was empty was taken over as well.
        let hook = keys(&mut db, State::Webhooks).remove(0);
        let who = keys(&mut db, State::Staff).remove(0);
        let slipped = format!(
            "INSERT INTO webhook_links (id, webhook_id, deed, at, \"by\") \
             VALUES ('w', '{hook}', 'allowed', '2026-11-29 00:00:00', '{who}')"
        );
        as_superuser(&mut db, &[slipped]);
        migrate::run(&target).unwrap();
        drop(db);
        enter(&town).await;
        let found = checked(&town).rows;
        let found: Vec<_> = found.into_iter().map(|one| (one.table, one.row, one.fault)).collect();
        assert_eq!(found, [("webhook_links".to_owned(), "w".to_owned(), Fault::Added)], "{database}");
    }
}

#[test]
fn every_column_of_what_decides_is_written_down_or_left_out_on_purpose() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        for state in State::ALL {
            let table = state.table();
            let there = match &**db {
                Db::Sqlite(_) => format!("SELECT name AS word FROM pragma_table_info('{table}')"),
                Db::Postgres(_) => format!(
                    "SELECT column_name::text AS word FROM information_schema.columns WHERE table_name = '{table}'"
                ),
            };
            let there: BTreeSet<String> = words(&mut db, &there).into_iter().collect();
            let own = state.columns().iter().map(|(name, _)| *name).chain(state.left_out().iter().copied());
            assert_eq!(own.map(str::to_owned).collect::<BTreeSet<_>>(), there, "{database}: {table}");
        }
    }
}

/// SplitMix64: the same walk at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(many).unwrap()).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Whatever an administrator does, in whatever order and whether it is refused or not, no row of his is ever named.
#[tokio::test(flavor = "multi_thread")]
async fn a_random_walk_of_an_administrator_stays_sound() {
    let steps = std::env::var("QIYEMA_STATE_STEPS").map_or(60, |number| number.parse().expect("a number"));
    for database in BOTH {
        let town = town(database);
        furnish(&town).await;
        let administrator = Administrator::of(&town).await;
        let ids = |state| keys(&mut town.shared.store.connection().unwrap(), state);
        let (people, hooks, tokens) = (ids(State::Staff), ids(State::Webhooks), ids(State::ApiTokens));
        let mut dice = Dice(11);
        let mut done = 0;
        for step in 0..steps {
            let name = format!("名称{}", dice.below(4));
            let unit = *dice.of(&["gdj", "jxj", "swj"]);
            let (person, hook) = (dice.of(&people).clone(), dice.of(&hooks).clone());
            let role = *dice.of(&["dispatcher", "supervisor", "leader", "auditor", "handler"]);
            let (give, named) =
                (*dice.of(&["POST", "DELETE"]), json!({ "name_zh": name, "position": dice.below(3) }));
            let units = if role == "leader" { vec![unit] } else { vec![] };
            let one =
                json!({ "name": name, "post": "科员", "roles": [role], "units": units, "office": "gdj-1" });
            let setting = *dice.of(&["count_unverified", "show_full_names"]);
            let (method, path, body) = match dice.below(13) {
                0 => ("PUT", format!("units/{unit}"), named),
                1 => (give, format!("units/{unit}/closing"), json!({})),
                2 => ("PUT", format!("offices/{unit}-1"), json!({ "name_zh": name, "phone": "0572-1" })),
                3 => ("PUT", "categories/power".to_owned(), json!({ "name_zh": name, "grade": "complex" })),
                4 => (give, "categories/power/retirement".to_owned(), json!({})),
                5 => ("PUT", "channels/hotline12345".to_owned(), named),
                6 => (give, "channels/hotline12345/retirement".to_owned(), json!({})),
                7 => ("PUT", format!("staff/{person}"), one),
                8 => (give, format!("staff/{person}/disabling"), json!({})),
                9 => ("PUT", format!("settings/{setting}"), json!({ "value": dice.of(&["true", "false"]) })),
                10 => ("DELETE", format!("settings/{setting}"), json!({})),
                11 => ("POST", format!("webhooks/{hook}/pause"), json!({ "paused": dice.below(2) == 0 })),
                _ => (
                    "POST",
                    "calendar/imports".to_owned(),
                    notice(&format!("2027-01-0{}", 1 + dice.below(3))),
                ),
            };
            let (status, said) = administrator.send(method, &path, body).await;
            assert!(status < 500, "{database}: {method} {path}: {said}");
            done += usize::from(status < 300);
            assert_eq!(misfits(&town), NONE, "{database} {step}: {method} {path}: {status} {said}");
            if step % 20 == 7 {
                let token = dice.of(&tokens);
                administrator.send("DELETE", &format!("tokens/{token}"), json!({})).await;
                enter(&town).await;
            }
        }
        assert!(done > steps / 3, "{database}: only {done} of {steps} were done");
        enter(&town).await;
        let found = checked(&town);
        assert!(found.is_sound(), "{database}: {found:?}");
    }
}
