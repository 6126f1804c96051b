//! The staff console in a real browser: by the keyboard alone; every page accessible,
//! in both languages, on a desk and on a tablet.

use thirtyfour::Key;

use crate::{
    browser::{Browser, axe, faults},
    town::{BOTH, Town, argument},
};

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
    // Contact, telephone, e-mail, number, files; then the button.
    keys(&tab.to_string().repeat(6)).await;
    keys(&enter.to_string()).await;
    browser.says("问题已登记").await;
    browser.says("车间照明").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_category_brings_and_what_was_asked_before_appear_while_one_types() {
    let town = Town::on(BOTH[0]);
    let (axe, browser) = (axe(), Browser::open().await);
    browser.desk(1280, 800).await;
    let (name, password) = town.account("intake_officer");
    browser.sign_in(&town, name, password).await;
    let form = link(&browser, &town, "/console/intake?q=91330500MA2TEXT16M", ".hits a").await;
    browser.go(&town.url(&form)).await;
    assert!(!browser.has("button[name=look]").await, "who has scripts needs no second button");
    browser.choose("#form-category", "power").await;
    browser.says("通常的牵头单位").await;
    browser.says("市供电公司").await;
    // What it asked before, in other words; nothing was sent yet.
    let asked = browser.find("main .panel + .panel a.subject").await.text().await.unwrap();
    let known = asked.split(['(', '（', '\n']).next().unwrap().trim().to_owned();
    browser.fill("#form-subject", &format!("{known}请尽快")).await;
    browser.says("可能已经反映过").await;
    let below = browser.find("#form-subject-below").await.text().await.unwrap();
    assert!(below.contains(&known), "{known} is not in {below}");
    for (width, height) in [(1280, 800), (768, 1024), (390, 844)] {
        browser.desk(width, height).await;
        let found = faults(&browser, &axe, width).await;
        assert!(found.is_empty(), "{width}: {}", found.join("\n"));
    }
    // Another subject: nothing is alike, and what was typed is still there.
    browser.fill("#form-subject", "职工子女入学名额").await;
    let begun = std::time::Instant::now();
    while browser.body().await.contains("可能已经反映过") {
        assert!(begun.elapsed() < std::time::Duration::from_secs(15), "it stays");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    browser.fill("#form-body", "希望协调").await;
    browser.turn("form#form .actions button").await;
    browser.says("问题已登记").await;
    browser.close().await;
}

/// Who looks at which pages; a word in capitals is a link found on another page.
const PAGES: &[(&str, &[&str])] = &[
    (
        "dispatcher",
        &[
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
        &[
            "/console/intake",
            "/console/intake?q=nothing",
            "/console/enterprises/new",
            "/console/imports",
            "WRITE",
        ],
    ),
    (
        "code_issuer",
        &[
            "/console",
            "/console/enterprise-imports",
            "IMPORT",
            "/console/codes/revocations",
            "/console/codes/scans",
            "/console/codes/runs",
            "RUN",
            "/console/codes/prints",
            "ENTERPRISE",
        ],
    ),
    ("handler", &["/console", "/console/issues?mine=1", "ISSUE"]),
    (
        "administrator",
        &[
            "/console",
            "/console/admin/units",
            "UNIT",
            "/console/admin/staff",
            "/console/admin/staff/new",
            "PERSON",
            "/console/admin/categories",
            "/console/admin/channels",
            "/console/admin/calendar",
            "/console/admin/settings",
            "/console/admin/tokens",
            "/console/admin/trail",
            "/console/tags",
            "/console/tags/edit",
            "/console/webhooks",
            "WEBHOOK",
            "/console/account",
            "/console/inbox",
        ],
    ),
    (
        "auditor",
        &[
            "/console/audit",
            "/console/audit?number=none",
            "/console/audit?day=x&kind=x",
            "/console/ledger",
            "/console/figures",
            "/console/figures?from=x",
            "/console/figures?period=2026",
            "/console/figures/report?from=2025-12-01&to=2026-12-31",
            "/console/figures/closures?from=2025-12-01&to=2026-12-31&by=level&member=city",
            "/console/ratings",
            "RATING",
        ],
    ),
    ("supervisor", &["/console/webhooks", "WEBHOOK"]),
    ("", &["/console/sign-in"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_console_is_accessible_and_fits_a_desk_and_a_tablet() {
    let town = Town::on(BOTH[0]);
    let axe = axe();
    let browser = Browser::open().await;
    a_dry_run(&town);
    a_webhook(&town);
    a_run(&town);
    browser.desk(1280, 800).await;
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (role, pages) in PAGES {
        if role.is_empty() {
            browser.driver.delete_all_cookies().await.unwrap();
        } else {
            let (name, password) = town.account(role);
            browser.sign_in(&town, name, password).await;
        }
        for page in *pages {
            let path = match *page {
                "ISSUE" => link(&browser, &town, "/console/issues", "td a.subject").await,
                "WRITE" => link(&browser, &town, "/console/intake?q=91330500MA2TEXT16M", ".hits a").await,
                "ENTERPRISE" => {
                    link(&browser, &town, "/console/enterprises?q=91330500MA2TEXT16M", "td a.subject").await
                }
                "WEBHOOK" => link(&browser, &town, "/console/webhooks", "td a.subject").await,
                "IMPORT" => link(&browser, &town, "/console/enterprise-imports", "td a").await,
                "RUN" => link(&browser, &town, "/console/codes/runs", "td a").await,
                "RATING" => link(&browser, &town, "/console/ratings", "td a").await,
                "UNIT" => link(&browser, &town, "/console/admin/units", "td a").await,
                "PERSON" => link(&browser, &town, "/console/admin/staff", "td a").await,
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
    assert_eq!(seen, PAGES.iter().map(|(_, pages)| pages.len()).sum::<usize>() * 4);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Pages that only a form answers with: refused, previewed, done.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_answers_is_accessible_as_well() {
    let town = Town::on(BOTH[0]);
    let (axe, browser) = (axe(), Browser::open().await);
    let folder = tempfile::tempdir().unwrap();
    let kept = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let notice = "date,kind,status\n2027-01-01,holiday,official\n2027-01-04,holiday,official\n\
                  2027-01-10,workday,official\n";
    let notice = kept("2027.csv", notice);
    let broken = kept("broken.csv", "date,kind,status\n2027/01/01,holiday,official\n");
    let calendar = "form[action$=\"calendar/preview\"]";
    let imports = "form[action$=\"/imports\"]";
    let mut wrong = Vec::new();
    let mut seen = 0;
    for lang in ["zh", "en"] {
        // What was taken is not new the second time.
        let rows = format!(
            "渠道编号,统一社会信用代码,类别,主题,内容\n{lang}1,91330500MA2TEXT16M,power,用电增容,需增容\n\
             {lang}2,91330500MA2TEXT16M,没有这类,道路积水,雨后积水\n"
        );
        let table = kept(&format!("{lang}.csv"), &rows);
        for (role, place, form, channel, file, next) in [
            ("administrator", "/console/admin/calendar", calendar, "", &broken, ""),
            ("administrator", "/console/admin/calendar", calendar, "", &notice, ""),
            ("intake_officer", "/console/imports", imports, "", &table, ""),
            ("intake_officer", "/console/imports", imports, "hotline12345", &broken, ""),
            (
                "intake_officer",
                "/console/imports",
                imports,
                "hotline12345",
                &table,
                "form:has([name=proof]) button",
            ),
        ] {
            let (name, password) = town.account(role);
            browser.desk(1280, 800).await;
            browser.sign_in(&town, name, password).await;
            browser.go(&town.url(&format!("{place}?lang={lang}"))).await;
            // The browser must not keep what the server is to answer.
            browser.script("document.querySelectorAll('form').forEach(f => f.noValidate = true)").await;
            if !channel.is_empty() {
                browser.choose(&format!("{form} [name=channel]"), channel).await;
            }
            browser.find(&format!("{form} [name=file]")).await.send_keys(file).await.unwrap();
            browser.turn(&format!("{form} button")).await;
            let mut pages = vec![format!("{place} {channel} {file}")];
            if !next.is_empty() {
                pages.push(format!("{place} done"));
            }
            for (index, page) in pages.iter().enumerate() {
                if index > 0 {
                    browser.turn(next).await;
                }
                for (width, height) in [(1280, 800), (768, 1024)] {
                    browser.desk(width, height).await;
                    let found = faults(&browser, &axe, width).await;
                    wrong.extend(found.iter().map(|fault| format!("{page} {lang} {width}: {fault}")));
                    seen += 1;
                }
            }
        }
    }
    browser.close().await;
    assert_eq!(seen, 24);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An import to look at: a row with another name, and one that is wrong.
fn a_dry_run(town: &Town) {
    let issuer = town.staff("code_issuer");
    let table = issuer.file("table.csv");
    std::fs::write(&table, "uscc,name\n91330500MA2TEXT16M,改名\nx,y\n").unwrap();
    issuer.run(&["enterprise", "import", argument(&table), "--dry-run"]).exits(1);
}

/// A run that issued a code and was printed.
fn a_run(town: &Town) {
    let issuer = town.staff("code_issuer");
    let new = ["enterprise", "register", "--uscc", "914403001922038216", "--name", "织里童装厂"];
    issuer.run(&new).ok();
    let folder = issuer.file("print");
    let all = ["code", "issue", "--all", "--yes", "--trial", "--as", "a4-3x8", "--into", argument(&folder)];
    assert_eq!(issuer.json(&all)["issued"], 1);
}

/// A system that was sent a test and does not answer.
fn a_webhook(town: &Town) {
    let administrator = town.staff("administrator");
    let new = ["name=市级平台", "url=https://hooks.example.invalid/in"];
    let call = ["api", "admin/webhooks", "--method", "POST", "--set", new[0], "--set", new[1], "--json"];
    let made: serde_json::Value = serde_json::from_str(&administrator.run(&call).exits(0).out).unwrap();
    let tests = format!("admin/webhooks/{}/tests", made["webhook"]["id"].as_str().unwrap());
    administrator.run(&["api", &tests, "--method", "POST"]).exits(0);
}

/// Where the first link of a kind leads.
async fn link(browser: &Browser, town: &Town, page: &str, css: &str) -> String {
    browser.driver.goto(town.url(page)).await.unwrap();
    browser.find(css).await.attr("href").await.unwrap().unwrap()
}
