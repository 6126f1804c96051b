//! The console's door: who comes in, where to, and which forms are taken.

use reqwest::{Client, Response, redirect::Policy};

use crate::harness::Town;

/// A browser that keeps one cookie and follows nothing by itself.
pub struct Browser {
    client: Client,
    /// What it keeps.
    pub cookie: String,
    base: String,
    /// The address that a proxy says it calls from.
    pub from: Option<String>,
}

impl Browser {
    /// Signed in as this person of the demo.
    pub async fn signed_in(town: &Town, username: &str) -> Self {
        let client = crate::harness::plain().redirect(Policy::none()).build().unwrap();
        let mut browser = Self { client, cookie: String::new(), base: town.base.clone(), from: None };
        let answer = browser.sign_in(username, &town.seeded.password, "").await;
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
        browser.keep(&answer);
        browser
    }

    /// Of nobody.
    pub fn stranger(base: &str) -> Self {
        let client = crate::harness::plain().redirect(Policy::none()).build().unwrap();
        Self { client, cookie: String::new(), base: base.to_owned(), from: None }
    }

    /// Keeps the session's cookie of an answer.
    pub fn keep(&mut self, answer: &Response) {
        for set in answer.headers().get_all("set-cookie") {
            let set = set.to_str().unwrap();
            if set.starts_with("qiyema_console=") {
                set.split(';').next().unwrap().clone_into(&mut self.cookie);
            }
        }
    }

    /// Follows where an answer leads, with what it gave along.
    pub async fn follow(&self, answer: &Response) -> Response {
        let given = answer.headers().get_all("set-cookie").iter();
        let given = given.map(|set| set.to_str().unwrap().split(';').next().unwrap().to_owned());
        let cookies = std::iter::once(self.cookie.clone()).chain(given).collect::<Vec<_>>().join("; ");
        let place = answer.headers()["location"].to_str().unwrap();
        let asked = self.client.get(format!("{}{place}", self.base)).header("Cookie", cookies);
        asked.send().await.unwrap()
    }

    /// `POST` of a form that needs no token: at the door.
    pub async fn knock(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(path, fields, Some("same-origin")).await
    }

    /// `POST /console/sign-in`.
    pub async fn sign_in(&self, username: &str, password: &str, next: &str) -> Response {
        let form = [("username", username), ("password", password), ("next", next)];
        self.send("/console/sign-in", &form, Some("same-origin")).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Response {
        let mut asked = self.client.get(format!("{}{path}", self.base)).header("Cookie", &self.cookie);
        if let Some(from) = &self.from {
            asked = asked.header("X-Forwarded-For", from);
        }
        asked.send().await.unwrap()
    }

    /// The page at this path.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}: {}", answer.text().await.unwrap());
        answer.text().await.unwrap()
    }

    /// `POST` with the token of the page at `from`.
    pub async fn post(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let page = self.page(from).await;
        let token = hidden(&page, "csrf");
        let mut form = vec![("csrf", token.as_str())];
        form.extend(fields);
        self.send(path, &form, Some("same-origin")).await
    }

    /// `POST` in parts, with a file and without a token.
    pub async fn in_parts(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, Vec<u8>),
    ) -> Response {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let mut form = reqwest::multipart::Form::new().part("file", part);
        for (key, value) in fields {
            form = form.text((*key).to_owned(), (*value).to_owned());
        }
        let asked = self.client.post(format!("{}{path}", self.base)).header("Cookie", &self.cookie);
        asked.header("Sec-Fetch-Site", "same-origin").multipart(form).send().await.unwrap()
    }

    /// The same in parts, with a file.
    pub async fn post_file(
        &self,
        from: &str,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, Vec<u8>),
    ) -> Response {
        let token = hidden(&self.page(from).await, "csrf");
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let mut form = reqwest::multipart::Form::new().text("csrf", token);
        for (key, value) in fields {
            form = form.text((*key).to_owned(), (*value).to_owned());
        }
        let asked = self.client.post(format!("{}{path}", self.base)).header("Cookie", &self.cookie);
        let asked = asked.header("Sec-Fetch-Site", "same-origin").multipart(form.part("file", part));
        asked.send().await.unwrap()
    }

    /// The issues that the form of intake says are alike, as its field sends them.
    pub async fn alike(&self, enterprise: &str, category: &str, subject: &str) -> String {
        let subject = encoded(subject);
        let ask = format!("enterprise={enterprise}&category={category}&subject={subject}");
        let piece = self.page(&format!("/console/intake/advice?{ask}")).await;
        if piece.contains("name=\"seen\"") { hidden(&piece, "seen") } else { String::new() }
    }

    async fn send(&self, path: &str, form: &[(&str, &str)], site: Option<&str>) -> Response {
        let body = form.iter().map(|(k, v)| format!("{k}={}", encoded(v))).collect::<Vec<_>>().join("&");
        let mut asked = self.client.post(format!("{}{path}", self.base)).header("Cookie", &self.cookie);
        asked = asked.header("Content-Type", "application/x-www-form-urlencoded").body(body);
        if let Some(site) = site {
            asked = asked.header("Sec-Fetch-Site", site);
        }
        if let Some(from) = &self.from {
            asked = asked.header("X-Forwarded-For", from);
        }
        asked.send().await.unwrap()
    }
}

pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Where an answer leads.
pub fn place(answer: &Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_passes_without_a_session_and_signing_in_leads_back() {
    let town = Town::on("sqlite");
    let stranger = Browser {
        client: crate::harness::plain().redirect(Policy::none()).build().unwrap(),
        cookie: String::new(),
        base: town.base.clone(),
        from: None,
    };
    let turned = stranger.get("/console/issues?state=closed").await;
    assert_eq!(turned.status(), 303);
    let next = place(&turned).split_once("next=").unwrap().1.to_owned();
    assert!(place(&turned).starts_with("/console/sign-in?next="));
    let english = stranger.get("/console?lang=en").await;
    assert!(english.headers()["set-cookie"].to_str().unwrap().starts_with("qiyema_view=en;"));
    let wrong = stranger.sign_in("intake_officer", "wrong", &next).await;
    assert_eq!(wrong.status(), 401);
    let text = wrong.text().await.unwrap();
    assert!(text.contains("用户名或密码不正确") && text.contains("value=\"intake_officer\""), "{text}");
    assert_eq!(hidden(&text, "next"), next);
    let right = stranger.sign_in("intake_officer", &town.seeded.password, &next).await;
    assert_eq!((right.status().as_u16(), place(&right)), (303, "/console/issues?state=closed"));
    let again = stranger.sign_in("intake_officer", &town.seeded.password, &next).await;
    assert_ne!(
        right.headers()["set-cookie"],
        again.headers()["set-cookie"],
        "every sign-in has its own token"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_a_form_of_another_page_is_refused() {
    for database in crate::harness::BOTH {
        let town = Town::on(database);
        let browser = Browser::signed_in(&town, "intake_officer").await;
        let token = hidden(&browser.page("/console").await, "csrf");
        let out = "/console/sign-out";
        for (csrf, site) in [
            ("", Some("same-origin")),
            ("x", Some("same-origin")),
            (&token, Some("cross-site")),
            (&token, None),
        ] {
            let refused = browser.send(out, &[("csrf", csrf)], site).await;
            assert_eq!(refused.status(), 403, "{csrf} {site:?}");
        }
        let other = Browser::signed_in(&town, "intake_officer").await;
        assert_eq!(
            other.send(out, &[("csrf", &token)], Some("same-origin")).await.status(),
            403,
            "another session's token"
        );
        assert_eq!(browser.get("/console").await.status(), 200);
        assert_eq!(browser.post("/console", out, &[]).await.status(), 303);
        assert_eq!(browser.get("/console").await.status(), 303);
        assert_eq!(other.get("/console").await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_nowhere_is_a_page_in_the_readers_language() {
    let town = Town::on("sqlite");
    let browser = Browser::signed_in(&town, "auditor").await;
    let answer = browser.get("/console/nowhere?lang=en").await;
    assert_eq!(answer.status(), 404);
    assert!(answer.headers()["set-cookie"].to_str().unwrap().starts_with("qiyema_view=en;"));
    let page = answer.text().await.unwrap();
    assert!(page.contains("<html lang=\"en\">") && page.contains("Sign out"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_style_is_kept_for_ever_under_a_name_of_its_content() {
    let town = Town::on("sqlite");
    let browser = Browser::signed_in(&town, "auditor").await;
    let page = browser.page("/console").await;
    let style = page.split("href=\"").find(|rest| rest.starts_with("/console/assets/")).unwrap();
    let style = style.split('"').next().unwrap();
    let answer = browser.get(style).await;
    assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(browser.get("/console/assets/console-0000000000000000.css").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_before_the_door_is_a_page_of_the_console_in_the_readers_language() {
    let town = Town::on("sqlite");
    let browser = Browser::signed_in(&town, "auditor").await;
    for (lang, words) in [("zh", "请求内容无法读取"), ("en", "The request could not be read")] {
        for path in ["/console/audit?number=%00", "/console/issues/%00"] {
            let joint = if path.contains('?') { '&' } else { '?' };
            let answer = browser.get(&format!("{path}{joint}lang={lang}")).await;
            assert_eq!(answer.status(), 400, "{path}");
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
            let page = answer.text().await.unwrap();
            assert!(page.contains(words) && page.contains("/console/assets/"), "{path}: {page}");
        }
    }
    for (lang, words) in [("zh", "请从本页面提交"), ("en", "from this site")] {
        let answer = browser.send(&format!("/console/sign-out?lang={lang}"), &[], Some("cross-site")).await;
        assert_eq!(answer.status(), 403);
        let page = answer.text().await.unwrap();
        assert!(page.contains("<h1>") && page.contains(words), "{page}");
    }
}
