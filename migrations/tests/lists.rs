//! Requests that waited and units that assisted before these were kept apart are there after the migration.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, backend::Backend,
    connection::SimpleConnection, migration::MigrationSource, sql_query, sql_types::Text,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use qiyema_e2e::postgres::Cluster;
use qiyema_migrations::{POSTGRES, SQLITE};

/// An open and a settled issue. One assists with both, and did with one that it leads now; one request was ruled on.
const BEFORE: &str = "
    INSERT INTO units (id, name_zh, name_en, position) VALUES ('u1', '', '', 0), ('u2', '', '', 1);
    INSERT INTO channels (id, name_zh, name_en, position) VALUES ('c', '', '', 0);
    INSERT INTO categories (id, name_zh, name_en, grade, limit_working_days, position) VALUES ('k', '', '', 'complex', 15, 0);
    INSERT INTO enterprises (id, uscc, name, search_key, registered_at, registered_by) VALUES ('e', 'x', '', '', '2026-01-01 00:00:00', '');
    INSERT INTO issues (id, enterprise_id, number, subject, body, category_id, channel_id, level, state, is_open, version,
        submitted_at, submitted_by, provisional, last_kind, last_at) VALUES
        ('i1', 'e', 'Q1', '', '', 'k', 'c', 'town', 'in_progress', 1 = 1, 1, '2026-01-01 00:00:00', '', 1 = 0, 'assigned', '2026-01-01 00:00:00'),
        ('i2', 'e', 'Q2', '', '', 'k', 'c', 'town', 'archived', 1 = 0, 1, '2026-01-01 00:00:00', '', 1 = 0, 'archived', '2026-01-01 00:00:00');
    INSERT INTO assignments (id, enterprise_id, issue_id, part, unit_id, at, by) VALUES
        ('a1', 'e', 'i1', 'lead', 'u1', '2026-01-02 00:00:00', ''),
        ('a2', 'e', 'i1', 'assisting', 'u2', '2026-01-02 00:00:00', ''),
        ('a3', 'e', 'i2', 'assisting', 'u2', '2026-01-02 00:00:00', ''),
        ('a4', 'e', 'i1', 'assisting', 'u1', '2026-01-02 00:00:00', '');
    INSERT INTO assist_endings (assignment_id, enterprise_id, issue_id, at, by) VALUES ('a4', 'e', 'i1', '2026-01-03 00:00:00', '');
    INSERT INTO requests (id, enterprise_id, issue_id, kind, unit_id, reason, from_state, at, by) VALUES
        ('r1', 'e', 'i1', 'return', 'u1', '', 'assigned', '2026-01-03 00:00:00', ''),
        ('r2', 'e', 'i1', 'extension', 'u1', '', 'in_progress', '2026-01-03 00:00:00', '');
    INSERT INTO rulings (request_id, enterprise_id, issue_id, decision, at, by) VALUES ('r1', 'e', 'i1', 'refused', '2026-01-03 00:00:00', '');";

const AFTER: &str = "
    SELECT assignment_id || ' ' || unit_id || CASE WHEN is_open THEN ' open' ELSE ' over' END AS said FROM assisting_units
    UNION ALL SELECT request_id || ' ' || issue_id FROM waiting_requests ORDER BY 1";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    said: String,
}

/// Runs migrations up to this one.
fn before<B: Backend, C: MigrationHarness<B>>(db: &mut C, source: fn() -> EmbeddedMigrations, stop: &str)
where
    EmbeddedMigrations: MigrationSource<B>,
{
    loop {
        let pending = db.pending_migrations(source()).unwrap();
        if pending.first().unwrap().name().to_string().starts_with(stop) {
            return;
        }
        db.run_next_migration(source()).unwrap();
    }
}

fn as_expected(found: &[Found]) {
    let found: Vec<_> = found.iter().map(|one| one.said.as_str()).collect();
    assert_eq!(found, ["a2 u2 open", "a3 u2 over", "r2 i1"]);
}

#[test]
fn what_stands_is_there_after_the_migration_in_sqlite() {
    let mut db = SqliteConnection::establish(":memory:").unwrap();
    before(&mut db, || SQLITE, "2026-11-29-000065");
    db.batch_execute(BEFORE).unwrap();
    db.run_pending_migrations(SQLITE).unwrap();
    as_expected(&sql_query(AFTER).load(&mut db).unwrap());
}

#[test]
fn what_stands_is_there_after_the_migration_in_postgresql() {
    let url = Cluster::shared().unwrap().fresh().unwrap();
    let mut db = PgConnection::establish(&url).unwrap();
    before(&mut db, || POSTGRES, "2026-11-29-000065");
    db.batch_execute(BEFORE).unwrap();
    db.run_pending_migrations(POSTGRES).unwrap();
    as_expected(&sql_query(AFTER).load(&mut db).unwrap());
}
