//! Passwords and PINs under argon2id, behind a gate: a hash takes 19 MB and a
//! core, so only a few run at once and a long queue is refused, not served late.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// A hash nobody has the password of; it costs what a real one costs.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cWl5ZW1hIG5vYm9keSEhIQ$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Why a password was neither accepted nor refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many are waiting.
    #[error("too many sign-ins at once")]
    Busy,
    /// The library failed.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes with a fresh salt: a PHC text.
pub fn hash(secret: &str) -> Result<String, PasswordError> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_| PasswordError::Failed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(secret.as_bytes()).map(|phc| phc.to_string()).map_err(|_| PasswordError::Failed)
}

/// Compares with a PHC text. A damaged text is "no".
pub fn verify(secret: &str, phc: &str) -> bool {
    PasswordHash::new(phc)
        .is_ok_and(|parsed| Argon2::default().verify_password(secret.as_bytes(), &parsed).is_ok())
}

/// Lets a few hashes run at once and few wait.
#[derive(Debug, Clone)]
pub struct Gate {
    inside: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Gate {
    /// `at_once` run, at most `waiting` queue behind them.
    #[must_use]
    pub fn new(at_once: usize, waiting: usize) -> Self {
        let places = at_once.saturating_add(waiting);
        Self { inside: Arc::new(Semaphore::new(at_once)), places: Arc::new(Semaphore::new(places)) }
    }

    /// [`hash`] off the event loop.
    pub async fn hash(&self, secret: String) -> Result<String, PasswordError> {
        self.run(move || hash(&secret)).await?
    }

    /// [`verify`] off the event loop. Without a hash (nobody has that name) it
    /// works as long and says no, so that the time taken tells nothing.
    pub async fn verify(&self, secret: String, phc: Option<String>) -> Result<bool, PasswordError> {
        let known = phc.is_some();
        self.run(move || verify(&secret, phc.as_deref().unwrap_or(NOBODY))).await.map(|fits| fits && known)
    }

    /// The permits travel into the thread: a caller that hangs up frees nothing early.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let turn = Arc::clone(&self.inside).acquire_owned().await.map_err(|_| PasswordError::Failed)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        done.await.map_err(|_| PasswordError::Failed)
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new(1, 32)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, NOBODY, PasswordError, PasswordHash, hash, verify};

    #[test]
    fn a_hash_opens_for_its_password_only() {
        let phc = hash("春眠不觉晓").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("春眠不觉晓", &phc));
        assert!(!verify("处处闻啼鸟", &phc));
        assert!(!verify("", "damaged"));
        assert_ne!(phc, hash("春眠不觉晓").unwrap(), "salted");
    }

    #[test]
    fn nobody_costs_what_a_real_hash_costs() {
        let real = hash("x").unwrap();
        let parts = |phc: &str| phc.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parts(NOBODY), parts(&real));
        assert_eq!(NOBODY.len(), real.len());
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_so() {
        let gate = Gate::new(1, 1);
        let ask = || gate.verify("x".into(), None);
        let (first, second, third) = tokio::join!(ask(), ask(), ask());
        assert_eq!((first, second, third), (Ok(false), Ok(false), Err(PasswordError::Busy)));
        assert_eq!(ask().await, Ok(false), "free again");
    }
}
