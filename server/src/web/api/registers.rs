//! The register of enterprises as a table: imports and exports, as JSON and as
//! files; the console calls the same functions.

use std::io::Read;

use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use data_encoding::HEXLOWER;
use futures_util::stream;
use qiyema_protocol::{
    intake::Upload,
    problem::FieldProblem,
    registers::{
        ConfirmImport, RegisterImport, RegisterImportList, RegisterRow, RegisterRowList, RowVerdict,
    },
    text::Text,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    actions::{
        Refused,
        registers::{export, import},
        rights::{Actor, Deed},
    },
    clock::Ids,
    domain::{
        attachment,
        register::{self, Untaken},
        sheet,
        text::problem,
    },
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::{Refusals, internal},
        shared::Shared,
        tables::{Book, csv, lines_of, workbook},
        uploads::{self, Arrived, Limits},
    },
};

/// One table at a time.
pub const TABLE: Limits = Limits { files: 1, bytes: register::MOST_BYTES };

/// How to import.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// Compare only; the run may be confirmed later.
    #[serde(default)]
    pub dry_run: bool,
    /// Take rows with a warning too: a check character that does not fit, an odd character in a name.
    #[serde(default)]
    pub confirm_warnings: bool,
}

/// Import enterprises from CSV (UTF-8 or GBK) or XLSX, up to 500,000 rows. The run goes on by itself; ask for it.
#[utoipa::path(tag = "staff", params(How), security(("staff" = [])),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 202, body = RegisterImport), Refusals))]
#[post("/api/v1/staff/enterprise-imports")]
pub async fn begin(
    staff: Staff,
    how: Query<How>,
    form: Multipart,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    staff.0.may(Deed::ImportEnterprises)?;
    let sent = uploads::receive(form, &shared, TABLE).await?;
    let run = start(&shared, staff.0, sent.files, *how).await?;
    let place = format!("/api/v1/staff/enterprise-imports/{}", run.id);
    Ok(HttpResponse::Accepted().insert_header((header::LOCATION, place)).json(run))
}

/// Reads a table that arrived to its end and starts a run of it.
pub async fn start(
    shared: &Shared,
    actor: Actor,
    files: Vec<Arrived>,
    how: How,
) -> Result<RegisterImport, Refusal> {
    let Some(file) = files.into_iter().next() else {
        return Err(Refusal::fields(vec![problem(
            "file",
            "请选择CSV或XLSX文件",
            "choose a CSV or XLSX file",
        )]));
    };
    let turn = uploads::turn(shared).await?;
    let looked = tokio::task::spawn_blocking(move || {
        // Kept for as long as the table is in memory, also when the sender is gone.
        let _turn = turn;
        look(&file).map(|found| (file, found))
    })
    .await;
    let (file, (rows, hash)) = looked.map_err(|error| internal(&error))??;
    let new = import::Arrival {
        id: Ids.row(),
        name: attachment::shown(&file.name),
        hash,
        rows,
        dry_run: how.dry_run,
        confirmed: how.confirm_warnings,
    };
    let id = new.id.clone();
    uploads::set_aside(shared, file.file, &id).await?;
    let at = shared.clock.now();
    let begun: Result<RegisterImport, Refused> =
        shared.store.write(move |db| import::start(db, &actor, &new, at)).await;
    if begun.as_ref().map_or(true, |run| run.id != id) {
        uploads::forget(&shared.files, &id);
    }
    Ok(begun?)
}

fn look(file: &Arrived) -> Result<(u32, String), Refusal> {
    let open = || file.file.reopen().map_err(|error| internal(&error));
    let rows = register::survey(std::io::BufReader::new(open()?)).map_err(untaken)?;
    let mut hash = Sha256::new();
    let (mut file, mut piece) = (open()?, vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut piece).map_err(|error| internal(&error))?;
        match piece.get(..read) {
            Some(some) if read > 0 => hash.update(some),
            _ => break,
        }
    }
    Ok((rows, HEXLOWER.encode(&hash.finalize())))
}

