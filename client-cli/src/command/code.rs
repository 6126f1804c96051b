//! `qiyema code …`: issue, draw and revoke.

use std::{io::IsTerminal as _, path::Path};

use qiyema_protocol::staff::{CodeStatus, CodeView, IssuedCode, Revoke};
use qrcode::{QrCode, render::unicode::Dense1x2};
use reqwest::Method;

use super::{Context, code_run, enterprise, life, staff};
use crate::{
    args::staff::{Code, Draw},
    clock,
    exit::Failure,
    output,
};

/// Runs a code verb.
pub fn run(c: &Context, verb: Code) -> Result<(), Failure> {
    match verb {
        Code::Issue(wish) => match wish.enterprise {
            Some(enterprise) => issue(c, &enterprise, wish.png.as_deref(), wish.svg.as_deref()),
            None => code_run::issue(c, wish.many),
        },
        Code::Run(verb) => code_run::run(c, verb),
        Code::Life(verb) => life::run(c, verb),
        Code::Draw(wish) => draw(c, &wish),
        Code::Revoke { code, reason, because } => {
            let path = format!("codes/{}/revocation", super::segment("CODE", &code)?);
            let code: CodeView = staff::post(c, &path, &Revoke { reason, reason_code: because })?;
            if c.json { output::json(&code) } else { line(c, &code) }
        }
    }
}

/// One code on one line.
pub fn line(c: &Context, code: &CodeView) -> Result<(), Failure> {
    let status = match code.status {
        CodeStatus::Live => c.lang.of("有效", "live"),
        CodeStatus::Replaced => c.lang.of("已换新码", "replaced"),
        CodeStatus::Revoked => c.lang.of("已吊销", "revoked"),
        CodeStatus::Suspended => c.lang.of("已暂停", "suspended"),
        CodeStatus::KeyRetired => c.lang.of("密钥已停用，须换发", "key retired: issue a new one"),
    };
    let (id, issued) = (output::clean(&code.id), clock::minute(code.issued_at));
    output::line(&format!("{id}  {status}  {issued}  kid {}", code.kid))
}

fn issue(c: &Context, named: &str, png: Option<&Path>, svg: Option<&Path>) -> Result<(), Failure> {
    let id = enterprise::id(c, named)?;
    let issued: IssuedCode = staff::post(c, &format!("enterprises/{id}/codes"), &())?;
    // Said before anything else can fail: the PIN is shown once and never again.
    if c.json {
        output::json(&issued)?;
    } else {
        tell(c, &issued)?;
    }
    save(c, &issued.code.id, [(png, "png"), (svg, "svg")], &[]).map(drop)
}

fn draw(c: &Context, wish: &Draw) -> Result<(), Failure> {
    let mm = wish.mm.map(|mm| mm.to_string()).unwrap_or_default();
    let dpi = wish.dpi.map(|dpi| dpi.to_string()).unwrap_or_default();
    let asked = [("mm", mm.as_str()), ("dpi", &dpi), ("trial", if wish.trial { "true" } else { "" })];
    let files = [(wish.png.as_deref(), "png"), (wish.svg.as_deref(), "svg")];
    let saved = save(c, &wish.code, files, &asked)?;
    if c.json {
        output::json(&serde_json::json!({ "code": wish.code, "saved": saved }))?;
    }
    Ok(())
}

/// Fetches the pictures of a code that are wanted; says which files there are now.
fn save(
    c: &Context,
    code: &str,
    files: [(Option<&Path>, &str); 2],
    asked: &[(&str, &str)],
) -> Result<Vec<String>, Failure> {
    let code = super::segment("CODE", code)?;
    let mut saved = Vec::new();
    for (path, kind) in files {
        let Some(path) = path else { continue };
        let route = super::with_query(&format!("codes/{code}/symbol.{kind}"), asked)?;
        let picture = staff::ask(c, &Method::GET, &route, None)?;
        std::fs::write(path, picture).map_err(|e| Failure::failed(format!("{}: {e}", path.display())))?;
        output::people(&format!("{} {}", c.lang.of("已保存", "saved"), path.display()));
        saved.push(path.display().to_string());
    }
    Ok(saved)
}

/// A code just issued, with its PIN.
pub fn tell(c: &Context, issued: &IssuedCode) -> Result<(), Failure> {
    line(c, &issued.code)?;
    if let Some(replaced) = &issued.replaces {
        output::line(&format!("{} {}", c.lang.of("取代", "replaces"), output::clean(replaced)))?;
    }
    output::line(&output::clean(&issued.seal_text))?;
    let pin = output::clean(&issued.pin);
    output::line(&format!("{}: {pin}", c.lang.of("企业口令（只显示这一次）", "PIN (shown this once)")))?;
    if std::io::stdout().is_terminal() {
        let symbol = QrCode::new(issued.seal_text.as_bytes()).map_err(Failure::failed)?;
        // Light modules are drawn, so that it reads on a dark terminal.
        let drawn =
            symbol.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
        output::line(&drawn)?;
    }
    Ok(())
}
