//! A form that came after the session had ended. What was typed travels through the
//! sign-in, sealed for the person whose session it was, and is shown again to be sent:
//! nothing is ever done by itself. Files and passwords do not travel.

use actix_multipart::Multipart;
use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{Method, StatusCode},
    web::{Data, Form as Sent},
};
use chrono::TimeDelta;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use super::{door, staff::ConsoleStaff, verbs};
use crate::{
    actions::audit::names::Names,
    clock::{Ids, Timestamp},
    secrets::token::fingerprint,
    store::{console, desk},
    web::{
        problem::Refusal,
        refusals::internal,
        shared::Shared,
        uploads,
        view::console::{
            form::{Field, Form},
            nav,
            sheet::{Part, Sheet},
        },
        words::{
            console::{facts, unsent as said},
            lang::Lang,
        },
    },
};

/// What the seal is for; other things in the vault have other owners.
const OWNER: &str = "a form that was not sent";
/// How long somebody may take to sign in.
const KEPT: TimeDelta = TimeDelta::hours(12);
/// Most that is read of a form, files and all, to find what was typed in it.
const MOST: usize = 12 * 1024 * 1024;
/// Most that is kept of it.
const MOST_TEXT: usize = 64 * 1024;
/// Fields that prove something, or are secret.
const LEFT: [&str; 7] = ["csrf", "password", "new", "again", "present", "code", "proof"];
/// Fields that say nothing to a person.
const SILENT: [&str; 3] = ["version", "seen", "csrf"];

/// A form as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Where it was sent to.
    to: String,
    /// What stood in it.
    fields: Vec<(String, String)>,
    /// Files came with it.
    files: bool,
    /// Whose session it was.
    whose: String,
    /// When it came.
    at: Timestamp,
}

/// Seals what came, if somebody typed something and it is known who.
pub async fn keep(request: &mut ServiceRequest, shared: &Data<Shared>) -> Option<String> {
    let to = request.path().to_owned();
    if request.method() != Method::POST || to.starts_with("/console/account") || !plain(&to) {
        return None;
    }
    let hash = fingerprint(request.cookie(door::session_cookie(shared))?.value());
    let whose: Result<Option<String>, crate::actions::Refused> =
        shared.store.read(move |db| Ok(console::whose(db, &hash)?)).await;
    let whose = whose.ok()??;
    let (mut fields, files) = read(request).await?;
    fields.retain(|(name, value)| !LEFT.contains(&&**name) && !value.trim().is_empty());
    let typed = fields.iter().any(|(name, _)| said::label(Lang::Zh, name).is_some());
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if !typed
        || size > MOST_TEXT
        || fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'))
    {
        return None;
    }
    let unsent = Unsent { to, fields, files, whose, at: shared.clock.now() };
    let bytes = serde_json::to_vec(&unsent).ok()?;
    shared.trust.vault.seal(OWNER, &bytes, Ids).ok()
}

fn plain(path: &str) -> bool {
    path.starts_with("/console/") && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
}

/// The fields of a form, and whether files came with it.
async fn read(request: &mut ServiceRequest) -> Option<(Vec<(String, String)>, bool)> {
    if !uploads::takes(request.request().head()) {
        let form = request.extract::<Sent<Vec<(String, String)>>>().await.ok()?;
        return Some((form.into_inner(), false));
    }
    let mut parts = request.extract::<Multipart>().await.ok()?;
    let (mut fields, mut files, mut came) = (Vec::new(), false, 0);
    while let Some(mut part) = parts.try_next().await.ok()? {
        let name = part.name().unwrap_or_default().to_owned();
        let named = part.content_disposition().and_then(|said| said.get_filename());
        let is_file = named.is_some();
        files |= named.is_some_and(|name| !name.is_empty());
        let mut text = Vec::new();
        while let Some(piece) = part.try_next().await.ok()? {
            came += piece.len();
            if came > MOST {
                return None;
            }
            if !is_file {
                text.extend_from_slice(&piece);
            }
        }
        if !is_file {
            fields.push((name, String::from_utf8(text).ok()?));
        }
    }
    Some((fields, files))
}

