//! Letters leave the house over TLS or not at all. The mail server is somebody
//! else's program with a certificate of its own authority.

use chrono::TimeDelta;
use qiyema_e2e::smtp::{MailServer, Protection};
use qiyema_server::{
    startup::jobs::Runner,
    store::{columns::column, notices, outbox},
};
use serde_json::Value;

use crate::{harness::BOTH, post::Office};

const FROM: (&str, &str) = ("mail.from", "企业码 <qiyema@example.cn>");

/// An office whose reviewer has a mailbox, and one letter for him in the outbox.
async fn office(database: &str, server: &MailServer, settings: &[(&str, &str)]) -> Office {
    let port = server.port.to_string();
    let mut all = vec![("mail.host", "localhost"), ("mail.port", &port), FROM];
    all.extend(settings);
    let office = Office::on(database, &all);
    let reviewer = office.staff("closure_reviewer");
    {
        let mut db = office.town.shared.store.connection().unwrap();
        let address = Some("sun@example.cn");
        notices::set_address(&mut db, &reviewer, address, column(office.clock.now()), "test").unwrap();
    }
    let number = office.register("工资拖欠").await;
    office.accept(&number).await;
    office.handle_and_report(&number).await;
    office
}

fn seen(server: &MailServer, what: &str) -> Vec<Value> {
    let lines = server.seen().into_iter().map(|line| serde_json::from_str::<Value>(&line).unwrap());
    lines.filter(|line| line["what"] == what).collect()
}

fn message_id(letter: &Value) -> String {
    let text = letter["letter"].as_str().unwrap();
    text.lines().find(|line| line.starts_with("Message-ID:")).unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// Tries, and gives why the letter is still here; `None` when it left.
async fn attempt(office: &Office) -> Option<String> {
    office.send(&Runner::new(&office.town.shared).unwrap()).await;
    let mut db = office.town.shared.store.connection().unwrap();
    let reviewer = office.staff("closure_reviewer");
    let letters = outbox::of_target(&mut db, "email", &reviewer, 10).unwrap();
    assert_eq!(letters.len(), 1);
    if letters[0].delivered_at.is_some() { None } else { letters[0].last_error.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_over_starttls_or_tls_to_a_server_that_is_trusted() {
    for (word, protection) in [("starttls", Protection::Starttls), ("tls", Protection::Tls)] {
        let server = MailServer::start(protection, "localhost").unwrap();
        let authority = server.authority().display().to_string();
        let settings = [
            ("mail.tls", word),
            ("mail.ca_file", authority.as_str()),
            ("mail.username", "qiyema"),
            ("mail.password", "geheim"),
        ];
        let office = office("sqlite", &server, &settings).await;
        assert_eq!(attempt(&office).await, None, "{word}");
        let letters = seen(&server, "letter");
        assert_eq!(letters.len(), 1, "{word}: {letters:?}");
        assert_eq!(letters[0]["to"], serde_json::json!(["sun@example.cn"]), "{word}");
        for what in ["auth", "mail", "letter"] {
            let all = seen(&server, what);
            assert!(!all.is_empty() && all.iter().all(|one| one["tls"] == true), "{word}: {all:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_to_a_server_without_tls_or_with_a_certificate_of_somebody_else() {
    let trusting = |server: &MailServer| server.authority().display().to_string();
    for (what, protection, name, word, trusts) in [
        ("it does not offer STARTTLS", Protection::Plain, "localhost", "starttls", true),
        ("its authority is not known", Protection::Starttls, "localhost", "starttls", false),
        ("its authority is not known", Protection::Tls, "localhost", "tls", false),
        ("its certificate is another host's", Protection::Starttls, "mail.example.cn", "starttls", true),
        ("its certificate is another host's", Protection::Tls, "mail.example.cn", "tls", true),
        ("it speaks no TLS at all", Protection::Plain, "localhost", "tls", true),
    ] {
        let server = MailServer::start(protection, name).unwrap();
        let authority = if trusts { trusting(&server) } else { String::new() };
        let settings = [
            ("mail.tls", word),
            ("mail.ca_file", authority.as_str()),
            ("mail.username", "qiyema"),
            ("mail.password", "geheim"),
        ];
        let office = office("sqlite", &server, &settings).await;
        assert_eq!(attempt(&office).await.as_deref(), Some("unreachable"), "{what}, {word}");
        assert!(server.seen().is_empty(), "{what}, {word}: {:?}", server.seen());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_fails_for_a_while_loses_no_letter_and_what_comes_twice_has_one_id() {
    for database in BOTH {
        let server = MailServer::start(Protection::Starttls, "localhost").unwrap();
        let authority = server.authority().display().to_string();
        let settings = [("mail.tls", "starttls"), ("mail.ca_file", authority.as_str())];
        server.mode("refuse").unwrap();
        let office = office(database, &server, &settings).await;
        assert_eq!(attempt(&office).await.as_deref(), Some("answered_451"), "{database}");
        // It takes the letter, and the line breaks before we hear of it.
        server.mode("hang_up").unwrap();
        office.later(TimeDelta::minutes(2));
        assert_eq!(attempt(&office).await.as_deref(), Some("unreachable"), "{database}");
        assert_eq!(seen(&server, "letter").len(), 1, "{database}");
        // Another process, hours later.
        server.mode("take").unwrap();
        office.later(TimeDelta::hours(7));
        assert_eq!(attempt(&office).await, None, "{database}");
        office.later(TimeDelta::hours(7));
        assert_eq!(attempt(&office).await, None, "{database}");
        let letters = seen(&server, "letter");
        assert_eq!(
            letters.iter().filter(|one| one["answered"] == true).count(),
            1,
            "{database}: {letters:?}"
        );
        assert_eq!(letters.len(), 2, "{database}: at least once, not for ever: {letters:?}");
        assert_eq!(message_id(&letters[0]), message_id(&letters[1]), "{database}");
    }
}

#[test]
fn a_file_of_authorities_that_cannot_be_read_stops_the_start_and_is_named() {
    use qiyema_server::{config::Flags, courier::mail::Postman};
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.pem");
    std::fs::write(&broken, "no certificate").unwrap();
    for (file, said) in [("/nowhere/ca.pem", "/nowhere/ca.pem"), (broken.to_str().unwrap(), "mail.ca_file")] {
        let settings = [("mail.host", "localhost"), FROM, ("mail.ca_file", file)];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        let flags = Flags { file: None, settings };
        let config = qiyema_server::config::Config::load(&flags, &std::collections::BTreeMap::new()).unwrap();
        let error = Postman::new(&config.mail, std::time::Duration::from_secs(1)).err().unwrap();
        assert!(error.contains(said), "{error}");
    }
}
