//! Webhooks, for administrators, and the inbox, for everybody of the staff.

use std::time::Duration;

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Json, Path, Query},
};
use qiyema_protocol::webhooks::{
    AllowLinks, DeliveryList, DeliveryView, Inbox, Mailbox, NewWebhook, PauseWebhook, WebhookList,
    WebhookSecret, WebhookView,
};
use serde::Deserialize;

use crate::{
    actions::{
        Refused,
        admin::{mailbox, webhook},
        inbox,
        rights::{Area, Deed},
    },
    courier::{
        Undelivered,
        hook::{self, Way},
    },
    domain::text::problem,
    secrets::hook::HookSecret,
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Which page of the inbox.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Before {
    /// `next` of the page before.
    #[param(max_length = 40)]
    pub before: Option<String>,
}

/// Webhooks.
#[utoipa::path(tag = "admin", security(("staff" = [])), responses((status = 200, body = WebhookList), Refusals))]
#[get("/api/v1/admin/webhooks")]
pub async fn list(staff: Staff, shared: Data<Shared>) -> Result<Json<WebhookList>, Refusal> {
    let found: Result<WebhookList, Refused> = shared.store.read(move |db| webhook::list(db, &staff.0)).await;
    Ok(Json(found?))
}

/// Add a webhook. Its secret is shown once.
#[utoipa::path(tag = "admin", request_body = NewWebhook, security(("staff" = [])),
    responses((status = 201, body = WebhookSecret), Refusals))]
#[post("/api/v1/admin/webhooks")]
pub async fn add(
    staff: Staff,
    body: Json<NewWebhook>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    staff.0.may(Deed::Administer(Area::Tokens))?;
    let (new, at) = (body.into_inner(), shared.clock.now());
    permitted(&shared, &new.url).await?;
    let made: Result<WebhookView, Refused> =
        shared.store.write(move |db| webhook::add(db, &staff.0, &new, at)).await;
    let webhook = made?;
    let secret = HookSecret::derive(&shared.trust.secret, &webhook.id, 1).text();
    let place = format!("/api/v1/admin/webhooks/{}/deliveries", webhook.id);
    let answer = WebhookSecret { webhook, secret };
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(answer))
}

/// Refuses an address that messages would not be sent to, with the remedy. One that
/// has no address yet may get one; the first try says so.
pub async fn permitted(shared: &Shared, url: &str) -> Result<(), Refusal> {
    let Ok(url) = hook::check(url) else { return Ok(()) };
    let way = Way {
        allowed: shared.config.webhooks.allowed_networks.clone(),
        patience: Duration::from_secs(shared.config.delivery.timeout_seconds.get().into()),
    };
    match hook::addresses(&url, &way).await {
        Err(Undelivered::Forbidden) => Err(Refusal::fields(vec![problem(
            "url",
            "服务器不会向内网或保留地址发送，http:// 也只限已放行的内网。请改用公网 https:// 地址；\
             确需发往内网的，请先在服务器设置 webhooks.allowed_networks 中放行该网段（如 10.8.0.0/16）并重启",
            "the server sends to no private or reserved address, and by http:// only inside networks that are \
             allowed. Use a public https:// address, or list the network (10.8.0.0/16) in the server's setting \
             webhooks.allowed_networks, restart, and add it then",
        )])),
        _ => Ok(()),
    }
}

/// A new secret; the old one signs nothing from now on.
#[utoipa::path(tag = "admin", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = WebhookSecret), Refusals))]
#[post("/api/v1/admin/webhooks/{id}/secret")]
pub async fn renewed(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (id, at) = (id.into_inner(), shared.clock.now());
    let turned: Result<(WebhookView, i32), Refused> =
        shared.store.write(move |db| webhook::turn(db, &staff.0, &id, at)).await;
    let (webhook, turn) = turned?;
    let secret = HookSecret::derive(&shared.trust.secret, &webhook.id, turn).text();
    let answer = WebhookSecret { webhook, secret };
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}

/// Pause or resume a webhook.
#[utoipa::path(tag = "admin", params(("id" = String, Path)), request_body = PauseWebhook, security(("staff" = [])),
    responses((status = 201, body = WebhookView), Refusals))]
#[post("/api/v1/admin/webhooks/{id}/pause")]
pub async fn pause(
    staff: Staff,
    id: Path<String>,
    body: Json<PauseWebhook>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, paused, at) = (id.into_inner(), body.into_inner().paused, shared.clock.now());
    let done: Result<WebhookView, Refused> =
        shared.store.write(move |db| webhook::pause(db, &staff.0, &id, paused, at)).await;
    Ok(HttpResponse::Created().json(done?))
}

