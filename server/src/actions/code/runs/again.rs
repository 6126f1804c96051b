//! Codes issued again because their key is in wrong hands are a run too, so that their
//! paper is fetched like that of any other. It is over from the start: no job takes it up.

use qiyema_protocol::{
    code_runs::{CodeRunState, CodeRunWish},
    codes::CodeReason,
    seal::CodeId,
};

use super::{trail, written};
use crate::{
    actions::{
        Refused,
        code::{self, life::Why},
        rights::Actor,
    },
    clock::{Ids, Timestamp},
    store::{
        code_life::Standing,
        code_runs::{self, LineRow, RunRow},
        columns::{column, word},
        connection::Db,
    },
};

/// Begins it: so many codes of this key.
pub fn begin(db: &mut Db, actor: &Actor, kid: u8, codes: i64, at: Timestamp) -> Result<RunRow, Refused> {
    let row = RunRow {
        id: Ids.row(),
        at: column(at),
        by: actor.id.clone(),
        wish: written(&CodeRunWish::default())?,
        state: word(CodeRunState::Done)?,
        total: i32::try_from(codes).unwrap_or(i32::MAX),
        through: String::new(),
        issued: 0,
        moved_at: column(at),
    };
    code_runs::insert(db, &row)?;
    let detail = serde_json::json!({ "codes": row.total, "compromised": kid });
    trail::noted(db, actor, &row.id, trail::BEGUN, &detail, at)?;
    Ok(row)
}

/// Issues some codes again under another key; their PINs stay.
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
        let (id, enterprise) = (CodeId(Ids.bytes().map_err(crate::store::unfit)?), &one.code.enterprise_id);
        let issued = code::issue_because(db, actor, enterprise, (id, signs), None, &why, at)?;
        row.issued += 1;
        let line = LineRow {
            run_id: row.id.clone(),
            line: row.issued,
            enterprise_id: enterprise.clone(),
            code_id: issued.code.id,
        };
        code_runs::insert_line(db, &line)?;
    }
    row.moved_at = column(at);
    if code_runs::move_on(db, &row, &run.state, &run.through)? { Ok(row) } else { Err(Refused::RunOver) }
}
