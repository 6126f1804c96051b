//! Webhooks at the console. The secret is shown on the page that answers the
//! form, and nowhere else, so that page is not a redirect.

use actix_web::{HttpResponse, http::header, web::Path};
use qiyema_protocol::{problem::FieldProblem, staff::Role, webhooks::NewWebhook};

use super::{
    door::see_other,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{Refused, admin::webhook},
    secrets::hook::HookSecret,
    web::{problem::Refusal, view::console::webhooks::WebhooksPage},
};

/// What was typed, and what is wrong with it.
type Typed = (Vec<(String, String)>, Vec<FieldProblem>);

/// `GET /console/webhooks`.
pub async fn show(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    let page = page(&staff, Typed::default(), None).await?;
    Ok(staff.page(page.render()))
}

/// `POST /console/webhooks`.
pub async fn add(staff: ConsoleStaff, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let kinds = form.text("kinds").split_whitespace().map(ToOwned::to_owned).collect();
    let new = NewWebhook { name: form.text("name").to_owned(), url: form.text("url").to_owned(), kinds };
    let made = staff.write(move |db, actor, _, at| webhook::add(db, actor, &new, at)).await;
    match made {
        Ok(made) => {
            let secret = HookSecret::derive(&staff.shared.trust.secret, &made.id, 1).text();
            let page = page(&staff, Typed::default(), Some((made.name, secret))).await?;
            let mut answer = staff.page(page.render());
            let never = header::HeaderValue::from_static("no-store");
            answer.headers_mut().insert(header::CACHE_CONTROL, never);
            Ok(answer)
        }
        Err(Refused::Invalid(faults)) => {
            let page = page(&staff, (form.0, faults), None).await?;
            Ok(staff.form_again(page.render()))
        }
        Err(refused) => Err(refused.into()),
    }
}

/// `POST /console/webhooks/{id}/pause`.
pub async fn pause(
    staff: ConsoleStaff,
    id: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, paused) = (id.into_inner(), form.text("paused") == "yes");
    staff.write(move |db, actor, _, at| webhook::pause(db, actor, &id, paused, at)).await?;
    Ok(see_other("/console/webhooks"))
}

/// `POST /console/webhooks/{id}/removal`.
pub async fn remove(staff: ConsoleStaff, id: Path<String>, _: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    staff.write(move |db, actor, _, at| webhook::remove(db, actor, &id, at)).await?;
    Ok(see_other("/console/webhooks"))
}

async fn page(
    staff: &ConsoleStaff,
    typed: Typed,
    made: Option<(String, String)>,
) -> Result<WebhooksPage, Refusal> {
    let list = staff.read(|db, actor, _, _| webhook::list(db, actor)).await?;
    let may_change = staff.actor.roles.contains(&Role::Administrator);
    Ok(WebhooksPage { frame: staff.frame(), webhooks: list.webhooks, may_change, typed, made })
}
