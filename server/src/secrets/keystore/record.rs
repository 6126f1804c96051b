//! What the ring file says of a key, and why the folder refuses.

use std::path::PathBuf;

use qiyema_protocol::{algorithm::Algorithm, keyring};
use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, secrets::files::FileError};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// Its seals stand; it does not sign new ones.
    Live,
    /// Its seals stand and it signs new ones.
    Active,
    /// Its seals are void for ever.
    Retired,
}

/// The public part of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// 1 to 255.
    pub kid: u8,
    /// `EdDSA` or `SM2`, for ever.
    pub alg: Algorithm,
    /// Public key, base64url without padding.
    pub x: String,
    /// The second coordinate of an SM2 key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it may do.
    pub status: KeyStatus,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
}

/// Why the key folder refuses.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file could not be read or written, or is open to others.
    #[error(transparent)]
    File(#[from] FileError),
    /// `keyring.json` is damaged.
    #[error("{path} is damaged: {cause}")]
    Damaged {
        /// The ring file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// A published key is not acceptable.
    #[error(transparent)]
    Ring(#[from] keyring::KeyError),
    /// No such key.
    #[error("there is no key {0}; see `key list`")]
    Unknown(u8),
    /// The key that signs cannot be retired.
    #[error("key {0} signs new codes; rotate first, then retire it")]
    Active(u8),
    /// A retired key never returns.
    #[error("key {0} was retired; a retired key never returns")]
    Retired(u8),
    /// All 255 ids are used up.
    #[error("all 255 key ids are used")]
    Full,
    /// No key signs.
    #[error("no key signs yet; run `key rotate`")]
    NoSigner,
    /// The private file is not the key that was published.
    #[error("the private file of key {0} is damaged or belongs to another key")]
    Mismatch(u8),
    /// The key folder needs an algorithm this build lacks.
    #[error("{0} is not built into this program; build it with --features gm")]
    NotBuiltIn(Algorithm),
    /// Documents are signed with Ed25519 only.
    #[error("key {0} is the last Ed25519 key, which signs receipts; run `key generate`, then retire it")]
    LastOfScribe(u8),
    /// Somebody else changed the ring at the same time.
    #[error("the keys were changed by another process meanwhile; look at `key list` and try again")]
    Changed,
    /// The crypto library could not make a key.
    #[error("no key could be generated")]
    Generate,
}
