//! What somebody new at a desk is told before and after a deed: what waits, what would be
//! lost, what would be printed, who acts next.

use crate::{
    console::{Browser, hidden},
    harness::{BOTH, Town},
};

/// The number on a tile of the home page.
fn tile(page: &str, name: &str) -> usize {
    let (before, _) = page.split_once(&format!("</b>{name}</a>")).unwrap_or_else(|| panic!("{name}: {page}"));
    before.rsplit("<b>").next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_page_lists_what_waits_for_each_role_and_never_says_that_all_is_done_while_it_does() {
    for database in BOTH {
        let town = Town::on(database);
        let mut seen = 0;
        for (who, lists) in [
            ("intake_officer", &["待受理"][..]),
            ("dispatcher", &["待受理", "待分派", "待审定"]),
            ("closure_reviewer", &["待审核"]),
            ("follow_up_officer", &["待回访"]),
            ("qianfeng", &["待签收", "整改中"]),
        ] {
            let page = Browser::signed_in(&town, who).await.page("/console?lang=zh").await;
            let mut waits = 0;
            for list in lists {
                let count = tile(&page, list);
                assert_eq!(page.contains(&format!("<h2>{list}</h2>")), count > 0, "{database} {who}: {page}");
                waits += count;
            }
            assert!(waits == 0 || !page.contains("没有等待您办理的问题"), "{database} {who}: {page}");
            seen += waits;
        }
        assert!(seen > 0, "{database}: nothing waited for anybody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_something_lies_behind_a_question_that_names_what_dies() {
    let town = Town::on("sqlite");
    let issuer = Browser::signed_in(&town, "code_issuer").await;
    let found = issuer.page("/console/enterprises?q=91330500MA2TEXT16M").await;
    let mut linked = found.split("href=\"/console/enterprises/").skip(1);
    let id = linked.find(|rest| !rest.starts_with("new")).unwrap().split('"').next().unwrap();
    let page = issuer.page(&format!("/console/enterprises/{id}?lang=zh")).await;
    for (first, dies, then) in [
        ("<summary>换发</summary>", "已张贴的旧码立即失效", "换发"),
        (
            "<summary class=\"button plain\">重置企业口令</summary>",
            "旧的企业口令立即失效",
            "确认重置企业口令",
        ),
    ] {
        let (_, rest) = page.split_once(first).unwrap();
        let (asked, _) = rest.split_once("</details>").unwrap();
        assert!(asked.contains(dies) && asked.contains(&format!(">{then}</button>")), "{asked}");
    }
    assert!(
        !page.contains("id=\"issue\""),
        "a code that stands is replaced with a reason, not issued once more"
    );
    assert!(page.contains("已张贴的码立即失效，不能恢复"), "{page}");

    let admin = Browser::signed_in(&town, "administrator").await;
    for (list, below) in [("staff", "staff"), ("units", "units"), ("channels", "channels")] {
        let page = admin.page(&format!("/console/admin/{list}")).await;
        let link = format!("href=\"/console/admin/{below}/");
        let one = page.split(&link).skip(1);
        let one = one.map(|rest| rest.split('"').next().unwrap()).find(|id| *id != "new").unwrap();
        let page = admin.page(&format!("/console/admin/{below}/{one}?lang=zh")).await;
        assert!(
            page.contains("<details class=\"primary\"><summary class=\"button plain\">"),
            "{list}: {page}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_would_be_printed_stands_beside_the_form_with_what_to_set() {
    let town = Town::on("sqlite");
    let issuer = Browser::signed_in(&town, "code_issuer").await;
    let page = issuer.page("/console/codes/prints?lang=zh&format=letter-a4").await;
    let origin = town.shared.trust.host.origin();
    assert!(page.contains(&format!("二维码将指向 {origin}")) && page.contains("http.public_url"), "{page}");
    assert!(page.contains("<option value=\"letter-a4\" selected>"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_and_the_page_say_who_acts_next() {
    let town = Town::on("sqlite");
    let dispatcher = Browser::signed_in(&town, "dispatcher").await;
    let list = dispatcher.page("/console/issues?state=submitted&lang=zh").await;
    let number = list.split("href=\"/console/issues/Q").nth(1).unwrap().split('"').next().unwrap();
    let place = format!("/console/issues/Q{number}");
    let page = dispatcher.page(&place).await;
    assert!(page.contains("<p>受理员或分派员 受理。</p>"), "{page}");
    let version = hidden(&page, "version");
    let done = dispatcher.post(&place, &format!("{place}/acceptance"), &[("version", &version)]).await;
    assert_eq!(done.status(), 303);
    let told = dispatcher.follow(&done).await.text().await.unwrap();
    assert!(told.contains("下一步：分派员 交办给牵头单位。"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_filled_in_from_a_template_that_is_refused_as_it_is() {
    let town = Town::on("sqlite");
    let admin = Browser::signed_in(&town, "administrator").await;
    let place = "/console/admin/calendar";
    assert!(admin.page(place).await.contains("/console/admin/calendar/template.csv"));
    let answer = admin.get(&format!("{place}/template.csv")).await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("\u{feff}date,kind,status\r\n") && text.contains("\r\n# "), "{text}");
    let file = ("workdays.csv", text.into_bytes());
    let empty = admin.post_file(place, &format!("{place}/preview"), &[], file).await;
    assert_eq!(empty.status(), 422);
    assert!(empty.text().await.unwrap().contains("没有任何日期"));
    let handler = Browser::signed_in(&town, "qianfeng").await;
    assert_eq!(handler.get(&format!("{place}/template.csv")).await.status(), 403);
}
