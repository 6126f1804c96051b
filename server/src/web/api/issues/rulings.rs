//! Rulings on what a unit asked for, as JSON.

use actix_web::{
    HttpResponse, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{IssueView, RefuseExtension, RuleReturn};

use super::act;
use crate::{
    actions::issue::{refuse_extension, rule_return},
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Rule on a return; final.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = RuleReturn, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/return-ruling")]
pub async fn return_ruling(
    staff: Staff,
    number: Path<String>,
    body: Json<RuleReturn>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), rule_return::rule_return).await
}

/// Refuse an extension.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = RefuseExtension, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/extension-refusal")]
pub async fn extension_refusal(
    staff: Staff,
    number: Path<String>,
    body: Json<RefuseExtension>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), refuse_extension::refuse_extension).await
}
