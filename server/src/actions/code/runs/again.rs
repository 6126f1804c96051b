//! Codes issued again because their key is in wrong hands are a run too, so that their
//! paper is fetched like that of any other. No job takes it up: the command that began it
//! carries it on, and run again it goes on where it was broken off.

use qiyema_protocol::{
    code_runs::{CodeRunState, CodeRunWish},
    codes::CodeReason,
    seal::CodeId,
};

use super::{one_issues, trail, written};
use crate::{
    actions::{
        Refused,
        code::{
            self,
            life::{self, Why},
        },
        rights::Actor,
    },
    clock::{Ids, Timestamp},
    store::{
        code_life::{self, Pick, Standing},
        code_runs::{self, LineRow, RunRow},
        codes,
        columns::{column, word},
        connection::Db,
    },
};

/// Codes looked at in one transaction: a city must not hold up everybody else's writes.
const BATCH: i64 = 200;

/// What is left of a key: so many of its codes after this place, in the order of time.
pub fn next(
    db: &mut Db,
    kid: u8,
    after: Option<(chrono::NaiveDateTime, String)>,
) -> Result<Vec<Standing>, Refused> {
    let pick = Pick { kid: Some(kid.into()), after, ..Pick::default() };
    Ok(code_life::standing(db, &pick, BATCH)?)
}

/// The run of this key that was broken off, if one was.
pub fn open(db: &mut Db, kid: u8) -> Result<Option<RunRow>, Refused> {
    Ok(code_runs::again_in(db, &word(CodeRunState::Issuing)?, kid.into())?)
}

/// Begins it: so many codes of this key.
pub fn begin(db: &mut Db, actor: &Actor, kid: u8, codes: i64, at: Timestamp) -> Result<RunRow, Refused> {
    let row = RunRow {
        id: Ids.row(),
        at: column(at),
        by: actor.id.clone(),
        wish: written(&CodeRunWish::default())?,
        state: word(CodeRunState::Issuing)?,
        total: i32::try_from(codes).unwrap_or(i32::MAX),
        through: String::new(),
        issued: 0,
        moved_at: column(at),
        compromised: Some(kid.into()),
        revokes: None,
    };
    code_runs::insert(db, &row)?;
    let detail = serde_json::json!({ "codes": row.total, "compromised": kid });
    trail::noted(db, actor, &row.id, trail::BEGUN, &detail, at)?;
    Ok(row)
}

/// Issues some codes again under another key; their PINs stay, and a suspended one is suspended
/// again for the same reason. One that ended since it was looked at is passed over.
pub fn some(
    db: &mut Db,
    actor: &Actor,
    run: &RunRow,
    found: &[Standing],
    signs: u8,
    at: Timestamp,
) -> Result<RunRow, Refused> {
    let why = Why { code: CodeReason::Compromised, text: "compromised".to_owned() };
    let mut row = run.clone();
    for one in found {
        let enterprise = &one.code.enterprise_id;
        one_issues(db, enterprise)?;
        let ending = codes::open(db, &one.code.id)?.ok_or(Refused::CodeUnknown)?.ending;
        if ending.as_deref().is_some_and(|ending| ending != "suspended") {
            continue;
        }
        let suspended = code_life::suspension(db, &one.code.id)?;
        let id = CodeId(Ids.bytes().map_err(crate::store::unfit)?);
        let issued = code::issue_because(db, actor, enterprise, (id, signs), None, &why, at)?;
        if let Some(before) = suspended {
            life::suspended_still(db, actor, &issued.code.id, before, at)?;
        }
        row.issued += 1;
        let line = LineRow {
            run_id: row.id.clone(),
            line: row.issued,
            enterprise_id: enterprise.clone(),
            code_id: issued.code.id,
        };
        code_runs::insert_line(db, &line)?;
    }
    // What was issued meanwhile was not counted at the beginning.
    row.total = row.total.max(row.issued);
    row.moved_at = column(at);
    if code_runs::move_on(db, &row, &run.state, &run.through)? { Ok(row) } else { Err(Refused::RunOver) }
}
