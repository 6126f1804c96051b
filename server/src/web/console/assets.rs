//! The console's styles, script and font: their names change with their content, so
//! that a browser may keep them for ever.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Path};

use crate::web::{
    problem::{Code, Refusal},
    view::console::assets,
};

/// `GET /console/assets/{name}`.
pub async fn asset(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, Refusal> {
    let asset = assets::find(&name).ok_or(Code::NotFound)?;
    let tag = format!("\"{}\"", asset.name);
    let known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|kept| kept == tag.as_str());
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ETAG, tag));
    Ok(if known { answer.finish() } else { answer.content_type(asset.kind).body(&*asset.bytes) })
}
