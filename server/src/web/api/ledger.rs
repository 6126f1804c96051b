//! The tamper-evident log as anybody reads it: heads and tiles in the forms of
//! C2SP (signed-note, tlog-tiles), so that another office can witness it.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{Data, Json, Path},
};
use data_encoding::HEXLOWER;
use qiyema_protocol::{ledger::Inclusion, receipt::ReceiptStatus};
use tlog_tiles::Tile;

use crate::{
    actions::{Refused, ledger, receipt as looking},
    domain::ledger::Kind,
    store::ledger::head,
    web::{
        callers,
        problem::{Code, Refusal},
        refusals::Refusals,
        shared::Shared,
    },
};

/// The latest signed head: origin, size and root as a signed note.
#[utoipa::path(tag = "ledger", responses(
    (status = 200, description = "A signed note", body = String, content_type = "text/plain"), Refusals))]
#[get("/ledger/checkpoint")]
pub async fn checkpoint(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    paced(&request, &shared)?;
    let found: Result<_, Refused> = shared.store.read(|db| Ok(head(db)?)).await;
    let head = found?.ok_or(Code::NotFound)?;
    Ok(text().insert_header((header::CACHE_CONTROL, "no-store")).body(head.note))
}

/// The key that heads are signed by: `name+id+key`.
#[utoipa::path(tag = "ledger", responses(
    (status = 200, description = "A verifier key", body = String, content_type = "text/plain"), Refusals))]
#[get("/ledger/key")]
pub async fn key(shared: Data<Shared>) -> HttpResponse {
    text().body(format!("{}\n", shared.trust.log.public()))
}

/// Hashes of a tile of height 8: `0/067`, `1/x001/234`, `0/067.p/3`.
#[utoipa::path(tag = "ledger", params(("tile" = String, Path, description = "Level, number, and the width of a tile that is not full")),
    responses((status = 200, description = "32 bytes a hash", content_type = "application/octet-stream"), Refusals))]
#[get("/ledger/tile/{tile:.*}")]
pub async fn tile(
    request: HttpRequest,
    path: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    paced(&request, &shared)?;
    let tile = named(&path).ok_or(Code::NotFound)?;
    if tile.is_data() {
        // Entries name people's deeds; who may read them asks for the rows.
        return Err(Code::NotFound.into());
    }
    let full = tile.width() == 256;
    let found: Result<Option<Vec<u8>>, Refused> = shared.store.read(move |db| ledger::tile(db, &tile)).await;
    let data = found?.ok_or(Code::NotFound)?;
    let kept = if full { "public, max-age=31536000, immutable" } else { "no-store" };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, kept));
    Ok(answer.content_type("application/octet-stream").body(data))
}

/// The tile of an address. The library panics at a level above 63 and at a width of
/// nothing; a tree here has no level above 7.
fn named(path: &str) -> Option<Tile> {
    let (level, rest) = path.split_once('/')?;
    let level_fits = matches!(level.as_bytes(), [b'0'..=b'7']);
    let width_fits = rest
        .split_once(".p/")
        .is_none_or(|(_, width)| !width.starts_with('0') && width.parse::<u8>().is_ok_and(|width| width > 0));
    // Five groups of three digits are more tiles than a tree will ever have.
    let short = rest.len() <= 24;
    (level_fits && width_fits && short).then(|| Tile::from_path(&format!("tile/8/{path}")).ok()).flatten()
}

/// That a row is in the log: its leaf, and the way from it to the root of the latest head.
#[utoipa::path(tag = "ledger", params(("table" = String, Path, max_length = 40), ("row" = String, Path, max_length = 64)),
    responses((status = 200, body = Inclusion), Refusals))]
#[get("/api/v1/ledger/{table}/{row}")]
pub async fn inclusion(
    request: HttpRequest,
    path: Path<(String, String)>,
    shared: Data<Shared>,
) -> Result<Json<Inclusion>, Refusal> {
    paced(&request, &shared)?;
    let (table, row) = path.into_inner();
    let kind = Kind::of(&table).filter(|_| !row.contains('\0')).ok_or(Code::NotFound)?;
    let found: Result<Option<ledger::Included>, Refused> =
        shared.store.read(move |db| ledger::included(db, kind, &row)).await;
    let ledger::Included { position, leaf, size, proof, note } = found?.ok_or(Code::NotFound)?;
    Ok(Json(Inclusion {
        position,
        leaf: HEXLOWER.encode(&leaf.0),
        size,
        proof: proof.iter().map(|hash| HEXLOWER.encode(&hash.0)).collect(),
        checkpoint: note,
        entry: None,
    }))
}

/// The same for a receipt: genuine, and whether its rating still stands.
#[utoipa::path(tag = "ledger", params(("receipt" = String, Path, description = "The compact JWS", max_length = 2048)),
    responses((status = 200, body = ReceiptStatus), Refusals))]
#[get("/api/v1/receipts/{receipt}")]
pub async fn receipt(
    request: HttpRequest,
    path: Path<String>,
    shared: Data<Shared>,
) -> Result<Json<ReceiptStatus>, Refusal> {
    Ok(Json(stands(&request, &shared, &path).await?))
}

/// Whether a receipt is genuine and its rating stands, for the page and the API. A false one asks no database.
pub async fn stands(
    request: &HttpRequest,
    shared: &Data<Shared>,
    text: &str,
) -> Result<ReceiptStatus, Refusal> {
    paced(request, shared)?;
    let claims = shared.trust.keys.now().receipt(text, &shared.trust.host).map_err(|_| Code::ReceiptFalse)?;
    let rules = shared.rules();
    let found: Result<ReceiptStatus, Refused> =
        shared.store.read(move |db| looking::look(db, claims, &rules)).await;
    Ok(found?)
}

/// So many questions about the log a minute from one address.
fn paced(request: &HttpRequest, shared: &Shared) -> Result<(), Refusal> {
    shared.trust.log_reads.check(&callers::who(request, shared))
}

fn text() -> actix_web::HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer.content_type("text/plain; charset=utf-8");
    answer
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn an_address_names_a_tile_or_nothing_and_never_panics() {
        for good in ["0/000", "0/067.p/3", "7/x001/234", "0/x999/x999/x999/x999/999"] {
            assert!(named(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "0",
            "8/000",
            "63/000",
            "99/000",
            "0/000.p/0",
            "0/000.p/00",
            "0/000.p/256",
            "0/000.p/01",
            "data/000",
            "0/1000",
            "-1/000",
            "0/x999/x999/x999/x999/x999/999",
            "0/.p/1",
            "0/000.p/",
            "0/000/.p/5",
        ] {
            assert!(named(bad).is_none(), "{bad}");
        }
    }
}
