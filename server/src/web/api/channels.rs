//! What a channel's own system calls, with an API token.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path},
};
use qiyema_protocol::intake::{ChannelIssue, ChannelStatus};

use crate::{
    actions::{
        Refused,
        intake::channel::{self, Posted},
    },
    web::{callers::Machine, problem::Refusal, refusals::Refusals, shared::Shared, uploads::escaped},
};

/// Post an issue under the channel's own reference. The same reference again answers the first issue (200).
#[utoipa::path(tag = "channels", request_body = ChannelIssue, security(("token" = [])),
    params(("channel" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 printable characters")),
    responses((status = 201, body = ChannelStatus), (status = 200, body = ChannelStatus), Refusals))]
#[post("/api/v1/channels/{channel}/issues")]
pub async fn post_issue(
    request: HttpRequest,
    machine: Machine,
    channel: Path<String>,
    body: Json<ChannelIssue>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let key = super::owner::idempotency_key(&request)?;
    let (channel, new) = (channel.into_inner(), body.into_inner());
    let place = format!("/api/v1/channels/{channel}/issues/");
    let mut turn = 0;
    let posted = loop {
        let (actor, channel, new, key) = (machine.0.clone(), channel.clone(), new.clone(), key.clone());
        let (rules, at) = (shared.rules(), shared.clock.now());
        let posted: Result<Posted, Refused> = shared
            .store
            .write(move |db| channel::post(db, &actor, &channel, (&new, key.as_deref()), &rules, at))
            .await;
        match posted {
            // Another instance entered it between our look and our write: now it is there to be found.
            Err(Refused::ReferenceTaken) if turn == 0 => turn += 1,
            other => break other?,
        }
    };
    let mut answer = if posted.made { HttpResponse::Created() } else { HttpResponse::Ok() };
    let place = format!("{place}{}", escaped(&posted.status.reference));
    Ok(answer.insert_header((header::LOCATION, place)).json(posted.status))
}

/// How far the issue of a reference is.
#[utoipa::path(tag = "channels", params(("channel" = String, Path), ("reference" = String, Path)), security(("token" = [])),
    responses((status = 200, body = ChannelStatus), Refusals))]
#[get("/api/v1/channels/{channel}/issues/{reference}")]
pub async fn status(
    machine: Machine,
    path: Path<(String, String)>,
    shared: Data<Shared>,
) -> Result<Json<ChannelStatus>, Refusal> {
    let (channel, reference) = path.into_inner();
    let found: Result<ChannelStatus, Refused> =
        shared.store.read(move |db| channel::status(db, &machine.0, &channel, &reference)).await;
    Ok(Json(found?))
}
