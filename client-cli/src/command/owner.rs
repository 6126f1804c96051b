//! What a reader of a code does: scan, verify and rate.

use std::io::IsTerminal as _;

use data_encoding::HEXLOWER;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use qiyema_protocol::{
    board::Board,
    rating::{NewRating, Rated},
    seal::Located,
};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Context, pin, source};
use crate::{args::Rate, board, clock, exit::Failure, keys::Store, output, revocations::Lists};

/// How codes are to be read.
pub struct Wish {
    /// Ask no server.
    pub offline: bool,
    /// Page of the board.
    pub page: u32,
    /// Use the remembered device.
    pub owner: bool,
}

/// Scans sources one by one; the first failure decides the exit code.
pub fn scan(c: &Context, sources: &[String], wish: &Wish) -> Result<(), Failure> {
    let store = Store::load()?;
    let several = sources.len() > 1;
    let bar = progress(sources.len());
    let (mut first, mut failures) = (None, 0_usize);
    for source in sources {
        bar.set_message(output::clean(source));
        let codes = source::all(source, &store);
        let outcome = bar.suspend(|| {
            let codes = codes?;
            let wrapped = several || codes.len() > 1;
            let mut outcome = Ok(());
            for located in &codes {
                let one = one(c, &store, source, located, wish, wrapped);
                outcome = outcome.and(one);
            }
            outcome
        });
        if let Err(failure) = outcome {
            failures += 1;
            bar.suspend(|| report(c, source, &failure, several))?;
            first.get_or_insert(failure);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    match first {
        Some(failure) if several => {
            let of = sources.len();
            Err(Failure { message: format!("失败 / failed: {failures} / {of}"), ..failure })
        }
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

fn report(c: &Context, source: &str, failure: &Failure, several: bool) -> Result<(), Failure> {
    if several {
        output::people(&format!("{source}: {failure}"));
    }
    if c.json {
        let (exit, code) = (failure.exit, &failure.code);
        let line = json!({"source": source, "exit": exit, "code": code, "error": failure.message});
        output::json(&line)?;
    }
    Ok(())
}

/// On standard error, for more than one photo and a person who watches.
fn progress(count: usize) -> ProgressBar {
    if count < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(u64::try_from(count).ok(), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

fn one(
    c: &Context,
    store: &Store,
    source: &str,
    located: &Located,
    wish: &Wish,
    wrapped: bool,
) -> Result<(), Failure> {
    let (trusted, verified) = store.verify(located)?;
    let code = verified.code().to_string();
    let host = located.host.as_str();
    if wish.offline {
        let days = (clock::now() - trusted.fetched_at).num_days();
        let known = Lists::load()?.check(&located.host, trusted, verified)?;
        if c.json {
            let mut proof = json!({"valid": true, "host": host, "code": code, "kid": verified.kid(),
                "keys_fetched_at": trusted.fetched_at, "keys_age_days": days,
                "revocations_at": known.age().map(|(at, _)| at), "revocations_age_days": known.age().map(|(_, days)| days)});
            if let (true, Some(map)) = (wrapped, proof.as_object_mut()) {
                map.insert("source".to_owned(), Value::from(source));
            }
            return output::json(&proof);
        }
        let (word, keys) = (known.words(c.lang), c.lang.of("密钥天数", "keys' age in days"));
        return output::line(&format!("{code} @ {host}: {word}; {keys}: {days}"));
    }
    let token = if wish.owner { Some(pin::needed(&code)?) } else { None };
    let url = format!("{}/api/v1/scans/{}?page={}", trusted.origin, located.seal.segment(), wish.page);
    let answer: Board = c.api.json(Method::GET, &url, token.as_deref(), None)?;
    match (c.json, wrapped) {
        (true, true) => output::json(&json!({"source": source, "host": host, "code": code, "board": answer})),
        (true, false) => output::json(&answer),
        (false, _) => board::show(c.lang, &answer),
    }
}

/// Rates a closed issue.
pub fn rate(c: &Context, rate: &Rate) -> Result<(), Failure> {
    let store = Store::load()?;
    let rating = wanted(rate)?;
    let issue = super::segment("--issue", &rate.issue)?;
    let located = source::one(&rate.source, &store)?;
    let (trusted, verified) = store.verify(&located)?;
    let token = pin::remembered(&verified.code().to_string())?;
    if token.is_none() {
        output::people(c.lang.of(
            "未输入企业口令，本次评价按“未验证”收下、单独列示。先输入：qiyema pin enter",
            "no PIN was entered, so this rating goes in as unverified and is shown apart. To enter it first: qiyema pin enter",
        ));
    }
    let body = serde_json::to_value(&rating)?;
    let segment = located.seal.segment();
    let url = format!("{}/api/v1/scans/{segment}/issues/{issue}/ratings", trusted.origin);
    let key = idempotency_key(&segment, issue, token.is_some(), &body);
    let rated: Rated = c.api.post_once(&url, token.as_deref(), &body, &key)?;
    let saved = rate.receipt.as_ref().map_or(Ok(()), |path| {
        std::fs::write(path, &rated.receipt).map_err(|e| {
            // The rating is stored; its receipt must not be lost with the disk.
            output::people(&output::clean(&rated.receipt));
            let path = path.display();
            Failure::failed(format!(
                "评价已收到，回执未能保存 / rated; the receipt could not be saved: {path}: {e}"
            ))
        })
    });
    if c.json {
        output::json(&rated)?;
    } else {
        output::people(&output::clean(c.lang.of(&rated.message.zh, &rated.message.en)));
        output::line(&output::clean(&rated.receipt))?;
    }
    saved
}

fn wanted(rate: &Rate) -> Result<NewRating, Failure> {
    let wanted: NewRating = serde_json::from_value(json!({
        "verdict": if rate.good { "good" } else { "bad" },
        "level": rate.level, "tags": rate.tag, "comment": rate.comment, "solved": rate.solved,
    }))?;
    if wanted.level.is_some_and(|level| level.verdict() != wanted.verdict) {
        return Err(Failure::new(2, "--level 与好评/差评矛盾 / --level contradicts --good or --bad"));
    }
    Ok(wanted)
}

/// From what is sent, and as whom: a retry after a broken connection says the
/// same and is answered with the first answer. The day is in it, so that a later
/// closure of the same issue can be rated in the same words.
fn idempotency_key(seal: &str, issue: &str, owner: bool, body: &Value) -> String {
    let today = clock::local(clock::now()).date_naive();
    let text = format!("{seal}\n{issue}\n{owner}\n{today}\n{body}");
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}
