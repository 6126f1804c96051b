//! PINs: set with a code or by a reset, and printed on a letter. A letter is
//! printed once; again only if somebody says so, and every time is an event.

use std::collections::HashMap;

use super::super::{
    Deed, Refused, record,
    rights::{self, Actor},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::event::Kind,
    secrets::pin::PinKey,
    store::{
        columns::{column, word},
        connection::Db,
        events,
        owners::{self, PinRow},
    },
};

/// Sets a new PIN of an enterprise and gives its text.
pub(super) fn set(
    db: &mut Db,
    by: &str,
    enterprise: &str,
    key: &PinKey,
    at: Timestamp,
) -> Result<String, Refused> {
    let row = PinRow {
        id: Ids.row(),
        enterprise_id: enterprise.to_owned(),
        hash: key.mark().to_owned(),
        set_at: column(at),
        set_by: by.to_owned(),
    };
    owners::set_pin(db, &row)?;
    Ok(key.derive(enterprise, &row.id))
}

/// Why PINs are read again.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Although it was printed before.
    pub again: bool,
    /// The issuing run whose letters they are.
    pub run: Option<&'a str>,
}

/// The PINs that count, of these enterprises, for sealed letters: all of them or none. Each is an
/// event; one that was printed before is refused unless the wish says "again".
pub fn for_letters(
    db: &mut Db,
    actor: &Actor,
    key: &PinKey,
    enterprises: &[String],
    letter: Letter<'_>,
    at: Timestamp,
) -> Result<Vec<(String, String)>, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let rows = owners::current_pins(db, enterprises)?;
    let mut rows: HashMap<String, PinRow> =
        rows.into_iter().map(|row| (row.enterprise_id.clone(), row)).collect();
    let printed = word(Kind::PinPrinted)?;
    let mut texts = Vec::with_capacity(enterprises.len());
    for enterprise in enterprises {
        let row = rows.remove(enterprise).ok_or(Refused::PinNotPrintable)?;
        let pin = key.reveal(enterprise, &row.id, &row.hash).ok_or(Refused::PinNotPrintable)?;
        let said = format!("\"pin\":\"{}\"", row.id);
        let before = events::details(db, enterprise, enterprise, &printed)?;
        let again = before.iter().any(|detail| detail.contains(&said));
        if again && !letter.again {
            return Err(Refused::LetterPrinted);
        }
        let detail = serde_json::json!({ "pin": row.id, "again": again, "run": letter.run });
        record(
            db,
            &Deed {
                enterprise,
                subject: enterprise,
                kind: Kind::PinPrinted,
                state: None,
                note: None,
                detail,
                by: &actor.id,
                at,
            },
        )?;
        texts.push((enterprise.clone(), pin));
    }
    Ok(texts)
}
