//! What staff do: sign in and out, and ask the staff routes.

use std::io::IsTerminal as _;

use chrono::Utc;
use qiyema_protocol::staff::{Session, SignIn};
use reqwest::Method;
use serde_json::{Value, json};

use super::Context;
use crate::{
    credentials::{self, SignedIn},
    exit::Failure,
    output,
};

const FILE: &str = "session.json";

/// Reads a secret, never from an argument.
pub fn secret(stdin: bool, flag: &str, prompt: &str) -> Result<String, Failure> {
    if stdin {
        let mut text = String::new();
        std::io::stdin().read_line(&mut text)?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(2, format!("不是终端 / not a terminal: add {flag}")));
    }
    Ok(rpassword::prompt_password(prompt)?)
}

/// Signs in.
pub fn login(c: &Context, server: &str, username: String, stdin: bool) -> Result<(), Failure> {
    let server = server.trim_end_matches('/').to_owned();
    let password = secret(stdin, "--password-stdin", c.lang.of("密码: ", "Password: "))?;
    let body = serde_json::to_value(SignIn { username, password })?;
    let session: Session =
        c.api.json(Method::POST, &format!("{server}/api/v1/staff/sessions"), None, Some(&body))?;
    output::people(&session.staff.name);
    credentials::write(FILE, &SignedIn { server, session }).map(drop)
}

/// Server and access token; renewed where it is about to run out.
fn access(c: &Context) -> Result<(String, String), Failure> {
    if let (Ok(server), Ok(token)) = (std::env::var("QIYEMA_SERVER"), std::env::var("QIYEMA_TOKEN")) {
        return Ok((server.trim_end_matches('/').to_owned(), token));
    }
    let mut signed: SignedIn =
        credentials::read(FILE)?.ok_or_else(|| Failure::new(4, "未登录 / not signed in: qiyema login"))?;
    if signed.session.access_expires_at <= Utc::now() + chrono::Duration::seconds(30) {
        let body = json!({"refresh_token": signed.session.refresh_token});
        let url = format!("{}/api/v1/staff/sessions/renewal", signed.server);
        signed.session = c.api.json(Method::POST, &url, None, Some(&body))?;
        credentials::write(FILE, &signed)?;
    }
    Ok((signed.server, signed.session.access_token))
}

/// Signs out.
pub fn logout(c: &Context) -> Result<(), Failure> {
    let (server, token) = access(c)?;
    let url = format!("{server}/api/v1/staff/sessions/current");
    let answer = c.api.bytes(Method::DELETE, &url, Some(&token), None);
    credentials::remove(FILE)?;
    answer.map(drop)
}

/// Asks a staff route and prints the answer.
pub fn show(c: &Context, path: &str) -> Result<(), Failure> {
    ask(c, Method::GET, path, None).and_then(|value| print(c, &value))
}

/// Asks a staff route.
pub fn ask(c: &Context, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
    let (server, token) = access(c)?;
    c.api.json(method, &format!("{server}/api/v1/staff/{path}"), Some(&token), body)
}

/// Prints an answer: compact for programs, indented for people.
pub fn print(c: &Context, value: &Value) -> Result<(), Failure> {
    if c.json { output::json(value) } else { output::line(&serde_json::to_string_pretty(value)?) }
}
