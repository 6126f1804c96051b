//! The outer edge: request id in and out, security headers, figures, and every
//! error as a problem document, also those the framework makes by itself; for a
//! person at a browser, as a page.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};

use crate::{
    clock::Ids,
    web::{
        Shared, client,
        console::door,
        look::{Ask, View},
        methods, pages,
        problem::{Code, Refusal},
    },
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A refusal that is a page already.
const PAGE: &str = "text/html; charset=utf-8";

/// The browsable API document draws itself with scripts and styles of its own.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; \
                           img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

/// Set unless the handler set its own (the pages name the hash of their style).
const ALWAYS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not "no-referrer": older browsers would then send their own forms as `Origin: null`.
    // The seal in the address still goes to no other host.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The id under which this request is logged.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The outermost middleware.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let settings = request.app_data::<Data<Shared>>().map(|shared| shared.config.clone());
    let host = settings.as_ref().and_then(|config| config.http.public_host().cloned());
    let is_docs = request.path().starts_with("/docs/");
    // The API is for programs, which prove themselves by a token. What brings a
    // cookie is a browser, and a browser may have been led here by another site.
    // The link of an invitation proves itself too, and its page sends no Referer.
    let path = request.path();
    let is_free = (path.starts_with("/api/") && !request.headers().contains_key(header::COOKIE))
        || path.starts_with("/r/");
    let own_origin = host.as_ref().map_or_else(
        || format!("http://{}", request.connection_info().host()),
        qiyema_protocol::seal::Host::origin,
    );
    let holds_nul = request.uri().to_string().contains("%00");
    let answer = if holds_nul {
        // PostgreSQL takes no NUL, not even to look it up; no address of ours has one.
        request.error_response(Refusal::from(Code::MalformedBody))
    } else if is_free || client::from_own_page(request.head(), &own_origin) {
        next.call(request).await?.map_into_boxed_body()
    } else {
        request.error_response(Refusal::from(Code::OriginRefused))
    };
    let mut answer = as_problem(answer, &id);
    if is_docs {
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOCS_POLICY));
    }
    let https = host.is_some_and(|host| !host.is_plain_http());
    dress(answer.headers_mut(), &id, https);
    count(&answer, began);
    Ok(answer)
}

/// An id of the proxy's is kept if it is short and plain.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    headers
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .filter(|id| (1..=64).contains(&id.len()) && id.chars().all(plain))
        .map_or_else(|| Ids.row(), str::to_owned)
}

fn as_problem(answer: ServiceResponse, id: &str) -> ServiceResponse {
    let status = answer.status();
    let is_page = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == PAGE);
    if is_page || (!status.is_client_error() && !status.is_server_error()) {
        return answer;
    }
    let refusal = answer.response().error().and_then(|error| error.as_error::<Refusal>().cloned());
    let refusal = refusal.unwrap_or_else(|| Code::of_status(status).into());
    let kept = answer.headers().get(header::ALLOW).cloned();
    let at_console = matches!(answer.request().path().strip_prefix("/console"), Some(rest) if rest.is_empty() || rest.starts_with('/'));
    let mut response = if at_console {
        door::refused(answer.request(), &refusal)
    } else if pages::is_wanted(answer.request()) {
        let view = View::of(answer.request(), &Ask::default());
        pages::notice(view, &refusal, Some(id.to_owned()), None)
    } else {
        refusal.respond(Some(id.to_owned()))
    };
    if let Some(allow) = kept {
        response.headers_mut().insert(header::ALLOW, methods::with_head(allow));
    }
    answer.into_response(response)
}

fn dress(headers: &mut HeaderMap, id: &str, https: bool) {
    for (name, value) in ALWAYS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// The label is the pattern, never the path: a path holds a seal.
fn count(answer: &ServiceResponse, began: Instant) {
    let route = answer.request().match_pattern().unwrap_or_else(|| "none".into());
    let status = answer.status().as_str().to_owned();
    metrics::counter!("http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("http_request_seconds", "route" => route).record(began.elapsed().as_secs_f64());
}
