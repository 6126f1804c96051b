//! The golden vectors of the seal (`protocol/vectors/seals.json`): made here,
//! where signing lives, and compared on every run. `UPDATE_VECTORS=1` rewrites
//! the file; whoever does that has changed the format and says so.

#[cfg(feature = "gm")]
mod sm2;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use jsonwebtoken::{Algorithm, EncodingKey};
use qiyema_protocol::{
    keyring::{Jwk, Jwks},
    rating::{Tier, Verdict},
    receipt::ReceiptClaims,
    seal::{CodeId, HEAD_BYTES, Host, Seal, message},
};
use serde::Serialize;

use crate::{
    clock::Timestamp,
    secrets::{
        scribe::Scribe,
        signer::{Ed25519Hand, Signer},
    },
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/protocol/vectors/seals.json");
const HOME: &str = "https://qy.example.cn";
const CODE: [u8; 10] = [0x3c, 0x91, 0x5e, 0xd0, 0x27, 0xaa, 0x48, 0x16, 0xf3, 0x6b];
/// Keys of the published set; 3 is retired, 9 was never published.
const LIVE: [u8; 3] = [1, 2, 255];
const RETIRED: u8 = 3;
const STRANGER: u8 = 9;
/// The group order of Ed25519, little-endian (RFC 8032 §5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
/// A signature of key 2 over `CODE` at `HOME` with the nonce 0: R is the neutral
/// point and S = h·a. The equation holds, so lenient verifiers take it.
const NEUTRAL_R: &str = "01000000000000000000000000000000000000000000000000000000000000008c7872b22b5d84572706688e5e59ffafc6cf235f8de6d193a6dc384de31dc20a";

#[derive(Serialize)]
struct Vectors {
    about: &'static str,
    keys: Vec<TestKey>,
    jwks: Jwks,
    seals: Vec<Good>,
    refused: Vec<Refused>,
    refused_keys: Vec<RefusedKeys>,
    receipt: Token<ReceiptClaims>,
    code_jwt: String,
}

#[derive(Serialize)]
struct TestKey {
    kid: u8,
    pkcs8: String,
    public: String,
}

#[derive(Serialize)]
struct Good {
    origin: &'static str,
    host: String,
    kid: u8,
    code: String,
    message: String,
    seal: String,
    text: String,
    text_lower: String,
}

#[derive(Serialize)]
struct Refused {
    name: &'static str,
    text: String,
    error: &'static str,
}

#[derive(Serialize)]
struct RefusedKeys {
    name: &'static str,
    jwks: Jwks,
    error: &'static str,
}

#[derive(Serialize)]
struct Token<Claims> {
    jws: String,
    claims: Claims,
}

/// Nobody may use such a key: its secret is its number, 32 times.
fn pkcs8(kid: u8) -> Vec<u8> {
    let prefix = HEXLOWER.decode(b"302e020100300506032b657004220420").unwrap();
    prefix.into_iter().chain([kid; 32]).collect()
}

fn public(kid: u8) -> [u8; 32] {
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pkcs8(kid)).unwrap();
    pair.public_key().as_ref().try_into().unwrap()
}

fn signer(kid: u8) -> Signer {
    Signer::new(kid, Ed25519Hand::from_pkcs8(&pkcs8(kid)))
}

fn scribe(kid: u8) -> Scribe {
    Scribe::from_pkcs8(kid, &pkcs8(kid))
}

fn host(origin: &str) -> Host {
    Host::from_origin(origin).unwrap()
}

fn good(origin: &'static str, kid: u8, code: [u8; 10]) -> Good {
    let host = host(origin);
    let seal = signer(kid).seal(&host, CodeId(code)).unwrap();
    let head = seal.as_bytes()[..HEAD_BYTES].try_into().unwrap();
    let text = seal.text(&host);
    Good {
        origin,
        host: host.as_str().to_owned(),
        kid,
        code: CodeId(code).to_string(),
        message: HEXLOWER.encode(&message(&host, head)),
        seal: HEXLOWER.encode(seal.as_bytes()),
        text_lower: text.to_ascii_lowercase(),
        text,
    }
}

