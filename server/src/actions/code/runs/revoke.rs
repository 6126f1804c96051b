//! Many codes revoked in one run: those of a key, of a time, or of a run that should not have
//! been. The job takes some at a time, and notes in the same transaction how far it is; it
//! touches no code that was issued after it was confirmed.

use qiyema_protocol::{
    code_runs::{CodeRun, CodeRunState, CodeRunWish},
    codes::RevokeMany,
};

use super::{trail, view, written};
use crate::{
    actions::{
        Refused, Rules,
        code::{
            life::{self, Why},
            scans,
        },
        rights::{self, Actor},
    },
    clock::{Ids, Timestamp},
    store::{
        code_life::{self, Pick, Standing},
        code_runs::{self, RunRow},
        columns::{column, word},
        connection::{Db, one_at_a_time},
    },
};

/// Begins it: so many codes were counted and confirmed. The same wish again while it runs is
/// that run.
pub fn begin(
    db: &mut Db,
    actor: &Actor,
    wish: &RevokeMany,
    codes: u32,
    at: Timestamp,
) -> Result<CodeRun, Refused> {
    actor.may(rights::Deed::RevokeCode)?;
    let wish = RevokeMany { of: Vec::new(), confirm: None, ..wish.clone() };
    let text = serde_json::to_string(&wish).map_err(crate::store::unfit)?;
    let state = word(CodeRunState::Issuing)?;
    one_at_a_time(db, "code runs")?;
    if let Some(running) = code_runs::oldest_revoking(db, &state, Some(&text))? {
        return view(db, running);
    }
    let row = RunRow {
        id: Ids.row(),
        at: column(at),
        by: actor.id.clone(),
        wish: written(&CodeRunWish::default())?,
        state,
        total: i32::try_from(codes).unwrap_or(i32::MAX),
        through: String::new(),
        issued: 0,
        moved_at: column(at),
        compromised: None,
        revokes: Some(text),
    };
    code_runs::insert(db, &row)?;
    let detail = serde_json::json!({ "codes": row.total, "revokes": wish });
    trail::noted(db, actor, &row.id, trail::BEGUN, &detail, at)?;
    view(db, row)
}

/// The codes that come next; none, when it is over.
pub fn next(db: &mut Db, run: &RunRow, rules: &Rules) -> Result<Vec<Standing>, Refused> {
    let pick = life::pick(&wish(run)?, rules);
    let begun = pick.before.map_or(run.at, |before| before.min(run.at));
    let pick = Pick { before: Some(begun), after: scans::place(&run.through), ..pick };
    Ok(code_life::standing(db, &pick, super::BATCH)?)
}

/// Revokes some, if the run still stands where `run` says.
pub fn take(db: &mut Db, run: &RunRow, some: &[Standing], at: Timestamp) -> Result<RunRow, Refused> {
    let (mut row, wish) = (run.clone(), wish(run)?);
    let why = Why { code: wish.reason_code, text: wish.reason };
    let done = life::revoke_each(db, &run.by, some.iter().map(|one| &*one.code.id), &why, at)?;
    row.issued = row.issued.saturating_add(i32::try_from(done).unwrap_or(i32::MAX));
    if let Some(last) = some.last() {
        row.through = scans::cursor(&last.code);
    }
    row.moved_at = column(at);
    if code_runs::move_on(db, &row, &run.state, &run.through)? { Ok(row) } else { Err(Refused::RunOver) }
}

fn wish(run: &RunRow) -> Result<RevokeMany, Refused> {
    Ok(serde_json::from_str(run.revokes.as_deref().unwrap_or_default()).map_err(crate::store::unfit)?)
}
