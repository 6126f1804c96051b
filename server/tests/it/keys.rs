//! Keys change under a running server.

use std::time::Duration;

use qiyema_server::secrets::keystore::KeyStore;
use serde_json::Value;

use crate::harness::Town;

/// Waits until a look at the town says so; a server follows its folder in seconds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..100 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("after ten seconds: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_an_older_key_stands_and_can_be_drawn_until_the_key_is_retired() {
    let town = Town::on("sqlite");
    let token = town.token("code_issuer").await;
    let code = town.seeded.code.to_string();
    let draw = async || {
        let url = town.url(&format!("/api/v1/staff/codes/{code}/symbol.svg"));
        let answer = crate::harness::client().get(url).bearer_auth(&token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let scan = async || {
        let answer = crate::harness::get(town.url(&format!("/api/v1/scans/{}", town.seal))).await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["code"].clone())
    };
    let printed = draw().await;
    assert_eq!(printed.0, 200);
    let now = town.shared.clock.now();
    let mut folder = KeyStore::open(&town.shared.config.paths.keys_dir()).unwrap();

    folder.rotate(qiyema_protocol::algorithm::Algorithm::Ed25519, now).unwrap();
    until("the new key is published", async || {
        let keys = crate::harness::get(town.url("/.well-known/jwks.json")).await.unwrap();
        keys.json::<Value>().await.unwrap()["keys"].as_array().unwrap().len() == 2
    })
    .await;
    assert_eq!(scan().await.0, 200);
    assert!(draw().await == printed, "the symbol drawn again is the one on paper");

    folder.retire(1, now).unwrap();
    until("the old seal is void", async || scan().await == (410, "seal_key_retired".into())).await;
    let (status, problem) = draw().await;
    assert!(status == 410 && problem.contains("seal_key_retired"), "{status} {problem}");
}
