//! The one-time link of an invitation to rate, as JSON. The token is in the address,
//! so the address must not be written down anywhere on the way.

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::{
    board::Card,
    rating::{NewRating, Rated},
};

use super::owner::signed;
use crate::{
    actions::{
        Refused,
        rate::{Rate, Stored, invited},
    },
    secrets::invitation::{self, Opened},
    web::{
        callers,
        origin::{self, Sender},
        problem::{Code, Refusal},
        refusals::Refusals,
        shared::Shared,
    },
};

/// The issue that an invitation asks about, as a scan shows it.
#[utoipa::path(tag = "owner", params(("token" = String, Path, description = "64 characters, 86 by a webhook")),
    responses((status = 200, body = Card), Refusals))]
#[get("/api/v1/rating-invitations/{token}")]
pub async fn asked(
    request: HttpRequest,
    token: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<Card>, Refusal> {
    Ok(Json(card(&request, &shared, &token).await?))
}

/// Rate the one closure that an invitation is for, once, without the PIN.
#[utoipa::path(tag = "owner", request_body = NewRating, params(("token" = String, Path, description = "64 characters, 86 by a webhook")),
    responses((status = 201, body = Rated), Refusals))]
#[post("/api/v1/rating-invitations/{token}/rating")]
pub async fn rate_invited(
    request: HttpRequest,
    token: Path<String>,
    body: Json<NewRating>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Created().json(rate(&request, &shared, &token, body.into_inner()).await?.0))
}

/// The issue of an invitation, for the page and the API.
pub async fn card(request: &HttpRequest, shared: &Data<Shared>, token: &str) -> Result<Card, Refusal> {
    let link = open(request, shared, token)?;
    let (rules, at) = (shared.rules(), shared.clock.now());
    let found: Result<Card, Refused> =
        shared.store.read(move |db| invited::read(db, &link, &rules, at)).await;
    Ok(found?)
}

/// Rates by an invitation, for the page and the API.
pub async fn rate(
    request: &HttpRequest,
    shared: &Data<Shared>,
    token: &str,
    new: NewRating,
) -> Result<(Rated, Sender), Refusal> {
    let link = open(request, shared, token)?;
    let origin = origin::of(request, shared)?;
    let (rules, at) = (shared.rules(), shared.clock.now());
    let (rating, from) = (Rate::parse(new, &rules).map_err(Refusal::fields)?, origin.origin.clone());
    let host = shared.trust.host.as_str().to_owned();
    let stored: Result<Stored, Refused> =
        shared.store.write(move |db| invited::rate(db, &link, (&rating, &from), &host, &rules, at)).await;
    Ok((signed(shared, stored?)?, origin))
}

/// The invitation of a token; a false one never reaches the database.
fn open(request: &HttpRequest, shared: &Shared, token: &str) -> Result<Opened, Refusal> {
    shared.trust.ratings.check(&format!("invitation/{}", callers::who(request, shared)))?;
    invitation::read(&shared.trust.secret, token).ok_or_else(|| Code::LinkDead.into())
}
