//! `staff …`: people by the command line, for who holds the machine. The same
//! actions as the console's; what is done here is in the trail as `command-line`.
//! A password is drawn here and shown once, or read from standard input; it is
//! never an argument.

use std::io::Read as _;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use qiyema_protocol::{
    administration::{EditPerson, NewPerson, PersonView},
    staff::Role,
};
use secrecy::ExposeSecret;

use crate::{
    actions::{
        Refused, Rules,
        account::{link, setup},
        admin::{people, settings},
        rights::Actor,
    },
    clock::{Clock, Ids, Timestamp},
    config::Config,
    domain::password as rule,
    secrets::{files, password, token},
    startup::assemble,
    store::{
        columns::{unword, word},
        connection::{Db, Target},
        migrate, people as rows,
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
        after_help = "Examples:\n  qiyema-server staff create wang --name 王敏 --post 主任 --role code_issuer --role intake_officer\n  qiyema-server staff create li --name 李建国 --role handler --office OFFICE_ID --password-stdin < password.txt"
    )]
    Create(Create),
    /// 人员名单 · List members of staff.
    #[command(after_help = "Example:  qiyema-server staff list")]
    List,
    /// 重置密码 · Print a link by which a person sets a new password, once.
    #[command(
        after_help = "Examples:\n  qiyema-server staff reset-password wang\n  qiyema-server staff reset-password wang --second-factor    (phone and recovery codes are lost)"
    )]
    ResetPassword(Reset),
    /// 停用账号 · Disable a person; every session ends at once.
    #[command(after_help = "Example:  qiyema-server staff disable wang")]
    Disable(Named),
    /// 启用账号 · Enable a person again.
    #[command(after_help = "Example:  qiyema-server staff enable wang")]
    Enable(Named),
    /// 初始设置链接 · Print a new set-up link, while there is no administrator.
    #[command(after_help = "Example:  qiyema-server staff setup-link")]
    SetupLink,
}

/// Somebody.
#[derive(Debug, Args)]
pub struct Named {
    /// 用户名 · User name.
    pub username: String,
}

/// Arguments of `staff reset-password`.
#[derive(Debug, Args)]
pub struct Reset {
    /// 用户名 · User name.
    pub username: String,
    /// 同时取消两步验证 · Also forget the authenticator app and the recovery codes.
    #[arg(long)]
    pub second_factor: bool,
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
    /// 其他单位编号 · Id of a further unit the person acts for, may be repeated.
    #[arg(long = "unit")]
    pub units: Vec<String>,
    /// 从标准输入读取密码 · Read the password from standard input instead of drawing one.
    #[arg(long)]
    pub password_stdin: bool,
}

/// What every subcommand needs.
struct Desk {
    db: Db,
    actor: Actor,
    rules: Rules,
    at: Timestamp,
}

/// Runs the command.
pub fn run(args: &StaffArgs, config: &Config) -> anyhow::Result<()> {
    files::private_folder(&config.paths.data)?;
    let target = Target::parse(config.database.url_or_default(&config.paths).expose_secret())?;
    migrate::run(&target)?;
    let mut db = target.connect()?;
    let rules = settings::in_force(&mut db, &assemble::rules(config))?;
    let desk = Desk { db, actor: Actor::at_the_machine(), rules, at: Clock::System.now() };
    match &args.command {
        StaffCommand::Create(ask) => create(desk, ask),
        StaffCommand::List => list(desk),
        StaffCommand::ResetPassword(ask) => reset(desk, ask, config),
        StaffCommand::Disable(named) => able(desk, &named.username, people::disable, "disabled"),
        StaffCommand::Enable(named) => able(desk, &named.username, people::enable, "enabled"),
        StaffCommand::SetupLink => {
            let Desk { mut db, rules, at, .. } = desk;
            println!("{}", setup_link(&mut db, &rules, &origin(config)?, at)?);
            Ok(())
        }
    }
}

/// Makes a set-up link; the older one works no more.
pub fn setup_link(db: &mut Db, rules: &Rules, origin: &str, at: Timestamp) -> anyhow::Result<String> {
    let (opaque, kept) = token::opaque(Ids)?;
    crate::store::transaction(db, |db| setup::make_link(db, &kept, rules, at)).map_err(said)?;
    Ok(format!("{origin}/console/setup/{opaque}"))
}

