//! The staff console in a real browser: a day in the centre by its forms, without
//! JavaScript and by the keyboard alone; every page accessible, in both languages,
//! on a desk and on a tablet.

use std::time::{Duration, Instant};

use serde_json::json;
use thirtyfour::{By, Key, WebElement};

use crate::{
    browser::{Browser, axe, faults},
    town::{BOTH, Database, Town},
};

impl Browser {
    async fn desk(&self, width: u32, height: u32) {
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", screen).await;
    }

    async fn without_scripts(&self) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    async fn find(&self, css: &str) -> WebElement {
        let begun = Instant::now();
        loop {
            match self.driver.find(By::Css(css)).await {
                Ok(found) => return found,
                Err(error) if begun.elapsed() > Duration::from_secs(15) => {
                    panic!("{css}: {error}\n{}", self.driver.source().await.unwrap())
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    async fn choose(&self, select: &str, value: &str) {
        self.find(&format!("{select} option[value=\"{value}\"]")).await.click().await.unwrap();
    }

    async fn press(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    async fn sign_in(&self, town: &Town, username: &str, password: &str) {
        self.driver.delete_all_cookies().await.unwrap();
        self.driver.goto(town.url("/console?lang=zh")).await.unwrap();
        self.fill("[name=username]", username).await;
        self.fill("[name=password]", password).await;
        self.press("main form button").await;
        self.find(".menu").await;
    }

    async fn body(&self) -> String {
        let begun = Instant::now();
        loop {
            // Between two pages there is no body, or one that has just gone.
            match self.find("body").await.text().await {
                Ok(text) => return text,
                Err(error) if begun.elapsed() > Duration::from_secs(15) => panic!("{error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Waits until the page says this.
    async fn says(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let text = self.body().await;
            if text.contains(words) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(15), "{words} is not in: {text}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Opens the form of a verb if it is folded, and gives the selector of its fields.
    async fn unfold(&self, noun: &str) -> String {
        let form = format!("form#{noun}");
        self.find(&form).await;
        if let Ok(folded) =
            self.driver.find(By::Css(format!("details:not([open]):has({form}) > summary"))).await
        {
            folded.click().await.unwrap();
        }
        form
    }
}

/// A day in the centre, by mouse and forms; scripts are off.
async fn day(database: Database) {
    let town = Town::on(database);
    let browser = Browser::open().await;
    browser.desk(1280, 800).await;
    browser.driver.goto(town.url("/console")).await.unwrap();
    browser.without_scripts().await;
    let (intake, dispatcher) = (town.account("intake_officer"), town.account("dispatcher"));
    let (handler, reviewer) = (town.account("handler"), town.account("closure_reviewer"));

    browser.sign_in(&town, intake.0, intake.1).await;
    let begun = Instant::now();
    browser.press("nav.side a[href='/console/intake']").await;
    browser.fill("#q", "91330500MA2TEXT16M").await;
    browser.press("main form button").await;
    browser.press(".hits a").await;
    browser.choose("#form-channel", "hotline12345").await;
    browser.choose("#form-category", "power").await;
    browser.fill("#form-subject", "厂房用电增容").await;
    browser.fill("#form-body", "新生产线需增容200千伏安").await;
    browser.press("form#form button").await;
    browser.find(".flash").await;
    if browser.body().await.contains("可能已经反映过") {
        browser.press("form#form button").await;
    }
    browser.says("问题已登记").await;
    assert!(begun.elapsed() < Duration::from_secs(30), "registered in {:?}", begun.elapsed());
    let place = browser.driver.current_url().await.unwrap().path().to_owned();
    browser.press("form#acceptance button").await;
    browser.says("已完成:受理").await;

    browser.sign_in(&town, dispatcher.0, dispatcher.1).await;
    browser.driver.goto(town.url(&place)).await.unwrap();
    let form = browser.unfold("assignment").await;
    let unit = "jxj";
    browser.choose(&format!("{form} [name=unit]"), unit).await;
    browser.choose(&format!("{form} [name=handler]"), handler.0).await;
    browser.press(&format!("{form} button")).await;
    browser.says("已完成:交办").await;

    browser.sign_in(&town, handler.0, handler.1).await;
    browser.driver.goto(town.url(&place)).await.unwrap();
    let form = browser.unfold("progress").await;
    browser.fill(&format!("{form} [name=note]"), "已到现场勘查").await;
    browser.press(&format!("{form} button")).await;
    browser.says("已完成:阶段性答复").await;

    browser.sign_in(&town, dispatcher.0, dispatcher.1).await;
    browser.driver.goto(town.url(&place)).await.unwrap();
    let form = browser.unfold("extension").await;
    browser.fill(&format!("{form} [name=working_days]"), "3").await;
    browser.choose(&format!("{form} [name=reason]"), "field_work").await;
    browser.press(&format!("{form} button")).await;
    browser.says("已延期至").await;

    browser.sign_in(&town, handler.0, handler.1).await;
    browser.driver.goto(town.url(&place)).await.unwrap();
    let form = browser.unfold("result").await;
    browser.press(&format!("{form} [value=resolved]")).await;
    browser.fill(&format!("{form} [name=reply]"), "已完成增容送电").await;
    browser.press(&format!("{form} button")).await;
    browser.says("待审核").await;

    browser.sign_in(&town, reviewer.0, reviewer.1).await;
    browser.driver.goto(town.url(&place)).await.unwrap();
    browser.press("form#closure button").await;
    browser.says("已完成:审核办结").await;
    browser.says("已完成增容送电").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_in_the_centre_is_worked_through_without_javascript() {
    for database in BOTH {
        day(database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_is_registered_by_the_keyboard_alone() {
    let town = Town::on(BOTH[0]);
    let browser = Browser::open().await;
    browser.desk(1280, 800).await;
    let (name, password) = town.account("intake_officer");
    browser.driver.goto(town.url("/console/intake?lang=zh")).await.unwrap();
    // The cursor stands where one begins; Enter sends.
    let keys = async |text: &str| {
        browser.driver.active_element().await.unwrap().send_keys(text).await.unwrap();
    };
    let (tab, enter, down) = (Key::Tab.value(), Key::Enter.value(), Key::Down.value());
    keys(&format!("{name}{tab}")).await;
    keys(&format!("{password}{enter}")).await;
    browser.find("#q").await;
    keys("91330500MA2TEXT16M").await;
    browser.find(".hits a").await;
    keys(&down.to_string()).await;
    keys(&enter.to_string()).await;
    browser.find("#form-category").await;
    keys(&format!("{down}{down}{tab}")).await;
    keys(&format!("车间照明{tab}")).await;
    keys("夜班照明不足").await;
    keys(&format!("{tab}{tab}{tab}{tab}")).await;
    keys(&enter.to_string()).await;
    browser.says("问题已登记").await;
    browser.says("车间照明").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_console_is_accessible_and_fits_a_desk_and_a_tablet() {
    let town = Town::on(BOTH[0]);
    let axe = axe();
    let browser = Browser::open().await;
    browser.desk(1280, 800).await;
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (role, pages) in [
        (
            "dispatcher",
            vec![
                "/console",
                "/console/issues",
                "/console/issues?lamp=overdue",
                "/console/issues?q=nothing",
                "/console/enterprises",
                "/console/nowhere",
                "ISSUE",
            ],
        ),
        (
            "intake_officer",
            vec!["/console/intake", "/console/intake?q=nothing", "/console/enterprises/new", "WRITE"],
        ),
        ("code_issuer", vec!["/console", "ENTERPRISE"]),
        ("handler", vec!["/console", "/console/issues?mine=1", "ISSUE"]),
        ("auditor", vec!["/console/audit", "/console/audit?number=none"]),
        ("", vec!["/console/sign-in"]),
    ] {
        if role.is_empty() {
            browser.driver.delete_all_cookies().await.unwrap();
        } else {
            let (name, password) = town.account(role);
            browser.sign_in(&town, name, password).await;
        }
        for page in pages {
            let path = match page {
                "ISSUE" => link(&browser, &town, "/console/issues", "td a.subject").await,
                "WRITE" => link(&browser, &town, "/console/intake?q=91330500MA2TEXT16M", ".hits a").await,
                "ENTERPRISE" => {
                    link(&browser, &town, "/console/enterprises?q=91330500MA2TEXT16M", "td a.subject").await
                }
                path => path.to_owned(),
            };
            for lang in ["zh", "en"] {
                for (width, height) in [(1280, 800), (768, 1024)] {
                    browser.desk(width, height).await;
                    let join = if path.contains('?') { '&' } else { '?' };
                    browser.driver.goto(town.url(&format!("{path}{join}lang={lang}"))).await.unwrap();
                    // All that is folded is unfolded, so that it is looked at too.
                    browser.script("document.querySelectorAll('details').forEach(d => { if (!d.matches('.menu')) d.open = true })").await;
                    let mut found = faults(&browser, &axe, width).await;
                    let said = browser.script("return document.documentElement.lang").await;
                    if !said.as_str().unwrap_or("").starts_with(lang) {
                        found.push(format!("lang={said}"));
                    }
                    wrong.extend(found.iter().map(|fault| format!("{role} {path} {lang} {width}: {fault}")));
                    seen += 1;
                }
            }
        }
    }
    browser.close().await;
    assert_eq!(seen, 76);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the first link of a kind leads.
async fn link(browser: &Browser, town: &Town, page: &str, css: &str) -> String {
    browser.driver.goto(town.url(page)).await.unwrap();
    browser.find(css).await.attr("href").await.unwrap().unwrap()
}
