//! The audit trail: events of everything, newest first, by key.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    events::EventRow,
    schema::{enterprises, events, issues, staff},
};

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this subject.
    pub subject: Option<(String, String)>,
    /// By this person.
    pub by: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Not before, and before.
    pub time: (Option<NaiveDateTime>, Option<NaiveDateTime>),
}

/// A page of events before `key` (moment and id of the last one shown).
pub fn page(
    db: &mut Db,
    wanted: &Wanted,
    key: Option<&(NaiveDateTime, String)>,
    limit: i64,
) -> QueryResult<Vec<EventRow>> {
    let mut query = events::table.into_boxed();
    if let Some((enterprise, subject)) = &wanted.subject {
        query = query.filter(events::enterprise_id.eq(enterprise)).filter(events::subject_id.eq(subject));
    }
    if let Some(by) = &wanted.by {
        query = query.filter(events::by.eq(by));
    }
    if let Some(kind) = &wanted.kind {
        query = query.filter(events::kind.eq(kind));
    }
    if let Some(from) = wanted.time.0 {
        query = query.filter(events::at.ge(from));
    }
    if let Some(until) = wanted.time.1 {
        query = query.filter(events::at.lt(until));
    }
    if let Some((at, id)) = key {
        // The first bound is what the index is entered by.
        query = query.filter(events::at.le(*at)).filter(events::at.lt(*at).or(events::id.lt(id)));
    }
    query.order((events::at.desc(), events::id.desc())).limit(limit).select(EventRow::as_select()).load(db)
}

/// Id of a person by user name, also of one who has left.
pub fn person(db: &mut Db, username: &str) -> QueryResult<Option<String>> {
    staff::table.filter(staff::username.eq(username)).select(staff::id).first(db).optional()
}

/// Enterprise and id of an issue by number.
pub fn issue(db: &mut Db, number: &str) -> QueryResult<Option<(String, String)>> {
    issues::table
        .filter(issues::number.eq(number))
        .select((issues::enterprise_id, issues::id))
        .first(db)
        .optional()
}

/// Numbers of the issues among these subjects.
pub fn numbers(db: &mut Db, subjects: &[String]) -> QueryResult<Vec<(String, String)>> {
    issues::table.filter(issues::id.eq_any(subjects)).select((issues::id, issues::number)).load(db)
}

/// Names of the enterprises among these subjects.
pub fn names(db: &mut Db, subjects: &[String]) -> QueryResult<Vec<(String, String)>> {
    enterprises::table
        .filter(enterprises::id.eq_any(subjects))
        .select((enterprises::id, enterprises::name))
        .load(db)
}
