//! The verbs of the units that work on an issue, as JSON.

use actix_web::{
    HttpResponse, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{
    AddAssisting, Assist, HandOver, IssueView, Reach, RequestExtension, RequestReturn, SignFor,
};

use super::act;
use crate::{
    actions::issue::{add_assisting, assist, hand_over, reach, request_extension, request_return, sign_for},
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Sign for an assigned issue.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = SignFor, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/signature")]
pub async fn signature(
    staff: Staff,
    number: Path<String>,
    body: Json<SignFor>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), sign_for::sign_for).await
}

/// Change the handler.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = HandOver, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/handover")]
pub async fn handover(
    staff: Staff,
    number: Path<String>,
    body: Json<HandOver>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), hand_over::hand_over).await
}

/// Record that the enterprise was contacted and told who handles its issue.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Reach, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/contact")]
pub async fn contact(
    staff: Staff,
    number: Path<String>,
    body: Json<Reach>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), reach::reach).await
}

/// Ask to return an issue that is another unit's.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = RequestReturn, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/return")]
pub async fn return_request(
    staff: Staff,
    number: Path<String>,
    body: Json<RequestReturn>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), request_return::request_return).await
}

/// Ask for an extension.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = RequestExtension, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/extension-request")]
pub async fn extension_request(
    staff: Staff,
    number: Path<String>,
    body: Json<RequestExtension>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), request_extension::request_extension).await
}

/// Ask another unit to assist.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = AddAssisting, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/assisting-unit")]
pub async fn assisting_unit(
    staff: Staff,
    number: Path<String>,
    body: Json<AddAssisting>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), add_assisting::add_assisting).await
}

/// Answer as an assisting unit.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Assist, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/assistance")]
pub async fn assistance(
    staff: Staff,
    number: Path<String>,
    body: Json<Assist>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), assist::assist).await
}
