//! One's own account as JSON: sessions and password.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, put,
    web::{Data, Json, Path},
};
use qiyema_protocol::administration::{ChangePassword, OwnSessions};

use super::admin::{clean, read, write};
use crate::{
    actions::{
        Refused,
        account::{password, sessions},
    },
    web::{
        callers::{self, Staff},
        problem::{Code, Refusal},
        refusals::Refusals,
        shared::Shared,
    },
};

/// One's own sessions that stand.
#[utoipa::path(tag = "account", security(("staff" = [])), responses((status = 200, body = OwnSessions), Refusals))]
#[get("/api/v1/staff/me/sessions")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<OwnSessions>, Refusal> {
    let sessions = read(staff, &shared, |db, actor, _, at| sessions::list(db, actor, at)).await?;
    Ok(Json(OwnSessions { sessions }))
}

/// End one of them.
#[utoipa::path(tag = "account", params(("session" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/staff/me/sessions/{session}")]
pub async fn end(staff: Staff, session: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let session = clean(session.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| sessions::end(db, actor, &session, at)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all of them but this one.
#[utoipa::path(tag = "account", security(("staff" = [])), responses((status = 204), Refusals))]
#[delete("/api/v1/staff/me/sessions")]
pub async fn end_others(staff: Staff, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    write(staff, &shared, |db, actor, _, at| sessions::end_others(db, actor, at)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change one's own password; every other session ends.
#[utoipa::path(tag = "account", request_body = ChangePassword, security(("staff" = [])),
    responses((status = 204), Refusals))]
#[put("/api/v1/staff/me/password")]
pub async fn change_password(
    request: HttpRequest,
    staff: Staff,
    body: Json<ChangePassword>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let asker = (callers::who(&request, &shared), None);
    change(&shared, staff, asker, body.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The change itself, for the console as well, which knows the desk too.
pub async fn change(
    shared: &Data<Shared>,
    staff: Staff,
    (who, desk): (String, Option<String>),
    ChangePassword { present, new }: ChangePassword,
) -> Result<(), Refusal> {
    if present.chars().count() > 128 || new.chars().count() > 128 {
        return Err(Code::Unauthenticated.into());
    }
    let (actor, rules, at, wanted) = (staff.0.clone(), shared.rules(), shared.clock.now(), new.clone());
    let asked: Result<(String, String), Refused> = shared
        .store
        .write(move |db| password::ask(db, &actor, &wanted, (&who, desk.as_deref()), &rules, at))
        .await;
    let (attempt, phc) = asked?;
    if !shared.trust.gate.verify(present, Some(phc)).await? {
        return Err(Code::PresentPasswordWrong.into());
    }
    let hash = shared.trust.gate.hash(new).await?;
    write(staff, shared, move |db, actor, _, at| password::change(db, actor, &attempt, &hash, at)).await
}
