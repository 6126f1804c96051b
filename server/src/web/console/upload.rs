//! Forms with files, as a browser sends them: streamed to the disk, taken only
//! with this session's token, and what was typed survives a file that is refused.

use actix_multipart::Multipart;
use actix_web::{
    FromRequest, HttpRequest,
    web::{Form, Payload},
};
use qiyema_protocol::problem::FieldProblem;

use super::staff::{ConsoleForm, ConsoleStaff};
use crate::{
    actions::intake::attach::Kept,
    domain::text::problem,
    web::{
        problem::{Code, Refusal},
        uploads::{self, ATTACHMENTS, Arrived, Limits},
    },
};

/// What a form brought.
pub struct Brought {
    /// The fields.
    pub form: ConsoleForm,
    /// The files.
    pub files: Vec<Arrived>,
    /// What is wrong with a file; the fields are there all the same.
    pub faults: Vec<FieldProblem>,
}

/// Takes a form in; one without files may come as any other form does.
pub async fn bring(
    staff: &ConsoleStaff,
    request: &HttpRequest,
    payload: Payload,
    limits: Limits,
) -> Result<Brought, Refusal> {
    let mut payload = payload.into_inner();
    let (fields, files, fault) = if uploads::takes(request.head()) {
        let form = Multipart::from_request(request, &mut payload).await.map_err(|_| Code::MalformedBody)?;
        let sent = uploads::arrive(form, &staff.shared, limits).await?;
        (sent.fields, sent.files, sent.fault)
    } else {
        let form = Form::<Vec<(String, String)>>::from_request(request, &mut payload).await;
        (form.map_err(|_| Code::MalformedBody)?.into_inner(), Vec::new(), None)
    };
    let form = ConsoleForm(fields);
    if form.0.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
        return Err(Code::MalformedBody.into());
    }
    if !staff.owns(form.text("csrf")) {
        return Err(Code::OriginRefused.into());
    }
    let faults = fault.map(|fault| at_file(&fault, limits)).transpose()?.unwrap_or_default();
    Ok(Brought { form, files, faults })
}

/// Keeps the files; what is wrong with one stands at its field.
pub async fn keep(
    staff: &ConsoleStaff,
    files: Vec<Arrived>,
    faults: Vec<FieldProblem>,
) -> Result<Result<Vec<Kept>, Vec<FieldProblem>>, Refusal> {
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    match uploads::keep(&staff.shared, files).await {
        Ok(kept) => Ok(Ok(kept)),
        Err(refusal) => Ok(Err(at_file(&refusal, ATTACHMENTS)?)),
    }
}

/// What a file is refused for, at its field; anything else is not the form's to tell.
fn at_file(refusal: &Refusal, limits: Limits) -> Result<Vec<FieldProblem>, Refusal> {
    match refusal.code() {
        Code::InvalidInput => Ok(refusal.faults().to_vec()),
        Code::PayloadTooLarge => {
            let most = limits.bytes / (1024 * 1024);
            Ok(vec![problem(
                "file",
                format!("文件超过{most}MB，请缩小后再上传"),
                format!("the file is larger than {most} MB; make it smaller"),
            )])
        }
        _ => Err(refusal.clone()),
    }
}
