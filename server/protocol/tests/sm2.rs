//! Seals signed with SM2, from the reader's side: with the feature `gm` they are
//! checked, without it they are told apart from false ones.

#[cfg(test)]
mod sm2 {
    use qiyema_protocol::{
        keyring::{Jwks, KeyRing},
        seal::{Located, SealError, Verified},
    };
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vectors {
        jwks: Jwks,
        seals: Vec<Text>,
        #[cfg(feature = "gm")]
        refused: Vec<Named>,
        #[cfg(feature = "gm")]
        refused_keys: Vec<Keys>,
    }

    #[derive(Deserialize)]
    struct Text {
        text: String,
    }

    #[cfg(feature = "gm")]
    #[derive(Deserialize)]
    struct Named {
        name: String,
        text: String,
    }

    #[cfg(feature = "gm")]
    #[derive(Deserialize)]
    struct Keys {
        name: String,
        jwks: Jwks,
    }

    fn vectors() -> Vectors {
        serde_json::from_str(include_str!("../vectors/seals-sm2.json")).unwrap()
    }

    fn read(text: &str, ring: &KeyRing) -> Result<Verified, SealError> {
        let located: Located = text.parse()?;
        located.seal.verify(&located.host, ring)
    }

    #[cfg(feature = "gm")]
    #[test]
    fn true_seals_are_accepted_and_everything_else_is_false() {
        let vectors = vectors();
        let ring = KeyRing::from_jwks(&vectors.jwks).unwrap();
        for seal in &vectors.seals {
            assert_eq!(read(&seal.text, &ring).map(Verified::kid), Ok(4));
            assert_eq!(read(&seal.text.to_ascii_lowercase(), &ring).map(Verified::kid), Ok(4));
        }
        for case in &vectors.refused {
            assert_eq!(read(&case.text, &ring), Err(SealError::Signature), "{}", case.name);
        }
        for case in &vectors.refused_keys {
            assert!(KeyRing::from_jwks(&case.jwks).is_err(), "{}", case.name);
        }
    }

    #[cfg(not(feature = "gm"))]
    #[test]
    fn a_build_without_sm2_says_so_instead_of_calling_a_true_code_false() {
        let vectors = vectors();
        let ring = KeyRing::from_jwks(&vectors.jwks).unwrap();
        for seal in &vectors.seals {
            let said = read(&seal.text, &ring);
            assert!(matches!(said, Err(SealError::Unsupported(4, _))), "{said:?}");
        }
        assert!(ring.token_key(4).is_none());
    }
}
