//! Webhooks at the console. The secret is shown on the page that answers the
//! form, and nowhere else, so that page is not a redirect.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Path, Query},
};
use qiyema_protocol::{problem::FieldProblem, staff::Role, webhooks::NewWebhook};
use serde::Deserialize;

use super::{
    door::see_other,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{
        Refused,
        admin::webhook,
        rights::{Area, Deed},
    },
    secrets::hook::HookSecret,
    web::{
        api::webhooks::permitted,
        problem::{Code, Refusal},
        view::console::{
            sheet::{Part, Sheet},
            webhooks::{WebhookPage, WebhooksPage},
        },
        words::console::webhooks::WebhookWords,
    },
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
    let (name, url) = (form.text("name").to_owned(), form.text("url").to_owned());
    let new = NewWebhook { name, url, kinds: form.all("kinds") };
    staff.actor.may(Deed::Administer(Area::Tokens))?;
    match permitted(&staff.shared, &new.url).await {
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let page = page(&staff, (form.0, refusal.faults().to_vec()), None).await?;
            return Ok(staff.form_again(page.render()));
        }
        other => other?,
    }
    let made = staff.write(move |db, actor, _, at| webhook::add(db, actor, &new, at)).await;
    match made {
        Ok(made) => {
            let secret = HookSecret::derive(&staff.shared.trust.secret, &made.id, 1).text();
            let page = page(&staff, Typed::default(), Some((made.name, secret))).await?;
            Ok(never_kept(staff.page(page.render())))
        }
        Err(Refused::Invalid(faults)) => {
            let page = page(&staff, (form.0, faults), None).await?;
            Ok(staff.form_again(page.render()))
        }
        Err(refused) => Err(refused.into()),
    }
}

/// What a page was asked to say.
#[derive(Debug, Default, Deserialize)]
pub struct Said {
    #[serde(default)]
    sent: String,
}

/// Seconds after which a browser looks again while a message is on its way.
const AGAIN: &str = "4";

/// `GET /console/webhooks/{id}`: its messages, and what became of each.
pub async fn one(staff: ConsoleStaff, id: Path<String>, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let (id, sent) = (id.into_inner(), said.into_inner().sent);
    let (hook, list) = staff.read(move |db, actor, _, _| webhook::deliveries(db, actor, &id)).await?;
    let due = |at: Option<crate::clock::Timestamp>| at.is_some_and(|at| at <= staff.at);
    let on_its_way = list.deliveries.iter().any(|one| one.id == sent && due(one.next_try_at));
    let frame = if on_its_way {
        staff.frame_saying(true, WebhookWords::of(staff.lang).on_its_way)
    } else {
        staff.frame()
    };
    let page = WebhookPage {
        frame,
        hook,
        deliveries: list.deliveries,
        may_change: staff.actor.roles.contains(&Role::Administrator),
        may_allow: staff.actor.may(Deed::AllowLinks).is_ok(),
        zone: staff.shared.rules().zone,
    };
    let mut answer = staff.page(page.render());
    if on_its_way {
        answer.headers_mut().insert(header::REFRESH, header::HeaderValue::from_static(AGAIN));
    }
    Ok(answer)
}

/// `POST /console/webhooks/{id}/tests`.
pub async fn test(staff: ConsoleStaff, id: Path<String>, _: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let asked = id.clone();
    let sent = staff.write(move |db, actor, _, at| webhook::test(db, actor, &asked, at)).await?;
    Ok(see_other(&format!("/console/webhooks/{id}?sent={}", sent.id)))
}

/// `POST /console/webhooks/{id}/deliveries/{message}/retry`.
pub async fn again(
    staff: ConsoleStaff,
    path: Path<(String, String)>,
    _: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, message) = path.into_inner();
    let place = format!("/console/webhooks/{id}?sent={message}");
    staff.write(move |db, actor, _, at| webhook::again(db, actor, &id, &message, at)).await?;
    Ok(see_other(&place))
}

/// `POST /console/webhooks/{id}/links`: lets it carry links to rate, or takes that back.
pub async fn links(
    staff: ConsoleStaff,
    id: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let (id, allowed) = (id.into_inner(), form.text("allowed") == "yes");
    let asked = id.clone();
    staff.write(move |db, actor, _, at| webhook::links::say(db, actor, &asked, allowed, at)).await?;
    Ok(see_other(&format!("/console/webhooks/{id}")))
}

/// `POST /console/webhooks/{id}/secret`: another one, shown once.
pub async fn renew(staff: ConsoleStaff, id: Path<String>, _: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let (hook, turn) = staff.write(move |db, actor, _, at| webhook::turn(db, actor, &id, at)).await?;
    let secret = HookSecret::derive(&staff.shared.trust.secret, &hook.id, turn).text();
    let (w, place) = (WebhookWords::of(staff.lang), format!("/console/webhooks/{}", hook.id));
    let page = Sheet::new(staff.frame(), format!("{} · {}", hook.name, w.secret))
        .up(&place, &hook.name)
        .lead(w.secret_lead)
        .button(&place, w.done)
        .with(Part::Secret(vec![secret]));
    Ok(never_kept(staff.page(page.render())))
}

fn never_kept(mut answer: HttpResponse) -> HttpResponse {
    let never = header::HeaderValue::from_static("no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, never);
    answer
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
