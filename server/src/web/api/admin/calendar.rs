//! The calendar of working days.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use qiyema_protocol::directory::{CalendarChange, CalendarFile, CalendarYear};

use super::{read, write};
use crate::{
    actions::calendar::{
        import::{self, Reach},
        show,
    },
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Years that are known, and the present and next one.
#[utoipa::path(tag = "administration", security(("staff" = [])), responses((status = 200, body = Vec<CalendarYear>), Refusals))]
#[get("/api/v1/admin/calendar")]
pub async fn years(staff: Staff, shared: Data<Shared>) -> Result<Json<Vec<CalendarYear>>, Refusal> {
    let years = read(staff, &shared, |db, actor, rules, at| show::years(db, actor, rules.day(at)));
    Ok(Json(years.await?))
}

/// What a file would change; nothing is saved.
#[utoipa::path(tag = "administration", request_body = CalendarFile, security(("staff" = [])),
    responses((status = 200, body = CalendarChange), Refusals))]
#[post("/api/v1/admin/calendar/preview")]
pub async fn preview(
    staff: Staff,
    body: Json<CalendarFile>,
    shared: Data<Shared>,
) -> Result<Json<CalendarChange>, Refusal> {
    let file = body.into_inner();
    let looked = read(staff, &shared, move |db, actor, rules, at| {
        import::preview(db, actor, &file, Reach::From(rules.day(at)))
    });
    Ok(Json(looked.await?))
}

/// Take a file: its years become official, and provisional promises are soon computed again.
#[utoipa::path(tag = "administration", request_body = CalendarFile, security(("staff" = [])),
    responses((status = 201, body = CalendarChange), Refusals))]
#[post("/api/v1/admin/calendar/imports")]
pub async fn take(
    staff: Staff,
    body: Json<CalendarFile>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Created().json(import_file(&shared, staff, body.into_inner()).await?))
}

/// Takes a file; for the console as well. The job that watches the calendar moves
/// the promises, an issue a transaction, so a stop in the middle loses nothing.
pub async fn import_file(
    shared: &Data<Shared>,
    staff: Staff,
    file: CalendarFile,
) -> Result<CalendarChange, Refusal> {
    let (asked, actor) = (file.clone(), Staff(staff.0.clone()));
    let change = read(actor, shared, move |db, actor, rules, at| {
        import::preview(db, actor, &asked, Reach::From(rules.day(at)))
    });
    let change = change.await?;
    write(staff, shared, move |db, actor, rules, at| {
        import::take(db, actor, &file, Reach::From(rules.day(at)), at)
    })
    .await?;
    shared.refresh().await?;
    Ok(change)
}
