//! The audit trail and the trail of administration: as JSON, and as files of whatever
//! was asked for. The console sends the same files.

use actix_web::{
    HttpResponse, get,
    web::{Data, Json, Query},
};
use futures_util::stream;
use qiyema_protocol::{
    audit::{AuditList, AuditRecord},
    directory::AdminEvent,
    text::Text,
};
use serde::Deserialize;

use super::admin::clean;
use crate::{
    actions::{
        Refused,
        admin::trail,
        audit::{self, Ask, Record},
        rights::{Actor, Area, Deed},
    },
    domain::text::problem,
    store::{columns::word, connection::Db},
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::Refusals,
        shared::Shared,
        tables::{Book, MARK, csv as sent, lines_of, workbook},
        words::{
            console::{issue as said, registers::RegisterWords},
            lang::Lang,
        },
    },
};

/// Records on one page.
const PAGE: usize = 100;
/// Records read at once for a file.
const PIECE: usize = 1_000;

/// Which records.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// Of this issue.
    #[param(max_length = 40)]
    pub number: Option<String>,
    /// By the person of this user name.
    #[param(max_length = 64)]
    pub username: Option<String>,
    /// Of this kind, for example `closed`.
    #[param(max_length = 40)]
    pub kind: Option<String>,
    /// Of this local day.
    pub day: Option<chrono::NaiveDate>,
    /// `next` of the page before.
    #[param(max_length = 80)]
    pub after: Option<String>,
    /// Language of a file's headings: `zh`, unless it says `en`.
    #[param(max_length = 8)]
    pub lang: Option<String>,
}

impl Find {
    fn ask(self) -> Result<(Ask, Lang), Refusal> {
        let kind = match self.kind {
            None => None,
            Some(kind) => Some(serde_json::from_value(kind.into()).map_err(|_| {
                Refusal::fields(vec![problem("kind", "没有这种事项", "there is no such kind")])
            })?),
        };
        let ask = Ask {
            number: self.number.map(clean).transpose()?,
            username: self.username.map(clean).transpose()?,
            kind,
            day: self.day,
            after: self.after.as_deref().and_then(audit::key),
        };
        Ok((ask, Lang::of(self.lang.as_deref().unwrap_or("zh"))))
    }
}

/// The audit trail, latest first.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, body = AuditList), Refusals))]
#[get("/api/v1/staff/audit")]
pub async fn list(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<Json<AuditList>, Refusal> {
    let (ask, _) = find.into_inner().ask()?;
    let rules = shared.rules();
    let read: Result<_, Refused> =
        shared.store.read(move |db| audit::page(db, &staff.0, &ask, PAGE, &rules)).await;
    let (records, more) = read?;
    let next = if more { records.last().map(audit::key_text) } else { None };
    let records = records.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(AuditList { records, next }))
}

fn view(record: Record) -> Result<AuditRecord, Refused> {
    let said = |lang| said::event(lang, record.kind);
    Ok(AuditRecord {
        what: Text::new(said(Lang::Zh), said(Lang::En)),
        kind: word(record.kind)?,
        id: record.id,
        at: record.at,
        by: record.by,
        number: record.number,
        enterprise: record.enterprise,
        state: record.state,
        note: record.note,
        detail: record.detail,
        seq: record.seq,
    })
}

/// What was asked for, as CSV.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, content_type = "text/csv", body = String), Refusals))]
#[get("/api/v1/staff/audit.csv")]
pub async fn csv(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (ask, lang) = find.into_inner().ask()?;
    exported_csv(&shared, staff.0, ask, lang)
}

/// What was asked for, as XLSX.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), Refusals))]
#[get("/api/v1/staff/audit.xlsx")]
pub async fn xlsx(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (ask, lang) = find.into_inner().ask()?;
    exported_xlsx(&shared, staff.0, ask, lang).await
}

/// Records as a stream of pages, from the first one on.
pub fn exported_csv(shared: &Shared, actor: Actor, ask: Ask, lang: Lang) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let shared = shared.clone();
    let begin = Ask { after: None, ..ask };
    let pages = stream::try_unfold(Some(begin), move |ask| {
        let (shared, actor) = (shared.clone(), actor.clone());
        async move {
            let Some(ask) = ask else { return Ok(None) };
            let (asked, rules) = (ask.clone(), shared.rules());
            let read: Result<_, Refused> =
                shared.store.read(move |db| audit::page(db, &actor, &asked, PIECE, &rules)).await;
            let (records, more) = read.map_err(std::io::Error::other)?;
            let next = records.last().filter(|_| more).map(|last| after(&ask, last));
            let lines = records.into_iter().map(|record| line(lang, record)).collect();
            Ok(Some((lines_of(lines), next)))
        }
    });
    Ok(sent("audit.csv", &headed(&head(lang)), pages))
}

