//! For the machines that watch this one: alive, ready, which version, figures.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{Data, Json},
};
use secrecy::ExposeSecret;
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::{
    Shared,
    problem::{Code, Refusal},
    refusals::Refusals,
};
use crate::config::Http;

/// Which program this is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Version {
    /// Program name.
    name: &'static str,
    /// Version.
    version: &'static str,
}

/// The process runs.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Alive", content_type = "text/plain")))]
#[get("/healthz")]
pub async fn healthz() -> &'static str {
    "ok"
}

/// The process can serve.
#[utoipa::path(tag = "operations", responses(
    (status = 200, description = "Ready", content_type = "text/plain"), Refusals))]
#[get("/readyz")]
pub async fn readyz(shared: Data<Shared>) -> Result<&'static str, Refusal> {
    if let Some(behind) = shared.log.behind() {
        tracing::warn!(%behind, "not ready");
        return Err(Code::LogBroken.into());
    }
    let ready = shared.ready.clone();
    match actix_web::web::block(move || ready()).await {
        Ok(Ok(())) => Ok("ok"),
        Ok(Err(why)) => {
            tracing::warn!(why, "not ready");
            Err(Code::Busy.into())
        }
        Err(_) => Err(Code::Busy.into()),
    }
}

/// Which version runs.
#[utoipa::path(tag = "operations", responses((status = 200, body = Version)))]
#[get("/version")]
pub async fn version() -> Json<Version> {
    Json(Version { name: "qiyema-server", version: env!("CARGO_PKG_VERSION") })
}

/// Figures for Prometheus: with the token, or while trying out from this machine.
#[utoipa::path(tag = "operations", responses(
    (status = 200, description = "Figures", content_type = "text/plain"), Refusals))]
#[get("/metrics")]
pub async fn metrics(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let http = &shared.config.http;
    let token = http.metrics_token.expose_secret();
    let allowed = if token.is_empty() {
        is_trial_of_this_machine(&request, http)
    } else {
        let sent = request.headers().get(header::AUTHORIZATION).and_then(|line| line.to_str().ok());
        let sent = sent.and_then(|line| line.strip_prefix("Bearer ")).unwrap_or_default();
        bool::from(sent.as_bytes().ct_eq(token.as_bytes()))
    };
    if !allowed {
        return Err(Code::Forbidden.into());
    }
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(shared.metrics.render()))
}

/// Without a token only a server that is being tried out shows its figures, and
/// only to this very machine. Once it has a public URL, a proxy may stand before
/// it, and everybody's requests come from the proxy's address.
fn is_trial_of_this_machine(request: &HttpRequest, http: &Http) -> bool {
    let head = request.head();
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    http.public_host().is_none()
        && !forwarded.into_iter().any(|name| head.headers.contains_key(name))
        && head.peer_addr.is_some_and(|peer| peer.ip().to_canonical().is_loopback())
}
