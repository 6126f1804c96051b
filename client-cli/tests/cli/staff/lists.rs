//! Lists, files and what is saved from them.

use super::*;

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
        {"query": "waiting=1", "name": {"zh": "待审定", "en": "To rule"}, "count": 3, "own": true},
        {"query": "", "name": {"zh": "在办", "en": "In hand"}, "count": 100, "own": false}]});
    server.answer("GET /api/v1/staff/desk", 200, desk.clone());
    let ran = home.run(&["issue", "desk"]);
    assert!(
        ran.exit == 0 && ran.out.contains("待审定") && ran.out.contains("100+"),
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

pub(super) fn drawn_for_paper(server: &Server, home: &Home) {
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
