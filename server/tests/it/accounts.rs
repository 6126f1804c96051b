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
    let asked = crate::harness::client().post(town.url("/api/v1/staff/sessions")).json(&body);
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
                let answer = crate::harness::client().post(url).json(&body).send().await.unwrap();
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
        let me = crate::harness::client().get(town.url("/api/v1/staff/me")).bearer_auth(token);
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
        let me = || crate::harness::client().get(town.url("/api/v1/staff/me")).bearer_auth(&token).send();
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
        let client = crate::harness::client();
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
    let client = crate::harness::client();
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
        let staff_route = crate::harness::client().get(town.url("/api/v1/staff/me")).bearer_auth(token);
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

/// Enrols somebody as an app would, and gives its key.
fn enrolled(town: &Town, username: &str) -> [u8; 20] {
    let mut db = town.shared.store.connection().unwrap();
    let (key, now) = ([7_u8; 20], town.shared.clock.now());
    let staff = qiyema_server::store::people::by_username(&mut db, username).unwrap().unwrap().row.id;
    second_factor::begin(&mut db, &staff, key, &town.shared.trust.vault, now).unwrap();
    let code = totp::shown(&key, now - chrono::TimeDelta::seconds(30));
    second_factor::finish(&mut db, &staff, &code, &town.shared.trust.vault, now).unwrap();
    key
}

/// A session is judged when it opens: where a role comes to need a second factor afterwards, it does not go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_where_its_person_comes_to_need_a_second_factor_that_he_has_not() {
    for database in BOTH {
        let town = Town::on(database);
        let (token, browser) =
            (town.token("dispatcher").await, Browser::signed_in(&town, "dispatcher").await);
        let (proved, other) = (town.token("supervisor").await, town.token("intake_officer").await);
        let inside = async |token: &str| {
            let asked = crate::harness::client().get(town.url("/api/v1/staff/me")).bearer_auth(token);
            asked.send().await.unwrap().status().as_u16()
        };
        enrolled(&town, "supervisor");
        require(&town, "closure_reviewer").await;
        assert_eq!(inside(&token).await, 200, "{database}: it is none of his roles");
        let edit = async |username: &str, roles: &[&str]| {
            let place = format!("/api/v1/admin/staff/{}", id_of(&town, username).await);
            let body = json!({ "name": "某人", "post": "科员", "roles": roles });
            let (status, said) = town.send("administrator", "PUT", &place, body).await;
            assert_eq!(status, 200, "{database}: {said}");
        };
        // A role that needs none costs nobody the session.
        edit("intake_officer", &["intake_officer", "follow_up_officer"]).await;
        assert_eq!(inside(&other).await, 200, "{database}");
        edit("dispatcher", &["closure_reviewer", "dispatcher"]).await;
        edit("supervisor", &["closure_reviewer", "supervisor"]).await;
        assert_eq!(inside(&token).await, 401, "{database}: he never showed one");
        assert_eq!(browser.get("/console").await.status(), 303, "{database}: nor at the console");
        assert_eq!(inside(&proved).await, 200, "{database}: who enrolled is asked at the next sign-in");

        // The same where the setting is widened.
        let auditor = town.token("auditor").await;
        require(&town, "closure_reviewer auditor").await;
        assert_eq!(inside(&auditor).await, 401, "{database}");
        assert_eq!((inside(&other).await, inside(&proved).await), (200, 200), "{database}");
        let ended = town.send("administrator", "GET", "/api/v1/admin/events", json!({})).await.1;
        assert!(ended.to_string().contains("sessions_ended"), "{database}: {ended}");
    }
}

/// Strangers who guess make the person wait at no desk of his own: not for the code, nor for a new password.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_was_right_before_waits_for_no_stranger_at_the_second_factor_either() {
    for database in BOTH {
        let town = Town::with(database, &[("http.trusted_proxies", "127.0.0.1")]);
        let key = enrolled(&town, "dispatcher");
        let now = town.shared.clock.now();
        let given = |answer: &reqwest::Response, name: &str| {
            let all = answer.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
            all.filter_map(|set| set.split(';').next()).find(|set| set.starts_with(name)).unwrap().to_owned()
        };
        // From here once, with a code: the browser is remembered.
        let mut browser = Browser::stranger(&town.base);
        let entered = browser.sign_in("dispatcher", &town.seeded.password, "").await;
        browser.keep(&entered);
        let paid = browser.knock("/console/sign-in/code", &[("code", &*totp::shown(&key, now))]).await;
        assert_eq!(place(&paid), "/console", "{database}");
        let desk = given(&paid, "qiyema_desk=");
        for stranger in 0..10 {
            let body = json!({ "username": "dispatcher", "password": "wrong" });
            let asked = crate::harness::client().post(town.url("/api/v1/staff/sessions")).json(&body);
            let asked = asked.header("X-Forwarded-For", format!("198.51.100.{stranger}"));
            assert_eq!(asked.send().await.unwrap().status(), 401, "{database}");
        }
        // The same browser, travelling.
        browser.from = Some("203.0.113.7".to_owned());
        browser.cookie.clone_from(&desk);
        let entered = browser.sign_in("dispatcher", &town.seeded.password, "").await;
        assert!(place(&entered).starts_with("/console/sign-in/code"), "{database}: {}", place(&entered));
        browser.cookie = format!("{}; {desk}", given(&entered, "qiyema_console="));
        let next = totp::shown(&key, now + chrono::TimeDelta::seconds(30));
        let paid = browser.knock("/console/sign-in/code", &[("code", &*next)]).await;
        assert_eq!(paid.status(), 303, "{database}: {}", paid.text().await.unwrap());
        browser.cookie = format!("{}; {desk}", given(&paid, "qiyema_console="));
        let new = "correct horse battery";
        let fields = [("present", &*town.seeded.password), ("new", new), ("again", new)];
        let done = browser.post("/console/account", "/console/account/password", &fields).await;
        assert_eq!(
            (done.status().as_u16(), place(&done)),
            (303, "/console/account?done=password"),
            "{database}"
        );
        // Another browser at that address waits, as before.
        let mut stranger = Browser::stranger(&town.base);
        stranger.from.clone_from(&browser.from);
        assert_eq!(stranger.sign_in("dispatcher", new, "").await.status(), 429, "{database}");
    }
}
