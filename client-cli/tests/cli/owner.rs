//! Stories of the business owner.

use serde_json::{Value, json};

use crate::harness::{Home, Server, code, png, png_of, problem, seal};

fn board() -> Value {
    let at = "2026-11-24T16:30:00Z";
    json!({
        "at": at, "today": "2026-11-25", "tier": "unverified",
        "centre": {"name": {"zh": "示例服务中心", "en": "Example Centre"}, "phone": "0572-12345"},
        "enterprise": {"name": "湖州\u{1b}示例有限公司"},
        "code": {"id": "GAYTEMZUGU3DOOBZ", "kid": 1, "issued_at": at},
        "open_count": 1, "closed_count": 1, "page": 1, "pages": 2,
        "issues": [
            {"number": "Q20261124-0007", "category": {"zh": "用电", "en": "Power"}, "step": "handling",
             "state": "in_progress", "state_text": {"zh": "办理中", "en": "being handled"},
             "submitted_at": at, "last_at": at, "lamp": "yellow",
             "responsible": {"unit": {"zh": "供电局", "en": "Power Bureau"},
                 "office": {"zh": "营业科", "en": "Sales"}, "person": "张科长", "phone": "0572-1"},
             "last_action": {"zh": "已现场勘查", "en": "surveyed"},
             "promise": {"first": "2026-11-25", "current": "2026-12-02", "due_at": at, "provisional": false,
                 "working_days_left": 1,
                 "changes": [{"from": "2026-11-25", "to": "2026-12-02", "reason": "field_work",
                     "reason_text": {"zh": "需现场勘查或检测", "en": "field work"}, "at": at}]}},
            {"number": "Q20261101-0001", "category": {"zh": "用地", "en": "Land"}, "step": "closed",
             "state": "closed", "state_text": {"zh": "已办结，请评价", "en": "closed"},
             "submitted_at": at, "last_at": at, "lamp": "off",
             "last_action": {"zh": "已办结", "en": "closed"},
             "closure": {"result": "resolved", "result_text": {"zh": "已解决", "en": "resolved"}, "at": at,
                 "rate_until": "2026-12-24", "rateable": true}}
        ]
    })
}

fn rated() -> Value {
    json!({"rating": "r1", "issue": "Q20261101-0001", "tier": "unverified", "verdict": "good",
        "at": "2026-11-24T16:30:00Z", "receipt": "aaa.bbb.ccc",
        "message": {"zh": "感谢评价", "en": "thank you"}})
}

#[test]
fn a_freshly_signed_code_is_genuine_offline_in_text_in_a_file_and_in_a_picture() {
    let home = Home::trusting("https://qy.example.cn");
    let text = code("https://qy.example.cn");
    let (file, picture) = (home.file("code.txt", text.as_bytes()), home.file("code.png", &png(&text)));
    let copied = format!("{}?lang=en", text.to_ascii_lowercase());
    for source in [text.as_str(), &copied, file.to_str().unwrap(), picture.to_str().unwrap()] {
        let ran = home.run(&["verify", source]);
        assert_eq!(ran.exit, 0, "{source}: {}", ran.err);
        assert!(ran.out.starts_with("GAYTEMZUGU3DOOBZ @ qy.example.cn"), "{}", ran.out);
    }
    let piped = home.feed(&["scan", "--offline", "--json", "-"], &text);
    let proof: Value = serde_json::from_str(&piped.out).unwrap();
    assert_eq!((&proof["valid"], &proof["kid"]), (&json!(true), &json!(1)));
}

