//! Importing a table of enterprises: a run is a record, a job takes its rows some
//! at a time, each time in one transaction with the number of the last row. So a
//! run survives whatever happens to the process, and no row is taken twice.

use qiyema_protocol::{
    registers::{ImportState, RegisterImport, RegisterRow, RowVerdict},
    text::Text,
};

use super::super::{
    Deed, Refused, record,
    rights::{self, Actor},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        event::Kind,
        register::{self, Entry},
        search,
    },
    store::{
        columns::{column, moment, unword, word},
        connection::Db,
        enterprises::{self, EnterpriseRow},
        imports::{self, ImportRow, LineRow},
    },
};

/// Rows taken in one transaction: a table must not hold up everybody else's writes.
pub const BATCH: usize = 200;
/// Rows of one answer.
pub const PAGE: i64 = 200;
/// Imports in a list.
const NEWEST: i64 = 50;
/// Days that a dry run waits to be confirmed.
const WAITS_DAYS: i64 = 7;
/// Rows of a report forgotten in one transaction.
const FORGOTTEN: i64 = 2_000;
/// Days that the report of an import is kept.
const KEPT_DAYS: i64 = 90;

/// A file that arrived and was read to its end.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Id the run will have; the file lies under it.
    pub id: String,
    /// Name of the file.
    pub name: String,
    /// SHA-256 in hex.
    pub hash: String,
    /// Rows below the heading.
    pub rows: u32,
    /// Compare only.
    pub dry_run: bool,
    /// Take rows with a warning too.
    pub confirmed: bool,
}

/// Starts a run. The same file sent again while it runs is that run: its id differs then.
pub fn start(db: &mut Db, actor: &Actor, new: &Arrival, at: Timestamp) -> Result<RegisterImport, Refused> {
    actor.may(rights::Deed::ImportEnterprises)?;
    let wanted = if new.dry_run { ImportState::Checking } else { ImportState::Importing };
    let state: String = word(wanted)?;
    let running = imports::oldest_in(db, &[state.as_str()], Some(&new.hash))?;
    if let Some(running) = running.filter(|running| running.confirmed == new.confirmed) {
        return view(db, running);
    }
    let row = ImportRow {
        id: new.id.clone(),
        file_name: new.name.clone(),
        file_hash: new.hash.clone(),
        at: column(at),
        by: actor.id.clone(),
        state,
        confirmed: new.confirmed,
        total: i32::try_from(new.rows).unwrap_or(i32::MAX),
        through: 0,
        fresh: 0,
        changed: 0,
        same: 0,
        held: 0,
        bad: 0,
        failure: None,
        moved_at: column(at),
    };
    imports::insert(db, &row)?;
    view(db, row)
}

/// One import.
pub fn show(db: &mut Db, actor: &Actor, id: &str) -> Result<RegisterImport, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let row = found(db, id)?;
    view(db, row)
}

/// The newest imports.
pub fn list(db: &mut Db, actor: &Actor) -> Result<Vec<RegisterImport>, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    imports::newest(db, NEWEST)?.into_iter().map(|row| view(db, row)).collect()
}

/// Rows of an import after this one; of these verdicts, or all.
pub fn rows(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    verdicts: &[RowVerdict],
    after: u32,
    most: i64,
) -> Result<Vec<RegisterRow>, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    // What a dry run said of the rows that are not entered yet is not told any more.
    let through = found(db, id)?.through;
    let verdicts = verdicts.iter().copied().map(word).collect::<Result<Vec<_>, _>>()?;
    let after = i32::try_from(after).unwrap_or(i32::MAX);
    imports::lines(db, id, &verdicts, (after, through), most)?.into_iter().map(line).collect()
}

/// Confirms a dry run: its rows are entered now.
pub fn confirm(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    confirmed: bool,
    at: Timestamp,
) -> Result<RegisterImport, Refused> {
    actor.may(rights::Deed::ImportEnterprises)?;
    let mut row = found(db, id)?;
    if row.state != word(ImportState::Checked)? {
        return Err(Refused::ImportOver);
    }
    let (state, through) = (row.state.clone(), row.through);
    row.state = word(ImportState::Importing)?;
    row.confirmed = confirmed;
    (row.through, row.fresh, row.changed, row.same, row.held, row.bad) = (0, 0, 0, 0, 0, 0);
    row.by.clone_from(&actor.id);
    row.moved_at = column(at);
    settle(db, row, &state, through)
}

