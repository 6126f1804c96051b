//! `qiyema-server key compromise`: the private key of codes is in wrong hands. One
//! command makes another key, issues every standing code of the old one again
//! under it (PINs stay), and retires the old key. Broken off, it is run again.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use clap::Args;
use qiyema_protocol::{algorithm::Algorithm, staff::Role};
use serde_json::json;

use crate::{
    actions::{
        Refused,
        code::{life::BATCH, runs::again},
        rights::Actor,
    },
    clock::Clock,
    secrets::{
        folder::KeyFolder,
        keystore::{KeyStatus, KeyStore},
    },
    store::{
        code_life::{self, Pick},
        code_runs::RunRow,
        codes,
        connection::Db,
    },
};

/// Arguments of `key compromise`.
#[derive(Debug, Args)]
#[command(after_help = "Example:  qiyema-server key compromise 1")]
pub struct CompromiseArgs {
    /// 密钥编号 · Key id, see `key list`.
    #[arg(value_parser = clap::value_parser!(u8).range(1..))]
    pub kid: u8,
    /// 不再询问 · Do not ask.
    #[arg(long)]
    pub yes: bool,
}

/// Runs the command.
pub fn run(
    args: &CompromiseArgs,
    as_json: bool,
    keys_folder: &KeyFolder,
    db: &mut Db,
    clock: &Clock,
) -> anyhow::Result<()> {
    let mut store = KeyStore::open(keys_folder.clone())?;
    let record = store.list().iter().find(|record| record.kid == args.kid);
    let record = record.context("没有这个密钥 · there is no such key")?;
    let (status, algorithm) = (record.status, record.alg);
    let standing = codes::count_standing(db, i32::from(args.kid))?;
    if !args.yes {
        confirm(args.kid, standing)?;
    }
    if status == KeyStatus::Active {
        let kid = store.rotate(algorithm, clock.now())?;
        eprintln!("现用密钥 {kid} 签名 · key {kid} signs now");
    }
    if status != KeyStatus::Retired && store.is_last_of_scribe(args.kid) {
        store.generate(Algorithm::Ed25519, clock.now())?;
    }
    let signs = store.signer()?.kid();
    let mut run: Option<RunRow> = None;
    while let Some(went) =
        crate::store::transaction(db, |db| some(db, run.clone(), (args.kid, standing), signs, clock))?
    {
        eprint!("\r{} / {standing}", went.issued);
        run = Some(went);
    }
    let reissued = run.as_ref().map_or(0, |run| run.issued);
    let id = run.map(|run| run.id);
    if id.is_some() {
        eprintln!();
    }
    if status != KeyStatus::Retired {
        store.retire(args.kid, clock.now())?;
    }
    let mut out = io::stdout().lock();
    if as_json {
        writeln!(out, "{}", json!({ "kid": args.kid, "signs": signs, "reissued": reissued, "run": id }))?;
    } else {
        writeln!(
            out,
            "已用密钥 {signs} 重签 {reissued} 个码，密钥 {0} 已停用；请重新打印并更换，企业口令不变。\nReissued {reissued} codes with key {signs}; key {0} is retired. Print and put up the new ones; the PINs stay.",
            args.kid
        )?;
        if let Some(id) = id {
            writeln!(out, "印刷文件 · Files to print:  qiyema code run download {id} FOLDER --as a4-3x8")?;
        }
    }
    Ok(())
}

/// Issues some standing codes of a key again; none, when none is left.
fn some(
    db: &mut Db,
    run: Option<RunRow>,
    (kid, standing): (u8, i64),
    signs: u8,
    clock: &Clock,
) -> Result<Option<RunRow>, Refused> {
    let mut actor = Actor::at_the_machine();
    actor.roles.push(Role::CodeIssuer);
    let pick = Pick { kid: Some(kid.into()), ..Pick::default() };
    let found = code_life::standing(db, &pick, i64::try_from(BATCH).unwrap_or(i64::MAX))?;
    if found.is_empty() {
        return Ok(None);
    }
    let at = clock.now();
    let run = match run {
        Some(run) => run,
        None => again::begin(db, &actor, kid, standing, at)?,
    };
    again::some(db, &actor, &run, &found, signs, at).map(Some)
}

fn confirm(kid: u8, codes: i64) -> anyhow::Result<()> {
    if !io::stdin().is_terminal() {
        bail!("这会更换并停用码，须加 --yes · this replaces codes and retires their key: say --yes");
    }
    let mut err = io::stderr().lock();
    write!(
        err,
        "密钥 {kid} 签的 {codes} 个码将全部换发，旧码永久失效，须重新打印。\nAll {codes} codes of key {kid} are issued again; the printed ones end for ever.\n输入 {kid} 确认 · Type {kid} to confirm: "
    )?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).context("no answer could be read")?;
    if answer.trim() != kid.to_string() {
        bail!("已取消 · cancelled");
    }
    Ok(())
}
