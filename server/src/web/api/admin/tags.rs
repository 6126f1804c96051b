//! The tags that ratings carry: every version, and publishing the next.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use qiyema_protocol::{rating::RatingTags, tags::TagVersions};

use super::{read, write};
use crate::{
    actions::admin::tags,
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Every version of the tags, latest first.
#[utoipa::path(tag = "administration", security(("staff" = [])), responses((status = 200, body = TagVersions), Refusals))]
#[get("/api/v1/admin/tags")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<TagVersions>, Refusal> {
    Ok(Json(read(staff, &shared, |db, actor, _, _| tags::list(db, actor)).await?))
}

/// Publish the next version, whole: `version` names the one that it was made from. It cannot be taken back.
#[utoipa::path(tag = "administration", request_body = RatingTags, security(("staff" = [])),
    responses((status = 201, body = RatingTags), Refusals))]
#[post("/api/v1/admin/tags")]
pub async fn publish(
    staff: Staff,
    body: Json<RatingTags>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Created().json(publish_version(&shared, staff, body.into_inner()).await?))
}

/// Publishes a version and offers it at once; for the console as well.
pub async fn publish_version(
    shared: &Data<Shared>,
    staff: Staff,
    edited: RatingTags,
) -> Result<RatingTags, Refusal> {
    let published =
        write(staff, shared, move |db, actor, _, at| tags::publish(db, actor, &edited, at)).await?;
    shared.refresh().await?;
    Ok(published)
}
