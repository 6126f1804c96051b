//! Whoever acts on what he has read, after somebody else was faster: he is told by what he was overtaken.

use qiyema_server::{
    actions::intake::attach::{self, Kept},
    domain::attachment::Kind,
    store,
};
use serde_json::{Value, json};

use super::Story;
use crate::{
    console::{Browser, hidden},
    harness::{BOTH, actor},
};

fn kinds(conflict: &Value) -> Vec<&str> {
    conflict["changes"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

/// The usual race: two officers accept what both have read, and the first makes the second's step impossible.
#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_officers_is_told_what_the_first_did_also_where_his_step_is_possible_no_more() {
    for database in BOTH {
        let mut story = Story::registered(database, super::MONDAY).await;
        let place = format!("/console/issues/{}", story.number);
        let window = Browser::signed_in(&story.town, "intake_officer").await;
        let old = hidden(&window.page(&place).await, "version");
        story.must("dispatcher", "acceptance", json!({})).await;
        let stale = story.version - 1;
        let path = format!("issues/{}/acceptance", story.number);
        let (status, told) = story.post("intake_officer", &path, json!({ "version": stale })).await;
        assert_eq!((status, &told["code"]), (409, &json!("version_conflict")), "{database}: {told}");
        assert_eq!((kinds(&told), &told["version"]), (vec!["accepted"], &json!(2)), "{database}: {told}");
        assert!(told["detail"]["zh"].as_str().unwrap().contains("问题已受理"), "{database}: {told}");

        let late = window.post(&place, &format!("{place}/acceptance"), &[("version", old.as_str())]).await;
        assert_eq!(late.status(), 409, "{database}");
        let page = late.text().await.unwrap();
        assert!(page.contains("这个问题刚被他人更新") && page.contains("问题已受理"), "{database}: {page}");

        // A right comes first: nobody learns what happened to what is not his.
        let foreign = story.post("lijianguo", &path, json!({ "version": stale })).await;
        assert_eq!((foreign.0, &foreign.1["code"]), (404, &json!("issue_unknown")), "{database}");
        // At the version that stands the state is what refuses.
        story.may_not("intake_officer", "acceptance", json!({}), 409, "transition_refused").await;
    }
}

/// A file raises no version, so it must not stand for the step that did.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_came_beside_hides_no_step() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        let seen = story.version;
        story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        {
            let mut db = story.town.shared.store.connection().unwrap();
            let (who, at) = (actor(&mut db, "qianfeng"), story.town.shared.clock.now());
            let file = Kept { hash: "0".repeat(64), name: "现场.jpg".into(), kind: Kind::Jpeg, size: 9 };
            store::transaction(&mut db, |db| {
                attach::by_staff(db, &who, &story.number, std::slice::from_ref(&file), false, at)
            })
            .unwrap();
        }
        let path = format!("issues/{}/reminder", story.number);
        let (status, told) = story.post("dispatcher", &path, json!({ "version": seen })).await;
        assert_eq!((status, kinds(&told)), (409, vec!["progressed", "attached"]), "{database}: {told}");

        let place = format!("/console/issues/{}", story.number);
        let window = Browser::signed_in(&story.town, "dispatcher").await;
        let version = seen.to_string();
        let late = window.post(&place, &format!("{place}/reminder"), &[("version", version.as_str())]).await;
        let page = late.text().await.unwrap();
        assert!(page.contains("这个问题刚被他人更新") && page.contains("承办单位已报告进展"), "{database}");
        let news = page.split("这个问题刚被他人更新").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(news.contains("承办单位已报告进展"), "{database}: {news}");
    }
}
