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

use crate::{
    actions::{
        Refused, Rules,
        admin::trail,
        audit::{self, Ask, Asked, Page, Record, names::Names},
        rights::{Actor, Area, Deed},
    },
    clock::Timestamp,
    store::{
        columns::{unword, word},
        connection::Db,
    },
    web::{
        callers::Staff,
        problem::Refusal,
        refusals::Refusals,
        shared::Shared,
        tables::{Book, MARK, csv as sent, lines_of, workbook},
        words::{
            console::{facts, issue as said, registers::RegisterWords, terms, trail as deed_words},
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
    /// Of this local day, for example `2026-11-25`.
    #[param(max_length = 10)]
    pub day: Option<String>,
    /// From this local day on.
    #[param(max_length = 10)]
    pub from: Option<String>,
    /// Up to this local day, which is included.
    #[param(max_length = 10)]
    pub to: Option<String>,
    /// `next` of the page before.
    #[param(max_length = 80)]
    pub after: Option<String>,
    /// Language of a file's headings: `zh`, unless it says `en`.
    #[param(max_length = 8)]
    pub lang: Option<String>,
}

impl Find {
    fn ask(&self) -> Result<(Ask, Lang), Refusal> {
        let asked = Asked {
            number: self.number.as_deref(),
            username: self.username.as_deref(),
            kind: self.kind.as_deref(),
            day: self.day.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            after: self.after.as_deref(),
        };
        Ok((Ask::read(asked).map_err(Refusal::fields)?, Lang::of(self.lang.as_deref().unwrap_or("zh"))))
    }
}

/// The audit trail, latest first.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, body = AuditList), Refusals))]
#[get("/api/v1/staff/audit")]
pub async fn list(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<Json<AuditList>, Refusal> {
    let (ask, _) = find.ask()?;
    let rules = shared.rules();
    let read: Result<_, Refused> =
        shared.store.read(move |db| audit::page(db, &staff.0, &ask, PAGE, &rules)).await;
    let Page { records, more, .. } = read?;
    let next = if more { records.last().map(audit::key_text) } else { None };
    let records = records.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(AuditList { records, next }))
}

fn view(record: Record) -> Result<AuditRecord, Refused> {
    let said = |lang| said::event_of(lang, record.kind, &record.facts());
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
    let (ask, lang) = find.ask()?;
    exported_csv(&shared, staff.0, ask, lang)
}

/// What was asked for, as XLSX.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), Refusals))]
#[get("/api/v1/staff/audit.xlsx")]
pub async fn xlsx(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (ask, lang) = find.ask()?;
    exported_xlsx(&shared, staff.0, ask, lang).await
}

/// Records as a stream of pages, from the first one on.
pub fn exported_csv(shared: &Shared, actor: Actor, ask: Ask, lang: Lang) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::ReadHistory)?;
    let shared = shared.clone();
    let begin = Ask { after: None, ..ask };
    let pages = stream::try_unfold(Some(begin), move |ask| {
        let (shared, actor) = (shared.clone(), actor.clone());
        async move {
            let Some(ask) = ask else { return Ok(None) };
            let (asked, rules) = (ask.clone(), shared.rules());
            let own = rules.clone();
            let read: Result<_, Refused> =
                shared.store.read(move |db| audit::page(db, &actor, &asked, PIECE, &own)).await;
            let Page { records, more, names } = read.map_err(std::io::Error::other)?;
            let next = records.last().filter(|_| more).map(|last| after(&ask, last));
            let way = Way { lang, rules: &rules, names: &names };
            let lines = records.into_iter().map(|record| way.line(record)).collect();
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
    actor.may(Deed::ReadHistory)?;
    let rules = shared.rules();
    let written: Result<std::fs::File, Refused> = shared
        .store
        .read(move |db| {
            let mut book = Book::new(&head(lang))?;
            let mut ask = Ask { after: None, ..ask };
            loop {
                let Page { records, more, names } = audit::page(db, &actor, &ask, PIECE, &rules)?;
                let next = records.last().filter(|_| more).map(|last| after(&ask, last));
                let way = Way { lang, rules: &rules, names: &names };
                for record in records {
                    book.row(&way.line(record))?;
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

const fn head(lang: Lang) -> [&'static str; 13] {
    let w = RegisterWords::of(lang);
    [
        lang.pick("记录编号", "Record"),
        w.when,
        w.who,
        w.what,
        lang.pick("事项代码", "Code of what"),
        w.on,
        lang.pick("序号", "Number"),
        lang.pick("状态", "State"),
        lang.pick("批注", "Note"),
        w.details,
        lang.pick("状态代码", "Code of the state"),
        lang.pick("经手人代码", "Code of who"),
        lang.pick("原始数据", "Raw data"),
    ]
}

/// How the lines of a file are written: words for people, the town's own time, and each
/// raw code in a column of its own.
struct Way<'a> {
    lang: Lang,
    rules: &'a Rules,
    names: &'a Names,
}

impl Way<'_> {
    fn line(&self, record: Record) -> Vec<String> {
        let l = self.lang;
        let what = said::event_of(l, record.kind, &record.facts());
        let state = record.state.as_deref().and_then(|state| unword(state).ok());
        vec![
            record.id,
            local(self.rules, record.at),
            facts::writer(l, &record.by).to_owned(),
            what,
            word(record.kind).unwrap_or_default(),
            record.number.or(record.enterprise).unwrap_or_default(),
            record.seq.to_string(),
            state.map(|state| terms::state(l, state)).unwrap_or_default().to_owned(),
            record.note.unwrap_or_default(),
            facts::details(l, self.rules.zone, self.names, &record.detail),
            record.state.unwrap_or_default(),
            record.writer,
            record.detail,
        ]
    }
}

/// A moment by the town's clock, with its offset from UTC.
fn local(rules: &Rules, at: Timestamp) -> String {
    at.with_timezone(&rules.zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// In which language a file is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Written {
    /// Language of headings and words: `zh`, unless it says `en`.
    #[param(max_length = 8)]
    pub lang: Option<String>,
}

impl Written {
    fn lang(&self) -> Lang {
        Lang::of(self.lang.as_deref().unwrap_or("zh"))
    }
}

/// The whole trail of administration as CSV.
#[utoipa::path(tag = "administration", params(Written), security(("staff" = [])),
    responses((status = 200, content_type = "text/csv", body = String), Refusals))]
#[get("/api/v1/admin/events.csv")]
pub async fn events_csv(
    staff: Staff,
    written: Query<Written>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    exported_events_csv(&shared, staff.0, written.lang())
}

/// The whole trail of administration as XLSX.
#[utoipa::path(tag = "administration", params(Written), security(("staff" = [])),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), Refusals))]
#[get("/api/v1/admin/events.xlsx")]
pub async fn events_xlsx(
    staff: Staff,
    written: Query<Written>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    exported_events_xlsx(&shared, staff.0, written.lang()).await
}

/// Deeds of administration as a stream of pages.
pub fn exported_events_csv(shared: &Shared, actor: Actor, lang: Lang) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let shared = shared.clone();
    let pages = stream::try_unfold(Some(None), move |before: Option<Option<String>>| {
        let (shared, actor) = (shared.clone(), actor.clone());
        async move {
            let Some(before) = before else { return Ok(None) };
            let rules = shared.rules();
            let read: Result<_, Refused> =
                shared.store.read(move |db| deeds(db, &actor, before.as_deref(), lang, &rules)).await;
            let (lines, next) = read.map_err(std::io::Error::other)?;
            Ok(Some((lines_of(lines), next.map(Some))))
        }
    });
    Ok(sent("administration.csv", &headed(&event_head(lang)), pages))
}

/// Deeds of administration as a workbook.
pub async fn exported_events_xlsx(
    shared: &Shared,
    actor: Actor,
    lang: Lang,
) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::Inspect(Area::Trail))?;
    let rules = shared.rules();
    let written: Result<std::fs::File, Refused> = shared
        .store
        .read(move |db| {
            let mut book = Book::new(&event_head(lang))?;
            let mut before = None;
            loop {
                let (lines, next) = deeds(db, &actor, before.as_deref(), lang, &rules)?;
                for line in lines {
                    book.row(&line)?;
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

const fn event_head(lang: Lang) -> [&'static str; 10] {
    let w = RegisterWords::of(lang);
    [
        lang.pick("记录编号", "Record"),
        w.when,
        lang.pick("操作人", "By"),
        lang.pick("操作", "Deed"),
        lang.pick("操作代码", "Code of the deed"),
        lang.pick("对象种类", "Kind of object"),
        lang.pick("对象", "Object"),
        w.details,
        lang.pick("对象代码", "Code of the object"),
        lang.pick("原始数据", "Raw data"),
    ]
}

type Lines = (Vec<Vec<String>>, Option<String>);

fn deeds(
    db: &mut Db,
    actor: &Actor,
    before: Option<&str>,
    lang: Lang,
    rules: &Rules,
) -> Result<Lines, Refused> {
    let page = trail::page(db, actor, None, before, PIECE)?;
    let details: Vec<&str> = page.events.iter().map(|event| &*event.detail).collect();
    let names = Names::of(db, &details, &[])?;
    let line = |event: AdminEvent| {
        vec![
            local(rules, event.at),
            facts::writer(lang, &event.by).to_owned(),
            deed_words::deed(lang, &event.kind).to_owned(),
            event.kind.clone(),
            facts::subject(lang, &event.subject_kind).to_owned(),
            deed_words::object(lang, &names, &event),
            facts::details(lang, rules.zone, &names, &event.detail),
            event.subject,
            event.detail,
        ]
    };
    let lines = page.events.into_iter().map(|event| [vec![event.id.clone()], line(event)].concat());
    Ok((lines.collect(), page.next))
}
