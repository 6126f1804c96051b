//! What is known of revoked codes without a network: fetched with the keys, signed, dated.

use serde_json::{Value, json};

use crate::harness::{Home, Server, code, jwks, list};

const CODE: [u8; 10] = *b"0123456789";

fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

fn proof(home: &Home, text: &str) -> (i32, Value) {
    let ran = home.run(&["verify", "--json", text]);
    (ran.exit, serde_json::from_str(&ran.out).unwrap_or(Value::Null))
}

#[test]
fn verify_says_how_old_its_knowledge_is_and_a_revoked_code_fails_offline() {
    let server = Server::start();
    let text = code(&server.origin);
    server
        .answer("GET /.well-known", 200, json!(jwks()))
        .text("GET /api/v1/revocations", list(&server.origin, now() - 864_000, &[], &[]));
    let home = Home::new();
    assert_eq!(home.run(&["keys", "trust", &server.origin, "--yes"]).exit, 0);
    let ran = home.run(&["verify", "--lang", "en", &text]);
    assert!(
        ran.exit == 0 && ran.out.contains("list 10 days old") && ran.out.contains("keys fetch"),
        "{}",
        ran.out
    );
    assert_eq!(proof(&home, &text).1["revocations_age_days"], 10);

    // Meanwhile it was revoked: the next list says so, and an older one takes nothing back.
    server.text("GET /api/v1/revocations", list(&server.origin, now() - 60, &[CODE], &[]));
    assert_eq!(home.run(&["keys", "fetch"]).exit, 0);
    let ran = home.run(&["verify", &text]);
    assert!(ran.exit == 6 && ran.err.contains("已停用或已换发"), "{} {}", ran.out, ran.err);
    server.text("GET /api/v1/revocations", list(&server.origin, now() - 864_000, &[], &[]));
    assert!(home.run(&["keys", "fetch"]).err.contains("older than the one kept"));
    assert_eq!(proof(&home, &text).0, 6, "what is known is kept");

    server.text("GET /api/v1/revocations", list(&server.origin, now(), &[], &[CODE]));
    home.run(&["keys", "fetch"]);
    assert!(home.run(&["scan", "--offline", &text]).err.contains("已暂停使用"));
}

#[test]
fn a_list_of_another_host_or_a_forged_one_is_not_kept_and_none_is_said_to_be_none() {
    let server = Server::start();
    let text = code(&server.origin);
    let home = Home::new();
    let foreign = list("https://other.example.cn", now(), &[CODE], &[]);
    server.answer("GET /.well-known", 200, json!(jwks())).text("GET /api/v1/revocations", foreign);
    let ran = home.run(&["keys", "trust", &server.origin, "--yes"]);
    assert!(ran.exit == 0 && ran.err.contains("not genuine"), "{}", ran.err);
    assert_eq!(proof(&home, &text), (0, proof(&home, &text).1));
    assert_eq!(proof(&home, &text).1["revocations_at"], Value::Null);
    assert!(home.run(&["verify", &text]).out.contains("尚不知道"));
    // Somebody writes into the file: the signature says so, and it counts for nothing.
    let mut forged = list(&server.origin, now(), &[], &[]);
    forged.replace_range(forged.len() - 6.., "AAAAAA");
    let file = json!({ "hosts": { server.origin.trim_start_matches("http://"): forged } });
    std::fs::write(home.config("revocations.json"), file.to_string()).unwrap();
    assert_eq!(proof(&home, &text).1["revocations_at"], Value::Null);
}
