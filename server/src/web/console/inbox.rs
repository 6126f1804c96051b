//! The inbox: what concerns me, the newest first. Opening a notice marks it as
//! read, so it is a form: looking alone changes nothing.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use serde::Deserialize;

use super::{
    door::see_other,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::inbox,
    web::{problem::Refusal, view::console::inbox::InboxPage},
};

/// Which page.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    before: Option<String>,
    /// A notice was opened whose issue is another unit's now.
    #[serde(default)]
    gone: Option<String>,
}

/// `GET /console/inbox`.
pub async fn show(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let Ask { before, gone } = ask.into_inner();
    let later = before.is_some();
    let page =
        staff.read(move |db, actor, rules, _| inbox::page(db, actor, before.as_deref(), rules)).await?;
    let zone = staff.shared.rules().zone;
    Ok(staff
        .page(InboxPage { frame: staff.frame(), inbox: page, later, gone: gone.is_some(), zone }.render()))
}

/// `POST /console/inbox/{id}/reading`: read, and on to the issue, if it is still there for this person.
pub async fn open(
    staff: ConsoleStaff,
    id: Path<String>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let (number, reaches) = staff
        .write(move |db, actor, _, at| {
            let number = inbox::read(db, actor, &id, at)?;
            let reaches = inbox::reaches(db, actor, &number)?;
            Ok((number, reaches))
        })
        .await?;
    Ok(if reaches {
        see_other(&format!("/console/issues/{number}"))
    } else {
        see_other("/console/inbox?gone=1")
    })
}

/// `POST /console/inbox/reading`: all that the page showed.
pub async fn clear(staff: ConsoleStaff, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let last = form.text("until").to_owned();
    staff.write(move |db, actor, _, at| inbox::read_until(db, actor, &last, at)).await?;
    Ok(see_other("/console/inbox"))
}
