//! The first page after signing in.

use actix_web::HttpResponse;

use super::staff::ConsoleStaff;
use crate::web::{problem::Refusal, view::console::home::HomePage};

/// `GET /console`.
pub async fn home(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    Ok(staff.page(HomePage { frame: staff.frame() }.render()))
}
