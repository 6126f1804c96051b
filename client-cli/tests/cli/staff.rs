//! Stories of staff.

mod lists;

use serde_json::{Value, json};

use crate::harness::{Home, Server, problem};

fn session(access: &str, refresh: &str) -> Value {
    json!({"access_token": access, "access_expires_at": "2099-01-01T00:00:00Z", "refresh_token": refresh,
        "expires_at": "2099-01-01T00:00:00Z", "staff": me()})
}

fn me() -> Value {
    json!({"id": "s1", "username": "zhang", "name": "张三", "roles": ["intake_officer", "dispatcher"]})
}

fn issue(version: i32) -> Value {
    json!({"number": "Q20261124-0007", "version": version, "enterprise": "e1", "enterprise_name": "湖州示例有限公司",
        "subject": "用电容量不足", "body": "第一行\n第二行", "category": "power", "channel": "window",
        "level": "city", "grade": "complex", "state": "accepted", "lamp": "green", "submitted_at": "2026-11-24T16:30:00Z", "provisional": false,
        "first_promise": "2026-12-01", "promise": "2026-12-02", "next": ["assigned"], "round": 1, "supervision": "none",
        "verbs": [], "clocks": []})
}

fn enterprise() -> Value {
    json!({"id": "0192-e1", "uscc": "91330500MA2TEXT16M", "name": "湖州示例有限公司",
        "registered_at": "2026-11-24T16:30:00Z", "codes": []})
}

fn signed_in(server: &Server) -> Home {
    server.answer("POST /api/v1/staff/sessions", 201, session("A1", "R1"));
    let home = Home::new();
    let login = ["login", "--server", &server.origin, "--username", "zhang", "--password-stdin"];
    let ran = home.feed(&login, "secret\n");
    assert_eq!((ran.exit, ran.out.as_str()), (0, "张三\n"), "{}", ran.err);
    home
}

#[test]
fn without_a_session_staff_commands_say_how_to_sign_in() {
    let home = Home::new();
    for call in [&["whoami"][..], &["issue", "list"], &["logout"]] {
        let ran = home.run(call);
        assert_eq!(ran.exit, 4, "{call:?}");
    }
    assert!(home.run(&["whoami"]).err.contains("qiyema login"));
    let server = Server::start();
    let login = ["login", "--server", &server.origin, "--username", "zhang"];
    assert_eq!(home.run(&login).exit, 2, "no terminal and no --password-stdin");
    assert!(server.lines().is_empty());
}

#[test]
fn a_session_that_ran_out_is_renewed_once_and_remembered() {
    let server = Server::start();
    let home = signed_in(&server);
    server
        .answer("GET /api/v1/staff/me", 401, problem(401, "unauthenticated"))
        .answer("GET /api/v1/staff/me", 200, me())
        .answer("POST /api/v1/staff/sessions/renewal", 201, session("A2", "R2"));
    let ran = home.run(&["whoami"]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("张三 (zhang)"), "{}", ran.out);
    let asked = server.asked();
    assert_eq!(asked[2].line, "POST /api/v1/staff/sessions/renewal");
    assert_eq!(asked[2].body, json!({"refresh_token": "R1"}));
    assert_eq!(asked[3].header("authorization"), Some("Bearer A2"));
    assert_eq!(home.run(&["whoami"]).exit, 0);
    assert_eq!(server.lines().iter().filter(|l| l.ends_with("renewal")).count(), 1);
    assert_eq!(server.asked()[4].header("authorization"), Some("Bearer A2"));
}

#[test]
fn a_session_that_ended_for_good_is_not_asked_for_ever() {
    let server = Server::start();
    let home = signed_in(&server);
    server.answer("GET /api/v1/staff/me", 401, problem(401, "unauthenticated"));
    let ran = home.run(&["whoami"]);
    assert_eq!(ran.exit, 4, "{}", ran.err);
    assert_eq!(server.lines().len(), 4, "{:?}", server.lines());
}

#[test]
fn signing_out_forgets_here_even_if_the_server_fails() {
    let server = Server::start();
    let home = signed_in(&server);
    server.answer("DELETE /api/v1/staff/sessions/current", 500, json!(null));
    assert!(home.config("session.json").exists());
    assert_eq!(home.run(&["logout"]).exit, 1);
    assert!(!home.config("session.json").exists());
    assert_eq!(home.run(&["whoami"]).exit, 4);
}

