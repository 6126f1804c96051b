//! API tokens of channel systems.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::administration::{ApiTokenList, NewApiToken, NewApiTokenMade};

use super::{clean, read, write};
use crate::{
    actions::admin::api_token,
    clock::Ids,
    secrets::token::{fingerprint, opaque},
    web::{
        callers::{API_TOKEN_PREFIX, Staff},
        problem::Refusal,
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// All tokens; never the tokens themselves.
#[utoipa::path(tag = "administration", security(("staff" = [])), responses((status = 200, body = ApiTokenList), Refusals))]
#[get("/api/v1/admin/tokens")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<ApiTokenList>, Refusal> {
    let tokens = read(staff, &shared, |db, actor, _, _| api_token::list(db, actor)).await?;
    Ok(Json(ApiTokenList { tokens }))
}

/// Make a token, shown in this answer and nowhere else.
#[utoipa::path(tag = "administration", request_body = NewApiToken, security(("staff" = [])),
    responses((status = 201, body = NewApiTokenMade), Refusals))]
#[post("/api/v1/admin/tokens")]
pub async fn create(
    staff: Staff,
    body: Json<NewApiToken>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Created().json(make(&shared, staff, body.into_inner()).await?))
}

/// Makes a token; for the console as well.
pub async fn make(shared: &Data<Shared>, staff: Staff, new: NewApiToken) -> Result<NewApiTokenMade, Refusal> {
    let (secret, _) = opaque(Ids).map_err(|error| internal(&error))?;
    let token = format!("{API_TOKEN_PREFIX}{secret}");
    let kept = fingerprint(&token);
    let listed =
        write(staff, shared, move |db, actor, _, at| api_token::make(db, actor, &new, &kept, at)).await?;
    Ok(NewApiTokenMade { token, listed })
}

/// Revoke a token; it opens nothing from the next request on.
#[utoipa::path(tag = "administration", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/admin/tokens/{id}")]
pub async fn revoke(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let id = clean(id.into_inner())?;
    write(staff, &shared, move |db, actor, _, at| api_token::revoke(db, actor, &id, at)).await?;
    Ok(HttpResponse::NoContent().finish())
}
