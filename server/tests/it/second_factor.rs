//! A session whose second factor is still to be set up: it leads to that one page, and
//! opens no other, nor the API.

use serde_json::{Value, json};

use crate::{
    console::{Browser, place},
    harness::{BOTH, Town},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_owes_its_second_factor_opens_nothing() {
    for database in BOTH {
        let town = Town::on(database);
        let roles = json!({ "value": "dispatcher" });
        let path = "/api/v1/admin/settings/second_factor_roles";
        assert_eq!(town.send("administrator", "PUT", path, roles).await.0, 204);
        let mut browser = Browser::stranger(&town.base);
        let entered = browser.sign_in("dispatcher", &town.seeded.password, "").await;
        assert!(place(&entered).starts_with("/console/sign-in/enrolment"), "{}", place(&entered));
        browser.keep(&entered);
        for page in [
            "",
            "/account",
            "/issues",
            "/issues.csv",
            "/issues.xlsx",
            "/intake",
            "/enterprises",
            "/enterprises.json",
            "/enterprises/new",
            "/enterprises.csv",
            "/enterprise-imports",
            "/codes/scans",
            "/audit",
            "/audit.csv",
            "/audit.xlsx",
            "/ledger",
            "/intake/advice",
            "/webhooks/none",
            "/admin/trail.csv",
            "/figures",
            "/figures.csv",
            "/figures/report",
            "/figures/closures",
            "/ratings",
            "/inbox",
            "/webhooks",
            "/admin/staff",
            "/admin/trail",
            "/admin/settings",
        ] {
            let answer = browser.get(&format!("/console{page}")).await;
            assert_eq!(answer.status(), 303, "{database} {page}");
            assert!(place(&answer).starts_with("/console/sign-in"), "{database} {page}: {}", place(&answer));
        }
        let (_, list) =
            town.send("supervisor", "GET", "/api/v1/staff/issues?state=submitted", Value::Null).await;
        let number = list["issues"][0]["number"].as_str().unwrap();
        for form in [
            format!("/issues/{number}/acceptance"),
            "/account/password".into(),
            "/issues/bulk".into(),
            "/account/recovery-codes".into(),
            "/account/sessions/end-others".into(),
        ] {
            let answer = browser.knock(&format!("/console{form}"), &[("version", "1")]).await;
            assert_ne!(answer.status(), 200, "{database} {form}");
            assert!(
                answer.status() != 303 || place(&answer).starts_with("/console/sign-in"),
                "{database} {form}"
            );
        }
        let (_, after) =
            town.send("supervisor", "GET", &format!("/api/v1/staff/issues/{number}"), Value::Null).await;
        assert_eq!(
            (&after["state"], &after["version"]),
            (&json!("submitted"), &list["issues"][0]["version"])
        );
        // Nor does what the browser keeps open the API.
        let kept = browser.cookie.split_once('=').unwrap().1;
        let asked = crate::harness::client().get(town.url("/api/v1/staff/me")).bearer_auth(kept);
        assert_eq!(asked.send().await.unwrap().status(), 401, "{database}");
    }
}
