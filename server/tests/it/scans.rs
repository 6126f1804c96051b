//! The scan: tiers, refused seals, PINs.

use qiyema_protocol::{board::Board, device::Device, rating::Tier};
use serde_json::{Value, json};

use crate::harness::{BOTH, Town};

#[tokio::test(flavor = "multi_thread")]
async fn the_scan_tier_answers_who_how_far_when_and_holds_no_free_text() {
    for database in BOTH {
        let town = Town::on(database);
        let url = town.url(&format!("/api/v1/scans/{}", town.seal));
        let text = crate::harness::get(&url).await.unwrap().text().await.unwrap();
        let board: Board = serde_json::from_str(&text).unwrap();
        // Three more are on its pages that were rejected, withdrawn or merged: they were not closed.
        assert_eq!((board.tier, board.open_count + board.closed_count), (Tier::Unverified, 25), "{database}");
        assert_eq!((board.issues.len(), board.pages), (20, 2));
        assert!(board.issues.iter().any(|card| card.responsible.is_some() && card.promise.is_some()));
        for private in ["uscc", "subject", "经现场核实", "已联系企业", "扩容用电", "李建国"]
        {
            assert!(!text.contains(private), "{database}: the scan tier shows {private}");
        }
        let page = crate::harness::get(town.url(&format!("/C/{}", town.seal))).await.unwrap();
        assert_eq!(page.status(), 200);
        let page = page.text().await.unwrap();
        for answer in ["谁在负责", "办到哪一步", "什么时候办结"] {
            assert!(page.contains(answer), "{answer}");
        }
        assert!(!page.contains("扩容用电") && !page.contains("李建国"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pin_opens_the_owner_tier_until_the_device_is_forgotten() {
    for database in BOTH {
        let town = Town::on(database);
        let client = crate::harness::client();
        let scan = town.url(&format!("/api/v1/scans/{}", town.seal));
        let answer = client
            .post(format!("{scan}/devices"))
            .json(&json!({ "pin": town.seeded.pin }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        let device: Device = answer.json().await.unwrap();
        let look = || client.get(&scan).bearer_auth(&device.token).send();
        let board: Board = look().await.unwrap().json().await.unwrap();
        assert_eq!(board.tier, Tier::Owner);
        assert!(board.enterprise.uscc.is_some() && board.issues.iter().all(|card| card.owner.is_some()));
        let gone =
            client.delete(format!("{scan}/devices/current")).bearer_auth(&device.token).send().await.unwrap();
        assert_eq!(gone.status(), 204);
        let board: Board = look().await.unwrap().json().await.unwrap();
        assert_eq!(board.tier, Tier::Unverified);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn altered_seals_are_refused_before_any_database_is_asked() {
    let town = Town::on("sqlite");
    let client = crate::harness::client();
    let before = town.shared.store.checkouts();
    for place in 0..town.seal.len() {
        let mut altered: Vec<char> = town.seal.chars().collect();
        altered[place] = if altered[place] == 'A' { 'B' } else { 'A' };
        let segment: String = altered.into_iter().collect();
        let answer = client.get(town.url(&format!("/api/v1/scans/{segment}"))).send().await.unwrap();
        let status = answer.status().as_u16();
        let problem: Value = answer.json().await.unwrap();
        let code = problem["code"].as_str().unwrap();
        assert!(code.starts_with("seal_") && matches!(status, 400 | 404), "{place}: {status} {code}");
    }
    for segment in ["x", "%20", &"A".repeat(122), &town.seal.replace('A', "a")] {
        let page = client.get(town.url(&format!("/c/{segment}"))).send().await.unwrap();
        assert!(matches!(page.status().as_u16(), 400 | 404), "{segment}");
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    }
    assert_eq!(town.shared.store.checkouts(), before, "a refused seal reached the database");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_and_a_revoked_code_say_so() {
    for database in BOTH {
        let town = Town::on(database);
        let client = crate::harness::client();
        let token = town.token("code_issuer").await;
        let found = client.get(town.url("/api/v1/staff/enterprises?q=南太湖")).bearer_auth(&token);
        let found: Value = found.send().await.unwrap().json().await.unwrap();
        let id = found["enterprises"][0]["id"].as_str().unwrap();
        let issue =
            client.post(town.url(&format!("/api/v1/staff/enterprises/{id}/codes"))).bearer_auth(&token);
        let issued: Value = issue.send().await.unwrap().json().await.unwrap();
        let code_of = async |segment: &str| {
            let answer = crate::harness::get(town.url(&format!("/api/v1/scans/{segment}"))).await.unwrap();
            let status = answer.status().as_u16();
            (status, answer.json::<Value>().await.unwrap()["code"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(code_of(&town.seal).await, (410, "code_replaced".to_owned()), "{database}");
        let newer = issued["seal_text"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        assert_eq!(code_of(&newer).await.0, 200);
        let code = issued["code"]["id"].as_str().unwrap();
        let revoke =
            client.post(town.url(&format!("/api/v1/staff/codes/{code}/revocation"))).bearer_auth(&token);
        assert_eq!(revoke.json(&json!({ "reason": "企业注销" })).send().await.unwrap().status(), 201);
        assert_eq!(code_of(&newer).await, (410, "code_revoked".to_owned()), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_form_opened_again_leads_back_to_the_board() {
    let town = Town::on("sqlite");
    let client = crate::harness::plain().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let get = async |path: &str| {
        let answer = client.get(town.url(path)).header("Accept", "text/html").send().await.unwrap();
        let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
        (answer.status().as_u16(), place.unwrap_or_default())
    };
    for form in ["device", "device/removal", "issues/HQ1/ratings"] {
        let board = format!("/c/{}?lang=en&care=0", town.seal);
        assert_eq!(get(&format!("/c/{}/{form}?lang=en", town.seal)).await, (303, board), "{form}");
    }
    assert_eq!(get("/c/a%0d%0aSet-Cookie:%20a=b/device").await, (400, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn under_https_the_device_cookie_belongs_to_this_host_alone() {
    let town = Town::with("sqlite", &[("http.public_url", "https://qy.example.cn")]);
    let client = crate::harness::plain().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = format!("pin={}", town.seeded.pin);
    let proved = client
        .post(town.url(&format!("/c/{}/device", town.seal)))
        .header("Sec-Fetch-Site", "same-origin")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(proved.status(), 303);
    let cookie = proved.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in ["__Host-qiyema_device_", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let (pair, _) = cookie.split_once(';').unwrap();
    let tier = async |cookie: &str| {
        let ask = client.get(town.url(&format!("/api/v1/scans/{}", town.seal))).header("Cookie", cookie);
        ask.send().await.unwrap().json::<Board>().await.unwrap().tier
    };
    assert_eq!(tier(pair).await, Tier::Owner);
    let planted = pair.trim_start_matches("__Host-");
    assert_eq!(tier(planted).await, Tier::Unverified, "a neighbouring host could have set this one");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_first_comes_first_then_what_was_settled_last() {
    for database in BOTH {
        let town = Town::on(database);
        let mut cards = Vec::new();
        for page in 1..=2 {
            let url = town.url(&format!("/api/v1/scans/{}?page={page}", town.seal));
            let board: Value = crate::harness::get(url).await.unwrap().json().await.unwrap();
            cards.extend(board["issues"].as_array().unwrap().clone());
        }
        let text = |card: &Value, pointer: &str| {
            card.pointer(pointer).and_then(Value::as_str).unwrap_or("~").to_owned()
        };
        let open: Vec<&Value> = cards.iter().take_while(|card| !settled(card)).collect();
        let closed: Vec<&Value> = cards.iter().skip(open.len()).collect();
        assert!(open.len() > 5 && closed.len() > 5, "{database}");
        assert!(closed.iter().all(|card| settled(card)), "{database}: the open ones stand together");
        let yours = open.iter().take_while(|card| card["state"] == "need_info").count();
        assert!(open.iter().skip(yours).all(|card| card["state"] != "need_info"), "{database}");
        assert!(yours > 0, "{database}: what waits for the owner comes first");
        let deferred = |card: &&&Value| card["state"] == "deferred";
        let others = open.iter().skip(yours);
        let due: Vec<String> =
            others.filter(|card| !deferred(card)).map(|card| text(card, "/promise/due_at")).collect();
        assert!(due.is_sorted(), "{database}: {due:?}");
        let last = open.iter().rposition(|card| card["state"] != "deferred").unwrap();
        assert!(
            open.iter().take(last).all(|card| card["state"] != "deferred"),
            "{database}: what waits comes last"
        );
        let at: Vec<String> = closed.iter().map(|card| text(card, "/last_at")).collect();
        assert!(at.iter().rev().is_sorted(), "{database}: {at:?}");
    }
}

/// Nothing is owed any more, or it is looked after another way.
fn settled(card: &Value) -> bool {
    let state = card["state"].as_str().unwrap();
    matches!(state, "rejected" | "closed" | "follow_up" | "rectifying" | "archived" | "withdrawn" | "merged")
}
