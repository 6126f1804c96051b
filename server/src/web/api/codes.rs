//! The life of codes, as JSON: suspended, resumed, replaced, revoked together, how
//! often scanned; and the signed list of those that do not stand any more.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::{
    codes::{Because, CodeScanList, CodeScans, NewPin, RevokeMany, RevokedMany},
    seal::CodeId,
    staff::{CodeView, IssuedCode},
};
use serde::Deserialize;

use crate::{
    actions::{
        Refused,
        code::{
            life::{self, Picked, Why},
            runs::revoke,
            scans,
        },
        rights::{Actor, Deed},
    },
    clock::Ids,
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// Suspend a code: until it is resumed, it answers that it is suspended.
#[utoipa::path(tag = "staff", params(("code" = String, Path)), request_body = Because, security(("staff" = [])),
    responses((status = 201, body = CodeView), Refusals))]
#[post("/api/v1/staff/codes/{code}/suspension")]
pub async fn suspend(
    staff: Staff,
    code: Path<String>,
    body: Json<Because>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    staff.0.may(Deed::RevokeCode)?;
    let why = Why::parse(body.reason_code, body.reason.as_deref())?;
    let at = shared.clock.now();
    let done: Result<CodeView, Refused> =
        shared.store.write(move |db| life::suspend(db, &staff.0, &code, &why, at)).await;
    Ok(HttpResponse::Created().json(done?))
}

/// Resume a suspended code.
#[utoipa::path(tag = "staff", params(("code" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = CodeView), Refusals))]
#[post("/api/v1/staff/codes/{code}/resumption")]
pub async fn resume(staff: Staff, code: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (rules, at) = (shared.rules(), shared.clock.now());
    let done: Result<CodeView, Refused> =
        shared.store.write(move |db| life::resume(db, &staff.0, &code, &rules, at)).await;
    Ok(HttpResponse::Created().json(done?))
}

/// Replace a code by a new one with a new PIN, and say why. The PIN is shown once.
#[utoipa::path(tag = "staff", params(("code" = String, Path)), request_body = Because, security(("staff" = [])),
    responses((status = 201, body = IssuedCode), Refusals))]
#[post("/api/v1/staff/codes/{code}/replacement")]
pub async fn replace(
    staff: Staff,
    code: Path<String>,
    body: Json<Because>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    staff.0.may(Deed::IssueCode)?;
    let why = Why::parse(body.reason_code, body.reason.as_deref())?;
    Ok(HttpResponse::Created().json(replaced(&shared, staff.0, code.into_inner(), why).await?))
}

/// Replaces a code, for every front.
pub async fn replaced(shared: &Shared, actor: Actor, code: String, why: Why) -> Result<IssuedCode, Refusal> {
    actor.may(Deed::IssueCode)?;
    let new = CodeId(Ids.bytes().map_err(|error| internal(&error))?);
    let keys = shared.trust.keys.now();
    let seal = keys.signer.seal(&shared.trust.host, new).map_err(|error| internal(&error))?;
    let (kid, at, pins) = (keys.signer.kid(), shared.clock.now(), shared.trust.pin_key.clone());
    let issued: Result<_, Refused> =
        shared.store.write(move |db| life::replace(db, &actor, &code, (new, kid), &pins, &why, at)).await;
    let issued = issued?;
    Ok(IssuedCode {
        code: issued.code,
        seal_text: seal.text(&shared.trust.host),
        pin: issued.pin.unwrap_or_default(),
        replaces: issued.replaces,
    })
}

/// Give an enterprise another PIN; its code stays. The PIN is shown once.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = NewPin), Refusals))]
#[post("/api/v1/staff/enterprises/{id}/pin")]
pub async fn new_pin(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let pin = pin_reset(&shared, staff.0, id.into_inner()).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(NewPin { pin }))
}

/// Resets a PIN, for every front.
pub async fn pin_reset(shared: &Shared, actor: Actor, enterprise: String) -> Result<String, Refusal> {
    actor.may(Deed::IssueCode)?;
    let (at, pins) = (shared.clock.now(), shared.trust.pin_key.clone());
    let pin: Result<String, Refused> =
        shared.store.write(move |db| life::reset_pin(db, &actor, &enterprise, &pins, at)).await;
    Ok(pin?)
}

/// Revoke many codes: a preview without `confirm`, the deed with the number that the preview said. More than 200
/// codes of a run, a key or a time become a run, which goes on by itself: see `GET /api/v1/staff/code-runs/{id}`.
#[utoipa::path(tag = "staff", request_body = RevokeMany, security(("staff" = [])),
    responses((status = 200, body = RevokedMany), Refusals))]
#[post("/api/v1/staff/code-revocations")]
pub async fn revoke_many(
    staff: Staff,
    body: Json<RevokeMany>,
    shared: Data<Shared>,
) -> Result<Json<RevokedMany>, Refusal> {
    Ok(Json(revoked_many(&shared, staff.0, body.into_inner()).await?))
}

