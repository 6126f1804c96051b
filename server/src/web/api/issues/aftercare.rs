//! Verbs after closing: rectification and call-back.

use actix_web::{
    HttpResponse, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{CallAttempt, CallBack, FollowUp, IssueView, Object, Rectified};

use super::act;
use crate::{
    actions::issue::{archive, attempt, contact, fix, follow_up, object, reopen},
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Enter an objection for an owner who telephones.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Object, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/objection")]
pub async fn objection(
    staff: Staff,
    number: Path<String>,
    body: Json<Object>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), object::object).await
}

/// Record that the enterprise was contacted about its rating.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Rectified, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/rectification-contact")]
pub async fn contacted(
    staff: Staff,
    number: Path<String>,
    body: Json<Rectified>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), contact::contact).await
}

/// Hand in what was put right; somebody else will check it.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Rectified, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/rectification-result")]
pub async fn fixed(
    staff: Staff,
    number: Path<String>,
    body: Json<Rectified>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), fix::fix).await
}

/// Begin a call-back about a closed issue.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = FollowUp, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/follow-up")]
pub async fn call_back(
    staff: Staff,
    number: Path<String>,
    body: Json<FollowUp>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), follow_up::follow_up).await
}

/// Note a call that reached nobody; the call-back goes on.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = CallAttempt, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/call-attempt")]
pub async fn call_attempt(
    staff: Staff,
    number: Path<String>,
    body: Json<CallAttempt>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), attempt::attempt).await
}

/// Archive with what the call-back came to. After a rectification the enterprise must have been reached, or
/// called in vain on as many working days as `workflow.call_attempts` says.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = CallBack, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/archiving")]
pub async fn archiving(
    staff: Staff,
    number: Path<String>,
    body: Json<CallBack>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), archive::archive).await
}

/// Reopen with what the call-back came to: a new round with a new promise.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = CallBack, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/reopening")]
pub async fn reopening(
    staff: Staff,
    number: Path<String>,
    body: Json<CallBack>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), reopen::reopen).await
}
