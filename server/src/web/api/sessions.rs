//! Staff sign in, renew and leave.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json},
};
use chrono::TimeDelta;
use qiyema_protocol::staff::{FactorBegun, FactorEnrolled, Me, Renew, Session, SignIn};

use crate::{
    actions::{Refused, account::second_factor::Owed, session},
    clock::Ids,
    secrets::{
        token::{fingerprint, opaque},
        totp,
    },
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
    let (entry, refresh) = proved(&request, &shared, body.into_inner()).await?;
    let (rules, trust, at) = (shared.rules(), shared.trust.clone(), shared.clock.now());
    let entered: Result<session::Entered, Refused> =
        shared.store.write(move |db| session::open(db, &entry, &rules, &trust.vault, at)).await;
    match entered? {
        session::Entered::In(opened) => {
            Ok(HttpResponse::Created().json(answer(&shared, &opened, refresh, at)?))
        }
        session::Entered::Owes(Owed::Enrolment) => Err(Code::EnrolmentRequired.into()),
        session::Entered::Owes(_) => Err(Code::SecondFactorRequired.into()),
    }
}

/// Begin to enrol an authenticator app, after a right password: a role may need it before anything else opens.
#[utoipa::path(tag = "staff", request_body = SignIn,
    responses((status = 201, body = FactorBegun), Refusals))]
#[post("/api/v1/staff/second-factors")]
pub async fn begin_factor(
    request: HttpRequest,
    body: Json<SignIn>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let asked = body.into_inner();
    let username = asked.username.clone();
    let (entry, _) = proved(&request, &shared, asked).await?;
    let (trust, at) = (shared.trust.clone(), shared.clock.now());
    let key = totp::key(Ids).map_err(|error| internal(&error))?;
    let begun: Result<(), Refused> = shared
        .store
        .write(move |db| session::begin_factor(db, (&entry.attempt, &entry.staff), key, &trust.vault, at))
        .await;
    begun?;
    let uri = totp::uri(shared.trust.host.as_str(), &username, &key);
    Ok(HttpResponse::Created().json(FactorBegun { key: totp::written(&key), uri }))
}

/// Finish it by the first code of the app, sent as `totp`; answers the recovery codes and a session.
#[utoipa::path(tag = "staff", request_body = SignIn,
    responses((status = 201, body = FactorEnrolled), Refusals))]
#[post("/api/v1/staff/second-factors/proof")]
pub async fn prove_factor(
    request: HttpRequest,
    body: Json<SignIn>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (entry, refresh) = proved(&request, &shared, body.into_inner()).await?;
    let (rules, trust, at) = (shared.rules(), shared.trust.clone(), shared.clock.now());
    let done: Result<(Vec<String>, session::Opened), Refused> =
        shared.store.write(move |db| session::prove_factor(db, &entry, &rules, &trust.vault, at)).await;
    let (recovery_codes, opened) = done?;
    let session = answer(&shared, &opened, refresh, at)?;
    Ok(HttpResponse::Created().json(FactorEnrolled { recovery_codes, session }))
}

/// What a right password gives: who may now enter, and a refresh token. The guess was written down first.
async fn proved(
    request: &HttpRequest,
    shared: &Data<Shared>,
    SignIn { username, password, totp }: SignIn,
) -> Result<(session::Entry, String), Refusal> {
    // PostgreSQL stores no NUL; no user name has one.
    if username.contains('\0') || username.chars().count() > 64 || password.chars().count() > 128 {
        return Err(Code::Unauthenticated.into());
    }
    let (rules, at, who) = (shared.rules(), shared.clock.now(), callers::who(request, shared));
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
        place: callers::place(request, shared),
        code: totp.filter(|code| !code.contains('\0')),
    };
    Ok((entry, refresh))
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
        session::Renewed::Goes(opened) => {
            Ok(HttpResponse::Created().json(answer(&shared, &opened, refresh, at)?))
        }
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
) -> Result<Session, Refusal> {
    let lasts = TimeDelta::minutes(ACCESS_MINUTES).min(opened.expires_at - at);
    let actor = &opened.actor;
    let access_token =
        shared.trust.tokens.issue(&actor.id, &actor.session, at, lasts).map_err(|error| internal(&error))?;
    Ok(Session {
        access_token,
        access_expires_at: at + lasts,
        refresh_token,
        expires_at: opened.expires_at,
        staff: session::me(actor),
    })
}