#[test]
fn a_verb_sends_the_version_just_read_or_the_one_given() {
    let verbs: [(&[&str], &str, Value); 8] = [
        (&["accept"], "acceptance", json!({})),
        (
            &["assign", "--unit", "power", "--handler", "li"],
            "assignment",
            json!({"unit": "power", "handler": "li"}),
        ),
        (&["progress", "--note", "已勘查"], "progress", json!({"note": "已勘查"})),
        (
            // How many at most is the server's to say.
            &["extend", "--days", "12", "--reason", "field_work"],
            "extension",
            json!({"working_days": 12, "reason": "field_work"}),
        ),
        (
            &["report", "--result", "resolved", "--reply", "已增容"],
            "result",
            json!({"result": "resolved", "reply": "已增容"}),
        ),
        (&["close"], "closure", json!({})),
        (&["step", "sign_for"], "signature", json!({})),
        (
            &["step", "open_conference", "--set", "subject=用地", "--set", "units=[\"gdj\",\"jxj\"]"],
            "conference",
            json!({"subject": "用地", "units": ["gdj", "jxj"]}),
        ),
    ];
    for (verb, noun, mut body) in verbs {
        let server = Server::start();
        let home = signed_in(&server);
        server.answer("GET /api/v1/staff/issues/Q20261124-0007", 200, issue(3)).answer(
            &format!("POST /api/v1/staff/issues/Q20261124-0007/{noun}"),
            201,
            issue(4),
        );
        let call = [&["issue", verb[0], "Q20261124-0007"], &verb[1..]].concat();
        let ran = home.run(&call);
        assert_eq!(ran.exit, 0, "{noun}: {}", ran.err);
        assert!(ran.out.contains("Q20261124-0007  待分派") && ran.out.contains("v4"), "{}", ran.out);
        assert_eq!(home.run(&[&call[..], &["--version", "2"]].concat()).exit, 0);
        let sent: Vec<_> = server.asked().into_iter().filter(|a| a.line.contains("/issues/")).collect();
        let lines: Vec<_> = sent.iter().map(|a| a.line.split(' ').next().unwrap()).collect();
        assert_eq!(lines, ["GET", "POST", "POST"], "{noun}");
        body["version"] = json!(3);
        assert_eq!(sent[1].body, body, "{noun}");
        body["version"] = json!(2);
        assert_eq!(sent[2].body, body, "{noun}");
        assert_eq!(sent[1].header("authorization"), Some("Bearer A1"));
        assert_eq!(sent[1].header("idempotency-key"), None);
    }
}

#[test]
fn somebody_faster_is_a_conflict() {
    let server = Server::start();
    let home = signed_in(&server);
    server.answer("POST /api/v1/staff/issues/", 409, problem(409, "version_conflict"));
    assert_eq!(home.run(&["issue", "accept", "Q20261124-0007", "--version", "1"]).exit, 7);
}

