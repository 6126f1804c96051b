//! The verbs of the window, as JSON.

use actix_web::{
    HttpResponse, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{
    AskSupplement, IssueView, Merge, OnBehalf, Reclassify, Reject, WishOnBehalf, WithdrawOnBehalf,
};

use super::act;
use crate::{
    actions::issue::{
        add_facts, appeal as appeal_against, ask_supplement, merge, reclassify, reject, supplement as add,
        urge, withdraw,
    },
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Do not accept, with a reason and the right channel.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Reject, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/rejection")]
pub async fn rejection(
    staff: Staff,
    number: Path<String>,
    body: Json<Reject>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), reject::reject).await
}

/// Ask the owner for what is missing.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = AskSupplement, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/supplement-request")]
pub async fn supplement_request(
    staff: Staff,
    number: Path<String>,
    body: Json<AskSupplement>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), ask_supplement::ask_supplement).await
}

/// Correct the category, before a unit has the issue.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Reclassify, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/reclassification")]
pub async fn reclassification(
    staff: Staff,
    number: Path<String>,
    body: Json<Reclassify>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), reclassify::reclassify).await
}

/// Add what was asked for, for an owner who telephones.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = OnBehalf, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/supplement")]
pub async fn supplement(
    staff: Staff,
    number: Path<String>,
    body: Json<OnBehalf>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), add::supplement).await
}

/// Appeal against a rejection, once, for an owner who telephones.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = OnBehalf, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/appeal")]
pub async fn appeal(
    staff: Staff,
    number: Path<String>,
    body: Json<OnBehalf>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), appeal_against::appeal).await
}

/// Add facts, for an owner who telephones.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = OnBehalf, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/facts")]
pub async fn facts(
    staff: Staff,
    number: Path<String>,
    body: Json<OnBehalf>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), add_facts::add_facts).await
}

/// Urge, for an owner who telephones.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = WishOnBehalf, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/urging")]
pub async fn urging(
    staff: Staff,
    number: Path<String>,
    body: Json<WishOnBehalf>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), urge::urge).await
}

/// Withdraw, for an owner who telephones and says why.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = WithdrawOnBehalf, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/withdrawal")]
pub async fn withdrawal(
    staff: Staff,
    number: Path<String>,
    body: Json<WithdrawOnBehalf>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), withdraw::withdraw).await
}

/// Merge into another open issue, with a reason.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Merge, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/merger")]
pub async fn merger(
    staff: Staff,
    number: Path<String>,
    body: Json<Merge>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), merge::merge).await
}
