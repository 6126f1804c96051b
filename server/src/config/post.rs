//! What runs by itself, and how messages leave the house.

use std::num::NonZeroU32;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error};

use super::Net;

/// `[jobs]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Seconds between two looks.
    pub tick_seconds: NonZeroU32,
    /// Issues, or messages, in one look.
    pub batch: NonZeroU32,
    /// Days that settled messages are kept.
    pub outbox_days: NonZeroU32,
}

/// `[delivery]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Seconds one try may take.
    pub timeout_seconds: NonZeroU32,
    /// Seconds before the second try.
    pub first_retry_seconds: NonZeroU32,
    /// Days after which a message is given up.
    pub give_up_days: NonZeroU32,
}

/// `[webhooks]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    /// Networks that may be called although they are not public.
    pub allowed_networks: Vec<Net>,
}

/// `[mail]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Mail server; empty: no e-mail.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    #[serde(deserialize_with = "tls")]
    pub tls: MailTls,
    /// PEM file of certificate authorities trusted besides the public ones; empty: none.
    pub ca_file: String,
    /// User name at the mail server; empty: none.
    pub username: String,
    /// Password at the mail server.
    #[serde(deserialize_with = "secret")]
    pub password: SecretString,
    /// From whom.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// Plain first, then TLS; without it nothing is sent.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: for a relay on the same machine.
    None,
}

// Serde's own messages repeat the value; a setting's value may be secret.

fn tls<'de, D: Deserializer<'de>>(from: D) -> Result<MailTls, D::Error> {
    match String::deserialize(from)?.as_str() {
        "starttls" => Ok(MailTls::Starttls),
        "tls" => Ok(MailTls::Tls),
        "none" => Ok(MailTls::None),
        _ => Err(D::Error::custom("mail.tls is starttls, tls or none")),
    }
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}
