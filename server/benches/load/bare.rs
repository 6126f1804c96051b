//! The yardstick: actix with nothing in it. No middleware, no log, no database; one route answers a small JSON document,
//! the other serialises a board of twenty issues, as a scan must.

use actix_web::{
    App, HttpServer, Responder,
    rt::System,
    web::{Data, Json, get},
};
use anyhow::{Context, Result};
use qiyema_protocol::{board::Board, rating::Tier};
use qiyema_server::web::view::sample;

#[derive(serde::Serialize)]
struct Small {
    ok: bool,
}

/// Serves on an address until stopped.
pub(crate) fn serve(address: &str) -> Result<()> {
    let mut board = sample::board(Tier::Unverified);
    board.issues = board.issues.iter().cycle().take(20).cloned().collect();
    let board = Data::new(board);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(board.clone())
            .route("/healthz", get().to(small))
            .route("/small", get().to(small))
            .route("/board", get().to(whole))
    });
    let server = server.bind(address).with_context(|| format!("cannot listen on {address:?}"))?;
    Ok(System::new().block_on(server.run())?)
}

async fn small() -> impl Responder {
    Json(Small { ok: true })
}

async fn whole(board: Data<Board>) -> impl Responder {
    Json(board.get_ref().clone())
}
