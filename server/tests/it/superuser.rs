//! A superuser changes rows at random, of every kind that is in the log: each change is
//! named, and nothing else is. `QIYEMA_LEDGER_CHANGES` says how many; some hundreds, if unset.

use std::collections::BTreeMap;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_server::{actions::ledger::verify::Fault, domain::ledger::Kind, store::connection::Db};
use serde_json::{Value, json};

use crate::{
    harness::{BOTH, Town},
    ledger::{as_superuser, checked, enter},
};

const TEXT: &str = "coalesce(C, '') || 'x'";
const DAY: &str = "'2031-01-01'";
const MOMENT: &str = "'2020-01-01 00:00:00'";
const NUMBER: &str = "coalesce(C, 0) + 1000000";

/// What a superuser would change, by table: columns that no constraint holds, and another value.
const CHANGES: [(Kind, &[(&str, &str)]); 17] = [
    (Kind::Events, &[("note", TEXT), ("detail", TEXT), ("\"by\"", TEXT), ("at", MOMENT), ("seq", NUMBER)]),
    (
        Kind::Ratings,
        &[("comment", TEXT), ("tags", TEXT), ("closure_id", TEXT), ("at", MOMENT), ("tags_version", NUMBER)],
    ),
    (Kind::Flags, &[("at", MOMENT), ("rating_id", TEXT)]),
    (
        Kind::Closures,
        &[("handler_id", TEXT), ("unit_id", TEXT), ("reply", TEXT), ("due_on", DAY), ("\"by\"", TEXT)],
    ),
    (Kind::Assignments, &[("unit_id", TEXT), ("handler_id", TEXT), ("at", MOMENT), ("\"by\"", TEXT)]),
    (Kind::ClosureFacts, &[("leader_id", TEXT), ("at", MOMENT)]),
    (Kind::AssignmentFacts, &[("leader_id", TEXT), ("at", MOMENT)]),
    (Kind::Extensions, &[("to_on", DAY), ("note", TEXT), ("\"by\"", TEXT)]),
    (Kind::Promises, &[("due_on", DAY), ("working_days", NUMBER)]),
    (Kind::CallBacks, &[("note", TEXT), ("closure_id", TEXT), ("at", MOMENT), ("\"by\"", TEXT)]),
    (Kind::Appeals, &[("reason", TEXT), ("\"by\"", TEXT), ("at", MOMENT)]),
    (Kind::Decisions, &[("reason", TEXT), ("\"by\"", TEXT), ("at", MOMENT)]),
    (Kind::Outcomes, &[("at", MOMENT), ("enterprise_id", TEXT)]),
    (Kind::Endings, &[("reason", TEXT), ("\"by\"", TEXT), ("at", MOMENT)]),
    (Kind::Suspensions, &[("reason", TEXT), ("\"by\"", TEXT), ("at", MOMENT)]),
    (Kind::Resumptions, &[("\"by\"", TEXT), ("at", MOMENT)]),
    (Kind::Administration, &[("detail", TEXT), ("\"by\"", TEXT), ("at", MOMENT)]),
];

/// SplitMix64: the same changes at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(many).unwrap()).unwrap()
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            let other = self.below(last + 1);
            all.swap(last, other);
        }
    }
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

const fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Outcomes => "rating_id",
        Kind::Endings => "code_id",
        Kind::ClosureFacts => "closure_id",
        Kind::AssignmentFacts => "assignment_id",
        Kind::Resumptions => "suspension_id",
        _ => "id",
    }
}

fn rows(db: &mut Db, kind: Kind) -> Vec<String> {
    let (name, table) = (named(kind), kind.table());
    let sql = format!("SELECT {name} AS id FROM {table} ORDER BY 1");
    sql_query(sql).load::<Id>(db).unwrap().into_iter().map(|row| row.id).collect()
}

