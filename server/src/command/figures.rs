//! `figures`: the sums behind the figures, counted again from what happened.

use anyhow::bail;
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use crate::{
    actions::{Rules, admin::settings, figures::keep},
    clock::Clock,
    config::Config,
    startup::assemble,
    store::{
        connection::{Db, Target},
        migrate,
    },
};

/// What about them.
#[derive(Debug, Args)]
pub struct FiguresArgs {
    /// Which.
    #[command(subcommand)]
    pub command: FiguresCommand,
}

/// Verbs of the figures.
#[derive(Debug, Subcommand)]
pub enum FiguresCommand {
    /// 复核 · Count again and compare; exit 1 names every sum that differs. Changes nothing.
    #[command(after_help = "Example: qiyema-server figures recount --from 2026-10-01 --to 2026-10-31")]
    Recount {
        /// First day; of everything, if absent.
        #[arg(long, value_name = "YYYY-MM-DD", requires = "to")]
        from: Option<NaiveDate>,
        /// Last day.
        #[arg(long, value_name = "YYYY-MM-DD", requires = "from")]
        to: Option<NaiveDate>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// 重建 · Count everything anew and keep that, month by month in place; after a recount found differences.
    #[command(after_help = "Example: qiyema-server figures rebuild")]
    Rebuild,
}

/// Runs the command.
pub fn run(args: &FiguresArgs, config: &Config) -> anyhow::Result<()> {
    let target = Target::parse(config.database.url_or_default(&config.paths).expose_secret())?;
    migrate::check(&target)?;
    let mut db = target.connect()?;
    let rules = settings::in_force(&mut db, &assemble::rules(config))?;
    match &args.command {
        FiguresCommand::Recount { from, to, json } => recount(&mut db, from.zip(*to), &rules, *json),
        FiguresCommand::Rebuild => {
            let days = keep::rebuild(&mut db, &rules, Clock::System.now())?;
            println!("{days} days were counted");
            Ok(())
        }
    }
}

fn recount(
    db: &mut Db,
    days: Option<(NaiveDate, NaiveDate)>,
    rules: &Rules,
    json: bool,
) -> anyhow::Result<()> {
    let found = keep::recount(db, days, rules, Clock::System.now())?;
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        println!("{} days counted, {} wait to be counted anyway", found.days, found.waiting);
        for one in &found.differences {
            println!("{}", serde_json::to_string(one)?);
        }
    }
    if !found.differences.is_empty() {
        bail!("{} sums are not what a recount gives", found.differences.len());
    }
    if !json {
        println!("every sum is what a recount gives");
    }
    Ok(())
}
