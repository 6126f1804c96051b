//! Staff sign in, renew and leave.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json},
};
use chrono::TimeDelta;
use qiyema_protocol::staff::{Me, Renew, Session, SignIn};

use crate::{
    actions::{Refused, account::second_factor::Owed, session},
    clock::Ids,
    secrets::token::{fingerprint, opaque},
    web::{
        callers::{self, Staff},
        problem::{Code, Refusal},
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// Minutes an access token lasts; ending the session ends it at once.
const ACCESS_MINUTES: i64 = 15;

/// Sign in. Who enrolled an authenticator app sends its code along as `totp`.
#[utoipa::path(tag = "staff", request_body = SignIn,
    responses((status = 201, body = Session), Refusals))]
#[post("/api/v1/staff/sessions")]
pub async fn sign_in(
    request: HttpRequest,
    body: Json<SignIn>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let SignIn { username, password, totp } = body.into_inner();
    // PostgreSQL stores no NUL; no user name has one.
    if username.contains('\0') || username.chars().count() > 64 || password.chars().count() > 128 {
        return Err(Code::Unauthenticated.into());
    }
    let (rules, at, who) = (shared.rules(), shared.clock.now(), callers::who(&request, &shared));
    shared.trust.guesses.check(&who)?;
    let asked: Result<session::SignIn, Refused> =
        shared.store.write(move |db| session::sign_in(db, &username, &who, None, &rules, at)).await;
    let asked = asked?;
    let phc = asked.person.as_ref().map(|(_, phc)| phc.clone());
    let right = shared.trust.gate.verify(password, phc).await?;
    let Some((staff, _)) = asked.person.filter(|_| right) else { return Err(Code::Unauthenticated.into()) };
    let (refresh, kept) = opaque(Ids).map_err(|error| internal(&error))?;
    let entry = session::Entry {
        attempt: asked.attempt,
        staff,
        refresh_hash: kept,
        place: callers::place(&request, &shared),
        code: totp.filter(|code| !code.contains('\0')),
    };
    let (rules, trust) = (shared.rules(), shared.trust.clone());
    let entered: Result<session::Entered, Refused> =
        shared.store.write(move |db| session::open(db, &entry, &rules, &trust.vault, at)).await;
    match entered? {
        session::Entered::In(opened) => answer(&shared, &opened, refresh, at),
        session::Entered::Owes(Owed::Enrolment) => Err(Code::EnrolmentRequired.into()),
        session::Entered::Owes(_) => Err(Code::SecondFactorRequired.into()),
    }
}

/// Exchange a refresh token; each works once, and its second coming ends the session.
#[utoipa::path(tag = "staff", request_body = Renew,
    responses((status = 201, body = Session), Refusals))]
#[post("/api/v1/staff/sessions/renewal")]
pub async fn renew(body: Json<Renew>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (refresh, kept) = opaque(Ids).map_err(|error| internal(&error))?;
    let (old, rules, at) = (fingerprint(&body.refresh_token), shared.rules(), shared.clock.now());
    let renewed: Result<session::Renewed, Refused> =
        shared.store.write(move |db| session::renew(db, &old, &kept, &rules, at)).await;
    match renewed? {
        session::Renewed::Goes(opened) => answer(&shared, &opened, refresh, at),
        session::Renewed::Stolen => Err(Code::Unauthenticated.into()),
    }
}

/// End this session.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/staff/sessions/current")]
pub async fn leave(staff: Staff, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let at = shared.clock.now();
    let done: Result<(), Refused> = shared.store.write(move |db| session::end(db, &staff.0, at)).await;
    done?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who is signed in.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 200, body = Me), Refusals))]
#[get("/api/v1/staff/me")]
pub async fn me(staff: Staff) -> Json<Me> {
    Json(session::me(&staff.0))
}

fn answer(
    shared: &Shared,
    opened: &session::Opened,
    refresh_token: String,
    at: crate::clock::Timestamp,
) -> Result<HttpResponse, Refusal> {
    let lasts = TimeDelta::minutes(ACCESS_MINUTES).min(opened.expires_at - at);
    let actor = &opened.actor;
    let access_token =
        shared.trust.tokens.issue(&actor.id, &actor.session, at, lasts).map_err(|error| internal(&error))?;
    Ok(HttpResponse::Created().json(Session {
        access_token,
        access_expires_at: at + lasts,
        refresh_token,
        expires_at: opened.expires_at,
        staff: session::me(actor),
    }))
}