#[test]
fn every_code_of_a_photo_is_answered_and_a_rating_wants_one() {
    let home = Home::trusting("https://qy.example.cn");
    let host = qiyema_protocol::seal::Host::from_origin("https://qy.example.cn").unwrap();
    let texts = [*b"0123456789", *b"abcdefghij"].map(|id| seal("https://qy.example.cn", id).text(&host));
    let photo = home.file("two.png", &png_of(&[&texts[0], &texts[1]]));
    let photo = photo.to_str().unwrap();
    let ran = home.run(&["verify", photo, "--json"]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let mut codes: Vec<String> = ran
        .out
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap()["code"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    assert_eq!(codes, ["GAYTEMZUGU3DOOBZ", "MFRGGZDFMZTWQ2LK"]);
    let rating = home.run(&["rate", photo, "--issue", "Q1", "--good"]);
    assert_eq!(rating.exit, 1);
    assert!(rating.err.contains("2 enterprise codes"), "{}", rating.err);
}

#[test]
fn an_altered_code_is_false_and_reaches_no_server() {
    let server = Server::start();
    let home = Home::trusting(&server.origin);
    let bytes = *seal(&server.origin, *b"0123456789").as_bytes();
    let host = qiyema_protocol::seal::Host::from_origin(&server.origin).unwrap();
    for at in [0, 1, 2, 11, 12, 43, 44, 75] {
        let mut altered = bytes;
        altered[at] ^= 1;
        let text = qiyema_protocol::seal::Seal::from_bytes(altered).text(&host);
        let ran = home.run(&["scan", &text]);
        assert_eq!(ran.exit, 6, "byte {at}: {}", ran.err);
    }
    let picture = home.file("moved.png", &png(&code("https://other.example.cn")));
    let ran = home.run(&["scan", picture.to_str().unwrap()]);
    assert_eq!(ran.exit, 6);
    assert!(ran.err.contains("qiyema keys trust https://other.example.cn"), "{}", ran.err);
    assert!(server.lines().is_empty());
}

#[test]
fn pictures_without_an_enterprise_code_say_which_kind_of_nothing_they_hold() {
    let home = Home::new();
    let other = home.file("other.png", &png("https://example.com/menu"));
    let white = image::GrayImage::from_pixel(300, 300, image::Luma([255]));
    let blank = home.folder.path().join("blank.png");
    white.save(&blank).unwrap();
    let broken = home.file("broken.jpg", &[0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 2, 3]);
    for (file, exit) in [(&other, 6), (&blank, 5), (&broken, 1)] {
        let ran = home.run(&["verify", file.to_str().unwrap()]);
        assert_eq!(ran.exit, exit, "{}: {}", file.display(), ran.err);
    }
    assert_eq!(home.run(&["verify", "no-such-file.jpg"]).exit, 1);
}

#[test]
fn a_scan_says_who_how_far_and_when() {
    let server = Server::start();
    server.answer("GET /api/v1/scans/", 200, board());
    let home = Home::trusting(&server.origin);
    let ran = home.run(&["scan", &code(&server.origin)]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    insta::assert_snapshot!(ran.out, @r"
    湖州示例有限公司
    办理中 1 · 已办结 1 · 未验证 · 2026-11-25 00:30

    Q20261124-0007 用电  ● 临期
      谁在负责: 供电局 营业科 张科长 0572-1
      办到哪一步: 办理中 (已现场勘查, 2026-11-25 00:30)
      什么时候办结: 2026年12月2日，还剩1个工作日；首次承诺 2026年11月25日
        延期 2026-11-25 → 2026-12-02: 需现场勘查或检测

    Q20261101-0001 用地  ○ 未计时
      谁在负责: 待指派
      办到哪一步: 已办结，请评价 (已办结, 2026-11-25 00:30)
      什么时候办结: 2026年11月25日 已办结: 已解决
      请评价，截止 2026年12月24日: qiyema rate PHOTO --issue Q20261101-0001 --good | --bad

    页 1/2: --page 2

    示例服务中心 0572-12345
    ");
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].line.ends_with("?page=1"), "{}", asked[0].line);
    assert_eq!((asked[0].header("authorization"), asked[0].header("idempotency-key")), (None, None));
    let english = home.run(&["scan", &code(&server.origin), "--lang", "en"]).out;
    assert!(english.contains("Who: Power Bureau Sales 张科长 0572-1"), "{english}");
    let document: Value =
        serde_json::from_str(&home.run(&["scan", &code(&server.origin), "--json"]).out).unwrap();
    assert_eq!(document["issues"][0]["number"], "Q20261124-0007");
}

#[test]
fn what_is_not_accepted_says_whose_turn_it_is_until_when_and_why() {
    let said = |state: &str, more: Value| {
        let (server, mut board) = (Server::start(), board());
        let card = &mut board["issues"][1];
        for gone in ["closure", "promise"] {
            card.as_object_mut().unwrap().remove(gone);
        }
        card["state"] = json!(state);
        card.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.answer("GET /api/v1/scans/", 200, board);
        Home::trusting(&server.origin).run(&["scan", &code(&server.origin)]).out
    };
    let owner = |of: &str, text: &str| json!({ "subject": "用地", "body": "指标", "history": [], of: text });
    let out = said("need_info", json!({ "step_until": "2026-12-02", "owner": owner("asked", "请补充合同") }));
    for text in ["谁在负责: 等待企业补充材料", "请补充材料，不晚于 2026年12月2日", "请补充: 请补充合同"]
    {
        assert!(out.contains(text), "{text}: {out}");
    }
    let out = said("rejected", json!({ "owner": owner("refused", "属法院管辖") }));
    for text in ["谁在负责: 示例服务中心", "什么时候办结: 不再办理", "不予受理的理由: 属法院管辖"]
    {
        assert!(out.contains(text), "{text}: {out}");
    }
    let out = said("submitted", json!({ "step_until": "2026-11-24" }));
    assert!(out.contains("尚未答复是否受理，本应不晚于 2026年11月24日"), "{out}");
}

#[test]
fn of_several_photos_each_is_answered_and_the_first_failure_decides() {
    let server = Server::start();
    server.answer("GET /api/v1/scans/", 200, board());
    let home = Home::trusting(&server.origin);
    let good = home.file("good.png", &png(&code(&server.origin)));
    let other = home.file("other.png", &png("https://example.com/menu"));
    let (good, other) = (good.to_str().unwrap(), other.to_str().unwrap());
    let ran = home.run(&["scan", good, other, good, "--json"]);
    assert_eq!(ran.exit, 6);
    let lines: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["board"]["open_count"], 1);
    assert_eq!((&lines[1]["source"], &lines[1]["exit"]), (&json!(other), &json!(6)));
    assert!(ran.err.contains("1 / 3"), "{}", ran.err);
}

#[test]
fn the_servers_refusals_become_exit_codes() {
    let cases = [
        (410, "code_revoked", 6),
        (404, "code_unknown", 6),
        (401, "device_unknown", 4),
        (404, "issue_unknown", 5),
        (409, "already_rated", 7),
        (429, "rate_limited", 1),
    ];
    for (status, problem_code, exit) in cases {
        let server = Server::start();
        server.answer("GET /api/v1/scans/", status, problem(status, problem_code));
        let ran = Home::trusting(&server.origin).run(&["scan", &code(&server.origin)]);
        assert_eq!(ran.exit, exit, "{problem_code}: {}", ran.err);
        assert!(ran.err.contains(problem_code), "{}", ran.err);
    }
    // Port 9 (discard) of this machine: nobody listens there.
    let home = Home::trusting("http://127.0.0.1:9");
    let ran = home.run(&["scan", &code("http://127.0.0.1:9")]);
    assert_eq!(ran.exit, 8, "{}", ran.err);
    assert!(!ran.err.contains("/scans/"), "the seal is not for the log: {}", ran.err);
}

#[test]
fn a_redirect_is_not_followed() {
    let server = Server::start();
    let elsewhere = Server::start();
    elsewhere.answer("GET /", 200, board());
    server.answer("GET /api/v1/scans/", 302, json!(elsewhere.origin));
    assert_eq!(Home::trusting(&server.origin).run(&["scan", &code(&server.origin)]).exit, 1);
    assert!(elsewhere.lines().is_empty());
}

#[test]
fn a_rating_sent_again_says_the_same_and_an_unverified_one_is_called_so() {
    let server = Server::start();
    server.answer("POST /api/v1/scans/", 201, rated());
    let home = Home::trusting(&server.origin);
    let text = code(&server.origin);
    let call = ["rate", &text, "--issue", "Q20261101-0001", "--good", "--comment", "快"];
    let ran = home.run(&call);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(ran.out, "aaa.bbb.ccc\n");
    assert!(ran.err.contains("未验证") && ran.err.contains("感谢评价"), "{}", ran.err);
    home.run(&call);
    home.run(&["rate", &text, "--issue", "Q20261101-0001", "--bad", "--comment", "快"]);
    let asked = server.asked();
    let keys: Vec<_> = asked.iter().map(|a| a.header("idempotency-key").unwrap()).collect();
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[0], keys[2]);
    assert!(asked[0].line.ends_with("/issues/Q20261101-0001/ratings"), "{}", asked[0].line);
    assert_eq!(asked[0].body, json!({"verdict": "good", "comment": "快"}));
}

