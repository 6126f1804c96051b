//! What happened stays: the database itself refuses to change ratings and events.

use diesel::{RunQueryDsl, sql_query};

use crate::harness::{BOTH, Town};

#[tokio::test(flavor = "multi_thread")]
async fn ratings_and_events_can_be_neither_changed_nor_deleted() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        for statement in [
            "UPDATE ratings SET verdict = 'good'",
            "DELETE FROM ratings",
            "UPDATE events SET note = 'x'",
            "DELETE FROM events",
            "UPDATE closures SET handler_id = (SELECT id FROM staff LIMIT 1)",
            "DELETE FROM extensions",
            "UPDATE admin_events SET detail = '{}'",
            "DELETE FROM admin_events",
        ] {
            let refused = sql_query(statement).execute(&mut **db).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{database}: {statement}: {refused}");
        }
    }
}
