//! Files at the console, by its forms alone: attachments of an issue, and tables.

use crate::{
    console::{Browser, hidden, place},
    harness::{BOTH, Town},
    intake::photo,
};

/// The first issue that somebody sees.
async fn first_issue(who: &Browser) -> String {
    let page = who.page("/console/issues").await;
    page.split("href=\"/console/issues/Q").nth(1).unwrap().split('"').next().map(|n| format!("Q{n}")).unwrap()
}

async fn enterprise(intake: &Browser) -> String {
    let found = intake.page("/console/intake?q=91330500MA2TEXT16M").await;
    found.split("/console/intake?enterprise=").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_attached_listed_and_saved_by_whoever_may_read_the_issue() {
    for database in BOTH {
        let town = Town::on(database);
        let handler = Browser::signed_in(&town, "qianfeng").await;
        let number = first_issue(&handler).await;
        let issue = format!("/console/issues/{number}");
        let to = format!("{issue}/attachments");
        assert!(handler.page(&issue).await.contains("enctype=\"multipart/form-data\""));

        // What is no picture is refused at the field, and what was ticked stays.
        let ticked = [("for_owner", "yes")];
        let wrong = handler.post_file(&issue, &to, &ticked, ("a.exe", b"MZ".to_vec())).await;
        assert_eq!(wrong.status(), 422, "{database}");
        let page = wrong.text().await.unwrap();
        assert!(page.contains("id=\"attachments-file-error\">只能上传PNG、JPEG、WebP图片或PDF"), "{page}");
        assert!(page.contains("name=\"for_owner\" value=\"yes\" checked"), "{page}");
        let large = vec![0_u8; 10 * 1024 * 1024 + 1];
        let page = handler.post_file(&issue, &to, &[], ("b.png", large)).await.text().await.unwrap();
        assert!(page.contains("文件超过10MB"), "{page}");
        let none = handler.post_file(&issue, &to, &[], ("", Vec::new())).await;
        assert_eq!(none.status(), 422);
        assert!(none.text().await.unwrap().contains("请选择文件"));

        let done = handler.post_file(&issue, &to, &ticked, ("现场 <1>.jpg", photo())).await;
        assert_eq!((done.status().as_u16(), place(&done)), (303, &*format!("{issue}?done=attachments")));
        let page = handler.page(&issue).await;
        assert!(page.contains("现场 1.jpg</a>") && page.contains("JPEG · "), "{page}");
        assert!(page.contains("企业可见") && page.contains("经手 钱峰"), "{page}");
        let file = page.split(&format!("href=\"{to}/")).nth(1).unwrap().split('"').next().unwrap();
        let file = format!("{to}/{file}");

        let auditor = Browser::signed_in(&town, "auditor").await;
        let saved = auditor.get(&file).await;
        assert_eq!(saved.status(), 200);
        let disposition = saved.headers()["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename*=UTF-8''"), "{disposition}");
        assert_eq!(saved.headers()["x-content-type-options"], "nosniff");
        let bytes = saved.bytes().await.unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"Li Si"), "metadata is left out");

        // An auditor reads and adds nothing; another unit does not know the issue.
        assert!(!auditor.page(&issue).await.contains("enctype"));
        assert_eq!(auditor.post_file(&issue, &to, &[], ("a.jpg", photo())).await.status(), 403);
        let other = Browser::signed_in(&town, "lijianguo").await;
        assert_eq!(other.get(&file).await.status(), 404);
        assert_eq!(other.post_file("/console", &to, &[], ("a.jpg", photo())).await.status(), 404);
        assert_eq!(Browser::stranger(&town.base).get(&file).await.status(), 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_in_with_a_new_issue_and_a_bad_one_costs_no_word() {
    for database in BOTH {
        let town = Town::on(database);
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let id = enterprise(&intake).await;
        let from = format!("/console/intake?enterprise={id}");
        let seen = intake.alike(&id, "power", "厂房用电增容").await;
        let fields = [
            ("seen", seen.as_str()),
            ("enterprise", id.as_str()),
            ("channel", "window"),
            ("category", "power"),
            ("subject", "厂房用电增容"),
            ("body", "需要增容 <b>"),
        ];
        let to = "/console/intake";
        let wrong = intake.post_file(&from, to, &fields, ("a.gif", b"GIF89a".to_vec())).await;
        assert_eq!(wrong.status(), 422, "{database}");
        let page = wrong.text().await.unwrap();
        assert!(page.contains("form-file-error") && page.contains("需要增容 &#60;b&#62;"), "{page}");
        let done = intake.post_file(&from, to, &fields, ("铭牌.jpg", photo())).await;
        assert_eq!(done.status(), 303, "{database}");
        let page = intake.follow(&done).await.text().await.unwrap();
        assert!(page.contains("铭牌.jpg") && page.contains("仅工作人员可见"), "{page}");
        // Another session's form is refused, files or not.
        let stolen = intake.post_file(&from, to, &[("csrf", "x")], ("a.jpg", photo())).await;
        assert_ne!(stolen.status(), 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_checked_first_and_its_good_rows_become_issues_once() {
    const GOOD: &str = "91330500MA2TEXT16M";
    for database in BOTH {
        let town = Town::on(database);
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let to = "/console/imports";
        let template = intake.get("/console/imports/template.csv").await;
        assert!(template.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let headings = template.text().await.unwrap();
        assert!(headings.starts_with("\u{feff}渠道编号,统一社会信用代码,类别,主题,内容"), "{headings}");
        let table = format!(
            "{headings}W1,{GOOD},power,用电增容,需增容,,张三,13812348000\n\
             W2,{GOOD},没有这类,道路积水,雨后积水,,,\nW3,{GOOD},power,出口退税,迟迟不到账,,,\n"
        );
        let channel = [("channel", "hotline12345")];
        let wrong = intake.post_file(to, to, &channel, ("a.csv", b"\x00\x01".to_vec())).await;
        assert_eq!(wrong.status(), 422, "{database}");
        let page = wrong.text().await.unwrap();
        assert!(
            page.contains("form-file-error") && page.contains("value=\"hotline12345\" selected"),
            "{page}"
        );

        let checked = intake.post_file(to, to, &channel, ("七月.csv", table.clone().into())).await;
        assert_eq!(checked.status(), 200, "{database}");
        let page = checked.text().await.unwrap();
        assert!(page.contains("<td class=\"num\">3</td><td>类别</td>"), "{page}");
        assert!(page.contains("<dt>可以导入</dt><dd>2</dd>") && page.contains("导入2行"), "{page}");
        let parts = ["channel", "table", "proof"].map(|name| (name, hidden(&page, name)));
        let form: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let forged = [form[0], form[1], ("proof", "x")];
        assert_eq!(intake.post(to, "/console/imports/run", &forged).await.status(), 403);
        let done = intake.post(to, "/console/imports/run", &form).await;
        assert_eq!(done.status(), 200, "{database}");
        let page = done.text().await.unwrap();
        assert_eq!(page.matches("<span class=\"badge good\">新登记</span>").count(), 2, "{page}");
        // The table was taken; it is chosen again, and then makes nothing new.
        assert_eq!(intake.post(to, "/console/imports/run", &form).await.status(), 422);
        let again = intake.post_file(to, to, &channel, ("七月.csv", table.into())).await;
        assert!(again.text().await.unwrap().contains("没有可以导入的行"));
        let dispatcher = Browser::signed_in(&town, "dispatcher").await;
        assert_eq!(dispatcher.get(to).await.status(), 403);
    }
}

const NOTICE: &str = r#"{"year":2027,"days":[
    {"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-09","isOffDay":false}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_holidays_is_taken_from_a_file_or_as_it_is_pasted() {
    for database in BOTH {
        let town = Town::on(database);
        let admin = Browser::signed_in(&town, "administrator").await;
        let place_of = "/console/admin/calendar";
        let to = "/console/admin/calendar/preview";
        let typed = [("text", "2027年<待定>")];
        let broken = [
            ("a.json", b"{\"year\":2027".to_vec(), "日历文件第1行有误"),
            ("a.csv", vec![0xff, 0xfe, 0x00], "文件不是UTF-8文本"),
            ("a.csv", vec![b'x'; 20 * 1024 + 1], "文件超过20KB"),
            ("a.csv", vec![b'x'; 1024 * 1024 + 1], "文件超过1MB"),
        ];
        for (name, bytes, said) in broken {
            let wrong = admin.post_file(place_of, to, &typed, (name, bytes)).await;
            assert_eq!(wrong.status(), 422, "{database} {said}");
            let page = wrong.text().await.unwrap();
            assert!(page.contains(&format!("id=\"form-file-error\">{said}")), "{page}");
            assert!(page.contains("2027年&#60;待定&#62;</textarea>"), "what was typed stays: {page}");
        }
        let none = admin.post_file(place_of, to, &[], ("", Vec::new())).await;
        assert_eq!(none.status(), 422);
        assert!(none.text().await.unwrap().contains("请选择文件，或在下面粘贴内容"));
        let pasted = admin.post(place_of, to, &[("text", "nothing")]).await;
        assert_eq!(pasted.status(), 422);
        assert!(pasted.text().await.unwrap().contains("id=\"form-text-error\""));
        let pasted = admin.post(place_of, to, &[("text", NOTICE)]).await;
        assert_eq!(pasted.status(), 200, "{database}");

        // The file counts, and nothing is saved before it is confirmed.
        let shown = admin.post_file(place_of, to, &typed, ("2027.json", NOTICE.into())).await;
        assert_eq!(shown.status(), 200, "{database}");
        assert!(shown.text().await.unwrap().contains("2027（已公布"));
        assert!(!town.shared.rules().calendar.is_official(2027), "{database}");
        let done = admin.post(place_of, "/console/admin/calendar/imports", &[("text", NOTICE)]).await;
        assert_eq!(done.status(), 303, "{database}");
        assert!(town.shared.rules().calendar.is_official(2027), "{database}");

        let auditor = Browser::signed_in(&town, "auditor").await;
        assert!(!auditor.page(place_of).await.contains("enctype"));
        let trail = auditor.page("/console/admin/trail").await;
        assert!(trail.contains("改为放假：2027-"), "{database}: the days that moved are named: {trail}");
        let refused = auditor.post_file(place_of, to, &[], ("2027.json", NOTICE.into())).await;
        assert_eq!(refused.status(), 403, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_for_notices_is_set_by_the_person_and_by_the_administrator() {
    for database in BOTH {
        let town = Town::on(database);
        let person = Browser::signed_in(&town, "dispatcher").await;
        let own = "/console/account";
        let wrong = person.post(own, "/console/account/mailbox", &[("address", "nobody")]).await;
        assert_eq!(wrong.status(), 422, "{database}");
        let page = wrong.text().await.unwrap();
        assert!(page.contains("mailbox-address-error") && page.contains("value=\"nobody\""), "{page}");
        let done = person.post(own, "/console/account/mailbox", &[("address", "zq@example.cn")]).await;
        assert_eq!(done.status(), 303, "{database}");
        assert!(person.page(own).await.contains("value=\"zq@example.cn\""));

        let admin = Browser::signed_in(&town, "administrator").await;
        let list = admin.page("/console/admin/staff").await;
        let row =
            list.split("href=\"/console/admin/staff/").find(|rest| rest.contains(">dispatcher<")).unwrap();
        let place = format!("/console/admin/staff/{}", row.split('"').next().unwrap());
        assert!(admin.page(&place).await.contains("value=\"zq@example.cn\""));
        let to = format!("{place}/mailbox");
        assert_eq!(admin.post(&place, &to, &[("address", "x@")]).await.status(), 422);
        assert_eq!(admin.post(&place, &to, &[("address", "")]).await.status(), 303, "{database}");
        assert!(!person.page(own).await.contains("zq@example.cn"));
        assert_eq!(person.post(own, &to, &[("address", "a@example.cn")]).await.status(), 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_says_for_what_what_follows_says_whom_and_what_is_deferred_promises_no_day() {
    let town = Town::on("sqlite");
    let (status, list) =
        town.send("dispatcher", "GET", "/api/v1/staff/issues?state=deferred", serde_json::json!({})).await;
    assert_eq!(status, 200);
    let one = &list["issues"][0];
    assert!(one["promise"].is_null() && one["review_on"].is_string(), "{one}");
    let old = one["first_promise"].as_str().unwrap().to_owned();
    let dispatcher = Browser::signed_in(&town, "dispatcher").await;
    let page = dispatcher.page(&format!("/console/issues/{}", one["number"].as_str().unwrap())).await;
    assert!(page.contains("<dt>现承诺</dt><dd>挂账，复核期限"), "{page}");
    let (day, month) = (old[8..].trim_start_matches('0'), old[5..7].trim_start_matches('0'));
    assert!(!page.contains(&format!("<p>{}年{month}月{day}日", &old[..4])), "{page}");

    let (_, list) =
        town.send("dispatcher", "GET", "/api/v1/staff/issues?state=accepted", serde_json::json!({})).await;
    let number = |index: usize| list["issues"][index]["number"].as_str().unwrap().to_owned();
    let (child, parent) = (number(0), number(1));
    let at = format!("/console/issues/{child}");
    let version = hidden(&dispatcher.page(&at).await, "version");
    let merged = [("version", version.as_str()), ("parent", parent.as_str()), ("note", "同一事项")];
    assert_eq!(dispatcher.post(&at, &format!("{at}/merger"), &merged).await.status(), 303);
    let link = |to: &str| format!("<a class=\"tnum\" href=\"/console/issues/{to}\">{to}</a>");
    assert!(dispatcher.page(&at).await.contains(&link(&parent)));
    assert!(dispatcher.page(&format!("/console/issues/{parent}")).await.contains(&link(&child)));

    let (_, list) =
        town.send("dispatcher", "GET", "/api/v1/staff/issues?state=submitted", serde_json::json!({})).await;
    let at = format!("/console/issues/{}", list["issues"][0]["number"].as_str().unwrap());
    let version = hidden(&dispatcher.page(&at).await, "version");
    let asked = [("version", version.as_str()), ("note", "请补充用电合同")];
    assert_eq!(dispatcher.post(&at, &format!("{at}/supplement-request"), &asked).await.status(), 303);
    assert!(dispatcher.page(&at).await.contains("<b>请企业补充：</b> 请补充用电合同"));
}
