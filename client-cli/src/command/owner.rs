//! What a reader of a code does: scan, verify, rate, prove the PIN, keep receipts.

use chrono::Utc;
use jsonwebtoken::{Algorithm, Validation};
use qiyema_protocol::{
    board::{Board, Device},
    keyring::{KeyRing, Known},
    rating::Rated,
    receipt::{RECEIPT_TYP, ReceiptClaims},
    seal::Host,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Context, source};
use crate::{
    args::{Pin, Rate},
    credentials::{self, Devices},
    exit::Failure,
    keys::Store,
    output,
};

/// Scans sources one by one; the first failure decides the exit code.
pub fn scan(
    context: &Context,
    sources: &[String],
    offline: bool,
    page: u32,
    owner: bool,
) -> Result<(), Failure> {
    let store = Store::load()?;
    let mut first = None;
    for source in sources {
        if let Err(failure) = one(context, &store, source, offline, page, owner) {
            if sources.len() > 1 {
                output::people(&format!("{source}: {failure}"));
            }
            if context.json {
                output::json(&json!({"source": source, "exit": failure.exit, "error": failure.message}))?;
            }
            first.get_or_insert(failure);
        }
    }
    first.map_or(Ok(()), Err)
}

fn one(c: &Context, store: &Store, from: &str, offline: bool, page: u32, owner: bool) -> Result<(), Failure> {
    let located = source::read(from)?;
    let (trusted, verified) = store.verify(&located)?;
    let days = (Utc::now() - trusted.fetched_at).num_days();
    let code = verified.code().to_string();
    if offline {
        if c.json {
            return output::json(&json!({"valid": true, "host": located.host.as_str(), "code": code,
                "kid": verified.kid(), "keys_fetched_at": trusted.fetched_at, "keys_age_days": days}));
        }
        let word = c.lang.of(
            "签名真实；是否已吊销须联网查询。密钥天数",
            "genuine; whether it was revoked only the server knows. Keys' age in days",
        );
        return output::line(&format!("{code} @ {}: {word}: {days}", located.host.as_str()));
    }
    let token = if owner { Some(device(&code)?) } else { None };
    let url = format!("{}/api/v1/scans/{}?page={page}", trusted.origin, located.seal.segment());
    let board: Board = c.api.json(Method::GET, &url, token.as_deref(), None)?;
    if c.json { output::json(&board) } else { output::board(c.lang, &board) }
}

fn device(code: &str) -> Result<String, Failure> {
    let devices: Devices = credentials::read("devices.json")?.unwrap_or_default();
    let found = devices.get(code).cloned();
    found.ok_or_else(|| Failure::new(4, "本机未验证 / PIN not proved here: qiyema pin enter PHOTO"))
}

/// Rates a closed issue.
pub fn rate(c: &Context, rate: &Rate) -> Result<(), Failure> {
    let store = Store::load()?;
    let located = source::read(&rate.source)?;
    let (trusted, verified) = store.verify(&located)?;
    let plain = !rate.issue.is_empty() && rate.issue.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !plain {
        return Err(Failure::new(2, "--issue: Q20261124-0007"));
    }
    let mut body = json!({"verdict": if rate.good { "good" } else { "bad" }, "tags": rate.tag});
    let optional = [("level", &rate.level), ("comment", &rate.comment), ("solved", &rate.solved)];
    if let Some(map) = body.as_object_mut() {
        for (name, value) in optional {
            if let Some(value) = value {
                map.insert(name.to_owned(), Value::from(value.as_str()));
            }
        }
    }
    let (origin, seal) = (&trusted.origin, located.seal.segment());
    let url = format!("{origin}/api/v1/scans/{seal}/issues/{}/ratings", rate.issue);
    let token = device(&verified.code().to_string()).ok();
    let rated: Rated = c.api.json(Method::POST, &url, token.as_deref(), Some(&body))?;
    if let Some(path) = &rate.receipt {
        std::fs::write(path, &rated.receipt)?;
    }
    if c.json {
        return output::json(&rated);
    }
    output::people(c.lang.of(&rated.message.zh, &rated.message.en));
    output::line(&rated.receipt)
}

/// Verifies a receipt offline.
pub fn receipt(c: &Context, given: &str) -> Result<(), Failure> {
    let text = if std::path::Path::new(given).is_file() {
        std::fs::read_to_string(given)?
    } else {
        given.to_owned()
    };
    let bad = |why: &str| Failure::new(6, format!("回执无效 / receipt invalid: {why}"));
    let header = jsonwebtoken::decode_header(text.trim()).map_err(|e| bad(&e.to_string()))?;
    if header.typ.as_deref() != Some(RECEIPT_TYP) || header.alg != Algorithm::EdDSA {
        return Err(bad("typ, alg"));
    }
    let kid: u8 = header.kid.and_then(|k| k.parse().ok()).ok_or_else(|| bad("kid"))?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    for (name, trusted) in &Store::load()?.hosts {
        let ring = KeyRing::from_jwks(&trusted.jwks).map_err(Failure::failed)?;
        let Known::Live(key) = ring.find(kid) else { continue };
        if let Ok(token) = jsonwebtoken::decode::<ReceiptClaims>(text.trim(), key, &rules) {
            let issuer = &token.claims.iss;
            if issuer == name || Host::from_origin(issuer).is_some_and(|h| h.as_str() == name) {
                output::people(c.lang.of("回执真实", "the receipt is genuine"));
                return output::json(&token.claims);
            }
        }
    }
    Err(bad("没有信任的密钥签过它 / signed by no trusted key"))
}

/// Proves or forgets the PIN.
pub fn pin(c: &Context, verb: Pin) -> Result<(), Failure> {
    let Pin::Enter { source, pin_stdin } = verb else { return credentials::remove("devices.json") };
    let store = Store::load()?;
    let located = source::read(&source)?;
    let (trusted, verified) = store.verify(&located)?;
    let pin = super::staff::secret(pin_stdin, "--pin-stdin", c.lang.of("企业验证码: ", "PIN: "))?;
    let url = format!("{}/api/v1/scans/{}/devices", trusted.origin, located.seal.segment());
    let device: Device = c.api.json(Method::POST, &url, None, Some(&json!({"pin": pin})))?;
    let mut devices: Devices = credentials::read("devices.json")?.unwrap_or_default();
    devices.insert(verified.code().to_string(), device.token);
    credentials::write("devices.json", &devices)?;
    output::people(c.lang.of("本机已记住", "this device is remembered"));
    Ok(())
}