/// The true seal all refused ones are made from.
fn base() -> [u8; 76] {
    *signer(2).seal(&host(HOME), CodeId(CODE)).unwrap().as_bytes()
}

fn text(bytes: [u8; 76]) -> String {
    Seal::from_bytes(bytes).text(&host(HOME))
}

fn altered(place: usize) -> String {
    let mut bytes = base();
    bytes[place] ^= 1;
    text(bytes)
}

/// A true signature over a head that a signer would not make.
fn odd_head(version: u8, kid: u8, key: u8) -> String {
    let mut bytes = base();
    (bytes[0], bytes[1]) = (version, kid);
    let head = bytes[..HEAD_BYTES].try_into().unwrap();
    let key = EncodingKey::from_ed_der(&pkcs8(key));
    let signed = jsonwebtoken::crypto::sign(&message(&host(HOME), &head), &key, Algorithm::EdDSA).unwrap();
    bytes[HEAD_BYTES..].copy_from_slice(&BASE64URL_NOPAD.decode(signed.as_bytes()).unwrap());
    text(bytes)
}

/// S + L satisfies the same equation: a second spelling of a true signature.
fn malleated() -> String {
    let mut bytes = base();
    let mut carry = 0_u16;
    for (byte, add) in bytes[44..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    text(bytes)
}

fn with_signature(hex: &str) -> String {
    let mut bytes = base();
    bytes[HEAD_BYTES..].copy_from_slice(&HEXLOWER.decode(hex.as_bytes()).unwrap());
    text(bytes)
}

fn refused() -> Vec<Refused> {
    let (malformed, signature) = ("seal_malformed", "seal_signature_false");
    let true_text = text(base());
    let cut = true_text.len() - 1;
    let last = BASE32_NOPAD.encode(&base()).pop().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let next = alphabet.chars().nth(alphabet.find(last).unwrap() + 1).unwrap();
    let mut mixed = true_text.clone();
    mixed.replace_range(cut - 121..cut - 120, "a");
    let other = |from, to| true_text.replacen(from, to, 1);
    let s_zero = [&[0x58; 1][..], &[0x66; 31], &[0; 32]].concat();
    let case = |name, text, error| Refused { name, text, error };
    vec![
        case("one bit of the code id", altered(5), signature),
        case("one bit of R", altered(12), signature),
        case("one bit of S", altered(75), signature),
        case("another host", other("QY.EXAMPLE.CN", "QY.EXAMPLE.COM"), signature),
        case("another port", other("QY.EXAMPLE.CN", "QY.EXAMPLE.CN:8443"), signature),
        case("plain http, so port 80", other("HTTPS", "HTTP"), signature),
        case("signed by another live key", odd_head(1, 1, 2), signature),
        case("S plus the group order", malleated(), signature),
        case("R is the neutral point, the equation holds", with_signature(NEUTRAL_R), signature),
        case("R is the base point, S is zero", with_signature(&HEXLOWER.encode(&s_zero)), signature),
        case("a key that was never published", odd_head(1, STRANGER, STRANGER), "seal_key_unknown"),
        case("key id 0", odd_head(1, 0, 2), "seal_key_unknown"),
        case("a retired key", odd_head(1, RETIRED, RETIRED), "seal_key_retired"),
        case("layout version 2", odd_head(2, 2, 2), "seal_version_unknown"),
        case("layout version 2 of an unknown key", odd_head(2, STRANGER, STRANGER), "seal_version_unknown"),
        case("mixed case", mixed, malformed),
        case("unused bits set", format!("{}{next}", &true_text[..cut]), malformed),
        case("one character short", true_text[..cut].to_owned(), malformed),
        case("one character long", format!("{true_text}A"), malformed),
        case("padded", format!("{true_text}======"), malformed),
        case("a digit outside the alphabet", format!("{}1", &true_text[..cut]), malformed),
        case("no scheme", other("HTTPS://", ""), malformed),
        case("another path", other("/C/", "/D/"), malformed),
        case("a query behind", format!("{true_text}?A=B"), malformed),
        case("a user name", other("://", "://QY.EXAMPLE.CN@"), malformed),
        case("a port with a sign", other(".CN/", ".CN:+443/"), malformed),
        case("a port with a leading zero", other(".CN/", ".CN:0443/"), malformed),
        case("port 0", other(".CN/", ".CN:0/"), malformed),
        case("a port that is too great", other(".CN/", ".CN:65979/"), malformed),
        case("nothing", String::new(), malformed),
    ]
}

fn refused_keys() -> Vec<RefusedKeys> {
    let jwks = |keys, retired| Jwks { keys, retired };
    let point = |hex: &str| {
        let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap();
        jwks(vec![Jwk::ed25519(7, &bytes)], vec![])
    };
    let good = Jwk::ed25519(2, &public(2));
    let named = |kid: &str| Jwk { kid: kid.into(), ..good.clone() };
    let (one, rest) = ("01", "00".repeat(31));
    let eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    let case = |name, jwks, error| RefusedKeys { name, jwks, error };
    vec![
        case("the neutral point", point(&format!("{one}{rest}")), "point"),
        case("a point of order 4", point(&"00".repeat(32)), "point"),
        case("a point of order 8", point(eight), "point"),
        case("y is the prime: zero, not canonical", point(&format!("ed{}7f", "ff".repeat(30))), "point"),
        case(
            "31 bytes",
            jwks(vec![Jwk { x: BASE64URL_NOPAD.encode(&[9; 31]), ..good.clone() }], vec![]),
            "point",
        ),
        case("another curve", jwks(vec![Jwk { crv: "X25519".into(), ..good.clone() }], vec![]), "kind"),
        case("another algorithm", jwks(vec![Jwk { alg: "none".into(), ..good.clone() }], vec![]), "kind"),
        case("key id with a leading zero", jwks(vec![named("02")], vec![]), "kid"),
        case("key id 256", jwks(vec![named("256")], vec![]), "kid"),
        case("one id, two keys", jwks(vec![good.clone(), good.clone()], vec![]), "twice"),
        case("live and retired", jwks(vec![good.clone()], vec![2]), "twice"),
    ]
}

fn vectors() -> Vectors {
    let claims = ReceiptClaims {
        round: qiyema_protocol::rating::Round::First,
        iss: "qy.example.cn".into(),
        sub: "01976f2e-0000-7000-8000-000000000001".into(),
        issue: "20260601-0001".into(),
        closure: "01976f2e-0000-7000-8000-000000000002".into(),
        verdict: Verdict::Good,
        tier: Tier::Owner,
        digest: "ab".repeat(32),
        iat: 1_780_272_000,
    };
    let issued = Timestamp::from_timestamp(1_780_272_000, 0).unwrap();
    let key =
        |kid| TestKey { kid, pkcs8: HEXLOWER.encode(&pkcs8(kid)), public: HEXLOWER.encode(&public(kid)) };
    Vectors {
        about: "Golden vectors of docs/seal.md. The private keys are for tests only. Made by the server's tests.",
        keys: LIVE.into_iter().chain([RETIRED, STRANGER]).map(key).collect(),
        jwks: Jwks { keys: LIVE.map(|kid| Jwk::ed25519(kid, &public(kid))).to_vec(), retired: vec![RETIRED] },
        seals: vec![
            good(HOME, 2, CODE),
            good(HOME, 1, CODE),
            good("https://qy.example.cn:8443", 2, CODE),
            good("http://127.0.0.1:8080", 255, [0; 10]),
            good("http://localhost", 2, [0xff; 10]),
            good("https://[2001:db8::1]:9", 1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ],
        refused: refused(),
        refused_keys: refused_keys(),
        receipt: Token { jws: scribe(2).receipt(&claims).unwrap(), claims },
        code_jwt: scribe(2).code_jwt(&host(HOME), CodeId(CODE), "示例企业", issued).unwrap(),
    }
}

#[test]
fn the_golden_vectors_are_what_this_program_makes() {
    let made = serde_json::to_string_pretty(&vectors()).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(FILE, &made).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        made == kept,
        "the seal format changed; old prints would stop working (UPDATE_VECTORS=1 rewrites)"
    );
}
