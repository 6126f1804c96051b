//! Telling devices and networks apart without keeping them: keyed hashes whose key
//! changes with time, and the mark of a browser in which staff signed in.

use chrono::TimeDelta;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use subtle::ConstantTimeEq;

use super::token::SessionSecret;
use crate::clock::Timestamp;

/// What the derived bits are for; other keys of the session secret have other names.
const TRACES: &str = "qiyema rating trace";
const STAFF: &str = "qiyema staff device";

/// The keyed hash of where something came from, under the key of this time and under the one before: what
/// was kept within the last `kept` bears one of the two.
#[must_use]
pub fn traces(
    secret: &SessionSecret,
    kind: &str,
    value: &str,
    at: Timestamp,
    kept: TimeDelta,
) -> [String; 2] {
    let period = at.timestamp().div_euclid(kept.num_seconds().max(1));
    let under = |period: i64| {
        let key = SessionSecret::from_bytes(secret.derive(TRACES, &period.to_string()));
        let hash = HEXLOWER.encode(&key.derive(kind, value));
        hash.chars().take(32).collect()
    };
    [under(period), under(period - 1)]
}

/// What a browser keeps after staff signed in there. It names nobody.
#[must_use]
pub fn staff_mark(secret: &SessionSecret, at: Timestamp) -> String {
    let since = at.timestamp().to_string();
    let proof = BASE64URL_NOPAD.encode(&secret.derive(STAFF, &since));
    format!("{since}.{proof}")
}

/// Whether this is such a mark, of whatever age.
#[must_use]
pub fn is_staff_mark(secret: &SessionSecret, mark: &str) -> bool {
    let Some((since, proof)) = mark.split_once('.') else { return false };
    let Ok(proof) = BASE64URL_NOPAD.decode(proof.as_bytes()) else { return false };
    secret.derive(STAFF, since).as_slice().ct_eq(&proof).into()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone, Utc};

    use super::{SessionSecret, is_staff_mark, staff_mark, traces};

    #[test]
    fn the_key_of_a_trace_changes_with_time_and_the_one_before_is_still_found() {
        let (secret, days) = (SessionSecret::from_bytes([7; 32]), TimeDelta::days(14));
        let first = Utc.timestamp_opt(1_795_000_000, 0).unwrap();
        let of = |at| traces(&secret, "network", "192.0.2.1", at, days);
        let (now, next, later) = (of(first), of(first + days), of(first + days * 2));
        assert_eq!(now[0].len(), 32);
        assert_eq!(now[0], next[1], "what was kept is found in the next time");
        assert!(!later.contains(&now[0]), "and not in the one after it");
        assert_ne!(now, traces(&secret, "device", "192.0.2.1", first, days));
        assert_ne!(now, traces(&SessionSecret::from_bytes([8; 32]), "network", "192.0.2.1", first, days));
        assert!(!now[0].contains("192"));
    }

    #[test]
    fn only_this_secret_makes_a_mark() {
        let secret = SessionSecret::from_bytes([7; 32]);
        let mark = staff_mark(&secret, Utc.timestamp_opt(1_795_000_000, 0).unwrap());
        assert!(is_staff_mark(&secret, &mark));
        assert!(!is_staff_mark(&SessionSecret::from_bytes([8; 32]), &mark));
        for wrong in ["", ".", "1795000000", "1795000000.", &mark.replacen('1', "2", 1), &format!("{mark}A")]
        {
            assert!(!is_staff_mark(&secret, wrong), "{wrong}");
        }
    }
}
