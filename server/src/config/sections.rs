//! The smaller sections of the settings; each field's meaning and default stand
//! in `config/default.toml`.

use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use qiyema_protocol::{staff::Role, text::Text};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de::Error};

use super::http::Net;
use crate::domain::wording;

/// `[database]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// As set; empty means the default. It may hold a password.
    #[serde(deserialize_with = "database_url")]
    pub url: SecretString,
    /// Connections that read.
    pub pool: NonZeroU32,
}

impl Database {
    /// The URL, or `sqlite:DATA/qiyema.db`.
    #[must_use]
    pub fn url_or_default(&self, paths: &Paths) -> SecretString {
        if self.url.expose_secret().is_empty() {
            format!("sqlite:{}", paths.data.join("qiyema.db").display()).into()
        } else {
            self.url.clone()
        }
    }
}

/// `[paths]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Database and backups.
    pub data: PathBuf,
    keys: PathBuf,
}

impl Paths {
    /// Folder of the signing keys.
    #[must_use]
    pub fn keys_dir(&self) -> PathBuf {
        if self.keys == Path::new("") { self.data.join("keys") } else { self.keys.clone() }
    }
}

/// `[keys]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Locks the files of the key folder; empty: they are kept as they are.
    #[serde(deserialize_with = "secret")]
    pub passphrase: SecretString,
}

/// `[centre]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Telephone.
    pub phone: String,
    /// Time zone of dates and working days.
    #[serde(deserialize_with = "time_zone")]
    pub time_zone: chrono_tz::Tz,
    /// Full names at the scan tier, or surname and post.
    pub show_full_names: bool,
    /// A PNG: the emblem on plaques; empty: none.
    pub logo: PathBuf,
}

/// `[console]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Console {
    /// Minutes after which an unused session ends.
    pub idle_minutes: NonZeroU32,
    /// Hours after which any session ends.
    pub absolute_hours: NonZeroU32,
}

/// `[wording]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is documented in `domain::wording`")]
pub struct Wording {
    pub home_lead_zh: String,
    pub home_lead_en: String,
    pub board_empty_zh: String,
    pub board_empty_en: String,
    pub pin_why_zh: String,
    pub pin_why_en: String,
    pub thanks_zh: String,
    pub thanks_en: String,
    pub thanks_bad_zh: String,
    pub thanks_bad_en: String,
    pub mail_closing_zh: String,
    pub mail_closing_en: String,
}

impl Wording {
    /// Each in both languages.
    #[must_use]
    pub fn texts(&self) -> wording::Wording {
        wording::Wording {
            home_lead: Text::new(&*self.home_lead_zh, &*self.home_lead_en),
            board_empty: Text::new(&*self.board_empty_zh, &*self.board_empty_en),
            pin_why: Text::new(&*self.pin_why_zh, &*self.pin_why_en),
            thanks: Text::new(&*self.thanks_zh, &*self.thanks_en),
            thanks_bad: Text::new(&*self.thanks_bad_zh, &*self.thanks_bad_en),
            mail_closing: Text::new(&*self.mail_closing_zh, &*self.mail_closing_en),
        }
    }
}

/// `[rating]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Days after closure during which an issue can be rated.
    pub window_days: u32,
    /// Days after closure after which who has not rated is reminded once; 0 never.
    pub reminder_days: u32,
    /// Networks of the offices.
    pub office_networks: Vec<Net>,
    /// Ratings of one unit or handler from one network or device…
    pub burst_ratings: NonZeroU32,
    /// …within so many minutes that are a burst.
    pub burst_minutes: NonZeroU32,
    /// Enterprises that one device rates for until it is flagged.
    pub device_enterprises: NonZeroU32,
}

/// `[accounts]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Roles that need a second factor.
    #[serde(deserialize_with = "roles")]
    pub second_factor_roles: Vec<Role>,
    /// Hours a one-time link lasts.
    pub link_hours: NonZeroU32,
}

/// `[grades]`: working days.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grades {
    /// 即办
    pub immediate: NonZeroU32,
    /// 简易
    pub simple: NonZeroU32,
    /// 一般
    pub general: NonZeroU32,
    /// 复杂
    pub complex: NonZeroU32,
    /// 疑难跨部门
    pub cross_department: NonZeroU32,
}

/// `[limits]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Wrong PINs of all strangers at one code in a day that cost no wait.
    pub pin_free_per_code: u32,
    /// Wrong PINs of one address at one code in a day that cost no wait.
    pub pin_free_per_address: u32,
    /// The longest wait between two PINs.
    pub pin_longest_wait_minutes: NonZeroU32,
    /// Wrong passwords of all strangers for one user name in a day that cost no wait.
    pub sign_in_free_per_name: u32,
    /// Wrong passwords of one address for one user name in a day that cost no wait.
    pub sign_in_free_per_address: u32,
    /// The longest wait between two passwords.
    pub sign_in_longest_wait_minutes: NonZeroU32,
    /// PINs and passwords from one address, whatever they are for.
    pub guesses_per_minute: NonZeroU32,
    /// Days a device that proved its PIN is remembered.
    pub device_days: NonZeroU32,
    /// Scans of a code from one address.
    pub scans_per_minute: NonZeroU32,
    /// Ratings through a code from one address.
    pub ratings_per_minute: NonZeroU32,
    /// Questions about the log and receipts from one address.
    pub log_reads_per_minute: NonZeroU32,
}

/// `[retention]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Hours an answer is kept for a repeated `Idempotency-Key`.
    pub answer_hours: u32,
    /// Days guesses at PINs and passwords are kept.
    pub attempt_days: NonZeroU32,
    /// Days sessions are kept after their end.
    pub session_days: u32,
    /// Days devices are kept after their end.
    pub device_days: u32,
    /// Days the keyed hashes of where ratings came from are kept, and their key is used.
    pub trace_days: NonZeroU32,
}

/// `[log]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// For machines or for people.
    #[serde(deserialize_with = "log_format")]
    pub format: LogFormat,
    /// tracing-subscriber's filter.
    pub filter: String,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

// Serde's own messages repeat the value; a setting's value may be secret.

/// A secret as it stands.
pub(super) fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

fn database_url<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    let url = String::deserialize(from)?;
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if known || url.is_empty() {
        Ok(url.into())
    } else {
        Err(D::Error::custom("database.url begins with sqlite: or postgres://"))
    }
}

fn roles<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Role>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    let role = |word: String| serde_json::from_value(word.into()).ok();
    words
        .into_iter()
        .map(role)
        .collect::<Option<_>>()
        .ok_or_else(|| D::Error::custom("accounts.second_factor_roles needs roles such as administrator"))
}

fn time_zone<'de, D: Deserializer<'de>>(from: D) -> Result<chrono_tz::Tz, D::Error> {
    let name = String::deserialize(from)?;
    name.parse().map_err(|_| D::Error::custom("centre.time_zone needs a name such as Asia/Shanghai"))
}

fn log_format<'de, D: Deserializer<'de>>(from: D) -> Result<LogFormat, D::Error> {
    match String::deserialize(from)?.as_str() {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        _ => Err(D::Error::custom("log.format is json or text")),
    }
}
