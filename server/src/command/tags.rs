//! `qiyema-server tags …`: the catalogue of tags that ratings carry. A running server offers a new version within
//! seconds.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use qiyema_protocol::rating::RatingTags;
use secrecy::ExposeSecret;

use crate::{
    actions::{Refused, admin::tags, rights::Actor},
    clock::Clock,
    config::Config,
    store::{self, connection::Target, migrate},
};

/// 评价标签 · Tags of ratings.
#[derive(Debug, Args)]
pub struct TagsArgs {
    /// Which.
    #[command(subcommand)]
    pub command: TagsCommand,
}

/// What can be done with tags.
#[derive(Debug, Subcommand)]
pub enum TagsCommand {
    /// 显示 · Print the version that is offered, as JSON to edit.
    #[command(after_help = "Example: qiyema-server tags show > tags.json")]
    Show,
    /// 发布新版本 · Publish an edited version; what was rated before keeps its words.
    #[command(after_help = "Example: qiyema-server tags publish tags.json")]
    Publish {
        /// What `tags show` printed, edited.
        file: PathBuf,
    },
}

/// Runs the command.
pub fn run(args: &TagsArgs, config: &Config) -> anyhow::Result<()> {
    let target = Target::parse(config.database.url_or_default(&config.paths).expose_secret())?;
    migrate::check(&target)?;
    let (mut db, actor) = (target.connect()?, Actor::at_the_machine());
    match &args.command {
        TagsCommand::Show => {
            let offered = tags::current(&mut db, &actor).map_err(said)?;
            println!("{}", serde_json::to_string_pretty(&offered)?);
        }
        TagsCommand::Publish { file } => {
            let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
            let edited: RatingTags =
                serde_json::from_str(&text).with_context(|| file.display().to_string())?;
            let at = Clock::System.now();
            let published =
                store::transaction(&mut db, |db| tags::publish(db, &actor, &edited, at)).map_err(said)?;
            println!("version {} is offered from now on", published.version);
        }
    }
    Ok(())
}

fn said(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::Invalid(faults) => {
            let faults: Vec<String> = faults
                .into_iter()
                .map(|fault| format!("{}: {} · {}", fault.field, fault.detail.zh, fault.detail.en))
                .collect();
            anyhow::anyhow!("{}", faults.join("; "))
        }
        Refused::VersionConflict { current, .. } => anyhow::anyhow!(
            "已发布第{current}版，请用tags show取出后重新修改 · version {current} was published meanwhile; edit what `tags show` prints"
        ),
        other => anyhow::anyhow!("{other}"),
    }
}
