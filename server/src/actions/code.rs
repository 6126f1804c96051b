//! Issuing, re-issuing and revoking codes. A re-issued code has a new id; the
//! older one says that it was replaced. A new PIN comes with every code and
//! makes remembered devices prove it again.

pub mod life;
pub mod pins;
pub mod print;
pub mod runs;
pub mod scans;

use qiyema_protocol::{codes::CodeReason, seal::CodeId, staff::CodeView};

use life::Why;

use super::{
    Deed, Refused,
    enterprise::code_view,
    record,
    rights::{self, Actor},
};
use crate::{
    clock::Timestamp,
    domain::event::Kind,
    secrets::pin::PinKey,
    store::{
        codes::{self, CodeRow, EndingRow},
        columns::{column, word},
        connection::{Db, one_at_a_time},
        enterprises,
    },
};

/// A code just issued, and the one it replaced.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The new code.
    pub code: CodeView,
    /// Id of the replaced one.
    pub replaces: Option<String>,
    /// The PIN that came with it.
    pub pin: Option<String>,
}

/// Issues a code signed by `kid`, with a new PIN derived from `pins`.
pub fn issue(
    db: &mut Db,
    actor: &Actor,
    enterprise: &str,
    (id, kid): (CodeId, u8),
    pins: &PinKey,
    at: Timestamp,
) -> Result<Issued, Refused> {
    let why = Why { code: CodeReason::Other, text: "reissued".to_owned() };
    issue_because(db, actor, enterprise, (id, kid), Some(pins), &why, at)
}

/// The same, saying why the older code is replaced; without a PIN the present one stays.
pub fn issue_because(
    db: &mut Db,
    actor: &Actor,
    enterprise: &str,
    (id, kid): (CodeId, u8),
    pins: Option<&PinKey>,
    why: &Why,
    at: Timestamp,
) -> Result<Issued, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    enterprises::find(db, enterprise)?.ok_or(Refused::EnterpriseUnknown)?;
    one_issues(db, enterprise)?;
    let older = codes::of_enterprises(db, &[enterprise.to_owned()])?;
    let row = CodeRow {
        id: id.to_string(),
        enterprise_id: enterprise.to_owned(),
        kid: i32::from(kid),
        issued_at: column(at),
        issued_by: actor.id.clone(),
    };
    codes::insert(db, &row)?;
    let stands = |ending: Option<&str>| ending.is_none_or(|ending| ending == "suspended");
    let live = older.into_iter().find(|(_, ending)| stands(ending.as_deref())).map(|(code, _)| code.id);
    if let Some(replaced) = &live {
        let ending = ending((replaced, enterprise), "replaced", why, Some(row.id.clone()), &actor.id, at)?;
        codes::end(db, &ending)?;
    }
    let pin = pins.map(|key| pins::set(db, &actor.id, enterprise, key, at)).transpose()?;
    let deed = if live.is_some() { Kind::CodeReplaced } else { Kind::CodeIssued };
    let detail = serde_json::json!({
        "code": row.id, "kid": kid, "replaces": live, "reason_code": why.code, "new_pin": pin.is_some(),
    });
    record(
        db,
        &Deed {
            enterprise,
            subject: enterprise,
            kind: deed,
            state: None,
            note: None,
            detail,
            by: &actor.id,
            at,
        },
    )?;
    Ok(Issued { code: code_view(&(row, None), &[]), replaces: live, pin })
}

/// Of two who issue for one enterprise at once, the second finds the code of the
/// first and replaces it, also when they ask different servers.
fn one_issues(db: &mut Db, enterprise: &str) -> Result<(), Refused> {
    Ok(one_at_a_time(db, &format!("code {enterprise}"))?)
}

/// Revokes a code.
pub fn revoke(
    db: &mut Db,
    actor: &Actor,
    code: &str,
    why: (CodeReason, &str),
    at: Timestamp,
) -> Result<CodeView, Refused> {
    actor.may(rights::Deed::RevokeCode)?;
    revoke_because(db, &actor.id, code, &Why::in_words(why.0, why.1)?, at)
}

fn revoke_because(db: &mut Db, by: &str, code: &str, why: &Why, at: Timestamp) -> Result<CodeView, Refused> {
    let named = codes::open(db, code)?.ok_or(Refused::CodeUnknown)?;
    let enterprise = named.code.enterprise_id;
    // Whoever ends or replaces it at the same time is waited for: on PostgreSQL the duplicate would spoil the others.
    one_issues(db, &enterprise)?;
    let opened = codes::open(db, code)?.ok_or(Refused::CodeUnknown)?;
    match opened.ending.as_deref() {
        None | Some("suspended") => {}
        Some("replaced") => return Err(Refused::CodeReplaced),
        Some(_) => return Err(Refused::CodeRevoked),
    }
    let ending = ending((code, &enterprise), "revoked", why, None, by, at)?;
    codes::end(db, &ending)?;
    record(
        db,
        &Deed {
            enterprise: &enterprise,
            subject: &enterprise,
            kind: Kind::CodeRevoked,
            state: None,
            note: Some(&why.text),
            detail: serde_json::json!({ "code": code, "reason_code": why.code }),
            by,
            at,
        },
    )?;
    Ok(code_view(&(opened.code, Some("revoked".to_owned())), &[]))
}

/// A code that staff want drawn: only one that stands, so that no dead code is printed.
pub fn standing(db: &mut Db, actor: &Actor, code: &str) -> Result<CodeRow, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let opened = codes::open(db, code)?.ok_or(Refused::CodeUnknown)?;
    match opened.ending.as_deref() {
        None => Ok(opened.code),
        Some("suspended") => Err(Refused::CodeSuspended),
        Some("replaced") => Err(Refused::CodeReplaced),
        Some(_) => Err(Refused::CodeRevoked),
    }
}

fn ending(
    (code, enterprise): (&str, &str),
    kind: &str,
    why: &Why,
    replaced_by: Option<String>,
    by: &str,
    at: Timestamp,
) -> Result<EndingRow, Refused> {
    Ok(EndingRow {
        code_id: code.to_owned(),
        enterprise_id: enterprise.to_owned(),
        kind: kind.to_owned(),
        at: column(at),
        by: by.to_owned(),
        reason: why.text.clone(),
        replaced_by,
        reason_code: word(why.code)?,
    })
}
