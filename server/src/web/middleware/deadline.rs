//! A body has to arrive whole and in time: the framework itself would wait for
//! ever for one that drips. The limit of its size is the raw-body setting.

use std::time::Duration;

use actix_http::h1;
use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web::{Bytes, Data},
};

use crate::web::{
    Shared,
    problem::{Code, Refusal},
    uploads,
};

/// Reads the body within its deadline and hands it on.
pub async fn deadline(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if uploads::takes(request.head()) {
        // Streams to the disk under a clock of its own.
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let seconds = request.app_data::<Data<Shared>>().map_or(10, |shared| shared.config.http.body_seconds);
    let body = tokio::time::timeout(Duration::from_secs(seconds), request.extract::<Bytes>()).await;
    match body {
        Ok(Ok(body)) => {
            // Already unpacked by the extractor.
            request.headers_mut().remove(header::CONTENT_ENCODING);
            request.headers_mut().remove(header::CONTENT_LENGTH);
            let (_, mut payload) = h1::Payload::create(true);
            payload.unread_data(body);
            request.set_payload(Payload::from(payload));
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Ok(Err(error)) => {
            let code = Code::of_status(error.as_response_error().status_code());
            Ok(request.error_response(Refusal::from(code)))
        }
        Err(_) => Ok(request.error_response(Refusal::from(Code::RequestTimeout))),
    }
}
