//! Enterprises and their codes: find, register, issue, revoke, draw.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Json, Path, Query},
};
use qiyema_protocol::staff::{CodeStatus, EnterpriseList, EnterpriseView, NewEnterprise};
use serde::Deserialize;

use super::{
    codes,
    door::{page, see_other},
    issues::encoded,
    prints,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{
        Refused,
        code::life,
        desk::{self, Ask},
        enterprise,
        rights::Deed,
    },
    domain::text::problem,
    store::desk::Order,
    web::{
        api::{
            self,
            symbols::{self, Print},
        },
        problem::Refusal,
        view::console::{
            enterprises::{EnterprisePage, EnterprisesPage, FormPage, IssuedPage},
            form::{Choice, Field, Form, Kind},
            frame::Flash,
        },
        words::console::registers::RegisterWords,
    },
};

/// Issues shown with an enterprise.
const SHOWN: usize = 20;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Find {
    q: Option<String>,
}

/// `GET /console/enterprises`.
pub async fn list(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let text = find.into_inner().q.unwrap_or_default();
    let asked = text.clone();
    let found = staff.read(move |db, actor, rules, _| enterprise::search(db, actor, &asked, rules)).await?;
    let registers = staff.actor.may(Deed::RegisterEnterprise).is_ok();
    let revokes = staff.actor.may(Deed::RevokeCode).is_ok();
    Ok(staff.page(EnterprisesPage { frame: staff.frame(), text, found, registers, revokes }.render()))
}

/// `GET /console/enterprises.json`: what the script of the intake page asks while one types.
pub async fn hits(staff: ConsoleStaff, find: Query<Find>) -> Result<Json<EnterpriseList>, Refusal> {
    let text = find.into_inner().q.unwrap_or_default();
    let mut enterprises =
        staff.read(move |db, actor, rules, _| enterprise::search(db, actor, &text, rules)).await?;
    enterprises.truncate(8);
    Ok(Json(EnterpriseList { enterprises }))
}

fn form(staff: &ConsoleStaff, name: &str, uscc: &str, confirm: bool) -> Form {
    let w = RegisterWords::of(staff.lang);
    let mut form = Form::new(staff.lang, &staff.csrf, "/console/enterprises", w.register)
        .with(Field::line("name", w.name).value(name).most(100).first())
        .with(Field::line("uscc", w.uscc).value(uscc).help(w.uscc_help).most(64));
    if confirm {
        let choice = vec![Choice::new("true", w.confirm)];
        form = form.with(Field::new(Kind::Checks, "confirm", w.confirm).choices(choice).help(w.confirm_help));
    }
    form
}

fn form_page(staff: &ConsoleStaff, form: Form) -> Result<String, askama::Error> {
    let w = RegisterWords::of(staff.lang);
    let back = ("/console/enterprises".to_owned(), w.enterprises.to_owned());
    FormPage { frame: staff.frame(), title: w.new_enterprise.to_owned(), back, form }.render()
}

/// `GET /console/enterprises/new`.
pub async fn new(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    staff.actor.may(Deed::RegisterEnterprise)?;
    let text = find.into_inner().q.unwrap_or_default();
    // What was looked for in vain is either a code or a name.
    let is_code = text.len() >= 8 && text.chars().all(|c| c.is_ascii_alphanumeric());
    let (name, uscc) = if is_code { ("", &*text) } else { (&*text, "") };
    let form = form(&staff, name, uscc, false);
    Ok(staff.page(form_page(&staff, form)))
}

/// `POST /console/enterprises`.
pub async fn register(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let new = NewEnterprise {
        uscc: typed.text("uscc").to_owned(),
        name: typed.text("name").to_owned(),
        confirm_check_character: typed.text("confirm") == "true",
    };
    let done = staff.write(move |db, actor, _, at| enterprise::register(db, actor, &new, at)).await;
    let (faults, confirm) = match done {
        Ok(one) => return Ok(see_other(&format!("/console/enterprises/{}?done=registered", one.id))),
        Err(Refused::Invalid(faults)) => (faults, false),
        Err(Refused::EnterpriseExists) => {
            (vec![problem("uscc", "该统一社会信用代码已登记。", "This code is registered already.")], false)
        }
        Err(Refused::UsccUnconfirmed { expected }) => {
            let zh = format!("校验位不符：按规则末位应为{expected}。");
            let en = format!("The check character does not fit: by the rule it is {expected}.");
            (vec![problem("uscc", zh, en)], true)
        }
        Err(other) => return Err(other.into()),
    };
    let form = form(&staff, "", "", confirm).typed(&typed.0).faults(&faults);
    Ok(staff.form_again(form_page(&staff, form)))
}

