//! `qiyema witness …`: another office keeps the heads of a server's log.

use std::{io::IsTerminal as _, path::PathBuf};

use reqwest::Method;
use serde::Serialize;

use super::{Context, receipt};
use crate::{
    args::witness::{Kept, Witness},
    credentials,
    exit::Failure,
    keys, output,
    witness::{self, Head, Seen, heads::Log},
};

#[derive(Serialize)]
struct Line<'log> {
    log: &'log str,
    url: &'log str,
    size: Option<u64>,
    root: Option<String>,
    seen: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Runs a witness verb.
pub fn run(c: &Context, verb: Witness) -> Result<(), Failure> {
    match verb {
        Witness::Follow { url, key, yes, kept } => follow(c, &url, key, yes, &kept),
        Witness::Check { kept } => check(c, &logs(&kept)?),
        Witness::List { kept } => logs(&kept)?.iter().try_for_each(|log| {
            let head = log.latest()?;
            tell(c, &line(log, head.as_ref(), "kept"), c.lang.of("已见证", "witnessed"))
        }),
        Witness::Receipt { receipt, kept } => find(c, &receipt, &logs(&kept)?),
    }
}

fn folder(kept: &Kept) -> Result<PathBuf, Failure> {
    kept.folder.clone().map_or_else(|| Ok(credentials::folder()?.join("witness")), Ok)
}

fn logs(kept: &Kept) -> Result<Vec<Log>, Failure> {
    let found = Log::all(&folder(kept)?)?;
    if found.is_empty() {
        return Err(Failure::new(
            5,
            "尚未见证任何日志 / no log is witnessed yet: qiyema witness follow https://host",
        ));
    }
    Ok(found)
}

fn follow(c: &Context, url: &str, key: Option<String>, yes: bool, kept: &Kept) -> Result<(), Failure> {
    let url = keys::origin(url, c.insecure)?.origin();
    let told = c.api.bytes(Method::GET, &format!("{url}/ledger/key"), None, None)?;
    let told = String::from_utf8(told).map_err(Failure::failed)?.trim().to_owned();
    witness::verifier(&told)?;
    match key {
        Some(key) if key.trim() != told => {
            return Err(Failure::new(
                6,
                format!(
                    "公钥不符，未开始 / the server names another key, not begun: {}",
                    output::clean(&told)
                ),
            ));
        }
        Some(_) => {}
        None => {
            output::people(&output::clean(&told));
            if !yes && !confirmed()? {
                return Err(Failure::new(3, "已取消 / cancelled"));
            }
        }
    }
    let log = Log::begin(&folder(kept)?, url, told)?;
    check(c, &[log])
}

fn confirmed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(2, "不是终端 / not a terminal: add --key KEY, or --yes"));
    }
    output::people("这是对方告知的日志公钥吗？/ Is this the key you were told? [y/N]");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}

/// Looks at every log; one that fails does not hold up the others.
fn check(c: &Context, logs: &[Log]) -> Result<(), Failure> {
    let mut first = Ok(());
    for log in logs {
        match witness::check(&c.api, log) {
            Ok((head, seen)) => {
                let (word, said) = match seen {
                    Seen::First => ("first", c.lang.of("已开始见证", "begun").to_owned()),
                    Seen::Same => ("same", c.lang.of("没有新条目", "nothing new").to_owned()),
                    Seen::Grown(by) => {
                        ("grown", format!("+{by}{}", c.lang.of("，延续以往", ", continues what was seen")))
                    }
                };
                tell(c, &line(log, Some(&head), word), &said)?;
            }
            Err(failure) => {
                let word = if failure.exit == 6 { "refused" } else { "failed" };
                let said = failure.to_string();
                tell(c, &Line { error: Some(said.clone()), ..line(log, None, word) }, &said)?;
                // What was proved counts for more than what could not be asked.
                if first.as_ref().is_ok() || failure.exit == 6 {
                    first = Err(failure);
                }
            }
        }
    }
    first
}

fn find(c: &Context, given: &str, logs: &[Log]) -> Result<(), Failure> {
    let (claims, text) = receipt::genuine(given)?;
    let named = |log: &&Log| keys::origin(&log.url, true).is_ok_and(|host| host.as_str() == claims.iss);
    let log = logs.iter().find(named).ok_or_else(|| {
        Failure::new(5, format!("没有见证 {} 的日志 / the log of this host is not witnessed", claims.iss))
    })?;
    let place = witness::find(&c.api, log, &text, &claims)?;
    if c.json {
        return output::json(&serde_json::json!({ "rating": claims.sub, "position": place }));
    }
    output::line(&format!("{} {place}", c.lang.of("评价在日志中，序号", "the rating is in the log, entry")))
}

fn line<'log>(log: &'log Log, head: Option<&Head>, seen: &'static str) -> Line<'log> {
    Line {
        log: log.key.split('+').next().unwrap_or_default(),
        url: &log.url,
        size: head.map(|head| head.size),
        root: head.map(|head| data_encoding::HEXLOWER.encode(&head.root.0)),
        seen,
        error: None,
    }
}

fn tell(c: &Context, line: &Line<'_>, said: &str) -> Result<(), Failure> {
    if c.json {
        return output::json(line);
    }
    let size = line.size.map_or_else(|| "—".to_owned(), |size| size.to_string());
    output::line(&format!("{}  {size}  {}", line.log, output::clean(said)))
}
