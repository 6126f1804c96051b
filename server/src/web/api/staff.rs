//! Enterprises, their codes, and what staff choose from.

use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::{
    seal::CodeId,
    staff::{
        Choice, Choices, CodeView, EnterpriseList, EnterpriseView, HandlerChoice, IssuedCode, NewEnterprise,
        Revoke,
    },
    text::Text,
};
use serde::Deserialize;

use crate::{
    actions::{
        Refused, code, enterprise,
        rights::{Actor, Deed},
    },
    clock::Ids,
    store::directory,
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// What to look for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// Part of a name or USCC.
    #[param(max_length = 100)]
    pub q: Option<String>,
}

/// Units, handlers, categories and channels to choose from.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 200, body = Choices), Refusals))]
#[get("/api/v1/staff/choices")]
pub async fn choices(_staff: Staff, shared: Data<Shared>) -> Result<Json<Choices>, Refusal> {
    let choices: Result<Choices, Refused> = shared
        .store
        .read(|db| {
            let choice = |id: String, zh: String, en: String| Choice { id, name: Text::new(zh, en) };
            Ok(Choices {
                units: directory::units(db)?
                    .into_iter()
                    .map(|r| choice(r.id, r.name_zh, r.name_en))
                    .collect(),
                handlers: directory::handlers(db)?
                    .into_iter()
                    .map(|(username, name, unit)| HandlerChoice { username, name, unit })
                    .collect(),
                categories: directory::categories(db)?
                    .into_iter()
                    .map(|r| choice(r.id, r.name_zh, r.name_en))
                    .collect(),
                channels: directory::channels(db)?
                    .into_iter()
                    .map(|r| choice(r.id, r.name_zh, r.name_en))
                    .collect(),
            })
        })
        .await;
    Ok(Json(choices?))
}

/// Find enterprises.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, body = EnterpriseList), Refusals))]
#[get("/api/v1/staff/enterprises")]
pub async fn enterprises(
    staff: Staff,
    find: Query<Find>,
    shared: Data<Shared>,
) -> Result<Json<EnterpriseList>, Refusal> {
    let (text, rules) = (find.into_inner().q.unwrap_or_default(), shared.rules());
    let found: Result<Vec<EnterpriseView>, Refused> =
        shared.store.read(move |db| enterprise::search(db, &staff.0, &text, &rules)).await;
    Ok(Json(EnterpriseList { enterprises: found? }))
}

/// Register an enterprise.
#[utoipa::path(tag = "staff", request_body = NewEnterprise, security(("staff" = [])),
    responses((status = 201, body = EnterpriseView), Refusals))]
#[post("/api/v1/staff/enterprises")]
pub async fn register(
    staff: Staff,
    body: Json<NewEnterprise>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (new, at) = (body.into_inner(), shared.clock.now());
    let made: Result<EnterpriseView, Refused> =
        shared.store.write(move |db| enterprise::register(db, &staff.0, &new, at)).await;
    let made = made?;
    let place = format!("/api/v1/staff/enterprises/{}", made.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, place)).json(made))
}

/// One enterprise with its codes.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = EnterpriseView), Refusals))]
#[get("/api/v1/staff/enterprises/{id}")]
pub async fn one(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<EnterpriseView>, Refusal> {
    let (id, rules) = (id.into_inner(), shared.rules());
    let found: Result<EnterpriseView, Refused> =
        shared.store.read(move |db| enterprise::show(db, &staff.0, &id, &rules)).await;
    Ok(Json(found?))
}

/// Issue a code, or re-issue: the older code then says that it was replaced. The PIN is shown once.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = IssuedCode), Refusals))]
#[post("/api/v1/staff/enterprises/{id}/codes")]
pub async fn issue_code(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Created().json(issued(&shared, staff.0, id.into_inner()).await?))
}

/// Issues a code with a new PIN, for every front.
pub async fn issued(shared: &Shared, actor: Actor, id: String) -> Result<IssuedCode, Refusal> {
    actor.may(Deed::IssueCode)?;
    let code = CodeId(Ids.bytes().map_err(|error| internal(&error))?);
    let keys = shared.trust.keys.now();
    let seal = keys.signer.seal(&shared.trust.host, code).map_err(|error| internal(&error))?;
    let (kid, at, pins) = (keys.signer.kid(), shared.clock.now(), shared.trust.pin_key.clone());
    let issued: Result<code::Issued, Refused> =
        shared.store.write(move |db| code::issue(db, &actor, &id, (code, kid), &pins, at)).await;
    let issued = issued?;
    Ok(IssuedCode {
        code: issued.code,
        seal_text: seal.text(&shared.trust.host),
        pin: issued.pin.unwrap_or_default(),
        replaces: issued.replaces,
    })
}

/// Revoke a code.
#[utoipa::path(tag = "staff", params(("code" = String, Path)), request_body = Revoke, security(("staff" = [])),
    responses((status = 201, body = CodeView), Refusals))]
#[post("/api/v1/staff/codes/{code}/revocation")]
pub async fn revoke(
    staff: Staff,
    code: Path<String>,
    body: Json<Revoke>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (code, body, at) = (code.into_inner(), body.into_inner(), shared.clock.now());
    let done: Result<CodeView, Refused> = shared
        .store
        .write(move |db| code::revoke(db, &staff.0, &code, (body.reason_code, &body.reason), at))
        .await;
    Ok(HttpResponse::Created().json(done?))
}
