//! Webhooks in the hands of an administrator: what would never be called is refused
//! when it is set, what did not arrive is tried again at once, and the way is tried.

use qiyema_server::{secrets::hook::HookSecret, startup::jobs::Runner};
use serde_json::{Value, json};

use crate::{
    console::{Browser, place as place_of},
    harness::BOTH,
    post::{Office, sinks::Receiver},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_would_never_be_called_is_refused_when_it_is_set_with_the_remedy() {
    let office = Office::on("sqlite", &[("webhooks.allowed_networks", "127.0.0.1")]);
    let administrator = Browser::signed_in(&office.town, "administrator").await;
    let (place, receiver) = ("/console/webhooks", Receiver::start());
    for url in [
        "https://10.1.2.3/in".to_owned(),
        "https://169.254.169.254/latest".to_owned(),
        "https://[::1]/in".to_owned(),
        "http://8.8.8.8/in".to_owned(),
        receiver.url("/in").replace("127.0.0.1", "127.0.0.2"),
    ] {
        let new = json!({ "name": "市级平台", "url": url });
        let (status, refused) =
            office.town.send("administrator", "POST", "/api/v1/admin/webhooks", new).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("url")), "{url}: {refused}");
        for lang in ["zh", "en"] {
            let remedy = refused["errors"][0]["detail"][lang].as_str().unwrap();
            assert!(remedy.contains("webhooks.allowed_networks"), "{url}: {remedy}");
        }
        let form = administrator.post(place, place, &[("name", "市级平台"), ("url", &url)]).await;
        assert_eq!(form.status(), 422, "{url}");
        let page = form.text().await.unwrap();
        assert!(page.contains("webhooks.allowed_networks") && page.contains("value=\"市级平台\""), "{page}");
    }
    assert!(receiver.seen().is_empty(), "nobody was called to find out");
    let hooks = office.town.send("administrator", "GET", "/api/v1/admin/webhooks", Value::Null).await.1;
    assert_eq!(hooks, json!({ "webhooks": [] }));
    // Who may not set one is not told what the server can reach.
    let new = json!({ "name": "市级平台", "url": "https://10.1.2.3/in" });
    assert_eq!(office.town.send("dispatcher", "POST", "/api/v1/admin/webhooks", new).await.0, 403);
    let allowed = administrator.post(place, place, &[("name", "本机"), ("url", &receiver.url("/in"))]).await;
    assert_eq!(allowed.status(), 200, "{}", allowed.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_what_became_of_each_message_tries_one_again_and_tries_the_way() {
    for database in BOTH {
        let office = Office::on(database, &[]);
        let receiver = Receiver::start();
        office.hook("w1", &receiver.url("/in"), "submitted");
        receiver.answer(503);
        let number = office.register("停电").await;
        let runner = Runner::new(&office.town.shared).unwrap();
        office.send(&runner).await;
        let administrator = Browser::signed_in(&office.town, "administrator").await;
        let list = administrator.page("/console/webhooks").await;
        assert!(list.contains("对方返回 HTTP 503"), "{database}: {list}");
        let place = "/console/webhooks/w1";
        let page = administrator.page(place).await;
        for said in ["未送达，待重试", "对方返回 HTTP 503", "立即重试", "发送测试消息"] {
            assert!(page.contains(said), "{database}: {said} is not in {page}");
        }
        let times = page.matches("2026-11-25 09:00:").count();
        assert_eq!(
            times, 3,
            "{database}: when it was added, when it happened, when it is tried next: {page}"
        );
        let message = page.split("/deliveries/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        // It does not wait for its turn, and comes under the same id.
        receiver.answer(204);
        let retry = format!("{place}/deliveries/{message}/retry");
        let tried = administrator.post(place, &retry, &[]).await;
        assert_eq!(tried.status(), 303, "{database}");
        let waiting = administrator.get(place_of(&tried)).await;
        assert_eq!(waiting.headers()["refresh"], "4", "{database}: the page looks again by itself");
        office.send(&runner).await;
        let seen = receiver.seen();
        assert_eq!(seen.iter().map(|call| call.answered).collect::<Vec<_>>(), [503, 204], "{database}");
        assert_eq!(seen[0].header("webhook-id"), seen[1].header("webhook-id"), "{database}");
        assert!(seen[1].body.contains(&number), "{database}");
        let there = administrator.get(place_of(&tried)).await;
        assert!(there.headers().get("refresh").is_none(), "{database}");
        assert!(there.text().await.unwrap().contains("已送达"), "{database}");
        assert_eq!(administrator.post(place, &retry, &[]).await.status(), 404, "{database}: it arrived");
        // A test goes to a paused one too, and says nothing of any issue.
        administrator.post(place, &format!("{place}/pause"), &[("paused", "yes")]).await;
        let sent = administrator.post(place, &format!("{place}/tests"), &[]).await;
        assert_eq!(sent.status(), 303, "{database}");
        office.send(&runner).await;
        let test = receiver.seen().pop().unwrap();
        let body: Value = serde_json::from_str(&test.body).unwrap();
        assert_eq!(
            (&body["type"], &body["data"]),
            (&json!("test"), &json!({ "webhook": "w1" })),
            "{database}"
        );
        let secret = HookSecret::derive(&office.town.shared.trust.secret, "w1", 1);
        let seconds = test.header("webhook-timestamp").parse().unwrap();
        let expected = secret.sign(&test.header("webhook-id"), seconds, &test.body);
        assert_eq!(test.header("webhook-signature"), expected, "{database}");
        let page = administrator.page(place).await;
        assert!(page.contains("测试消息"), "{database}: {page}");
        // An auditor reads it and presses nothing.
        let auditor = Browser::signed_in(&office.town, "auditor").await;
        let page = auditor.page(place).await;
        assert!(
            page.contains("已送达") && !page.contains("/retry\"") && !page.contains("/tests\""),
            "{page}"
        );
        for deed in [format!("{place}/tests"), retry] {
            assert_eq!(auditor.post(place, &deed, &[]).await.status(), 403, "{database}: {deed}");
        }
        let trail = administrator.page("/console/admin/trail").await;
        assert!(trail.contains("发送测试消息") && trail.contains("重试推送"), "{database}: {trail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_chosen_by_their_names_and_a_new_secret_is_shown_once() {
    for database in BOTH {
        let office = Office::on(database, &[]);
        let receiver = Receiver::start();
        let administrator = Browser::signed_in(&office.town, "administrator").await;
        let place = "/console/webhooks";
        for (lang, words) in [
            ("zh", ["问题已登记", "已邀请企业评价"]),
            ("en", ["The issue was registered", "The enterprise was invited to rate"]),
        ] {
            let page = administrator.page(&format!("{place}?lang={lang}")).await;
            assert!(words.iter().all(|word| page.contains(word)), "{database}: {page}");
            assert!(page.matches("type=\"checkbox\" name=\"kinds\"").count() > 40, "{database}: {page}");
        }
        let url = receiver.url("/in");
        let fields = [("name", "市级平台"), ("url", &*url), ("kinds", "submitted"), ("kinds", "closed")];
        let again = administrator
            .post(place, place, &[&fields[2..], &[("name", "x"), ("url", &*url)]].concat())
            .await;
        let page = again.text().await.unwrap();
        assert!(page.contains("value=\"submitted\" checked"), "{database}: what was chosen stays: {page}");
        let made = administrator.post(place, place, &fields).await.text().await.unwrap();
        let first = made.split("whsec_").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let hooks = office.town.send("administrator", "GET", "/api/v1/admin/webhooks", Value::Null).await.1;
        let hook = &hooks["webhooks"][0];
        assert_eq!(hook["kinds"], json!(["submitted", "closed"]), "{database}: {hook}");
        let place = format!("{place}/{}", hook["id"].as_str().unwrap());
        let renewed = administrator.post(&place, &format!("{place}/secret"), &[]).await;
        assert_eq!(
            (renewed.status().as_u16(), &renewed.headers()["cache-control"]),
            (200, &"no-store".parse().unwrap())
        );
        let shown = renewed.text().await.unwrap();
        let second = shown.split("whsec_").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert_ne!(first, second, "{database}");
        assert!(!administrator.page(&place).await.contains("whsec_"), "{database}: once");
        let sent = administrator.post(&place, &format!("{place}/tests"), &[]).await;
        assert_eq!(sent.status(), 303);
        office.send(&Runner::new(&office.town.shared).unwrap()).await;
        let test = receiver.seen().pop().unwrap();
        let signs = HookSecret::derive(&office.town.shared.trust.secret, hook["id"].as_str().unwrap(), 2);
        assert_eq!(signs.text(), format!("whsec_{second}"), "{database}");
        let seconds = test.header("webhook-timestamp").parse().unwrap();
        assert_eq!(
            test.header("webhook-signature"),
            signs.sign(&test.header("webhook-id"), seconds, &test.body)
        );
        let auditor = Browser::signed_in(&office.town, "auditor").await;
        assert_eq!(auditor.post(&place, &format!("{place}/secret"), &[]).await.status(), 403, "{database}");
    }
}
