//! Settings that change at run time, and the trail of administration.

use actix_web::{
    HttpResponse, delete, get, put,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::directory::{AdminTrail, EditSetting, Settings};
use serde::Deserialize;

use super::{clean, read, write};
use crate::{
    actions::admin::{
        settings::{self, Key},
        trail,
    },
    store::columns::unword,
    web::{
        callers::Staff,
        problem::{Code, Refusal},
        refusals::Refusals,
        shared::Shared,
    },
};

/// All settings with their values in force.
#[utoipa::path(tag = "administration", security(("staff" = [])), responses((status = 200, body = Settings), Refusals))]
#[get("/api/v1/admin/settings")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<Settings>, Refusal> {
    Ok(Json(read(staff, &shared, |db, actor, rules, _| settings::list(db, actor, rules)).await?))
}

/// Change one.
#[utoipa::path(tag = "administration", params(("key" = String, Path)), request_body = EditSetting,
    security(("staff" = [])), responses((status = 204), Refusals))]
#[put("/api/v1/admin/settings/{key}")]
pub async fn set(
    staff: Staff,
    key: Path<String>,
    body: Json<EditSetting>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    change(&shared, staff, &key.into_inner(), Some(body.into_inner().value)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take the value of the settings file again.
#[utoipa::path(tag = "administration", params(("key" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/admin/settings/{key}")]
pub async fn unset(staff: Staff, key: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    change(&shared, staff, &key.into_inner(), None).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes a setting and puts it in force; for the console as well.
pub async fn change(
    shared: &Data<Shared>,
    staff: Staff,
    key: &str,
    value: Option<String>,
) -> Result<(), Refusal> {
    let key: Key = unword(key).map_err(|_| Code::NotFound)?;
    let value = value.map(clean).transpose()?;
    let base = shared.live.base().clone();
    let deed = write(staff, shared, move |db, actor, rules, at| {
        settings::set(db, actor, key, value.as_deref(), (rules, &base), at)
    });
    deed.await?;
    shared.refresh().await?;
    Ok(())
}

/// Where in the trail.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// `next` of the page before.
    #[param(max_length = 40)]
    pub before: Option<String>,
}

/// Deeds of administration, latest first.
#[utoipa::path(tag = "administration", params(Find), security(("staff" = [])),
    responses((status = 200, body = AdminTrail), Refusals))]
#[get("/api/v1/admin/events")]
pub async fn events(
    staff: Staff,
    find: Query<Find>,
    shared: Data<Shared>,
) -> Result<Json<AdminTrail>, Refusal> {
    let before = find.into_inner().before.map(clean).transpose()?;
    let page = read(staff, &shared, move |db, actor, _, _| trail::list(db, actor, None, before.as_deref()));
    Ok(Json(page.await?))
}