fn untaken(why: Untaken) -> Refusal {
    let detail = match why {
        Untaken::Unread(unread) => unread.words(),
        Untaken::NoColumns { missing, is_wide } => {
            let names = missing.join("、");
            let most = sheet::MOST_COLUMNS;
            let (zh, en) = if is_wide {
                (
                    format!("只读取前{most}列，请把这两列移到前面。"),
                    format!(" Only the first {most} columns are read: move these two to the front."),
                )
            } else {
                ("请按模板修改表头。".to_owned(), " Take the template's heading.".to_owned())
            };
            Text::new(
                format!("前十行中没有找到表头，缺少：{names}。{zh}"),
                format!("There is no heading within the first ten rows; missing: {names}.{en}"),
            )
        }
    };
    Refusal::fields(vec![FieldProblem { field: "file".into(), detail }])
}

/// Imports, newest first.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 200, body = RegisterImportList), Refusals))]
#[get("/api/v1/staff/enterprise-imports")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<RegisterImportList>, Refusal> {
    let imports: Result<_, Refused> = shared.store.read(move |db| import::list(db, &staff.0)).await;
    Ok(Json(RegisterImportList { imports: imports? }))
}

/// How far an import is.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = RegisterImport), Refusals))]
#[get("/api/v1/staff/enterprise-imports/{id}")]
pub async fn one(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<RegisterImport>, Refusal> {
    let run: Result<_, Refused> = shared.store.read(move |db| import::show(db, &staff.0, &id)).await;
    Ok(Json(run?))
}

/// Which rows.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Rows after this number.
    #[serde(default)]
    pub after: u32,
    /// Of this verdict only.
    pub verdict: Option<RowVerdict>,
}

/// What became of the rows, up to 200 at a time.
#[utoipa::path(tag = "staff", params(("id" = String, Path), Which), security(("staff" = [])),
    responses((status = 200, body = RegisterRowList), Refusals))]
#[get("/api/v1/staff/enterprise-imports/{id}/rows")]
pub async fn what_became(
    staff: Staff,
    id: Path<String>,
    which: Query<Which>,
    shared: Data<Shared>,
) -> Result<Json<RegisterRowList>, Refusal> {
    let (id, which) = (id.into_inner(), which.into_inner());
    let wanted: Vec<RowVerdict> = which.verdict.into_iter().collect();
    let rows: Result<Vec<RegisterRow>, Refused> = shared
        .store
        .read(move |db| import::rows(db, &staff.0, &id, &wanted, which.after, import::PAGE))
        .await;
    let rows = rows?;
    let full = i64::try_from(rows.len()).is_ok_and(|found| found >= import::PAGE);
    let next_after = rows.last().filter(|_| full).map(|row| row.row);
    Ok(Json(RegisterRowList { rows, next_after }))
}

/// Confirm a dry run: its rows are entered now.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), request_body = ConfirmImport, security(("staff" = [])),
    responses((status = 202, body = RegisterImport), Refusals))]
#[post("/api/v1/staff/enterprise-imports/{id}/confirmation")]
pub async fn confirm(
    staff: Staff,
    id: Path<String>,
    body: Json<ConfirmImport>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (warnings, at) = (body.confirm_warnings, shared.clock.now());
    let run: Result<RegisterImport, Refused> =
        shared.store.write(move |db| import::confirm(db, &staff.0, &id, warnings, at)).await;
    Ok(HttpResponse::Accepted().json(run?))
}

/// Stop an import, or drop a dry run. What was entered stays.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = RegisterImport), Refusals))]
#[post("/api/v1/staff/enterprise-imports/{id}/cancellation")]
pub async fn cancel(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Created().json(cancelled(&shared, staff.0, id.into_inner()).await?))
}

/// Stops a run and forgets its file.
pub async fn cancelled(shared: &Shared, actor: Actor, id: String) -> Result<RegisterImport, Refusal> {
    let at = shared.clock.now();
    let run: Result<RegisterImport, Refused> =
        shared.store.write(move |db| import::cancel(db, &actor, &id, at)).await;
    let run = run?;
    uploads::forget(&shared.files, &run.id);
    Ok(run)
}

