//! What decides rights and figures and changes (settings, calendar, people, roles, units, categories, tokens …) is held
//! against what was written down of it: whatever a superuser does to such a row is named, and no deed of an administrator is.

use std::collections::BTreeSet;

use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use qiyema_server::{
    actions::ledger::verify::Fault,
    domain::ledger::{State, columns::Form},
    store::{
        self,
        connection::{Db, Target},
        ledger::rows,
        migrate,
    },
};
use serde_json::{Value, json};

use crate::{
    harness::{BOTH, Town, client},
    ledger::{as_superuser, checked, enter},
};

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn words(db: &mut Db, sql: &str) -> Vec<String> {
    sql_query(sql).load::<Word>(db).unwrap().into_iter().map(|row| row.word).collect()
}

/// What names a row, in SQL.
fn named(state: State) -> String {
    let parts = state.key().iter().map(|key| format!("CAST(\"{key}\" AS TEXT)"));
    parts.collect::<Vec<_>>().join(" || '/' || ")
}

fn keys(db: &mut Db, state: State) -> Vec<String> {
    words(db, &format!("SELECT {} AS word FROM {} ORDER BY 1", named(state), state.table()))
}

/// No row at all.
const NONE: [(String, String); 0] = [];

/// Rows that are not as they were written down, without asking the log.
fn misfits(town: &Town) -> Vec<(String, String)> {
    let mut db = town.shared.store.connection().unwrap();
    store::transaction(&mut db, |db| Ok::<_, store::QueryError>(told(db))).unwrap()
}

/// The same, in a transaction that has begun.
fn told(db: &mut Db) -> Vec<(String, String)> {
    let mut found = rows::unfit(db).unwrap();
    for state in State::ALL {
        let mut name = |key| found.push((state.table().to_owned(), key));
        rows::states(db, state, &mut |row| {
            if !row.fits(state) {
                name(row.key);
            }
        })
        .unwrap();
        rows::lost(db, state).unwrap().into_iter().for_each(name);
    }
    found
}

/// An administrator who is signed in once.
struct Administrator<'a> {
    town: &'a Town,
    token: String,
    client: reqwest::Client,
}

impl<'a> Administrator<'a> {
    async fn of(town: &'a Town) -> Self {
        Self { town, token: town.token("administrator").await, client: client() }
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = self.town.url(&format!("/api/v1/admin/{path}"));
        let asked = self.client.request(method.parse().unwrap(), url).bearer_auth(&self.token).json(&body);
        let answer = asked.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// A deed that must go well, and after which every row is as it was written down.
    async fn must(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, said) = self.send(method, path, body).await;
        assert!(status < 300, "{method} {path}: {status} {said}");
        let found = misfits(self.town);
        assert!(found.is_empty(), "{}: {method} {path}: {found:?}", self.town.database);
        said
    }
}

fn town(database: &str) -> Town {
    Town::with(database, &[("webhooks.allowed_networks", "127.0.0.0/8")])
}

fn notice(off: &str) -> Value {
    let days = format!(r#"{{"year":2027,"days":[{{"name":"元旦","date":"{off}","isOffDay":true}}]}}"#);
    json!({ "text": days })
}

/// An issue whose contact gave an address, as the intake desk enters it.
struct Issue<'a> {
    town: &'a Town,
    number: String,
}

impl<'a> Issue<'a> {
    async fn with_contact(town: &'a Town, subject: &str) -> Self {
        let (_, all) = town.send("intake_officer", "GET", "/api/v1/staff/enterprises", Value::Null).await;
        let enterprise = all["enterprises"][0]["id"].as_str().unwrap().to_owned();
        let new = json!({
            "subject": subject, "body": "需增容", "category": "power", "channel": "window",
            "contact": { "name": "张三", "phone": "13812345678", "email": "zhang@example.cn" },
        });
        let path = format!("/api/v1/staff/enterprises/{enterprise}/issues");
        let (status, made) = town.send("intake_officer", "POST", &path, new).await;
        assert_eq!(status, 201, "{made}");
        Self { town, number: made["number"].as_str().unwrap().to_owned() }
    }

