//! An owner with a phone: proves the PIN, raises an issue with a photo, urges,
//! adds facts, supplements, objects, withdraws. Each page on the way is
//! accessible, fits 320 px, and asks no other host.

use std::path::Path;

use thirtyfour::By;

use crate::{
    browser::{Browser, axe, faces, faults},
    town::{BOTH, Town},
};

const PHOTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/photos/set/jpeg30-000.jpg");

struct Owner<'a> {
    town: &'a Town,
    browser: &'a Browser,
    axe: &'a str,
    wrong: Vec<String>,
}

impl Owner<'_> {
    fn board(&self, query: &str) -> String {
        self.town.url(&format!("/c/{}{query}", self.town.seal()))
    }

    async fn go(&self, place: &str) {
        self.browser.go(place).await;
    }

    async fn press(&self, css: &str) {
        self.browser.turn(css).await;
    }

    async fn fill(&self, id: &str, text: &str) {
        self.browser.driver.find(By::Id(id)).await.unwrap().send_keys(text).await.unwrap();
    }

    async fn reads(&self) -> String {
        // Loaded only when it says so: a page that is still arriving is replaced under the reader.
        for _ in 0..400 {
            if self.browser.script("return document.readyState").await == "complete" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        self.browser.driver.find(By::Tag("body")).await.unwrap().text().await.unwrap()
    }

    /// Looks at the open page in every face, and comes back to the first.
    async fn look(&mut self, what: &str) {
        let here = self.browser.driver.current_url().await.unwrap().to_string();
        let plain = here.split(['?', '#']).next().unwrap().to_owned();
        for (lang, care, dark, width) in faces() {
            self.browser.phone(width, dark).await;
            self.go(&format!("{plain}?lang={lang}&care={}", u8::from(care))).await;
            let found = faults(self.browser, self.axe, width).await;
            self.wrong.extend(
                found.iter().map(|fault| format!("{what} {lang} care={care} dark={dark} {width}: {fault}")),
            );
        }
        self.browser.phone(390, false).await;
        self.go(&format!("{plain}?lang=zh&care=0")).await;
    }

    /// The address of the first link to this deed, on any page of the board.
    async fn deed(&self, noun: &str) -> String {
        for page in 1..=3 {
            self.go(&self.board(&format!("?lang=zh&care=0&page={page}"))).await;
            let css = format!("a[href*='/{noun}?']");
            if let Ok(link) = self.browser.driver.find(By::Css(css)).await {
                return self.town.url(&link.attr("href").await.unwrap().unwrap());
            }
        }
        panic!("no issue of the demo can take {noun}")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_does_with_a_phone_what_the_window_would_do() {
    let (town, axe, browser) = (Town::on(BOTH[0]), axe(), Browser::open().await);
    let mut owner = Owner { town: &town, browser: &browser, axe: &axe, wrong: Vec::new() };
    browser.phone(390, false).await;
    owner.go(&owner.board("?lang=zh&care=0")).await;
    owner.fill("pin", town.text("pin")).await;
    owner.press("form[action*='/device'] button").await;

    owner.press("a.raise").await;
    owner.look("new issue").await;
    owner.fill("category", "用").await;
    owner.browser.script("document.getElementById('category').selectedIndex = 1").await;
    owner.fill("subject", "厂区用电增容").await;
    owner.fill("body", "需增容500千伏安").await;
    owner.fill("contact_phone", "138").await;
    owner.press("form button").await;
    let again = owner.reads().await;
    assert!(again.contains("请修改以下内容"), "{again}");
    let kept = owner.browser.script("return document.getElementById('body').value").await;
    assert_eq!(kept, "需增容500千伏安", "a fault loses nothing");
    owner.fill("contact_phone", "12348000").await;
    owner.fill("contact_name", "李四").await;
    owner.fill("file", Path::new(PHOTO).to_str().unwrap()).await;
    owner.press("form button").await;
    let receipt = owner.reads().await;
    assert!(receipt.contains("问题已提交") && receipt.contains('Q'), "{receipt}");
    owner.look("receipt").await;
    let place = browser.driver.current_url().await.unwrap().to_string();
    let number = place.split("/issues/").nth(1).unwrap().split('/').next().unwrap().to_owned();

    for (noun, text, said) in [
        ("urging", "请尽快", "催办已发出"),
        ("facts", "变压器已到货", "补充说明已收到"),
        ("withdrawal", "", "已撤回"),
    ] {
        owner.go(&owner.board(&format!("/issues/{number}/{noun}?lang=zh&care=0"))).await;
        owner.look(noun).await;
        owner.fill("text", text).await;
        owner.press("form button").await;
        let done = owner.reads().await;
        assert!(done.contains(said), "{noun}: {done}");
    }
    for (noun, said) in [("supplement", "补充材料已收到"), ("objection", "已启动整改")] {
        let form = owner.deed(noun).await;
        owner.go(&form).await;
        owner.look(noun).await;
        owner.fill("text", "情况说明").await;
        owner.press("form button").await;
        let done = owner.reads().await;
        assert!(done.contains(said), "{noun}: {done}");
    }
    owner.go(&owner.board("?lang=zh&care=0")).await;
    owner.look("the owner's board").await;
    let wrong = owner.wrong;
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
