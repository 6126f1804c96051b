//! Issuing codes for many enterprises: a run is a record, a job serves some of them
//! at a time, each time in one transaction with the place of the last one. So a run
//! survives whatever happens to the process; no enterprise is served twice, none
//! is left out. Every code has its event, as if it were issued alone.

pub mod again;
pub mod revoke;
pub mod trail;
mod void;

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use qiyema_protocol::{
    code_runs::{CodeRun, CodeRunPreview, CodeRunState, CodeRunWish, CodelessEnterprise, NewCodeRun, PART},
    codes::{CodeReason, RevokeMany},
    seal::CodeId,
    text::Text,
};

use super::{
    super::{
        Deed, Refused, Rules, record,
        rights::{self, Actor},
    },
    one_issues, pins,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        event::Kind,
        search,
        text::{Typed, problem},
    },
    secrets::pin::PinKey,
    store::{
        code_runs::{self, Codeless, LineRow, Pick, RunRow},
        codes::{self, CodeRow},
        columns::{column, moment, unword, word},
        connection::{Db, one_at_a_time},
        imports,
    },
};
use void::Void;

/// Codes issued in one transaction: a city must not hold up everybody else's writes.
pub const BATCH: i64 = 200;
/// Enterprises shown of a preview.
const FIRST: i64 = 20;
/// Runs in a list.
const NEWEST: i64 = 50;

/// What came of asking for a run.
#[derive(Debug, Clone)]
pub enum Asked {
    /// It was not confirmed: this is what it would do.
    Preview(CodeRunPreview),
    /// It may begin: see [`begin`].
    Ready(Ready),
    /// It runs.
    Runs(Box<CodeRun>),
}

/// A wish that was judged, and counted as its caller did.
#[derive(Debug, Clone)]
pub struct Ready {
    wish: String,
    total: i32,
}

/// Says what a run would do, or that it may begin because the caller confirms as many. The same
/// wish asked for again while it runs is that run. Counting a city takes its time: this only reads.
pub fn ask(db: &mut Db, actor: &Actor, new: &NewCodeRun, rules: &Rules) -> Result<Asked, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let wish = cleaned(&new.wish)?;
    let text = written(&wish)?;
    if new.confirm.is_some()
        && let Some(running) = code_runs::oldest_in(db, &word(CodeRunState::Issuing)?, Some(&text))?
    {
        return Ok(Asked::Runs(Box::new(view(db, running)?)));
    }
    let pick = pick(&wish, rules);
    let found = code_runs::count(db, &pick)?;
    let count = u32::try_from(found).unwrap_or(u32::MAX);
    let Some(confirmed) = new.confirm else {
        let first = code_runs::next(db, &pick, "", FIRST)?.into_iter();
        let first = first.map(|one| CodelessEnterprise { id: one.id, uscc: one.uscc, name: one.name });
        return Ok(Asked::Preview(CodeRunPreview { count, first: first.collect() }));
    };
    if confirmed != count {
        return Err(Refused::CountDiffers { found: count });
    }
    Ok(Asked::Ready(Ready { wish: text, total: i32::try_from(found).unwrap_or(i32::MAX) }))
}

/// Begins a run that was counted just now. Whom somebody serves meanwhile the run passes over; only
/// whether it runs already is looked at once more.
pub fn begin(db: &mut Db, actor: &Actor, ready: &Ready, at: Timestamp) -> Result<CodeRun, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let state = word(CodeRunState::Issuing)?;
    one_at_a_time(db, "code runs")?;
    if let Some(running) = code_runs::oldest_in(db, &state, Some(&ready.wish))? {
        return view(db, running);
    }
    let row = RunRow {
        id: Ids.row(),
        at: column(at),
        by: actor.id.clone(),
        wish: ready.wish.clone(),
        state,
        total: ready.total,
        through: String::new(),
        issued: 0,
        moved_at: column(at),
        compromised: None,
        revokes: None,
    };
    code_runs::insert(db, &row)?;
    trail::noted(db, actor, &row.id, trail::BEGUN, &serde_json::json!({ "codes": row.total }), at)?;
    view(db, row)
}

/// One run.
pub fn show(db: &mut Db, actor: &Actor, id: &str) -> Result<CodeRun, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let row = code_runs::find(db, id)?.ok_or(Refused::NotThere)?;
    view(db, row)
}

/// The newest runs.
pub fn list(db: &mut Db, actor: &Actor) -> Result<Vec<CodeRun>, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    code_runs::newest(db, NEWEST)?.into_iter().map(|row| view(db, row)).collect()
}

