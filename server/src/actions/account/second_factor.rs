//! The second factor: an authenticator app, and recovery codes for a lost phone.
//! A code works once: its step, and every earlier one, is refused afterwards.

use qiyema_protocol::staff::Role;

use crate::{
    actions::{
        Refused, Rules,
        admin::{Subject, record},
        rights::{Actor, Area, Deed},
    },
    clock::{Ids, Timestamp},
    secrets::{
        token::fingerprint,
        totp::{self, KEY_LEN},
        vault::Vault,
    },
    store::{
        self, QueryResult,
        columns::{column, unword, word},
        connection::Db,
        people,
        second_factor::{self, TotpRow},
        staff::Person,
    },
};

/// Recovery codes of one enrolment.
const RECOVERY_CODES: usize = 10;

/// What somebody owes after a right password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owed {
    /// Nothing: he is in.
    Nothing,
    /// A code of the app.
    Code,
    /// To enrol an app, because of a role.
    Enrolment,
}

impl Owed {
    /// The word of the stage a session stands in.
    #[must_use]
    pub const fn stage(self) -> &'static str {
        match self {
            Self::Nothing => "full",
            Self::Code => "second_factor",
            Self::Enrolment => "enrolment",
        }
    }
}

/// What a person owes.
pub fn owed(db: &mut Db, person: &Person, rules: &Rules) -> Result<Owed, Refused> {
    let row = second_factor::find(db, &person.row.id)?;
    if row.is_some_and(|row| row.enrolled_at.is_some()) {
        return Ok(Owed::Code);
    }
    Ok(if needed(&person.roles, rules)? { Owed::Enrolment } else { Owed::Nothing })
}

