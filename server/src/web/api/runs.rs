//! Runs that issue codes for many enterprises, and their symbols and paper, as JSON and
//! ZIP; the console calls the same functions.

use actix_web::{
    HttpResponse, HttpResponseBuilder, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::{
    code_runs::{CodeRun, CodeRunList, CodeRunPreview, NewCodeRun},
    paper::RunPrint,
};
use serde::Deserialize;

use crate::{
    actions::{
        Refused,
        code::runs::{
            self, Asked,
            trail::{self, PartPrinted},
        },
        rights::{Actor, Deed},
    },
    picture::paper::{PaperError, format::Paper},
    store::code_runs::Drawn,
    web::{
        api::{
            prints,
            symbols::{on_paper, unfit},
        },
        bundle::{
            self, Wish,
            paper::{self, Binder},
        },
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
        Answer::Preview(preview) => Ok(HttpResponse::Ok().json(preview)),
        Answer::Runs(run) => {
            let place = format!("/api/v1/staff/code-runs/{}", run.id);
            Ok(HttpResponse::Accepted().insert_header((header::LOCATION, place)).json(run))
        }
    }
}

/// Previews or begins, for every front.
pub async fn asked(shared: &Shared, actor: Actor, new: NewCodeRun) -> Result<Answer, Refusal> {
    let (rules, at, who) = (shared.rules(), shared.clock.now(), actor.clone());
    let asked: Result<Asked, Refused> = shared.store.read(move |db| runs::ask(db, &who, &new, &rules)).await;
    match asked? {
        Asked::Ready(ready) => {
            let run: Result<CodeRun, Refused> =
                shared.store.write(move |db| runs::begin(db, &actor, &ready, at)).await;
            Ok(Answer::Runs(Box::new(run?)))
        }
        Asked::Runs(run) => Ok(Answer::Runs(run)),
        Asked::Preview(preview) => Ok(Answer::Preview(preview)),
    }
}

/// What came of asking for a run.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It was not confirmed: this is what it would do.
    Preview(CodeRunPreview),
    /// It runs.
    Runs(Box<CodeRun>),
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
    pub mm: Option<f64>,
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

/// A part of a run (10,000 codes) on paper: label sheets, plaques or sealed letters as PDF files of about
/// 1,200 codes, with a table of them, as a ZIP. Each symbol of the files was read again. Every code is in the
/// trail of its enterprise; a PIN is printed once, unless `again`: those printed before are in the table only.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), request_body = RunPrint, security(("staff" = [])),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Refusals))]
#[post("/api/v1/staff/code-runs/{id}/prints")]
pub async fn print_part(
    staff: Staff,
    id: Path<String>,
    body: Json<RunPrint>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    printed(&shared, staff.0, id.into_inner(), body.into_inner()).await
}

/// A part on paper, for every front. Refused before the first byte is sent, if it must be.
pub async fn printed(
    shared: &Shared,
    actor: Actor,
    run: String,
    print: RunPrint,
) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::IssueCode)?;
    let kind = Paper::of(&print.paper).map_err(Refusal::fields)?;
    // A wrong host on paper is for ever.
    if shared.trust.host.is_plain_http() && !print.trial {
        return Err(Code::PublicUrlUnset.into());
    }
    let place = shared.presses.enter()?;
    let wish = Wish { actor: actor.clone(), run: run.clone(), part: print.part };
    let first = first(shared, &wish).await?;
    let binder = Binder {
        keys: shared.trust.keys.now(),
        host: shared.trust.host.clone(),
        centre: shared.rules().centre.name.zh.clone(),
        logo: shared.logo.clone(),
        paper: kind,
        format: print.paper.format.clone(),
        again: print.again,
    };
    if let Some(row) = first {
        let trying = binder.clone();
        let tried =
            shared.presses.turn(move || trying.try_one(&row)).await.map_err(|error| internal(&error))?;
        match tried {
            Ok(()) | Err(Unmade::Retired | Unmade::Absent) => {}
            Err(Unmade::Paper(paper)) => return Err(prints::unfit(&paper)),
            Err(Unmade::Picture(picture)) => return Err(prints::unfit(&PaperError::Picture(picture))),
            Err(other) => return Err(internal(&other)),
        }
    }
    let at = shared.clock.now();
    let part = PartPrinted { part: print.part, format: print.paper.format.clone(), again: print.again };
    let noted: Result<(), Refused> =
        shared.store.write(move |db| trail::prints(db, &actor, &run, &part, at)).await;
    noted?;
    let name = format!("{}-{:03}.zip", print.paper.format, print.part);
    Ok(download(&name).streaming(paper::stream(shared.clone(), wish, binder, place)))
}

/// Judges the part that is asked for; gives the first code of it that stands.
async fn first(shared: &Shared, wish: &Wish) -> Result<Option<Drawn>, Refusal> {
    wish.actor.may(Deed::IssueCode)?;
    let (asker, id) = (wish.actor.clone(), wish.run.clone());
    let run: Result<CodeRun, Refused> = shared.store.read(move |db| runs::show(db, &asker, &id)).await;
    if !(1..=run?.parts).contains(&wish.part) {
        return Err(Code::NotFound.into());
    }
    let some = wish.page(shared, 0, bundle::symbols::PAGE).await?;
    Ok(some.into_iter().find(|row| row.ending.is_none()))
}

/// A ZIP that a browser saves.
fn download(name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type("application/zip")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // Packed already.
        .insert_header((header::CONTENT_ENCODING, "identity"));
    answer
}

/// A part's symbols as a ZIP, for every front. Refused before the first byte is sent, if it must be.
pub async fn zipped(shared: &Shared, wish: Wish, print: Print) -> Result<HttpResponse, Refusal> {
    let place = shared.presses.enter()?;
    let first = first(shared, &wish).await?;
    let mm = on_paper(print.mm.unwrap_or(30.0), print.dpi, print.trial, &shared.trust.host)?;
    let press = Press {
        keys: shared.trust.keys.now(),
        host: shared.trust.host.clone(),
        format: print.format,
        mm,
        dpi: print.dpi.unwrap_or(300),
    };
    if let Some(row) = first {
        match press.file(&Wanted { code: row.code.id, kid: row.code.kid }) {
            Ok(_) | Err(Unmade::Retired | Unmade::Absent) => {}
            Err(Unmade::Picture(picture)) => return Err(unfit(picture)),
            Err(other) => return Err(internal(&other)),
        }
    }
    let name = format!("symbols-{:03}.zip", wish.part);
    Ok(download(&name).streaming(bundle::symbols::stream(shared.clone(), wish, press, place)))
}
