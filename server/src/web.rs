//! The only room that knows actix. The whole URL map is on this page, grouped by
//! who calls it; what a request passes on its way in stands in `configure` and
//! `startup`.

pub mod client;
pub mod extract;
pub mod middleware;
pub mod operations;
pub mod problem;
pub mod throttle;

use std::sync::Arc;

use actix_web::web::Data;
use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{clock::Clock, config::Config};

/// Can this process serve? `Err` says why not; the reason is logged, not sent.
pub type Readiness = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// What every handler may ask for.
#[derive(Clone)]
pub struct Shared {
    /// Settings.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Clock,
    /// Asked by `/readyz`.
    pub ready: Readiness,
    /// Renders `/metrics`.
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
}

/// The document's head; the paths come from the map below.
#[derive(OpenApi)]
#[openapi(info(
    title = "Qiyema 企业码",
    description = "Scan an enterprise code; see who, how far, when; rate."
))]
pub struct Api;

/// The URL map.
pub fn map(shared: &Shared) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let shared = Data::new(shared.clone());
    move |app| {
        app.app_data(shared);
        // machines that watch this one
        app.service(operations::healthz)
            .service(operations::readyz)
            .service(operations::version)
            .service(operations::metrics);
    }
}
