//! The workflow between the units: rejection and appeal, supplement, signing,
//! returning, extending, assisting, merging, withdrawing; over HTTP.

mod window;

use std::{collections::BTreeMap, sync::Mutex};

use serde_json::{Value, json};

use crate::harness::{BOTH, Town};

/// One issue and the people who move it.
struct Case<'a> {
    town: &'a Town,
    number: String,
}

impl<'a> Case<'a> {
    /// Registered for the enterprise whose code the town shows.
    async fn new(town: &'a Town) -> Self {
        Self::of(town, |name| name == town.seeded.enterprise).await
    }

    async fn of(town: &'a Town, wanted: impl Fn(&str) -> bool) -> Self {
        let found = get(town, "intake_officer", "enterprises?q=9133").await.1;
        let all = found["enterprises"].as_array().unwrap();
        let id =
            all.iter().find(|one| wanted(one["name"].as_str().unwrap())).unwrap()["id"].as_str().unwrap();
        let body =
            json!({ "subject": "用电增容", "body": "需增容", "category": "power", "channel": "window" });
        let (status, issue) = post(town, "intake_officer", &format!("enterprises/{id}/issues"), body).await;
        assert_eq!(status, 201, "{issue}");
        Self { town, number: issue["number"].as_str().unwrap().to_owned() }
    }

    /// Accepted, and assigned to the power office and its handler.
    async fn assigned(town: &'a Town) -> Self {
        Self::new(town).await.handed_on().await
    }

