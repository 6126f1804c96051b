//! The urging chain.

use actix_web::{
    HttpResponse, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{IssueView, Supervise};

use super::act;
use crate::{
    actions::issue::supervise,
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Remind whoever is responsible.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Supervise, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/reminder")]
pub async fn reminder(
    staff: Staff,
    number: Path<String>,
    body: Json<Supervise>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), supervise::remind).await
}

/// Put the issue under supervision.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Supervise, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/supervision")]
pub async fn supervision(
    staff: Staff,
    number: Path<String>,
    body: Json<Supervise>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), supervise::supervise).await
}

/// Lift the issue to the next level and before the leaders.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Supervise, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/escalation")]
pub async fn escalation(
    staff: Staff,
    number: Path<String>,
    body: Json<Supervise>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), supervise::escalate).await
}

/// Give a circular notice.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Supervise, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/circular-notice")]
pub async fn notice(
    staff: Staff,
    number: Path<String>,
    body: Json<Supervise>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), supervise::notify).await
}
