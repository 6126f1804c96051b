//! Where a person gets notices by mail, besides the inbox.

use super::{
    super::{
        Refused,
        rights::{Actor, Area, Deed},
    },
    Subject, record,
};
use crate::{
    clock::Timestamp,
    courier::mail,
    domain::text::problem,
    store::{columns::column, connection::Db, notices, staff},
};

/// A person's address, for who administers people, and for that person.
pub fn show(db: &mut Db, actor: &Actor, staff: &str) -> Result<Option<String>, Refused> {
    if actor.id != staff {
        actor.may(Deed::Inspect(Area::Staff))?;
    }
    Ok(notices::address(db, staff)?)
}

/// Sets or clears one's own.
pub fn set_own(db: &mut Db, actor: &Actor, address: Option<&str>, at: Timestamp) -> Result<(), Refused> {
    change(db, actor, &actor.id, address, at)
}

/// Sets or clears a person's address. The trail says that it was done, not to what.
pub fn set(
    db: &mut Db,
    actor: &Actor,
    username: &str,
    address: Option<&str>,
    at: Timestamp,
) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Staff))?;
    if username.contains('\0') {
        return Err(Refused::NotThere);
    }
    let person = staff::by_username(db, username)?.ok_or(Refused::NotThere)?.row.id;
    change(db, actor, &person, address, at)
}

fn change(
    db: &mut Db,
    actor: &Actor,
    person: &str,
    address: Option<&str>,
    at: Timestamp,
) -> Result<(), Refused> {
    if address.is_some_and(|address| !mail::is_address(address)) {
        return Err(Refused::Invalid(vec![problem("address", "请填写电子邮箱地址", "an e-mail address")]));
    }
    notices::set_address(db, person, address, column(at), &actor.id)?;
    let kind = if address.is_some() { "mailbox_set" } else { "mailbox_removed" };
    record(db, Subject { kind: "staff", id: person }, kind, &serde_json::json!({}), &actor.id, at)
}
