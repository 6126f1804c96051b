//! Ratings as staff read them, and appeals against them.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json, Path, Query},
};
use chrono::NaiveDate;
use qiyema_protocol::{
    appeal::{NewAppeal, NewDecision, RatingList, RatingView, Show},
    rating::{NewRating, Verdict},
};
use serde::Deserialize;

use super::admin::{self, clean};
use crate::{
    actions::{
        appeal::{self, list as lists},
        rate::call_back,
    },
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Which ratings.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// With or without an appeal; all, if absent.
    #[param(inline)]
    pub show: Option<Show>,
    /// Good or bad ones only.
    #[param(inline)]
    pub verdict: Option<Verdict>,
    /// Id of the unit that stood behind the closure.
    pub unit: Option<String>,
    /// First day of the closures, local: as the figures count them.
    pub from: Option<NaiveDate>,
    /// Last day of the closures, local.
    pub to: Option<NaiveDate>,
    /// Id of a tag, or a version of the catalogue and the id (`1/passed_around`) for those who chose it in those words.
    pub tag: Option<String>,
    /// `next` of the page before.
    pub before: Option<String>,
}

/// Ratings, newest first, with their appeals: by when they were given; where a unit or days are asked for, by when their
/// closures were made; with `show`, by the appeal, the flag or the link. People of units read those of their unit's
/// closures; nobody reads who rated.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, body = RatingList), Refusals))]
#[get("/api/v1/staff/ratings")]
pub async fn list(
    staff: Staff,
    find: Query<Find>,
    shared: Data<Shared>,
) -> Result<Json<RatingList>, Refusal> {
    let Find { show, verdict, unit, from, to, tag, before } = find.into_inner();
    let [unit, tag, before] = [unit, tag, before].map(|text| text.map(clean).transpose());
    let (unit, tag, before) = (unit?, tag?, before?);
    let find = lists::Find { show: show.unwrap_or_default(), verdict, unit, from, to, tag, before };
    let found =
        admin::read(staff, &shared, move |db, actor, rules, at| lists::list(db, actor, &find, rules, at));
    Ok(Json(found.await?))
}

/// One rating and the appeal against it.
#[utoipa::path(tag = "staff", params(("rating" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = RatingView), Refusals))]
#[get("/api/v1/staff/ratings/{rating}")]
pub async fn one(
    staff: Staff,
    rating: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<RatingView>, Refusal> {
    let id = clean(rating.into_inner())?;
    Ok(Json(
        admin::read(staff, &shared, move |db, actor, rules, at| appeal::one(db, actor, &id, rules, at))
            .await?,
    ))
}

/// Appeal against a rating, for the unit that stood behind the closure; once.
#[utoipa::path(tag = "staff", params(("rating" = String, Path)), request_body = NewAppeal, security(("staff" = [])),
    responses((status = 201, body = RatingView), Refusals))]
#[post("/api/v1/staff/ratings/{rating}/appeal")]
pub async fn appeal_against(
    staff: Staff,
    rating: Path<String>,
    body: Json<NewAppeal>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, new) = (clean(rating.into_inner())?, body.into_inner());
    let done = admin::write(staff, &shared, move |db, actor, rules, at| {
        appeal::file(db, actor, &id, &new, rules, at)
    })
    .await?;
    Ok(HttpResponse::Created().json(done))
}

/// Decide on an appeal of a unit that is not one's own; once a person. Two equal decisions are the outcome, a third
/// settles two that differ.
#[utoipa::path(tag = "staff", params(("rating" = String, Path)), request_body = NewDecision, security(("staff" = [])),
    responses((status = 201, body = RatingView), Refusals))]
#[post("/api/v1/staff/ratings/{rating}/decisions")]
pub async fn decide(
    staff: Staff,
    rating: Path<String>,
    body: Json<NewDecision>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, new) = (clean(rating.into_inner())?, body.into_inner());
    let done = admin::write(staff, &shared, move |db, actor, rules, at| {
        appeal::decide(db, actor, &id, &new, rules, at)
    })
    .await?;
    Ok(HttpResponse::Created().json(done))
}

/// Enter what an enterprise said on the telephone as a rating: marked as such, with the officer's name, and shown
/// apart. The owner's own is never replaced by it.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = NewRating, security(("staff" = [])),
    responses((status = 201, body = RatingView), Refusals))]
#[post("/api/v1/staff/issues/{number}/call-back-rating")]
pub async fn rate_by_call(
    staff: Staff,
    number: Path<String>,
    body: Json<NewRating>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (number, new) = (clean(number.into_inner())?, body.into_inner());
    let host = shared.trust.host.as_str().to_owned();
    let done = admin::write(staff, &shared, move |db, actor, rules, at| {
        call_back::enter_for(db, actor, &number, new.clone(), &host, rules, at)
    });
    Ok(HttpResponse::Created().json(done.await?))
}
