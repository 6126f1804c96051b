//! `/healthz`, `/readyz`, `/version`, `/metrics`, and what every answer carries.

use crate::harness::serve;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_is_a_problem_with_headers_and_an_id() {
    let base = serve(&[], Ok(()));
    let client = crate::harness::client();
    let asked = client.get(format!("{base}/api/v1/nothing")).header("X-Request-Id", "mine-1");
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert_eq!(answer.headers()["x-request-id"], "mine-1");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(answer.headers().get("strict-transport-security").is_none(), "plain http");
    let problem: serde_json::Value = answer.json().await.unwrap();
    assert_eq!((&problem["code"], &problem["request_id"]), (&"not_found".into(), &"mine-1".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_on_a_known_address_is_told_the_right_ones() {
    let base = serve(&[], Ok(()));
    let client = crate::harness::client();
    let seal = "A".repeat(122);
    for (method, path, allow) in [
        ("DELETE", "/version".to_owned(), "GET, HEAD"),
        ("GET", "/api/v1/staff/sessions".to_owned(), "POST"),
        ("PUT", "/api/v1/staff/enterprises".to_owned(), "GET, HEAD, POST"),
        ("POST", format!("/api/v1/scans/{seal}"), "GET, HEAD"),
        ("OPTIONS", format!("/api/v1/scans/{seal}/issues/1/ratings"), "POST"),
        ("PUT", format!("/c/{seal}/device"), "GET, POST, HEAD"),
        ("TRACE", "/".to_owned(), "GET, HEAD"),
    ] {
        let ask = client.request(method.parse().unwrap(), format!("{base}{path}"));
        let answer = ask.header("Sec-Fetch-Site", "same-origin").send().await.unwrap();
        assert_eq!(answer.status(), 405, "{method} {path}");
        assert_eq!(answer.headers()["allow"], allow, "{method} {path}");
        assert!(answer.text().await.unwrap().contains("\"code\":\"method_not_allowed\""), "{method} {path}");
    }
    let nowhere = client.delete(format!("{base}/api/v1/nothing")).send().await.unwrap();
    assert_eq!(nowhere.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn head_answers_as_get_without_a_body() {
    let base = serve(&[], Ok(()));
    for path in ["/version", "/healthz", "/", "/.well-known/jwks.json"] {
        let get = crate::harness::get(format!("{base}{path}")).await.unwrap();
        let head = crate::harness::client().head(format!("{base}{path}")).send().await.unwrap();
        assert_eq!((head.status(), get.status().as_u16()), (get.status(), 200), "{path}");
        assert_eq!(head.headers()["content-type"], get.headers()["content-type"], "{path}");
        assert_eq!(head.headers().get("content-length"), get.headers().get("content-length"), "{path}");
        assert_eq!(head.text().await.unwrap(), "", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_says_no_without_saying_why() {
    let base = serve(&[], Err("postgres://u:hunter2@db is gone".into()));
    assert_eq!(crate::harness::get(format!("{base}/healthz")).await.unwrap().status(), 200);
    let answer = crate::harness::get(format!("{base}/readyz")).await.unwrap();
    assert_eq!(answer.status(), 503);
    let body = answer.text().await.unwrap();
    assert!(body.contains("\"code\":\"busy\"") && !body.contains("hunter2"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_labelled_by_pattern_and_locked_by_their_token() {
    let base = serve(&[("http.metrics_token", "t0ken")], Ok(()));
    crate::harness::get(format!("{base}/version")).await.unwrap();
    crate::harness::get(format!("{base}/c/SECRETSEAL")).await.unwrap();
    let url = format!("{base}/metrics");
    assert_eq!(crate::harness::get(&url).await.unwrap().status(), 403);
    let text =
        crate::harness::client().get(&url).bearer_auth("t0ken").send().await.unwrap().text().await.unwrap();
    assert!(text.contains("route=\"/version\"") && !text.contains("SECRETSEAL"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_only_a_trial_shows_its_figures_and_only_to_this_machine() {
    let ask = async |base: &str, header: Option<(&str, &str)>| {
        let ask = crate::harness::client().get(format!("{base}/metrics"));
        let ask = if let Some((name, value)) = header { ask.header(name, value) } else { ask };
        ask.send().await.unwrap().status().as_u16()
    };
    let trial = serve(&[], Ok(()));
    assert_eq!(ask(&trial, None).await, 200);
    for forwarded in [("X-Forwarded-For", "8.8.8.8"), ("Forwarded", "for=127.0.0.1"), ("Via", "1.1 proxy")] {
        assert_eq!(ask(&trial, Some(forwarded)).await, 403, "{forwarded:?}");
    }
    let public = serve(&[("http.public_url", "https://qy.example.cn")], Ok(()));
    assert_eq!(ask(&public, None).await, 403, "a proxy that adds no header may stand before it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_is_refused() {
    let base = serve(&[("http.public_url", "https://qy.example.cn")], Ok(()));
    let post =
        crate::harness::client().post(format!("{base}/c/x/device")).header("Origin", "https://evil.example");
    let answer = post.send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert!(answer.headers().contains_key("strict-transport-security"));
    assert!(answer.text().await.unwrap().contains("origin_refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_brings_a_cookie_to_the_api_is_a_browser_and_must_come_from_our_page() {
    let base = serve(&[], Ok(()));
    let send = async |headers: &[(&str, &str)]| {
        let mut ask = crate::harness::client().delete(format!("{base}/api/v1/staff/sessions/current"));
        for (name, value) in headers {
            ask = ask.header(*name, *value);
        }
        ask.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send(&[]).await, 401, "a program without a token");
    assert_eq!(send(&[("Cookie", "a=b"), ("Sec-Fetch-Site", "cross-site")]).await, 403);
    assert_eq!(send(&[("Cookie", "a=b"), ("Sec-Fetch-Site", "same-origin")]).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_at_a_browser_is_refused_with_a_page_in_the_language_preferred() {
    let base = serve(&[], Ok(()));
    let seal = "A".repeat(122);
    for (method, path, status) in [
        ("GET", "/nothing".to_owned(), 404),
        ("DELETE", format!("/c/{seal}"), 403),
        ("GET", format!("/c/{seal}/device"), 400),
        ("GET", "/%00".to_owned(), 400),
        ("GET", "/?page=x".to_owned(), 422),
        ("POST", format!("/c/{seal}/device"), 403),
    ] {
        let ask = crate::harness::client().request(method.parse().unwrap(), format!("{base}{path}"));
        let ask =
            ask.header("Accept", "text/html,*/*;q=0.8").header("Accept-Language", "fr, en;q=0.2, zh;q=0.9");
        let answer = ask.header("X-Request-Id", "mine-2").send().await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "{method} {path}");
        assert_eq!(answer.headers()["referrer-policy"], "same-origin");
        assert_eq!(answer.headers()["x-robots-tag"], "noindex, nofollow");
        let page = answer.text().await.unwrap();
        assert!(page.contains("lang=\"zh-CN\"") && page.contains("mine-2"), "{method} {path}: {page}");
    }
    let api = crate::harness::client().get(format!("{base}/api/v1/nothing")).header("Accept", "text/html");
    assert_eq!(api.send().await.unwrap().headers()["content-type"], "application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_that_is_not_plain_is_replaced() {
    let base = serve(&[], Ok(()));
    for hostile in ["<script>", "a b", "{}", "\u{e9}", &"x".repeat(65), ""] {
        let ask = crate::harness::client().get(format!("{base}/version"));
        let value = reqwest::header::HeaderValue::from_bytes(hostile.as_bytes()).unwrap();
        let answer = ask.header("X-Request-Id", value).send().await.unwrap();
        let id = answer.headers()["x-request-id"].to_str().unwrap();
        assert!(id.len() == 36 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-'), "{hostile:?}: {id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_or_swells_is_refused() {
    use std::io::{Read, Write};
    let base = serve(&[("http.body_seconds", "1"), ("http.body_limit", "100")], Ok(()));
    let mut line = std::net::TcpStream::connect(base.trim_start_matches("http://")).unwrap();
    line.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
    line.write_all(b"POST /api/v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nslow").unwrap();
    let mut head = [0; 12];
    line.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 408");
    let answer =
        crate::harness::client().post(format!("{base}/api/v1/x")).body("x".repeat(101)).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    assert!(answer.text().await.unwrap().contains("payload_too_large"));
}
