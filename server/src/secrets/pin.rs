//! PINs an enterprise types to read its own records: six digits, every allowed
//! one equally likely, none that people try first. They are derived, not drawn:
//! whoever prints a letter needs the key and the PIN's row, and a city's PINs cost
//! microseconds each. docs/security.md says why that is safe.

use std::{fmt, io, path::Path};

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;

use super::{
    files::{self, FileError},
    password::Expected,
};
use crate::clock::Ids;

/// What stands in place of a hash before the key's name.
const DERIVED: &str = "derived:1:";
/// The largest multiple of a million below 2^32: above it, the remainder would favour small PINs.
const FAIR: u32 = 4_294_000_000;

/// Why there is no key of PINs.
#[derive(Debug, thiserror::Error)]
pub enum PinKeyError {
    /// The file could not be read or written, or is open to others.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is damaged.
    #[error("pin.key does not hold 32 bytes; put it back from a backup")]
    Length,
    /// The operating system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] io::Error),
}

/// 256 secret bits from which PINs are derived; does not print.
#[derive(Clone)]
pub struct PinKey {
    key: hmac::Key,
    mark: String,
}

impl fmt::Debug for PinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinKey(…)")
    }
}

impl PinKey {
    /// Wraps bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, bytes);
        let name = hmac::sign(&key, b"qiyema pin key v1");
        let name = HEXLOWER.encode(name.as_ref()).chars().take(16).collect::<String>();
        Self { key, mark: format!("{DERIVED}{name}") }
    }

    /// Reads `pin.key` of the key folder, or makes it (0600).
    pub fn open_or_create(folder: &Path, ids: Ids) -> Result<Self, PinKeyError> {
        let path = folder.join("pin.key");
        let bytes = match files::read_private(&path) {
            Ok(bytes) => bytes,
            Err(missing) if missing.is_missing() => {
                let bytes: [u8; 32] = ids.bytes()?;
                match files::create_private(&path, &bytes) {
                    Ok(()) => bytes.to_vec(),
                    // Another instance was faster.
                    Err(taken) if taken.is_taken() => files::read_private(&path)?,
                    Err(other) => return Err(other.into()),
                }
            }
            Err(other) => return Err(other.into()),
        };
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| PinKeyError::Length)?;
        Ok(Self::from_bytes(&bytes))
    }

    /// What is kept in the row of a PIN that this key derives: the key's name, and nothing of the PIN.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// The PIN of an enterprise's PIN row.
    #[must_use]
    pub fn derive(&self, enterprise: &str, row: &str) -> String {
        let mut turn = 0_u32;
        loop {
            let said = format!("qiyema pin v1\0{enterprise}\0{row}\0{turn}");
            let tag = hmac::sign(&self.key, said.as_bytes());
            let fair = tag.as_ref().as_chunks::<4>().0.iter().find_map(|word| acceptable(*word));
            if let Some(pin) = fair {
                return pin;
            }
            // All eight words were unfair or trivial: once in about 10^26 times.
            turn = turn.wrapping_add(1);
        }
    }

    /// What a guess at a PIN is to be compared with, by what is kept of it.
    #[must_use]
    pub fn expected(&self, enterprise: &str, row: &str, kept: &str) -> Expected {
        if kept == self.mark {
            Expected::Text(self.derive(enterprise, row))
        } else if kept.starts_with(DERIVED) {
            // By a key that is lost.
            Expected::Nothing
        } else {
            Expected::Hash(kept.to_owned())
        }
    }

    /// The PIN for a letter; `None` if its key is not this one, or only its hash is kept.
    #[must_use]
    pub fn reveal(&self, enterprise: &str, row: &str, kept: &str) -> Option<String> {
        (kept == self.mark).then(|| self.derive(enterprise, row))
    }
}

/// Whether what is kept of a PIN says that a key derives it.
#[must_use]
pub fn is_derived(kept: &str) -> bool {
    kept.starts_with(DERIVED)
}

fn acceptable(word: [u8; 4]) -> Option<String> {
    let number = u32::from_le_bytes(word);
    let pin = format!("{:06}", number % 1_000_000);
    (number < FAIR && !is_trivial(&pin)).then_some(pin)
}

