//! The staff session: sign in and out, renew, and ask the staff routes.

use qiyema_protocol::staff::{Choices, FactorBegun, FactorEnrolled, Me, Renew, Session, SignIn};
use qrcode::{QrCode, render::unicode::Dense1x2};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

use super::{Context, download::Asked};
use crate::{
    clock,
    credentials::{self, SignedIn},
    exit::Failure,
    keys, output,
};

const FILE: &str = "session.json";

/// Signs in; the code of an authenticator app is asked for where the server wants one.
pub fn login(
    c: &Context,
    server: &str,
    username: String,
    stdin: bool,
    totp: Option<String>,
) -> Result<(), Failure> {
    let server = keys::origin(server, c.insecure)?.origin();
    let password = super::secret(stdin, "--password-stdin", c.lang.of("密码：", "Password: "))?;
    let url = format!("{server}/api/v1/staff/sessions");
    let mut ask = SignIn { username, password, totp };
    let session: Session = loop {
        match c.api.json(Method::POST, &url, None, Some(&serde_json::to_value(&ask)?)) {
            Err(failure) if failure.code.as_deref() == Some("enrolment_required") && a_terminal() => {
                break enrol(c, &server, ask)?;
            }
            Err(failure) if ask.totp.is_none() && lacks_code(&failure) => {
                let prompt = c.lang.of("动态码（或恢复码）：", "Authenticator code (or recovery code): ");
                ask.totp = Some(super::secret(false, "--totp CODE", prompt)?);
            }
            other => break other?,
        }
    };
    let me = session.staff.clone();
    credentials::write(FILE, &SignedIn { server, session })?;
    if c.json { output::json(&me) } else { output::line(&output::clean(&me.name)) }
}

/// Sets an authenticator app up where a role needs one, and signs in by its first code.
fn enrol(c: &Context, server: &str, mut ask: SignIn) -> Result<Session, Failure> {
    let factors = format!("{server}/api/v1/staff/second-factors");
    let begun: FactorBegun = c.api.json(Method::POST, &factors, None, Some(&serde_json::to_value(&ask)?))?;
    let symbol = QrCode::new(begun.uri.as_bytes()).map_err(Failure::failed)?;
    let drawn = symbol.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    output::people(c.lang.of(
        "您的角色需要两步验证。请用身份验证器应用扫描，或手动输入密钥：",
        "Your role needs a second factor. Scan this with an authenticator app, or type the key:",
    ));
    output::people(&drawn);
    output::people(&output::clean(&begun.key));
    let prompt = c.lang.of("应用上显示的6位动态码：", "The six digits that the app shows: ");
    let enrolled: FactorEnrolled = loop {
        ask.totp = Some(super::secret(false, "--totp CODE", prompt)?);
        let url = format!("{factors}/proof");
        match c.api.json(Method::POST, &url, None, Some(&serde_json::to_value(&ask)?)) {
            Err(failure) if failure.code.as_deref() == Some("second_factor_wrong") => {
                output::people(c.lang.of("动态码不正确，请再试。", "That code is wrong; try again."));
            }
            other => break other?,
        }
    };
    output::people(c.lang.of(
        "手机丢失时，每个备用码可登录一次。请抄下保管，只显示这一次：",
        "If you lose your phone, each of these signs you in once. Write them down; they are shown only now:",
    ));
    for code in &enrolled.recovery_codes {
        output::people(&output::clean(code));
    }
    Ok(enrolled.session)
}

fn a_terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stdin())
}

fn lacks_code(failure: &Failure) -> bool {
    failure.code.as_deref() == Some("second_factor_required")
}

/// Signs out; what is kept here goes even if the server cannot be told.
pub fn logout(c: &Context) -> Result<(), Failure> {
    let signed: Option<SignedIn> = credentials::read(FILE).unwrap_or_default();
    credentials::remove(FILE)?;
    let Some(signed) = signed else {
        return Err(Failure::new(4, "未登录 / not signed in"));
    };
    let url = format!("{}/api/v1/staff/sessions/current", signed.server);
    let answer = c.api.bytes(Method::DELETE, &url, Some(&signed.session.access_token), None);
    match answer {
        // An access token that ran out: renew it once, so that the session itself is ended.
        Err(failure) if unauthenticated(&failure) => {
            let session = renewed(c, &signed)?;
            c.api.bytes(Method::DELETE, &url, Some(&session.access_token), None).map(drop)
        }
        other => other.map(drop),
    }
}

/// Who is signed in.
pub fn whoami(c: &Context) -> Result<(), Failure> {
    let me: Me = get(c, "me")?;
    if c.json {
        return output::json(&me);
    }
    let roles = serde_json::to_value(&me.roles)?;
    let names = roles.as_array().into_iter().flatten().filter_map(|r| r.as_str());
    let roles = names.collect::<Vec<_>>().join(", ");
    let unit = me.unit.as_deref().unwrap_or("-");
    output::line(&output::clean(&format!("{} ({}) · {unit} · {roles}", me.name, me.username)))
}

/// What can be chosen when an issue is registered and assigned.
pub fn choices(c: &Context) -> Result<(), Failure> {
    let choices: Choices = get(c, "choices")?;
    if c.json {
        return output::json(&choices);
    }
    let mut rows = Vec::new();
    let lists =
        [("--unit", &choices.units), ("--category", &choices.categories), ("--channel", &choices.channels)];
    for (flag, list) in lists {
        rows.extend(list.iter().map(|choice| {
            vec![flag.to_owned(), choice.id.clone(), c.lang.of(&choice.name.zh, &choice.name.en).to_owned()]
        }));
    }
    rows.extend(
        choices
            .handlers
            .iter()
            .map(|h| vec!["--handler".to_owned(), h.username.clone(), format!("{} ({})", h.name, h.unit)]),
    );
    super::table(&[c.lang.of("选项", "Option"), c.lang.of("编号", "Id"), c.lang.of("名称", "Name")], rows)
}