/// Records as a workbook.
pub async fn exported_xlsx(
    shared: &Shared,
    actor: Actor,
    ask: Ask,
    lang: Lang,
) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let rules = shared.rules();
    let written: Result<std::fs::File, Refused> = shared
        .store
        .read(move |db| {
            let mut book = Book::new(&head(lang))?;
            let mut ask = Ask { after: None, ..ask };
            loop {
                let (records, more) = audit::page(db, &actor, &ask, PIECE, &rules)?;
                let next = records.last().filter(|_| more).map(|last| after(&ask, last));
                for record in records {
                    if !book.row(&line(lang, record))? {
                        return book.file();
                    }
                }
                let Some(next) = next else { return book.file() };
                ask = next;
            }
        })
        .await;
    workbook("audit.xlsx", written?)
}

fn after(ask: &Ask, last: &Record) -> Ask {
    Ask { after: Some((last.at, last.id.clone())), ..ask.clone() }
}

fn headed(head: &[&str]) -> String {
    format!("{MARK}{}\n", head.join(","))
}

const fn head(lang: Lang) -> [&'static str; 10] {
    let w = RegisterWords::of(lang);
    ["id", w.when, w.who, w.what, "kind", w.on, "seq", "state", w.details, "detail"]
}

fn line(lang: Lang, record: Record) -> Vec<String> {
    vec![
        record.id,
        record.at.to_rfc3339(),
        record.by,
        said::event(lang, record.kind),
        word(record.kind).unwrap_or_default(),
        record.number.or(record.enterprise).unwrap_or_default(),
        record.seq.to_string(),
        record.state.unwrap_or_default(),
        record.note.unwrap_or_default(),
        record.detail,
    ]
}

/// The whole trail of administration as CSV.
#[utoipa::path(tag = "administration", security(("staff" = [])),
    responses((status = 200, content_type = "text/csv", body = String), Refusals))]
#[get("/api/v1/admin/events.csv")]
pub async fn events_csv(staff: Staff, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    exported_events_csv(&shared, staff.0)
}

/// The whole trail of administration as XLSX.
#[utoipa::path(tag = "administration", security(("staff" = [])),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), Refusals))]
#[get("/api/v1/admin/events.xlsx")]
pub async fn events_xlsx(staff: Staff, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    exported_events_xlsx(&shared, staff.0).await
}

/// Deeds of administration as a stream of pages.
pub fn exported_events_csv(shared: &Shared, actor: Actor) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let shared = shared.clone();
    let pages = stream::try_unfold(Some(None), move |before: Option<Option<String>>| {
        let (shared, actor) = (shared.clone(), actor.clone());
        async move {
            let Some(before) = before else { return Ok(None) };
            let read: Result<_, Refused> =
                shared.store.read(move |db| deeds(db, &actor, before.as_deref())).await;
            let (lines, next) = read.map_err(std::io::Error::other)?;
            Ok(Some((lines_of(lines), next.map(Some))))
        }
    });
    Ok(sent("administration.csv", &headed(&EVENT_HEAD), pages))
}

/// Deeds of administration as a workbook.
pub async fn exported_events_xlsx(shared: &Shared, actor: Actor) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let written: Result<std::fs::File, Refused> = shared
        .store
        .read(move |db| {
            let mut book = Book::new(&EVENT_HEAD)?;
            let mut before = None;
            loop {
                let (lines, next) = deeds(db, &actor, before.as_deref())?;
                for line in lines {
                    if !book.row(&line)? {
                        return book.file();
                    }
                }
                if next.is_none() {
                    return book.file();
                }
                before = next;
            }
        })
        .await;
    workbook("administration.xlsx", written?)
}

const EVENT_HEAD: [&str; 7] = ["id", "at", "by", "kind", "subject_kind", "subject", "detail"];

type Lines = (Vec<Vec<String>>, Option<String>);

fn deeds(db: &mut Db, actor: &Actor, before: Option<&str>) -> Result<Lines, Refused> {
    let page = trail::page(db, actor, None, before, PIECE)?;
    let line = |event: AdminEvent| {
        let subject = event.subject_name.unwrap_or(event.subject);
        vec![event.id, event.at.to_rfc3339(), event.by, event.kind, event.subject_kind, subject, event.detail]
    };
    Ok((page.events.into_iter().map(line).collect(), page.next))
}
