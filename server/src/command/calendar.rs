//! `qiyema-server calendar …`: a notice that changes days which are over. At the console that is refused, so that no
//! administrator alone moves clocks that have run and figures that were counted.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use qiyema_protocol::directory::CalendarFile;
use secrecy::ExposeSecret;

use crate::{
    actions::{
        Refused,
        calendar::import::{self, Reach},
        rights::Actor,
    },
    clock::Clock,
    config::Config,
    store::{self, connection::Target, migrate},
};

/// 工作日历 · The calendar of working days.
#[derive(Debug, Args)]
pub struct CalendarArgs {
    /// Which.
    #[command(subcommand)]
    pub command: CalendarCommand,
}

/// What can be done with the calendar.
#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// 预览 · Print the days that a notice would change; nothing is written.
    #[command(after_help = "Example: qiyema-server calendar preview 2026.csv")]
    Preview {
        /// The file that the console takes as well: date,kind,status, or the JSON of a year.
        file: PathBuf,
    },
    /// 导入 · Take a notice, also for days that are over; the trail names each of them.
    #[command(after_help = "Example: qiyema-server calendar take 2026.csv")]
    Take {
        /// The file that the console takes as well: date,kind,status, or the JSON of a year.
        file: PathBuf,
    },
}

/// Runs the command.
pub fn run(args: &CalendarArgs, config: &Config) -> anyhow::Result<()> {
    let target = Target::parse(config.database.url_or_default(&config.paths).expose_secret())?;
    migrate::check(&target)?;
    let (mut db, actor) = (target.connect()?, Actor::at_the_machine());
    let (CalendarCommand::Preview { file } | CalendarCommand::Take { file }) = &args.command;
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let notice = CalendarFile { text };
    let change =
        import::preview(&mut db, &actor, &notice, Reach::All).map_err(|refused| said(file, &refused))?;
    let days = |name: &str, days: Vec<NaiveDate>| {
        for day in days {
            println!("{day} {name}");
        }
    };
    if change.changed.is_empty() && change.removed.is_empty() {
        println!("no day would change");
    }
    for one in &change.changed {
        println!("{}", serde_json::to_string(one)?);
    }
    days("ordinary", change.removed);
    if matches!(args.command, CalendarCommand::Take { .. }) {
        let at = Clock::System.now();
        store::transaction(&mut db, |db| import::take(db, &actor, &notice, Reach::All, at))
            .map_err(|refused| said(file, &refused))?;
        println!("taken; a running server counts promises and figures again within minutes");
    }
    Ok(())
}

fn said(file: &std::path::Path, refused: &Refused) -> anyhow::Error {
    match refused {
        Refused::Invalid(faults) => {
            let faults: Vec<String> = faults.iter().map(|fault| fault.detail.en.clone()).collect();
            anyhow::anyhow!("{}: {}", file.display(), faults.join("; "))
        }
        other => anyhow::anyhow!("{other}"),
    }
}
