//! Accounts: the second factor, sessions, passwords, links.

use qiyema_server::{
    actions::{
        Refused,
        account::second_factor,
        admin::api_token,
        rights::{Actor, Deed},
    },
    secrets::{token::fingerprint, totp},
};
use serde_json::{Value, json};

use crate::{
    console::{Browser, place},
    harness::{BOTH, Town},
};

async fn sign_in(town: &Town, body: Value) -> (u16, String) {
    let asked = reqwest::Client::new().post(town.url("/api/v1/staff/sessions")).json(&body);
    let answer = asked.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json::<Value>().await.unwrap()["code"].as_str().unwrap_or_default().to_owned())
}

/// Whether the browser was given what it is remembered by.
fn remembered(answer: &reqwest::Response) -> bool {
    let given = answer.headers().get_all("set-cookie");
    given.iter().any(|set| set.to_str().unwrap().starts_with("qiyema_desk="))
}

async fn require(town: &Town, roles: &str) {
    let (status, said) = town
        .send("administrator", "PUT", "/api/v1/admin/settings/second_factor_roles", json!({ "value": roles }))
        .await;
    assert_eq!(status, 204, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_enrolled_over_the_api_as_well() {
    for database in BOTH {
        let town = Town::on(database);
        require(&town, "auditor").await;
        let ask = |path: &str, password: &str, code: Option<&str>| {
            let mut body = json!({ "username": "auditor", "password": password });
            if let Some(code) = code {
                body["totp"] = json!(code);
            }
            let url = town.url(&format!("/api/v1/staff/second-factors{path}"));
            async move {
                let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
                (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
            }
        };
        let right = &*town.seeded.password;
        assert_eq!(ask("", "wrong password", None).await.0, 401, "{database}");
        let (status, begun) = ask("", right, None).await;
        assert_eq!(status, 201, "{database}: {begun}");
        assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/"), "{begun}");
        let key = totp::read(begun["key"].as_str().unwrap()).unwrap();
        let (status, refused) = ask("/proof", right, Some("000000")).await;
        assert_eq!((status, &refused["code"]), (401, &json!("second_factor_wrong")), "{database}");
        let code = totp::shown(&key, town.shared.clock.now());
        let (status, enrolled) = ask("/proof", right, Some(&code)).await;
        assert_eq!(status, 201, "{database}: {enrolled}");
        let recovery = enrolled["recovery_codes"][0].as_str().unwrap();
        let token = enrolled["session"]["access_token"].as_str().unwrap();
        let me = reqwest::Client::new().get(town.url("/api/v1/staff/me")).bearer_auth(token);
        assert_eq!(me.send().await.unwrap().status(), 200, "{database}");

        let (status, refused) = ask("", right, None).await;
        assert_eq!((status, &refused["code"]), (409, &json!("already_enrolled")), "{database}");
        assert_eq!(ask("/proof", right, Some(&code)).await.0, 401, "{database}: finished once");
        let with = json!({ "username": "auditor", "password": right, "totp": recovery });
        assert_eq!(sign_in(&town, with).await.0, 201, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_needs_a_second_factor_enrols_first_and_a_code_works_once() {
    for database in BOTH {
        let town = Town::on(database);
        require(&town, "auditor").await;
        let right = json!({ "username": "auditor", "password": town.seeded.password });
        let with =
            |code: &str| json!({ "username": "auditor", "password": town.seeded.password, "totp": code });
        assert_eq!(sign_in(&town, right.clone()).await, (403, "enrolment_required".into()), "{database}");
        let mut browser = Browser::stranger(&town.base);
        let entered = browser.sign_in("auditor", &town.seeded.password, "").await;
        assert!(place(&entered).starts_with("/console/sign-in/enrolment"));
        assert!(!remembered(&entered), "{database}: who knows the password alone is nobody yet");
        browser.keep(&entered);
        assert_eq!(browser.get("/console").await.status(), 303, "nothing else opens");
        let page = browser.page("/console/sign-in/enrolment").await;
        let key = totp::read(page.split("<code>").nth(1).unwrap().split('<').next().unwrap()).unwrap();
        let now = town.shared.clock.now();
        let code = totp::shown(&key, now);
        let done = browser.knock("/console/sign-in/enrolment", &[("code", &code)]).await;
        assert!(remembered(&done), "{database}");
        browser.keep(&done);
        let codes = done.text().await.unwrap();
        let recovery: Vec<&str> =
            codes.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
        assert_eq!(browser.get("/console").await.status(), 200);

        assert_eq!(sign_in(&town, right.clone()).await, (401, "second_factor_required".into()));
        assert_eq!(sign_in(&town, with(&code)).await, (401, "second_factor_wrong".into()), "a replay");
        let next = totp::shown(&key, now + chrono::TimeDelta::seconds(30));
        assert_eq!(sign_in(&town, with(&next)).await.0, 201, "one step of drift");
        assert_eq!(sign_in(&town, with(&next)).await, (401, "second_factor_wrong".into()), "a replay");
        assert_eq!(sign_in(&town, with(recovery[0])).await.0, 201);
        assert_eq!(sign_in(&town, with(recovery[0])).await, (401, "second_factor_wrong".into()), "used");
        // At the console in two steps.
        let mut other = Browser::stranger(&town.base);
        let entered = other.sign_in("auditor", &town.seeded.password, "").await;
        assert!(place(&entered).starts_with("/console/sign-in/code"), "{}", place(&entered));
        assert!(!remembered(&entered), "{database}: nor at the second sign-in");
        other.keep(&entered);
        assert_eq!(other.get("/console").await.status(), 303);
        let wrong = other.knock("/console/sign-in/code", &[("code", "123456")]).await;
        assert_eq!((wrong.status().as_u16(), remembered(&wrong)), (401, false), "{database}");
        let paid = other.knock("/console/sign-in/code", &[("code", recovery[1])]).await;
        assert!(remembered(&paid), "{database}");
        assert_eq!((paid.status().as_u16(), place(&paid)), (303, "/console"));
        other.keep(&paid);
        assert_eq!(other.get("/console").await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_an_app_is_not_readable_in_the_database() {
    let town = Town::on("sqlite");
    let mut db = town.shared.store.connection().unwrap();
    let (key, now) = ([7_u8; 20], town.shared.clock.now());
    let staff = qiyema_server::store::people::by_username(&mut db, "auditor").unwrap().unwrap().row.id;
    second_factor::begin(&mut db, &staff, key, &town.shared.trust.vault, now).unwrap();
    let kept = qiyema_server::store::second_factor::find(&mut db, &staff).unwrap().unwrap().secret;
    assert!(!kept.contains(&totp::written(&key)) && kept.len() > 40, "{kept}");
    let code = totp::shown(&key, now);
    let codes = second_factor::finish(&mut db, &staff, &code, &town.shared.trust.vault, now).unwrap();
    let plain = totp::recovery_form(&codes[0]).unwrap();
    assert!(
        qiyema_server::store::second_factor::use_recovery(
            &mut db,
            &staff,
            &fingerprint(&plain),
            now.naive_utc()
        )
        .unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_ends_every_session_at_once_and_enabling_brings_none_back() {
    for database in BOTH {
        let town = Town::on(database);
        let token = town.token("intake_officer").await;
        let browser = Browser::signed_in(&town, "intake_officer").await;
        let me = || reqwest::Client::new().get(town.url("/api/v1/staff/me")).bearer_auth(&token).send();
        assert_eq!(me().await.unwrap().status(), 200);
        let id = id_of(&town, "intake_officer").await;
        let place = format!("/api/v1/admin/staff/{id}/disabling");
        assert_eq!(town.send("administrator", "POST", &place, json!({})).await.0, 201);
        assert_eq!(me().await.unwrap().status(), 401, "{database}");
        assert_eq!(browser.get("/console").await.status(), 303);
        let again = json!({ "username": "intake_officer", "password": town.seeded.password });
        assert_eq!(sign_in(&town, again.clone()).await.0, 401);
        assert_eq!(town.send("administrator", "DELETE", &place, json!({})).await.0, 200);
        assert_eq!(me().await.unwrap().status(), 401, "an ended session stays ended");
        assert_eq!(sign_in(&town, again).await.0, 201);
    }
}

async fn id_of(town: &Town, username: &str) -> String {
    let (_, list) = town.send("auditor", "GET", "/api/v1/admin/staff", Value::Null).await;
    let all = list["people"].as_array().unwrap();
    all.iter().find(|one| one["username"] == username).unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions_and_a_link_sets_one_without_the_old() {
    for database in BOTH {
        let town = Town::on(database);
        let (one, other) = (town.token("dispatcher").await, town.token("dispatcher").await);
        let client = reqwest::Client::new();
        let me = |token: &str| client.get(town.url("/api/v1/staff/me")).bearer_auth(token).send();
        let change = |body: Value| {
            client.put(town.url("/api/v1/staff/me/password")).bearer_auth(&one).json(&body).send()
        };
        let wrong = json!({ "present": "not the password", "new": "correct horse battery" });
        assert_eq!(change(wrong).await.unwrap().status(), 403);
        let weak = json!({ "present": town.seeded.password, "new": "dispatcher-12" });
        assert_eq!(change(weak).await.unwrap().status(), 422);
        let right = json!({ "present": town.seeded.password, "new": "correct horse battery" });
        assert_eq!(change(right).await.unwrap().status(), 204, "{database}");
        assert_eq!(me(&one).await.unwrap().status(), 200);
        assert_eq!(me(&other).await.unwrap().status(), 401, "the other session has ended");
        let id = id_of(&town, "dispatcher").await;
        let link = format!("/api/v1/admin/staff/{id}/password-links");
        let (status, made) = town.send("administrator", "POST", &link, json!({})).await;
        assert_eq!(status, 201, "{made}");
        let place = made["url"].as_str().unwrap().strip_prefix(&town.base).unwrap().to_owned();
        assert_eq!(me(&one).await.unwrap().status(), 200, "until it is used nothing changes");
        let new = [("new", "another horse battery"), ("again", "another horse battery")];
        assert_eq!(Browser::stranger(&town.base).knock(&place, &new).await.status(), 303);
        assert_eq!(me(&one).await.unwrap().status(), 401);
        assert_eq!(Browser::stranger(&town.base).knock(&place, &new).await.status(), 410);
        let body = json!({ "username": "dispatcher", "password": "another horse battery" });
        assert_eq!(sign_in(&town, body).await.0, 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sees_and_ends_ones_own_sessions_and_nobody_elses() {
    let town = Town::on("sqlite");
    let (one, other) = (town.token("supervisor").await, town.token("supervisor").await);
    let foreign = town.token("auditor").await;
    let client = reqwest::Client::new();
    let list = async |token: &str| -> Vec<Value> {
        let asked =
            client.get(town.url("/api/v1/staff/me/sessions")).bearer_auth(token).send().await.unwrap();
        asked.json::<Value>().await.unwrap()["sessions"].as_array().unwrap().clone()
    };
    let own = list(&one).await;
    assert_eq!(own.len(), 2);
    assert_eq!(own[0]["place"], "127.0.*.*");
    let older = own.iter().find(|session| session["current"] == false).unwrap()["id"].as_str().unwrap();
    let end = |token: &str, id: &str| {
        client.delete(town.url(&format!("/api/v1/staff/me/sessions/{id}"))).bearer_auth(token).send()
    };
    assert_eq!(end(&foreign, older).await.unwrap().status(), 404, "somebody else's is unknown");
    assert_eq!(end(&one, older).await.unwrap().status(), 204);
    let me = client.get(town.url("/api/v1/staff/me")).bearer_auth(&other).send().await.unwrap();
    assert_eq!(me.status(), 401);
    assert_eq!(list(&one).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_token_does_what_its_scopes_say_until_it_is_revoked() {
    for database in BOTH {
        let town = Town::on(database);
        let new = json!({ "name": "12345", "scopes": ["issues:write"], "days": 30 });
        let (status, refused) = town.send("administrator", "POST", "/api/v1/admin/tokens", new).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("channel")), "{refused}");
        let new =
            json!({ "name": "12345", "scopes": ["issues:write"], "channel": "hotline12345", "days": 30 });
        let (status, made) = town.send("administrator", "POST", "/api/v1/admin/tokens", new).await;
        assert_eq!(status, 201, "{made}");
        let token = made["token"].as_str().unwrap();
        assert!(token.starts_with("qyt_"));
        let (_, list) = town.send("auditor", "GET", "/api/v1/admin/tokens", Value::Null).await;
        assert!(!list.to_string().contains(token), "shown once");
        let rules = town.shared.rules();
        let now = town.shared.clock.now();
        let who = |at| -> Result<Actor, Refused> {
            let mut db = town.shared.store.connection().unwrap();
            api_token::authenticate(&mut db, &fingerprint(token), &rules, at).map(|(actor, _)| actor)
        };
        let actor = who(now).unwrap();
        assert_eq!(actor.channel.as_deref(), Some("hotline12345"));
        assert!(actor.may(Deed::RegisterIssue).is_ok());
        for beyond in [Deed::ReadIssues, Deed::RegisterEnterprise, Deed::ReadEnterprises, Deed::IssueCode] {
            assert!(actor.may(beyond).is_err(), "{beyond:?}");
        }
        assert!(who(now + chrono::TimeDelta::days(31)).is_err(), "its time is over");
        let staff_route = reqwest::Client::new().get(town.url("/api/v1/staff/me")).bearer_auth(token);
        assert_eq!(staff_route.send().await.unwrap().status(), 401, "a machine is not staff");
        let channel = "/api/v1/admin/channels/hotline12345/retirement";
        assert_eq!(town.send("administrator", "POST", channel, json!({})).await.0, 204);
        assert!(who(now).is_err(), "{database}: its channel is retired");
        assert_eq!(town.send("administrator", "DELETE", channel, json!({})).await.0, 204);
        assert!(who(now).is_ok(), "{database}: and in use again");
        let id = made["listed"]["id"].as_str().unwrap();
        assert_eq!(
            town.send("administrator", "DELETE", &format!("/api/v1/admin/tokens/{id}"), json!({})).await.0,
            204
        );
        assert!(who(now).is_err(), "{database}: revoked");
    }
}