/// Stops an import, or drops a dry run; what was entered stays.
pub fn cancel(db: &mut Db, actor: &Actor, id: &str, at: Timestamp) -> Result<RegisterImport, Refused> {
    actor.may(rights::Deed::ImportEnterprises)?;
    let row = found(db, id)?;
    let state: ImportState = unword(&row.state)?;
    if !state.is_running() && state != ImportState::Checked {
        return Err(Refused::ImportOver);
    }
    end(db, row, ImportState::Cancelled, None, at)
}

/// The import whose turn it is.
pub fn due(db: &mut Db) -> Result<Option<ImportRow>, Refused> {
    Ok(imports::oldest_in(db, &[&word(ImportState::Checking)?, &word(ImportState::Importing)?], None)?)
}

/// Takes some rows of a run, if it still stands where `run` says.
pub fn take(db: &mut Db, run: &ImportRow, entries: &[Entry], at: Timestamp) -> Result<ImportRow, Refused> {
    let mut row = run.clone();
    let enters = run.state == word(ImportState::Importing)?;
    if let (true, Some(last)) = (enters, entries.last()) {
        // Said by a dry run; forgotten with the rows, because a whole report at once would hold up others.
        imports::drop_lines(db, &run.id, run.through, i32::try_from(last.row).unwrap_or(i32::MAX))?;
    }
    let usccs = entries.iter().map(|entry| entry.uscc.clone()).collect();
    let known = enterprises::by_usccs(db, usccs)?;
    for entry in entries {
        let known = known.iter().find(|known| known.uscc == entry.uscc);
        let verdict = judge(entry, known, run.confirmed);
        if enters {
            apply(db, run, entry, known, verdict, at)?;
        }
        let count = match verdict {
            RowVerdict::Fresh => &mut row.fresh,
            RowVerdict::Changed => &mut row.changed,
            RowVerdict::Same => &mut row.same,
            RowVerdict::Held => &mut row.held,
            RowVerdict::Bad => &mut row.bad,
        };
        *count += 1;
        let (finding, detail) = entry.finding.as_ref().map(register::Finding::stored).unwrap_or_default();
        row.through = i32::try_from(entry.row).unwrap_or(i32::MAX);
        imports::insert_line(
            db,
            &LineRow {
                import_id: run.id.clone(),
                line: row.through,
                verdict: word(verdict)?,
                finding: finding.to_owned(),
                detail,
                uscc: entry.uscc.clone(),
                name: entry.name.clone(),
            },
        )?;
    }
    row.moved_at = column(at);
    if imports::move_on(db, &row, &run.state, run.through)? {
        return Ok(row);
    }
    // Somebody else moved it: nothing of this may stay.
    Err(Refused::ImportOver)
}

/// All rows were taken.
pub fn finish(db: &mut Db, run: &ImportRow, at: Timestamp) -> Result<RegisterImport, Refused> {
    let checking = run.state == word(ImportState::Checking)?;
    let state = if checking { ImportState::Checked } else { ImportState::Done };
    end(db, run.clone(), state, None, at)
}

/// It cannot go on.
pub fn fail(db: &mut Db, run: &ImportRow, why: &str, at: Timestamp) -> Result<RegisterImport, Refused> {
    end(db, run.clone(), ImportState::Failed, Some(why.to_owned()), at)
}

/// Whether there is anything for [`sweep`].
pub fn overdue(db: &mut Db, at: Timestamp) -> Result<bool, Refused> {
    Ok(reported(db, at)?.is_some() || forgotten(db, at)?.is_some())
}

/// Ends a dry run that nobody confirmed and forgets a report that served its time;
/// gives the id of a file that is needed no more.
pub fn sweep(db: &mut Db, at: Timestamp) -> Result<Option<String>, Refused> {
    if let Some(old) = reported(db, at)? {
        imports::drop_first(db, &old, FORGOTTEN)?;
    }
    match forgotten(db, at)? {
        Some(row) => Ok(Some(end(db, row, ImportState::Cancelled, None, at)?.id)),
        None => Ok(None),
    }
}

fn reported(db: &mut Db, at: Timestamp) -> Result<Option<String>, Refused> {
    Ok(imports::reported_before(db, column(at - chrono::TimeDelta::days(KEPT_DAYS)))?)
}

fn forgotten(db: &mut Db, at: Timestamp) -> Result<Option<ImportRow>, Refused> {
    let limit = column(at - chrono::TimeDelta::days(WAITS_DAYS));
    let waiting = imports::oldest_in(db, &[&word(ImportState::Checked)?], None)?;
    Ok(waiting.filter(|waiting| waiting.moved_at < limit))
}

