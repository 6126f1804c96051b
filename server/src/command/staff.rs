//! `staff create`: how the first people get in. The password is drawn here and
//! shown once, or read from standard input; it is never an argument.

use std::io::Read as _;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use qiyema_protocol::staff::Role;
use secrecy::ExposeSecret;

use crate::{
    clock::{Clock, Ids},
    config::Config,
    domain::text::Typed,
    secrets::{files, password, token},
    store::{
        columns::{column, unword},
        connection::Target,
        migrate, staff,
    },
};

/// Arguments of `staff`.
#[derive(Debug, Args)]
pub struct StaffArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: StaffCommand,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// 新建人员 · Create a member of staff.
    #[command(
        after_help = "Example:  qiyema-server staff create wang --name 王敏 --post 主任 --role code_issuer --role intake_officer"
    )]
    Create(Create),
}

/// Arguments of `staff create`.
#[derive(Debug, Args)]
pub struct Create {
    /// 用户名 · User name.
    pub username: String,
    /// 姓名 · Full name.
    #[arg(long)]
    pub name: String,
    /// 职务 · Post.
    #[arg(long, default_value = "工作人员")]
    pub post: String,
    /// 角色 · Role, may be repeated: code_issuer intake_officer dispatcher handler closure_reviewer supervisor auditor …
    #[arg(long = "role", required = true)]
    pub roles: Vec<String>,
    /// 科室编号 · Office id, for people of a unit.
    #[arg(long)]
    pub office: Option<String>,
    /// 从标准输入读取密码 · Read the password from standard input instead of drawing one.
    #[arg(long)]
    pub password_stdin: bool,
}

/// Runs the command.
pub fn run(args: &StaffArgs, config: &Config) -> anyhow::Result<()> {
    let StaffCommand::Create(ask) = &args.command;
    for role in &ask.roles {
        let known: Result<Role, _> = unword(role);
        known.map_err(|_| anyhow::anyhow!("--role: there is no role `{role}`; see --help"))?;
    }
    let typed = |field, text, most| {
        Typed::line(field, text, 1, most)
            .map_err(|fault| anyhow::anyhow!("{}: {}", fault.field, fault.detail.en))
    };
    let drawn = if ask.password_stdin {
        None
    } else {
        Some(token::opaque(Ids)?.0.chars().take(20).collect::<String>())
    };
    let secret = if let Some(drawn) = &drawn {
        drawn.clone()
    } else {
        let mut text = String::new();
        std::io::stdin().take(4096).read_to_string(&mut text)?;
        text.trim_end_matches(['\r', '\n']).to_owned()
    };
    if !(12..=128).contains(&secret.chars().count()) {
        bail!("a password needs 12 to 128 characters");
    }
    files::private_folder(&config.paths.data)?;
    let target = Target::parse(config.database.url_or_default(&config.paths).expose_secret())?;
    migrate::run(&target)?;
    let row = staff::StaffRow {
        id: Ids.row(),
        username: typed("username", &ask.username, 64)?.into(),
        name: typed("name", &ask.name, 40)?.into(),
        post: typed("post", &ask.post, 40)?.into(),
        password_hash: password::hash(&secret)?,
        office_id: ask.office.clone(),
        created_at: column(Clock::System.now()),
        disabled_at: None,
    };
    staff::insert(&mut target.connect()?, &row, &ask.roles)
        .context("not created: the user name is taken, or the office is unknown")?;
    match drawn {
        Some(drawn) => println!("{} / {drawn}", row.username),
        None => println!("{}", row.username),
    }
    Ok(())
}
