//! What an owner does after the PIN, as JSON; the phone page calls the same functions.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Path},
};
use qiyema_protocol::{
    intake::{AttachmentList, AttachmentView, Upload},
    owner::{NewOwnerIssue, OwnerChoices, OwnerDone, OwnerNote, OwnerText},
    verb::Verb,
};

use crate::{
    actions::{
        Refused,
        intake::attach::Kept,
        owner::{self, Asked},
    },
    store::attachments::AttachmentRow,
    web::{
        callers::Sealed,
        problem::{Code, Refusal},
        refusals::Refusals,
        shared::Shared,
        uploads::{self, ATTACHMENTS},
    },
};

/// What a front asks of an owner's action.
fn asked(sealed: &Sealed) -> Asked {
    Asked { seal: sealed.seal, device: sealed.device.clone() }
}

/// Counts a deed of this code from this address, and refuses a device that never
/// proved the PIN before anything of its body is kept.
pub async fn admit(shared: &Data<Shared>, sealed: &Sealed) -> Result<(), Refusal> {
    shared.trust.deeds.check(&format!("{}/{}", sealed.seal.code(), sealed.who))?;
    let (asked, at) = (asked(sealed), shared.clock.now());
    let proved: Result<(), Refused> =
        shared.store.read(move |db| owner::prove(db, &asked, at).map(drop)).await;
    Ok(proved?)
}

/// Categories to choose from, for whoever proved the PIN.
pub async fn offered(shared: &Data<Shared>, sealed: &Sealed) -> Result<OwnerChoices, Refusal> {
    let (asked, at) = (asked(sealed), shared.clock.now());
    let found: Result<OwnerChoices, Refused> =
        shared.store.read(move |db| owner::raise::choices(db, &asked, at)).await;
    Ok(found?)
}

/// Raises an issue.
pub async fn store_issue(
    shared: &Data<Shared>,
    sealed: &Sealed,
    new: NewOwnerIssue,
    files: Vec<Kept>,
) -> Result<OwnerDone, Refusal> {
    let (asked, rules, at) = (asked(sealed), shared.rules(), shared.clock.now());
    let done: Result<OwnerDone, Refused> =
        shared.store.write(move |db| owner::raise::raise(db, &asked, &new, &files, &rules, at)).await;
    Ok(done?)
}

/// What came with a deed.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// Words.
    pub text: Option<String>,
    /// Files in the vault.
    pub files: Vec<Kept>,
}

/// Does what an owner's verb says.
pub async fn act(
    shared: &Data<Shared>,
    sealed: &Sealed,
    number: String,
    verb: Verb,
    with: With,
) -> Result<OwnerDone, Refusal> {
    let (asked, rules, at) = (asked(sealed), shared.rules(), shared.clock.now());
    let done: Result<OwnerDone, Refused> = shared
        .store
        .write(move |db| {
            let (text, files) = (with.text.as_deref(), with.files.as_slice());
            let said = (text.unwrap_or_default(), files);
            match verb {
                Verb::Supplement => owner::supplement::supplement(db, &asked, &number, said, &rules, at),
                Verb::AddFacts => owner::add_facts::add_facts(db, &asked, &number, said, &rules, at),
                Verb::Object => owner::object::object(db, &asked, &number, said, &rules, at),
                Verb::Appeal => owner::appeal::appeal(db, &asked, &number, said, &rules, at),
                Verb::Urge => owner::urge::urge(db, &asked, &number, text, &rules, at),
                Verb::Withdraw => owner::withdraw::withdraw(db, &asked, &number, text, &rules, at),
                _ => Err(Refused::Forbidden),
            }
        })
        .await;
    Ok(done?)
}

/// One file that the owner may see.
pub async fn fetch(
    shared: &Data<Shared>,
    sealed: &Sealed,
    number: String,
    id: String,
) -> Result<HttpResponse, Refusal> {
    let (asked, at) = (asked(sealed), shared.clock.now());
    let found: Result<AttachmentRow, Refused> =
        shared.store.read(move |db| owner::file::file(db, &asked, &number, &id, at)).await;
    uploads::hand_over(&Arc::clone(&shared.files), &found?).await
}

fn created(sealed: &Sealed, done: OwnerDone) -> HttpResponse {
    let place = format!("/api/v1/scans/{}/issues/{}", sealed.segment, done.number);
    HttpResponse::Created().insert_header((header::LOCATION, place)).json(done)
}

async fn say(
    shared: &Data<Shared>,
    sealed: &Sealed,
    number: String,
    verb: Verb,
    text: Option<String>,
) -> Result<HttpResponse, Refusal> {
    admit(shared, sealed).await?;
    let done = act(shared, sealed, number, verb, With { text, files: Vec::new() }).await?;
    Ok(created(sealed, done))
}