    async fn handed_on(self) -> Self {
        self.does("intake_officer", "acceptance", json!({})).await;
        self.does("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        self
    }

    async fn read(&self, who: &str) -> Value {
        get(self.town, who, &format!("issues/{}", self.number)).await.1
    }

    /// A verb at the version that stands.
    async fn verb(&self, who: &str, noun: &str, mut body: Value) -> (u16, Value) {
        let version = self.read("auditor").await["version"].clone();
        body["version"] = version;
        post(self.town, who, &format!("issues/{}/{noun}", self.number), body).await
    }

    async fn does(&self, who: &str, noun: &str, body: Value) -> Value {
        let (status, answer) = self.verb(who, noun, body).await;
        assert_eq!(status, 201, "{who} {noun}: {answer}");
        answer
    }

    /// What it is refused with.
    async fn refused(&self, who: &str, noun: &str, body: Value) -> String {
        let before = self.read("auditor").await;
        let (status, answer) = self.verb(who, noun, body).await;
        assert!((400..500).contains(&status), "{who} {noun}: {answer}");
        assert_eq!(self.read("auditor").await["version"], before["version"]);
        format!("{status} {}", answer["code"].as_str().unwrap())
    }

    async fn events(&self) -> Vec<Value> {
        let all = get(self.town, "auditor", &format!("issues/{}/events", self.number)).await.1;
        all["events"].as_array().unwrap().clone()
    }
}

/// Signed in once: hashing a password takes a while.
async fn token(town: &Town, who: &str) -> String {
    static KNOWN: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let key = format!("{} {who}", town.base);
    let known = KNOWN.lock().unwrap().get(&key).cloned();
    if let Some(token) = known {
        return token;
    }
    let token = town.token(who).await;
    KNOWN.lock().unwrap().insert(key, token.clone());
    token
}

async fn post(town: &Town, who: &str, path: &str, body: Value) -> (u16, Value) {
    let token = token(town, who).await;
    let asked = crate::harness::client().post(town.url(&format!("/api/v1/staff/{path}"))).bearer_auth(token);
    let answer = asked.json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn get(town: &Town, who: &str, path: &str) -> (u16, Value) {
    let token = token(town, who).await;
    let asked = crate::harness::client().get(town.url(&format!("/api/v1/staff/{path}"))).bearer_auth(token);
    let answer = asked.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_explained_and_its_appeal_decided_by_another_officer() {
    for database in BOTH {
        let town = Town::on(database);
        let case = Case::new(&town).await;
        let asked = json!({ "note": "请补充供电方案" });
        assert_eq!(case.does("intake_officer", "supplement-request", asked).await["state"], "need_info");
        let told = json!({ "note": "方案已发到邮箱" });
        assert_eq!(case.does("intake_officer", "supplement", told).await["state"], "submitted");
        let no =
            json!({ "reason": "out_of_scope", "right_channel": "95598供电热线", "note": "属于日常报修。" });
        assert_eq!(case.does("intake_officer", "rejection", no.clone()).await["state"], "rejected");
        let note = case.events().await.pop().unwrap();
        assert!(note["note"].as_str().unwrap().ends_with("正确渠道：95598供电热线"), "{note}");
        assert_eq!(note["note_is_for_owner"], true);
        let appeal = json!({ "note": "不是报修,是增容" });
        case.does("intake_officer", "appeal", appeal.clone()).await;
        for noun in ["acceptance", "rejection"] {
            let body = if noun == "rejection" { no.clone() } else { json!({}) };
            assert_eq!(case.refused("intake_officer", noun, body).await, "403 another_officer");
        }
        assert_eq!(case.does("dispatcher", "rejection", no).await["state"], "rejected");
        assert_eq!(case.refused("intake_officer", "appeal", appeal).await, "409 appealed_already");
        let kinds: Vec<Value> = case.events().await.iter().map(|one| one["kind"].clone()).collect();
        let all = ["submitted", "supplement_asked", "supplemented", "rejected", "appealed", "rejected"];
        assert_eq!(kinds, all, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_names_its_handler_when_it_signs_and_may_change_him() {
    let town = Town::on("sqlite");
    let case = Case::new(&town).await;
    case.does("intake_officer", "acceptance", json!({})).await;
    let unknown = json!({ "unit": "gdj", "handler": "lijianguo" });
    assert_eq!(case.refused("dispatcher", "assignment", unknown).await, "422 unknown_reference");
    let assigned = case.does("dispatcher", "assignment", json!({ "unit": "gdj" })).await;
    assert_eq!(assigned["handler"], Value::Null);
    assert_eq!(case.refused("hanxue", "signature", json!({})).await, "422 invalid_input");
    assert_eq!(case.refused("hewei", "signature", json!({})).await, "404 issue_unknown");
    assert_eq!(case.refused("qianfeng", "signature", json!({ "handler": "sunyue" })).await, "403 forbidden");
    let signed = case.does("hanxue", "signature", json!({ "handler": "sunyue" })).await;
    assert_eq!((&signed["state"], &signed["handler"]), (&json!("in_progress"), &json!("sunyue")));
    assert_eq!(case.refused("qianfeng", "handover", json!({ "handler": "qianfeng" })).await, "403 forbidden");
    assert_eq!(case.refused("hanxue", "handover", json!({ "handler": "sunyue" })).await, "409 rule_unmet");
    let handed = case.does("hanxue", "handover", json!({ "handler": "qianfeng", "note": "休假" })).await;
    assert_eq!((&handed["state"], &handed["handler"]), (&json!("in_progress"), &json!("qianfeng")));

    let own = Case::assigned(&town).await;
    assert_eq!(
        own.refused("sunyue", "signature", json!({})).await,
        "403 forbidden",
        "somebody else is named"
    );
    assert_eq!(own.does("qianfeng", "signature", json!({})).await["handler"], "qianfeng");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_is_asked_for_once_and_ruled_for_good() {
    for database in BOTH {
        let town = Town::on(database);
        let case = Case::assigned(&town).await;
        let promise = case.read("auditor").await["promise"].clone();
        let ask = json!({ "reason": "不属于供电职责", "unit": "sjj" });
        let own = json!({ "reason": "不属于供电职责", "unit": "gdj" });
        assert_eq!(case.refused("qianfeng", "return", own).await, "422 invalid_input");
        let asked = case.does("qianfeng", "return", ask.clone()).await;
        assert_eq!(asked["state"], "return_requested");
        assert_eq!(asked["records"]["requests"][0]["suggested_unit"], "sjj");
        let close = |view: &Value| {
            let clocks = view["clocks"].as_array().unwrap().clone();
            clocks.into_iter().find(|clock| clock["kind"] == "close").map(|clock| clock["due_on"].clone())
        };
        assert_eq!(close(&asked), Some(promise.clone()), "the handling clock runs on");
        assert_ne!(asked["lamp"], "off");
        let stays = json!({ "decision": "refused", "note": "按职责属供电" });
        assert_eq!(case.refused("supervisor", "return-ruling", stays.clone()).await, "403 forbidden");
        let upheld = case.does("dispatcher", "return-ruling", stays).await;
        assert_eq!((&upheld["state"], &upheld["unit"]), (&json!("assigned"), &json!("gdj")));
        assert_eq!(upheld["records"]["requests"][0]["decision"], "refused");
        assert_eq!(case.refused("qianfeng", "return", ask.clone()).await, "409 rule_unmet");

        let moved = Case::assigned(&town).await;
        moved.does("qianfeng", "signature", json!({})).await;
        moved.does("qianfeng", "return", ask).await;
        let nowhere = json!({ "decision": "granted", "note": "同意" });
        assert_eq!(moved.refused("dispatcher", "return-ruling", nowhere).await, "422 invalid_input");
        let to = json!({ "decision": "granted", "unit": "sjj", "handler": "zhangwei", "note": "同意" });
        let granted = moved.does("dispatcher", "return-ruling", to).await;
        assert_eq!((&granted["state"], &granted["unit"]), (&json!("assigned"), &json!("sjj")));
        assert_eq!(close(&granted), Some(promise), "moved, and the promise with it");
        assert_eq!(
            moved.refused("qianfeng", "progress", json!({ "note": "补记" })).await,
            "404 issue_unknown"
        );
        moved.does("zhangwei", "progress", json!({ "note": "已接手" })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extension_is_asked_for_once_and_both_promises_stay() {
    let town = Town::on("sqlite");
    let ask = json!({ "working_days": 3, "reason": "field_work", "note": "需停电窗口" });
    let refused = Case::assigned(&town).await;
    let nothing = json!({ "note": "没有申请" });
    assert_eq!(refused.refused("dispatcher", "extension-refusal", nothing.clone()).await, "409 rule_unmet");
    let asked = refused.does("qianfeng", "extension-request", ask.clone()).await;
    assert_eq!(asked["promise"], asked["first_promise"], "asking moves nothing");
    let waiting = &asked["records"]["requests"][0];
    assert_eq!((&waiting["kind"], &waiting["note"]), (&json!("extension"), &json!("需停电窗口")));
    assert_eq!(waiting["decision"], Value::Null);
    assert_eq!(refused.refused("qianfeng", "extension", ask.clone()).await, "403 forbidden");
    refused.does("dispatcher", "extension-refusal", nothing).await;
    assert_eq!(refused.refused("qianfeng", "extension-request", ask.clone()).await, "422 invalid_input");

    let granted = Case::assigned(&town).await;
    let long = json!({ "working_days": 11, "reason": "field_work" });
    assert_eq!(granted.refused("qianfeng", "extension-request", long).await, "422 invalid_input");
    granted.does("qianfeng", "extension-request", ask.clone()).await;
    let done = granted.does("supervisor", "extension", ask).await;
    assert!(done["promise"].as_str() > done["first_promise"].as_str(), "{done}");
    assert_eq!(done["records"]["requests"][0]["decision"], "granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assisting_unit_sees_answers_once_and_leads_nothing() {
    for database in BOTH {
        let town = Town::on(database);
        let case = Case::new(&town).await;
        case.does("intake_officer", "acceptance", json!({})).await;
        let twice = json!({ "unit": "gdj", "assisting": ["gdj"] });
        assert_eq!(case.refused("dispatcher", "assignment", twice).await, "422 invalid_input");
        let to = json!({ "unit": "gdj", "handler": "qianfeng", "assisting": ["sjj"] });
        case.does("dispatcher", "assignment", to).await;
        assert_eq!(
            case.refused("lijianguo", "progress", json!({ "note": "看看" })).await,
            "404 issue_unknown"
        );
        let view =
            case.does("qianfeng", "assisting-unit", json!({ "unit": "jxj", "note": "请核对产能" })).await;
        assert!(view["clocks"].as_array().unwrap().iter().any(|clock| clock["kind"] == "assist"), "{view}");
        let seen = case.read("lijianguo").await;
        assert_eq!(seen["verbs"], json!(["assist"]), "it sees the issue and may answer");
        assert_eq!(case.refused("lijianguo", "progress", json!({ "note": "看看" })).await, "403 forbidden");
        assert_eq!(case.refused("qianfeng", "assistance", json!({ "reply": "代答" })).await, "403 forbidden");
        let answered = case.does("lijianguo", "assistance", json!({ "reply": "产能属实" })).await;
        let replies: Vec<Value> = answered["records"]["assignments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| json!([one["part"], one["unit"], one["reply"]]))
            .collect();
        let all = [
            json!(["lead", "gdj", null]),
            json!(["assisting", "sjj", null]),
            json!(["assisting", "jxj", "产能属实"]),
        ];
        assert_eq!(replies, all, "{database}");
        assert_eq!(
            case.refused("lijianguo", "assistance", json!({ "reply": "再答" })).await,
            "409 rule_unmet"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_issue_follows_and_names_nobody_else() {
    for database in BOTH {
        let town = Town::on(database);
        let child = Case::new(&town).await;
        let parent = Case::of(&town, |name| name != town.seeded.enterprise).await.handed_on().await;
        let into = |number: &str| json!({ "parent": number, "note": "同一事项" });
        assert_eq!(child.refused("intake_officer", "merger", into(&child.number)).await, "409 rule_unmet");
        assert_eq!(child.refused("intake_officer", "merger", into("Q0")).await, "422 unknown_reference");
        let merged = child.does("intake_officer", "merger", into(&parent.number)).await;
        assert_eq!(
            (&merged["state"], &merged["records"]["parent"]),
            (&json!("merged"), &json!(parent.number))
        );
        let other = Case::new(&town).await;
        assert_eq!(other.refused("dispatcher", "merger", into(&child.number)).await, "409 rule_unmet");
        assert_eq!(parent.refused("dispatcher", "merger", into(&other.number)).await, "409 rule_unmet");
        let promise = parent.read("auditor").await["promise"].clone();
        let scan = format!("/api/v1/scans/{}/issues/{}", town.seal, child.number);
        let card: Value = crate::harness::get(town.url(&scan)).await.unwrap().json().await.unwrap();
        assert_eq!(card["state"], "merged");
        assert_eq!(card["promise"]["current"], promise, "{card}");
        assert_eq!(card["state_text"]["zh"], "已并入同类问题，该问题已交办");
        assert_eq!(card["responsible"]["unit"]["zh"], "市供电公司", "{card}");
        let other = parent.read("auditor").await["enterprise_name"].as_str().unwrap().to_owned();
        assert!(!card.to_string().contains(&parent.number) && !card.to_string().contains(&other), "{card}");

        let (second, first) = (Case::new(&town).await, Case::new(&town).await);
        second.does("intake_officer", "merger", into(&first.number)).await;
        let scan = format!("/api/v1/scans/{}/issues/{}", town.seal, second.number);
        let card: Value = crate::harness::get(town.url(&scan)).await.unwrap().json().await.unwrap();
        assert_eq!(card["follows"], json!(first.number), "{database}: its own is named");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_acts_for_an_owner_who_telephones() {
    let town = Town::on("sqlite");
    let case = Case::assigned(&town).await;
    case.does("intake_officer", "facts", json!({ "note": "另有一台变压器" })).await;
    case.does("intake_officer", "urging", json!({ "note": "急" })).await;
    assert_eq!(case.refused("intake_officer", "urging", json!({})).await, "409 urged_already");
    assert_eq!(case.refused("qianfeng", "withdrawal", json!({})).await, "403 forbidden");
    let gone = case.does("intake_officer", "withdrawal", json!({ "note": "已自行解决" })).await;
    assert_eq!(gone["state"], "withdrawn");
    let (status, refused) = case.verb("intake_officer", "facts", json!({ "note": "再补充" })).await;
    assert_eq!((status, &refused["code"]), (409, &json!("transition_refused")));
    assert_eq!(refused["detail"]["zh"], "当前状态为“企业已撤回”，流程已结束。");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_what_is_possible_and_what_changed() {
    let town = Town::on("sqlite");
    let case = Case::new(&town).await;
    let (_, refused) = case.verb("dispatcher", "assignment", json!({ "unit": "gdj" })).await;
    assert_eq!(refused["code"], "transition_refused");
    let legal = refused["legal"].as_array().unwrap();
    for verb in ["accept", "reject", "ask_supplement", "withdraw"] {
        assert!(legal.contains(&json!(verb)), "{verb} in {refused}");
    }
    assert!(!legal.contains(&json!("assign")));
    assert!(refused["detail"]["zh"].as_str().unwrap().contains("受理、不予受理"), "{refused}");
    case.does("intake_officer", "acceptance", json!({})).await;
    case.does("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
    let stale = json!({ "version": 1, "note": "迟了" });
    let (status, conflict) =
        post(&town, "intake_officer", &format!("issues/{}/facts", case.number), stale).await;
    assert_eq!((status, &conflict["version"]), (409, &json!(3)));
    let changes: Vec<Value> = conflict["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| json!([change["kind"], change["by"]]))
        .collect();
    assert_eq!(changes, [json!(["accepted", "徐丽"]), json!(["assigned", "郑强"])]);
    assert!(conflict["detail"]["zh"].as_str().unwrap().contains("郑强：已交办责任单位"), "{conflict}");
}
