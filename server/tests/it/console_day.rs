//! A day at the console, by its forms alone, as a browser without JavaScript
//! sends them: register, accept, assign, report progress, extend, report, close.

use crate::{
    console::{Browser, hidden},
    harness::{BOTH, Town},
};

/// Sends a verb's form from the issue's page, at the version that page showed.
async fn verb(who: &Browser, number: &str, noun: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let place = format!("/console/issues/{number}");
    let version = hidden(&who.page(&place).await, "version");
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    let answer = who.post(&place, &format!("{place}/{noun}"), &all).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn registered(town: &Town, intake: &Browser) -> String {
    let found = intake.page("/console/intake?q=91330500MA2TEXT16M").await;
    let id = found.split("/console/intake?enterprise=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let from = format!("/console/intake?enterprise={id}");
    let short = [
        ("enterprise", id.as_str()),
        ("channel", "window"),
        ("category", "power"),
        ("subject", "电"),
        ("body", "需要增容 <b>"),
    ];
    let again = intake.post(&from, "/console/intake", &short).await;
    assert_eq!(again.status(), 422);
    let page = again.text().await.unwrap();
    assert!(page.contains("应为2至80个字符") && page.contains("需要增容 &#60;b&#62;"), "{page}");
    let seen = intake.alike(&id, "power", "厂房用电增容").await;
    let good = [
        ("seen", seen.as_str()),
        ("enterprise", id.as_str()),
        ("channel", "hotline12345"),
        ("category", "power"),
        ("subject", "厂房用电增容"),
        ("body", "需要增容 <b>"),
    ];
    let done = intake.post(&from, "/console/intake", &good).await;
    assert_eq!(done.status(), 303, "{}: {}", town.base, done.text().await.unwrap());
    let place = done.headers()["location"].to_str().unwrap();
    place.trim_start_matches("/console/issues/").split('?').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_goes_through_the_console_from_the_window_to_its_closure() {
    for database in BOTH {
        let town = Town::on(database);
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let dispatcher = Browser::signed_in(&town, "dispatcher").await;
        let handler = Browser::signed_in(&town, "qianfeng").await;
        let reviewer = Browser::signed_in(&town, "closure_reviewer").await;
        let number = registered(&town, &intake).await;
        let place = format!("/console/issues/{number}");
        assert_eq!(handler.get(&place).await.status(), 404, "not yet the unit's");
        assert_eq!(verb(&intake, &number, "acceptance", &[]).await.0, 303, "{database}");

        // A handler of another unit is refused at the field, and what was chosen stays.
        let (status, page) =
            verb(&dispatcher, &number, "assignment", &[("unit", "gdj"), ("handler", "lijianguo")]).await;
        assert_eq!(status, 422);
        assert!(page.contains("value=\"lijianguo\" selected"), "{page}");
        assert_eq!(
            verb(&dispatcher, &number, "assignment", &[("unit", "gdj"), ("handler", "qianfeng")]).await.0,
            303
        );

        let page = handler.page(&place).await;
        assert!(page.contains("value=\"qianfeng\""), "{page}");
        assert!(!page.contains("value=\"lijianguo\""), "nobody is offered whom the verb would refuse");
        assert_eq!(verb(&handler, &number, "progress", &[("note", "已到现场勘查")]).await.0, 303);
        let extension = [("working_days", "3"), ("reason", "field_work")];
        assert_eq!(verb(&dispatcher, &number, "extension", &extension).await.0, 303);
        let result = [("result", "resolved"), ("reply", "已完成增容送电")];
        assert_eq!(verb(&handler, &number, "result", &result).await.0, 303);
        let page = reviewer.page(&place).await;
        assert!(page.contains("已到现场勘查") && page.contains("企业看到的"));
        assert_eq!(verb(&reviewer, &number, "closure", &[]).await.0, 303, "{database}");
        let page = reviewer.page(&place).await;
        assert!(page.contains("<span class=\"badge good\">已办结</span>"), "{page}");
        let english = reviewer.page(&format!("{place}?lang=en")).await;
        assert!(english.contains("What the owner sees") && english.contains("Closed"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_officer_sees_what_the_first_changed_and_loses_no_word() {
    let town = Town::on("sqlite");
    let intake = Browser::signed_in(&town, "intake_officer").await;
    let number = registered(&town, &intake).await;
    let place = format!("/console/issues/{number}");
    assert_eq!(verb(&intake, &number, "acceptance", &[]).await.0, 303);
    let dispatcher = Browser::signed_in(&town, "dispatcher").await;
    let second = Browser::signed_in(&town, "supervisor").await;
    let old = hidden(&second.page(&place).await, "version");
    assert_eq!(
        verb(&dispatcher, &number, "assignment", &[("unit", "gdj"), ("handler", "qianfeng")]).await.0,
        303
    );
    let handler = Browser::signed_in(&town, "qianfeng").await;
    let seen = hidden(&handler.page(&place).await, "version");
    let extension = [
        ("version", old.as_str()),
        ("working_days", "2"),
        ("reason", "field_work"),
        ("note", "等待 <设备> 到货"),
    ];
    let late = second.post(&place, &format!("{place}/extension"), &extension).await;
    assert_eq!(late.status(), 409);
    let page = late.text().await.unwrap();
    assert!(
        page.contains("这个问题刚被他人更新") && page.contains("已交办责任单位") && page.contains("郑强"),
        "{page}"
    );
    assert!(page.contains("等待 &#60;设备&#62; 到货"), "what was typed is kept");
    assert_eq!(hidden(&page, "version"), seen, "sending it again is at the new version");

    // An assignment is not offered any more, but what was typed is shown. It was he himself who made it.
    let again = [("version", old.as_str()), ("unit", "gdj"), ("handler", "qianfeng")];
    let refused = dispatcher.post(&place, &format!("{place}/assignment"), &again).await;
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    assert!(page.contains("您刚才填写的内容") && page.contains("qianfeng"), "{page}");
    assert!(page.contains("这一步您已于") && !page.contains("他人更新"), "{page}");
    assert_eq!(second.post(&place, &format!("{place}/nothing"), &[]).await.status(), 404);
}

/// Two presses of one button, and two windows of one person.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_presses_twice_is_told_that_he_did_it_and_when() {
    let town = Town::on("sqlite");
    let intake = Browser::signed_in(&town, "intake_officer").await;
    let dispatcher = Browser::signed_in(&town, "dispatcher").await;
    let number = registered(&town, &intake).await;
    let place = format!("/console/issues/{number}");
    assert_eq!(verb(&intake, &number, "acceptance", &[]).await.0, 303);
    assert_eq!(
        verb(&dispatcher, &number, "assignment", &[("unit", "gdj"), ("handler", "qianfeng")]).await.0,
        303
    );
    let handler = Browser::signed_in(&town, "qianfeng").await;
    let old = hidden(&handler.page(&place).await, "version");
    assert_eq!(verb(&handler, &number, "progress", &[("note", "已到现场")]).await.0, 303);
    let local =
        town.shared.clock.now().with_timezone(&town.shared.rules().zone).format("%Y-%m-%d").to_string();
    let twice = [("version", old.as_str()), ("note", "已到现场")];
    let refused = handler.post(&place, &format!("{place}/progress"), &twice).await;
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    assert!(page.contains(&format!("这一步您已于{local}")) && page.contains("不必再次提交"), "{page}");
    assert!(!page.contains("他人更新"), "{page}");
    // Another step of his own from a window that is behind: nobody else was faster.
    let late = [("version", old.as_str()), ("result", "resolved"), ("reply", "已送电")];
    let refused = handler.post(&place, &format!("{place}/result"), &late).await;
    let page = refused.text().await.unwrap();
    assert!(page.contains("您本人刚更新过这个问题") && !page.contains("他人更新"), "{page}");
    let english =
        handler.post(&place, &format!("{place}/progress?lang=en"), &twice).await.text().await.unwrap();
    assert!(english.contains("You did this already, at ") || english.contains("这一步您已于"), "{english}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_issues_are_assigned_at_once_and_each_tells_its_own_outcome() {
    let town = Town::on("sqlite");
    let intake = Browser::signed_in(&town, "intake_officer").await;
    let dispatcher = Browser::signed_in(&town, "dispatcher").await;
    let ready = registered(&town, &intake).await;
    assert_eq!(verb(&intake, &ready, "acceptance", &[]).await.0, 303);
    let unready = registered(&town, &intake).await;
    let (one, two) = (format!("{ready}.2"), format!("{unready}.1"));
    let fields = [
        ("verb", "assignment"),
        ("issue", one.as_str()),
        ("issue", two.as_str()),
        ("assignment-unit", "gdj"),
        ("assignment-handler", "qianfeng"),
        ("back", "https://evil.example"),
    ];
    let answer = dispatcher.post("/console/issues", "/console/issues/bulk", &fields).await;
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.unwrap();
    assert!(page.contains("<span class=\"badge good\">已完成</span>"), "{page}");
    assert!(page.contains("不能进行此操作；可以："), "{page}");
    assert!(!page.contains("evil.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_exported_as_it_is_filtered_and_the_trail_only_to_those_who_watch() {
    for database in BOTH {
        let town = Town::on(database);
        let auditor = Browser::signed_in(&town, "auditor").await;
        let csv = auditor.get("/console/issues.csv?state=closed").await.text().await.unwrap();
        assert!(csv.starts_with("\u{FEFF}编号,标题,企业,状态"), "{csv}");
        assert!(
            csv.lines().count() > 1 && csv.lines().skip(1).all(|line| line.contains(",已办结,")),
            "{csv}"
        );
        let book = auditor.get("/console/issues.xlsx").await;
        assert!(book.headers()["content-disposition"].to_str().unwrap().contains("issues.xlsx"));
        assert!(book.bytes().await.unwrap().starts_with(b"PK"));
        let trail = auditor.page("/console/audit?kind=closed").await;
        assert!(trail.contains("问题已办结") && !trail.contains("<td>问题已受理</td>"), "{trail}");
        let text = auditor.get("/console/audit.csv?kind=closed").await.text().await.unwrap();
        assert!(text.lines().count() > 5, "{text}");
        let handler = Browser::signed_in(&town, "qianfeng").await;
        for path in ["/console/audit", "/console/audit.csv", "/console/intake", "/console/enterprises"] {
            assert_eq!(handler.get(path).await.status(), 403, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_issued_with_a_pin_that_is_shown_once_and_kept_by_nobody() {
    let town = Town::on("sqlite");
    let issuer = Browser::signed_in(&town, "code_issuer").await;
    let new = [("name", "湖州示例电机有限公司"), ("uscc", "91330100799655058B")];
    let made = issuer.post("/console/enterprises/new", "/console/enterprises", &new).await;
    assert_eq!(made.status(), 303, "{}", made.text().await.unwrap());
    let place = made.headers()["location"].to_str().unwrap().split('?').next().unwrap().to_owned();
    let twice = issuer.post("/console/enterprises/new", "/console/enterprises", &new).await;
    assert_eq!(twice.status(), 422);
    assert!(twice.text().await.unwrap().contains("已登记"));
    let seen = hidden(&issuer.page(&place).await, "codes");
    let made = issuer.post(&place, &format!("{place}/codes"), &[("codes", &seen)]).await;
    assert_eq!(made.status(), 201);
    assert_eq!(made.headers()["cache-control"], "no-store");
    let page = made.text().await.unwrap();
    let pin = page.split("class=\"pin tnum\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(pin.chars().all(|c| c.is_ascii_digit()) && pin.len() >= 6, "{pin}");
    let later = issuer.page(&place).await;
    assert!(!later.contains(&pin) && later.contains("使用中"));
    // Whoever reloads that answer sends the form again: it replaces nothing.
    let again = issuer.post(&place, &format!("{place}/codes"), &[("codes", &seen)]).await;
    assert_eq!(again.status(), 303);
    assert!(issuer.follow(&again).await.text().await.unwrap().contains("已经签发"));
    let symbol = later.split("/console/codes/").nth(1).unwrap().split('"').next().unwrap();
    let png = issuer.get(&format!("/console/codes/{symbol}")).await;
    assert_eq!(png.headers()["content-type"], "image/png");
    let code = symbol.split('/').next().unwrap();
    assert!(
        later.contains(&format!("action=\"/console/codes/{code}/symbol.png\"")) && later.contains("毫米")
    );
    let paper = issuer.get(&format!("/console/codes/{symbol}?mm=30&dpi=300")).await;
    assert_eq!(paper.status(), 409, "this town has a trial address");
    assert!(paper.text().await.unwrap().contains("试用地址"));
    let end = format!("{place}/codes/{code}/revocation");
    assert_eq!(issuer.post(&place, &end, &[("reason", "")]).await.status(), 422, "a reason is asked for");
    assert_eq!(issuer.post(&place, &end, &[("reason", "标牌遗失")]).await.status(), 303);
    assert!(issuer.page(&place).await.contains("已停用"));
}
