//! Golden vectors of seals signed with SM2 (`protocol/vectors/seals-sm2.json`). They
//! are checked by gmssl, which knows nothing of us, and rewritten like the others.

use data_encoding::HEXLOWER;
use qiyema_protocol::{
    algorithm::Algorithm,
    keyring::{Jwk, Jwks},
    seal::{CodeId, HEAD_BYTES, Seal, message},
};
use serde::Serialize;
use sm2::{SecretKey, pkcs8::EncodePrivateKey as _};

use super::{CODE, HOME, RefusedKeys, host};
use crate::secrets::{keypair, signer::Signer};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/protocol/vectors/seals-sm2.json");
const KID: u8 = 4;
/// The order of the curve's group (GB/T 32918.5-2017 §A.1), big-endian.
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

#[derive(Serialize)]
struct Vectors {
    about: &'static str,
    /// The secret scalar, hex.
    secret: String,
    /// The signer's identifier that goes into Z.
    id: &'static str,
    jwks: Jwks,
    seals: Vec<Good>,
    refused: Vec<Refused>,
    refused_keys: Vec<RefusedKeys>,
}

#[derive(Serialize)]
struct Good {
    host: String,
    code: String,
    message: String,
    signature: String,
    text: String,
}

#[derive(Serialize)]
struct Refused {
    name: &'static str,
    text: String,
}

fn key() -> (Signer, Jwk) {
    let pkcs8 = SecretKey::from_slice(&[KID; 32]).unwrap().to_pkcs8_der().unwrap();
    let (signer, public) = keypair::read(Algorithm::Sm2, KID, pkcs8.as_bytes()).unwrap();
    (signer, Jwk::of(KID, Algorithm::Sm2, public.x, public.y))
}

fn good(origin: &str, code: [u8; 10]) -> Good {
    let host = host(origin);
    let seal = key().0.seal(&host, CodeId(code)).unwrap();
    let (head, signature) = seal.as_bytes().split_first_chunk::<HEAD_BYTES>().unwrap();
    Good {
        host: host.as_str().to_owned(),
        code: CodeId(code).to_string(),
        message: HEXLOWER.encode(&message(&host, head)),
        signature: HEXLOWER.encode(signature),
        text: seal.text(&host),
    }
}

fn refused() -> Vec<Refused> {
    let base = *key().0.seal(&host(HOME), CodeId(CODE)).unwrap().as_bytes();
    let text = |bytes: [u8; 76]| Seal::from_bytes(bytes).text(&host(HOME));
    let with = |start: usize, part: &[u8]| {
        let mut bytes = base;
        bytes[start..start + part.len()].copy_from_slice(part);
        text(bytes)
    };
    let flip = |place: usize| with(place, &[base[place] ^ 1]);
    let order = HEXLOWER.decode(ORDER.as_bytes()).unwrap();
    let swapped = [&base[44..], &base[12..44]].concat();
    let case = |name, text| Refused { name, text };
    vec![
        case("one bit of the code id", flip(5)),
        case("one bit of r", flip(43)),
        case("one bit of s", flip(75)),
        case("r and s changed places", with(12, &swapped)),
        case("r is zero", with(12, &[0; 32])),
        case("s is zero", with(44, &[0; 32])),
        case("r is the group order", with(12, &order)),
        case("s is the group order", with(44, &order)),
        case("another host", text(base).replacen("QY.EXAMPLE.CN", "QY.EXAMPLE.COM", 1)),
    ]
}

fn refused_keys() -> Vec<RefusedKeys> {
    let good = key().1;
    let set = |jwk| Jwks { keys: vec![jwk], retired: vec![] };
    let zero = data_encoding::BASE64URL_NOPAD.encode(&[0; 32]);
    let case = |name, jwk, error| RefusedKeys { name, jwks: set(jwk), error };
    vec![
        case(
            "x and y changed places",
            Jwk { x: good.y.clone().unwrap(), y: Some(good.x.clone()), ..good.clone() },
            "point",
        ),
        case("no y", Jwk { y: None, ..good.clone() }, "point"),
        case("zero, zero", Jwk { x: zero.clone(), y: Some(zero), ..good.clone() }, "point"),
        case("another curve", Jwk { crv: "P-256".into(), ..good.clone() }, "kind"),
        case("another algorithm", Jwk { alg: "EdDSA".into(), ..good }, "kind"),
    ]
}

#[test]
fn the_golden_vectors_of_sm2_are_what_this_program_makes() {
    let vectors = Vectors {
        about: "Golden vectors of docs/seal.md for SM2 with SM3. The private key is for tests only.",
        secret: HEXLOWER.encode(&[KID; 32]),
        id: qiyema_protocol::algorithm::SM2_ID,
        jwks: Jwks { keys: vec![key().1], retired: vec![] },
        seals: vec![
            good(HOME, CODE),
            good("https://qy.example.cn:8443", CODE),
            good("http://localhost", [0xff; 10]),
        ],
        refused: refused(),
        refused_keys: refused_keys(),
    };
    let made = serde_json::to_string_pretty(&vectors).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(FILE, &made).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        made == kept,
        "the seal format changed; old prints would stop working (UPDATE_VECTORS=1 rewrites)"
    );
}
