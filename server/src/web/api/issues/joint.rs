//! Verbs by which several departments act together, and the return of a result.

use actix_web::{
    HttpResponse, post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{HoldConference, IssueView, OpenConference, SendBack};

use super::act;
use crate::{
    actions::issue::{hold_conference as hold, open_conference as open, send_back},
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Call a conference: its units assist from now on.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = OpenConference, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/conference")]
pub async fn conference(
    staff: Staff,
    number: Path<String>,
    body: Json<OpenConference>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), open::open_conference).await
}

/// Enter the minutes of a conference, as the leader in charge.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = HoldConference, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/conference-minutes")]
pub async fn minutes(
    staff: Staff,
    number: Path<String>,
    body: Json<HoldConference>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), hold::hold_conference).await
}

/// Send a result back to its handler.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = SendBack, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/sending-back")]
pub async fn sending_back(
    staff: Staff,
    number: Path<String>,
    body: Json<SendBack>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), send_back::send_back).await
}
