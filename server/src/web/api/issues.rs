//! The verbs on issues, as JSON: read, then one handler a verb.

pub mod aftercare;
pub mod deferral;
pub mod joint;
pub mod rulings;
pub mod supervision;
pub mod unit;
pub mod window;

use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path},
};
use qiyema_protocol::staff::{
    Accept, Assign, Close, EventList, Extend, IssueView, NewIssue, Progress, Report,
};

use crate::{
    actions::{
        Refused, Rules,
        issue::{accept, assign, close, extend, open, progress as report_progress, read, records, report},
        rights::Actor,
    },
    clock::Timestamp,
    store::connection::Db,
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// One issue.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = IssueView), Refusals))]
#[get("/api/v1/staff/issues/{number}")]
pub async fn one(
    staff: Staff,
    number: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<IssueView>, Refusal> {
    let (number, rules, at) = (number.into_inner(), shared.rules(), shared.clock.now());
    let found: Result<IssueView, Refused> = shared
        .store
        .read(move |db| {
            staff.0.may(crate::actions::rights::Deed::ReadIssues)?;
            read::one(db, &staff.0, &number, &rules, at)
        })
        .await;
    Ok(Json(found?))
}

/// Everything that happened to an issue, oldest first.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = EventList), Refusals))]
#[get("/api/v1/staff/issues/{number}/events")]
pub async fn events(
    staff: Staff,
    number: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<EventList>, Refusal> {
    let number = number.into_inner();
    let found: Result<EventList, Refused> =
        shared.store.read(move |db| records::events(db, &staff.0, &number)).await;
    Ok(Json(found?))
}

/// Register an issue.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), request_body = NewIssue, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/enterprises/{id}/issues")]
pub async fn register(
    staff: Staff,
    id: Path<String>,
    body: Json<NewIssue>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, id.into_inner(), body.into_inner(), open::open).await
}

/// Runs a verb in a transaction of its own and answers with the issue as it stands.
async fn act<Body, Verb>(
    shared: &Data<Shared>,
    staff: Staff,
    subject: String,
    body: Body,
    verb: Verb,
) -> Result<HttpResponse, Refusal>
where
    Body: Send + 'static,
    Verb: Fn(&mut Db, &Actor, &str, &Body, &Rules, Timestamp) -> Result<IssueView, Refused> + Send + 'static,
{
    let (rules, at) = (shared.rules(), shared.clock.now());
    let done: Result<IssueView, Refused> =
        shared.store.write(move |db| verb(db, &staff.0, &subject, &body, &rules, at)).await;
    let done = done?;
    let place = format!("/api/v1/staff/issues/{}", done.number);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, place)).json(done))
}

/// Accept: the handling clock starts.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Accept, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/acceptance")]
pub async fn acceptance(
    staff: Staff,
    number: Path<String>,
    body: Json<Accept>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), accept::accept).await
}

/// Assign to a unit and a handler.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Assign, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/assignment")]
pub async fn assignment(
    staff: Staff,
    number: Path<String>,
    body: Json<Assign>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), assign::assign).await
}

/// Report progress to the owner.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Progress, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/progress")]
pub async fn progress(
    staff: Staff,
    number: Path<String>,
    body: Json<Progress>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), report_progress::progress).await
}

/// Extend the promise, once.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Extend, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/extension")]
pub async fn extension(
    staff: Staff,
    number: Path<String>,
    body: Json<Extend>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), extend::extend).await
}

/// Hand the result in for review.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Report, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/result")]
pub async fn result(
    staff: Staff,
    number: Path<String>,
    body: Json<Report>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), report::report).await
}

/// Close after review, by somebody else.
#[utoipa::path(tag = "staff", params(("number" = String, Path)), request_body = Close, security(("staff" = [])),
    responses((status = 201, body = IssueView), Refusals))]
#[post("/api/v1/staff/issues/{number}/closure")]
pub async fn closure(
    staff: Staff,
    number: Path<String>,
    body: Json<Close>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    act(&shared, staff, number.into_inner(), body.into_inner(), close::close).await
}
