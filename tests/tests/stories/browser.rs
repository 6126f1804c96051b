//! The phone page in a real browser: readable, in both languages, light, dark,
//! in large type, down to 320 px; nothing is asked of another host.

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use qiyema_e2e::{binaries, needs, python, watchdog::Watchdog};
use serde_json::{Value, json};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

use crate::town::{BOTH, Town, rateable};

/// Chromium behind its driver.
pub struct Browser {
    pub driver: WebDriver,
    address: SocketAddr,
    child: Child,
    watchdog: Option<Watchdog>,
}

impl Browser {
    pub async fn open() -> Self {
        needs::chinese_font().unwrap();
        let chromium = needs::program(needs::CHROMIUM).unwrap();
        let address: SocketAddr = binaries::free_address().unwrap();
        let mut command = Command::new(needs::program(needs::CHROMEDRIVER).unwrap());
        command.arg(format!("--port={}", address.port())).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().unwrap();
        let watchdog = Some(Watchdog::over(child.id(), "TERM", None).unwrap());
        let begun = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "chromedriver does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut wishes = DesiredCapabilities::chrome();
        wishes.set_binary(chromium.to_str().unwrap()).unwrap();
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--hide-scrollbars",
        ] {
            wishes.add_arg(flag).unwrap();
        }
        let driver = WebDriver::new(format!("http://{address}"), wishes).await.unwrap();
        Self { driver, address, child, watchdog }
    }

    /// A phone of this width, light or dark.
    pub async fn phone(&self, width: u32, dark: bool) {
        let screen = json!({"width": width, "height": 844, "deviceScaleFactor": 2, "mobile": true});
        self.tell("Emulation.setDeviceMetricsOverride", screen).await;
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.tell("Emulation.setEmulatedMedia", media).await;
    }

    /// A command of Chromium's own, by the driver's door for them.
    pub async fn tell(&self, command: &str, with: Value) {
        let session = self.driver.handle().session_id().to_string();
        let door = format!("http://{}/session/{session}/goog/cdp/execute", self.address);
        let body = json!({"cmd": command, "params": with});
        let answer = reqwest::Client::new().post(door).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{command}: {}", answer.text().await.unwrap());
    }

    pub async fn script(&self, text: &str) -> Value {
        self.driver.execute(text, Vec::new()).await.unwrap().json().clone()
    }

    pub async fn close(mut self) {
        self.driver.clone().quit().await.unwrap();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.watchdog.take().unwrap().call_off();
    }
}

pub fn axe() -> String {
    let python = python::with("axe", &["--no-deps", "axe-playwright-python==0.1.8"]).unwrap();
    let find = "import sysconfig, pathlib; \
                print(next(pathlib.Path(sysconfig.get_path('purelib')).rglob('axe.min.js')))";
    let answer = Command::new(python).args(["-c", find]).output().unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    std::fs::read_to_string(String::from_utf8(answer.stdout).unwrap().trim()).unwrap()
}

const RUN_AXE: &str = "const done = arguments[arguments.length - 1]; \
    axe.run(document).then(found => done(found.violations.map(v => \
    v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))));";

/// What is wrong with the page that is open on a screen of this width.
pub async fn faults(browser: &Browser, axe: &str, width: u32) -> Vec<String> {
    let mut faults = Vec::new();
    // Not innerWidth: a phone zooms out until too wide a page fits.
    let wide = browser.script("return document.documentElement.scrollWidth").await;
    if wide.as_u64() != Some(u64::from(width)) {
        faults.push(format!("{wide} px wide on a screen of {width}"));
    }
    let hosts = "return performance.getEntriesByType('resource').map(e => e.name)\
        .filter(u => !u.startsWith(location.origin) && !u.startsWith('data:'))";
    let strange = browser.script(hosts).await;
    if strange != json!([]) {
        faults.push(format!("asks {strange}"));
    }
    browser.driver.execute(axe, Vec::new()).await.unwrap();
    let found = browser.driver.execute_async(RUN_AXE, Vec::new()).await.unwrap();
    faults.extend(found.json().as_array().unwrap().iter().map(ToString::to_string));
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instruments_see_a_page_that_is_wrong() {
    let axe = axe();
    let browser = Browser::open().await;
    let page = "data:text/html,<html><meta name=viewport content='width=device-width'><title>x</title>\
        <style>@media (prefers-color-scheme: dark) { p { color: rgb(1, 2, 3) } }</style>\
        <p style='width: 700px'>wide</p><img src='http://127.0.0.1:1/other.png'></html>";
    browser.phone(320, true).await;
    browser.driver.goto(page).await.unwrap();
    let said = faults(&browser, &axe, 320).await.join("\n");
    let colour = browser.script("return getComputedStyle(document.querySelector('p')).color").await;
    browser.close().await;
    assert_eq!(colour, "rgb(1, 2, 3)", "the screen is not dark");
    for sign in ["image-alt", "html-has-lang", "on a screen of 320", "other.png"] {
        assert!(said.contains(sign), "{sign} is not in: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_face_of_the_page_is_accessible_and_fits_and_asks_no_other_host() {
    let town = Town::on(BOTH[0]);
    let axe = axe();
    let browser = Browser::open().await;
    let mut wrong = Vec::new();
    let code = format!("/c/{}", town.seal());
    let open = rateable(&town.person(), town.text("png"));
    let rating = format!("{code}/issues/{}/ratings", open[0]);
    for page in [code.as_str(), rating.as_str(), "/c/AAAA", "/", "/console"] {
        for (lang, care, dark, width) in faces() {
            let path = format!("{page}?lang={lang}&care={}", u8::from(care));
            browser.phone(width, dark).await;
            browser.driver.goto(town.url(&path)).await.unwrap();
            let mut found = faults(&browser, &axe, width).await;
            let said = browser.script("return document.documentElement.lang").await;
            if !said.as_str().unwrap_or("").starts_with(lang) {
                found.push(format!("lang={said}"));
            }
            wrong.extend(found.iter().map(|fault| format!("{path} dark={dark} width={width}: {fault}")));
        }
    }
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

pub fn faces() -> Vec<(&'static str, bool, bool, u32)> {
    let mut all = Vec::new();
    for lang in ["zh", "en"] {
        for care in [false, true] {
            for dark in [false, true] {
                all.extend([390, 320].map(|width| (lang, care, dark, width)));
            }
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_load_weighs_at_most_fifteen_kilobytes() {
    for database in BOTH {
        let town = Town::on(database);
        let client = reqwest::Client::new();
        let devices = town.url(&format!("/api/v1/scans/{}/devices", town.seal()));
        let proved = client.post(devices).json(&json!({ "pin": town.text("pin") })).send().await.unwrap();
        let device = proved.json::<Value>().await.unwrap()["token"].as_str().unwrap().to_owned();
        for (tier, token) in [("scan", None), ("owner", Some(&device))] {
            let mut asked = client.get(town.url(&format!("/c/{}", town.seal())));
            asked = asked.header("Accept-Encoding", "gzip");
            if let Some(token) = token {
                asked = asked.bearer_auth(token);
            }
            let answer = asked.send().await.unwrap();
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["content-encoding"], "gzip");
            let weight = answer.bytes().await.unwrap().len();
            println!("{database:?} {tier}: {weight} bytes");
            assert!(weight <= 15 * 1024, "{database:?} {tier}: {weight} bytes");
        }
    }
}
