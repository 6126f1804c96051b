//! `qiyema issue import`: first every row is checked, then the right ones are
//! entered some at a time; what could not be taken is listed in a CSV file.

use std::{
    fs::File,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use qiyema_protocol::intake::{ImportFault, ImportReport};

use super::{Context, staff};
use crate::{exit::Failure, output};

/// Rows entered with one request: a short wait each, and a bar that moves.
const ROWS: u32 = 200;
/// Faults shown on the terminal; the file has them all.
const SHOWN: usize = 50;

/// What is asked for.
pub struct Wish {
    /// The table.
    pub file: PathBuf,
    /// Channel id.
    pub channel: String,
    /// Check only.
    pub dry_run: bool,
    /// Where faults are listed.
    pub failures: Option<PathBuf>,
}

/// Runs an import.
pub fn run(c: &Context, wish: &Wish) -> Result<(), Failure> {
    let table =
        std::fs::read(&wish.file).map_err(|e| Failure::failed(format!("{}: {e}", wish.file.display())))?;
    let name = wish.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let ask = |dry_run: bool, first: u32, most: u32| -> Result<ImportReport, Failure> {
        let (first, most) = (first.to_string(), most.to_string());
        let asked = [
            ("channel", wish.channel.as_str()),
            ("dry_run", if dry_run { "true" } else { "false" }),
            ("first_row", &first),
            ("most_rows", &most),
        ];
        staff::upload(c, &super::with_query("issue-imports", &asked)?, &name, &table)
    };
    let checked = ask(true, 2, 5000)?;
    let report = if wish.dry_run { checked } else { enter(&checked, &ask)? };
    tell(c, wish, &report)
}

fn enter(
    checked: &ImportReport,
    ask: &impl Fn(bool, u32, u32) -> Result<ImportReport, Failure>,
) -> Result<ImportReport, Failure> {
    let bar = bar(checked.rows);
    let mut all = ImportReport {
        dry_run: false,
        rows: 0,
        fresh: 0,
        known: 0,
        bad: 0,
        faults: Vec::new(),
        issues: Vec::new(),
        next_row: None,
    };
    let mut next = Some(2);
    while let Some(first) = next {
        let mut part = ask(false, first, ROWS)?;
        all.rows += part.rows;
        all.fresh += part.fresh;
        all.known += part.known;
        all.bad += part.bad;
        all.faults.append(&mut part.faults);
        all.issues.append(&mut part.issues);
        next = part.next_row;
        bar.inc(part.rows.into());
    }
    bar.finish_and_clear();
    // A fault of the heading is told with every part.
    all.faults.dedup();
    Ok(all)
}

fn tell(c: &Context, wish: &Wish, report: &ImportReport) -> Result<(), Failure> {
    if c.json {
        output::json(report)?;
    } else {
        let made = report.issues.iter().filter(|issue| issue.made).count();
        let done = if report.dry_run { report.fresh.to_string() } else { made.to_string() };
        output::line(c.lang.of(
            &format!("共{}行：可登记/已登记{done}，已有{}，有误{}", report.rows, report.known, report.bad),
            &format!("{} rows: new {done}, known {}, bad {}", report.rows, report.known, report.bad),
        ))?;
        list(c, &report.faults)?;
    }
    if report.faults.is_empty() {
        return Ok(());
    }
    let place = wish.failures.clone().unwrap_or_else(|| beside(&wish.file));
    if !wish.dry_run || wish.failures.is_some() {
        write(&place, &report.faults).map_err(|e| Failure::failed(format!("{}: {e}", place.display())))?;
        output::people(&format!("→ {}", place.display()));
    }
    Err(Failure::failed(format!("{}行有误 / {} rows could not be taken", report.bad, report.bad)))
}

fn list(c: &Context, faults: &[ImportFault]) -> Result<(), Failure> {
    if faults.is_empty() {
        return Ok(());
    }
    let rows = faults.iter().take(SHOWN).map(|fault| {
        let say = |text: &qiyema_protocol::text::Text| output::clean(c.lang.of(&text.zh, &text.en));
        vec![fault.row.to_string(), output::clean(&fault.column), say(&fault.what), say(&fault.remedy)]
    });
    let heading = [
        c.lang.of("行", "Row"),
        c.lang.of("列", "Column"),
        c.lang.of("问题", "What"),
        c.lang.of("怎么改", "Remedy"),
    ];
    super::table(&heading, rows.collect())?;
    if faults.len() > SHOWN {
        output::people(&format!("… {}", faults.len() - SHOWN));
    }
    Ok(())
}

/// The table's name with an ending of its own.
fn beside(table: &Path) -> PathBuf {
    let mut name = table.as_os_str().to_owned();
    name.push(".failures.csv");
    name.into()
}

/// With a mark that tells Excel the encoding, and no cell that Excel would work out.
fn write(place: &Path, faults: &[ImportFault]) -> Result<(), Box<dyn std::error::Error>> {
    let mut file = File::create(place)?;
    file.write_all(b"\xef\xbb\xbf")?;
    let mut out = csv::Writer::from_writer(file);
    out.write_record(["row", "column", "what_zh", "remedy_zh", "what_en", "remedy_en"])?;
    for ImportFault { row, column, what, remedy } in faults {
        let cells = [&row.to_string(), column, &what.zh, &remedy.zh, &what.en, &remedy.en];
        out.write_record(cells.map(|cell| harmless(cell)))?;
    }
    out.flush()?;
    Ok(())
}

fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// On standard error, for a person who watches.
pub fn bar(rows: u32) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(rows.into()), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::{beside, harmless};

    #[test]
    fn no_cell_is_a_formula_and_the_list_lies_beside_the_table() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("＠x"), "'＠x");
        assert_eq!(harmless("主题"), "主题");
        assert_eq!(beside("a/july.xlsx".as_ref()), std::path::Path::new("a/july.xlsx.failures.csv"));
    }
}
