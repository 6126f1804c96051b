//! Stories of staff.

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
    drawn_for_paper(&server, &home);
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
fn lists_are_tables_for_people_and_documents_for_programs() {
    let server = Server::start();
    let home = signed_in(&server);
    let page = json!({"issues": [issue(1)], "next": "n1"});
    server.answer("GET /api/v1/staff/issues?state=accepted&q=", 200, page.clone());
    let call = ["issue", "list", "--state", "accepted", "--query", "用电"];
    let ran = home.run(&call);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("Q20261124-0007") && ran.out.contains("2026-12-02"), "{}", ran.out);
    assert!(ran.err.contains("--after n1"), "{}", ran.err);
    let json = home.run(&[&call[..], &["--json"]].concat()).out;
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), page);
    assert_eq!(home.run(&["issue", "list", "--state", "asleep"]).exit, 2);
    assert_eq!(home.run(&["issue", "list", "--lamp", "blue"]).exit, 2);
    let whole = "open=all&mine=1&assisting=1&waiting=1&lamp=overdue&unit=gdj&handler=li&category=power&channel=window\
        &grade=complex&level=city&enterprise=0192-e1&sort=newest&after=n1";
    server.answer(&format!("GET /api/v1/staff/issues?{whole}"), 200, page);
    let filter = [
        "--all",
        "--mine",
        "--assisting",
        "--waiting",
        "--lamp",
        "overdue",
        "--unit",
        "gdj",
        "--handler",
        "li",
        "--category",
        "power",
        "--channel",
        "window",
        "--grade",
        "complex",
        "--level",
        "city",
        "--enterprise",
        "0192-e1",
        "--newest",
    ];
    let ran = home.run(&[&["issue", "list"], &filter[..], &["--after", "n1"]].concat());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let file = home.folder.path().join("all.xlsx");
    server.answer("GET /api/v1/staff/issues.xlsx?open=all&mine=1", 200, json!("bytes"));
    let export = [&["issue", "export", file.to_str().unwrap()], &filter[..]].concat();
    assert_eq!(home.run(&export).exit, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "bytes");
    server.answer("GET /api/v1/staff/issues.csv", 200, json!("lines"));
    assert_eq!(home.run(&["issue", "export", "-"]).out, "lines");
}

#[test]
fn the_desk_says_how_much_waits() {
    let server = Server::start();
    let home = signed_in(&server);
    let desk = json!({"most": 100, "lists": [
        {"query": "waiting=1", "name": {"zh": "待裁定", "en": "To rule"}, "count": 3, "own": true},
        {"query": "", "name": {"zh": "在办", "en": "In hand"}, "count": 100, "own": false}]});
    server.answer("GET /api/v1/staff/desk", 200, desk.clone());
    let ran = home.run(&["issue", "desk"]);
    assert!(
        ran.exit == 0 && ran.out.contains("待裁定") && ran.out.contains("100+"),
        "{} {}",
        ran.out,
        ran.err
    );
    let json = home.run(&["issue", "desk", "--json"]).out;
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), desk);
}

#[test]
fn several_are_assigned_at_the_versions_they_have_and_a_refusal_is_told() {
    let server = Server::start();
    let home = signed_in(&server);
    let mut other = issue(5);
    other["number"] = json!("Q20261124-0008");
    let mut refused = problem(409, "version_conflict");
    refused["errors"] = json!([]);
    let answer = json!({"done": 1, "refused": 1, "results": [
        {"number": "Q20261124-0007", "version": 4}, {"number": "Q20261124-0008", "problem": refused}]});
    server
        .answer("GET /api/v1/staff/issues/Q20261124-0007", 200, issue(3))
        .answer("GET /api/v1/staff/issues/Q20261124-0008", 200, other)
        .answer("POST /api/v1/staff/issues/assignments", 201, answer.clone())
        .answer("POST /api/v1/staff/issues/reminders", 201, json!({"done": 2, "refused": 0, "results": []}));
    let two = ["Q20261124-0007", "Q20261124-0008"];
    let ran = home.run(&[&["issue", "assign-many"], &two[..], &["--unit", "gdj"]].concat());
    assert_eq!(ran.exit, 1, "{}", ran.err);
    assert!(ran.out.contains("Q20261124-0008") && ran.out.contains("说明"), "{}", ran.out);
    let sent = server.asked().pop().unwrap().body;
    let seen = json!([{"number": two[0], "version": 3}, {"number": two[1], "version": 5}]);
    assert_eq!(sent, json!({"issues": seen, "unit": "gdj"}));
    let ran = home.run(&[&["issue", "remind-many"], &two[..], &["--note", "请今日答复"]].concat());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(server.asked().pop().unwrap().body, json!({"issues": seen, "note": "请今日答复"}));
}

