//! Wiring: settings in, a listening server out.

pub mod assemble;
pub mod jobs;
pub mod logging;

use std::{
    net::TcpListener,
    sync::{Mutex, PoisonError},
};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::{Compress, from_fn},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_actix_web::TracingLogger;
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::web::{
    self, Api, Shared, extract,
    methods::{self, Methods},
    middleware,
    turnstile::Turnstile,
};

/// How often another instance's changes are looked for.
const REFRESH: std::time::Duration = std::time::Duration::from_secs(3);

/// A server that listens and has not begun to serve.
pub struct Application {
    port: u16,
    server: Server,
    shared: Shared,
}

impl Application {
    /// Puts the server together on a socket that is bound already.
    pub fn build(shared: &Shared, listener: TcpListener) -> anyhow::Result<Self> {
        let http = shared.config.http.clone();
        let (kept, shared) = (shared.clone(), shared.clone());
        let turnstile = Turnstile::open(&http);
        let mut server = HttpServer::new(move || {
            let limit = shared.config.http.body_limit;
            let (app, document) = App::new()
                .into_utoipa_app()
                .openapi(Api::openapi())
                .configure(web::map(&shared))
                .split_for_parts();
            let taken = actix_web::web::Data::new(Methods::of(&document));
            app.app_data(taken)
                .app_data(extract::json(limit))
                .app_data(extract::form(limit))
                .app_data(extract::query())
                .app_data(extract::path())
                .app_data(extract::payload(limit))
                .configure(web::pages)
                .service(actix_web::web::redirect("/docs", "/docs/"))
                .service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", document))
                .default_service(actix_web::web::to(methods::unmatched))
                .wrap(from_fn(methods::head_as_get))
                .wrap(Compress::default())
                // After the body was read: who sends one is told, and not cut off.
                .wrap(from_fn(middleware::standing::standing))
                .wrap(from_fn(middleware::deadline::deadline))
                .wrap(TracingLogger::<middleware::span::Quiet>::new())
                .wrap(from_fn(middleware::edge::edge))
                .wrap(from_fn(middleware::pace::pace))
        })
        .on_connect(move |connection, data| turnstile.enter(connection, data))
        .keep_alive(std::time::Duration::from_secs(http.keep_alive_seconds))
        .client_request_timeout(std::time::Duration::from_secs(http.head_seconds))
        .shutdown_timeout(http.drain_seconds)
        .max_connections(http.connections_per_worker);
        if http.workers > 0 {
            server = server.workers(http.workers);
        }
        let port = listener.local_addr()?.port();
        Ok(Self { port, server: server.listen(listener)?.run(), shared: kept })
    }

    /// The port that was taken.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Serves until SIGTERM or SIGINT, then lets running requests finish.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let looking = actix_web::rt::spawn(keep_fresh(self.shared));
        let ended = self.server.await;
        looking.abort();
        ended
    }
}

/// Looks every few seconds for what another instance's administrator changed.
async fn keep_fresh(shared: Shared) {
    let mut turn = tokio::time::interval(REFRESH);
    turn.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        turn.tick().await;
        if let Err(error) = shared.refresh().await {
            tracing::warn!(%error, "the settings could not be read again; the old ones stay in force");
        }
    }
}

/// The process's one recorder of figures; the lock keeps two from being installed.
pub fn figures() -> anyhow::Result<PrometheusHandle> {
    static HANDLE: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut known = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = known.as_ref() {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)
        .map_err(|_| anyhow::anyhow!("figures are already recorded elsewhere"))?;
    *known = Some(handle.clone());
    Ok(handle)
}
