//! The OpenAPI document against the running server, and the golden vectors,
//! both checked by programs that are not ours.

use std::process::{Command, Stdio};

use qiyema_e2e::{binaries::workspace, python};

use crate::town::{BOTH, Town};

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

#[test]
fn schemathesis_finds_no_failure_and_no_undocumented_answer() {
    let python = python::with("schemathesis", &["schemathesis==4.32.5"]).unwrap();
    let tool = python.with_file_name("schemathesis");
    for database in BOTH {
        let town = Town::on(database);
        let answer = Command::new(&tool)
            .args(["run", &town.url("/openapi.json"), "--url", &town.url("")])
            // Bounded: a seed for the same examples each time, and few of them.
            .args(["--max-examples=15", "--seed=20261124", "--generation-database=none", "--no-color"])
            .args(["--phases=examples,coverage,fuzzing", "--request-timeout=15"])
            .args(["--max-time=60", "--checks", CHECKS])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&answer.stdout);
        assert!(answer.status.success(), "{database:?}: {said}");
    }
}

#[test]
fn the_golden_vectors_hold_for_independent_verifiers() {
    let verifiers = [
        ("vectors", "tests/verify_vectors.py", &["cryptography", "pyjwt"][..]),
        ("sm2", "tests/verify_sm2.py", &["gmssl==3.2.2"]),
    ];
    for (name, script, packages) in verifiers {
        let python = python::with(name, packages).unwrap();
        let answer = Command::new(python)
            .arg(workspace().join(script))
            .current_dir(workspace())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
        assert!(answer.status.success(), "{script}: {out}\n{err}");
    }
}