/// Stops a run; what was issued stands.
pub fn cancel(db: &mut Db, actor: &Actor, id: &str, at: Timestamp) -> Result<CodeRun, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let row = code_runs::find(db, id)?.ok_or(Refused::NotThere)?;
    if row.revokes.is_some() {
        actor.may(rights::Deed::RevokeCode)?;
    }
    // Nobody keeps a stolen key in force by stopping the answer to it.
    if row.compromised.is_some() {
        return Err(Refused::Unmet(Text::new(
            "该批次由 key compromise 命令执行，不能停止。",
            "This run is carried by the command key compromise and cannot be stopped.",
        )));
    }
    let mut run = end(db, row, CodeRunState::Cancelled, at)?;
    trail::noted(db, actor, id, trail::STOPPED, &serde_json::json!({ "codes": run.issued }), at)?;
    run.stopped_by = Some(actor.username.clone());
    Ok(run)
}

/// The run whose turn it is: one that revokes comes before those that issue.
pub fn due(db: &mut Db) -> Result<Option<RunRow>, Refused> {
    let state = word(CodeRunState::Issuing)?;
    match code_runs::oldest_revoking(db, &state, None)? {
        Some(run) => Ok(Some(run)),
        None => Ok(code_runs::oldest_in(db, &state, None)?),
    }
}

/// The enterprises that a run serves next; none, when it is over.
pub fn next(db: &mut Db, run: &RunRow, rules: &Rules) -> Result<Vec<Codeless>, Refused> {
    let wish = serde_json::from_str(&run.wish).map_err(crate::store::unfit)?;
    Ok(code_runs::next(db, &pick(&wish, rules), &run.through, BATCH)?)
}

/// Issues codes for some enterprises, if the run still stands where `run` says. One that
/// somebody served meanwhile is passed over; a void code is replaced, and its PIN stays.
pub fn take(
    db: &mut Db,
    run: &RunRow,
    some: &[Codeless],
    kid: u8,
    (key, void_keys): (&PinKey, &[i32]),
    at: Timestamp,
) -> Result<RunRow, Refused> {
    let mut row = run.clone();
    for one in some {
        one_issues(db, &one.id)?;
    }
    let ids: Vec<String> = some.iter().map(|one| one.id.clone()).collect();
    let void = void::of(db, &ids, void_keys)?;
    let waiting: BTreeSet<String> = code_runs::still_codeless(db, ids, void_keys)?.into_iter().collect();
    for one in some {
        row.through.clone_from(&one.uscc);
        if waiting.contains(&one.id) {
            row.issued += 1;
            issue(db, &row, one, kid, key, void.get(&one.id), at)?;
        }
    }
    row.moved_at = column(at);
    if code_runs::move_on(db, &row, &run.state, &run.through)? {
        return Ok(row);
    }
    // Somebody else moved it: nothing of this may stay.
    Err(Refused::RunOver)
}

fn issue(
    db: &mut Db,
    run: &RunRow,
    one: &Codeless,
    kid: u8,
    key: &PinKey,
    void: Option<&Void>,
    at: Timestamp,
) -> Result<(), Refused> {
    let code = CodeRow {
        id: CodeId(Ids.bytes().map_err(crate::store::unfit)?).to_string(),
        enterprise_id: one.id.clone(),
        kid: i32::from(kid),
        issued_at: column(at),
        issued_by: run.by.clone(),
    };
    codes::insert(db, &code)?;
    if let Some(void) = void {
        void.replaced_by(db, run, &code, at)?;
    }
    if void.is_none_or(|void| !void.has_pin) {
        pins::set(db, &run.by, &one.id, key, at)?;
    }
    let line = LineRow {
        run_id: run.id.clone(),
        line: run.issued,
        enterprise_id: one.id.clone(),
        code_id: code.id.clone(),
    };
    code_runs::insert_line(db, &line)?;
    let replaces = void.and_then(|void| void.codes.last());
    let detail = serde_json::json!({
        "code": code.id, "kid": kid, "replaces": replaces, "reason_code": CodeReason::Other, "run": run.id,
    });
    let deed = Deed {
        enterprise: &one.id,
        subject: &one.id,
        kind: if replaces.is_some() { Kind::CodeReplaced } else { Kind::CodeIssued },
        state: None,
        note: None,
        detail,
        by: &run.by,
        at,
    };
    record(db, &deed)
}

