//! A file of holidays to fill in.

use actix_web::{HttpResponse, http::header};

use crate::{
    actions::calendar::show,
    web::{console::ConsoleStaff, problem::Refusal},
};

/// `GET /console/admin/calendar/template.csv`: in an encoding and with line ends that Excel reads.
pub async fn template(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    let (year, text) =
        staff.read(|db, actor, rules, at| show::template(db, actor, rules, rules.day(at))).await?;
    let name = format!("attachment; filename=\"workdays-{year}.csv\"");
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(format!("\u{feff}{}", text.replace('\n', "\r\n"))))
}
