//! Whoever gives roles does not choose the judges of an appeal that is filed already; and an appeal is not left without
//! judges only because people left.

use qiyema_server::store::people as rows;
use serde_json::{Value, json};

use crate::{
    appeals::{LONG, of_the_bureau, path},
    console::Browser,
    harness::{BOTH, Town, client, get},
    ratings::device,
    receipts::of_bureau,
};

const STAFF: &str = "/api/v1/admin/staff";

/// Everybody, as the administrator reads them.
async fn person(town: &Town, username: &str) -> Value {
    let (_, list) = town.send("administrator", "GET", STAFF, Value::Null).await;
    let all = list["people"].as_array().unwrap();
    all.iter().find(|one| one["username"] == username).unwrap().clone()
}

/// The administrator makes an account with these roles, which nobody can use yet.
async fn keeps_in_store(town: &Town, username: &str, roles: &[&str]) {
    let new = json!({ "username": username, "person": { "name": "新人", "post": "科员", "roles": roles } });
    let (status, made) = town.send("administrator", "POST", STAFF, new).await;
    assert_eq!(status, 201, "{made}");
}

/// The same, and whose password he knows.
async fn hires(town: &Town, username: &str, roles: &[&str]) {
    keeps_in_store(town, username, roles).await;
    let id = person(town, username).await["id"].as_str().unwrap().to_owned();
    let mut db = town.shared.store.connection().unwrap();
    let known = rows::by_username(&mut db, "auditor").unwrap().unwrap().row.password_hash;
    rows::set_password(&mut db, &id, &known).unwrap();
}

/// The administrator gives somebody these roles.
async fn gives(town: &Town, username: &str, roles: &[&str]) {
    let who = person(town, username).await;
    let body = json!({ "name": who["name"], "post": who["post"], "roles": roles });
    let (status, said) =
        town.send("administrator", "PUT", &format!("{STAFF}/{}", who["id"].as_str().unwrap()), body).await;
    assert_eq!(status, 200, "{said}");
}

/// The administrator makes a link for an account, with which somebody sets its password.
async fn hands_out(town: &Town, username: &str) {
    let id = person(town, username).await["id"].as_str().unwrap().to_owned();
    let (status, made) =
        town.send("administrator", "POST", &format!("{STAFF}/{id}/password-links"), json!({})).await;
    assert_eq!(status, 201, "{made}");
    let place = made["url"].as_str().unwrap().strip_prefix(&town.base).unwrap().to_owned();
    let password = &*town.seeded.password;
    let new = [("new", password), ("again", password)];
    assert_eq!(Browser::stranger(&town.base).knock(&place, &new).await.status(), 303);
}

/// The administrator disables an account, or enables it again.
async fn disables(town: &Town, method: &str, username: &str) {
    let id = person(town, username).await["id"].as_str().unwrap().to_owned();
    let (status, said) =
        town.send("administrator", method, &format!("{STAFF}/{id}/disabling"), json!({})).await;
    assert!(status < 300, "{said}");
}

async fn files(town: &Town, rating: &Value) {
    let appeal = json!({ "ground": "mistaken", "reason": "企业来电说明按错了,应为好评。" });
    let (status, said) = town.send("hanxue", "POST", &path(rating, "/appeal"), appeal).await;
    assert_eq!(status, 201, "{said}");
}

async fn accepts(town: &Town, who: &str, rating: &Value) -> (u16, Value) {
    let said = json!({ "judgement": "accepted", "reason": "录音核实为误评" });
    town.send(who, "POST", &path(rating, "/decisions"), said).await
}

