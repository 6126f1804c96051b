//! Requests a minute, for one key (a code from one address). In memory and per
//! process: what must hold across instances is counted in the database instead.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::problem::{Code, Refusal};

/// Checks between two sweeps of keys that have recovered.
const SWEEP_EVERY: u32 = 10_000;

/// A limit that every key has to itself.
pub struct Throttle<K: Clone + Hash + Eq> {
    limiter: DefaultKeyedRateLimiter<K>,
    checks: AtomicU32,
}

impl<K: Clone + Hash + Eq> Throttle<K> {
    /// So many a minute, all at once if need be.
    #[must_use]
    pub fn per_minute(limit: NonZeroU32) -> Self {
        Self { limiter: RateLimiter::keyed(Quota::per_minute(limit)), checks: AtomicU32::new(0) }
    }

    /// Counts one request of this key, or says how long to wait.
    pub fn check(&self, key: &K) -> Result<(), Refusal> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Refusal::wait(Code::RateLimited, wait.as_secs() + 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::Throttle;
    use crate::web::problem::Code;

    #[test]
    fn one_key_runs_dry_and_another_does_not_notice() {
        let throttle = Throttle::per_minute(NonZeroU32::new(2).unwrap());
        assert!(throttle.check(&"a").is_ok() && throttle.check(&"a").is_ok());
        assert_eq!(throttle.check(&"a").unwrap_err().code(), Code::RateLimited);
        assert!(throttle.check(&"b").is_ok());
    }
}
