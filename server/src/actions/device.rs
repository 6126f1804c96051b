//! Proving the PIN once per device. A guess is written down before it is judged,
//! so that parallel guesses all count; hashing happens between two transactions.

use chrono::{Duration, NaiveDateTime};
use qiyema_protocol::seal::Verified;

use super::{Refused, Rules, scan};
use crate::{
    clock::{Ids, Timestamp},
    domain::ladder::{COUNTED, Failures, Ladders},
    store::{
        columns::{column, moment},
        connection::{Db, one_at_a_time},
        owners::{self, ActivationRow, AttemptRow, DeviceRow},
    },
};

/// A guess that may now be judged.
#[derive(Debug, Clone)]
pub struct Guess {
    /// Id of the attempt.
    pub attempt: String,
    /// Enterprise asked about.
    pub enterprise: String,
    /// PIN that counts: id, and its argon2 hash or which key derives it; absent when none was ever set.
    pub pin: Option<(String, String)>,
}

/// Notes a guess, if the ladders allow another one. `who` is a pseudonym of the
/// address, `device` the fingerprint of a token that came along, perhaps an old one.
pub fn guess(
    db: &mut Db,
    seal: Verified,
    who: &str,
    device: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Guess, Refused> {
    let opened = scan::open(db, seal)?;
    let enterprise = opened.code.enterprise_id;
    let asker = match device {
        Some(hash) if owners::device_known(db, &enterprise, hash)? => Asker { who: hash, known: true },
        _ => Asker { who, known: false },
    };
    let attempt = note(db, "pin", &enterprise, asker, rules.pin, at)?;
    let pin = match owners::current_pin(db, &enterprise)? {
        None => None,
        Some(row) => {
            let hash = owners::activation(db, &row.id)?;
            Some((row.id, hash.unwrap_or(row.hash)))
        }
    };
    Ok(Guess { attempt, enterprise, pin })
}

/// Remembers the device of a right guess; of the first right one, `hash` is what is kept from now on.
pub fn remember(
    db: &mut Db,
    guess: &Guess,
    hash: Option<&str>,
    token_hash: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Timestamp, Refused> {
    let (pin, _) = guess.pin.clone().ok_or(Refused::PinWrong)?;
    owners::attempt_succeeded(db, &guess.attempt)?;
    if let Some(hash) = hash {
        activate(db, &guess.enterprise, &pin, hash, at)?;
    }
    let expires = at + Duration::days(i64::from(rules.device_days));
    owners::remember(
        db,
        &DeviceRow {
            token_hash: token_hash.to_owned(),
            enterprise_id: guess.enterprise.clone(),
            pin_id: pin,
            proved_at: column(at),
            expires_at: column(expires),
            removed_at: None,
        },
    )?;
    Ok(expires)
}

/// Keeps the hash of a PIN, unless a device beside this one was faster.
fn activate(db: &mut Db, enterprise: &str, pin: &str, hash: &str, at: Timestamp) -> Result<(), Refused> {
    one_at_a_time(db, &format!("pin {enterprise}"))?;
    if owners::activation(db, pin)?.is_some() {
        return Ok(());
    }
    let row = ActivationRow {
        pin_id: pin.to_owned(),
        enterprise_id: enterprise.to_owned(),
        hash: hash.to_owned(),
        at: column(at),
    };
    Ok(owners::activate(db, &row)?)
}

/// Forgets a device.
pub fn forget(db: &mut Db, seal: Verified, token_hash: &str, at: Timestamp) -> Result<(), Refused> {
    let opened = scan::open(db, seal)?;
    if owners::forget(db, &opened.code.enterprise_id, token_hash, column(at))? {
        return Ok(());
    }
    Err(Refused::DeviceUnknown)
}

/// Who guesses: an address or a device, and whether it is known without asking further.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    /// Pseudonym of the address, or fingerprint of the device.
    pub who: &'a str,
    /// A device that was right before. An address is known by its own right guesses.
    pub known: bool,
}

/// Notes a guess unless a ladder makes it wait. It counts as wrong until
/// [`owners::attempt_succeeded`], so that parallel guesses all count.
pub(super) fn note(
    db: &mut Db,
    kind: &str,
    subject: &str,
    asker: Asker<'_>,
    ladders: Ladders,
    at: Timestamp,
) -> Result<String, Refused> {
    one_at_a_time(db, &format!("{kind} {subject}"))?;
    let known = asker.known || owners::was_right(db, kind, subject, asker.who)?;
    let wrong = owners::failures(db, kind, subject, column(at - COUNTED))?;
    let alone = count(wrong.iter().filter(|(who, _)| who == asker.who));
    if let Some(wait) = ladders.wait(count(wrong.iter()), alone, known, at) {
        let seconds = u64::try_from(wait.num_seconds()).unwrap_or_default();
        return Err(Refused::TooManyAttempts { retry_after: seconds + 1 });
    }
    let row = AttemptRow {
        id: Ids.row(),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        who: asker.who.to_owned(),
        at: column(at),
        succeeded: false,
    };
    owners::note_attempt(db, &row)?;
    Ok(row.id)
}

fn count<'a>(wrong: impl Iterator<Item = &'a (String, NaiveDateTime)>) -> Failures {
    wrong.fold(Failures::default(), |so_far, (_, at)| Failures {
        count: so_far.count.saturating_add(1),
        last: Some(moment(*at)),
    })
}
