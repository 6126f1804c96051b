//! While the database is not what was signed of it, nothing is taken any more:
//! what would be written now is lost when the right database comes back. Whoever
//! only reads goes on.

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};

use crate::web::{
    Shared,
    problem::{Code, Refusal},
};

/// Refuses what writes. It asks no database: the job of the log notes what it found.
pub async fn standing(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let stands = request.app_data::<Data<Shared>>().is_none_or(|shared| shared.log.behind().is_none());
    if stands || request.method().is_safe() {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    Ok(request.error_response(Refusal::from(Code::ReadOnly)))
}
