//! `qiyema receipt …`: checks a receipt without a network, or asks its host whether the rating still stands.

use qiyema_protocol::{
    keyring::KeyRing,
    receipt::{ReceiptClaims, ReceiptError, ReceiptStatus, Standing},
};
use reqwest::Method;

use super::Context;
use crate::{clock, exit::Failure, keys::Store, output, witness};

/// Verifies a receipt: a file, or the compact JWS itself.
pub fn verify(c: &Context, given: &str, ask: bool) -> Result<(), Failure> {
    let (claims, text) = genuine(given)?;
    output::people(c.lang.of("回执真实", "the receipt is genuine"));
    if ask {
        return online(c, &claims, &text);
    }
    output::json(&claims)
}

/// What a genuine receipt says, and its text.
pub fn genuine(given: &str) -> Result<(ReceiptClaims, String), Failure> {
    let text = if std::path::Path::new(given).is_file() {
        std::fs::read_to_string(given)?
    } else {
        given.to_owned()
    };
    for (host, trusted) in &Store::load()?.hosts {
        let ring = KeyRing::from_jwks(&trusted.jwks).map_err(Failure::failed)?;
        match ReceiptClaims::open(&text, &ring, host) {
            Ok(claims) => return Ok((claims, text.trim().to_owned())),
            Err(error @ ReceiptError::Malformed) => return Err(bad(&error.to_string())),
            Err(ReceiptError::Key | ReceiptError::Signature) => {}
        }
    }
    Err(bad("没有信任的密钥签过它 / signed by no trusted key"))
}

/// Asks the host that gave the receipt whether its rating still stands, and checks the proof that it gives.
fn online(c: &Context, claims: &ReceiptClaims, text: &str) -> Result<(), Failure> {
    let store = Store::load()?;
    let origin = store.hosts.get(&claims.iss).map(|trusted| trusted.origin.clone());
    let origin = origin.ok_or_else(|| bad("没有信任的密钥签过它 / signed by no trusted key"))?;
    let found: ReceiptStatus =
        c.api.json(Method::GET, &format!("{origin}/api/v1/receipts/{text}"), None, None)?;
    if found.receipt != *claims {
        return Err(bad("服务器答非所问 / the server answers about another receipt"));
    }
    if let Some(log) = &found.log {
        let key = c.api.bytes(Method::GET, &format!("{origin}/ledger/key"), None, None)?;
        witness::included(log, String::from_utf8(key).map_err(Failure::failed)?.trim())?;
        // Of a rating that was altered the entry cannot be shown any more; that is said below.
        if found.standing.is_intact() {
            witness::is_of(log, claims)?;
        }
    }
    if c.json {
        output::json(&found)?;
    } else {
        output::line(said(c, found.standing))?;
        if let Some(one) = &found.exclusion {
            let ground = serde_json::to_value(one.ground).map_err(Failure::failed)?;
            output::line(&format!("  {}  {}", ground.as_str().unwrap_or_default(), clock::minute(one.at)))?;
            if one.given_later > 0 {
                let word = c.lang.of(
                    "名决定人在申诉提出后才取得复核资格",
                    "of those who decided got the role for it after the appeal was filed",
                );
                output::line(&format!("  {} {word}", one.given_later))?;
            }
        }
        match &found.log {
            Some(log) => {
                let word = c.lang.of("在防篡改日志中，证明成立，序号", "in the log, the proof holds, entry");
                output::line(&format!("{word} {} / {}", log.position, log.size))?;
            }
            None => output::line(c.lang.of("尚未记入日志", "not in the log yet"))?,
        }
    }
    if found.standing.is_intact() {
        return Ok(());
    }
    Err(Failure::new(6, said(c, found.standing).to_owned()))
}

fn said<'t>(c: &Context, standing: Standing) -> &'t str {
    match standing {
        Standing::Counted => c.lang.of("评价有效，已计入统计", "the rating stands and counts"),
        Standing::Unverified => {
            c.lang.of("评价有效，未验证身份，单列显示", "the rating stands, unverified, shown apart")
        }
        Standing::Superseded => {
            c.lang.of("评价有效，已由企业评价代替", "the rating stands, superseded by the owner's")
        }
        Standing::Excluded => c.lang.of(
            "评价保留，申诉成立，不计入统计",
            "the rating is kept; an appeal was accepted, it is not counted",
        ),
        Standing::Beside => c.lang.of("追评有效", "the second rating stands"),
        Standing::Altered => c.lang.of(
            "评价已被改动，请保存回执并联系审计人员",
            "the rating was ALTERED: keep the receipt and tell an auditor",
        ),
        Standing::Missing => c.lang.of(
            "评价不见了，请保存回执并联系审计人员",
            "the rating is GONE: keep the receipt and tell an auditor",
        ),
    }
}

fn bad(why: &str) -> Failure {
    Failure::new(6, format!("回执无效 / receipt invalid: {why}"))
}