/// What was sealed, while it is fresh.
#[must_use]
pub fn open(shared: &Shared, sealed: &str) -> Option<Unsent> {
    let bytes = shared.trust.vault.open(OWNER, sealed).ok()?;
    let unsent: Unsent = serde_json::from_slice(&bytes).ok()?;
    (unsent.at + KEPT > shared.clock.now()).then_some(unsent)
}

/// The page that shows it to whoever has signed in: to the same person all of it, to be
/// looked at and sent; to anybody else nothing.
pub async fn page(staff: &ConsoleStaff, unsent: Unsent) -> HttpResponse {
    let html = match draw(staff, unsent).await {
        Ok(html) => html,
        Err(refusal) => return refusal.respond(None),
    };
    door::page(StatusCode::OK, Ok(html))
}

async fn draw(staff: &ConsoleStaff, unsent: Unsent) -> Result<String, Refusal> {
    let (l, w) = (staff.lang, said::UnsentWords::of(staff.lang));
    let failed = |error: askama::Error| internal(&error);
    if unsent.whose != staff.actor.id {
        let sheet = Sheet::new(staff.frame(), w.others).lead(w.others_lead).button("/console", w.home);
        return sheet.render().map_err(failed);
    }
    let asked: Vec<String> = unsent.fields.iter().map(|(_, value)| value.clone()).collect();
    let (names, enterprises) = staff
        .read(move |db, _, _, _| Ok((Names::of(db, &[], &[])?, desk::enterprise_names(db, asked)?)))
        .await?;
    let zone = staff.shared.rules().zone;
    let mut form = Form::new(l, &staff.csrf, &unsent.to, w.send);
    let mut facts = vec![(w.to.to_owned(), place(l, &unsent.to))];
    for (name, value) in &unsent.fields {
        if let Some(label) = said::label(l, name) {
            form = form.with(Field::lines(name, label).value(value));
            continue;
        }
        form = form.with(Field::hidden(name, value));
        // What stands in rows beside the words would be a list of bare numbers.
        if !SILENT.contains(&&**name) && said::column(name).is_none() {
            let enterprise = enterprises.iter().find(|(id, _)| id == value).map(|(_, name)| name.clone());
            let shown = enterprise.unwrap_or_else(|| facts::written(l, zone, &names, name, value));
            facts.push((facts::name(l, name).to_owned(), shown));
        }
    }
    if unsent.files {
        facts.push((facts::name(l, "files").to_owned(), w.files.to_owned()));
    }
    let sheet = Sheet::new(staff.frame(), w.title).lead(w.lead).button(back(&unsent.to), w.leave);
    let sheet = sheet.with(Part::Facts(facts)).form("", "", &form);
    sheet.and_then(|sheet| sheet.render()).map_err(failed)
}

/// What a form is called: the step of an issue, or the page it stands on.
fn place(l: Lang, to: &str) -> String {
    let parts: Vec<&str> = to.trim_start_matches("/console/").split('/').collect();
    if let ["issues", number, noun] = parts.as_slice()
        && let Some(sheet) = verbs::of_noun(noun)
    {
        return format!("{number} · {}", verbs::name(sheet.verb, l));
    }
    let known =
        nav::PLACES.iter().filter(|place| to.starts_with(place.href)).max_by_key(|place| place.href.len());
    known.map_or_else(String::new, |place| l.pick(place.name.0, place.name.1).to_owned())
}

/// The page on which the form stood, as far as its address says.
fn back(to: &str) -> String {
    let parts: Vec<&str> = to.trim_start_matches("/console/").split('/').collect();
    match parts.as_slice() {
        ["issues", number, _] => format!("/console/issues/{number}"),
        _ => "/console".to_owned(),
    }
}
