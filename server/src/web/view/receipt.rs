//! The page of a receipt.

use askama::Template;
use chrono_tz::Tz;
use qiyema_protocol::{
    board::Centre,
    rating::{Round, Tier, Verdict},
    receipt::{ReceiptClaims, ReceiptStatus, Standing},
    text::Text,
};

use super::STYLE;
use crate::web::words::{
    Words,
    console::ratings as said,
    lang::Lang,
    receipt::{ReceiptWords, standing},
};

/// `GET /receipts`.
#[derive(Debug)]
pub struct ReceiptPage<'a> {
    /// The language.
    pub words: &'static Words,
    /// Large type.
    pub care: bool,
    /// Who answers for it.
    pub centre: &'a Centre,
    /// What was pasted.
    pub typed: &'a str,
    /// What became of the rating.
    pub found: Option<&'a ReceiptStatus>,
    /// Why it is no receipt.
    pub fault: Option<Text>,
    /// Local time.
    pub zone: Tz,
}

impl ReceiptPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// When the template cannot be written.
    pub fn render(&self) -> Result<String, askama::Error> {
        let lang = Lang::of(self.words.code);
        let minute = |at: chrono::DateTime<chrono::Utc>| {
            at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
        };
        let given = self.found.and_then(|found| chrono::DateTime::from_timestamp(found.receipt.iat, 0));
        ReceiptHtml {
            w: self.words,
            r: ReceiptWords::of(lang),
            style: STYLE,
            care: self.care,
            centre: self.words.say(&self.centre.name),
            typed: self.typed,
            fault: self.fault.as_ref().map(|text| self.words.say(text)),
            receipt: self.found.map(|found| &found.receipt),
            given: given.map_or_else(String::new, minute),
            said: self.found.map_or_else(String::new, |found| {
                let one = &found.receipt;
                let parts = [
                    said::verdict(lang, one.verdict),
                    said::round(lang, one.round),
                    said::tier(lang, one.tier),
                ];
                parts.join(" · ")
            }),
            intact: self.found.is_none_or(|found| found.standing.is_intact()),
            standing: self.found.map_or(("", ""), |found| standing(lang, found.standing)),
            exclusion: self.found.and_then(|found| found.exclusion.as_ref()).map(|one| {
                let r = ReceiptWords::of(lang);
                let later = match one.given_later {
                    0 => String::new(),
                    later => format!(" · {later} {}", r.given_later),
                };
                let ground = said::ground(lang, one.ground);
                format!("{ground} · {} {}{later} · {}", one.people, r.people, minute(one.at))
            }),
            log: self.found.map(|found| {
                found
                    .log
                    .as_ref()
                    .map(|log| (log.position, log.size, &*log.leaf, &*log.proof, &*log.checkpoint))
            }),
            entry: self.found.and_then(|found| found.log.as_ref()?.entry.as_deref()),
            own: self.found.is_some_and(|found| {
                let entry = found.log.as_ref().and_then(|log| log.entry.as_deref());
                entry.is_some_and(|entry| found.receipt.is_of(entry))
            }),
        }
        .render()
    }
}

/// A receipt to look at.
#[must_use]
pub fn sample(standing: Standing) -> ReceiptStatus {
    ReceiptStatus {
        receipt: ReceiptClaims {
            iss: "qy.example.cn".into(),
            sub: "01a21290-f51e-76f7-b59f-46684b6983ea".into(),
            issue: "Q20261124-0007".into(),
            closure: "01a21290-f51e-76f7-b59f-46684b698300".into(),
            verdict: Verdict::Good,
            tier: Tier::Owner,
            round: Round::First,
            digest: "00".repeat(32),
            iat: 1_795_500_000,
        },
        standing,
        exclusion: None,
        log: None,
    }
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptHtml<'a> {
    w: &'static Words,
    r: &'static ReceiptWords,
    style: &'static str,
    care: bool,
    centre: &'a str,
    typed: &'a str,
    fault: Option<&'a str>,
    receipt: Option<&'a ReceiptClaims>,
    given: String,
    said: String,
    intact: bool,
    standing: (&'static str, &'static str),
    exclusion: Option<String>,
    entry: Option<&'a str>,
    own: bool,
    #[expect(clippy::type_complexity, reason = "place, size, leaf, proof and head of one inclusion")]
    log: Option<Option<(u64, u64, &'a str, &'a [String], &'a str)>>,
}
