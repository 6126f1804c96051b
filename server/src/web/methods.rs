//! Methods. The handlers' routes guard whole resources, so that a wrong method on
//! a known address finds no resource at all: what to answer then is looked up in
//! the document that those very handlers wrote.

use std::collections::HashMap;

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header, header::HeaderValue},
    middleware::Next,
    web::Data,
};
use utoipa::openapi::{OpenApi, PathItem};

use super::problem::{Code, Refusal};

/// `Allow` of every address in the document.
#[derive(Debug, Default)]
pub struct Methods(HashMap<String, HeaderValue>);

impl Methods {
    /// What the handlers of a document take.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let allow = |item: &PathItem| {
            let operations = [
                ("GET, HEAD", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let taken: Vec<&str> =
                operations.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
            HeaderValue::from_str(&taken.join(", ")).ok()
        };
        let paths = document.paths.paths.iter();
        Self(paths.filter_map(|(path, item)| Some((path.clone(), allow(item)?))).collect())
    }
}

/// Answers what no handler took: 405 on a known address, 404 elsewhere.
pub async fn unmatched(request: HttpRequest, methods: Data<Methods>) -> HttpResponse {
    let allow = request.match_pattern().and_then(|pattern| methods.0.get(&pattern).cloned());
    let Some(allow) = allow else { return Refusal::from(Code::NotFound).respond(None) };
    let mut answer = Refusal::from(Code::MethodNotAllowed).respond(None);
    answer.headers_mut().insert(header::ALLOW, allow);
    answer
}

/// `HEAD` is answered as `GET`; the protocol leaves the body out by itself.
pub async fn head_as_get(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

/// What a page's resource says it takes, with the `HEAD` that comes with `GET`.
#[must_use]
pub fn with_head(allow: HeaderValue) -> HeaderValue {
    let Some(list) = allow.to_str().ok() else { return allow };
    let takes = |method: &str| list.split(',').any(|name| name.trim() == method);
    if takes("GET") && !takes("HEAD") {
        return HeaderValue::from_str(&format!("{list}, HEAD")).unwrap_or(allow);
    }
    allow
}