/// Whether one of these roles needs a second factor.
pub fn needed(held: &[String], rules: &Rules) -> Result<bool, Refused> {
    for role in held {
        if rules.second_factor.contains(&unword(role)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Ends the sessions of people who need a second factor and have none: a session is judged when it opens, so
/// where a role comes to need one afterwards, its holders come in anew and enrol. Gives how many ended.
pub fn end_unproved(db: &mut Db, whose: &[String], at: Timestamp) -> Result<usize, Refused> {
    let enrolled = second_factor::enrolled(db)?;
    let unproved: Vec<String> = whose.iter().filter(|id| !enrolled.contains(id)).cloned().collect();
    if unproved.is_empty() {
        return Ok(0);
    }
    Ok(people::end_full_sessions(db, &unproved, column(at))?)
}

/// The same of everybody who holds one of these roles.
pub fn end_unproved_of(db: &mut Db, roles: &[Role], at: Timestamp) -> Result<usize, Refused> {
    let words = roles.iter().map(word).collect::<QueryResult<Vec<_>>>()?;
    let held = people::holders(db, &words)?;
    end_unproved(db, &held, at)
}

/// Accepts a code of the app or a recovery code, once.
pub fn prove(db: &mut Db, staff: &str, typed: &str, vault: &Vault, at: Timestamp) -> Result<(), Refused> {
    if let Some(code) = totp::recovery_form(typed) {
        if !second_factor::use_recovery(db, staff, &fingerprint(&code), column(at))? {
            return Err(Refused::SecondFactorWrong);
        }
        let left = second_factor::recovery_left(db, staff)?;
        let detail = serde_json::json!({ "left": left });
        return record(db, Subject { kind: "staff", id: staff }, "recovery_code_used", &detail, staff, at);
    }
    let row = second_factor::find(db, staff)?.filter(|row| row.enrolled_at.is_some());
    let step = row.and_then(|row| step(&row, typed, vault, at)).ok_or(Refused::SecondFactorWrong)?;
    if second_factor::take_step(db, staff, step)? { Ok(()) } else { Err(Refused::SecondFactorWrong) }
}

/// A key that cannot be opened (the session secret is another one) fits no code.
fn step(row: &TotpRow, typed: &str, vault: &Vault, at: Timestamp) -> Option<i64> {
    let key = vault.open(&row.staff_id, &row.secret).ok()?;
    totp::step_of(&key, typed, at)
}

/// Begins an enrolment under a fresh key.
pub fn begin(
    db: &mut Db,
    staff: &str,
    key: [u8; KEY_LEN],
    vault: &Vault,
    at: Timestamp,
) -> Result<(), Refused> {
    if second_factor::find(db, staff)?.is_some_and(|row| row.enrolled_at.is_some()) {
        return Err(Refused::AlreadyEnrolled);
    }
    let secret = vault.seal(staff, &key, Ids).map_err(store::unfit)?;
    let row =
        TotpRow { staff_id: staff.to_owned(), secret, begun_at: column(at), enrolled_at: None, last_step: 0 };
    Ok(second_factor::begin(db, &row)?)
}

/// The key of an enrolment that was begun and not finished.
pub fn begun(db: &mut Db, staff: &str, vault: &Vault) -> Result<Option<Vec<u8>>, Refused> {
    let row = second_factor::find(db, staff)?.filter(|row| row.enrolled_at.is_none());
    Ok(row.and_then(|row| vault.open(staff, &row.secret).ok()))
}

/// Finishes an enrolment by a first right code; gives the recovery codes, which
/// are shown once.
pub fn finish(
    db: &mut Db,
    staff: &str,
    typed: &str,
    vault: &Vault,
    at: Timestamp,
) -> Result<Vec<String>, Refused> {
    let row = second_factor::find(db, staff)?.filter(|row| row.enrolled_at.is_none());
    let step = row.and_then(|row| step(&row, typed, vault, at)).ok_or(Refused::SecondFactorWrong)?;
    if !second_factor::finish(db, staff, column(at), step)? {
        return Err(Refused::SecondFactorWrong);
    }
    let codes = new_recovery(db, staff, at)?;
    let detail = serde_json::json!({});
    record(db, Subject { kind: "staff", id: staff }, "second_factor_enrolled", &detail, staff, at)?;
    Ok(codes)
}

/// New recovery codes in place of the old ones.
pub fn renew_recovery(db: &mut Db, actor: &Actor, at: Timestamp) -> Result<Vec<String>, Refused> {
    if second_factor::find(db, &actor.id)?.is_none_or(|row| row.enrolled_at.is_none()) {
        return Err(Refused::NotThere);
    }
    let codes = new_recovery(db, &actor.id, at)?;
    let detail = serde_json::json!({});
    record(db, Subject { kind: "staff", id: &actor.id }, "recovery_codes_renewed", &detail, &actor.id, at)?;
    Ok(codes)
}

fn new_recovery(db: &mut Db, staff: &str, at: Timestamp) -> Result<Vec<String>, Refused> {
    let codes = (0..RECOVERY_CODES)
        .map(|_| totp::recovery(Ids))
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(store::unfit)?;
    let hashes: Vec<String> =
        codes.iter().filter_map(|code| totp::recovery_form(code)).map(|code| fingerprint(&code)).collect();
    second_factor::set_recovery(db, staff, &hashes, column(at))?;
    Ok(codes)
}

/// Where a person stands: enrolled or not, and recovery codes that are left.
pub fn standing(db: &mut Db, staff: &str) -> Result<Option<i64>, Refused> {
    match second_factor::find(db, staff)?.filter(|row| row.enrolled_at.is_some()) {
        None => Ok(None),
        Some(_) => Ok(Some(second_factor::recovery_left(db, staff)?)),
    }
}

/// An administrator takes the factor of somebody who lost phone and codes; the
/// next sign-in begins a new enrolment, and every session ends now.
pub fn reset(db: &mut Db, actor: &Actor, staff: &str, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Staff))?;
    if actor.id == staff {
        return Err(Refused::OwnAccount);
    }
    people::find(db, staff)?.ok_or(Refused::NotThere)?;
    second_factor::forget(db, staff)?;
    people::end_sessions(db, staff, None, column(at))?;
    let detail = serde_json::json!({});
    record(db, Subject { kind: "staff", id: staff }, "second_factor_reset", &detail, &actor.id, at)
}