/// Everybody was served.
pub fn finish(db: &mut Db, run: &RunRow, at: Timestamp) -> Result<CodeRun, Refused> {
    end(db, run.clone(), CodeRunState::Done, at)
}

/// Codes of one part of a run after this line, as they stand now.
pub fn drawn(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    part: u32,
    after: i32,
    most: i64,
) -> Result<Vec<code_runs::Drawn>, Refused> {
    actor.may(rights::Deed::IssueCode)?;
    let bound = |part: u32| i32::try_from(part.saturating_mul(PART)).unwrap_or(i32::MAX);
    let first = part.checked_sub(1).ok_or(Refused::NotThere)?;
    Ok(code_runs::drawn(db, id, after.max(bound(first)), bound(part), most)?)
}

/// A wish whose words may stand in a statement.
fn cleaned(wish: &CodeRunWish) -> Result<CodeRunWish, Refused> {
    let filled = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    };
    let mut wish =
        CodeRunWish { query: filled(&wish.query), division: filled(&wish.division), ..wish.clone() };
    let mut faults = Vec::new();
    if let Some(query) = wish.query.take() {
        match Typed::line("query", &query, 1, 100).map(String::from) {
            // It would mean everybody.
            Ok(text) if search::query(&text).is_empty() => {
                faults.push(problem("query", "请填写文字或数字", "write letters or digits"));
            }
            Ok(text) => wish.query = Some(text),
            Err(fault) => faults.push(fault),
        }
    }
    let digits = |text: &String| text.chars().all(|c| c.is_ascii_digit()) && (2..=6).contains(&text.len());
    if wish.division.as_ref().is_some_and(|division| !digits(division)) {
        faults.push(problem("division", "请填写2至6位行政区划代码", "2 to 6 digits of the division's code"));
    }
    if let (Some(since), Some(before)) = (wish.registered_since, wish.registered_before)
        && since >= before
    {
        faults.push(problem("registered_before", "须晚于起始日期", "later than the first day"));
    }
    if faults.is_empty() { Ok(wish) } else { Err(Refused::Invalid(faults)) }
}

fn pick(wish: &CodeRunWish, rules: &Rules) -> Pick {
    let morning = |day: NaiveDate| -> NaiveDateTime {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        midnight.and_local_timezone(rules.zone).earliest().map_or(midnight, |local| local.naive_utc())
    };
    Pick {
        query: wish.query.as_deref().map(search::query),
        division: wish.division.clone(),
        since: wish.registered_since.map(morning),
        before: wish.registered_before.map(morning),
        void_keys: rules.void_keys.clone(),
    }
}

fn written(wish: &CodeRunWish) -> Result<String, Refused> {
    Ok(serde_json::to_string(wish).map_err(crate::store::unfit)?)
}

fn end(db: &mut Db, mut row: RunRow, state: CodeRunState, at: Timestamp) -> Result<CodeRun, Refused> {
    let (stood, through) = (row.state.clone(), row.through.clone());
    row.state = word(state)?;
    row.moved_at = column(at);
    let moved = stood == word(CodeRunState::Issuing)? && code_runs::move_on(db, &row, &stood, &through)?;
    if moved { view(db, row) } else { Err(Refused::RunOver) }
}

fn view(db: &mut Db, row: RunRow) -> Result<CodeRun, Refused> {
    let count = |n: i32| u32::try_from(n).unwrap_or_default();
    let (stored, issued): (CodeRunState, u32) = (unword(&row.state)?, count(row.issued));
    let revokes: Option<RevokeMany> = match &row.revokes {
        Some(wish) => Some(serde_json::from_str(wish).map_err(crate::store::unfit)?),
        None => None,
    };
    let state = match stored {
        CodeRunState::Issuing if revokes.is_some() => CodeRunState::Revoking,
        other => other,
    };
    let stopped_by = if state == CodeRunState::Cancelled { trail::who_stopped(db, &row.id)? } else { None };
    Ok(CodeRun {
        by: imports::sender(db, &row.by)?.unwrap_or(row.by),
        wish: serde_json::from_str(&row.wish).map_err(crate::store::unfit)?,
        id: row.id,
        at: moment(row.at),
        state,
        total: count(row.total),
        issued,
        // A file that still grows is none; what is revoked is not printed.
        parts: match state {
            _ if revokes.is_some() => 0,
            CodeRunState::Issuing => issued / PART,
            _ => issued.div_ceil(PART),
        },
        moved_at: moment(row.moved_at),
        stopped_by,
        compromised: row.compromised.and_then(|kid| u8::try_from(kid).ok()),
        revokes,
    })
}
