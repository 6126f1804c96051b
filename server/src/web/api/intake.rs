//! Intake, as JSON: what was asked before, what a category suggests, files.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::intake::{AttachmentList, AttachmentView, SimilarList, Suggestion, Upload};
use serde::Deserialize;

use crate::{
    actions::{Refused, intake as deed},
    store::attachments::AttachmentRow,
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::Refusals,
        shared::Shared,
        uploads::{self, ATTACHMENTS},
    },
};

/// What is about to be registered.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct About {
    /// Subject, as far as it is typed.
    #[param(max_length = 200)]
    pub subject: String,
    /// Category id, once chosen.
    #[param(max_length = 40)]
    pub category: Option<String>,
}

/// Issues of an enterprise that may be about the same matter.
#[utoipa::path(tag = "staff", params(("id" = String, Path), About), security(("staff" = [])),
    responses((status = 200, body = SimilarList), Refusals))]
#[get("/api/v1/staff/enterprises/{id}/issues/similar")]
pub async fn similar(
    staff: Staff,
    id: Path<String>,
    about: Query<About>,
    shared: Data<Shared>,
) -> Result<Json<SimilarList>, Refusal> {
    let (about, at) = (about.into_inner(), shared.clock.now());
    let found: Result<SimilarList, Refused> = shared
        .store
        .read(move |db| {
            let asked = (about.subject.as_str(), about.category.as_deref());
            deed::similar::similar(db, &staff.0, &id, asked, at)
        })
        .await;
    Ok(Json(found?))
}

/// Grade, limit and leading unit that a category suggests.
#[utoipa::path(tag = "staff", params(("category" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = Suggestion), Refusals))]
#[get("/api/v1/staff/categories/{category}/suggestion")]
pub async fn suggestion(
    staff: Staff,
    category: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<Suggestion>, Refusal> {
    let found: Result<Suggestion, Refused> =
        shared.store.read(move |db| deed::suggest::suggest(db, &staff.0, &category)).await;
    Ok(Json(found?))
}

/// Files of an issue.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = AttachmentList), Refusals))]
#[get("/api/v1/staff/issues/{number}/attachments")]
pub async fn attachments(
    staff: Staff,
    number: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<AttachmentList>, Refusal> {
    let found: Result<Vec<AttachmentView>, Refused> =
        shared.store.read(move |db| deed::attach::list(db, &staff.0, &number)).await;
    Ok(Json(AttachmentList { attachments: found? }))
}

/// For whom files are attached.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Audience {
    /// Whether the owner may see them; no, unless said so.
    #[serde(default)]
    pub for_owner: bool,
}

/// Attach PNG, JPEG, WebP or PDF; metadata of pictures is left out.
#[utoipa::path(tag = "staff", params(("number" = String, Path), Audience), security(("staff" = [])),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentList), Refusals))]
#[post("/api/v1/staff/issues/{number}/attachments")]
pub async fn attach(
    staff: Staff,
    number: Path<String>,
    audience: Query<Audience>,
    form: Multipart,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    // Whoever may not attach does not fill the disk either.
    let (actor, asked) = (staff.0.clone(), number.clone());
    let may: Result<(), Refused> =
        shared.store.read(move |db| deed::attach::may_attach(db, &actor, &asked).map(drop)).await;
    may?;
    let sent = uploads::receive(form, &shared, ATTACHMENTS).await?;
    let kept = uploads::keep(&shared, sent.files).await?;
    let (for_owner, at) = (audience.for_owner, shared.clock.now());
    let place = format!("/api/v1/staff/issues/{number}/attachments");
    let done: Result<Vec<AttachmentView>, Refused> = shared
        .store
        .write(move |db| deed::attach::by_staff(db, &staff.0, &number, &kept, for_owner, at))
        .await;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(AttachmentList { attachments: done? }))
}

/// One file of an issue.
#[utoipa::path(tag = "staff", params(("number" = String, Path), ("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
#[get("/api/v1/staff/issues/{number}/attachments/{id}")]
pub async fn file(
    staff: Staff,
    path: Path<(String, String)>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (number, id) = path.into_inner();
    let found: Result<AttachmentRow, Refused> =
        shared.store.read(move |db| deed::attach::find(db, &staff.0, &number, &id)).await;
    uploads::hand_over(&Arc::clone(&shared.files), &found?).await
}
