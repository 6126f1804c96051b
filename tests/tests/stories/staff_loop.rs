//! The loop of the staff by command line: from an enterprise that nobody knew
//! to a closed issue that its owner rates with the PIN.

use serde_json::Value;

use crate::town::{BOTH, Town, argument};

// Not among the enterprises of the demo.
const USCC: &str = "91330523MA2TEXTW7Y";

#[test]
fn from_registration_to_the_owners_rating() {
    for database in BOTH {
        let town = Town::on(database);
        let issuer = town.staff("code_issuer");
        let enterprise =
            issuer.json(&["enterprise", "register", "--uscc", USCC, "--name", "安吉测试竹业有限公司"]);
        assert_eq!(enterprise["uscc"], USCC, "{database:?}");
        issuer.run(&["enterprise", "register", "--uscc", USCC, "--name", "又一家"]).exits(7);
        let png = issuer.file("code.png");
        let code = issuer.json(&["code", "issue", USCC, "--png", argument(&png)]);

        let intake = town.staff("intake_officer");
        let choices = intake.json(&["choices"]);
        let (category, channel) =
            (text(&choices["categories"][0]["id"]), text(&choices["channels"][0]["id"]));
        let (subject, body) = ("厂区用电容量不足", "旺季经常跳闸,申请增容。");
        let issue = intake.json(&[
            "issue",
            "register",
            USCC,
            "--subject",
            subject,
            "--body",
            body,
            "--category",
            category,
            "--channel",
            channel,
        ]);
        let number = text(&issue["number"]);
        intake.run(&["issue", "accept", number]).ok();

        let handler = town.staff("handler");
        let me = handler.json(&["whoami"]);
        let username = text(&me["username"]);
        let listed = choices["handlers"].as_array().unwrap().iter().find(|one| one["username"] == username);
        let unit = text(&listed.expect("the handler can be chosen")["unit"]);
        let dispatcher = town.staff("dispatcher");
        dispatcher.run(&["issue", "assign", number, "--unit", unit, "--handler", username]).ok();
        handler.run(&["issue", "progress", number, "--note", "已到现场勘查。"]).ok();
        let extended = dispatcher.run(&["issue", "extend", number, "--days", "3", "--reason", "field_work"]);
        let reported = ["issue", "report", number, "--result", "resolved", "--reply", "已增容至400千伏安。"];
        handler.run(&reported).ok();
        handler.run(&["issue", "close", number]).exits(4);
        let closed = town.staff("closure_reviewer").json(&["issue", "close", number]);
        assert_eq!(closed["state"], "closed", "{database:?}");

        let owner = town.person();
        let board = owner.json(&["scan", argument(&png)]);
        assert_eq!(board["issues"][0]["number"], number);
        assert_eq!(board["issues"][0]["step"], "closed");
        // Asked one working day before the promise at the latest: an issue due at once takes no extension.
        let changes = board["issues"][0]["promise"]["changes"].as_array().map_or(0, Vec::len);
        assert_eq!(changes == 1, extended.exit == Some(0), "{}: {extended:?}", board["issues"][0]);
        owner.feed(&["pin", "enter", argument(&png), "--pin-stdin"], text(&code["pin"]).as_bytes()).ok();
        let rated = owner.json(&["rate", argument(&png), "--issue", number, "--good", "--solved", "yes"]);
        assert_eq!((&rated["tier"], &rated["verdict"]), (&"owner".into(), &"good".into()));
    }
}

#[test]
fn a_reviewer_reads_the_figures_and_a_handler_does_not() {
    let town = Town::on(BOTH[0]);
    let reviewer = town.staff("performance_reviewer");
    let asked = ["figures", "--from", "2025-12-01", "--to", "2026-12-31", "--by", "category"];
    let figures = reviewer.json(&asked);
    assert!(figures["all"]["closed"].as_u64().unwrap() > 20, "{figures}");
    let shown = reviewer.run(&asked).ok().out;
    assert!(shown.contains("2025-12-01") && shown.contains("总体") && shown.contains("好评率"), "{shown}");
    town.staff("handler").run(&asked).exits(4);
    reviewer.run(&["figures", "--from", "2026-02-30"]).exits(2);
}

#[test]
fn a_reissued_code_replaces_the_older_and_a_revoked_one_opens_nothing() {
    for database in BOTH {
        let town = Town::on(database);
        let issuer = town.staff("code_issuer");
        issuer.run(&["enterprise", "register", "--uscc", USCC, "--name", "安吉测试竹业有限公司"]).ok();
        let first = issuer.json(&["code", "issue", USCC]);
        let second = issuer.json(&["code", "issue", USCC]);
        assert_eq!(second["replaces"], first["code"]["id"], "{database:?}");
        issuer.run(&["scan", text(&first["seal_text"])]).exits(6);
        issuer.run(&["scan", text(&second["seal_text"])]).ok();
        issuer.run(&["code", "revoke", text(&second["code"]["id"]), "--reason", "标牌遗失"]).ok();
        issuer.run(&["scan", text(&second["seal_text"])]).exits(6);
    }
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}
