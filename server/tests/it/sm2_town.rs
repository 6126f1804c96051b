//! 国密 from end to end: the key is rotated to SM2 under a running server; codes are
//! issued, drawn, printed, scanned and checked without the server, beside those of Ed25519.

use clap::Parser;
use qiyema_protocol::{
    keyring::KeyRing,
    revocation::{RevocationList, Stands},
    seal::{Host, Seal, SealError},
};
use qiyema_server::{
    command::key::{self, KeyArgs},
    secrets::folder::KeyFolder,
};
use serde_json::{Value, json};

use crate::{
    code_runs::{grow, issued, unpacked},
    harness::{BOTH, Town},
    keys::until,
};

const PRINTED: &[(&str, &str)] = &[("http.public_url", "https://qy.example.cn")];

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    key: KeyArgs,
}

/// `qiyema-server key …` beside the running server.
fn key(town: &Town, words: &[&str]) {
    let line = Line::parse_from([&["key"][..], words, &["--json"]].concat());
    let folder = KeyFolder::from(&town.shared.config.paths.keys_dir());
    key::run(&line.key, &folder, town.shared.clock.now(), |_| None).unwrap();
}

async fn get(town: &Town, path: &str) -> reqwest::Response {
    let asked = crate::harness::client().get(town.url(path)).bearer_auth(town.token("code_issuer").await);
    asked.send().await.unwrap()
}

async fn ring(town: &Town) -> KeyRing {
    let keys = crate::harness::get(town.url("/.well-known/jwks.json")).await.unwrap();
    KeyRing::from_jwks(&keys.json().await.unwrap()).unwrap()
}

async fn scan(town: &Town, seal: &str) -> (u16, Value) {
    let answer = crate::harness::get(town.url(&format!("/api/v1/scans/{seal}"))).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn sm2_codes_are_issued_drawn_scanned_checked_offline_and_rotated_beside_ed25519() {
    for database in BOTH {
        let town = Town::with(database, PRINTED);
        let ids = grow(&town);
        key(&town, &["rotate", "--algorithm", "sm2"]);
        until("SM2 signs", async || town.shared.trust.keys.now().signer.kid() == 2).await;
        assert_eq!(scan(&town, &town.seal).await.0, 200, "{database}: the Ed25519 code stands");

        let place = format!("/api/v1/staff/enterprises/{}/codes", ids[4]);
        let (status, new) = town.send("code_issuer", "POST", &place, json!({})).await;
        assert_eq!((status, &new["code"]["kid"]), (201, &json!(2)), "{database}: {new}");
        let (code, text) = (new["code"]["id"].as_str().unwrap(), new["seal_text"].as_str().unwrap());
        let segment = text.rsplit('/').next().unwrap();
        assert_eq!(scan(&town, segment).await.0, 200, "{database}");

        // Drawn twice it is the same symbol, and another reader reads it.
        let symbol = format!("/api/v1/staff/codes/{code}/symbol.png?mm=30&dpi=600");
        let drawn = get(&town, &symbol).await.bytes().await.unwrap();
        assert!(drawn == get(&town, &symbol).await.bytes().await.unwrap(), "{database}");
        let grey = image::load_from_memory(&drawn).unwrap().to_luma8();
        assert_eq!(grey.width(), 49 * 14, "{database}: no larger than Ed25519");
        let read = rqrr::PreparedImage::prepare(grey).detect_grids()[0].decode().unwrap().1;
        assert_eq!(read, text.to_uppercase(), "{database}");

        // Without the server: the published keys and the signed list are enough.
        let (keys, host) = (ring(&town).await, &town.shared.trust.host);
        let seal = Seal::from_segment(segment).unwrap();
        assert_eq!(seal.verify(host, &keys).unwrap().code().to_string(), code, "{database}");
        let elsewhere = Host::from_origin("https://elsewhere.example.cn").unwrap();
        assert_eq!(seal.verify(&elsewhere, &keys).unwrap_err(), SealError::Signature, "{database}");
        let because = json!({ "reason_code": "lost" });
        let suspension = format!("/api/v1/staff/codes/{code}/suspension");
        assert_eq!(town.send("code_issuer", "POST", &suspension, because).await.0, 201, "{database}");
        let list = get(&town, "/api/v1/revocations").await.text().await.unwrap();
        let list = RevocationList::verify(&list, &keys, host).unwrap();
        assert_eq!(list.stands(code.parse().unwrap()), Stands::Suspended, "{database}");

        // A run of them, on paper; and the key is rotated once more.
        let run = issued(&town, json!({ "division": "4403" })).await;
        let print = json!({ "part": 1, "paper": { "format": "a4-3x8" } });
        let url = town.url(&format!("/api/v1/staff/code-runs/{}/prints", run["id"].as_str().unwrap()));
        let asked = crate::harness::client().post(url).bearer_auth(town.token("code_issuer").await);
        let zip = unpacked(asked.json(&print).send().await.unwrap().bytes().await.unwrap().to_vec());
        let live = zip.table.iter().filter(|row| row["status"] == "live").count();
        assert_eq!(live, 150, "{database}: each symbol of the file was read again");
        key(&town, &["rotate", "--algorithm", "sm2"]);
        until("the next key signs", async || town.shared.trust.keys.now().signer.kid() == 3).await;
        let resumption = format!("/api/v1/staff/codes/{code}/resumption");
        town.send("code_issuer", "POST", &resumption, json!({})).await;
        assert_eq!(scan(&town, segment).await.0, 200, "{database}: it stands until its key is retired");
        key(&town, &["retire", "2", "--yes"]);
        until("the old seal is void", async || scan(&town, segment).await.1["code"] == "seal_key_retired")
            .await;
        let seal = Seal::from_segment(segment).unwrap();
        assert_eq!(
            seal.verify(host, &ring(&town).await).unwrap_err(),
            SealError::RetiredKey(2),
            "{database}"
        );
        assert_eq!(scan(&town, &town.seal).await.0, 200, "{database}");
        let (_, left) = town.send("code_issuer", "POST", "/api/v1/staff/code-runs", json!({})).await;
        assert_eq!(left["count"], json!(ids.len()), "{database}: who had an SM2 code needs a new one");
    }
}
