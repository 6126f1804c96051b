//! `qiyema keys …`.

use std::io::IsTerminal as _;

use qiyema_protocol::{keyring::Jwks, seal::Host};
use reqwest::Method;

use super::Context;
use crate::{
    args::Keys,
    clock,
    exit::Failure,
    keys::{self, Store, Trusted},
    output,
    revocations::Lists,
};

/// Runs a key verb.
pub fn run(c: &Context, verb: Keys) -> Result<(), Failure> {
    let mut store = Store::load()?;
    match verb {
        Keys::List => list(c, &store),
        Keys::Fetch => fetch(c, &mut store),
        Keys::Forget { url } => {
            if store.hosts.remove(keys::origin(&url, true)?.as_str()).is_none() {
                return Err(Failure::new(5, format!("没有这个网址 / not trusted anyway: {url}")));
            }
            store.save()?;
            let mut lists = Lists::load()?;
            lists.hosts.retain(|host, _| store.hosts.contains_key(host));
            lists.save()
        }
        Keys::Trust { url, jwks, yes } => {
            let host = keys::origin(&url, c.insecure)?;
            if !yes && !std::io::stdin().is_terminal() {
                return Err(Failure::new(2, "不是终端 / not a terminal: add --yes"));
            }
            let fetched = jwks.is_none();
            let jwks = match jwks {
                Some(path) => keys::from_file(&path)?,
                None => ask(c, &host.origin())?,
            };
            trust(&mut store, &host, jwks, yes)?;
            // Keys from a file may be meant for a machine without a network.
            if fetched { learn(c, &store) } else { Ok(()) }
        }
    }
}

fn list(c: &Context, store: &Store) -> Result<(), Failure> {
    for trusted in store.hosts.values() {
        if c.json { output::json(trusted)? } else { output::line(&describe(trusted))? }
    }
    Ok(())
}

/// One host that fails keeps its old keys and does not hold up the others.
fn fetch(c: &Context, store: &mut Store) -> Result<(), Failure> {
    let mut first = Ok(());
    for trusted in store.hosts.values_mut() {
        let fresh = ask(c, &trusted.origin).and_then(|jwks| {
            keys::unchanged(&trusted.jwks, &jwks)?;
            Ok(jwks)
        });
        match fresh {
            Ok(jwks) => {
                trusted.jwks = jwks;
                trusted.fetched_at = clock::now();
                output::people(&describe(trusted));
            }
            Err(failure) => {
                output::people(&format!("{}: {failure}", trusted.origin));
                first = first.and(Err(Failure {
                    message: "有网址未更新，其余已保存 / some hosts were not refreshed; the others are saved"
                        .to_owned(),
                    ..failure
                }));
            }
        }
    }
    store.save()?;
    learn(c, store)?;
    first
}

/// Fetches what is known of revoked codes; a server that has no list, or a false one, is told of.
fn learn(c: &Context, store: &Store) -> Result<(), Failure> {
    let mut lists = Lists::load()?;
    for (name, trusted) in &store.hosts {
        let Some(host) = Host::from_origin(&trusted.origin) else { continue };
        if let Err(failure) = lists.fetch(&c.api, &host, trusted) {
            output::people(&format!(
                "{name}: {}: {failure}",
                c.lang.of("吊销清单未更新", "the list of revoked codes was not refreshed")
            ));
        }
    }
    lists.hosts.retain(|host, _| store.hosts.contains_key(host));
    lists.save()
}

fn trust(store: &mut Store, host: &Host, jwks: Jwks, yes: bool) -> Result<(), Failure> {
    if let Some(old) = store.hosts.get(host.as_str()) {
        keys::unchanged(&old.jwks, &jwks)?;
    }
    let trusted = Trusted { origin: host.origin(), fetched_at: clock::now(), jwks };
    output::people(&describe(&trusted));
    if !yes {
        confirm()?;
    }
    store.hosts.insert(host.as_str().to_owned(), trusted);
    store.save().map(drop)
}

fn confirm() -> Result<(), Failure> {
    output::people("信任这些密钥？ / Trust these keys? [y/N]");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim().eq_ignore_ascii_case("y") {
        Ok(())
    } else {
        Err(Failure::new(3, "已取消 / cancelled"))
    }
}

fn ask(c: &Context, origin: &str) -> Result<Jwks, Failure> {
    keys::checked(c.api.json(Method::GET, &format!("{origin}/.well-known/jwks.json"), None, None)?)
}

fn describe(trusted: &Trusted) -> String {
    let mut lines = vec![format!("{} ({})", trusted.origin, clock::minute(trusted.fetched_at))];
    for key in &trusted.jwks.keys {
        lines.push(format!("  {}  SHA256 {}", key.kid, keys::fingerprint(key)));
    }
    for kid in &trusted.jwks.retired {
        lines.push(format!("  {kid}  已停用 / retired"));
    }
    lines.join("\n")
}
