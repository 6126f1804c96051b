//! What other systems may ask with an API token besides their channel.

use std::collections::BTreeSet;

use qiyema_protocol::{administration::Scope, exchange::Coding};
use serde_json::{Value, json};

use crate::{
    harness::{BOTH, Town},
    intake::{bound, get, post},
};

const USCC: &str = "91330100799655058B";

fn word(scope: Scope) -> String {
    serde_json::to_value(scope).unwrap().as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scope_opens_its_own_routes_and_no_others() {
    for database in BOTH {
        let town = Town::on(database);
        let new = json!({ "uscc": USCC, "name": "杭州示例有限公司" });
        let issue = json!({ "reference": "A-1", "uscc": "91330500MA2TEXT16M", "subject": "用电增容", "body": "需增容", "category": "power" });
        let asks: [(Scope, &str, &str, Value); 6] = [
            (Scope::EnterprisesWrite, "POST", "enterprises", new),
            (Scope::EnterprisesRead, "GET", "enterprises/91330500MA2TEXT16M", Value::Null),
            (Scope::IssuesWrite, "POST", "channels/window/issues", issue),
            (Scope::IssuesRead, "GET", "channels/window/issues/none", Value::Null),
            (Scope::FiguresRead, "GET", "figures", Value::Null),
            (Scope::RatingsExport, "GET", "ratings/exchange", Value::Null),
        ];
        assert_eq!(Scope::ALL.len(), asks.len(), "a scope that opens nothing");
        for held in Scope::ALL {
            let token = bound(&town, Some("window"), &word(held));
            for (scope, method, path, body) in &asks {
                let path = format!("/api/v1/{path}");
                let (status, said) = match *method {
                    "GET" => get(&town, &token, &path).await,
                    _ => post(&town, &token, &path, body).await,
                };
                let opened = matches!(status.as_u16(), 200 | 201 | 404);
                assert_eq!(opened, *scope == held, "{database} {held:?} {method} {path}: {status} {said}");
                assert!(opened || status == 403, "{database} {held:?} {method} {path}: {status} {said}");
            }
        }
        let person = town.token("supervisor").await;
        assert_eq!(get(&town, &person, "/api/v1/figures").await.0, 401, "people are no machines");
        assert_eq!(get(&town, "qyt_unknown", "/api/v1/enterprises/91330500MA2TEXT16M").await.0, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enterprise_is_registered_once_however_often_a_system_asks_and_never_under_two_names() {
    for database in BOTH {
        let town = Town::on(database);
        let token = bound(&town, None, "enterprises:read enterprises:write");
        let place = format!("/api/v1/enterprises/{USCC}");
        let (status, unknown) = get(&town, &token, &place).await;
        assert_eq!((status.as_u16(), &unknown["code"]), (404, &json!("not_found")), "{database}");
        assert_eq!(get(&town, &token, "/api/v1/enterprises/short").await.0, 422, "{database}");

        let new = json!({ "uscc": "9133 0100 799655058b", "name": "杭州示例（集团）有限公司" });
        let both = tokio::join!(
            post(&town, &token, "/api/v1/enterprises", &new),
            post(&town, &token, "/api/v1/enterprises", &new)
        );
        let mut statuses = [both.0.0.as_u16(), both.1.0.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201], "{database}: two at once make one: {both:?}");
        assert_eq!(both.0.1, both.1.1, "{database}");
        let same = json!({ "uscc": USCC, "name": "杭州示例(集团) 有限公司" });
        let (status, found) = post(&town, &token, "/api/v1/enterprises", &same).await;
        assert_eq!(
            (status.as_u16(), &found),
            (200, &both.0.1),
            "{database}: the same name, typed another way"
        );
        assert_eq!(get(&town, &token, &place).await.1, found, "{database}");
        let fields: BTreeSet<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
        let all = BTreeSet::from(["id", "name", "registered_at", "uscc"]);
        assert_eq!(fields, all, "{database}: no codes, no more");
        let other = json!({ "uscc": USCC, "name": "宁波别家有限公司" });
        let (status, refused) = post(&town, &token, "/api/v1/enterprises", &other).await;
        assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("enterprise_exists")), "{database}");
        let early = json!({ "uscc": "91350100M0001TGQXM", "name": "福州示例有限公司" });
        let (status, refused) = post(&town, &token, "/api/v1/enterprises", &early).await;
        assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("uscc_unconfirmed")), "{database}");

        let sends = bound(&town, Some("window"), "issues:write");
        let issue = json!({ "reference": "A-1", "uscc": USCC, "subject": "用电增容", "body": "需增容", "category": "power" });
        let (status, sent) = post(&town, &sends, "/api/v1/channels/window/issues", &issue).await;
        assert_eq!(status, 201, "{database}: {sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_and_ratings_are_the_same_for_a_system_as_for_people() {
    for database in BOTH {
        let town = Town::on(database);
        town.count().await;
        let reviewer = town.token("performance_reviewer").await;
        let token = bound(&town, None, "figures:read ratings:export");
        for path in [
            "figures?from=2026-01-01&to=2026-12-31&by=category",
            "ratings/exchange?from=2025-01-01&to=2027-06-30&coding=gbt39046",
        ] {
            let (status, read) = get(&town, &token, &format!("/api/v1/{path}")).await;
            assert_eq!(status, 200, "{database}: {read}");
            assert_eq!(read, get(&town, &reviewer, &format!("/api/v1/staff/{path}")).await.1, "{database}");
        }
        let browser = crate::console::Browser::signed_in(&town, "performance_reviewer").await;
        let page = browser.page("/console/figures?period=2026").await;
        for coding in [Coding::Interface, Coding::Gbt39046] {
            let coding = serde_json::to_value(coding).unwrap();
            let coding = coding.as_str().unwrap();
            let link = format!("ratings.json?from=2026-01-01&to=2026-12-31&by=unit&coding={coding}");
            assert!(page.replace("&#38;", "&").contains(&link), "{database}: {page}");
            let asked = format!("from=2025-01-01&to=2027-06-30&coding={coding}");
            let file = browser.get(&format!("/console/figures/ratings.json?{asked}")).await;
            let kept: Value = file.json().await.unwrap();
            let (_, read) = get(&town, &reviewer, &format!("/api/v1/staff/ratings/exchange?{asked}")).await;
            assert!(!read["ratings"].as_array().unwrap().is_empty(), "{database}: the demo has ratings");
            assert_eq!(kept, read, "{database}: one document, as the API has it");
        }
        let nobody = crate::console::Browser::signed_in(&town, "intake_officer").await;
        assert_eq!(nobody.get("/console/figures/ratings.json").await.status(), 403, "{database}");
    }
}
