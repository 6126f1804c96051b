//! `qiyema code issue --all` and `code run …`: the server issues by itself; this only
//! asks, watches and saves the files.

use std::{
    io::{IsTerminal as _, Write as _},
    time::Duration,
};

use qiyema_protocol::code_runs::{
    CodeRun, CodeRunList, CodeRunPreview, CodeRunState, CodeRunWish, NewCodeRun,
};

use super::{Context, import::bar, manifest::Tally, run_files::Printer, staff};
use crate::{
    args::code_run::{Many, Run},
    clock,
    exit::Failure,
    output,
};

/// Between two looks at a run.
const LOOK: Duration = Duration::from_millis(500);

/// Runs a verb about runs.
pub fn run(c: &Context, verb: Run) -> Result<(), Failure> {
    match verb {
        Run::List => {
            let list: CodeRunList = staff::get(c, "code-runs")?;
            if c.json { output::json(&list) } else { table(c, &list.runs) }
        }
        Run::Show { run } => tell(c, &staff::get(c, &place(&run)?)?),
        Run::Cancel { run } => tell(c, &staff::post(c, &format!("{}/cancellation", place(&run)?), &())?),
        Run::Download(wish) => {
            let run: CodeRun = staff::get(c, &place(&wish.run)?)?;
            if run.state == CodeRunState::Issuing {
                let note =
                    c.lang.of("仍在签发，只有完成的分册", "still issuing: only what is ready is saved");
                output::people(note);
            }
            let saved = Printer::of(&wish).run(c, &run, &wish.folder)?;
            let tally = Tally::of(&saved)?;
            if c.json {
                let Tally { codes, lacking } = &tally;
                output::json(&serde_json::json!({
                    "run": run.id, "saved": saved, "codes": codes, "lacking": lacking,
                }))?;
            } else {
                tally.tell(c, saved.len())?;
            }
            tally.check()
        }
    }
}

/// Issues for many: says how many, asks, begins and watches.
pub fn issue(c: &Context, many: Many) -> Result<(), Failure> {
    let Many { query, division, registered_since, registered_before, yes, no_wait, kind, into, trial } = many;
    let wish = CodeRunWish { query, division, registered_since, registered_before };
    let mut new = NewCodeRun { wish, confirm: None };
    let preview: CodeRunPreview = staff::post(c, "code-runs", &new)?;
    let count = preview.count;
    if count == 0 {
        if c.json {
            return output::json(&preview);
        }
        return output::line(c.lang.of("没有还没有码的企业", "every enterprise has a code"));
    }
    if !yes {
        confirm(c, count)?;
    }
    new.confirm = Some(count);
    let mut run: CodeRun = staff::post(c, "code-runs", &new)?;
    if !no_wait {
        run = watched(c, run)?;
    }
    let stopped = run.state == CodeRunState::Cancelled;
    let files = kind.zip(into).filter(|_| !stopped);
    if c.json && files.is_some() {
        // One document on standard output: the run, with the files it ends in.
        let (mut document, mut tally) = (serde_json::to_value(&run)?, Tally::default());
        if let (Some((kind, folder)), Some(fields)) = (files, document.as_object_mut()) {
            let saved = Printer::plain(&kind, trial).run(c, &run, &folder)?;
            tally = Tally::of(&saved)?;
            fields.insert("saved".to_owned(), serde_json::json!(saved));
            fields.insert("codes".to_owned(), serde_json::json!(tally.codes));
            fields.insert("lacking".to_owned(), serde_json::json!(tally.lacking));
        }
        output::json(&document)?;
        return tally.check();
    }
    tell(c, &run)?;
    if stopped {
        return Err(Failure::new(3, "签发已停止 / the run was stopped"));
    }
    match files {
        Some((kind, folder)) => {
            let saved = Printer::plain(&kind, trial).run(c, &run, &folder)?;
            let tally = Tally::of(&saved)?;
            tally.tell(c, saved.len())?;
            tally.check()
        }
        None => Ok(()),
    }
}

fn confirm(c: &Context, count: u32) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(
            2,
            format!("将签发{count}个码，须加 / {count} codes would be issued; add --yes"),
        ));
    }
    let asks = format!("签发{count}个码？ / Issue {count} codes? [y/N] ");
    let mut err = std::io::stderr().lock();
    write!(err, "{asks}")?;
    err.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if ["y", "yes", "是"].contains(&answer.trim().to_lowercase().as_str()) {
        return Ok(());
    }
    Err(Failure::new(3, c.lang.of("已取消", "cancelled")))
}

/// Watches until the run is over.
pub fn watched(c: &Context, mut run: CodeRun) -> Result<CodeRun, Failure> {
    let place = place(&run.id)?;
    let bar = bar(run.total);
    while run.state.is_running() {
        bar.set_position(run.issued.into());
        std::thread::sleep(LOOK);
        // The run does not need us: a short absence of the server is waited for.
        match staff::get(c, &place) {
            Ok(seen) => run = seen,
            Err(failure) if failure.exit == 8 => {}
            Err(failure) => return Err(failure),
        }
    }
    bar.finish_and_clear();
    Ok(run)
}

/// Where a run is.
pub fn place(run: &str) -> Result<String, Failure> {
    Ok(format!("code-runs/{}", super::segment("RUN", run)?))
}

/// A run, as a table of one.
pub fn tell(c: &Context, run: &CodeRun) -> Result<(), Failure> {
    if c.json { output::json(run) } else { table(c, std::slice::from_ref(run)) }
}

fn table(c: &Context, runs: &[CodeRun]) -> Result<(), Failure> {
    let head = [
        c.lang.of("批次", "Run"),
        c.lang.of("开始", "Begun"),
        c.lang.of("签发人", "By"),
        c.lang.of("状态", "State"),
        c.lang.of("已签发", "Issued"),
        c.lang.of("分册", "Parts"),
    ];
    let row = |run: &CodeRun| {
        let state = match run.state {
            CodeRunState::Issuing => c.lang.of("正在签发", "issuing"),
            CodeRunState::Revoking => c.lang.of("正在吊销", "revoking"),
            CodeRunState::Done => c.lang.of("已完成", "done"),
            CodeRunState::Cancelled => c.lang.of("已停止", "stopped"),
        };
        let issued = format!("{}/{}", run.issued, run.total);
        let begun = clock::minute(run.at);
        vec![run.id.clone(), begun, run.by.clone(), state.to_owned(), issued, run.parts.to_string()]
    };
    super::table(&head, runs.iter().map(row).collect())
}
