//! Files of an issue at the console: adding them, and taking one away to look at.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Path, Payload},
};

use super::{
    door::see_other,
    issue::{self, ATTACHING},
    staff::ConsoleStaff,
    upload::{bring, keep},
};
use crate::{
    actions::{Refused, intake::attach},
    web::{
        problem::{Code, Refusal},
        uploads::{self, ATTACHMENTS},
        view::console::form::{Choice, Field, Form, Kind},
        words::console::files::FileWords,
    },
};

/// `GET /console/issues/{number}/attachments/{id}`: to be saved, never shown as a page of ours.
pub async fn file(staff: ConsoleStaff, path: Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (number, id) = path.into_inner();
    if id.contains('\0') {
        return Err(Code::AttachmentUnknown.into());
    }
    let row = staff.read(move |db, actor, _, _| attach::find(db, actor, &number, &id)).await?;
    uploads::save(&Arc::clone(&staff.shared.files), &row).await
}

/// `POST /console/issues/{number}/attachments`.
pub async fn add(
    staff: ConsoleStaff,
    number: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refusal> {
    let number = number.into_inner();
    // Whoever may not attach does not fill the disk either.
    let asked = number.clone();
    staff.read(move |db, actor, _, _| attach::may_attach(db, actor, &asked).map(drop)).await?;
    let sent = bring(&staff, &request, payload, ATTACHMENTS).await?;
    let for_owner = sent.form.text("for_owner") == "yes";
    let faults = match keep(&staff, sent.files, sent.faults).await? {
        Err(faults) => faults,
        Ok(kept) => {
            let asked = number.clone();
            let done = staff
                .write(move |db, actor, _, at| attach::by_staff(db, actor, &asked, &kept, for_owner, at));
            match done.await {
                Ok(_) => return Ok(see_other(&format!("/console/issues/{number}?done={ATTACHING}"))),
                Err(Refused::Invalid(faults)) => faults,
                Err(other) => return Err(other.into()),
            }
        }
    };
    issue::files_again(&staff, number, &sent.form, &faults).await
}

/// The form that adds files to an issue.
pub fn form(staff: &ConsoleStaff, number: &str) -> Form {
    let w = FileWords::of(staff.lang);
    let mut form = Form::new(staff.lang, &staff.csrf, format!("/console/issues/{number}/{ATTACHING}"), w.add);
    ATTACHING.clone_into(&mut form.id);
    form.with(field(w)).with(audience(w))
}

/// Where files are chosen.
pub fn field(w: &FileWords) -> Field {
    Field::new(Kind::File, "file", w.choose)
        .help(w.help)
        .accept("image/png,image/jpeg,image/webp,application/pdf")
}

/// Whether the owner may see them.
pub fn audience(w: &FileWords) -> Field {
    Field::new(Kind::Checks, "for_owner", w.audience).choices(vec![Choice::new("yes", w.for_owner)])
}
