//! `qiyema enterprise import` and `export`: the register as a table. The server
//! takes the rows by itself; this only sends the file and watches.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use indicatif::ProgressBar;
use qiyema_protocol::registers::{ImportState, RegisterImport, RegisterRowList};

use super::{
    Context,
    download::{self, Asked},
    import::bar,
    staff,
};
use crate::{exit::Failure, output};

/// Between two looks at a run.
const LOOK: Duration = Duration::from_millis(500);
/// Rows shown on the terminal; the report has them all.
const SHOWN: usize = 20;

/// What is asked for.
pub struct Wish {
    /// The table.
    pub file: PathBuf,
    /// Compare only.
    pub dry_run: bool,
    /// Take rows with a warning too.
    pub confirm_warnings: bool,
    /// Where the report goes.
    pub report: Option<PathBuf>,
}

/// Sends a table and watches until it is taken.
pub fn import(c: &Context, wish: &Wish) -> Result<(), Failure> {
    let table =
        std::fs::read(&wish.file).map_err(|e| Failure::failed(format!("{}: {e}", wish.file.display())))?;
    let name = wish.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let word = |yes: bool| if yes { "true" } else { "" };
    let asked = [("dry_run", word(wish.dry_run)), ("confirm_warnings", word(wish.confirm_warnings))];
    let path = super::with_query("enterprise-imports", &asked)?;
    let mut run: RegisterImport = staff::upload(c, &path, &name, &table)?;
    drop(table);
    let place = format!("enterprise-imports/{}", super::segment("ID", &run.id)?);
    let bar = bar(run.total);
    while run.state.is_running() {
        bar.set_position(run.handled.into());
        std::thread::sleep(LOOK);
        // The run does not need us: a short absence of the server is waited for.
        match staff::get(c, &place) {
            Ok(seen) => run = seen,
            Err(failure) if failure.exit == 8 => {}
            Err(failure) => return Err(failure),
        }
    }
    bar.finish_and_clear();
    tell(c, wish, &place, &run)
}

fn tell(c: &Context, wish: &Wish, place: &str, run: &RegisterImport) -> Result<(), Failure> {
    if c.json {
        output::json(run)?;
    } else {
        output::line(c.lang.of(
            &format!(
                "共{}行：新企业{}，名称变更{}，没有变化{}，有警告{}，有误{}",
                run.handled, run.fresh, run.changed, run.same, run.held, run.bad
            ),
            &format!(
                "{} rows: new {}, changed {}, unchanged {}, held {}, bad {}",
                run.handled, run.fresh, run.changed, run.same, run.held, run.bad
            ),
        ))?;
        for verdict in ["bad", "held"] {
            list(c, place, verdict)?;
        }
    }
    if let Some(failure) = &run.failure {
        return Err(Failure::failed(format!("{} / {}", failure.zh, failure.en)));
    }
    if run.state == ImportState::Cancelled {
        return Err(Failure::new(3, "导入已取消 / the import was cancelled"));
    }
    let left = run.bad + run.held;
    let report = match (&wish.report, left > 0 && !wish.dry_run) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => Some(beside(&wish.file)),
        (None, false) => None,
    };
    if let Some(path) = report {
        save(c, &format!("staff/{place}/report.csv"), &path)?;
    }
    if left == 0 {
        return Ok(());
    }
    let hint = if run.held > 0 && !wish.confirm_warnings { " (--confirm-warnings)" } else { "" };
    Err(Failure::failed(format!("{left}行未写入 / {left} rows were left out{hint}")))
}

fn list(c: &Context, place: &str, verdict: &str) -> Result<(), Failure> {
    let page: RegisterRowList = staff::get(c, &format!("{place}/rows?verdict={verdict}"))?;
    if page.rows.is_empty() {
        return Ok(());
    }
    let say = |text: &Option<qiyema_protocol::text::Text>| {
        text.as_ref().map_or("", |text| c.lang.of(&text.zh, &text.en)).to_owned()
    };
    let shown = page.rows.iter().take(SHOWN);
    let rows = shown.map(|row| {
        vec![row.row.to_string(), row.uscc.clone(), row.name.clone(), say(&row.what), say(&row.remedy)]
    });
    let head = [
        c.lang.of("行", "Row"),
        "USCC",
        c.lang.of("名称", "Name"),
        c.lang.of("问题", "What"),
        c.lang.of("怎么改", "Remedy"),
    ];
    super::table(&head, rows.collect())?;
    if page.rows.len() > SHOWN || page.next_after.is_some() {
        output::people("…");
    }
    Ok(())
}

/// The table's name with an ending of its own.
fn beside(table: &Path) -> PathBuf {
    let mut name = table.as_os_str().to_owned();
    name.push(".report.csv");
    name.into()
}

/// Saves the whole register: as CSV, or as XLSX if the file is called so.
pub fn export(c: &Context, file: &Path) -> Result<(), Failure> {
    if file.as_os_str() == "-" {
        return staff::download(c, "staff/enterprises.csv", &mut std::io::stdout());
    }
    let is_book = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    save(c, if is_book { "staff/enterprises.xlsx" } else { "staff/enterprises.csv" }, file)
}

/// To a file that has its name only when it is whole.
pub fn save(c: &Context, path: &str, file: &Path) -> Result<(), Failure> {
    download::save(c, &Asked::get(path), file, &ProgressBar::hidden())
}
