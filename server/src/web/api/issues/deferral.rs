//! Verbs about what cannot be solved yet.

use actix_web::{
    HttpResponse, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{Defer, IssueView, RefuseDeferral, RequestDeferral, Resume};

use super::act;
use crate::{
    actions::issue::{
        defer, refuse_deferral as refuse, request_deferral as request, resume, review_deferral as review,
    },
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Ask the centre to defer.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = RequestDeferral, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/deferral-request")]
pub async fn request_for(
    staff: Staff,
    number: Path<String>,
    body: Json<RequestDeferral>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), request::request_deferral).await
}

/// Defer: the handling clock stops until handling is resumed.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Defer, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/deferral")]
pub async fn deferral(
    staff: Staff,
    number: Path<String>,
    body: Json<Defer>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), defer::defer).await
}

/// Refuse to defer.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = RefuseDeferral, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/deferral-refusal")]
pub async fn refusal(
    staff: Staff,
    number: Path<String>,
    body: Json<RefuseDeferral>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), refuse::refuse_deferral).await
}

/// Look at a deferral again and set the next day of review.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Defer, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/deferral-review")]
pub async fn next_review(
    staff: Staff,
    number: Path<String>,
    body: Json<Defer>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), review::review_deferral).await
}

/// Resume: the promise is counted again from the working days that were left.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Resume, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/resumption")]
pub async fn resumption(
    staff: Staff,
    number: Path<String>,
    body: Json<Resume>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), resume::resume).await
}
