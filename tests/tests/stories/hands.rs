//! What hands and eyes do at a browser: fill in, choose, press, read. A story says
//! whose hands they are.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::json;
use thirtyfour::{By, Cookie, Key, WebElement};

use crate::{browser::Browser, town::Town};

/// How long a page may take before the story fails.
const PATIENCE: Duration = Duration::from_secs(15);

impl Browser {
    pub async fn desk(&self, width: u32, height: u32) {
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", screen).await;
    }

    pub async fn without_scripts(&self) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    pub async fn go(&self, place: &str) {
        self.driver.goto(place).await.unwrap();
    }

    pub async fn find(&self, css: &str) -> WebElement {
        let begun = Instant::now();
        loop {
            match self.driver.find(By::Css(css)).await {
                Ok(found) => return found,
                Err(error) if begun.elapsed() > PATIENCE => {
                    panic!("{css}: {error}\n{}", self.driver.source().await.unwrap())
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    pub async fn has(&self, css: &str) -> bool {
        self.driver.find(By::Css(css)).await.is_ok()
    }

    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses by the words that are read.
    pub async fn choose_word(&self, select: &str, word: &str) {
        let options = format!("//select[@name='{select}']//option[contains(., '{word}')]");
        self.driver.find(By::XPath(options)).await.unwrap().click().await.unwrap();
    }

    pub async fn choose(&self, select: &str, value: &str) {
        self.find(&format!("{select} option[value=\"{value}\"]")).await.click().await.unwrap();
    }

    pub async fn press(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Presses what leads to another page, and waits until the old one is gone.
    pub async fn turn(&self, css: &str) {
        let old = self.find("html").await;
        let found = self.find(css).await;
        found.scroll_into_view().await.unwrap();
        found.click().await.unwrap();
        let begun = Instant::now();
        while old.tag_name().await.is_ok() {
            assert!(begun.elapsed() < PATIENCE, "{css} led nowhere: {}", self.body().await);
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Fills in a form by the names of its fields, whatever kind they are: a text is
    /// typed, a choice is chosen.
    pub async fn enter(&self, form: &str, typed: &[(&str, &str)]) {
        for (name, value) in typed {
            let field = format!("{form} [name=\"{name}\"]");
            let found = self.find(&format!("{field}:not([type=hidden])")).await;
            let kind = found.attr("type").await.unwrap().unwrap_or_default();
            match (found.tag_name().await.unwrap().as_str(), kind.as_str()) {
                ("select", _) => self.choose(&field, value).await,
                (_, "date") => self.fill_day(&field, value).await,
                (_, "radio" | "checkbox") => self.press(&format!("{field}[value=\"{value}\"]")).await,
                _ => self.fill(&field, value).await,
            }
        }
    }

    /// Types a day the way this browser's language writes it.
    async fn fill_day(&self, css: &str, day: &str) {
        let parts: Vec<&str> = day.split('-').collect();
        let [year, month, date] = parts[..] else { panic!("{day} is no day") };
        let right = Key::Right.value();
        for typed in [
            format!("{month}{date}{year}"),
            format!("{year}{right}{month}{date}"),
            format!("{date}{month}{year}"),
        ] {
            let field = self.find(css).await;
            field.clear().await.unwrap();
            field.send_keys(typed).await.unwrap();
            if field.prop("value").await.unwrap().as_deref() == Some(day) {
                return;
            }
        }
        panic!("{css} takes no {day}");
    }

    /// The words of the page.
    pub async fn body(&self) -> String {
        let begun = Instant::now();
        loop {
            // Between two pages there is no body, or one that has just gone.
            match self.find("body").await.text().await {
                Ok(text) => return text,
                Err(error) if begun.elapsed() > PATIENCE => panic!("{error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Waits until the page says this.
    pub async fn says(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let text = self.body().await;
            if text.contains(words) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{words} is not in: {text}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Opens the form of a verb if it is folded, and gives its selector.
    pub async fn unfold(&self, noun: &str) -> String {
        let form = format!("form#{noun}");
        self.find(&form).await;
        if let Ok(folded) =
            self.driver.find(By::Css(format!("details:not([open]):has({form}) > summary"))).await
        {
            folded.click().await.unwrap();
        }
        form
    }

    pub async fn sign_in(&self, town: &Town, username: &str, password: &str) {
        self.driver.delete_all_cookies().await.unwrap();
        self.go(&town.url("/console?lang=zh")).await;
        self.enter("main form", &[("username", username), ("password", password)]).await;
        self.press("main form button").await;
        self.find(".menu").await;
    }
}

/// Everybody has a browser of his own; here the cookies come and go with the person.
#[derive(Default)]
pub struct Seats {
    seated: String,
    kept: BTreeMap<String, Vec<Cookie>>,
}

impl Seats {
    /// Somebody sits down; `false` if he has not signed in here before.
    pub async fn take(&mut self, browser: &Browser, who: &str) -> bool {
        if self.seated == who {
            return true;
        }
        let left = std::mem::replace(&mut self.seated, who.to_owned());
        self.kept.insert(left, browser.driver.get_all_cookies().await.unwrap());
        browser.driver.delete_all_cookies().await.unwrap();
        let Some(cookies) = self.kept.remove(who) else { return false };
        for cookie in cookies {
            browser.driver.add_cookie(cookie).await.unwrap();
        }
        true
    }
}
