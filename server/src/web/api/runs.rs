//! Runs that issue codes for many enterprises, and their files, as JSON and ZIP;
//! the console calls the same functions.

use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::code_runs::{CodeRun, CodeRunList, CodeRunPreview, NewCodeRun};
use serde::Deserialize;

use crate::{
    actions::{
        Refused,
        code::runs::{self, Asked},
        rights::{Actor, Deed},
    },
    web::{
        api::symbols::{on_paper, unfit},
        bundle::{self, Wish},
        callers::Staff,
        press::{Format, Press, Unmade, Wanted},
        problem::{Code, Refusal},
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// Issue codes for all enterprises without one, or some of them: a preview without `confirm`
/// (200); with the number that the preview said, a run begins (202) and goes on by itself.
#[utoipa::path(tag = "staff", request_body = NewCodeRun, security(("staff" = [])),
    responses((status = 200, body = CodeRunPreview), (status = 202, body = CodeRun), Refusals))]
#[post("/api/v1/staff/code-runs")]
pub async fn begin(
    staff: Staff,
    body: Json<NewCodeRun>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    match asked(&shared, staff.0, body.into_inner()).await? {
        Asked::Preview(preview) => Ok(HttpResponse::Ok().json(preview)),
        Asked::Runs(run) => {
            let place = format!("/api/v1/staff/code-runs/{}", run.id);
            Ok(HttpResponse::Accepted().insert_header((header::LOCATION, place)).json(run))
        }
    }
}

/// Previews or begins, for every front.
pub async fn asked(shared: &Shared, actor: Actor, new: NewCodeRun) -> Result<Asked, Refusal> {
    let (rules, at) = (shared.rules(), shared.clock.now());
    let asked: Result<Asked, Refused> = if new.confirm.is_some() {
        shared.store.write(move |db| runs::ask(db, &actor, &new, &rules, at)).await
    } else {
        shared.store.read(move |db| runs::ask(db, &actor, &new, &rules, at)).await
    };
    Ok(asked?)
}

/// Runs, newest first.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 200, body = CodeRunList), Refusals))]
#[get("/api/v1/staff/code-runs")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<CodeRunList>, Refusal> {
    let runs: Result<_, Refused> = shared.store.read(move |db| runs::list(db, &staff.0)).await;
    Ok(Json(CodeRunList { runs: runs? }))
}

/// How far a run is.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = CodeRun), Refusals))]
#[get("/api/v1/staff/code-runs/{id}")]
pub async fn one(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<Json<CodeRun>, Refusal> {
    let run: Result<CodeRun, Refused> = shared.store.read(move |db| runs::show(db, &staff.0, &id)).await;
    Ok(Json(run?))
}

/// Stop a run. What was issued stands.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = CodeRun), Refusals))]
#[post("/api/v1/staff/code-runs/{id}/cancellation")]
pub async fn cancel(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let at = shared.clock.now();
    let run: Result<CodeRun, Refused> =
        shared.store.write(move |db| runs::cancel(db, &staff.0, &id, at)).await;
    Ok(HttpResponse::Created().json(run?))
}

/// How the symbols of a run are printed.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Print {
    /// `svg`, unless said so, or `png`.
    #[serde(default)]
    pub format: Format,
    /// Width on paper in millimetres, with the quiet zone; 30 unless said so.
    #[param(minimum = 10, maximum = 500)]
    pub mm: Option<u16>,
    /// Dots an inch of the printer, 300 unless said so; for `png`.
    #[param(minimum = 72, maximum = 2400)]
    pub dpi: Option<u16>,
    /// Print although the public address is plain http, for trying out.
    #[serde(default)]
    pub trial: bool,
}

/// The symbols of a part of a run (10,000 codes) with a table of them, `manifest.csv`, as a ZIP. Codes
/// that do not stand any more are in the table only.
#[utoipa::path(tag = "staff", params(("id" = String, Path), ("part" = u32, Path, minimum = 1), Print),
    security(("staff" = [])),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Refusals))]
#[get("/api/v1/staff/code-runs/{id}/symbols/{part}.zip")]
pub async fn symbols(
    staff: Staff,
    path: Path<(String, u32)>,
    print: Query<Print>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (run, part) = path.into_inner();
    zipped(&shared, Wish { actor: staff.0, run, part }, *print).await
}

/// A part as a ZIP, for every front. Refused before the first byte is sent, if it must be.
pub async fn zipped(shared: &Shared, wish: Wish, print: Print) -> Result<HttpResponse, Refusal> {
    wish.actor.may(Deed::IssueCode)?;
    let (asker, id) = (wish.actor.clone(), wish.run.clone());
    let run: Result<CodeRun, Refused> = shared.store.read(move |db| runs::show(db, &asker, &id)).await;
    if !(1..=run?.parts).contains(&wish.part) {
        return Err(Code::NotFound.into());
    }
    let mm = on_paper(print.mm.unwrap_or(30), print.dpi, print.trial, &shared.trust.host)?;
    let press = Press {
        keys: shared.trust.keys.now(),
        host: shared.trust.host.clone(),
        format: print.format,
        mm,
        dpi: print.dpi.unwrap_or(300),
    };
    let first = bundle::page(shared, &wish, 0).await?;
    if let Some(row) = first.iter().find(|row| row.ending.is_none()) {
        match press.file(&Wanted { code: row.code.id.clone(), kid: row.code.kid }) {
            Ok(_) | Err(Unmade::Retired | Unmade::Absent) => {}
            Err(Unmade::Picture(picture)) => return Err(unfit(picture)),
            Err(other) => return Err(internal(&other)),
        }
    }
    let name = format!("attachment; filename=\"symbols-{:03}.zip\"", wish.part);
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // Packed already.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(bundle::stream(shared.clone(), wish, press)))
}
