//! Links of invitations to rate. The token is the invitation's id, 256 bits that only
//! this secret can make of it, and the webhook by which it goes out, if it is not a
//! letter: a false one is refused before anything is looked up, no database, outbox or
//! backup holds one, and whoever rates with one says by which way it came.

use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::token::SessionSecret;

/// What the derived bits are for; other keys of the session secret have other names.
const PURPOSE: &str = "qiyema rating invitation";

/// What a genuine token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The invitation.
    pub invitation: String,
    /// The webhook by which the link went out; by letter, if there is none.
    pub webhook: Option<String>,
}

/// The token of an invitation's link by a letter: 64 characters, or 86 by a webhook.
/// `None` for what is no id of ours.
#[must_use]
pub fn token(secret: &SessionSecret, invitation: &str, webhook: Option<&str>) -> Option<String> {
    let id = Uuid::parse_str(invitation).ok()?;
    let way = webhook.map(Uuid::parse_str).transpose().ok()?;
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend(secret.derive(PURPOSE, &signed(id, way)));
    bytes.extend(way.iter().flat_map(|way| *way.as_bytes()));
    Some(BASE64URL_NOPAD.encode(&bytes))
}

/// What a token opens.
#[must_use]
pub fn read(secret: &SessionSecret, token: &str) -> Option<Opened> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (id, rest) = bytes.split_first_chunk::<16>()?;
    let (proof, way) = rest.split_first_chunk::<32>()?;
    let id = Uuid::from_bytes(*id);
    let way = match way {
        [] => None,
        way => Some(Uuid::from_bytes(way.try_into().ok()?)),
    };
    let right: bool = secret.derive(PURPOSE, &signed(id, way)).as_slice().ct_eq(proof).into();
    right.then(|| Opened { invitation: id.to_string(), webhook: way.map(|way| way.to_string()) })
}

fn signed(id: Uuid, way: Option<Uuid>) -> String {
    way.map_or_else(|| id.to_string(), |way| format!("{id} {way}"))
}

#[cfg(test)]
mod tests {
    use super::{Opened, SessionSecret, read, token};

    const ID: &str = "019ab1c2-7d3e-7f00-8a11-5b6c7d8e9f00";
    const HOOK: &str = "019ab1c2-7d3e-7f00-8a11-5b6c7d8e9f01";

    #[test]
    fn a_token_opens_its_invitation_and_no_other_can_be_made() {
        let secret = SessionSecret::from_bytes([7; 32]);
        for (webhook, length) in [(None, 64), (Some(HOOK), 86)] {
            let good = token(&secret, ID, webhook).unwrap();
            let opened = Opened { invitation: ID.to_owned(), webhook: webhook.map(ToOwned::to_owned) };
            assert_eq!((good.len(), read(&secret, &good)), (length, Some(opened)));
            for place in 0..good.len() {
                let mut letters: Vec<char> = good.chars().collect();
                letters[place] = if letters[place] == 'A' { 'B' } else { 'A' };
                assert_eq!(read(&secret, &letters.iter().collect::<String>()), None, "letter {place}");
            }
            assert_eq!(read(&SessionSecret::from_bytes([8; 32]), &good), None);
            for wrong in ["", "AAAA", &good[..63], &format!("{good}A"), &"=".repeat(64)] {
                assert_eq!(read(&secret, wrong), None, "{wrong}");
            }
        }
        assert_eq!(token(&secret, "nonsense", None), None);
        assert_eq!(token(&secret, ID, Some("nonsense")), None);
    }

    #[test]
    fn a_link_by_a_webhook_cannot_pass_for_one_by_letter_or_by_another() {
        let secret = SessionSecret::from_bytes([7; 32]);
        let hook = token(&secret, ID, Some(HOOK)).unwrap();
        assert_eq!(read(&secret, &hook[..64]), None, "cut off");
        let letter = token(&secret, ID, None).unwrap();
        assert_eq!(read(&secret, &format!("{letter}{}", &hook[64..])), None, "put together");
    }
}
