//! The trail of administration.

use actix_web::{HttpResponse, web::Query};
use qiyema_protocol::directory::AdminEvent;
use serde::Deserialize;

use crate::{
    actions::{admin::trail, audit::names::Names},
    web::{
        api::audit as api,
        console::ConsoleStaff,
        problem::Refusal,
        view::console::sheet::{Cell, Part, Sheet, Table},
        words::console::{
            facts,
            trail::{deed, object},
        },
    },
};

/// Which page.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    before: Option<String>,
}

/// `GET /console/admin/trail`.
pub async fn show(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let before = ask.into_inner().before.filter(|id| !id.contains('\0'));
    let (page, names) = staff
        .read(move |db, actor, _, _| {
            let page = trail::list(db, actor, None, before.as_deref())?;
            let details: Vec<&str> = page.events.iter().map(|event| &*event.detail).collect();
            let names = Names::of(db, &details, &[])?;
            Ok((page, names))
        })
        .await?;
    let (lang, rules) = (staff.lang, staff.shared.rules());
    let row = |event: &AdminEvent| {
        vec![
            Cell::text(event.at.with_timezone(&rules.zone).format("%Y-%m-%d %H:%M:%S").to_string()),
            Cell::text(facts::writer(lang, &event.by)),
            Cell::text(deed(lang, &event.kind)),
            Cell::text(object(lang, &names, event)).small(facts::subject(lang, &event.subject_kind)),
            Cell::text("").small(facts::details(lang, rules.zone, &names, &event.detail)),
        ]
    };
    let table = Table {
        heads: [
            lang.pick("时间", "When"),
            lang.pick("操作人", "By"),
            lang.pick("操作", "Deed"),
            lang.pick("对象", "What"),
            lang.pick("详情", "Details"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows: page.events.iter().map(row).collect(),
        empty: lang.pick("还没有记录。", "Nothing yet.").to_owned(),
    };
    let mut sheet = Sheet::new(staff.frame(), lang.pick("管理日志", "Trail of administration"))
        .lead(lang.pick(
            "谁在何时改了人员、目录、日历、设置和令牌。只增不改。",
            "Who changed people, directory, calendar, settings and tokens. Only ever added to.",
        ))
        .button("/console/admin/trail.csv", "CSV")
        .button("/console/admin/trail.xlsx", "XLSX")
        .with(Part::Table(table));
    if let Some(next) = &page.next {
        sheet =
            sheet.button(format!("/console/admin/trail?before={next}"), lang.pick("更早的记录", "Earlier"));
    }
    Ok(staff.page(sheet.render()))
}

/// `GET /console/admin/trail.csv`.
pub async fn csv(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    api::exported_events_csv(&staff.shared, staff.actor, staff.lang)
}

/// `GET /console/admin/trail.xlsx`.
pub async fn xlsx(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    api::exported_events_xlsx(&staff.shared, staff.actor, staff.lang).await
}
