//! Codes of authenticator apps: RFC 6238 with SHA-1, 30 seconds, six digits,
//! which is what every app takes; and recovery codes for who lost his phone.

use std::{fmt::Write as _, io};

use aws_lc_rs::hmac;
use data_encoding::{BASE32_NOPAD, Specification};
use subtle::ConstantTimeEq as _;

use crate::clock::{Ids, Timestamp};

/// Seconds of a step.
const STEP: i64 = 30;
/// Digits of a code.
const DIGITS: u32 = 6;
/// Steps a phone's clock may be early or late.
const DRIFT: i64 = 1;
/// Bytes of a key, as RFC 4226 asks for.
pub const KEY_LEN: usize = 20;

/// A new key.
pub fn key(ids: Ids) -> io::Result<[u8; KEY_LEN]> {
    ids.bytes()
}

/// A key as people type it into an app.
#[must_use]
pub fn written(key: &[u8]) -> String {
    BASE32_NOPAD.encode(key)
}

/// What the QR picture of an enrolment says.
#[must_use]
pub fn uri(issuer: &str, username: &str, key: &[u8]) -> String {
    let (issuer, username) = (percent(issuer), percent(username));
    format!("otpauth://totp/{issuer}:{username}?secret={}&issuer={issuer}", written(key))
}

/// The step that a code is right for, if it is right at all: this one, or one
/// beside it. Whoever accepts it must refuse this and every earlier step from
/// then on.
#[must_use]
pub fn step_of(key: &[u8], typed: &str, at: Timestamp) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let now = at.timestamp().div_euclid(STEP);
    (now - DRIFT..=now + DRIFT).rev().find(|step| {
        let right = code(key, *step, DIGITS);
        right.len() == typed.len() && bool::from(right.as_bytes().ct_eq(typed.as_bytes()))
    })
}

/// What an app with this key shows at a moment; the tests' phone.
#[must_use]
pub fn shown(key: &[u8], at: Timestamp) -> String {
    code(key, at.timestamp().div_euclid(STEP), DIGITS)
}

/// A key as [`written`], read again.
#[must_use]
pub fn read(written: &str) -> Option<Vec<u8>> {
    let plain: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    BASE32_NOPAD.decode(plain.as_bytes()).ok()
}

/// The code of a step (RFC 4226, 5.3).
fn code(key: &[u8], step: i64, digits: u32) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(tag.as_ref().last().copied().unwrap_or_default() & 0x0f);
    let four = tag.as_ref().get(offset..).and_then(<[u8]>::first_chunk::<4>).copied().unwrap_or_default();
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(digits);
    let mut text = number.to_string();
    while text.len() < usize::try_from(digits).unwrap_or_default() {
        text.insert(0, '0');
    }
    text
}

/// A recovery code: 80 random bits as four groups of four letters and digits.
pub fn recovery(ids: Ids) -> io::Result<String> {
    let letters = BASE32_NOPAD.encode(&ids.bytes::<10>()?).to_lowercase();
    let mut text = String::with_capacity(19);
    for (place, letter) in letters.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    Ok(text)
}

/// A recovery code as it is kept and compared, however it was typed; `None` for
/// what cannot be one.
#[must_use]
pub fn recovery_form(typed: &str) -> Option<String> {
    let plain: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let mut spec = Specification::new();
    spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    let fits = spec.encoding().is_ok_and(|base32| base32.decode(plain.as_bytes()).is_ok());
    (plain.len() == 16 && fits).then_some(plain)
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{code, recovery, recovery_form, step_of, uri};
    use crate::clock::{Ids, Timestamp};

    const KEY: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_appendix_b() {
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(KEY, seconds / 30, 8), expected, "{seconds}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4226_appendix_d() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (step, expected) in (0..).zip(expected) {
            assert_eq!(code(KEY, step, 6), expected, "{step}");
        }
    }

    #[test]
    fn one_step_of_drift_and_no_more() {
        let now = 1_111_111_111;
        let typed = code(KEY, now / 30, 6);
        assert_eq!(step_of(KEY, &typed, at(now)), Some(now / 30));
        assert_eq!(step_of(KEY, &format!("{} {}", &typed[..3], &typed[3..]), at(now)), Some(now / 30));
        assert_eq!(step_of(KEY, &typed, at(now + 30)), Some(now / 30), "the phone is late");
        assert_eq!(step_of(KEY, &typed, at(now - 30)), Some(now / 30), "the phone is early");
        assert_eq!(step_of(KEY, &typed, at(now + 60)), None);
        assert_eq!(step_of(KEY, &typed, at(now - 60)), None);
        for wrong in ["", "000000", "14050471", "05047", "0504711", "٠٥٠٤٧١"] {
            assert_eq!(step_of(KEY, wrong, at(now)), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_can_read_the_enrolment() {
        assert_eq!(
            uri("qy.example.cn", "王 敏", KEY),
            "otpauth://totp/qy.example.cn:%E7%8E%8B%20%E6%95%8F?\
             secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=qy.example.cn"
        );
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let code = recovery(Ids).unwrap();
        assert_eq!(code.len(), 19);
        let form = recovery_form(&code).unwrap();
        assert_eq!(recovery_form(&code.replace('-', " ").to_uppercase()), Some(form.clone()));
        assert_eq!(form.len(), 16);
        assert_ne!(recovery(Ids).unwrap(), code);
        for wrong in ["", "123456", "aaaa-aaaa-aaaa-aaa1", "aaaa-aaaa-aaaa-aaa"] {
            assert_eq!(recovery_form(wrong), None, "{wrong}");
        }
    }
}
