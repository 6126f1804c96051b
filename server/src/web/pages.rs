//! Answers that are pages, and refusals as pages.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::{
    look::View,
    problem::Refusal,
    refusals::internal,
    view::{STYLE, notice::NoticePage},
};

/// A page; its own style sheet is the only thing it may use.
pub fn html(status: StatusCode, page: Result<String, askama::Error>) -> HttpResponse {
    let style = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    match page {
        Ok(body) => HttpResponse::build(status)
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .content_type("text/html; charset=utf-8")
            .body(body),
        Err(error) => internal(&error).respond(None),
    }
}

/// A refusal as a page.
pub fn notice(view: View, refusal: &Refusal, id: Option<String>, back: Option<String>) -> HttpResponse {
    let problem = refusal.problem(id);
    let mut page = NoticePage::of(&problem, view.words);
    page.back = back;
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = html(status, page.render());
    if let Some(seconds) = problem.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// Whether a person looks at the answer: a browser that asks for a page outside the API.
#[must_use]
pub fn is_wanted(request: &HttpRequest) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    !request.path().starts_with("/api/") && accepts.is_some_and(|types| types.contains("text/html"))
}
