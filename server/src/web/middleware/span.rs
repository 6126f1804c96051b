//! The span of a request in the log. The framework's own would hold the URL, and
//! the URL holds the seal: this one knows the route's pattern only. What the caller
//! did wrong is one line with the problem's code; what we did wrong is an error.

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use tracing::{Span, field::Empty};
use tracing_actix_web::RootSpanBuilder;

use super::edge::RequestId;
use crate::web::problem::{Code, Refusal};

/// Method, route pattern, request id, status, code of the problem. No address, no path, no header.
pub struct Quiet;

/// What a page tells of; the page itself no longer says.
#[derive(Debug, Clone, Copy)]
struct Told(Code);

/// Notes which problem the page that answers this request tells of.
pub fn tells(request: &HttpRequest, code: Code) {
    request.extensions_mut().insert(Told(code));
}

impl RootSpanBuilder for Quiet {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        tracing::info_span!(
            "request",
            method = %request.method(),
            route = Empty,
            id,
            status = Empty,
            code = Empty
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let (status, code) = match outcome {
            Ok(answer) => {
                let route = answer.request().match_pattern().unwrap_or_else(|| "none".into());
                span.record("route", route);
                let refused = answer.response().error().and_then(|error| error.as_error::<Refusal>());
                let told = || answer.request().extensions().get::<Told>().map(|told| told.0);
                (answer.status(), refused.map(Refusal::code).or_else(told))
            }
            Err(error) => {
                let refused = error.as_error::<Refusal>();
                (error.as_response_error().status_code(), refused.map(Refusal::code))
            }
        };
        span.record("status", status.as_u16());
        if let Some(code) = code.filter(|_| status.is_client_error() || status.is_server_error()) {
            span.record("code", code.row().name);
        }
        span.in_scope(|| {
            if status.is_server_error() {
                tracing::error!("answered");
            } else {
                tracing::info!("answered");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use actix_web::{App, HttpResponse, test, web};
    use tracing_actix_web::TracingLogger;

    use super::Quiet;
    use crate::{
        domain::text::problem,
        web::problem::{Code, Refusal},
    };

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    async fn refused() -> Result<HttpResponse, Refusal> {
        Err(Refusal::fields(vec![problem("comment", "绝密的话", "secret words")]))
    }

    async fn broken() -> Result<HttpResponse, Refusal> {
        Err(Code::Internal.into())
    }

    #[actix_web::test]
    async fn a_refusal_is_one_quiet_line_with_its_code_and_a_failure_is_an_error() {
        let paper = Paper::default();
        let sink = paper.clone();
        let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || sink.clone()).finish();
        let _here = tracing::subscriber::set_default(log);
        let app = App::new()
            .wrap(TracingLogger::<Quiet>::new())
            .route("/r/{token}", web::get().to(refused))
            .route("/broken", web::get().to(broken));
        let app = test::init_service(app).await;
        let lines = async |path: &str| -> Vec<String> {
            paper.0.lock().unwrap().clear();
            drop(test::call_service(&app, test::TestRequest::get().uri(path).to_request()).await);
            let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
            written.lines().map(ToOwned::to_owned).collect()
        };
        let said = lines("/r/sealed").await;
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(" INFO ") && said[0].contains("code=\"invalid_input\""), "{said:?}");
        assert!(said[0].contains("status=422") && said[0].contains("/r/{token}"), "{said:?}");
        for secret in ["sealed", "绝密", "secret", "comment"] {
            assert!(!said[0].contains(secret), "{secret}: {said:?}");
        }
        let said = lines("/broken").await;
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("ERROR") && said[0].contains("code=\"internal\""), "{said:?}");
    }
}
