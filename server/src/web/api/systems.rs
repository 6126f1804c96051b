//! What other systems call besides their channel, with an API token: enterprises,
//! so that an issue can be sent of one that is new here, and figures and ratings.

use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::{
    exchange::Exchange, figures::FiguresView, intake::KnownEnterprise, staff::NewEnterprise,
};

use super::figures::{Exchanging, Find};
use crate::{
    actions::{
        Refused, enterprise,
        figures::{self, exchange},
    },
    web::{
        callers::Machine,
        problem::{Code, Refusal},
        refusals::Refusals,
        shared::Shared,
    },
};

/// The enterprise of a unified social credit code (scope `enterprises:read`).
#[utoipa::path(tag = "systems", params(("uscc" = String, Path)), security(("token" = [])),
    responses((status = 200, body = KnownEnterprise), Refusals))]
#[get("/api/v1/enterprises/{uscc}")]
pub async fn find_enterprise(
    machine: Machine,
    uscc: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<KnownEnterprise>, Refusal> {
    let found: Result<KnownEnterprise, Refused> =
        shared.store.read(move |db| enterprise::by_uscc(db, &machine.0, &uscc)).await;
    Ok(Json(found?))
}

/// Register an enterprise (scope `enterprises:write`). The same code and name again answers the first one (200); the
/// same code under another name is refused (`enterprise_exists`).
#[utoipa::path(tag = "systems", request_body = NewEnterprise, security(("token" = [])),
    responses((status = 201, body = KnownEnterprise), (status = 200, body = KnownEnterprise), Refusals))]
#[post("/api/v1/enterprises")]
pub async fn register_enterprise(
    machine: Machine,
    body: Json<NewEnterprise>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let new = body.into_inner();
    let mut turn = 0;
    let (known, made) = loop {
        let (actor, new, at) = (machine.0.clone(), new.clone(), shared.clock.now());
        let done: Result<(KnownEnterprise, bool), Refused> =
            shared.store.write(move |db| enterprise::register_once(db, &actor, &new, at)).await;
        match done {
            // Another instance registered it between our look and our write: now it is there to be compared.
            Err(Refused::EnterpriseExists) if turn == 0 => turn += 1,
            other => break other?,
        }
    };
    let mut answer = if made { HttpResponse::Created() } else { HttpResponse::Ok() };
    let place = format!("/api/v1/enterprises/{}", known.uscc);
    Ok(answer.insert_header((header::LOCATION, place)).json(known))
}

/// Figures of a period, as staff read them (scope `figures:read`).
#[utoipa::path(tag = "systems", params(Find), security(("token" = [])),
    responses((status = 200, body = FiguresView), Refusals))]
#[get("/api/v1/figures")]
pub async fn read_figures(
    machine: Machine,
    find: Query<Find>,
    shared: Data<Shared>,
) -> Result<Json<FiguresView>, Refusal> {
    let (ask, rules, at) = (find.into_inner().ask(), shared.rules(), shared.clock.now());
    let found: Result<FiguresView, Refused> =
        shared.store.read(move |db| figures::read(db, &machine.0, &ask, &rules, at)).await;
    Ok(Json(found?))
}

/// First ratings given in a period, in the coding asked for (scope `ratings:export`); never who rated.
#[utoipa::path(tag = "systems", params(Exchanging), security(("token" = [])),
    responses((status = 200, body = Exchange), Refusals))]
#[get("/api/v1/ratings/exchange")]
pub async fn exchanged(
    machine: Machine,
    which: Query<Exchanging>,
    shared: Data<Shared>,
) -> Result<Json<Exchange>, Refusal> {
    let (ask, coding, after) = which.into_inner().parts();
    if after.as_ref().is_some_and(|after| after.contains('\0')) {
        return Err(Code::NotFound.into());
    }
    let (rules, at) = (shared.rules(), shared.clock.now());
    let found: Result<Exchange, Refused> = shared
        .store
        .read(move |db| exchange::exchange(db, &machine.0, (&ask, coding), after.as_deref(), &rules, at))
        .await;
    Ok(Json(found?))
}