#[test]
fn a_receipt_that_cannot_be_saved_is_not_lost() {
    let server = Server::start();
    server.answer("POST /api/v1/scans/", 201, rated());
    let home = Home::trusting(&server.origin);
    let text = code(&server.origin);
    let call = ["rate", &text, "--issue", "Q20261101-0001", "--good", "--receipt"];
    let lost = home.run(&[&call[..], &["/nowhere/r.jws"]].concat());
    assert_eq!(lost.exit, 1);
    assert!(lost.err.contains("aaa.bbb.ccc"), "{}", lost.err);
    let path = home.folder.path().join("r.jws");
    assert_eq!(home.run(&[&call[..], &[path.to_str().unwrap()]].concat()).exit, 0);
    assert_eq!(std::fs::read_to_string(path).unwrap(), "aaa.bbb.ccc");
}

#[test]
fn a_device_is_remembered_used_and_taken_back() {
    let server = Server::start();
    server
        .answer("POST /api/v1/scans/", 201, json!({"token": "T", "expires_at": "2099-01-01T00:00:00Z"}))
        .answer("GET /api/v1/scans/", 200, board())
        .answer("DELETE /api/v1/scans/", 204, json!(null));
    let home = Home::trusting(&server.origin);
    let text = code(&server.origin);
    assert_eq!(home.run(&["scan", &text, "--owner"]).exit, 4);
    assert_eq!(home.run(&["pin", "enter", &text]).exit, 2, "no terminal and no --pin-stdin");
    assert!(server.lines().is_empty());
    assert_eq!(home.feed(&["pin", "enter", &text, "--pin-stdin"], "123456\n").exit, 0);
    assert_eq!(server.asked()[0].body, json!({"pin": "123456"}));
    assert_eq!(home.run(&["scan", &text, "--owner"]).exit, 0);
    assert_eq!(server.asked()[1].header("authorization"), Some("Bearer T"));
    assert_eq!(home.run(&["pin", "forget"]).exit, 0);
    let last = server.asked().pop().unwrap();
    assert!(last.line.starts_with("DELETE") && last.line.ends_with("/devices/current"), "{}", last.line);
    assert_eq!(last.header("authorization"), Some("Bearer T"));
    assert_eq!(home.run(&["scan", &text, "--owner"]).exit, 4);
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_private_to_the_user() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::trusting("https://qy.example.cn");
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(home.config("")), mode(home.config("keys.json"))), (0o700, 0o600));
}