fn judge(entry: &Entry, known: Option<&EnterpriseRow>, confirmed: bool) -> RowVerdict {
    match (&entry.finding, known) {
        (Some(finding), _) if !finding.is_warning() => RowVerdict::Bad,
        // What is registered already was confirmed then.
        (_, Some(known)) if known.name == entry.name => RowVerdict::Same,
        (Some(_), _) if !confirmed => RowVerdict::Held,
        (_, Some(_)) => RowVerdict::Changed,
        (_, None) => RowVerdict::Fresh,
    }
}

fn apply(
    db: &mut Db,
    run: &ImportRow,
    entry: &Entry,
    known: Option<&EnterpriseRow>,
    verdict: RowVerdict,
    at: Timestamp,
) -> Result<(), Refused> {
    let (id, kind, detail) = match (verdict, known) {
        (RowVerdict::Fresh, _) => {
            let row = EnterpriseRow {
                id: Ids.row(),
                uscc: entry.uscc.clone(),
                search_key: search::key(&entry.name, &entry.uscc),
                name: entry.name.clone(),
                registered_at: column(at),
                registered_by: run.by.clone(),
            };
            enterprises::insert(db, &row)?;
            let detail = serde_json::json!({ "uscc": row.uscc, "name": row.name, "import": run.id });
            (row.id, Kind::EnterpriseRegistered, detail)
        }
        (RowVerdict::Changed, Some(known)) => {
            enterprises::rename(db, &known.id, &entry.name, &known.uscc)?;
            let detail = serde_json::json!({ "from": known.name, "to": entry.name, "import": run.id });
            (known.id.clone(), Kind::EnterpriseRenamed, detail)
        }
        _ => return Ok(()),
    };
    record(
        db,
        &Deed { enterprise: &id, subject: &id, kind, state: None, note: None, detail, by: &run.by, at },
    )
}

fn found(db: &mut Db, id: &str) -> Result<ImportRow, Refused> {
    imports::find(db, id)?.ok_or(Refused::NotThere)
}

fn end(
    db: &mut Db,
    mut row: ImportRow,
    state: ImportState,
    failure: Option<String>,
    at: Timestamp,
) -> Result<RegisterImport, Refused> {
    let (stood, through) = (row.state.clone(), row.through);
    row.state = word(state)?;
    row.failure = failure;
    row.moved_at = column(at);
    settle(db, row, &stood, through)
}

fn settle(db: &mut Db, row: ImportRow, stood: &str, through: i32) -> Result<RegisterImport, Refused> {
    if imports::move_on(db, &row, stood, through)? { view(db, row) } else { Err(Refused::ImportOver) }
}

fn view(db: &mut Db, row: ImportRow) -> Result<RegisterImport, Refused> {
    let count = |n: i32| u32::try_from(n).unwrap_or_default();
    Ok(RegisterImport {
        by: imports::sender(db, &row.by)?.unwrap_or_default(),
        id: row.id,
        file: row.file_name,
        hash: row.file_hash,
        at: moment(row.at),
        state: unword(&row.state)?,
        confirmed: row.confirmed,
        total: count(row.total),
        handled: count(row.fresh + row.changed + row.same + row.held + row.bad),
        fresh: count(row.fresh),
        changed: count(row.changed),
        same: count(row.same),
        held: count(row.held),
        bad: count(row.bad),
        failure: row.failure.map(|code| failure(&code)),
        moved_at: moment(row.moved_at),
    })
}

fn failure(code: &str) -> Text {
    match code {
        "file_lost" => Text::new(
            "导入文件已不在服务器上，请重新上传；已写入的行不会重复。",
            "The file is no longer on the server. Send it again; rows that were entered are not entered twice.",
        ),
        "refused" => Text::new(
            "数据库多次拒绝写入其后的行，导入已停止；已写入的行不会重复。请检查表格后重新上传；仍不成功的，请告知管理员查看日志。",
            "The database refused the next rows again and again, and the import was stopped; rows that were entered are not entered twice. Look at the table and send it again; if that fails too, tell an administrator to look into the log.",
        ),
        _ => Text::new(
            "导入文件无法读完，请检查后重新上传；已写入的行不会重复。",
            "The file could not be read to its end. Send it again; rows that were entered are not entered twice.",
        ),
    }
}

fn line(row: LineRow) -> Result<RegisterRow, Refused> {
    let words = register::words(&row.finding, &row.detail);
    let (what, remedy) = words.map_or((None, None), |(what, remedy)| (Some(what), Some(remedy)));
    Ok(RegisterRow {
        row: u32::try_from(row.line).unwrap_or_default(),
        verdict: unword(&row.verdict)?,
        uscc: row.uscc,
        name: row.name,
        finding: Some(row.finding).filter(|finding| !finding.is_empty()),
        what,
        remedy,
    })
}