/// Let a webhook carry links to rate, or take that back: for who answers for the ratings,
/// never for who sets webhooks up. Taken back, the links it carried are dead too.
#[utoipa::path(tag = "admin", params(("id" = String, Path)), request_body = AllowLinks, security(("staff" = [])),
    responses((status = 201, body = WebhookView), Refusals))]
#[post("/api/v1/admin/webhooks/{id}/links")]
pub async fn links(
    staff: Staff,
    id: Path<String>,
    body: Json<AllowLinks>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (id, allowed, at) = (id.into_inner(), body.into_inner().allowed, shared.clock.now());
    let done: Result<WebhookView, Refused> =
        shared.store.write(move |db| webhook::links::say(db, &staff.0, &id, allowed, at)).await;
    Ok(HttpResponse::Created().json(done?))
}

/// Remove a webhook.
#[utoipa::path(tag = "admin", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[delete("/api/v1/admin/webhooks/{id}")]
pub async fn remove(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (id, at) = (id.into_inner(), shared.clock.now());
    let done: Result<(), Refused> =
        shared.store.write(move |db| webhook::remove(db, &staff.0, &id, at)).await;
    done?;
    Ok(HttpResponse::NoContent().finish())
}

/// The latest messages to a webhook.
#[utoipa::path(tag = "admin", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = DeliveryList), Refusals))]
#[get("/api/v1/admin/webhooks/{id}/deliveries")]
pub async fn deliveries(
    staff: Staff,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<DeliveryList>, Refusal> {
    let id = id.into_inner();
    let found: Result<DeliveryList, Refused> =
        shared.store.read(move |db| Ok(webhook::deliveries(db, &staff.0, &id)?.1)).await;
    Ok(Json(found?))
}

/// Send a message that tries the way.
#[utoipa::path(tag = "admin", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 201, body = DeliveryView), Refusals))]
#[post("/api/v1/admin/webhooks/{id}/tests")]
pub async fn test(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (id, at) = (id.into_inner(), shared.clock.now());
    let sent: Result<DeliveryView, Refused> =
        shared.store.write(move |db| webhook::test(db, &staff.0, &id, at)).await;
    Ok(HttpResponse::Created().json(sent?))
}

/// Try a message now that did not arrive, whether it waits or was given up.
#[utoipa::path(tag = "admin", params(("id" = String, Path), ("message" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[post("/api/v1/admin/webhooks/{id}/deliveries/{message}/retry")]
pub async fn again(
    staff: Staff,
    path: Path<(String, String)>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let ((id, message), at) = (path.into_inner(), shared.clock.now());
    let done: Result<(), Refused> =
        shared.store.write(move |db| webhook::again(db, &staff.0, &id, &message, at)).await;
    done?;
    Ok(HttpResponse::NoContent().finish())
}

/// My inbox.
#[utoipa::path(tag = "staff", params(Before), security(("staff" = [])),
    responses((status = 200, body = Inbox), Refusals))]
#[get("/api/v1/staff/inbox")]
pub async fn notices(
    staff: Staff,
    find: Query<Before>,
    shared: Data<Shared>,
) -> Result<Json<Inbox>, Refusal> {
    let (before, rules) = (find.into_inner().before, shared.rules());
    let found: Result<Inbox, Refused> =
        shared.store.read(move |db| inbox::page(db, &staff.0, before.as_deref(), &rules)).await;
    Ok(Json(found?))
}

/// Mark a notice as read.
#[utoipa::path(tag = "staff", params(("id" = String, Path)), security(("staff" = [])),
    responses((status = 204), Refusals))]
#[post("/api/v1/staff/inbox/{id}/reading")]
pub async fn reading(staff: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (id, at) = (id.into_inner(), shared.clock.now());
    let done: Result<String, Refused> =
        shared.store.write(move |db| inbox::read(db, &staff.0, &id, at)).await;
    done?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where a person gets notices by mail.
#[utoipa::path(tag = "admin", params(("username" = String, Path)), request_body = Mailbox, security(("staff" = [])),
    responses((status = 204), Refusals))]
#[post("/api/v1/admin/staff/{username}/mailbox")]
pub async fn mail(
    staff: Staff,
    username: Path<String>,
    body: Json<Mailbox>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (username, address, at) = (username.into_inner(), body.into_inner().address, shared.clock.now());
    let done: Result<(), Refused> =
        shared.store.write(move |db| mailbox::set(db, &staff.0, &username, address.as_deref(), at)).await;
    done?;
    Ok(HttpResponse::NoContent().finish())
}
