//! Administration as JSON. Every handler calls the same action as the console;
//! what somebody may do is decided there.

pub mod calendar;
pub mod directory;
pub mod people;
pub mod settings;
pub mod tags;
pub mod tokens;

use actix_web::web::Data;

use crate::{
    actions::{Refused, Rules, rights::Actor},
    clock::Timestamp,
    store::connection::Db,
    web::{
        callers::Staff,
        problem::{Code, Refusal},
        shared::Shared,
    },
};

/// Reads, on a pooled connection.
pub(super) async fn read<T, F>(staff: Staff, shared: &Data<Shared>, ask: F) -> Result<T, Refusal>
where
    T: Send + 'static,
    F: FnOnce(&mut Db, &Actor, &Rules, Timestamp) -> Result<T, Refused> + Send + 'static,
{
    let (rules, at) = (shared.rules(), shared.clock.now());
    let found: Result<T, Refused> = shared.store.read(move |db| ask(db, &staff.0, &rules, at)).await;
    Ok(found?)
}

/// Acts, in a transaction of its own.
pub(super) async fn write<T, F>(staff: Staff, shared: &Data<Shared>, mut deed: F) -> Result<T, Refusal>
where
    T: Send + 'static,
    F: FnMut(&mut Db, &Actor, &Rules, Timestamp) -> Result<T, Refused> + Send + 'static,
{
    let (rules, at) = (shared.rules(), shared.clock.now());
    let done: Result<T, Refused> = shared.store.write(move |db| deed(db, &staff.0, &rules, at)).await;
    Ok(done?)
}

/// An id out of a path. PostgreSQL takes no NUL, not even to look it up.
pub(super) fn clean(id: String) -> Result<String, Refusal> {
    if id.contains('\0') { Err(Code::NotFound.into()) } else { Ok(id) }
}
