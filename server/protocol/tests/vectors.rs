//! The golden vectors, from the reader's side: this crate cannot sign, so what
//! it accepts here was made elsewhere, and what it refuses a forger could send.

#[cfg(test)]
mod vectors {
    use std::collections::BTreeMap;

    use jsonwebtoken::{Algorithm, DecodingKey, Validation};
    use qiyema_protocol::{
        keyring::{Jwks, KeyError, KeyRing},
        receipt::{RECEIPT_TYP, ReceiptClaims},
        seal::{CodeId, HEAD_BYTES, Host, Located, SEAL_BYTES, Seal, SealError, Verified, message},
    };
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vectors {
        jwks: Jwks,
        seals: Vec<Good>,
        refused: Vec<Refused>,
        refused_keys: Vec<RefusedKeys>,
        receipt: Receipt,
        code_jwt: String,
    }

    #[derive(Deserialize)]
    struct Good {
        origin: String,
        host: String,
        kid: u8,
        code: String,
        message: String,
        seal: String,
        text: String,
        text_lower: String,
    }

    #[derive(Deserialize)]
    struct Refused {
        name: String,
        text: String,
        error: String,
    }

    #[derive(Deserialize)]
    struct RefusedKeys {
        name: String,
        jwks: Jwks,
        error: String,
    }

    #[derive(Deserialize)]
    struct Receipt {
        jws: String,
        claims: ReceiptClaims,
    }

    fn vectors() -> Vectors {
        serde_json::from_str(include_str!("../vectors/seals.json")).unwrap()
    }

    fn read(text: &str, ring: &KeyRing) -> Result<Verified, SealError> {
        let located: Located = text.parse()?;
        located.seal.verify(&located.host, ring)
    }

    const fn name(error: SealError) -> &'static str {
        match error {
            SealError::Malformed => "seal_malformed",
            SealError::Version(_) => "seal_version_unknown",
            SealError::UnknownKey(_) => "seal_key_unknown",
            SealError::RetiredKey(_) => "seal_key_retired",
            SealError::Unsupported(..) => "seal_algorithm_unsupported",
            SealError::Signature => "seal_signature_false",
        }
    }

    #[test]
    fn true_seals_are_accepted_in_both_cases_with_the_documented_bytes() {
        let vectors = vectors();
        let ring = KeyRing::from_jwks(&vectors.jwks).unwrap();
        assert!(vectors.seals.len() >= 6);
        for good in vectors.seals {
            let code: CodeId = good.code.parse().unwrap();
            for text in [&good.text, &good.text_lower] {
                let verified = read(text, &ring).unwrap();
                assert_eq!((verified.code(), verified.kid()), (code, good.kid), "{text}");
            }
            let located: Located = good.text.parse().unwrap();
            assert_eq!(located.host, Host::from_origin(&good.origin).unwrap());
            assert_eq!(located.host.as_str(), good.host);
            assert_eq!(located.seal.text(&located.host), good.text);
            assert_eq!(data_encoding::HEXLOWER.encode(located.seal.as_bytes()), good.seal);
            let head = located.seal.as_bytes()[..HEAD_BYTES].try_into().unwrap();
            assert_eq!(data_encoding::HEXLOWER.encode(&message(&located.host, head)), good.message);
        }
    }

    #[test]
    fn false_texts_and_keys_are_refused_under_their_names() {
        let vectors = vectors();
        let ring = KeyRing::from_jwks(&vectors.jwks).unwrap();
        assert!(vectors.refused.len() >= 30 && vectors.refused_keys.len() >= 11);
        for case in vectors.refused {
            let answer = read(&case.text, &ring);
            assert_eq!(answer.map_err(name).err(), Some(case.error.as_str()), "{}", case.name);
        }
        for case in vectors.refused_keys {
            let error = match KeyRing::from_jwks(&case.jwks) {
                Ok(_) => "taken",
                Err(KeyError::Kid(_)) => "kid",
                Err(KeyError::Kind(_)) => "kind",
                Err(KeyError::Point(_)) => "point",
                Err(KeyError::Twice(_)) => "twice",
            };
            assert_eq!(error, case.error, "{}", case.name);
        }
    }

    #[test]
    fn receipt_and_code_jwt_are_read_by_any_jwt_library() {
        let vectors = vectors();
        let jwk = vectors.jwks.keys.iter().find(|k| k.kid == "2").unwrap();
        let key = DecodingKey::from_ed_components(&jwk.x).unwrap();
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.required_spec_claims.clear();
        rules.set_issuer(&["qy.example.cn"]);
        let receipt = jsonwebtoken::decode::<ReceiptClaims>(&vectors.receipt.jws, &key, &rules).unwrap();
        assert_eq!(receipt.claims, vectors.receipt.claims);
        assert_eq!(receipt.header.typ.as_deref(), Some(RECEIPT_TYP));
        assert_eq!(receipt.header.kid.as_deref(), Some("2"));
        let code = jsonwebtoken::decode::<serde_json::Value>(&vectors.code_jwt, &key, &rules).unwrap();
        assert_eq!(code.claims["sub"], vectors.seals[0].code.as_str());
        assert_eq!(code.header.typ.as_deref(), Some("qiyema-code+jwt"));
    }

    /// xorshift64*: the same ten thousand forgeries on every machine.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, sides: usize) -> usize {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
            usize::try_from(high).unwrap() % sides
        }
    }

    fn alter(good: &Good, dice: &mut Dice) -> String {
        let located: Located = good.text.parse().unwrap();
        let start = good.text.len() - located.seal.segment().len();
        let mut text = good.text.clone().into_bytes();
        match dice.below(4) {
            0 => {
                let mut bytes: [u8; SEAL_BYTES] = *located.seal.as_bytes();
                for _ in 0..=dice.below(3) {
                    bytes[dice.below(SEAL_BYTES)] ^= 1 << dice.below(8);
                }
                return Seal::from_bytes(bytes).text(&located.host);
            }
            1 => {
                let place = start + dice.below(text.len() - start);
                text[place] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[dice.below(32)];
            }
            2 => {
                let place = start + dice.below(text.len() - start - 1);
                text.swap(place, place + 1);
            }
            _ => {
                let place = dice.below(text.len());
                text[place] = b"!%-./0189:AZ_az"[dice.below(15)];
            }
        }
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn of_ten_thousand_altered_seals_none_is_accepted() {
        let vectors = vectors();
        let ring = KeyRing::from_jwks(&vectors.jwks).unwrap();
        let mut dice = Dice(0x5EA1_0001);
        let mut refusals = BTreeMap::<&str, usize>::new();
        let mut made = 0;
        while made < 10_000 {
            let good = &vectors.seals[dice.below(vectors.seals.len())];
            let text = alter(good, &mut dice);
            // Case of scheme and host says nothing, so a changed case there is no forgery.
            let same = text.parse::<Located>().ok() == good.text.parse::<Located>().ok();
            if same {
                continue;
            }
            made += 1;
            match read(&text, &ring) {
                Ok(_) => panic!("accepted {text}, altered from {}", good.text),
                Err(error) => *refusals.entry(name(error)).or_default() += 1,
            }
        }
        println!("{refusals:?}");
        assert!(
            refusals["seal_signature_false"] > 5_000,
            "most must get as far as the signature: {refusals:?}"
        );
    }
}
