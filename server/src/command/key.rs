//! `qiyema-server key …`: the signing keys, for whoever runs the server. A
//! running server looks at the folder every few seconds and follows.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use qiyema_protocol::algorithm::Algorithm;
use serde_json::json;

use super::compromise::CompromiseArgs;
use crate::{
    clock::Timestamp,
    secrets::{
        folder::KeyFolder,
        keystore::{KeyRecord, KeyStatus, KeyStore},
    },
};

/// 签名密钥 · The keys that sign enterprise codes.
#[derive(Debug, Args)]
pub struct KeyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeyCommand,
    /// 以 JSON 输出 · Print one JSON document.
    #[arg(long, global = true)]
    pub json: bool,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// 生成密钥，暂不用于签名 · Make a key that is published but does not sign yet.
    Generate(NewKeyArgs),
    /// 列出密钥 · List all keys.
    List,
    /// 生成新密钥并改用它签名；旧码仍有效 · Make a key and sign with it; older codes stay valid.
    Rotate(NewKeyArgs),
    /// 用 keys.passphrase 给密钥文件加锁 · Lock the key files with keys.passphrase.
    Lock,
    /// 去掉密钥文件的锁 · Take the lock off the key files.
    Unlock,
    /// 停用密钥：它签的码全部永久失效 · Void every code a key has signed, for ever.
    Retire(RetireArgs),
    /// 密钥泄露：换发它签的全部码并停用它 · A key was stolen: issue all its codes again, then retire it.
    Compromise(CompromiseArgs),
}

/// Arguments of `key generate` and `key rotate`.
#[derive(Debug, Args)]
pub struct NewKeyArgs {
    /// 签名算法：ed25519，或 sm2（须以 --features gm 编译） · Algorithm: ed25519, or sm2 in builds with --features gm.
    #[arg(long, default_value = "ed25519")]
    pub algorithm: Algorithm,
}

/// Arguments of `key retire`.
#[derive(Debug, Args)]
pub struct RetireArgs {
    /// 密钥编号 · Key id, see `key list`.
    #[arg(value_parser = clap::value_parser!(u8).range(1..))]
    pub kid: u8,
    /// 不再询问 · Do not ask.
    #[arg(long)]
    pub yes: bool,
}

/// Runs the command. `count` tells how many standing codes a key has signed, if that is known.
pub fn run(
    args: &KeyArgs,
    keys_folder: &KeyFolder,
    at: Timestamp,
    count: impl Fn(u8) -> Option<u64>,
) -> anyhow::Result<()> {
    let mut store = KeyStore::open_or_empty(keys_folder.clone())?;
    let sentence = match &args.command {
        // Needs the database; see `migrate::keys`.
        KeyCommand::List | KeyCommand::Compromise(_) => None,
        KeyCommand::Lock => {
            if !keys_folder.has_passphrase() {
                bail!(
                    "先设置 keys.passphrase · set keys.passphrase first (QIYEMA_KEYS_PASSPHRASE_FILE=FILE)"
                );
            }
            let locked = keys_folder.lock()?;
            Some(format!(
                "已加锁 {locked} 个文件；丢失密钥的密码即丢失密钥 · Locked {locked} files; who loses the passphrase loses the keys."
            ))
        }
        KeyCommand::Unlock => {
            let opened = keys_folder.unlock()?;
            Some(format!("已解锁 {opened} 个文件 · Took the lock off {opened} files."))
        }
        KeyCommand::Generate(ask) => {
            let kid = store.generate(ask.algorithm, at)?;
            Some(format!("已生成密钥 {kid}，暂不签名 · Made key {kid}; it does not sign yet."))
        }
        KeyCommand::Rotate(ask) => {
            let kid = store.rotate(ask.algorithm, at)?;
            Some(format!(
                "现用密钥 {kid} 签名，运行中的服务数秒内生效 · Key {kid} signs now; a running server follows in seconds."
            ))
        }
        KeyCommand::Retire(ask) => {
            let record = store.list().iter().find(|r| r.kid == ask.kid);
            if record.is_some_and(|r| r.status == KeyStatus::Live) && !ask.yes {
                confirm(ask.kid, count(ask.kid))?;
            }
            store.retire(ask.kid, at)?;
            Some(format!(
                "密钥 {0} 已停用，运行中的服务数秒内生效；为失效的码签发新码 · Key {0} is retired; a running server follows in seconds. New codes for the void ones:  qiyema code issue --all",
                ask.kid
            ))
        }
    };
    let mut out = io::stdout().lock();
    if args.json {
        let keys: Vec<_> = store.list().iter().map(|r| document(r, count(r.kid))).collect();
        serde_json::to_writer_pretty(&mut out, &json!({ "keys": keys }))?;
        writeln!(out)?;
    } else if let Some(sentence) = sentence {
        writeln!(out, "{sentence}")?;
    } else {
        for record in store.list() {
            writeln!(out, "{}", line(record, count(record.kid)))?;
        }
    }
    Ok(())
}