    /// A step that must go well, and after which every row is as it was written down.
    async fn step(&self, who: &str, verb: &str, mut body: Value) {
        let path = format!("/api/v1/staff/issues/{}", self.number);
        let (_, now) = self.town.send("dispatcher", "GET", &path, Value::Null).await;
        body["version"] = now["version"].clone();
        let (status, said) = self.town.send(who, "POST", &format!("{path}/{verb}"), body).await;
        assert!(status < 300, "{verb}: {status} {said}");
        assert_eq!(misfits(self.town), NONE, "{}: {verb}", self.town.database);
    }
}

/// Rows of the tables that the demo leaves empty, at least three of each.
async fn furnish(town: &Town) {
    let administrator = Administrator::of(town).await;
    for (key, value) in
        [("centre_name_zh", "某中心"), ("centre_phone", "0572-2012345"), ("session_hours", "9")]
    {
        administrator.must("PUT", &format!("settings/{key}"), json!({ "value": value })).await;
    }
    for (index, who) in ["auditor", "supervisor", "dispatcher"].into_iter().enumerate() {
        let address = json!({ "address": format!("{who}@example.cn") });
        administrator.must("POST", &format!("staff/{who}/mailbox"), address).await;
        let token = json!({ "name": format!("系统{index}"), "scopes": ["issues:write"], "channel": "hotline12345", "days": 30 });
        administrator.must("POST", "tokens", token).await;
        let url = format!("http://127.0.0.1:9/{index}");
        let hook = json!({ "name": format!("平台{index}"), "url": url, "kinds": ["rating_invited"] });
        let made = administrator.must("POST", "webhooks", hook).await;
        let links = format!("/api/v1/admin/webhooks/{}/links", made["webhook"]["id"].as_str().unwrap());
        let said = town.send("supervisor", "POST", &links, json!({ "allowed": true })).await;
        assert_eq!(said.0, 201, "{}", said.1);
        let issue = Issue::with_contact(town, &format!("增容{index}")).await;
        issue.step("intake_officer", "acceptance", json!({})).await;
        issue.step("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        issue.step("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        issue.step("qianfeng", "assisting-unit", json!({ "unit": "jxj" })).await;
        let wish = json!({ "working_days": 1, "reason": "field_work", "note": "等待设备到货" });
        issue.step("qianfeng", "extension-request", wish).await;
    }
}

/// What else a column may be set to.
fn other(form: Form, column: &str) -> String {
    match form {
        Form::Text => format!("coalesce({column}, '') || 'x'"),
        Form::Number => format!("coalesce({column}, 0) + 1000"),
        Form::Flag => format!("NOT {column}"),
        Form::Moment => "'2020-01-01 00:00:00'".to_owned(),
        Form::Day => "'2031-05-05'".to_owned(),
    }
}

/// The row of this key once more under another one, as a superuser would slip it in.
fn copied(state: State, key: &str) -> (String, String) {
    let last = *state.key().last().unwrap();
    let unique = ["username", "token_hash"];
    let forms = state.columns().iter().map(|(name, form)| (*name, *form));
    let all: Vec<_> = forms.chain(state.left_out().iter().map(|name| (*name, Form::Text))).collect();
    let value = |(name, form): &(&str, Form)| match *name {
        name if name == last || unique.contains(&name) => other(*form, &format!("\"{name}\"")),
        "last_used_on" => "NULL".to_owned(),
        name => format!("\"{name}\""),
    };
    let values = all.iter().map(value).collect::<Vec<_>>().join(", ");
    let columns = all.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let (table, name) = (state.table(), named(state));
    let new = if state == State::Workdays { "2031-05-05".to_owned() } else { format!("{key}x") };
    (format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {name} = '{key}'"), new)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_superuser_does_to_what_decides_is_named_and_nothing_else() {
    for database in BOTH {
        let town = town(database);
        furnish(&town).await;
        enter(&town).await;
        let sound = checked(&town);
        assert!(sound.is_sound() && sound.waiting == 0, "{database}: {sound:?}");
        let mut expected = BTreeSet::new();
        let mut done = Vec::new();
        {
            let mut db = town.shared.store.connection().unwrap();
            for state in State::ALL {
                let (table, name) = (state.table(), named(state));
                let mut expects = |key: &str, fault| {
                    expected.insert((table.to_owned(), key.to_owned(), fault));
                };
                let all = keys(&mut db, state);
                assert!(all.len() >= 3, "{database}: {table} has {}", all.len());
                let (statement, new) = copied(state, &all[0]);
                done.push(statement);
                expects(&new, Fault::Added);
                done.push(format!("DELETE FROM {table} WHERE {name} = '{}'", all[1]));
                expects(&all[1], Fault::Missing);
                let own = state.columns().iter().filter(|(column, _)| !state.key().contains(column));
                for (key, (column, form)) in all[2..].iter().zip(own.cycle()) {
                    let value = other(*form, &format!("\"{column}\""));
                    done.push(format!("UPDATE {table} SET \"{column}\" = {value} WHERE {name} = '{key}'"));
                    expects(key, Fault::Altered);
                }
            }
            as_superuser(&mut db, &done);
        }
        // What is entered afterwards hides nothing; nor does the next start take over what was slipped in.
        enter(&town).await;
        migrate::run(&Target::parse(&town.database).unwrap()).unwrap();
        let found = checked(&town);
        let named: BTreeSet<_> =
            found.rows.iter().map(|one| (one.table.clone(), one.row.clone(), one.fault)).collect();
        let differ: Vec<_> = named.symmetric_difference(&expected).collect();
        assert!(differ.is_empty(), "{database}: {differ:?}");
        assert!(found.heads.is_empty(), "{database}");
        println!("{database}: {} changes named", expected.len());
    }
}

/// Values that no program can read.
fn unreadable(database: &str, form: Form) -> Option<&'static str> {
    match (database, form) {
        ("sqlite", Form::Text) => Some("x'ff00'"),
        ("sqlite", _) => Some("'x'"),
        (_, Form::Moment | Form::Day) => Some("'infinity'"),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_column_of_what_decides_counts_whatever_it_is_changed_to() {
    for database in BOTH {
        let town = town(database);
        furnish(&town).await;
        let mut db = town.shared.store.connection().unwrap();
        as_superuser(&mut db, &[]);
        let mut tried = 0;
        for state in State::ALL {
            let (table, name) = (state.table(), named(state));
            let key = keys(&mut db, state).pop().unwrap();
            let covered = state.columns().iter().filter(|(column, _)| !state.key().contains(column));
            let covered = covered.map(|(column, form)| (*column, *form));
            for (column, form) in covered {
                let plain = Some(other(form, &format!("\"{column}\"")));
                let changes = [plain, unreadable(database, form).map(str::to_owned)];
                for value in changes.into_iter().flatten() {
                    let change = format!("UPDATE {table} SET \"{column}\" = {value} WHERE {name} = '{key}'");
                    let found = after(&mut db, &change);
                    assert_eq!(found, [(table.to_owned(), key.clone())], "{database}: {change}");
                    tried += 1;
                }
            }
            for column in state.left_out() {
                let value = if *column == "password_hash" { "'x'" } else { "'2026-01-01'" };
                let change = format!("UPDATE {table} SET {column} = {value}");
                assert_eq!(after(&mut db, &change), NONE, "{database}: {change}");
            }
        }
        assert!(tried > 80, "{database}: {tried}");
    }
}

/// What is named after a change, which is taken back.
fn after(db: &mut Db, change: &str) -> Vec<(String, String)> {
    batch(db, "BEGIN");
    if matches!(db, Db::Postgres(_)) {
        batch(db, "SET LOCAL session_replication_role = replica");
    }
    batch(db, change);
    let found = told(db);
    batch(db, "ROLLBACK");
    found
}

fn batch(db: &mut Db, sql: &str) {
    match db {
        Db::Sqlite(db) => db.batch_execute(sql).unwrap(),
        Db::Postgres(db) => db.batch_execute(sql).unwrap(),
    }
}

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