#[test]
fn an_enterprise_is_registered_found_by_its_number_and_given_a_code_and_an_issue() {
    let server = Server::start();
    let home = signed_in(&server);
    server
        .answer("POST /api/v1/staff/enterprises/0192-e1/codes", 201, json!({
            "code": {"id": "GAYTEMZUGU3DOOBZ", "kid": 1, "issued_at": "2026-11-24T16:30:00Z", "status": "live"},
            "seal_text": "HTTPS://QY.EXAMPLE.CN/C/AE", "pin": "246810"}))
        .answer("POST /api/v1/staff/enterprises/0192-e1/issues", 201, issue(1))
        .answer("GET /api/v1/staff/enterprises?q=91330500MA2TEXT16M", 200, json!({"enterprises": [enterprise()]}))
        .answer("GET /api/v1/staff/enterprises?q=91330502MA2TEXT16J", 200, json!({"enterprises": []}))
        .answer("GET /api/v1/staff/codes/GAYTEMZUGU3DOOBZ/symbol.png", 200, json!("a picture"));
    let png = home.folder.path().join("code.png");
    let issued = home.run(&["code", "issue", "91330500MA2TEXT16M", "--png", png.to_str().unwrap()]);
    assert_eq!(issued.exit, 0, "{}", issued.err);
    assert!(
        issued.out.contains("246810") && issued.out.contains("HTTPS://QY.EXAMPLE.CN/C/AE"),
        "{}",
        issued.out
    );
    assert_eq!(std::fs::read_to_string(png).unwrap(), "a picture");
    assert_eq!(home.run(&["code", "issue", "91330502MA2TEXT16J"]).exit, 5);
    lists::drawn_for_paper(&server, &home);
    let unsaved = home.run(&["code", "issue", "0192-e1", "--svg", "/nowhere/x.svg"]);
    assert!(unsaved.exit != 0 && unsaved.out.contains("246810"), "the PIN is said first: {}", unsaved.out);
    let register = [
        "issue",
        "register",
        "0192-e1",
        "--subject",
        "用电容量不足",
        "--body",
        "-",
        "--category",
        "power",
        "--channel",
        "window",
        "--json",
    ];
    let ran = home.feed(&register, "第一行\n第二行\n");
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap(), issue(1));
    let last = server.asked().pop().unwrap();
    assert_eq!(last.body["body"], "第一行\n第二行");
    let more =
        ["--reference", "W-1", "--level", "city", "--contact-name", "张三", "--contact-phone", "13812348000"];
    let ran = home.feed(&[&register[..], &more].concat(), "正文");
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let sent = server.asked().pop().unwrap().body;
    assert_eq!((&sent["reference"], &sent["level"]), (&json!("W-1"), &json!("city")));
    assert_eq!(sent["contact"], json!({"name": "张三", "phone": "13812348000"}));
    assert_eq!(home.feed(&[&register[..], &["--contact-name", "张三"]].concat(), "正文").exit, 2);
}

#[test]
fn people_read_words_and_programs_identifiers() {
    let server = Server::start();
    let home = signed_in(&server);
    let mut one = issue(3);
    one["unit"] = json!("gdj");
    one["handler"] = json!("qianfeng");
    one["verbs"] = json!(["assign", "request_return"]);
    one["clocks"] = json!([{"kind": "close", "due_on": "2026-12-02", "due_at": "2026-12-02T15:59:59Z",
        "lamp": "green", "provisional": false, "working_days_left": 5}]);
    let name = |id: &str, zh: &str, en: &str| json!({"id": id, "name": {"zh": zh, "en": en}});
    let choices = json!({
        "units": [name("gdj", "市供电公司", "Power company")],
        "handlers": [{"username": "qianfeng", "name": "钱峰", "unit": "gdj"}],
        "categories": [name("power", "用电报装", "Power connection")],
        "channels": [name("window", "企业综合服务中心窗口", "Service window")],
    });
    let place = "GET /api/v1/staff/issues/Q20261124-0007";
    server.answer(place, 200, one.clone()).answer("GET /api/v1/staff/choices", 200, choices);
    let call = ["issue", "show", "Q20261124-0007"];
    let ran = home.run(&call);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    for said in [
        "待分派",
        "复杂件 · 市级",
        "用电报装 · 企业综合服务中心窗口",
        "市供电公司 钱峰 (qianfeng)",
        "办结: 2026-12-02",
        "您可以: 交办 (assign)、申请退单 (request_return)",
        "下一步: 已交办",
    ] {
        assert!(ran.out.contains(said), "{said} is not in: {}", ran.out);
    }
    for raw in ["accepted", "power", "window", "gdj", "assigned"] {
        assert!(!ran.out.contains(raw), "{raw} is in: {}", ran.out);
    }
    let english = home.run(&[&["--lang", "en"], &call[..]].concat()).out;
    for said in ["To be assigned", "Power connection · Service window", "Next: Assigned"] {
        assert!(english.contains(said), "{said} is not in: {english}");
    }
    let machine: Value = serde_json::from_str(&home.run(&[&call[..], &["--json"]].concat()).out).unwrap();
    assert_eq!((&machine["state"], &machine["verbs"]), (&json!("accepted"), &one["verbs"]));
    // A directory that cannot be read costs no issue: the ids stand there.
    server.answer("GET /api/v1/staff/choices", 503, problem(503, "busy"));
    home.run(&call);
    let without = home.run(&call);
    assert!(without.exit == 0 && without.out.contains("gdj qianfeng"), "{}", without.out);
}

