//! Importing a table of issues, as JSON; the console calls the same function.

use actix_multipart::Multipart;
use actix_web::{
    post,
    web::{Data, Json, Query},
};
use qiyema_protocol::{
    intake::{ImportReport, Upload},
    problem::FieldProblem,
};
use serde::Deserialize;

use crate::{
    actions::{
        Refused,
        intake::import::{self, BATCH, Checked, Part},
        rights::{Actor, Deed},
    },
    domain::{
        import::SHAPE,
        sheet::{self, Sheet},
        text::problem,
    },
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::{Refusals, internal},
        shared::Shared,
        uploads::{self, Arrived, Limits},
    },
};

/// One table at a time.
pub const TABLE: Limits = Limits { files: 1, bytes: sheet::MOST_BYTES };

/// How to import.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// Channel id; references are unique within it.
    #[param(min_length = 1, max_length = 40)]
    pub channel: String,
    /// Check only and write nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Number of the first row to take, for an import in parts.
    #[serde(default)]
    pub first_row: u32,
    /// Rows to take; all of them unless said so.
    #[param(minimum = 1, maximum = 5000)]
    pub most_rows: Option<u32>,
}

/// Import issues from CSV (UTF-8 or GBK) or XLSX. Rows whose reference is known make nothing new.
#[utoipa::path(tag = "staff", params(How), security(("staff" = [])),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport), Refusals))]
#[post("/api/v1/staff/issue-imports")]
pub async fn import_issues(
    staff: Staff,
    how: Query<How>,
    form: Multipart,
    shared: Data<Shared>,
) -> Result<Json<ImportReport>, Refusal> {
    staff.0.may(Deed::RegisterIssue)?;
    let sent = uploads::receive(form, &shared, TABLE).await?;
    Ok(Json(run(&shared, staff.0, sent.files, how.into_inner()).await?))
}

/// Checks a table that arrived and, unless it is a dry run, enters it.
pub async fn run(
    shared: &Data<Shared>,
    actor: Actor,
    files: Vec<Arrived>,
    how: How,
) -> Result<ImportReport, Refusal> {
    let (_, sheet) = open(shared, files).await?;
    enter(shared, actor, sheet, how).await
}

/// The table among what arrived: its bytes, and its rows.
pub async fn open(shared: &Shared, files: Vec<Arrived>) -> Result<(Vec<u8>, Sheet), Refusal> {
    let Some(file) = files.into_iter().next() else {
        return Err(Refusal::fields(vec![problem(
            "file",
            "请选择CSV或XLSX文件",
            "choose a CSV or XLSX file",
        )]));
    };
    let turn = uploads::turn(shared).await?;
    let read = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        read(&file)
    })
    .await;
    read.map_err(|error| internal(&error))?
}

/// Checks a table and, unless it is a dry run, enters it.
pub async fn enter(
    shared: &Data<Shared>,
    actor: Actor,
    sheet: Sheet,
    how: How,
) -> Result<ImportReport, Refusal> {
    let part = Part {
        first: how.first_row.max(2),
        most: how.most_rows.and_then(|rows| usize::try_from(rows).ok()).unwrap_or(sheet::MOST_ROWS).max(1),
    };
    let (asker, channel) = (actor.clone(), how.channel.clone());
    let checked: Result<Checked, Refused> =
        shared.store.read(move |db| import::check(db, &asker, &channel, &sheet, part)).await;
    let Checked { ready, mut report } = checked?;
    if how.dry_run {
        return Ok(report);
    }
    report.dry_run = false;
    for rows in ready.chunks(BATCH) {
        let (rows, actor, channel) = (rows.to_vec(), actor.clone(), how.channel.clone());
        let (rules, at) = (shared.rules(), shared.clock.now());
        let made: Result<_, Refused> =
            shared.store.write(move |db| import::enter_rows(db, &actor, &channel, &rows, &rules, at)).await;
        report.issues.append(&mut made?);
    }
    report.issues.sort_by_key(|issue| issue.row);
    Ok(report)
}

fn read(file: &Arrived) -> Result<(Vec<u8>, Sheet), Refusal> {
    let bytes = file.bytes().map_err(|error| internal(&error))?;
    let sheet = sheet::read(&bytes, SHAPE).map_err(|unread| {
        Refusal::fields(vec![FieldProblem { field: "file".into(), detail: unread.words() }])
    })?;
    Ok((bytes, sheet))
}
