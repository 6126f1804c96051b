//! A job that goes on without the browser, as its page shows it: how far it is, a page
//! that looks again by itself while it runs, and the button that stops it.

use actix_web::{HttpResponse, http::header};

use super::staff::ConsoleStaff;
use crate::web::view::console::{
    form::Form,
    sheet::{Part, Sheet},
};

/// Seconds after which a browser looks again.
const AGAIN: &str = "3";

/// A job.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its page.
    pub place: String,
    /// What it has done, and of how many.
    pub done: (u32, u32),
    /// It runs.
    pub runs: bool,
}

impl Progress {
    /// Shows how far it is, while it runs.
    #[must_use]
    pub fn on(&self, staff: &ConsoleStaff, sheet: Sheet) -> Sheet {
        if !self.runs {
            return sheet;
        }
        let (name, (value, most)) = (staff.lang.pick("进度", "Progress"), self.done);
        let bar = format!(r#"<progress value="{value}" max="{most}" aria-label="{name}"></progress>"#);
        sheet.button(&self.place, staff.lang.pick("刷新", "Look again")).with(Part::Drawing(bar))
    }

    /// With the button that stops it.
    ///
    /// # Errors
    /// When the form cannot be written.
    pub fn stopped_by(
        &self,
        staff: &ConsoleStaff,
        sheet: Sheet,
        word: &'static str,
    ) -> Result<Sheet, askama::Error> {
        let mut form = Form::new(staff.lang, &staff.csrf, format!("{}/cancellation", self.place), word);
        form.danger = true;
        sheet.form("", "", &form)
    }

    /// The answer, which looks again by itself while it runs.
    #[must_use]
    pub fn watched(&self, mut answer: HttpResponse) -> HttpResponse {
        if self.runs {
            answer.headers_mut().insert(header::REFRESH, header::HeaderValue::from_static(AGAIN));
        }
        answer
    }
}
