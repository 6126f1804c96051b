//! `qiyema-server key compromise`: the private key of codes is in wrong hands. One
//! command makes another key, issues every standing code of the old one again
//! under it (PINs and suspensions stay), and retires the old key. Broken off, it is
//! run again. A server that runs follows the key folder a little later: what it signs
//! with the old key until then is issued again too.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use qiyema_protocol::{algorithm::Algorithm, staff::Role};
use serde_json::json;

use crate::{
    actions::{
        Refused,
        code::runs::{self, again},
        rights::Actor,
    },
    clock::Clock,
    secrets::{
        folder::KeyFolder,
        keystore::{KeyStatus, KeyStore},
    },
    startup::assemble::LOOK_AT_KEYS,
    store::{self, code_runs::RunRow, codes, connection::Db},
};

/// Between two transactions: who waits for the database's one writer gets a turn.
const PAUSE: Duration = Duration::from_millis(20);
/// After this a running server has seen that another key signs, and what it had begun is written.
const FOLLOWED: Duration = LOOK_AT_KEYS.saturating_mul(2);

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

/// Runs the command; `wait` sleeps.
pub fn run(
    args: &CompromiseArgs,
    as_json: bool,
    keys_folder: &KeyFolder,
    db: &mut Db,
    clock: &Clock,
    wait: &dyn Fn(Duration),
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
    let mut work = Reissue {
        run: again::open(db, args.kid)?,
        kid: args.kid,
        standing,
        signs,
        actor: issuer(),
        clock,
        wait,
    };
    work.all(db)?;
    if status != KeyStatus::Retired {
        wait(FOLLOWED);
        work.all(db)?;
        store.retire(args.kid, clock.now())?;
        // Nothing should be left; a code that was written in this moment is not left dead.
        work.all(db)?;
    }
    let run = work.finish(db)?;
    let reissued = run.as_ref().map_or(0, |run| run.issued);
    let id = run.map(|run| run.id);
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

/// Whoever runs the server may issue codes too.
fn issuer() -> Actor {
    let mut actor = Actor::at_the_machine();
    actor.roles.push(Role::CodeIssuer);
    actor
}

/// The codes of a key on their way to another key.
struct Reissue<'a> {
    run: Option<RunRow>,
    kid: u8,
    standing: i64,
    signs: u8,
    actor: Actor,
    clock: &'a Clock,
    wait: &'a dyn Fn(Duration),
}

impl Reissue<'_> {
    /// All that stand now, from the oldest: looked for in reads, issued again some at a time.
    fn all(&mut self, db: &mut Db) -> Result<(), Refused> {
        let mut after = None;
        loop {
            let found = again::next(db, self.kid, after)?;
            let Some(last) = found.last() else { break };
            after = Some((last.code.issued_at, last.code.id.clone()));
            let at = self.clock.now();
            let run = store::transaction(db, |db| {
                let run = match &self.run {
                    Some(run) => run.clone(),
                    None => again::begin(db, &self.actor, self.kid, self.standing, at)?,
                };
                again::some(db, &self.actor, &run, &found, self.signs, at)
            })?;
            eprint!("\r{} / {}", run.issued, run.total);
            self.run = Some(run);
            (self.wait)(PAUSE);
        }
        Ok(())
    }

    /// Its files are whole from now on.
    fn finish(self, db: &mut Db) -> Result<Option<RunRow>, Refused> {
        if let Some(run) = &self.run {
            eprintln!();
            store::transaction(db, |db| runs::finish(db, run, self.clock.now()))?;
        }
        Ok(self.run)
    }
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
