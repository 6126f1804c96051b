//! Signatures of webhooks, as the Standard Webhooks specification has them:
//! HMAC-SHA256 over `id.seconds.body`. The secret of a webhook is derived, so
//! that no database holds one.

use std::fmt;

use aws_lc_rs::hmac;
use data_encoding::BASE64;

use super::token::SessionSecret;

/// What a derived key is for; other keys of the session secret have other names.
const PURPOSE: &str = "qiyema webhook";

/// The signing secret of one webhook; does not print.
#[derive(Clone)]
pub struct HookSecret([u8; 32]);

impl fmt::Debug for HookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HookSecret(…)")
    }
}

impl HookSecret {
    /// The secret of a webhook at its turn; another turn is another secret.
    #[must_use]
    pub fn derive(from: &SessionSecret, webhook: &str, turn: i32) -> Self {
        Self(from.derive(PURPOSE, &format!("{webhook}/{turn}")))
    }

    /// As the receiver's library wants it: `whsec_` and base64.
    #[must_use]
    pub fn text(&self) -> String {
        format!("whsec_{}", BASE64.encode(&self.0))
    }

    /// The value of the header `webhook-signature`.
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", BASE64.encode(tag.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::{HookSecret, SessionSecret};

    #[test]
    fn the_signature_is_the_one_of_other_libraries() {
        // Made with Python: base64(hmac.new(bytes(range(32)), b"msg_1.1700000000.{}", sha256)).
        let secret = HookSecret(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        assert_eq!(secret.text(), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        assert_eq!(
            secret.sign("msg_1", 1_700_000_000, "{}"),
            "v1,fhksJF5ElKjlPoT/jtefCO5XjQPvhf7Dhf/8R1ad9yU="
        );
    }

    #[test]
    fn every_webhook_and_every_turn_has_a_secret_of_its_own() {
        let root = SessionSecret::from_bytes([7; 32]);
        let text = |hook: &str, turn| HookSecret::derive(&root, hook, turn).text();
        assert_eq!(text("a", 1), text("a", 1));
        assert_ne!(text("a", 1), text("a", 2));
        assert_ne!(text("a", 1), text("b", 1));
        assert_ne!(text("a", 1), HookSecret::derive(&SessionSecret::from_bytes([8; 32]), "a", 1).text());
    }

    #[test]
    fn a_secret_does_not_print() {
        let secret = HookSecret([9; 32]);
        assert_eq!(format!("{secret:?}"), "HookSecret(…)");
    }
}
