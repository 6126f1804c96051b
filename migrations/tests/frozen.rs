//! What was closed and assigned before grade and leader were frozen gets those of the day of the migration, and every
//! day that has sums is marked to be counted anew.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    backend::Backend,
    connection::SimpleConnection,
    migration::MigrationSource,
    sql_query,
    sql_types::{Nullable, Text},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use qiyema_e2e::postgres::Cluster;
use qiyema_migrations::{POSTGRES, SQLITE};

/// Two units: of the first, two leaders and a disabled one; of the second, none.
const BEFORE: &str = "
    INSERT INTO units (id, name_zh, name_en, position) VALUES ('u1', '', '', 0), ('u2', '', '', 1);
    INSERT INTO offices (id, unit_id, name_zh, name_en, phone) VALUES ('o1', 'u1', '', '', '');
    INSERT INTO staff (id, username, name, post, password_hash, office_id, created_at, disabled_at) VALUES
        ('s1', 'anna', '', '', '', 'o1', '2026-01-01 00:00:00', '2026-02-01 00:00:00'),
        ('s2', 'zoe', '', '', '', 'o1', '2026-01-01 00:00:00', NULL),
        ('s3', 'bert', '', '', '', NULL, '2026-01-01 00:00:00', NULL),
        ('s4', 'adam', '', '', '', 'o1', '2026-01-01 00:00:00', NULL);
    INSERT INTO staff_roles (staff_id, role) VALUES ('s1', 'leader'), ('s2', 'leader'), ('s3', 'leader'), ('s4', 'handler');
    INSERT INTO staff_units (staff_id, unit_id) VALUES ('s3', 'u1');
    INSERT INTO channels (id, name_zh, name_en, position) VALUES ('c', '', '', 0);
    INSERT INTO categories (id, name_zh, name_en, grade, limit_working_days, position) VALUES ('k', '', '', 'complex', 15, 0);
    INSERT INTO enterprises (id, uscc, name, search_key, registered_at, registered_by) VALUES ('e', 'x', '', '', '2026-01-01 00:00:00', '');
    INSERT INTO issues (id, enterprise_id, number, subject, body, category_id, channel_id, level, state, is_open, version,
        submitted_at, submitted_by, provisional, last_kind, last_at)
        VALUES ('i', 'e', 'Q1', '', '', 'k', 'c', 'town', 'closed', 1 = 0, 1, '2026-01-01 00:00:00', '', 1 = 0, 'closed', '2026-01-01 00:00:00');
    INSERT INTO assignments (id, enterprise_id, issue_id, part, unit_id, at, by) VALUES
        ('a1', 'e', 'i', 'lead', 'u2', '2026-01-02 00:00:00', ''),
        ('a2', 'e', 'i', 'assisting', 'u2', '2026-01-02 00:00:00', ''),
        ('a3', 'e', 'i', 'lead', 'u1', '2026-01-03 00:00:00', '');
    INSERT INTO closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, first_due_on, due_on, rate_until)
        VALUES ('z', 'e', 'i', 'resolved', '', '2026-01-04 00:00:00', '', 'u1', 's4', '2026-01-05', '2026-01-05', '2026-02-05');
    INSERT INTO figure_sums (span, dimension, day, member, sums) VALUES
        ('day', 'unit', '2026-01-04', 'u1', '{}'), ('day', 'level', '2026-01-04', 'town', '{}'), ('month', 'unit', '2026-01-01', 'u1', '{}');
";

const AFTER: &str = "
    SELECT closure_id AS row_id, grade, leader_id AS leader FROM closure_facts
    UNION ALL SELECT assignment_id, grade, leader_id FROM assignment_facts
    UNION ALL SELECT CAST(day AS TEXT), 'marked', NULL FROM figure_marks
    ORDER BY 1";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    row_id: String,
    #[diesel(sql_type = Text)]
    grade: String,
    #[diesel(sql_type = Nullable<Text>)]
    leader: Option<String>,
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
    let found: Vec<_> = found.iter().map(|one| (&*one.row_id, &*one.grade, one.leader.as_deref())).collect();
    let expected = [
        ("2026-01-04", "marked", None),
        ("a1", "complex", None),
        ("a3", "complex", Some("s3")),
        ("z", "complex", Some("s3")),
    ];
    assert_eq!(found, expected);
}

#[test]
fn older_rows_get_what_holds_today_in_sqlite() {
    let mut db = SqliteConnection::establish(":memory:").unwrap();
    before(&mut db, || SQLITE, "2026-11-29-000050");
    db.batch_execute(BEFORE).unwrap();
    db.run_pending_migrations(SQLITE).unwrap();
    as_expected(&sql_query(AFTER).load(&mut db).unwrap());
}

#[test]
fn older_rows_get_what_holds_today_in_postgresql() {
    let url = Cluster::shared().unwrap().fresh().unwrap();
    let mut db = PgConnection::establish(&url).unwrap();
    before(&mut db, || POSTGRES, "2026-11-29-000050");
    db.batch_execute(BEFORE).unwrap();
    db.run_pending_migrations(POSTGRES).unwrap();
    as_expected(&sql_query(AFTER).load(&mut db).unwrap());
}