/// What became of every row, as CSV.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, content_type = "text/csv", body = String), Refusals))]
#[get("/api/v1/staff/enterprise-imports/{id}/report.csv")]
pub async fn report(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    reported(&shared, staff.0, id.into_inner()).await
}

/// The report as a stream of pages.
pub async fn reported(shared: &Shared, actor: Actor, id: String) -> Result<HttpResponse, Refusal> {
    let (asker, wanted) = (actor.clone(), id.clone());
    // Refused before the first byte is sent.
    let run: Result<_, Refused> = shared.store.read(move |db| import::show(db, &asker, &wanted)).await;
    run?;
    let head = "\u{feff}row,verdict,uscc,name,finding,what_zh,remedy_zh,what_en,remedy_en\n";
    let shared = shared.clone();
    let pages = stream::try_unfold(0_u32, move |after| {
        let (shared, actor, id) = (shared.clone(), actor.clone(), id.clone());
        async move {
            let read: Result<Vec<RegisterRow>, Refused> =
                shared.store.read(move |db| import::rows(db, &actor, &id, &[], after, export::PAGE)).await;
            let rows = read.map_err(std::io::Error::other)?;
            let next = rows.last().map(|row| row.row);
            let lines = rows.iter().map(told).collect();
            Ok(next.map(|next| (lines_of(lines), next)))
        }
    });
    Ok(csv("import-report.csv", head, pages))
}

fn told(row: &RegisterRow) -> Vec<String> {
    let (what, remedy) = (row.what.clone(), row.remedy.clone());
    let say = |text: Option<Text>| text.map_or_else(Default::default, |text| (text.zh, text.en));
    let ((what_zh, what_en), (remedy_zh, remedy_en)) = (say(what), say(remedy));
    let verdict =
        serde_json::to_value(row.verdict).ok().and_then(|word| word.as_str().map(ToOwned::to_owned));
    vec![
        row.row.to_string(),
        verdict.unwrap_or_default(),
        row.uscc.clone(),
        row.name.clone(),
        row.finding.clone().unwrap_or_default(),
        what_zh,
        remedy_zh,
        what_en,
        remedy_en,
    ]
}

/// The whole register as CSV; importing it again changes nothing.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 200, content_type = "text/csv", body = String), Refusals))]
#[get("/api/v1/staff/enterprises.csv")]
pub async fn export_csv(staff: Staff, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    exported_csv(&shared, staff.0)
}

/// The register as a stream of pages.
pub fn exported_csv(shared: &Shared, actor: Actor) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::ReadEnterprises)?;
    let shared = shared.clone();
    let pages = stream::try_unfold(String::new(), move |after| {
        let (shared, actor) = (shared.clone(), actor.clone());
        async move {
            let read: Result<Vec<(String, String)>, Refused> =
                shared.store.read(move |db| export::page(db, &actor, &after)).await;
            let rows = read.map_err(std::io::Error::other)?;
            let next = rows.last().map(|(uscc, _)| uscc.clone());
            let lines = rows.into_iter().map(|(uscc, name)| vec![uscc, name]).collect();
            Ok(next.map(|next| (lines_of(lines), next)))
        }
    });
    Ok(csv("enterprises.csv", &format!("\u{feff}{}\n", register::HEADINGS.join(",")), pages))
}

/// The whole register as XLSX; importing it again changes nothing.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), Refusals))]
#[get("/api/v1/staff/enterprises.xlsx")]
pub async fn export_xlsx(staff: Staff, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    exported_xlsx(&shared, staff.0).await
}

/// The register as a workbook, written to the disk row by row and sent from there.
pub async fn exported_xlsx(shared: &Shared, actor: Actor) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::ReadEnterprises)?;
    let written: Result<std::fs::File, Refused> = shared
        .store
        .read(move |db| {
            let mut book = Book::new(&register::HEADINGS)?;
            let mut after = String::new();
            loop {
                let rows = export::page(db, &actor, &after)?;
                let Some((last, _)) = rows.last() else { break };
                after.clone_from(last);
                for (uscc, name) in rows {
                    book.row(&[uscc, name])?;
                }
            }
            book.file()
        })
        .await;
    workbook("enterprises.xlsx", written?)
}
