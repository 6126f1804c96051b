//! What decides rights and figures and changes (settings, calendar, people, roles, units, categories, tokens …) is held
//! against what was written down of it: whatever a superuser does to such a row is named, and no deed of an administrator is.

mod deeds;

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