/// What a page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// `GET /console/enterprises/{id}`.
pub async fn one(staff: ConsoleStaff, id: Path<String>, ask: Query<Done>) -> Result<HttpResponse, Refusal> {
    let w = RegisterWords::of(staff.lang);
    let flash = match ask.done.as_deref() {
        Some("registered") => Some(w.saved),
        Some("revocation") => Some(w.was_revoked),
        Some("issued") => Some(w.was_issued),
        Some("pin") => Some(w.was_pin),
        Some("suspension") => Some(w.was_suspended),
        Some("resumption") => Some(w.was_resumed),
        _ => None,
    };
    let (one, issues, pin) = read(&staff, id.into_inner()).await?;
    let mut shown = drawn(&staff, one, issues, &pin);
    shown.frame.flash = flash.map(|text| Flash { text: text.to_owned(), good: true });
    Ok(staff.page(shown.render()))
}

type Read = (EnterpriseView, Option<Vec<desk::Row>>, String);

async fn read(staff: &ConsoleStaff, id: String) -> Result<Read, Refusal> {
    let reads = staff.actor.may(Deed::ReadIssues).is_ok();
    let issues_codes = staff.actor.may(Deed::IssueCode).is_ok();
    let found = staff.read(move |db, actor, rules, at| {
        let one = enterprise::show(db, actor, &id, rules)?;
        let pin = if issues_codes { life::pin_now(db, actor, &id)? } else { String::new() };
        let ask = Ask { open: None, enterprise: Some(id), order: Order::Newest, ..Ask::default() };
        let issues = if reads { Some(desk::list(db, actor, &ask, SHOWN, rules, at)?.rows) } else { None };
        Ok((one, issues, pin))
    });
    Ok(found.await?)
}

fn drawn(
    staff: &ConsoleStaff,
    one: EnterpriseView,
    issues: Option<Vec<desk::Row>>,
    pin_now: &str,
) -> EnterprisePage {
    let w = RegisterWords::of(staff.lang);
    let live = one.codes.iter().any(|code| matches!(code.status, CodeStatus::Live | CodeStatus::Suspended));
    // A code that stands is replaced beside it, with the reason.
    let issue = (!live && staff.actor.may(Deed::IssueCode).is_ok()).then(|| {
        let place = format!("/console/enterprises/{}/codes", one.id);
        let form = Form::new(staff.lang, &staff.csrf, place, w.issue_code).id("issue");
        form.with(Field::hidden("codes", one.codes.len().to_string()))
    });
    let deeds = one.codes.iter().map(|code| (code.id.clone(), codes::deeds(staff, &one.id, code))).collect();
    let pin =
        (live && staff.actor.may(Deed::IssueCode).is_ok()).then(|| codes::pin_form(staff, &one.id, pin_now));
    EnterprisePage {
        frame: staff.frame(),
        issues,
        issue,
        deeds,
        pin,
        registers: staff.actor.may(Deed::RegisterIssue).is_ok(),
        trial: prints::trial(staff),
        zone: staff.shared.rules().zone,
        one,
    }
}

/// `POST /console/enterprises/{id}/codes`: the PIN is on this one answer, which nobody may keep.
pub async fn issue_code(
    staff: ConsoleStaff,
    id: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let wanted = id.clone();
    let enterprise =
        staff.read(move |db, actor, rules, _| enterprise::show(db, actor, &wanted, rules)).await?;
    // The page of the PIN, reloaded, sends its form again: what was just handed over must not be replaced by that.
    if form.filled("codes").is_some_and(|seen| seen != enterprise.codes.len().to_string()) {
        return Ok(see_other(&format!("/console/enterprises/{id}?done=issued")));
    }
    let issued = api::staff::issued(&staff.shared, staff.actor.clone(), id).await?;
    let html = IssuedPage { frame: staff.frame(), enterprise: &enterprise, issued: &issued }.render();
    let mut answer = page(StatusCode::CREATED, html);
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// `GET /console/codes/{code}/symbol.png`.
pub async fn png(
    staff: ConsoleStaff,
    code: Path<String>,
    print: Query<Print>,
) -> Result<HttpResponse, Refusal> {
    let bytes = symbols::png_file(staff.actor.clone(), &code, *print, &staff.shared).await?;
    Ok(super::issues::file("image/png", &format!("qiyema-{code}.png"), bytes))
}

/// `GET /console/codes/{code}/symbol.svg`.
pub async fn svg(
    staff: ConsoleStaff,
    code: Path<String>,
    print: Query<Print>,
) -> Result<HttpResponse, Refusal> {
    let file = symbols::svg_file(staff.actor.clone(), &code, *print, &staff.shared).await?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(file))
}

/// The page that registers an enterprise nobody has found.
#[must_use]
pub fn registration(text: &str) -> String {
    format!("/console/enterprises/new?{}", encoded(&[("q", text.to_owned())]))
}
