//! Registering an issue for an enterprise, at the window.

use qiyema_protocol::staff::{IssueView, NewIssue};

use super::{
    super::{
        Refused, Rules,
        intake::enter::{Entry, Words, enter},
    },
    read,
};
use crate::{
    actions::rights::{self, Actor},
    clock::{Ids, Timestamp},
    store::{connection::Db, enterprises, issues},
};

/// Registers an issue.
pub fn open(
    db: &mut Db,
    actor: &Actor,
    enterprise: &str,
    new: &NewIssue,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    actor.may(rights::Deed::RegisterIssue)?;
    let (contact, reference) = (new.contact.as_ref(), new.reference.as_deref());
    let words =
        Words::parse(&new.subject, &new.body, contact, reference, new.level).map_err(Refused::Invalid)?;
    enterprises::find(db, enterprise)?.ok_or(Refused::EnterpriseUnknown)?;
    let entry = Entry {
        enterprise,
        category: &new.category,
        channel: &new.channel,
        words: &words,
        by: &actor.id,
        detail: serde_json::Value::Null,
    };
    let row = enter(db, &entry, rules, at)?;
    read::one(db, actor, &row.number, rules, at)
}

/// `Q` + local day + five random digits: readable on the telephone, and it does
/// not tell how many issues a day brings. A taken number is drawn again.
pub fn number(db: &mut Db, rules: &Rules, at: Timestamp) -> Result<String, Refused> {
    loop {
        let random = u32::from_le_bytes(Ids.bytes::<4>().map_err(crate::store::unfit)?) % 100_000;
        let number = format!("Q{}-{random:05}", rules.day(at).format("%Y%m%d"));
        if issues::by_number(db, &number)?.is_none() {
            return Ok(number);
        }
    }
}