/// Previews or revokes, for every front.
pub async fn revoked_many(shared: &Shared, actor: Actor, wish: RevokeMany) -> Result<RevokedMany, Refusal> {
    /// Lines of a preview.
    const FIRST: usize = 20;
    actor.may(Deed::RevokeCode)?;
    let (who, asked, rules) = (actor.clone(), wish.clone(), shared.rules());
    let picked: Result<Picked, Refused> =
        shared.store.read(move |db| life::picked(db, &who, &asked, &rules)).await;
    let picked = picked?;
    let (found, whole, Picked { lines, unknown, .. }) = (picked.count, picked.is_whole(), picked);
    let first = lines.iter().take(FIRST).cloned().collect();
    let Some(confirmed) = wish.confirm else {
        return Ok(RevokedMany { count: found, done: false, run: None, first, unknown });
    };
    if confirmed != found {
        return Err(Refused::CountDiffers { found }.into());
    }
    if !whole {
        let at = shared.clock.now();
        let begun: Result<_, Refused> =
            shared.store.write(move |db| revoke::begin(db, &actor, &wish, found, at)).await;
        return Ok(RevokedMany { count: found, done: false, run: Some(begun?.id), first, unknown });
    }
    let why = Why::in_words(wish.reason_code, &wish.reason)?;
    let mut count = 0;
    for some in lines.chunks(life::BATCH) {
        let (some, actor, why, at) = (some.to_vec(), actor.clone(), why.clone(), shared.clock.now());
        let done: Result<u32, Refused> =
            shared.store.write(move |db| life::revoke_some(db, &actor, &some, &why, at)).await;
        count += done?;
    }
    Ok(RevokedMany { count, done: true, run: None, first, unknown })
}

/// Which codes to list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only those that were never scanned.
    #[serde(default)]
    pub never: bool,
    /// Issued at least so many days ago.
    #[serde(default)]
    #[param(maximum = 3650)]
    pub older_than_days: u32,
    /// Continue after this one.
    #[param(max_length = 100)]
    pub after: Option<String>,
}

/// Standing codes with their scans of the last 90 days, oldest first.
#[utoipa::path(tag = "staff", params(Which), security(("staff" = [])),
    responses((status = 200, body = CodeScanList), Refusals))]
#[get("/api/v1/staff/code-scans")]
pub async fn scanned(
    staff: Staff,
    which: Query<Which>,
    shared: Data<Shared>,
) -> Result<Json<CodeScanList>, Refusal> {
    let (which, rules, at) = (which.into_inner(), shared.rules(), shared.clock.now());
    let ask = scans::Ask { never: which.never, older_than_days: which.older_than_days, after: which.after };
    let list: Result<CodeScanList, Refused> =
        shared.store.read(move |db| scans::list(db, &staff.0, &ask, &rules, at)).await;
    Ok(Json(list?))
}

/// Scans of a code by day, of the last 90 days.
#[utoipa::path(tag = "staff", params(("code" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = CodeScans), Refusals))]
#[get("/api/v1/staff/codes/{code}/scans")]
pub async fn scans_of(
    staff: Staff,
    code: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<CodeScans>, Refusal> {
    let (rules, at) = (shared.rules(), shared.clock.now());
    let found: Result<CodeScans, Refused> =
        shared.store.read(move |db| scans::of(db, &staff.0, &code, &rules, at)).await;
    Ok(Json(found?))
}

/// How long a list is handed out again before it is made anew.
const FRESH: Duration = Duration::from_secs(30);

/// The signed list of codes that do not stand any more, as a compact JWS (`typ` qiyema-revocations+jwt).
#[utoipa::path(tag = "owner", responses((status = 200, content_type = "application/jose", body = String), Refusals))]
#[get("/api/v1/revocations")]
pub async fn revocations(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let at = shared.clock.now();
    let mut kept = shared.trust.revocations.lock().await;
    let kid = shared.trust.keys.now().scribe.kid();
    let stale = |age: chrono::TimeDelta| age.to_std().map_or(true, |age| age > FRESH);
    if kept.as_ref().is_none_or(|(made, by, _)| *by != kid || stale(at - *made)) {
        let host = shared.trust.host.clone();
        let claims: Result<_, Refused> = shared.store.read(move |db| scans::ended(db, &host, at)).await;
        let text = shared.trust.keys.now().scribe.revocations(&claims?).map_err(|error| internal(&error))?;
        *kept = Some((at, kid, text.into()));
    }
    let Some((made, _, text)) = kept.clone() else { return Err(internal(&"no list")) };
    drop(kept);
    let tag = format!("\"{}-{kid}\"", made.timestamp_millis());
    let known =
        request.headers().get(header::IF_NONE_MATCH).is_some_and(|have| have.as_bytes() == tag.as_bytes());
    if known {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    Ok(HttpResponse::Ok()
        .content_type("application/jose")
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=30"))
        .body(text))
}