fn create(desk: Desk, ask: &Create) -> anyhow::Result<()> {
    let Desk { mut db, actor, rules, at } = desk;
    let role = |word: &String| -> anyhow::Result<Role> {
        unword(word).map_err(|_| anyhow::anyhow!("--role: there is no role `{word}`; see --help"))
    };
    let new = NewPerson {
        username: ask.username.clone(),
        person: EditPerson {
            name: ask.name.clone(),
            post: ask.post.clone(),
            roles: ask.roles.iter().map(role).collect::<anyhow::Result<_>>()?,
            office: ask.office.clone(),
            units: ask.units.clone(),
        },
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
    if let Err(fault) = rule::check("password", &secret, &ask.username) {
        bail!("{}", fault.detail.en);
    }
    let hash = password::hash(&secret)?;
    let made = crate::store::transaction(&mut db, |db| {
        let made = people::create(db, &actor, &new, &rules, at)?;
        rows::set_password(db, &made.id, &hash)?;
        Ok::<_, Refused>(made)
    })
    .map_err(said)
    .context("not created")?;
    match drawn {
        Some(drawn) => println!("{} / {drawn}", made.username),
        None => println!("{}", made.username),
    }
    Ok(())
}

fn list(desk: Desk) -> anyhow::Result<()> {
    let Desk { mut db, actor, rules, .. } = desk;
    for one in people::list(&mut db, &actor, &rules).map_err(said)? {
        let roles = one.roles.iter().map(word).collect::<Result<Vec<_>, _>>()?.join(" ");
        let state = match (one.disabled_at.is_some(), one.awaits_set_up) {
            (true, _) => "disabled",
            (false, true) => "awaiting set-up",
            (false, false) => "enabled",
        };
        let factor = match (one.second_factor, one.second_factor_required) {
            (true, _) => "second factor",
            (false, true) => "second factor missing",
            (false, false) => "-",
        };
        println!("{}\t{}\t{}\t{state}\t{factor}\t{roles}", one.username, one.name, one.post);
    }
    Ok(())
}

fn reset(desk: Desk, ask: &Reset, config: &Config) -> anyhow::Result<()> {
    let Desk { mut db, actor, rules, at } = desk;
    let id = id_of(&mut db, &ask.username)?;
    let (opaque, kept) = token::opaque(Ids)?;
    let (_, until) = crate::store::transaction(&mut db, |db| {
        if ask.second_factor {
            crate::actions::account::second_factor::reset(db, &actor, &id, at)?;
        }
        link::make(db, &actor, &id, &kept, &rules, at)
    })
    .map_err(said)?;
    println!("{}/console/link/{opaque}", origin(config)?);
    eprintln!("works once, until {}", until.with_timezone(&rules.zone).format("%Y-%m-%d %H:%M"));
    Ok(())
}

type Deed = fn(&mut Db, &Actor, &str, &Rules, Timestamp) -> Result<PersonView, Refused>;

fn able(desk: Desk, username: &str, deed: Deed, done: &str) -> anyhow::Result<()> {
    let Desk { mut db, actor, rules, at } = desk;
    let id = id_of(&mut db, username)?;
    crate::store::transaction(&mut db, |db| deed(db, &actor, &id, &rules, at)).map_err(said)?;
    println!("{username} {done}");
    Ok(())
}

fn id_of(db: &mut Db, username: &str) -> anyhow::Result<String> {
    match rows::by_username(db, username)? {
        Some(person) => Ok(person.row.id),
        None => bail!("there is nobody called `{username}`; see: qiyema-server staff list"),
    }
}

/// Where the console is reached.
fn origin(config: &Config) -> anyhow::Result<String> {
    Ok(assemble::host(config, config.http.listen.port())?.origin())
}

/// A refusal in words for the terminal; each faulty field is named.
fn said(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::Invalid(faults) => {
            let lines: Vec<String> =
                faults.iter().map(|fault| format!("{}: {}", fault.field, fault.detail.en)).collect();
            anyhow::anyhow!("{}", lines.join("; "))
        }
        Refused::LinkDead => {
            anyhow::anyhow!("there is an administrator already; see: qiyema-server staff list")
        }
        other => anyhow::Error::new(other),
    }
}