/// Reads a staff route.
pub fn get<T: DeserializeOwned>(c: &Context, path: &str) -> Result<T, Failure> {
    let bytes = ask(c, &Method::GET, path, None)?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Reads a route that people and systems have, each under an address of its own: whoever comes with an
/// API token (`QIYEMA_TOKEN`) is a system.
pub fn get_either<T: DeserializeOwned>(c: &Context, path: &str) -> Result<T, Failure> {
    let system = std::env::var("QIYEMA_TOKEN").is_ok_and(|token| token.starts_with("qyt_"));
    let path = if system { path.to_owned() } else { format!("staff/{path}") };
    Ok(serde_json::from_slice(&any(c, &Method::GET, &path, None)?)?)
}

/// Posts to a staff route.
pub fn post<T: DeserializeOwned>(c: &Context, path: &str, body: &impl Serialize) -> Result<T, Failure> {
    let body = serde_json::to_value(body)?;
    let body = if body.is_null() { None } else { Some(&body) };
    let bytes = ask(c, &Method::POST, path, body)?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Asks a staff route; a session that ran out is renewed once.
pub fn ask(
    c: &Context,
    method: &Method,
    path: &str,
    body: Option<&serde_json::Value>,
) -> Result<Vec<u8>, Failure> {
    signed_in(c, path, |url, token| c.api.bytes(method.clone(), url, Some(token), body))
}

/// Sends a file to a staff route.
pub fn upload<T: DeserializeOwned>(c: &Context, path: &str, name: &str, file: &[u8]) -> Result<T, Failure> {
    let bytes = signed_in(c, path, |url, token| c.api.upload(url, token, name, file))?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Asks any route of the API below `/api/v1/`; gives the answer as it is.
pub fn any(
    c: &Context,
    method: &Method,
    path: &str,
    body: Option<&serde_json::Value>,
) -> Result<Vec<u8>, Failure> {
    anywhere(c, path, |url, token| c.api.bytes(method.clone(), url, Some(token), body))
}

/// Writes what a route below `/api/v1/` sends to where it belongs, a piece at a time.
pub fn download(c: &Context, path: &str, into: &mut dyn std::io::Write) -> Result<(), Failure> {
    fetch(c, &Asked::get(path), into)
}

/// The same, asked for in any way.
pub fn fetch(c: &Context, asked: &Asked<'_>, into: &mut dyn std::io::Write) -> Result<(), Failure> {
    // A refusal comes before the first byte, so a second try writes nothing twice.
    let into = std::cell::RefCell::new(into);
    anywhere(c, asked.path, |url, token| {
        let (method, body) = (asked.method.clone(), asked.body.as_ref());
        c.api.download(method, url, token, body, &mut **into.borrow_mut())?;
        Ok(Vec::new())
    })
    .map(drop)
}

fn signed_in(
    c: &Context,
    path: &str,
    send: impl Fn(&str, &str) -> Result<Vec<u8>, Failure>,
) -> Result<Vec<u8>, Failure> {
    anywhere(c, &format!("staff/{path}"), send)
}

fn anywhere(
    c: &Context,
    path: &str,
    send: impl Fn(&str, &str) -> Result<Vec<u8>, Failure>,
) -> Result<Vec<u8>, Failure> {
    if let Some((server, token)) = given(c)? {
        let url = format!("{server}/api/v1/{path}");
        return send(&url, &token);
    }
    let mut signed: SignedIn =
        credentials::read(FILE)?.ok_or_else(|| Failure::new(4, "未登录 / not signed in: qiyema login"))?;
    let url = format!("{}/api/v1/{path}", signed.server);
    let fresh = signed.session.access_expires_at > clock::now() + chrono::Duration::seconds(30);
    if fresh {
        let answer = send(&url, &signed.session.access_token);
        match answer {
            Err(failure) if unauthenticated(&failure) => {}
            other => return other,
        }
    }
    // A refresh token works once, and its second coming ends the session: of several
    // commands at once one exchanges it, the others take what it got.
    let used = signed.session.refresh_token.clone();
    let lock = credentials::lock(FILE)?;
    signed =
        credentials::read(FILE)?.ok_or_else(|| Failure::new(4, "未登录 / not signed in: qiyema login"))?;
    if signed.session.refresh_token == used {
        signed.session = renewed(c, &signed)?;
        credentials::write(FILE, &signed)?;
    }
    drop(lock);
    send(&url, &signed.session.access_token)
}

/// Server and token from the environment, for programs.
fn given(c: &Context) -> Result<Option<(String, String)>, Failure> {
    match (std::env::var("QIYEMA_SERVER"), std::env::var("QIYEMA_TOKEN")) {
        (Ok(server), Ok(token)) => Ok(Some((keys::origin(&server, c.insecure)?.origin(), token))),
        _ => Ok(None),
    }
}

fn renewed(c: &Context, signed: &SignedIn) -> Result<Session, Failure> {
    let body = serde_json::to_value(Renew { refresh_token: signed.session.refresh_token.clone() })?;
    let url = format!("{}/api/v1/staff/sessions/renewal", signed.server);
    c.api.json(Method::POST, &url, None, Some(&body))
}

fn unauthenticated(failure: &Failure) -> bool {
    failure.code.as_deref() == Some("unauthenticated")
}
