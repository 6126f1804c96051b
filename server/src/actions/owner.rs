//! What an owner does after the PIN: raise, supplement, add facts, urge,
//! withdraw, object, appeal. Every verb finds the issue within the enterprise of
//! the code, asks the workflow's table, and goes through the one step.

pub mod add_facts;
pub mod appeal;
pub mod attach;
pub mod file;
pub mod object;
pub mod raise;
pub mod supplement;
pub mod urge;
pub mod withdraw;

use qiyema_protocol::{board::State, owner::OwnerDone, rating::Tier, seal::Verified, text::Text, verb::Verb};

use super::{
    Refused, Rules,
    intake::attach::{Hand, Kept, add, named},
    issue::step::{Doer, Step, legal, step},
    scan,
};
use crate::{
    clock::Timestamp,
    domain::{text::Typed, workflow},
    store::{
        codes::Opened,
        columns::unword,
        connection::Db,
        issues::{self, IssueRow},
    },
};

/// In events and rows: the owner, who has no account.
pub const OWNER: &str = "owner";

/// In events: somebody who holds a code and proved nothing else.
pub const STRANGER: &str = "scan";

/// A true seal and the device that proved the PIN.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The seal, verified.
    pub seal: Verified,
    /// SHA-256 of the device token, if one came along.
    pub device: Option<String>,
}

/// The code, if the device proved its PIN.
pub fn prove(db: &mut Db, asked: &Asked, at: Timestamp) -> Result<Opened, Refused> {
    let opened = scan::open(db, asked.seal)?;
    match scan::tier(db, &opened, asked.device.as_deref(), at)? {
        Tier::Owner => Ok(opened),
        Tier::Unverified | Tier::CallBack => Err(Refused::DeviceUnknown),
    }
}

/// An issue of the owner's enterprise in a state where the verb is legal.
pub fn find(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    verb: Verb,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let opened = prove(db, asked, at)?;
    let issue =
        issues::in_enterprise(db, &opened.code.enterprise_id, number)?.ok_or(Refused::IssueUnknown)?;
    legal(&issue, verb)?;
    Ok(issue)
}

/// What an owner says with a deed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// Words, already checked.
    pub text: Option<&'a str>,
    /// Files in the vault.
    pub files: &'a [Kept],
}

impl<'a> Said<'a> {
    /// Words alone.
    #[must_use]
    pub const fn words(text: Option<&'a str>) -> Self {
        Self { text, files: &[] }
    }
}

/// One step of the owner's, with the files that came along.
fn act(
    db: &mut Db,
    issue: IssueRow,
    (verb, to): (Verb, State),
    said: Said<'_>,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let detail = detail(db, &issue, said, at)?;
    step(db, Doer::Owner, issue, Step { verb, to, note: said.text, detail }, rules, at)
}

/// Keeps the files that came along and names them for the record.
fn detail(
    db: &mut Db,
    issue: &IssueRow,
    said: Said<'_>,
    at: Timestamp,
) -> Result<serde_json::Value, Refused> {
    if said.files.is_empty() {
        return Ok(serde_json::json!({}));
    }
    Ok(named(&add(db, issue, said.files, Hand { by: OWNER, for_owner: true }, at)?))
}

/// The answer.
fn done(issue: &IssueRow, message: Text) -> Result<OwnerDone, Refused> {
    let state = unword(&issue.state)?;
    Ok(OwnerDone {
        number: issue.number.clone(),
        state,
        state_text: workflow::owner_sentence(state),
        message,
    })
}

/// A text that is needed.
fn needed(text: &str) -> Result<Typed, Refused> {
    Typed::lines("text", text, 2, 2000).map_err(|fault| Refused::Invalid(vec![fault]))
}

/// A text that may be left out.
fn optional(text: Option<&str>) -> Result<Option<Typed>, Refused> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            Typed::lines("text", text, 1, 500).map(Some).map_err(|fault| Refused::Invalid(vec![fault]))
        }
    }
}
