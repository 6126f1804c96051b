//! A city's register by command line: the server is killed in the middle and the
//! import goes on; what comes out again is what went in.

use std::{thread::sleep, time::Duration};

use serde_json::Value;

use crate::town::{BOTH, Town, argument};

/// Enough that a kill meets it in the middle.
pub const ROWS: usize = 2_500;

pub fn table() -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut text = "统一社会信用代码,企业名称\n".to_owned();
    for n in 0..ROWS {
        let stem = format!("9133{:013}", 5_000_000_000_usize + n);
        let (mut weight, mut sum) = (1, 0);
        for digit in stem.bytes() {
            sum += ALPHABET.iter().position(|one| *one == digit).unwrap() * weight;
            weight = weight * 3 % 31;
        }
        let check = char::from(ALPHABET[(31 - sum % 31) % 31]);
        text.extend([format!("{stem}{check},第{n}号有限公司\n")]);
    }
    text
}

#[test]
fn a_killed_server_goes_on_with_an_import_and_enters_each_row_once() {
    for database in BOTH {
        let mut town = Town::on(database);
        let issuer = town.staff("code_issuer");
        let file = issuer.file("城.csv");
        std::fs::write(&file, table()).unwrap();
        let dry = issuer.json(&["enterprise", "import", argument(&file), "--dry-run"]);
        assert_eq!((&dry["state"], &dry["fresh"]), (&Value::from("checked"), &Value::from(ROWS)), "{dry}");
        let killed = std::thread::scope(|scope| {
            let import = scope.spawn(|| issuer.json(&["enterprise", "import", argument(&file)]));
            let mut handled = 0;
            while handled < 200 {
                sleep(Duration::from_millis(30));
                let seen = handled_rows(&town);
                assert!(seen < u64::try_from(ROWS).unwrap(), "{database:?}: over before it could be killed");
                handled = seen;
            }
            town.fall_and_rise();
            // The client waits for the server and watches on.
            let done = import.join().unwrap();
            assert_eq!(
                (&done["state"], &done["fresh"], &done["same"]),
                (&Value::from("done"), &Value::from(ROWS), &Value::from(0)),
                "{database:?}: {done}"
            );
            handled
        });
        let out = issuer.file("out.xlsx");
        issuer.run(&["enterprise", "export", argument(&out)]).ok();
        let again = issuer.json(&["enterprise", "import", argument(&out)]);
        let rows = again["total"].as_u64().unwrap();
        assert!(rows >= u64::try_from(ROWS).unwrap(), "{database:?}: killed at {killed}");
        assert_eq!(again["same"], again["total"], "{database:?}: what came out is what went in: {again}");
    }
}

/// How far the newest import is.
fn handled_rows(town: &Town) -> u64 {
    let (name, password) = town.account("code_issuer");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::new();
        let body = serde_json::json!({ "username": name, "password": password });
        let session = client.post(town.url("/api/v1/staff/sessions")).json(&body).send().await.unwrap();
        let session: Value = session.json().await.unwrap();
        let token = session["access_token"].as_str().unwrap();
        let list =
            client.get(town.url("/api/v1/staff/enterprise-imports")).bearer_auth(token).send().await.unwrap();
        let list: Value = list.json().await.unwrap();
        let newest = &list["imports"][0];
        if newest["state"] == "importing" { newest["handled"].as_u64().unwrap() } else { 0 }
    })
}
