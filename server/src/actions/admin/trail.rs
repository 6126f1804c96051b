//! The trail of administration, latest first. Administrators and auditors read
//! it; nobody writes it but the deeds themselves.

use qiyema_protocol::directory::{AdminEvent, AdminTrail};

use super::super::{
    Refused,
    rights::{Actor, Area, Deed},
};
use crate::store::{admin_events, columns::moment, connection::Db, people};

/// Deeds on one page.
const PAGE: usize = 50;

/// A page of deeds before an id; of one subject where it is named.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    subject: Option<(&str, &str)>,
    before: Option<&str>,
) -> Result<AdminTrail, Refused> {
    page(db, actor, subject, before, PAGE)
}

/// The same with as many as a file takes at once.
pub fn page(
    db: &mut Db,
    actor: &Actor,
    subject: Option<(&str, &str)>,
    before: Option<&str>,
    most: usize,
) -> Result<AdminTrail, Refused> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let limit = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = admin_events::list(db, subject, before, limit)?;
    let more = rows.len() > most;
    rows.truncate(most);
    let next = if more { rows.last().map(|row| row.id.clone()) } else { None };
    let ids: Vec<String> = rows.iter().flat_map(|row| [row.by.clone(), row.subject_id.clone()]).collect();
    let names = people::usernames(db, &ids)?;
    let name = |id: &str| names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
    let events = rows
        .into_iter()
        .map(|row| AdminEvent {
            by: name(&row.by).unwrap_or(row.by),
            subject_name: name(&row.subject_id),
            id: row.id,
            at: moment(row.at),
            kind: row.kind,
            subject_kind: row.subject_kind,
            subject: row.subject_id,
            detail: row.detail,
        })
        .collect();
    Ok(AdminTrail { events, next })
}
