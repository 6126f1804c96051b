//! The client from outside: what it prints, what it sends, and the number it ends with.
#![cfg(test)]

mod harness;
mod owner;
mod revoked;
mod staff;

use harness::{Home, Server, code, jwks, receipt};
use serde_json::json;

#[test]
fn every_command_has_help_with_an_example() {
    let home = Home::new();
    let commands = [
        "scan",
        "verify",
        "rate",
        "receipt verify",
        "pin enter",
        "pin forget",
        "keys fetch",
        "keys list",
        "keys trust",
        "keys forget",
        "login",
        "logout",
        "whoami",
        "choices",
        "enterprise register",
        "enterprise list",
        "enterprise show",
        "enterprise import",
        "enterprise export",
        "enterprise reset-pin",
        "code issue",
        "code revoke",
        "code revoke-many",
        "code suspend",
        "code resume",
        "code replace",
        "code scans",
        "issue register",
        "issue list",
        "issue show",
        "issue accept",
        "issue assign",
        "issue progress",
        "issue extend",
        "issue report",
        "issue close",
        "figures",
        "rating list",
        "rating show",
        "rating appeal",
        "rating decide",
        "completions",
        "man",
    ];
    for command in commands {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.push("--help");
        let ran = home.run(&args);
        assert_eq!(ran.exit, 0, "{command}: {}", ran.err);
        assert!(ran.out.contains(&format!("Example: qiyema {command}")), "{command}: {}", ran.out);
    }
    assert!(home.run(&["completions", "bash"]).out.contains("_qiyema()"));
    assert!(home.run(&["man"]).out.contains(".TH qiyema 1"));
}

#[test]
fn a_wrong_call_ends_with_2() {
    let home = Home::new();
    let calls: [&[&str]; 8] = [
        &[],
        &["scan"],
        &["fly"],
        &["rate", "x.jpg", "--issue", "Q1"],
        &["rate", "x.jpg", "--issue", "Q1", "--good", "--bad"],
        &["rate", "x.jpg", "--issue", "../Q1", "--good"],
        &["rate", "x.jpg", "--issue", "Q1", "--good", "--level", "dissatisfied"],
        &["issue", "extend", "Q1", "--days", "0", "--reason", "field_work"],
    ];
    for call in calls {
        assert_eq!(home.run(call).exit, 2, "{call:?}");
    }
}

#[test]
fn a_code_of_an_unknown_host_is_called_out_and_nothing_is_sent() {
    let server = Server::start();
    let home = Home::trusting("https://qy.example.cn");
    let ran = home.run(&["scan", &code(&server.origin)]);
    assert_eq!(ran.exit, 6);
    assert!(ran.err.contains(&format!("qiyema keys trust {}", server.origin)), "{}", ran.err);
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn keys_are_trusted_only_by_a_person_or_yes() {
    let server = Server::start();
    server.answer("GET /.well-known/jwks.json", 200, json!(jwks()));
    let home = Home::new();
    let ran = home.run(&["keys", "trust", &server.origin]);
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("--yes"), "{}", ran.err);
    assert!(server.lines().is_empty());
    assert_eq!(home.run(&["keys", "trust", &server.origin, "--yes"]).exit, 0);
    let listed = home.run(&["keys", "list"]);
    assert!(listed.out.contains(&server.origin) && listed.out.contains("SHA256"), "{}", listed.out);
    assert_eq!(home.run(&["keys", "forget", &server.origin]).exit, 0);
    assert_eq!(home.run(&["keys", "forget", &server.origin]).exit, 5);
}

#[test]
fn plain_http_to_another_machine_is_refused_before_a_secret_leaves() {
    let home = Home::new();
    let login = ["login", "--server", "http://qy.invalid", "--username", "zhang", "--password-stdin"];
    let ran = home.feed(&login, "secret\n");
    assert_eq!(ran.exit, 2, "{}", ran.err);
    assert!(ran.err.contains("--insecure"));
    let insisted = home.feed(&[&login[..], &["--insecure"]].concat(), "secret\n");
    assert_eq!(insisted.exit, 8, "{}", insisted.err);
    assert_eq!(home.run(&["keys", "trust", "http://qy.invalid", "--yes"]).exit, 2);
}

#[test]
fn a_host_that_fails_does_not_hold_up_the_refresh_of_the_others() {
    let (dead, live) = (Server::start(), Server::start());
    dead.answer("GET /.well-known", 500, json!(null));
    let mut more = jwks();
    more.retired.push(9);
    live.answer("GET /.well-known", 200, json!(jwks())).answer("GET /.well-known", 200, json!(more));
    let home = Home::trusting(&dead.origin);
    assert_eq!(home.run(&["keys", "trust", &live.origin, "--yes"]).exit, 0);
    let ran = home.run(&["keys", "fetch"]);
    assert_eq!(ran.exit, 1, "{}", ran.err);
    assert!(ran.err.contains(&dead.origin), "{}", ran.err);
    let listed = home.run(&["keys", "list"]).out;
    assert!(listed.contains("9  已停用"), "{listed}");
}

#[test]
fn a_key_that_changed_under_its_id_is_refused() {
    let server = Server::start();
    let mut other = jwks();
    other.keys[0].x = "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik".to_owned();
    server.answer("GET /.well-known", 200, json!(other));
    let home = Home::trusting(&server.origin);
    let ran = home.run(&["keys", "fetch"]);
    assert_eq!(ran.exit, 6, "{}", ran.err);
    assert_eq!(home.run(&["verify", &code(&server.origin)]).exit, 0);
}

#[test]
fn a_receipt_stands_only_with_its_kind_its_issuer_and_its_signature() {
    let home = Home::trusting("https://qy.example.cn");
    let good = receipt("qy.example.cn", "qiyema-receipt+jwt");
    let ran = home.run(&["receipt", "verify", &good]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("Q20261124-0007"), "{}", ran.out);
    let path = home.file("r.jws", good.as_bytes());
    assert_eq!(home.run(&["receipt", "verify", path.to_str().unwrap()]).exit, 0);
    let (head, signature) = good.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let bad = [
        receipt("other.example.cn", "qiyema-receipt+jwt"),
        receipt("qy.example.cn", "JWT"),
        format!("{head}.{first}{}", &signature[1..]),
        "nonsense".to_owned(),
    ];
    for receipt in bad {
        assert_eq!(home.run(&["receipt", "verify", &receipt]).exit, 6, "{receipt}");
    }
}
