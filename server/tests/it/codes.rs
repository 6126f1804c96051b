//! The life of a code after it was issued, and what is known of it: suspended,
//! resumed, replaced, revoked with others; the signed list; how often it is scanned.

use qiyema_protocol::{
    keyring::KeyRing,
    revocation::{ListError, RevocationList, Stands},
    seal::{CodeId, Host},
};
use qiyema_server::{
    command::compromise::{self, CompromiseArgs},
    web::tally,
};
use serde_json::{Value, json};

use crate::{
    console::{Browser, place},
    harness::{BOTH, Town},
};

async fn scan(town: &Town, seal: &str) -> (u16, Value) {
    let answer =
        crate::harness::client().get(town.url(&format!("/api/v1/scans/{seal}"))).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn issuer(town: &Town, method: &str, path: &str, body: Value) -> (u16, Value) {
    town.send("code_issuer", method, &format!("/api/v1/staff/{path}"), body).await
}

/// The id of the enterprise of the demo's first code.
async fn enterprise(town: &Town) -> String {
    let code = town.seeded.code.to_string();
    let (_, list) = issuer(town, "GET", "enterprises", Value::Null).await;
    let has = |one: &&Value| one["codes"].as_array().unwrap().iter().any(|c| c["id"] == code.as_str());
    list["enterprises"].as_array().unwrap().iter().find(has).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn prove(town: &Town, seal: &str, pin: &str) -> u16 {
    let url = town.url(&format!("/api/v1/scans/{seal}/devices"));
    crate::harness::client().post(url).json(&json!({ "pin": pin })).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_code_says_so_until_it_is_resumed_and_every_step_is_in_the_trail() {
    for database in BOTH {
        let town = Town::on(database);
        let code = town.seeded.code.to_string();
        let because = json!({ "reason_code": "lost", "reason": "标牌遗失" });
        let (status, said) =
            issuer(&town, "POST", &format!("codes/{code}/suspension"), because.clone()).await;
        assert_eq!((status, &said["status"]), (201, &json!("suspended")), "{database}: {said}");
        let (status, said) = scan(&town, &town.seal).await;
        assert_eq!((status, &said["code"]), (410, &json!("code_suspended")), "{database}");
        assert!(said["detail"]["zh"].as_str().unwrap().contains("暂停"), "{said}");
        let page = crate::harness::client().get(town.url(&format!("/c/{}", town.seal))).send().await.unwrap();
        assert_eq!(page.status(), 410);
        assert!(page.text().await.unwrap().contains("已暂停使用"));
        let twice = issuer(&town, "POST", &format!("codes/{code}/suspension"), because).await;
        assert_eq!(twice.1["code"], "code_suspended", "{database}");
        let back = issuer(&town, "POST", &format!("codes/{code}/resumption"), Value::Null).await;
        assert_eq!((back.0, &back.1["status"]), (201, &json!("live")), "{database}: {}", back.1);
        assert_eq!(scan(&town, &town.seal).await.0, 200, "{database}");
        let again = issuer(&town, "POST", &format!("codes/{code}/resumption"), Value::Null).await;
        assert_eq!((again.0, &again.1["code"]), (409, &json!("code_not_suspended")), "{database}");
        for who in ["auditor", "dispatcher", "administrator"] {
            let path = format!("/api/v1/staff/codes/{code}/suspension");
            assert_eq!(town.send(who, "POST", &path, json!({ "reason_code": "lost" })).await.0, 403, "{who}");
        }
        let odd =
            issuer(&town, "POST", &format!("codes/{code}/suspension"), json!({ "reason_code": "x" })).await;
        assert!(matches!(odd.0, 400 | 422), "{odd:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_code_is_replaced_and_a_forgotten_pin_is_reset_without_a_new_code() {
    for database in BOTH {
        let town = Town::on(database);
        let (code, enterprise) = (town.seeded.code.to_string(), enterprise(&town).await);
        let (status, fresh) =
            issuer(&town, "POST", &format!("enterprises/{enterprise}/pin"), Value::Null).await;
        assert_eq!(status, 201, "{fresh}");
        let pin = fresh["pin"].as_str().unwrap();
        assert_eq!(prove(&town, &town.seal, pin).await, 201, "{database}: the same code, the new PIN");
        assert_eq!(prove(&town, &town.seal, &town.seeded.pin).await, 403, "{database}: not the old one");
        let (status, new) =
            issuer(&town, "POST", &format!("codes/{code}/replacement"), json!({ "reason_code": "moved" }))
                .await;
        assert_eq!((status, &new["replaces"]), (201, &json!(code)), "{database}: {new}");
        assert_eq!(scan(&town, &town.seal).await.1["code"], "code_replaced", "{database}");
        let seal = new["seal_text"].as_str().unwrap().rsplit('/').next().unwrap();
        assert_eq!(scan(&town, seal).await.0, 200, "{database}");
        let late =
            issuer(&town, "POST", &format!("codes/{code}/replacement"), json!({ "reason_code": "lost" }))
                .await;
        assert_eq!(late.1["code"], "code_replaced", "{database}: an old code replaces nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_revoked_only_as_many_as_were_confirmed() {
    for database in BOTH {
        let town = Town::on(database);
        let code = town.seeded.code.to_string();
        let wish = json!({ "of": [code, "91330502MA2TEXT16J", "NOSUCHCODE"], "reason_code": "closed", "reason": "企业注销" });
        let (status, seen) = issuer(&town, "POST", "code-revocations", wish.clone()).await;
        assert_eq!(
            (status, &seen["done"], &seen["unknown"]),
            (200, &json!(false), &json!(["NOSUCHCODE"])),
            "{database}: {seen}"
        );
        let count = seen["count"].as_u64().unwrap();
        assert_eq!(scan(&town, &town.seal).await.0, 200, "{database}: a preview changes nothing");
        let confirming = |n: u64| {
            let mut wish = wish.clone();
            wish["confirm"] = json!(n);
            wish
        };
        let (status, said) = issuer(&town, "POST", "code-revocations", confirming(count + 1)).await;
        assert_eq!((status, &said["code"]), (409, &json!("count_differs")), "{database}");
        let (status, done) = issuer(&town, "POST", "code-revocations", confirming(count)).await;
        assert_eq!(
            (status, &done["done"], &done["count"]),
            (200, &json!(true), &json!(count)),
            "{database}: {done}"
        );
        assert_eq!(scan(&town, &town.seal).await.1["code"], "code_revoked", "{database}");
        let (status, all) =
            issuer(&town, "POST", "code-revocations", json!({ "kid": 1, "reason": "全部" })).await;
        assert_eq!(status, 200);
        assert!(all["count"].as_u64().unwrap() > 0, "{database}: the others stand");
        let (status, said) = issuer(&town, "POST", "code-revocations", json!({ "reason": "没有范围" })).await;
        assert_eq!((status, &said["errors"][0]["field"]), (422, &json!("of")), "{database}");
    }
}

async fn list(town: &Town) -> String {
    let answer = crate::harness::client().get(town.url("/api/v1/revocations")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/jose");
    answer.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_revoked_codes_is_signed_dated_and_for_this_host() {
    for database in BOTH {
        let town = Town::on(database);
        let code = town.seeded.code;
        issuer(&town, "POST", &format!("codes/{code}/suspension"), json!({ "reason_code": "lost" })).await;
        let text = list(&town).await;
        let jwks = crate::harness::client().get(town.url("/.well-known/jwks.json")).send().await.unwrap();
        let ring = KeyRing::from_jwks(&jwks.json().await.unwrap()).unwrap();
        let host = &town.shared.trust.host;
        let read = RevocationList::verify(&text, &ring, host).unwrap();
        assert_eq!(read.stands(code), Stands::Suspended, "{database}");
        assert_eq!(read.stands(CodeId([9; 10])), Stands::Yes, "{database}");
        assert!((read.iat - town.shared.clock.now().timestamp()).abs() < 60);
        let other = Host::from_origin("https://elsewhere.example.cn").unwrap();
        assert_eq!(RevocationList::verify(&text, &ring, &other), Err(ListError::Host));
        let mut parts: Vec<String> = text.split('.').map(ToOwned::to_owned).collect();
        parts[1] = data_encoding::BASE64URL_NOPAD.encode(br#"{"iss":"x","iat":1,"ended":"","suspended":""}"#);
        assert_eq!(RevocationList::verify(&parts.join("."), &ring, host), Err(ListError::Signature));
        assert_eq!(RevocationList::verify("x.y.z", &ring, host), Err(ListError::Malformed));
        // The JWT of a code is no list.
        let jwt =
            town.shared.trust.keys.now().scribe.code_jwt(host, code, "x", town.shared.clock.now()).unwrap();
        assert_eq!(RevocationList::verify(&jwt, &ring, host), Err(ListError::Malformed));
        assert_eq!(list(&town).await, text, "{database}: handed out again for a while");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_are_counted_by_day_aside_and_codes_never_scanned_are_listed() {
    for database in BOTH {
        let town = Town::on(database);
        let code = town.seeded.code.to_string();
        for _ in 0..3 {
            assert_eq!(scan(&town, &town.seal).await.0, 200);
        }
        let of = format!("codes/{code}/scans");
        assert_eq!(
            issuer(&town, "GET", &of, Value::Null).await.1["days"],
            json!([]),
            "{database}: a scan writes nothing"
        );
        tally::flush(&town.shared).await.unwrap();
        tally::flush(&town.shared).await.unwrap();
        scan(&town, &town.seal).await;
        tally::flush(&town.shared).await.unwrap();
        let today = town.shared.rules().day(town.shared.clock.now()).to_string();
        let (_, seen) = issuer(&town, "GET", &of, Value::Null).await;
        assert_eq!(seen["days"], json!([{ "day": today, "scans": 4 }]), "{database}");
        let (_, all) = issuer(&town, "GET", "code-scans", Value::Null).await;
        let (_, never) = issuer(&town, "GET", "code-scans?never=true", Value::Null).await;
        let lists =
            |list: &Value| list["codes"].as_array().unwrap().iter().any(|one| one["code"] == code.as_str());
        assert!(lists(&all) && !lists(&never), "{database}");
        let browser = crate::console::Browser::signed_in(&town, "code_issuer").await;
        for list in ["lang=en", "never=true&older_than_days=7&lang=zh"] {
            let page = browser.get(&format!("/console/codes/scans?{list}")).await;
            assert_eq!(page.status(), 200, "{database}: {list}");
        }
        assert_eq!(all["codes"].as_array().unwrap().len(), never["codes"].as_array().unwrap().len() + 1);
        // A false seal, and a code that answers nothing, are no scans.
        scan(&town, &town.seal.replace('A', "B")).await;
        tally::flush(&town.shared).await.unwrap();
        assert_eq!(issuer(&town, "GET", &of, Value::Null).await.1["days"][0]["scans"], 4, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_scans_than_fit_are_dropped_and_the_scan_itself_answers() {
    let town = Town::on("sqlite");
    let code = town.seeded.code.to_string();
    for _ in 0..20_000 {
        town.shared.tally.note(&code);
    }
    assert_eq!(scan(&town, &town.seal).await.0, 200, "a full channel holds nobody up");
    tally::flush(&town.shared).await.unwrap();
    let seen = issuer(&town, "GET", &format!("codes/{code}/scans"), Value::Null).await.1;
    assert_eq!(seen["days"][0]["scans"], 8_192);
    let metrics = town.shared.metrics.render();
    assert!(metrics.contains("qiyema_scans_uncounted_total"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_key_is_replaced_with_all_its_codes_and_the_pins_stay() {
    for database in BOTH {
        let town = Town::on(database);
        let before = issuer(&town, "GET", "code-scans", Value::Null).await.1;
        let standing = before["codes"].as_array().unwrap().len();
        let folder = town.shared.config.paths.keys_dir();
        {
            let mut db = town.shared.store.connection().unwrap();
            compromise::run(
                &CompromiseArgs { kid: 1, yes: true },
                true,
                &(&folder).into(),
                &mut db,
                &town.shared.clock,
                &|_| {},
            )
            .unwrap();
            // Broken off and run again, it finds nothing left to do.
            compromise::run(
                &CompromiseArgs { kid: 1, yes: true },
                true,
                &(&folder).into(),
                &mut db,
                &town.shared.clock,
                &|_| {},
            )
            .unwrap();
        }
        town.shared.trust.keys.refresh().unwrap();
        let after = issuer(&town, "GET", "code-scans", Value::Null).await.1;
        let codes = after["codes"].as_array().unwrap();
        assert_eq!(codes.len(), standing, "{database}: as many as before");
        assert!(codes.iter().all(|one| one["kid"] == 2), "{database}: {after}");
        let runs = issuer(&town, "GET", "code-runs", Value::Null).await.1;
        let said: Vec<_> =
            runs["runs"].as_array().unwrap().iter().map(|run| (&run["issued"], &run["by"])).collect();
        let wanted = (&json!(standing), &json!("command-line"));
        assert_eq!(said, [wanted], "{database}: a run, so that its paper can be fetched");
        assert_eq!(scan(&town, &town.seal).await.1["code"], "seal_key_retired", "{database}");
        let id = enterprise(&town).await;
        let (_, one) = issuer(&town, "GET", &format!("enterprises/{id}"), Value::Null).await;
        let new: CodeId = one["codes"][0]["id"].as_str().unwrap().parse().unwrap();
        let keys = town.shared.trust.keys.now();
        let seal = keys.signer.seal(&town.shared.trust.host, new).unwrap().segment();
        assert_eq!(scan(&town, &seal).await.0, 200, "{database}");
        assert_eq!(prove(&town, &seal, &town.seeded.pin).await, 201, "{database}: the PIN stays");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_does_all_of_it() {
    let town = Town::on("sqlite");
    let (code, id) = (town.seeded.code.to_string(), enterprise(&town).await);
    let here = format!("/console/enterprises/{id}");
    let browser = Browser::signed_in(&town, "code_issuer").await;
    let post = async |noun: &str, fields: &[(&str, &str)]| {
        browser.post(&here, &format!("{here}/codes/{code}/{noun}"), fields).await
    };
    let suspended = post("suspension", &[("reason_code", "lost")]).await;
    assert_eq!((suspended.status().as_u16(), place(&suspended)), (303, &*format!("{here}?done=suspension")));
    let told = browser.follow(&suspended).await.text().await.unwrap();
    assert!(told.contains("企业码已暂停"), "{told}");
    // An address that somebody typed or sent says nothing.
    let typed = browser.get(&format!("{here}?done=suspension")).await;
    assert_eq!((typed.status().as_u16(), place(&typed)), (303, &*here));
    assert_eq!(post("resumption", &[]).await.status(), 303);
    let wrong = post("revocation", &[("reason_code", "lost"), ("reason", "x")]).await;
    assert_eq!(wrong.status(), 422);
    let now = crate::console::hidden(&browser.page(&here).await, "now");
    let pin = browser.post(&here, &format!("{here}/pin"), &[("now", &now)]).await;
    assert_eq!(pin.status(), 201);
    assert_eq!(pin.headers()["cache-control"], "no-store");
    // Whoever reloads that answer sends the form again: the PIN that was handed over stays.
    let kept = crate::console::hidden(&browser.page(&here).await, "now");
    let again = browser.post(&here, &format!("{here}/pin"), &[("now", &now)]).await;
    assert_eq!(again.status(), 303);
    assert!(browser.follow(&again).await.text().await.unwrap().contains("刚才已经重置"));
    assert_eq!(crate::console::hidden(&browser.page(&here).await, "now"), kept);
    let new = post("replacement", &[("reason_code", "renamed")]).await;
    assert_eq!(new.status(), 201, "{}", new.text().await.unwrap());
    let many = "/console/codes/revocations";
    let fields = [
        ("of", "91330500MA2TEXT16M\nNOSUCH"),
        ("kid", ""),
        ("reason_code", "closed"),
        ("reason", "企业注销"),
    ];
    let preview = browser.post(many, many, &fields).await.text().await.unwrap();
    assert!(preview.contains("停用这1个企业码") && preview.contains("NOSUCH"), "{preview}");
    let confirmed = [&fields[..], &[("confirm", "1")]].concat();
    let done = browser.post(many, many, &confirmed).await.text().await.unwrap();
    assert!(done.contains("已停用1个企业码"), "{done}");
    assert!(browser.page("/console/codes/scans?never=true").await.contains("从未扫码"));
}