#[test]
fn the_audit_trail_is_read_and_saved() {
    let server = Server::start();
    let home = signed_in(&server);
    let page = json!({"records": [{"id": "e1", "at": "2026-11-24T16:30:00Z", "by": "clock", "kind": "closed",
        "what": {"zh": "问题已办结", "en": "The issue was closed"}, "number": "Q20261124-0007",
        "detail": "{}", "seq": 9}], "next": "1.e1"});
    server.answer("GET /api/v1/staff/audit?number=Q20261124-0007&day=2026-11-25", 200, page.clone()).answer(
        "GET /api/v1/admin/events",
        200,
        json!({"events": []}),
    );
    let call = ["audit", "--number", "Q20261124-0007", "--day", "2026-11-25"];
    let ran = home.run(&call);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("问题已办结") && ran.out.contains("系统"), "{}", ran.out);
    assert!(ran.err.contains("--after 1.e1"), "{}", ran.err);
    let machine: Value = serde_json::from_str(&home.run(&[&call[..], &["--json"]].concat()).out).unwrap();
    assert_eq!(machine, page);
    assert_eq!(home.run(&["audit", "--administration"]).exit, 0);
    assert_eq!(home.run(&["audit", "--administration", "--kind", "closed"]).exit, 2);
    for (file, route) in [
        ("trail.xlsx", "GET /api/v1/staff/audit.xlsx?kind=closed"),
        ("trail.csv", "GET /api/v1/staff/audit.csv?kind=closed"),
    ] {
        server.answer(route, 200, json!("bytes"));
        let path = home.file(file, b"");
        let ran = home.run(&["audit", "--kind", "closed", "--save", path.to_str().unwrap()]);
        assert_eq!(ran.exit, 0, "{}", ran.err);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "bytes");
    }
    server.answer("GET /api/v1/admin/events.csv", 200, json!("all"));
    let ran = home.run(&["audit", "--administration", "--save", "-"]);
    assert_eq!((ran.exit, ran.out.as_str()), (0, "all"), "{}", ran.err);
}

#[test]
fn a_wrong_field_is_named() {
    let server = Server::start();
    let home = signed_in(&server);
    let mut refusal = problem(422, "invalid_input");
    refusal["errors"] = json!([{"field": "uscc", "detail": {"zh": "应为18位", "en": "18 characters"}}]);
    server.answer("POST /api/v1/staff/enterprises", 422, refusal);
    let ran = home.run(&["enterprise", "register", "--uscc", "1", "--name", "示例"]);
    assert_eq!(ran.exit, 1);
    assert!(ran.err.contains("uscc: 应为18位"), "{}", ran.err);
}

#[test]
fn any_route_is_asked_as_whoever_is_signed_in() {
    let server = Server::start();
    let home = signed_in(&server);
    server
        .answer("GET /api/v1/admin/webhooks", 200, json!({"webhooks": []}))
        .answer("PUT /api/v1/admin/settings/centre_phone", 204, json!(null))
        .answer("POST /api/v1/admin/units", 422, problem(422, "invalid_input"));
    let ran = home.run(&["api", "admin/webhooks", "--json"]);
    assert_eq!((ran.exit, ran.out.as_str()), (0, "{\"webhooks\":[]}\n"), "{}", ran.err);
    let put = ["api", "admin/settings/centre_phone", "--method", "PUT", "--set", "value=0572-2398600"];
    assert_eq!(home.run(&put).exit, 0);
    let ran = home.feed(&["api", "admin/units", "--body", "-"], "{\"id\": \"gdj\"}");
    assert_eq!(ran.exit, 1, "{}", ran.err);
    let asked = server.lines().join("\n");
    assert!(asked.contains("PUT /api/v1/admin/settings/centre_phone"), "{asked}");
    assert_eq!(home.run(&["api", "https://elsewhere.example/admin/"]).exit, 2, "nowhere else");
    assert_eq!(home.feed(&["api", "admin/units", "--body", "-"], "no JSON").exit, 2);
}