#[test]
fn files_are_attached_one_by_one_listed_and_saved() {
    let server = Server::start();
    let home = signed_in(&server);
    let file = |name: &str| {
        json!({"id": "0192-f1", "name": name, "media_type": "image/jpeg", "size": 3,
        "for_owner": true, "by_owner": false, "at": "2026-11-24T16:30:00Z"})
    };
    let place = "/api/v1/staff/issues/Q20261124-0007/attachments";
    server
        .answer(&format!("POST {place}?for_owner=true"), 201, json!({"attachments": [file("现场.jpg")]}))
        .answer(&format!("POST {place}?for_owner=true"), 422, problem(422, "attachment_refused"))
        .answer(&format!("GET {place}"), 200, json!({"attachments": [file("../现场.jpg")]}))
        .answer(&format!("GET {place}/0192-f1"), 200, json!("a picture"));
    let (good, bad) = (home.file("现场.jpg", b"jpg"), home.file("bad.jpg", b"x"));
    let call = [
        "issue",
        "attach",
        "Q20261124-0007",
        good.to_str().unwrap(),
        bad.to_str().unwrap(),
        "/nowhere.jpg",
        "--for-owner",
    ];
    let ran = home.run(&call);
    assert_eq!(ran.exit, 1, "{}", ran.err);
    assert!(ran.out.contains("现场.jpg") && ran.out.contains("0192-f1"), "{}", ran.out);
    for said in ["bad.jpg: ", "/nowhere.jpg: ", "2 files not attached"] {
        assert!(ran.err.contains(said), "{said} is not in: {}", ran.err);
    }
    assert!(home.run(&["issue", "files", "Q20261124-0007"]).out.contains("image/jpeg"));
    let folder = home.folder.path().join("saved");
    let ran = home.run(&["issue", "files", "Q20261124-0007", "--save", folder.to_str().unwrap()]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let saved: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(saved, ["_现场.jpg"]);
}

#[test]
fn ratings_are_exchanged_as_one_document_by_people_and_by_systems() {
    let server = Server::start();
    let home = signed_in(&server);
    let one = |id: &str| {
        json!({"id": id, "issue": "Q1", "unit": "gdj", "category": "power", "at": "2026-11-24T16:30:00Z",
        "tier": "owner", "verdict": "good", "satisfaction": 1, "tags": [], "excluded": false})
    };
    let page = |ids: &[&str], next: Value| {
        let ratings: Vec<Value> = ids.iter().map(|id| one(id)).collect();
        json!({"coding": "gbt39046", "meaning": [], "ratings": ratings, "next": next})
    };
    let asked = "ratings/exchange?period=2026-10&coding=gbt39046";
    server
        .answer(&format!("GET /api/v1/staff/{asked}"), 200, page(&["r1", "r2"], json!("r2")))
        .answer(&format!("GET /api/v1/staff/{asked}&after=r2"), 200, page(&["r3"], json!(null)))
        .answer(&format!("GET /api/v1/{asked}"), 200, page(&["r4"], json!(null)));
    let call = ["rating", "exchange", "--coding", "gbt39046", "--period", "2026-10"];
    let ran = home.run(&call);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let kept: Value = serde_json::from_str(&ran.out).unwrap();
    let ids: Vec<&str> =
        kept["ratings"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!((ids, &kept["coding"]), (vec!["r1", "r2", "r3"], &json!("gbt39046")));
    let file = home.folder.path().join("ratings.json");
    let save = [&call[..], &["--save", file.to_str().unwrap()]].concat();
    assert_eq!(home.run(&save).exit, 0);
    assert_eq!(serde_json::from_slice::<Value>(&std::fs::read(&file).unwrap()).unwrap(), kept);
    assert_eq!(home.run(&["rating", "exchange", "--period", "2026-10"]).exit, 2, "which coding is said");
    let system = home.with(&[("QIYEMA_SERVER", &server.origin), ("QIYEMA_TOKEN", "qyt_x")], &call);
    assert!(system.exit == 0 && system.out.contains("r4"), "{} {}", system.out, system.err);
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

#[test]
fn what_was_saved_of_a_run_is_counted_and_missing_codes_are_no_success() {
    let server = Server::start();
    let home = signed_in(&server);
    let run = json!({"id": "0199e1a2-0000-7000-8000-00000000000a", "at": "2026-11-24T16:30:00Z", "by": "zhang",
        "wish": {}, "state": "done", "total": 3, "issued": 3, "parts": 1, "moved_at": "2026-11-24T16:30:00Z"});
    let id = run["id"].as_str().unwrap().to_owned();
    server.answer("GET /api/v1/staff/code-runs/", 200, run);
    let mut part = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    part.start_file("manifest.csv", zip::write::SimpleFileOptions::default()).unwrap();
    let table = "\u{feff}enterprise,uscc,code,file,sheet,place,sha256,issued_at,status,lacking\n\
        湖州示例,91330500MA2TEXT16M,A,f.pdf,1,1,00,t,live,\n\
        上海𬭎昌,91330502MA2TEXT16J,B,f.pdf,1,2,00,t,live,𬭎\n\
        长,91330503MA2TEXT161,C,,,,,t,name_too_long,\n";
    std::io::Write::write_all(&mut part, table.as_bytes()).unwrap();
    let part = part.finish().unwrap().into_inner();
    // It was fetched before: it is counted all the same.
    let saved = home.file("0000000a-a4-3x8-001.zip", &part);
    let folder = saved.parent().unwrap().to_str().unwrap();
    let download = ["code", "run", "download", &id, folder, "--as", "a4-3x8"];
    let ran = home.run(&download);
    assert_eq!(ran.exit, 9, "{}", ran.err);
    assert!(ran.out.contains("1个文件，2个码") && ran.out.contains("未印1个：名称过长"), "{}", ran.out);
    assert!(ran.err.contains("上海𬭎昌") && ran.err.contains("〓"), "{}", ran.err);
    let ran = home.run(&[&download[..], &["--json"]].concat());
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.exit, &said["codes"]), (9, &json!({"live": 2, "name_too_long": 1})), "{said}");
    assert_eq!(said["lacking"][0]["characters"], "𬭎");
    // Shifted paper is another file: it is asked for, and here it is not there.
    let ran = home.run(&[&download[..], &["--shift-x", "1.5"]].concat());
    assert_eq!(ran.exit, 5, "{}", ran.err);
    assert!(server.lines().iter().any(|line| line.ends_with("/prints")), "{:?}", server.lines());
}

fn drawn_for_paper(server: &Server, home: &Home) {
    let size = "/api/v1/staff/codes/GAYTEMZUGU3DOOBZ/symbol.svg?mm=30&dpi=600";
    server.answer(&format!("GET {size}"), 200, json!("for paper"));
    let file = home.folder.path().join("paper.svg");
    let draw =
        ["code", "draw", "GAYTEMZUGU3DOOBZ", "--svg", file.to_str().unwrap(), "--mm", "30", "--dpi", "600"];
    let drawn = home.run(&[&draw[..], &["--json"]].concat());
    assert_eq!(drawn.exit, 0, "{}", drawn.err);
    let said: serde_json::Value = serde_json::from_str(&drawn.out).unwrap();
    assert_eq!(said["saved"], json!([file.to_str().unwrap()]));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "for paper");
    assert_eq!(home.run(&["code", "draw", "GAYTEMZUGU3DOOBZ"]).exit, 2, "drawn into no file");
    assert_eq!(home.run(&["code", "draw", "A", "--png", "x", "--dpi", "600"]).exit, 2, "dots of no width");
}
