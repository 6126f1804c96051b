//! What every handler may ask for, made once at start.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use actix_web::web::Bytes;
use qiyema_protocol::seal::{Host, SealError, Verified};

use super::{
    pressroom::PressRoom,
    problem::{Code, Refusal},
    tally::Tally,
    throttle::Throttle,
    uploads::Files,
};
use crate::{
    actions::{Refused, Rules, admin::settings, ledger::Behind},
    clock::{Clock, Timestamp},
    config::Config,
    picture::paper::logo::Logo,
    secrets::{
        keyset::LiveKeys,
        log_key::LogKey,
        password::Gate,
        pin::PinKey,
        token::{SessionSecret, StaffTokens},
        vault::Vault,
    },
    store::Store,
};

/// Can this process serve? `Err` says why not; the reason is logged, not sent.
pub type Readiness = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// What every handler may ask for.
#[derive(Clone)]
pub struct Shared {
    /// Settings.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Clock,
    /// Asked by `/readyz`.
    pub ready: Readiness,
    /// Whether the log stands, as the job last saw it.
    pub log: Arc<LogState>,
    /// Renders `/metrics`.
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
    /// The database.
    pub store: Store,
    /// What an administrator has set, replaced whole whenever it changes.
    pub live: Arc<Live>,
    /// Keys, tokens and hashing.
    pub trust: Arc<Trust>,
    /// Attachments.
    pub files: Arc<Files>,
    /// Scans on their way to be counted.
    pub tally: Arc<Tally>,
    /// The emblem on plaques.
    pub logo: Option<Arc<Logo>>,
    /// Where many codes are drawn, one piece of work at a time.
    pub presses: PressRoom,
}

impl Shared {
    /// What an administrator has set and which keys are retired, as it stands now. Take it once a request.
    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        let rules = Arc::clone(&self.live.current.read().unwrap_or_else(PoisonError::into_inner));
        let void_keys = self.trust.keys.now().retired();
        if rules.void_keys == void_keys {
            return rules;
        }
        // Rare: once after a key was retired, and after the settings were read again.
        let mut current = self.live.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(Rules { void_keys, ..(**current).clone() });
        Arc::clone(&current)
    }

    /// Reads again what an administrator has set: after a write of administration,
    /// and every few seconds for what another instance wrote.
    pub async fn refresh(&self) -> Result<(), Refused> {
        let base = Arc::clone(&self.live.base);
        let read: Result<Rules, Refused> = self.store.watch(move |db| settings::in_force(db, &base)).await;
        self.live.set(read?);
        Ok(())
    }
}

/// Whether the database still holds what was signed of it.
#[derive(Debug, Default)]
pub struct LogState {
    behind: RwLock<Option<Behind>>,
    stalled: AtomicBool,
}

impl LogState {
    /// Why the log does not go on.
    #[must_use]
    pub fn behind(&self) -> Option<Behind> {
        *self.behind.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says so; true, if that is news.
    pub fn set(&self, behind: Option<Behind>) -> bool {
        let mut kept = self.behind.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *kept, behind) != behind
    }

    /// Whether rows have waited for long and nothing was entered.
    #[must_use]
    pub fn stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed)
    }

    /// Says so.
    pub fn stall(&self, stalled: bool) {
        self.stalled.store(stalled, Ordering::Relaxed);
    }
}

/// The rules in force, and those of the settings file below them.
pub struct Live {
    base: Arc<Rules>,
    current: RwLock<Arc<Rules>>,
}

impl Live {
    /// From the rules of the settings file and those in force.
    #[must_use]
    pub fn new(base: Rules, current: Rules) -> Self {
        Self { base: Arc::new(base), current: RwLock::new(Arc::new(current)) }
    }

    /// The rules of the settings file alone.
    #[must_use]
    pub fn base(&self) -> &Rules {
        &self.base
    }

    /// Puts other rules in force.
    pub fn set(&self, rules: Rules) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }
}

/// Keys, tokens and hashing.
pub struct Trust {
    /// The host that codes are sealed for.
    pub host: Host,
    /// Signing keys, as the key folder holds them now.
    pub keys: LiveKeys,
    /// Signs heads of the tamper-evident log.
    pub log: LogKey,
    /// Tokens of staff.
    pub tokens: StaffTokens,
    /// Seals the keys of authenticator apps.
    pub vault: Vault,
    /// Names addresses without keeping them.
    pub secret: SessionSecret,
    /// PINs are derived from it.
    pub pin_key: PinKey,
    /// Lets few password hashes run at once.
    pub gate: Gate,
    /// The signed list of revoked codes: when it was made, by which key.
    pub revocations: tokio::sync::Mutex<Option<(Timestamp, u8, Bytes)>>,
    /// Scans a minute of one code from one address.
    pub scans: Throttle<String>,
    /// Ratings a minute of one code from one address.
    pub ratings: Throttle<String>,
    /// Other deeds of owners, the same.
    pub deeds: Throttle<String>,
    /// Questions about the log and receipts a minute from one address.
    pub log_reads: Throttle<String>,
    /// PINs and passwords a minute from one address.
    pub guesses: Throttle<String>,
}

impl Trust {
    /// Verifies the path segment of a seal, before any database is asked.
    pub fn open(&self, segment: &str) -> Result<Verified, Refusal> {
        let verified = self.keys.now().verify(segment, &self.host);
        verified.map_err(|error| {
            match error {
                SealError::Malformed => Code::SealMalformed,
                SealError::Version(_) => Code::SealVersionUnknown,
                // A server does not start with keys it cannot check.
                SealError::UnknownKey(_) | SealError::Unsupported(..) => Code::SealKeyUnknown,
                SealError::RetiredKey(_) => Code::SealKeyRetired,
                SealError::Signature => Code::SealSignatureFalse,
            }
            .into()
        })
    }
}
