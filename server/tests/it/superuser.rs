//! A superuser changes rows at random, of every kind that is in the log, any column and to anything, be it something
//! that cannot be read: each change is named, and nothing else is. `QIYEMA_LEDGER_CHANGES` says how many; some
//! hundreds, if unset.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_server::{
    actions::ledger::verify::Fault,
    domain::ledger::{
        Kind, Made,
        columns::{Form, columns, of_issues},
    },
    store::connection::Db,
};
use serde_json::{Value, json};

use crate::{
    harness::{BOTH, Town},
    ledger::{as_superuser, checked, enter},
};

/// What else a column may be set to: by its form; C is the column.
const fn changes(form: Form) -> &'static [&'static str] {
    match form {
        Form::Text => &["coalesce(C, '') || 'x'"],
        Form::Number => &["coalesce(C, 0) + 1000000"],
        Form::Flag => &["NOT C"],
        Form::Moment => &["'2020-01-01 00:00:00'", "'2026-01-01 00:00:00.000001'", "'2099-01-01 00:00:00'"],
        Form::Day => &["'2031-01-01'"],
    }
}

/// The same, of what cannot be read.
fn unreadable(database: &str, form: Form) -> &'static [&'static str] {
    match (database, form) {
        ("sqlite", Form::Text) => {
            &["x'ff00'", "CAST(coalesce(C, 'x') AS BLOB)", "coalesce(C, '') || char(0)"]
        }
        ("sqlite", Form::Number) => &["'x'", "x'ff'", "1.5"],
        ("sqlite", Form::Flag) => &["'x'", "7"],
        ("sqlite", Form::Day) => &["'x'", "''", "x'00'", "20260101", "'2026-01-01T25:00'"],
        // SQLite compares moments as texts: the same one with a T is another day's in the figures.
        ("sqlite", Form::Moment) => {
            &["'x'", "''", "x'00'", "20260101", "coalesce(replace(C, ' ', 'T'), 'x')"]
        }
        (_, Form::Moment | Form::Day) => &["'infinity'", "'0044-03-15 BC'"],
        (_, other) => changes(other),
    }
}

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

/// What names a row, in SQL.
fn named(kind: Kind) -> String {
    kind.key().iter().map(|key| format!("CAST({key} AS TEXT)")).collect::<Vec<_>>().join(" || '/' || ")
}

fn rows(db: &mut Db, kind: Kind) -> Vec<String> {
    let (name, table) = (named(kind), kind.table());
    let sql = format!("SELECT {name} AS id FROM {table} ORDER BY 1");
    rows_of(db, &sql)
}

