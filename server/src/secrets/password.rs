//! Passwords and PINs under argon2id, behind a gate: a hash takes 19 MB and a
//! core, so only a few run at once and a long queue is refused, not served late.

use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use subtle::ConstantTimeEq as _;
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
    let argon2 = argon2(params);
    argon2.hash_password(secret.as_bytes()).map(|phc| phc.to_string()).map_err(|_| PasswordError::Failed)
}

/// The only way to a hash, so that a test can count them.
fn argon2(params: Params) -> Argon2<'static> {
    #[cfg(test)]
    tests::HASHES.with(|hashes| hashes.set(hashes.get() + 1));
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Compares with a PHC text. A damaged text is "no".
pub fn verify(secret: &str, phc: &str) -> bool {
    PasswordHash::new(phc)
        .is_ok_and(|parsed| argon2(Params::default()).verify_password(secret.as_bytes(), &parsed).is_ok())
}

/// What a guess is compared with.
#[derive(Clone)]
pub enum Expected {
    /// An argon2id hash.
    Hash(String),
    /// The text itself, which nothing keeps: it was derived just now.
    Text(String),
    /// There is nothing that would be right.
    Nothing,
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expected(…)")
    }
}

/// How a guess was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// It is wrong.
    Wrong,
    /// It is right.
    Right,
    /// It is right, and this is its hash, which was not kept so far.
    First(String),
}

/// Judges a guess. Each way is one argon2 hash, so that the time taken tells nothing.
fn judge(guess: &str, expected: &Expected) -> Result<Judged, PasswordError> {
    Ok(match expected {
        Expected::Hash(phc) if verify(guess, phc) => Judged::Right,
        Expected::Hash(_) => Judged::Wrong,
        Expected::Text(text) => {
            let made = hash(guess)?;
            if guess.as_bytes().ct_eq(text.as_bytes()).into() { Judged::First(made) } else { Judged::Wrong }
        }
        Expected::Nothing => {
            verify(guess, NOBODY);
            Judged::Wrong
        }
    })
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

    /// Judges a guess off the event loop.
    pub async fn judge(&self, guess: String, expected: Expected) -> Result<Judged, PasswordError> {
        self.run(move || judge(&guess, &expected)).await?
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
    use std::cell::Cell;

    use super::{Expected, Gate, Judged, NOBODY, PasswordError, PasswordHash, hash, judge, verify};

    thread_local! {
        /// Hashes that this test has made.
        pub(super) static HASHES: Cell<usize> = const { Cell::new(0) };
    }

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

    #[test]
    fn a_guess_is_judged_alike_and_as_long_whatever_is_kept() {
        let kept = hash("204816").unwrap();
        let Judged::First(made) = judge("204816", &Expected::Text("204816".into())).unwrap() else {
            panic!("right for the first time")
        };
        assert!(verify("204816", &made));
        assert_eq!(judge("204816", &Expected::Hash(made)), Ok(Judged::Right));
        let all = [Expected::Hash(kept), Expected::Text("204816".into()), Expected::Nothing];
        for expected in &all {
            for guess in ["204815", "135790", "2048160"] {
                let before = HASHES.get();
                assert_eq!(judge(guess, expected), Ok(Judged::Wrong), "{guess}");
                assert_eq!(HASHES.get() - before, 1, "one hash, whatever is kept");
            }
        }
        // And each of them costs the same: the hash that is kept, the one made, and nobody's.
        let cost = |phc: &str| phc.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(NOBODY), cost(&hash("204816").unwrap()));
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
