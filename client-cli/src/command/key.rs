//! `qiyema keys …`.

use std::io::IsTerminal as _;

use chrono::Utc;
use qiyema_protocol::{keyring::Jwks, seal::Host};
use reqwest::Method;

use super::Context;
use crate::{
    args::Keys,
    exit::Failure,
    keys::{self, Store, Trusted},
    output,
};

/// Runs a key verb.
pub fn run(context: &Context, verb: Keys) -> Result<(), Failure> {
    let mut store = Store::load()?;
    match verb {
        Keys::List => {
            for trusted in store.hosts.values() {
                if context.json {
                    output::json(trusted)?;
                } else {
                    output::line(&describe(trusted))?;
                }
            }
            return Ok(());
        }
        Keys::Fetch => {
            for trusted in store.hosts.values_mut() {
                let jwks = fetch(context, &trusted.origin)?;
                keys::unchanged(&trusted.jwks, &jwks)?;
                *trusted = Trusted { origin: trusted.origin.clone(), fetched_at: Utc::now(), jwks };
                output::people(&describe(trusted));
            }
        }
        Keys::Forget { url } => {
            if store.hosts.remove(host(&url)?.as_str()).is_none() {
                return Err(Failure::new(5, format!("没有这个网址 / not trusted anyway: {url}")));
            }
        }
        Keys::Trust { url, jwks, yes, insecure } => {
            let host = host(&url)?;
            if host.is_plain_http() && !loopback(&host) && !insecure {
                return Err(Failure::new(
                    2,
                    "明文 http 不安全 / plain http is unsafe: use https, or --insecure",
                ));
            }
            let jwks = match jwks {
                Some(path) => keys::from_file(&path)?,
                None => fetch(context, &host.origin())?,
            };
            if let Some(old) = store.hosts.get(host.as_str()) {
                keys::unchanged(&old.jwks, &jwks)?;
            }
            let trusted = Trusted { origin: host.origin(), fetched_at: Utc::now(), jwks };
            output::people(&describe(&trusted));
            if !yes {
                confirm()?;
            }
            store.hosts.insert(host.as_str().to_owned(), trusted);
        }
    }
    store.save().map(drop)
}

fn confirm() -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(2, "不是终端 / not a terminal: add --yes"));
    }
    output::people("信任这些密钥？ / Trust these keys? [y/N]");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim().eq_ignore_ascii_case("y") {
        Ok(())
    } else {
        Err(Failure::new(3, "已取消 / cancelled"))
    }
}

fn host(url: &str) -> Result<Host, Failure> {
    Host::from_origin(url)
        .ok_or_else(|| Failure::new(2, format!("不是网址 / not an origin like https://host: {url}")))
}

fn loopback(host: &Host) -> bool {
    let name = host.as_str().rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let bare = name.trim_matches(|c| matches!(c, '[' | ']'));
    name == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn fetch(context: &Context, origin: &str) -> Result<Jwks, Failure> {
    keys::checked(context.api.json(Method::GET, &format!("{origin}/.well-known/jwks.json"), None, None)?)
}

fn describe(trusted: &Trusted) -> String {
    let mut text = format!("{} ({})", trusted.origin, trusted.fetched_at.format("%Y-%m-%d %H:%MZ"));
    for key in &trusted.jwks.keys {
        text.push_str(&format!("\n  {}  SHA256 {}", key.kid, keys::fingerprint(key)));
    }
    text
}
