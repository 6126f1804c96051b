//! `qiyema api …`: any route as whoever is signed in, so that a program can do
//! what the console does before there is a command of its own for it.

use std::{io::Read, path::PathBuf};

use reqwest::Method;
use serde_json::Value;

use super::{Context, issue, staff};
use crate::{args::Api, exit::Failure, output};

/// The longest body that is read.
const LONGEST: u64 = 1024 * 1024;

/// Asks, and prints the answer.
pub fn run(c: &Context, wish: Api) -> Result<(), Failure> {
    let path = route(&wish.path)?;
    let body = match wish.body {
        Some(file) => Some(read(&file)?),
        None if wish.set.is_empty() => None,
        None => Some(Value::Object(issue::fields(wish.set)?)),
    };
    let method = match wish.method.as_deref() {
        Some("POST") => Method::POST,
        Some("PUT") => Method::PUT,
        Some("DELETE") => Method::DELETE,
        None if body.is_some() => Method::POST,
        _ => Method::GET,
    };
    let answer = staff::any(c, &method, path, body.as_ref())?;
    if answer.is_empty() {
        return if c.json { output::json(&Value::Null) } else { Ok(()) };
    }
    match serde_json::from_slice::<Value>(&answer) {
        Ok(json) if c.json => output::json(&json),
        Ok(json) => output::line(&output::lines(&serde_json::to_string_pretty(&json)?)),
        Err(_) => output::line(&output::lines(&String::from_utf8_lossy(&answer))),
    }
}

/// Nothing in the route may turn the request elsewhere.
fn route(given: &str) -> Result<&str, Failure> {
    let path = given.trim_start_matches('/').trim_start_matches("api/v1/");
    let (place, _) = path.split_once('?').unwrap_or((path, ""));
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '%'))
    };
    if place.split('/').all(plain) && (place.starts_with("staff/") || place.starts_with("admin/")) {
        Ok(path)
    } else {
        let hint = "路径以 staff/ 或 admin/ 开头 / a route begins with staff/ or admin/";
        Err(Failure::new(2, format!("PATH: {hint}: {given}")))
    }
}

fn read(file: &PathBuf) -> Result<Value, Failure> {
    let mut text = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().take(LONGEST).read_to_end(&mut text)?;
    } else {
        std::fs::File::open(file)?.take(LONGEST).read_to_end(&mut text)?;
    }
    serde_json::from_slice(&text).map_err(|error| Failure::new(2, format!("--body: {error}")))
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn a_route_stays_below_the_api() {
        assert_eq!(route("/api/v1/admin/units").unwrap(), "admin/units");
        assert_eq!(route("staff/issues?q=电").unwrap(), "staff/issues?q=电");
        for odd in ["", "units", "admin", "admin/../scans", "admin//x", "https://x/admin/", "admin/a#b"] {
            assert_eq!(route(odd).unwrap_err().exit, 2, "{odd}");
        }
    }
}
