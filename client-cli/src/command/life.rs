//! `qiyema code suspend …`: what happens to codes after they were issued.

use std::{io::Read as _, path::Path};

use qiyema_protocol::{
    code_runs::CodeRunState,
    codes::{Because, CodeLine, CodeScanList, CodeScans, RevokeMany, RevokedMany},
    staff::{CodeView, IssuedCode},
};

use super::{Context, code, code_run, staff};
use crate::{
    args::code::{Life, Why},
    clock,
    exit::Failure,
    output,
};

/// Bytes of a list of codes.
const LIST: u64 = 1024 * 1024;

/// Runs such a verb.
pub fn run(c: &Context, verb: Life) -> Result<(), Failure> {
    match verb {
        Life::Suspend { code, why } => {
            let seen: CodeView = staff::post(c, &place(&code, "suspension")?, &because(why))?;
            show(c, &seen)
        }
        Life::Resume { code } => {
            let seen: CodeView = staff::post(c, &place(&code, "resumption")?, &())?;
            show(c, &seen)
        }
        Life::Replace { code, why } => {
            let issued: IssuedCode = staff::post(c, &place(&code, "replacement")?, &because(why))?;
            if c.json { output::json(&issued) } else { code::tell(c, &issued) }
        }
        Life::RevokeMany { file, kid, issued_before, run, because, reason, confirm } => {
            let of = file.as_deref().map(named).transpose()?.unwrap_or_default();
            let wish = RevokeMany { of, kid, issued_before, run, reason_code: because, reason, confirm };
            revoke(c, &wish)
        }
        Life::Print(wish) => super::print::run(c, *wish),
        Life::Scans { code: Some(code), .. } => by_day(c, &code),
        Life::Scans { code: None, never, older_than_days } => listed(c, never, older_than_days),
    }
}

fn place(code: &str, noun: &str) -> Result<String, Failure> {
    Ok(format!("codes/{}/{noun}", super::segment("CODE", code)?))
}

fn because(why: Why) -> Because {
    Because { reason_code: why.because, reason: why.reason }
}

fn show(c: &Context, seen: &CodeView) -> Result<(), Failure> {
    if c.json { output::json(seen) } else { code::line(c, seen) }
}

/// One a line; what stands after a comma or a blank does not matter.
pub fn named(file: &Path) -> Result<Vec<String>, Failure> {
    let mut text = String::new();
    let told = |e: std::io::Error| Failure::failed(format!("{}: {e}", file.display()));
    if file.as_os_str() == "-" {
        std::io::stdin().take(LIST).read_to_string(&mut text).map_err(told)?;
    } else {
        std::fs::File::open(file).map_err(told)?.take(LIST).read_to_string(&mut text).map_err(told)?;
    }
    let first = |line: &str| line.split([',', '\t', ' ']).next().unwrap_or_default().trim().to_owned();
    Ok(text.trim_start_matches('\u{feff}').lines().map(first).filter(|one| !one.is_empty()).collect())
}

fn revoke(c: &Context, wish: &RevokeMany) -> Result<(), Failure> {
    let report: RevokedMany = staff::post(c, "code-revocations", wish)?;
    if let Some(run) = &report.run {
        let run = code_run::watched(c, staff::get(c, &code_run::place(run)?)?)?;
        code_run::tell(c, &run)?;
        let whole = run.state == CodeRunState::Done;
        return if whole {
            Ok(())
        } else {
            Err(Failure::new(3, "批量吊销已停止 / the run was stopped"))
        };
    }
    if c.json {
        return output::json(&report);
    }
    if !report.unknown.is_empty() {
        let some = report.unknown.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(" ");
        output::people(&output::clean(&format!("? {} {some}", report.unknown.len())));
    }
    table(c, &report.first)?;
    let count = report.count;
    if report.done {
        return output::line(c.lang.of(&format!("已吊销{count}个码"), &format!("{count} codes are revoked")));
    }
    output::line(c.lang.of(
        &format!("将吊销{count}个码，尚未执行；确认请加 --confirm {count}"),
        &format!("{count} codes would be revoked; nothing was done. To do it: --confirm {count}"),
    ))
}

fn by_day(c: &Context, code: &str) -> Result<(), Failure> {
    let scans: CodeScans = staff::get(c, &place(code, "scans")?)?;
    if c.json {
        return output::json(&scans);
    }
    let rows = scans.days.iter().map(|day| vec![day.day.to_string(), day.scans.to_string()]);
    super::table(&[c.lang.of("日期", "Day"), c.lang.of("次数", "Scans")], rows.collect())
}

/// All pages; as JSON one page a line.
fn listed(c: &Context, never: bool, days: u32) -> Result<(), Failure> {
    let (mut after, mut all) = (String::new(), Vec::new());
    loop {
        let (days, never) = (days.to_string(), if never { "true" } else { "" });
        let asked = [("never", never), ("older_than_days", &*days), ("after", &*after)];
        let mut page: CodeScanList = staff::get(c, &super::with_query("code-scans", &asked)?)?;
        let next = page.next_after.take();
        if c.json {
            output::json(&page)?;
        } else {
            all.append(&mut page.codes);
        }
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    if c.json { Ok(()) } else { table(c, &all) }
}

fn table(c: &Context, lines: &[CodeLine]) -> Result<(), Failure> {
    let head = [
        c.lang.of("企业码", "Code"),
        "USCC",
        c.lang.of("企业", "Enterprise"),
        c.lang.of("签发", "Issued"),
        c.lang.of("次数", "Scans"),
        c.lang.of("最近", "Last"),
    ];
    let row = |line: &CodeLine| {
        let last = line.last_day.map(|day| day.to_string()).unwrap_or_default();
        let issued = clock::minute(line.issued_at);
        vec![line.code.clone(), line.uscc.clone(), line.name.clone(), issued, line.scans.to_string(), last]
    };
    super::table(&head, lines.iter().map(row).collect())
}
