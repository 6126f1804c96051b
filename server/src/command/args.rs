//! The command line.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Parser, Subcommand};

use super::{backup, calendar, demo, figures, health, key, ledger, migrate, serve, staff, tags};
use crate::config::{Config, Flags};

/// 企业码服务端 · The enterprise-code server: phone page, JSON API, staff side.
#[derive(Debug, Parser)]
#[command(name = "qiyema-server", version, after_help = "Try it:  qiyema-server demo")]
pub struct Args {
    /// 配置文件 · Settings file (TOML); QIYEMA_… variables and flags win over it.
    #[arg(long, global = true, env = "QIYEMA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 运行服务 · Serve; makes its data folder and keys at the first start.
    Serve(serve::Serve),
    /// 试用：含示例数据 · Try it with demo data: codes, PIN and addresses are printed.
    Demo(demo::Demo),
    /// 升级数据库 · Bring the database schema up to date.
    Migrate,
    /// 备份 · Copy the data of a running server into a new folder that can be served from.
    Backup(backup::Backup),
    /// 签名密钥 · Signing keys.
    Key(key::KeyArgs),
    /// 考核数据 · Figures: count them again from what happened, and compare.
    Figures(figures::FiguresArgs),
    /// 防篡改日志 · The tamper-evident log: verify the database against it.
    Ledger(ledger::LedgerArgs),
    /// 工作日历 · The calendar of working days: mistakes in days that are over.
    Calendar(calendar::CalendarArgs),
    /// 评价标签 · Tags of ratings, version by version.
    Tags(tags::TagsArgs),
    /// 工作人员 · Members of staff.
    Staff(staff::StaffArgs),
    /// 健康检查 · Ask a running server whether it is ready.
    Health(health::Health),
    /// 打印默认配置 · Print every setting with its meaning and default.
    Settings,
}

/// Reads the command line and runs it.
pub fn run() -> anyhow::Result<()> {
    let args = Args::parse();
    let environment: BTreeMap<String, String> = std::env::vars().collect();
    let config = |settings: Vec<(String, String)>| {
        let flags = Flags { file: args.config.clone(), settings };
        Ok::<_, anyhow::Error>(Config::load(&flags, &environment)?)
    };
    match args.command {
        Command::Serve(ask) => serve::run(config(ask.settings())?),
        Command::Demo(ask) => demo::run(&ask, config),
        Command::Migrate => migrate::run(&config(Vec::new())?),
        Command::Backup(ask) => backup::run(&ask, &config(Vec::new())?),
        Command::Key(ask) => migrate::keys(&ask, &config(Vec::new())?),
        Command::Figures(ask) => figures::run(&ask, &config(Vec::new())?),
        Command::Ledger(ask) => ledger::run(&ask, &config(Vec::new())?),
        Command::Calendar(ask) => calendar::run(&ask, &config(Vec::new())?),
        Command::Tags(ask) => tags::run(&ask, &config(Vec::new())?),
        Command::Staff(ask) => staff::run(&ask, &config(Vec::new())?),
        Command::Health(ask) => health::run(&ask),
        Command::Settings => {
            print!("{}", crate::config::DEFAULTS);
            Ok(())
        }
    }
}
