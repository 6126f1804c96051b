//! The twins are one schema: same migrations, tables, columns, nullability and
//! unique sets, and each can go down and up again without leaving a trace.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    backend::Backend,
    migration::{Migration, MigrationSource},
    pg::Pg,
    sql_query,
    sql_types::{Bool, Text},
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use qiyema_e2e::postgres::Cluster;
use qiyema_migrations::{POSTGRES, SQLITE};

/// What both databases must agree on.
#[derive(Debug, PartialEq, Eq, Default, Clone)]
struct Schema {
    /// Table → column → may be absent.
    columns: BTreeMap<String, BTreeMap<String, bool>>,
    /// Table and the columns that are unique together; primary keys too.
    unique: BTreeSet<(String, BTreeSet<String>)>,
    /// Table, column, and what it points to.
    references: BTreeSet<(String, String, String)>,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

#[derive(QueryableByName)]
struct UniqueRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    found_in: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    target: String,
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name AS table_name, c.name AS column_name, (c.\"notnull\" = 0) AS nullable
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '__diesel_schema_migrations'";
const POSTGRES_COLUMNS: &str = "
    SELECT c.relname::text AS table_name, a.attname::text AS column_name, NOT a.attnotnull AS nullable
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '__diesel_schema_migrations'";

const SQLITE_UNIQUE: &str = "
    SELECT t.name AS table_name, i.name AS found_in, c.name AS column_name
    FROM sqlite_schema t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
    WHERE t.type = 'table' AND i.\"unique\" = 1 AND t.name <> '__diesel_schema_migrations'";
const POSTGRES_UNIQUE: &str = "
    SELECT c.relname::text AS table_name, i.indexrelid::regclass::text AS found_in, a.attname::text AS column_name
    FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> '__diesel_schema_migrations'";

const SQLITE_REFERENCES: &str = "
    SELECT t.name AS table_name, f.\"from\" AS column_name, f.\"table\" AS target
    FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
const POSTGRES_REFERENCES: &str = "
    SELECT c.conrelid::regclass::text AS table_name, a.attname::text AS column_name, c.confrelid::regclass::text AS target
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.contype = 'f'";

fn schema(columns: Vec<ColumnRow>, unique: Vec<UniqueRow>, references: Vec<ReferenceRow>) -> Schema {
    let mut found = Schema::default();
    for row in columns {
        found.columns.entry(row.table_name).or_default().insert(row.column_name, row.nullable);
    }
    let mut sets: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for row in unique {
        sets.entry((row.table_name, row.found_in)).or_default().insert(row.column_name);
    }
    found.unique = sets.into_iter().map(|((table, _), columns)| (table, columns)).collect();
    found.references = references.into_iter().map(|r| (r.table_name, r.column_name, r.target)).collect();
    found
}

fn sqlite_schema(db: &mut SqliteConnection) -> Schema {
    schema(
        sql_query(SQLITE_COLUMNS).load(db).unwrap(),
        sql_query(SQLITE_UNIQUE).load(db).unwrap(),
        sql_query(SQLITE_REFERENCES).load(db).unwrap(),
    )
}

fn postgres_schema(db: &mut PgConnection) -> Schema {
    schema(
        sql_query(POSTGRES_COLUMNS).load(db).unwrap(),
        sql_query(POSTGRES_UNIQUE).load(db).unwrap(),
        sql_query(POSTGRES_REFERENCES).load(db).unwrap(),
    )
}

fn sqlite() -> SqliteConnection {
    SqliteConnection::establish(":memory:").unwrap()
}

fn postgres() -> PgConnection {
    let url = Cluster::shared().unwrap().fresh().unwrap();
    PgConnection::establish(&url).unwrap()
}

fn names<B: Backend>(source: &EmbeddedMigrations) -> Vec<String>
where
    EmbeddedMigrations: MigrationSource<B>,
{
    let migrations: Vec<Box<dyn Migration<B>>> = source.migrations().unwrap();
    migrations.iter().map(|migration| migration.name().to_string()).collect()
}

#[test]
fn the_twins_have_the_same_names() {
    let found = names::<Sqlite>(&SQLITE);
    assert!(!found.is_empty());
    assert_eq!(found, names::<Pg>(&POSTGRES));
}

#[test]
fn the_twins_make_the_same_schema() {
    let (mut sqlite, mut postgres) = (sqlite(), postgres());
    sqlite.run_pending_migrations(SQLITE).unwrap();
    postgres.run_pending_migrations(POSTGRES).unwrap();
    let (here, there) = (sqlite_schema(&mut sqlite), postgres_schema(&mut postgres));
    assert!(here.columns.contains_key("ratings") && !here.unique.is_empty() && !here.references.is_empty());
    for (table, columns) in &here.columns {
        assert_eq!(Some(columns), there.columns.get(table), "columns of {table}");
    }
    assert_eq!(here, there);
}

#[test]
fn up_down_up_leaves_the_same_schema_in_sqlite() {
    let mut db = sqlite();
    db.run_pending_migrations(SQLITE).unwrap();
    let first = sqlite_schema(&mut db);
    db.revert_all_migrations(SQLITE).unwrap();
    assert_eq!(sqlite_schema(&mut db), Schema::default(), "something stayed behind");
    db.run_pending_migrations(SQLITE).unwrap();
    assert_eq!(sqlite_schema(&mut db), first);
}

#[test]
fn up_down_up_leaves_the_same_schema_in_postgresql() {
    let mut db = postgres();
    db.run_pending_migrations(POSTGRES).unwrap();
    let first = postgres_schema(&mut db);
    db.revert_all_migrations(POSTGRES).unwrap();
    assert_eq!(postgres_schema(&mut db), Schema::default(), "something stayed behind");
    db.run_pending_migrations(POSTGRES).unwrap();
    assert_eq!(postgres_schema(&mut db), first);
}

// Both databases refuse to rewrite history, whoever asks; SQLite also where a row would replace another.
const HISTORY: &[&str] = &[
    "admin_events",
    "appeal_decisions",
    "appeal_outcomes",
    "appeal_urgings",
    "assignment_facts",
    "assignments",
    "assist_endings",
    "assist_replies",
    "attachments",
    "closure_facts",
    "closures",
    "code_endings",
    "code_resumptions",
    "code_run_lines",
    "code_suspensions",
    "codes",
    "conference_minutes",
    "conferences",
    "deferrals",
    "events",
    "extensions",
    "first_contacts",
    "follow_ups",
    "issue_facts",
    "ledger_entries",
    "ledger_heads",
    "ledger_nodes",
    "ledger_openings",
    "pin_activations",
    "pins",
    "promises",
    "provisional_limits",
    "rating_appeals",
    "rating_flags",
    "rating_invitations",
    "rating_proofs",
    "rating_reminders",
    "rating_tags",
    "ratings",
    "recounted_limits",
    "rectification_limits",
    "rectification_steps",
    "rectifications",
    "reports",
    "requests",
    "resumptions",
    "rulings",
    "state_facts",
    "supervisions",
    "webhook_links",
];

#[test]
fn every_table_of_history_is_guarded_in_both() {
    #[derive(QueryableByName)]
    struct Guarded {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let (mut sqlite, mut postgres) = (sqlite(), postgres());
    sqlite.run_pending_migrations(SQLITE).unwrap();
    postgres.run_pending_migrations(POSTGRES).unwrap();
    let here: Vec<Guarded> = sql_query(
        "SELECT tbl_name AS name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%' \
         GROUP BY tbl_name HAVING sum(sql LIKE '%BEFORE UPDATE%') = 1 AND sum(sql LIKE '%BEFORE DELETE%') = 1 \
         AND sum(sql LIKE '%BEFORE INSERT%') = 1 ORDER BY 1",
    )
    .load(&mut sqlite)
    .unwrap();
    // tgtype: 2 before, 8 delete, 16 update, 32 truncate.
    let there: Vec<Guarded> = sql_query(
        "SELECT c.relname::text AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
         WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' GROUP BY c.relname \
         HAVING bit_or(t.tgtype) & 58 = 58 ORDER BY 1",
    )
    .load(&mut postgres)
    .unwrap();
    assert_eq!(here.into_iter().map(|row| row.name).collect::<Vec<_>>(), HISTORY);
    assert_eq!(there.into_iter().map(|row| row.name).collect::<Vec<_>>(), HISTORY);
}