/// Rows of the kinds that the demo has few of.
async fn more(town: &Town) {
    let ratings = "/api/v1/staff/ratings";
    let (_, list) = town.send("hanxue", "GET", ratings, Value::Null).await;
    let open = list["ratings"].as_array().unwrap().iter().filter(|one| one["may_appeal"] == true);
    for one in open.take(4).cloned().collect::<Vec<_>>() {
        let path = |rest: &str| format!("{ratings}/{}{rest}", one["id"].as_str().unwrap());
        let appeal = json!({ "ground": "mistaken", "reason": "企业来电说明按错了,应为好评。" });
        assert_eq!(town.send("hanxue", "POST", &path("/appeal"), appeal).await.0, 201);
        for who in ["performance_reviewer", "supervisor"] {
            let said = json!({ "judgement": "accepted", "reason": "录音核实为误评" });
            assert_eq!(town.send(who, "POST", &path("/decisions"), said).await.0, 201);
        }
    }
    let mut db = town.shared.store.connection().unwrap();
    let codes = sql_query("SELECT id FROM codes ORDER BY id").load::<Id>(&mut **db).unwrap();
    drop(db);
    for (index, one) in codes.iter().enumerate().take(6) {
        let path = |noun: &str| format!("/api/v1/staff/codes/{}/{noun}", one.id);
        let why = json!({ "reason_code": "lost", "reason": "铭牌遗失" });
        let (status, said) = town.send("code_issuer", "POST", &path("suspension"), why.clone()).await;
        if status >= 300 {
            continue;
        }
        let (noun, body) = if index % 2 == 0 { ("resumption", json!({})) } else { ("revocation", why) };
        let (status, said) = (town.send("code_issuer", "POST", &path(noun), body).await, said);
        assert!(status.0 < 300, "{noun}: {status:?} after {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_random_changes_are_all_named_and_nothing_else() {
    let wanted: usize =
        std::env::var("QIYEMA_LEDGER_CHANGES").map_or(300, |number| number.parse().expect("a number"));
    for database in BOTH {
        let town = Town::with_past(database, wanted / 10);
        more(&town).await;
        enter(&town).await;
        let sound = checked(&town);
        assert!(sound.is_sound() && sound.waiting == 0, "{database}: {sound:?}");
        let mut chance = Dice(5);
        let mut expected: BTreeMap<(String, String), Fault> = BTreeMap::new();
        let mut done = Vec::new();
        let mut tried = BTreeMap::new();
        {
            let mut db = town.shared.store.connection().unwrap();
            let mut all: Vec<(Kind, String)> = Vec::new();
            let mut few: Vec<(Kind, String)> = Vec::new();
            for kind in Kind::ALL {
                let mut found = rows(&mut db, kind);
                chance.shuffle(&mut found);
                let mut found = found.into_iter().map(|id| (kind, id));
                few.extend(found.by_ref().take(3));
                all.extend(found);
            }
            chance.shuffle(&mut all);
            few.extend(all);
            for (kind, id) in few.into_iter().take(wanted) {
                let (table, name) = (kind.table(), named(kind));
                *tried.entry(table).or_insert(0) += 1;
                let fault = match chance.below(10) {
                    0..2 => {
                        done.push(format!("DELETE FROM {table} WHERE {name} = '{id}'"));
                        Fault::Missing
                    }
                    2 if matches!(kind, Kind::Events | Kind::Ratings) => {
                        // As if it had been made long ago: what is younger than a few minutes is only late.
                        let added = format!("01900000{}", &id[8..]);
                        let (columns, values) = if kind == Kind::Events {
                            let columns =
                                "enterprise_id, subject_id, seq, kind, state, note, detail, at, \"by\"";
                            (columns, columns.replace("seq", "seq + 2000000"))
                        } else {
                            let columns = "enterprise_id, issue_id, closure_id, tier, round, verdict, level, solved, comment, tags, tags_version, code_id, at";
                            (columns, columns.replace("closure_id", "closure_id || 'y'"))
                        };
                        done.push(format!(
                            "INSERT INTO {table} (id, {columns}) SELECT '{added}', {values} FROM {table} WHERE id = '{id}'"
                        ));
                        expected.insert((table.to_owned(), added), Fault::Added);
                        continue;
                    }
                    _ => {
                        let able = CHANGES.iter().find(|(one, _)| *one == kind).unwrap().1;
                        let (column, value) = able[chance.below(able.len())];
                        let value = value.replace('C', column);
                        done.push(format!("UPDATE {table} SET {column} = {value} WHERE {name} = '{id}'"));
                        Fault::Altered
                    }
                };
                expected.insert((table.to_owned(), id), fault);
            }
            // What is slipped in copies rows as they were.
            done.sort_by_key(|statement| !statement.starts_with("INSERT"));
            as_superuser(&mut db, &done);
        }
        assert!(tried.len() >= 12, "{database}: {tried:?}");
        // What is entered afterwards hides nothing.
        enter(&town).await;
        let found = checked(&town);
        let named: BTreeMap<_, _> =
            found.rows.iter().map(|one| ((one.table.clone(), one.row.clone()), one.fault)).collect();
        let differ: Vec<_> = named.iter().filter(|(key, fault)| expected.get(*key) != Some(*fault)).collect();
        assert!(differ.is_empty(), "{database}: named without a change: {differ:?}");
        let silent: Vec<_> = expected.iter().filter(|(key, _)| !named.contains_key(*key)).collect();
        assert!(silent.is_empty(), "{database}: changed and not named: {silent:?}");
        println!("{database}: {} changes named of {} entries, in {tried:?}", expected.len(), sound.entries);
    }
}