fn document(record: &KeyRecord, codes: Option<u64>) -> serde_json::Value {
    let mut value = json!(record);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("codes".into(), json!(codes));
    }
    value
}

fn line(record: &KeyRecord, codes: Option<u64>) -> String {
    let status = match record.status {
        KeyStatus::Active => "签名中 active",
        KeyStatus::Live => "有效 live",
        KeyStatus::Retired => "已停用 retired",
    };
    let codes = codes.map_or_else(|| "?".to_owned(), |n| n.to_string());
    let (kid, alg, made) = (record.kid, record.alg, record.created_at.date_naive());
    format!("{kid:>3}  {alg:5}  {status}  {made}  {}  {codes} 码 codes", record.x)
}

fn confirm(kid: u8, codes: Option<u64>) -> anyhow::Result<()> {
    let codes = codes.map_or_else(|| "数目不详 · an unknown number of".to_owned(), |n| n.to_string());
    if !io::stdin().is_terminal() {
        bail!("这会使 {codes} 个码永久失效，须加 --yes · this voids {codes} codes for ever: say --yes");
    }
    let mut err = io::stderr().lock();
    write!(
        err,
        "停用密钥 {kid} 将使 {codes} 个码永久失效；之后用 qiyema code issue --all 为这些企业签发新码并重新打印。\nRetiring key {kid} voids {codes} codes for ever; `qiyema code issue --all` then issues new ones for their enterprises, to be printed again.\n输入 {kid} 确认 · Type {kid} to confirm: "
    )?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).context("no answer could be read")?;
    if answer.trim() != kid.to_string() {
        bail!("已取消 · cancelled");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::algorithm::Algorithm;

    use super::{KeyArgs, KeyCommand, NewKeyArgs, RetireArgs, run};
    use crate::{
        clock::Timestamp,
        secrets::{
            folder::KeyFolder,
            keystore::{KeyStatus, KeyStore},
        },
    };

    #[test]
    fn a_key_is_rotated_and_the_old_one_retired() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let at = Timestamp::from_timestamp(1_800_000_000, 0).unwrap();
        let go = |command| run(&KeyArgs { command, json: true }, &KeyFolder::from(&folder), at, |_| Some(3));
        go(KeyCommand::Rotate(NewKeyArgs { algorithm: Algorithm::Ed25519 })).unwrap();
        go(KeyCommand::Rotate(NewKeyArgs { algorithm: Algorithm::Ed25519 })).unwrap();
        assert!(go(KeyCommand::Retire(RetireArgs { kid: 2, yes: true })).is_err(), "it signs");
        go(KeyCommand::Retire(RetireArgs { kid: 1, yes: true })).unwrap();
        let statuses: Vec<_> = KeyStore::open(&folder).unwrap().list().iter().map(|r| r.status).collect();
        assert_eq!(statuses, [KeyStatus::Retired, KeyStatus::Active]);
    }
}