/// He is refused, told why, and offered nothing.
async fn is_barred(town: &Town, who: &str, rating: &Value) {
    let giver = person(town, "administrator").await["name"].as_str().unwrap().to_owned();
    let why = format!("由{giver}授予");
    let (status, said) = accepts(town, who, rating).await;
    assert_eq!((status, &said["code"]), (403, &json!("another_officer")), "{who}: {said}");
    let told = said["detail"]["zh"].as_str().unwrap();
    assert!(told.contains("申诉提出后才取得复核资格") && told.contains(&why), "{who}: {said}");
    let english = said["detail"]["en"].as_str().unwrap();
    assert!(english.contains("after this appeal was filed") && english.contains(&giver), "{who}: {said}");
    let (_, seen) = town.send(who, "GET", &path(rating, ""), Value::Null).await;
    assert_eq!((&seen["may_decide"], &seen["barred"]), (&json!(false), &said["detail"]), "{who}");
    let (_, list) = town.send(who, "GET", "/api/v1/staff/ratings?show=waiting", Value::Null).await;
    let listed = list["ratings"].as_array().unwrap().iter().find(|one| one["id"] == rating["id"]).unwrap();
    assert_eq!((&listed["may_decide"], &listed["barred"]), (&json!(false), &said["detail"]), "{who}");
    let place = format!("/console/ratings/{}", rating["id"].as_str().unwrap());
    let browser = Browser::signed_in(town, who).await;
    let page = browser.page(&place).await;
    assert!(page.contains(told) && !page.contains("/decisions"), "{who}: no button, and why: {page}");
    let fields = [("judgement", "accepted"), ("reason", "录音核实为误评")];
    let tried = browser.post(&place, &format!("{place}/decisions"), &fields).await;
    assert_eq!(tried.status(), 403, "{who}");
    assert!(tried.text().await.unwrap().contains(told), "{who}: the console says why");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_roles_does_not_choose_the_judges_of_an_appeal_that_is_filed() {
    for database in BOTH {
        let town = Town::with(database, &[LONG]);
        let mut ratings = of_the_bureau(&town).await;
        let (rating, next) = (ratings.pop().unwrap(), ratings.pop().unwrap());
        keeps_in_store(&town, "in.store", &["performance_reviewer"]).await;
        hires(&town, "old.hand", &["supervisor"]).await;
        files(&town, &rating).await;
        // An account is as old as its first password, and no older than its name.
        hands_out(&town, "in.store").await;
        is_barred(&town, "in.store", &rating).await;
        let old = person(&town, "old.hand").await;
        let renamed = json!({ "name": "换了人", "post": old["post"], "roles": old["roles"] });
        let place = format!("{STAFF}/{}", old["id"].as_str().unwrap());
        assert_eq!(town.send("administrator", "PUT", &place, renamed).await.0, 200);
        is_barred(&town, "old.hand", &rating).await;
        for ghost in ["ghost.one", "ghost.two"] {
            hires(&town, ghost, &["performance_reviewer"]).await;
        }
        gives(&town, "code_issuer", &["code_issuer", "supervisor"]).await;
        for who in ["ghost.one", "ghost.two", "code_issuer"] {
            is_barred(&town, who, &rating).await;
        }
        // Taking the role away and giving it back makes nobody older.
        gives(&town, "ghost.one", &["code_issuer"]).await;
        gives(&town, "ghost.one", &["supervisor"]).await;
        is_barred(&town, "ghost.one", &rating).await;
        // Nothing was decided.
        let (_, seen) = town.send("auditor", "GET", &path(&rating, ""), Value::Null).await;
        assert_eq!((&seen["appeal"]["decisions"], &seen["excluded"]), (&json!([]), &json!(false)));
        assert_eq!((&seen["barred"], &seen["role_given"]), (&Value::Null, &Value::Null), "an auditor never");
        // Who had the one role and has the other decides, as does everybody from the next appeal on.
        gives(&town, "supervisor", &["supervisor", "performance_reviewer"]).await;
        for who in ["supervisor", "performance_reviewer"] {
            let (status, said) = accepts(&town, who, &rating).await;
            assert_eq!(status, 201, "{database} {who}: {said}");
        }
        files(&town, &next).await;
        for who in ["ghost.one", "ghost.two"] {
            let (_, seen) = town.send(who, "GET", &path(&next, ""), Value::Null).await;
            assert_eq!((&seen["may_decide"], &seen["role_given"]), (&json!(true), &Value::Null), "{who}");
            assert_eq!(accepts(&town, who, &next).await.0, 201, "{database} {who}");
        }
        for one in [&rating, &next] {
            let (_, seen) = town.send("auditor", "GET", &path(one, ""), Value::Null).await;
            let decisions = seen["appeal"]["decisions"].as_array().unwrap();
            assert!(seen["excluded"] == true && decisions.len() == 2, "{database}: {seen}");
            assert!(decisions.iter().all(|one| one.get("role_given").is_none()), "{database}: {seen}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_too_few_are_left_a_newer_one_decides_and_everybody_reads_that() {
    for database in BOTH {
        let town = Town::with(database, &[LONG]);
        let (receipt, id) = of_bureau(&town).await;
        let rating =
            town.send("supervisor", "GET", &format!("/api/v1/staff/ratings/{id}"), Value::Null).await.1;
        files(&town, &rating).await;
        for ghost in ["ghost.one", "ghost.two"] {
            hires(&town, ghost, &["performance_reviewer"]).await;
        }
        is_barred(&town, "ghost.one", &rating).await;
        disables(&town, "POST", "performance_reviewer").await;
        // One of two is left: one newer may decide, and reads what will be said of it.
        let giver = person(&town, "administrator").await["name"].clone();
        let (_, seen) = town.send("ghost.one", "GET", &path(&rating, ""), Value::Null).await;
        assert_eq!((&seen["may_decide"], &seen["role_given"]["by"]), (&json!(true), &giver), "{seen}");
        let place = format!("/console/ratings/{id}");
        let page = Browser::signed_in(&town, "ghost.one").await.page(&place).await;
        assert!(page.contains("此前已有资格的人员不足") && page.contains("/decisions"), "{database}: {page}");
        let (status, said) = accepts(&town, "ghost.one", &rating).await;
        assert_eq!(status, 201, "{database}: {said}");
        assert_eq!(said["appeal"]["decisions"][0]["role_given"]["by"], giver, "{said}");
        // The other voice belongs to who had the role before.
        is_barred(&town, "ghost.two", &rating).await;
        assert_eq!(accepts(&town, "supervisor", &rating).await.0, 201, "{database}");
        let (_, seen) = town.send("hanxue", "GET", &path(&rating, ""), Value::Null).await;
        let decisions = &seen["appeal"]["decisions"];
        assert_eq!((&decisions[0]["role_given"]["by"], &decisions[1]["role_given"]), (&giver, &Value::Null));
        assert_eq!((&seen["excluded"], &seen["barred"]), (&json!(true), &Value::Null), "{database}");
        let unit = Browser::signed_in(&town, "hanxue").await;
        let from = format!("在申诉提出后才取得复核资格，授予人：{}", giver.as_str().unwrap());
        assert!(unit.page(&place).await.contains(&from), "{database}: the unit reads it");
        let list = unit.page("/console/ratings?show=appealed").await;
        assert!(list.contains("有复核人在申诉提出后才取得资格"), "{database}: {list}");
        // Whoever holds the receipt reads it, and the owner in the history.
        let found: Value =
            get(town.url(&format!("/api/v1/receipts/{receipt}"))).await.unwrap().json().await.unwrap();
        assert_eq!(
            (&found["exclusion"]["people"], &found["exclusion"]["given_later"]),
            (&json!(2), &json!(1))
        );
        let shown = get(town.url(&format!("/receipts?receipt={receipt}&lang=zh"))).await.unwrap();
        assert!(shown.text().await.unwrap().contains("1 名在申诉提出后才取得复核资格"), "{database}");
        let number = rating["issue"].as_str().unwrap();
        let url = town.url(&format!("/api/v1/scans/{}/issues/{number}", town.seal));
        let card = client().get(url).bearer_auth(device(&town).await).send().await.unwrap();
        assert!(card.text().await.unwrap().contains("其中1人在申诉提出后才取得复核资格"), "{database}");
        // An account that is enabled again is as good as new.
        let other = of_the_bureau(&town).await.pop().unwrap();
        files(&town, &other).await;
        disables(&town, "DELETE", "performance_reviewer").await;
        is_barred(&town, "performance_reviewer", &other).await;
    }
}
