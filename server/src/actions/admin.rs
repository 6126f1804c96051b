//! Administration: people, the directory, settings, tokens, and the trail of
//! all that. Administrators decide who may do what and how long things may
//! take; they hold no right over ratings or over what stands in an issue.

pub mod api_token;
pub mod category;
pub mod channel;
pub mod directory;
pub mod mailbox;
pub mod people;
pub mod settings;
pub mod tags;
pub mod trail;
pub mod webhook;

use super::Refused;
use crate::{
    clock::{Ids, Timestamp},
    store::{
        admin_events::{self, AdminEventRow},
        columns::column,
        connection::Db,
    },
};

/// What a deed of administration was done to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// `staff`, `unit`, `token`, …
    pub kind: &'static str,
    /// Its id.
    pub id: &'a str,
}

/// Adds the event of a deed of administration to the same transaction. They have
/// a table of their own: the rows of `events` lead with an enterprise, so that
/// the data can be distributed by enterprise, and these belong to none.
pub(super) fn record(
    db: &mut Db,
    subject: Subject<'_>,
    kind: &'static str,
    detail: &serde_json::Value,
    by: &str,
    at: Timestamp,
) -> Result<(), Refused> {
    Ok(admin_events::insert(
        db,
        &AdminEventRow {
            id: Ids.row(),
            subject_kind: subject.kind.to_owned(),
            subject_id: subject.id.to_owned(),
            kind: kind.to_owned(),
            detail: detail.to_string(),
            at: column(at),
            by: by.to_owned(),
        },
    )?)
}