/// One digit or a short pattern repeated, or a run up or down (also past 9).
#[must_use]
pub fn is_trivial(pin: &str) -> bool {
    let digits = pin.as_bytes();
    let repeats = |every: usize| digits.iter().zip(digits.iter().skip(every)).all(|(a, b)| a == b);
    let steps = |by: u8| {
        digits
            .iter()
            .zip(digits.iter().skip(1))
            .all(|(a, b)| (a.wrapping_sub(b'0') + by) % 10 == b.wrapping_sub(b'0'))
    };
    [1, 2, 3].into_iter().any(repeats) || steps(1) || steps(9)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::{PinKey, PinKeyError, acceptable, is_trivial};
    use crate::{clock::Ids, secrets::password::Expected};

    #[test]
    fn pins_people_try_first_are_never_derived() {
        for pin in ["000000", "123456", "654321", "789012", "121212", "123123", "999999", "098765"] {
            assert!(is_trivial(pin), "{pin}");
        }
        for pin in ["111112", "135790", "204816", "123457"] {
            assert!(!is_trivial(pin), "{pin}");
        }
        assert_eq!(acceptable(123_456_u32.to_le_bytes()), None);
        assert_eq!(acceptable(4_294_000_042_u32.to_le_bytes()), None, "would favour small ones");
        assert_eq!(acceptable(4_293_999_042_u32.to_le_bytes()).as_deref(), Some("999042"));
    }

    #[test]
    fn a_pin_is_what_another_library_derives_from_the_same_key() {
        // Made with Python: hmac.new(bytes([7]*32), b"qiyema pin v1\0e\0r\x000", sha256), the first
        // little-endian word of four bytes below 4,294,000,000, modulo a million.
        let key = PinKey::from_bytes(&[7; 32]);
        assert_eq!(key.derive("e", "r"), "935765");
        assert_eq!(key.mark(), "derived:1:a0ecc0c77687f442");
    }

    #[test]
    fn every_digit_comes_up_everywhere_alike_and_each_row_has_its_own_pin() {
        let key = PinKey::from_bytes(&[7; 32]);
        let mut seen = [[0_u32; 10]; 6];
        let mut pins = std::collections::BTreeSet::new();
        for row in 0..6_000 {
            let pin = key.derive("e", &row.to_string());
            assert!(pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) && !is_trivial(&pin));
            for (place, digit) in pin.bytes().enumerate() {
                seen[place][usize::from(digit - b'0')] += 1;
            }
            pins.insert(pin);
        }
        // 600 each, with a standard deviation of 23.
        assert!(seen.iter().flatten().all(|n| (480..=720).contains(n)), "{seen:?}");
        assert!(pins.len() > 5_950, "{} of 6,000 differ", pins.len());
        assert_ne!(key.derive("a", "bc"), key.derive("ab", "c"));
        assert_ne!(key.derive("e", "r"), PinKey::from_bytes(&[8; 32]).derive("e", "r"));
    }

    #[test]
    fn what_is_kept_says_how_to_judge() {
        let (key, other) = (PinKey::from_bytes(&[7; 32]), PinKey::from_bytes(&[8; 32]));
        let right = key.derive("e", "r");
        assert!(matches!(key.expected("e", "r", key.mark()), Expected::Text(pin) if pin == right));
        assert!(matches!(key.expected("e", "r", other.mark()), Expected::Nothing), "a lost key");
        assert!(matches!(key.expected("e", "r", "$argon2id$x"), Expected::Hash(_)));
        assert_eq!(key.reveal("e", "r", key.mark()), Some(right));
        assert_eq!((key.reveal("e", "r", other.mark()), key.reveal("e", "r", "$argon2id$x")), (None, None));
    }

    #[test]
    fn the_key_is_made_once_for_nobody_else_to_read() {
        let temp = tempfile::tempdir().unwrap();
        let first = PinKey::open_or_create(temp.path(), Ids).unwrap();
        assert_eq!(first.mark(), PinKey::open_or_create(temp.path(), Ids).unwrap().mark());
        let path = temp.path().join("pin.key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(format!("{first:?}"), "PinKey(…)");
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(PinKey::open_or_create(temp.path(), Ids), Err(PinKeyError::Length)));
    }
}
