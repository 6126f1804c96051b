//! `ledger`: the auditor's look at the database, and what an operator needs
//! after a restore.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use crate::{
    actions::{
        ledger::{self, verify},
        rights::Actor,
    },
    clock::{Clock, Ids},
    config::Config,
    secrets::log_key::LogKey,
    startup::assemble,
    store::{
        connection::{Db, Target},
        migrate,
    },
};

/// What about it.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// Which.
    #[command(subcommand)]
    pub command: LedgerCommand,
}

/// Verbs of the log.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// 核验 · Compare the whole database with the log; exit 1 names every row that was altered, removed or slipped in.
    #[command(after_help = "Example: qiyema-server ledger verify --checkpoint witness/checkpoint")]
    Verify {
        /// A head from outside, as a witness keeps it; may be repeated.
        #[arg(long, value_name = "FILE")]
        checkpoint: Vec<PathBuf>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// 公钥 · Print the key that heads of the log are signed by.
    Key,
    /// 确认恢复 · Go on from a restored copy: what was after it is given up, and the trail says so.
    Accept,
}

/// Runs the command.
pub fn run(args: &LedgerArgs, config: &Config) -> anyhow::Result<()> {
    let target = Target::parse(config.database.url_or_default(&config.paths).expose_secret())?;
    let host = assemble::host(config, config.http.listen.port())?;
    let key = LogKey::open_or_create(assemble::key_folder(config), host.as_str(), Ids)?;
    if matches!(args.command, LedgerCommand::Key) {
        println!("{}", key.public());
        return Ok(());
    }
    migrate::check(&target)?;
    let mut db = target.connect()?;
    match &args.command {
        LedgerCommand::Verify { checkpoint, json } => check(&mut db, &key, checkpoint, *json),
        LedgerCommand::Accept => accept(&mut db, &key),
        LedgerCommand::Key => Ok(()),
    }
}

fn check(db: &mut Db, key: &LogKey, files: &[PathBuf], json: bool) -> anyhow::Result<()> {
    let mut outside = Vec::new();
    for file in files {
        let note = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        outside.push(key.read(&note).with_context(|| file.display().to_string())?);
    }
    outside.extend(key.kept()?);
    let found = verify::verify(db, key, &outside, Clock::System.now())
        .map_err(|refused| anyhow::anyhow!("{refused}"))?;
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        println!("{} entries, {} rows wait to be entered", found.entries, found.waiting);
        for row in &found.rows {
            let fault = serde_json::to_value(row.fault)?;
            println!("{} {} {}", fault.as_str().unwrap_or_default(), row.table, row.row);
        }
        for size in &found.heads {
            println!("rewritten: the first {size} entries are not those of the head that was signed");
        }
    }
    if !found.is_sound() {
        bail!("{} rows and {} heads do not fit the log", found.rows.len(), found.heads.len());
    }
    if !json {
        println!("nothing was altered, removed or slipped in");
    }
    Ok(())
}

fn accept(db: &mut Db, key: &LogKey) -> anyhow::Result<()> {
    let (actor, at) = (Actor::at_the_machine(), Clock::System.now());
    let size = crate::store::transaction(db, |db| ledger::accept(db, &actor, key, at))
        .map_err(|refused| anyhow::anyhow!("{refused}"))?;
    println!("the log goes on after {size} entries; the trail says so");
    Ok(())
}