/// Categories that a new issue may have.
#[utoipa::path(tag = "owner", params(("seal" = String, Path)), security(("device" = [])),
    responses((status = 200, body = OwnerChoices), Refusals))]
#[get("/api/v1/scans/{seal}/categories")]
pub async fn categories(sealed: Sealed, shared: Data<Shared>) -> Result<Json<OwnerChoices>, Refusal> {
    Ok(Json(offered(&shared, &sealed).await?))
}

/// Raise an issue; its number is the receipt. Files are attached afterwards.
#[utoipa::path(tag = "owner", params(("seal" = String, Path)), request_body = NewOwnerIssue, security(("device" = [])),
    responses((status = 201, body = OwnerDone), Refusals))]
#[post("/api/v1/scans/{seal}/issues")]
pub async fn raise(
    sealed: Sealed,
    body: Json<NewOwnerIssue>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    admit(&shared, &sealed).await?;
    let done = store_issue(&shared, &sealed, body.into_inner(), Vec::new()).await?;
    Ok(created(&sealed, done))
}

/// Hand in what the window asked for.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), request_body = OwnerText,
    security(("device" = [])), responses((status = 201, body = OwnerDone), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/supplement")]
pub async fn supplement(
    sealed: Sealed,
    path: Path<(String, String)>,
    body: Json<OwnerText>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    say(&shared, &sealed, path.into_inner().1, Verb::Supplement, Some(body.into_inner().text)).await
}

/// Add facts to an issue that is open.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), request_body = OwnerText,
    security(("device" = [])), responses((status = 201, body = OwnerDone), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/facts")]
pub async fn facts(
    sealed: Sealed,
    path: Path<(String, String)>,
    body: Json<OwnerText>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    say(&shared, &sealed, path.into_inner().1, Verb::AddFacts, Some(body.into_inner().text)).await
}

/// Urge, once a working day.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), request_body = OwnerNote,
    security(("device" = [])), responses((status = 201, body = OwnerDone), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/urging")]
pub async fn urging(
    sealed: Sealed,
    path: Path<(String, String)>,
    body: Json<OwnerNote>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    say(&shared, &sealed, path.into_inner().1, Verb::Urge, body.into_inner().text).await
}

/// Withdraw an issue that is open.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), request_body = OwnerNote,
    security(("device" = [])), responses((status = 201, body = OwnerDone), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/withdrawal")]
pub async fn withdrawal(
    sealed: Sealed,
    path: Path<(String, String)>,
    body: Json<OwnerNote>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    say(&shared, &sealed, path.into_inner().1, Verb::Withdraw, body.into_inner().text).await
}

/// Object to the result of a closed issue.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), request_body = OwnerText,
    security(("device" = [])), responses((status = 201, body = OwnerDone), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/objection")]
pub async fn objection(
    sealed: Sealed,
    path: Path<(String, String)>,
    body: Json<OwnerText>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    say(&shared, &sealed, path.into_inner().1, Verb::Object, Some(body.into_inner().text)).await
}

/// Appeal against a rejection, once.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), request_body = OwnerText,
    security(("device" = [])), responses((status = 201, body = OwnerDone), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/appeal")]
pub async fn appeal(
    sealed: Sealed,
    path: Path<(String, String)>,
    body: Json<OwnerText>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    say(&shared, &sealed, path.into_inner().1, Verb::Appeal, Some(body.into_inner().text)).await
}

/// Attach files to an issue that is open.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path)), security(("device" = [])),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentList), Refusals))]
#[post("/api/v1/scans/{seal}/issues/{number}/attachments")]
pub async fn attach(
    sealed: Sealed,
    path: Path<(String, String)>,
    form: Multipart,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let number = path.into_inner().1;
    admit(&shared, &sealed).await?;
    let sent = uploads::receive(form, &shared, ATTACHMENTS).await?;
    let kept = uploads::keep(&shared, sent.files).await?;
    if kept.is_empty() {
        return Err(Code::MalformedBody.into());
    }
    let place = format!("/api/v1/scans/{}/issues/{number}", sealed.segment);
    let (asked, rules, at) = (asked(&sealed), shared.rules(), shared.clock.now());
    let done: Result<Vec<AttachmentView>, Refused> =
        shared.store.write(move |db| owner::attach::attach(db, &asked, &number, &kept, &rules, at)).await;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(AttachmentList { attachments: done? }))
}

/// One file of an issue.
#[utoipa::path(tag = "owner", params(("seal" = String, Path), ("number" = String, Path), ("id" = String, Path)),
    security(("device" = [])),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
#[get("/api/v1/scans/{seal}/issues/{number}/attachments/{id}")]
pub async fn file(
    sealed: Sealed,
    path: Path<(String, String, String)>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Refusal> {
    let (_, number, id) = path.into_inner();
    fetch(&shared, &sealed, number, id).await
}