fn rows_of(db: &mut Db, sql: &str) -> Vec<String> {
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

/// What a superuser did, and what must be named for it.
#[derive(Default)]
struct Done {
    statements: Vec<String>,
    expected: BTreeSet<(String, String, Fault)>,
    /// Issues, and tables that change, whose facts were changed: they may differ from them now.
    beside: BTreeSet<String>,
    tried: BTreeMap<&'static str, usize>,
}

impl Done {
    fn expects(&mut self, kind: Kind, id: &str, fault: Fault) {
        self.expected.insert((kind.table().to_owned(), id.to_owned(), fault));
    }

    /// A row of events or ratings under a forged name, beside the one that it copies.
    fn slip_in(&mut self, kind: Kind, id: &str, forged: &str) {
        let (columns, other) = if kind == Kind::Events {
            (
                "enterprise_id, subject_id, seq, kind, state, note, detail, at, \"by\"",
                ("seq", "seq + 2000000"),
            )
        } else {
            let columns = "enterprise_id, issue_id, closure_id, tier, round, verdict, level, solved, comment, tags, tags_version, code_id, at";
            (columns, ("closure_id", "closure_id || 'y'"))
        };
        let (table, values) = (kind.table(), columns.replace(other.0, other.1));
        let statement = format!("({columns}, id) SELECT {values}, '{forged}' FROM {table} WHERE id = '{id}'");
        self.statements.push(format!("INSERT INTO {table} {statement}"));
        self.expects(kind, forged, Fault::Added);
    }

    /// Any other change of one row.
    fn change(&mut self, database: &str, kind: Kind, id: &str, chance: &mut Dice) {
        let (table, name) = (kind.table(), named(kind));
        let all = columns(kind);
        let (column, form) = all[chance.below(all.len())];
        let is_key = kind.key().contains(&column);
        if (is_key && kind.made() != Made::ByName) || column == "issue_id" && kind == Kind::IssueFacts {
            // Its moment is of today: under another name it is a row like any other. And a fact of another issue names both.
            return self.remove(kind, id);
        }
        let values = if chance.below(2) == 0 && !is_key { unreadable(database, form) } else { changes(form) };
        let column = format!("\"{column}\"");
        let value = written(values[chance.below(values.len())], &column);
        self.statements.push(format!("UPDATE {table} SET {column} = {value} WHERE {name} = '{id}'"));
        if is_key {
            self.expects(kind, id, Fault::Missing);
            self.expects(kind, &format!("{id}x"), Fault::Added);
        } else {
            self.expects(kind, id, Fault::Altered);
        }
    }

    fn remove(&mut self, kind: Kind, id: &str) {
        let (table, name) = (kind.table(), named(kind));
        self.statements.push(format!("DELETE FROM {table} WHERE {name} = '{id}'"));
        self.expects(kind, id, Fault::Missing);
    }
}

/// What the rows of issues say, and no log holds: they are named beside their facts.
fn issues(done: &mut Done, database: &str, db: &mut Db, chance: &mut Dice) {
    let all = rows_of(db, "SELECT id FROM issues ORDER BY id");
    let columns = of_issues().iter().filter(|(name, _)| *name != "id" && *name != "version");
    for (id, (column, form)) in all.iter().rev().zip(columns.cycle()).take(60) {
        let column = format!("\"{column}\"");
        let values = if chance.below(4) == 0 { unreadable(database, *form) } else { changes(*form) };
        let value = written(values[chance.below(values.len())], &column);
        done.statements.push(format!("UPDATE issues SET {column} = {value} WHERE id = '{id}'"));
        done.expected.insert(("issues".to_owned(), id.clone(), Fault::Altered));
    }
    let gone = &all[0];
    done.statements.push(format!("DELETE FROM issues WHERE id = '{gone}'"));
    done.expected.insert(("issues".to_owned(), gone.clone(), Fault::Missing));
}

/// A change of a column, in SQL.
fn written(value: &str, column: &str) -> String {
    value.replace("C,", &format!("{column},")).replace("NOT C", &format!("NOT {column}"))
}

/// Names that no server gives: long ago, of another form, of a time to come.
fn forged(id: &str, which: usize) -> String {
    match which {
        0 => format!("01900000{}", &id[8..]),
        1 => format!("ffff0000{}", &id[8..]),
        2 => id.to_uppercase(),
        3 => format!("{}4{}", &id[..14], &id[15..]),
        4 => format!("zz-{id}"),
        _ => format!("{id} "),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_random_changes_are_all_named_and_nothing_else() {
    let wanted: usize =
        std::env::var("QIYEMA_LEDGER_CHANGES").map_or(400, |number| number.parse().expect("a number"));
    for database in BOTH {
        let town = Town::with_past(database, wanted / 10);
        more(&town).await;
        enter(&town).await;
        let sound = checked(&town);
        assert!(sound.is_sound() && sound.waiting == 0, "{database}: {sound:?}");
        let mut chance = Dice(5);
        let mut done = Done::default();
        {
            let mut db = town.shared.store.connection().unwrap();
            let (mut all, mut few) = (Vec::new(), Vec::new());
            for kind in Kind::ALL {
                let mut found = rows(&mut db, kind);
                chance.shuffle(&mut found);
                let mut found = found.into_iter().map(|id| (kind, id));
                few.extend(found.by_ref().take(5));
                all.extend(found);
            }
            chance.shuffle(&mut all);
            few.extend(all);
            for (kind, id) in few.into_iter().take(wanted) {
                if kind == Kind::IssueFacts {
                    done.beside.extend(rows_of(
                        &mut db,
                        &format!("SELECT issue_id AS id FROM issue_facts WHERE id = '{id}'"),
                    ));
                }
                if kind == Kind::StateFacts {
                    done.beside.extend(rows_of(
                        &mut db,
                        &format!("SELECT table_name AS id FROM state_facts WHERE id = '{id}'"),
                    ));
                }
                *done.tried.entry(kind.table()).or_insert(0) += 1;
                match chance.below(10) {
                    0..2 => done.remove(kind, &id),
                    2..4 if matches!(kind, Kind::Events | Kind::Ratings) => {
                        let forged = forged(&id, chance.below(6));
                        done.slip_in(kind, &id, &forged);
                    }
                    _ => done.change(database, kind, &id, &mut chance),
                }
            }
            issues(&mut done, database, &mut db, &mut chance);
            // What is slipped in copies rows as they were.
            done.statements.sort_by_key(|statement| !statement.starts_with("INSERT"));
            as_superuser(&mut db, &done.statements);
        }
        assert!(done.tried.len() >= 25, "{database}: {:?}", done.tried);
        // What is entered afterwards hides nothing.
        enter(&town).await;
        let found = checked(&town);
        let named: BTreeSet<_> =
            found.rows.iter().map(|one| (one.table.clone(), one.row.clone(), one.fault)).collect();
        let beside = |one: &&(String, String, Fault)| {
            let which = if one.0 == "issues" { &one.1 } else { &one.0 };
            done.beside.contains(which)
        };
        let differ: Vec<_> = named.difference(&done.expected).filter(|one| !beside(one)).collect();
        assert!(differ.is_empty(), "{database}: named without a change: {differ:?}");
        let silent: Vec<_> = done.expected.difference(&named).collect();
        assert!(silent.is_empty(), "{database}: changed and not named: {silent:?}");
        assert!(found.heads.is_empty(), "{database}: {:?}", found.heads);
        let (named, entries) = (done.expected.len(), sound.entries);
        println!("{database}: {named} changes named of {entries} entries, in {:?}", done.tried);
    }
}
