//! Proving the PIN once per device. A guess is written down before it is judged,
//! so that parallel guesses all count; hashing happens between two transactions.

use chrono::Duration;
use qiyema_protocol::seal::Verified;

use super::{Refused, Rules, scan};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        owners::{self, AttemptRow, DeviceRow},
    },
};

/// Minutes over which failed guesses are counted.
const WINDOW_MINUTES: i64 = 15;

/// A guess that may now be judged.
#[derive(Debug, Clone)]
pub struct Guess {
    /// Id of the attempt.
    pub attempt: String,
    /// Enterprise asked about.
    pub enterprise: String,
    /// PIN that counts: id and argon2 hash; absent when none was ever set.
    pub pin: Option<(String, String)>,
}

/// Notes a guess, if the limits allow another one. `who` is a pseudonym of the address.
pub fn guess(db: &mut Db, seal: Verified, who: &str, rules: &Rules, at: Timestamp) -> Result<Guess, Refused> {
    let opened = scan::open(db, seal)?;
    let enterprise = opened.code.enterprise_id;
    let attempt = note(db, "pin", &enterprise, who, rules.pin_limits, at)?;
    let pin = owners::current_pin(db, &enterprise)?.map(|row| (row.id, row.hash));
    Ok(Guess { attempt, enterprise, pin })
}

/// Remembers the device of a right guess.
pub fn remember(
    db: &mut Db,
    guess: &Guess,
    token_hash: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Timestamp, Refused> {
    let (pin, _) = guess.pin.clone().ok_or(Refused::PinWrong)?;
    owners::attempt_succeeded(db, &guess.attempt)?;
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

/// Forgets a device.
pub fn forget(db: &mut Db, seal: Verified, token_hash: &str, at: Timestamp) -> Result<(), Refused> {
    let opened = scan::open(db, seal)?;
    if owners::forget(db, &opened.code.enterprise_id, token_hash, column(at))? {
        return Ok(());
    }
    Err(Refused::DeviceUnknown)
}

/// Notes an attempt unless one limit is reached.
pub(super) fn note(
    db: &mut Db,
    kind: &str,
    subject: &str,
    who: &str,
    limits: (u32, u32),
    at: Timestamp,
) -> Result<String, Refused> {
    let since = column(at - Duration::minutes(WINDOW_MINUTES));
    let (everybody, alone) = owners::failures(db, kind, subject, who, since)?;
    if everybody >= i64::from(limits.0) || alone >= i64::from(limits.1) {
        return Err(Refused::TooManyAttempts { retry_after: 15 * 60 });
    }
    let row = AttemptRow {
        id: Ids.row(),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        who: who.to_owned(),
        at: column(at),
        succeeded: false,
    };
    owners::note_attempt(db, &row)?;
    Ok(row.id)
}
