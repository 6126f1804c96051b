//! PINs: set with a code or by a reset, and printed on a letter. A letter is
//! printed once; again only if somebody says so, and every time is an event.

use std::collections::{HashMap, HashSet};

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
    /// How many letters are printed with it.
    pub letters: usize,
}

/// Whether the letters of these enterprises may be printed: every PIN can be had, and none was
/// printed before unless the wish says "again". Many are judged before the first is recorded.
pub fn may_be_printed(
    db: &mut Db,
    actor: &Actor,
    key: &PinKey,
    enterprises: &[String],
    again: bool,
) -> Result<(), Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let printed = word(Kind::PinPrinted)?;
    // SQLite and PostgreSQL both bound how many values one statement takes.
    for some in enterprises.chunks(500) {
        let rows = owners::current_pins(db, some)?;
        let known = rows.iter().filter(|row| key.reveal(&row.enterprise_id, &row.id, &row.hash).is_some());
        let known: HashSet<&str> = known.map(|row| &*row.enterprise_id).collect();
        if some.iter().any(|enterprise| !known.contains(enterprise.as_str())) {
            return Err(Refused::PinNotPrintable);
        }
        for row in &rows {
            if !again && was_printed(db, row, &printed)? {
                return Err(Refused::LetterPrinted);
            }
        }
    }
    Ok(())
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
        let again = was_printed(db, &row, &printed)?;
        if again && !letter.again {
            return Err(Refused::LetterPrinted);
        }
        printing(db, actor, &row, again, letter, at)?;
        texts.push((enterprise.clone(), pin));
    }
    Ok(texts)
}

/// The PIN for one letter of a run, or why there is none.
#[derive(Clone, PartialEq, Eq)]
pub enum Sealed {
    /// It goes onto this letter.
    Pin(String),
    /// Its letter was printed before.
    Printed,
    /// Nobody here knows it: it was typed in, or is used already.
    Unknown,
}

/// The PINs that count, for the letters of a run: each is an event; one whose letter was printed
/// before is left out unless the wish says "again", so that a run can be printed part by part.
pub fn for_run(
    db: &mut Db,
    actor: &Actor,
    key: &PinKey,
    enterprises: &[String],
    letter: Letter<'_>,
    at: Timestamp,
) -> Result<Vec<Sealed>, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let rows = owners::current_pins(db, enterprises)?;
    let rows: HashMap<&str, &PinRow> = rows.iter().map(|row| (&*row.enterprise_id, row)).collect();
    let printed = word(Kind::PinPrinted)?;
    let mut sealed = Vec::with_capacity(enterprises.len());
    for enterprise in enterprises {
        let row = rows.get(enterprise.as_str());
        let known = row.and_then(|row| Some((*row, key.reveal(enterprise, &row.id, &row.hash)?)));
        let Some((row, pin)) = known else {
            sealed.push(Sealed::Unknown);
            continue;
        };
        let again = was_printed(db, row, &printed)?;
        if again && !letter.again {
            sealed.push(Sealed::Printed);
            continue;
        }
        printing(db, actor, row, again, letter, at)?;
        sealed.push(Sealed::Pin(pin));
    }
    Ok(sealed)
}

fn was_printed(db: &mut Db, row: &PinRow, kind: &str) -> Result<bool, Refused> {
    let said = format!("\"pin\":\"{}\"", row.id);
    let before = events::details(db, &row.enterprise_id, &row.enterprise_id, kind)?;
    Ok(before.iter().any(|detail| detail.contains(&said)))
}

fn printing(
    db: &mut Db,
    actor: &Actor,
    row: &PinRow,
    again: bool,
    letter: Letter<'_>,
    at: Timestamp,
) -> Result<(), Refused> {
    let enterprise = &row.enterprise_id;
    let deed = Deed {
        enterprise,
        subject: enterprise,
        kind: Kind::PinPrinted,
        state: None,
        note: None,
        detail: serde_json::json!({ "pin": row.id, "again": again, "run": letter.run, "letters": letter.letters }),
        by: &actor.id,
        at,
    };
    record(db, &deed)
}
