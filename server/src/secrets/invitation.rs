//! Links of invitations to rate. The token is the invitation's id and 256 bits
//! that only this secret can make of it: a false one is refused before anything
//! is looked up, and no database, outbox or backup holds one.

use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::token::SessionSecret;

/// What the derived bits are for; other keys of the session secret have other names.
const PURPOSE: &str = "qiyema rating invitation";

/// The token of an invitation's link: 64 characters. `None` for what is no id of ours.
#[must_use]
pub fn token(secret: &SessionSecret, invitation: &str) -> Option<String> {
    let id = Uuid::parse_str(invitation).ok()?;
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend(secret.derive(PURPOSE, &id.to_string()));
    Some(BASE64URL_NOPAD.encode(&bytes))
}

/// The invitation that a token opens.
#[must_use]
pub fn read(secret: &SessionSecret, token: &str) -> Option<String> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (id, proof) = bytes.split_first_chunk::<16>()?;
    let id = Uuid::from_bytes(*id).to_string();
    let right: bool = secret.derive(PURPOSE, &id).as_slice().ct_eq(proof).into();
    right.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::{SessionSecret, read, token};

    const ID: &str = "019ab1c2-7d3e-7f00-8a11-5b6c7d8e9f00";

    #[test]
    fn a_token_opens_its_invitation_and_no_other_can_be_made() {
        let secret = SessionSecret::from_bytes([7; 32]);
        let good = token(&secret, ID).unwrap();
        assert_eq!((good.len(), read(&secret, &good).as_deref()), (64, Some(ID)));
        for place in 0..good.len() {
            let mut letters: Vec<char> = good.chars().collect();
            letters[place] = if letters[place] == 'A' { 'B' } else { 'A' };
            assert_eq!(read(&secret, &letters.iter().collect::<String>()), None, "letter {place}");
        }
        assert_eq!(read(&SessionSecret::from_bytes([8; 32]), &good), None);
        for wrong in ["", "AAAA", &good[..63], &format!("{good}A"), &"=".repeat(64)] {
            assert_eq!(read(&secret, wrong), None, "{wrong}");
        }
        assert_eq!(token(&secret, "nonsense"), None);
    }
}
