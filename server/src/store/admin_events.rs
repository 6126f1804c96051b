//! Deeds of administration: added, and never changed.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::accounts::admin_events};

/// A deed of administration as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = admin_events)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AdminEventRow {
    pub id: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub kind: String,
    pub detail: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds a deed.
pub fn insert(db: &mut Db, row: &AdminEventRow) -> QueryResult<()> {
    diesel::insert_into(admin_events::table).values(row).execute(db).map(drop)
}

/// All deeds to subjects of a kind that has few of them, oldest first.
pub fn about(db: &mut Db, kind: &str) -> QueryResult<Vec<AdminEventRow>> {
    admin_events::table
        .filter(admin_events::subject_kind.eq(kind.to_owned()))
        .order(admin_events::id)
        .load(db)
}

/// Deeds before an id, latest first; of one subject where it is named.
pub fn list(
    db: &mut Db,
    subject: Option<(&str, &str)>,
    before: Option<&str>,
    limit: i64,
) -> QueryResult<Vec<AdminEventRow>> {
    let mut query = admin_events::table.order(admin_events::id.desc()).limit(limit).into_boxed();
    if let Some((kind, id)) = subject {
        query = query
            .filter(admin_events::subject_kind.eq(kind.to_owned()))
            .filter(admin_events::subject_id.eq(id.to_owned()));
    }
    if let Some(before) = before {
        query = query.filter(admin_events::id.lt(before.to_owned()));
    }
    query.load(db)
}

/// Deeds of these kinds to several subjects, oldest first.
pub fn of_several(
    db: &mut Db,
    subject_kind: &str,
    subjects: &[String],
    kinds: &[&str],
) -> QueryResult<Vec<AdminEventRow>> {
    admin_events::table
        .filter(admin_events::subject_kind.eq(subject_kind))
        .filter(admin_events::subject_id.eq_any(subjects.to_vec()))
        .filter(admin_events::kind.eq_any(kinds.to_vec()))
        .order(admin_events::id)
        .load(db)
}

/// What was noted of one kind of deed to a subject since a moment, oldest first.
pub fn since(
    db: &mut Db,
    subject_kind: &str,
    subject: &str,
    kind: &str,
    since: NaiveDateTime,
) -> QueryResult<Vec<String>> {
    admin_events::table
        .filter(admin_events::subject_kind.eq(subject_kind))
        .filter(admin_events::subject_id.eq(subject))
        .filter(admin_events::kind.eq(kind))
        .filter(admin_events::at.ge(since))
        .order(admin_events::id)
        .select(admin_events::detail)
        .load(db)
}
