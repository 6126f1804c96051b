//! Files on their way in and out. A body with files streams to the disk under a
//! clock and limits of its own, then each file is looked at, cleaned and kept;
//! going out it is never a page of ours.

use std::{
    fs::File,
    io::{Read, Write},
    sync::Arc,
    time::Duration,
};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    HttpResponse,
    body::SizedStream,
    dev::RequestHead,
    http::{Method, header},
    web::Bytes,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use qiyema_protocol::problem::FieldProblem;
use tempfile::NamedTempFile;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    problem::{Code, Refusal},
    refusals::internal,
    shared::Shared,
};
use crate::{
    actions::intake::attach::Kept,
    domain::{
        attachment::{self, Kind},
        text::problem,
    },
    picture::clean::{Unfit, clean},
    store::{attachments::AttachmentRow, columns::unword, vault::Vault},
};

/// Seconds that a body with files has to arrive.
const SECONDS: u64 = 120;
/// Bytes of all text fields together, and how many there may be.
const TEXT: usize = 64 * 1024;
const FIELDS: usize = 60;
/// Files looked at in memory at once.
const AT_ONCE: usize = 2;
/// How long a table waits for its turn to be looked at.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where files are kept, and how many are looked at at once.
pub struct Files {
    vault: Vault,
    gate: Semaphore,
    /// Tables are looked at one at a time: the texts of a workbook are in memory.
    tables: Arc<Semaphore>,
}

impl Files {
    /// Over a vault.
    #[must_use]
    pub fn new(vault: Vault) -> Self {
        Self { vault, gate: Semaphore::new(AT_ONCE), tables: Arc::new(Semaphore::new(1)) }
    }

    /// Where they lie.
    #[must_use]
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }
}

/// How much one request may send.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Bytes of each.
    pub bytes: usize,
}

/// Pictures and PDFs with a form.
pub const ATTACHMENTS: Limits = Limits { files: attachment::MOST_AT_ONCE, bytes: attachment::MOST_BYTES };

/// A body as it was sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// Text fields, in their order.
    pub fields: Vec<(String, String)>,
    /// Files that hold something.
    pub files: Vec<Arrived>,
    /// What is wrong with a file, told after the body: the first fault.
    pub fault: Option<Refusal>,
}

/// A file that arrived and was not looked at yet.
#[derive(Debug)]
pub struct Arrived {
    /// As the sender calls it.
    pub name: String,
    /// What it holds; gone with this value.
    pub file: NamedTempFile,
}

impl Arrived {
    /// All of it; its size is within the limit it arrived under.
    pub fn bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.reopen()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Whether this request streams its body past the small limit that others have.
#[must_use]
pub fn takes(head: &RequestHead) -> bool {
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = kind.get(..19).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/form-data"));
    let path = head.uri.path();
    let to_owner = path.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("/c/"))
        && ["/issues", "/supplement", "/facts", "/objection", "/appeal"]
            .iter()
            .any(|end| path.ends_with(end));
    let to_files =
        ["/attachments", "/issue-imports", "/enterprise-imports"].iter().any(|end| path.ends_with(end));
    head.method == Method::POST && is_form && (to_owner || to_files || path.starts_with("/console/"))
}

/// Takes a body in, on the disk; one unfit file refuses all.
pub async fn receive(form: Multipart, shared: &Shared, limits: Limits) -> Result<Sent, Refusal> {
    let mut sent = arrive(form, shared, limits).await?;
    sent.fault.take().map_or(Ok(sent), Err)
}

/// The same, for whoever shows again what was typed beside a file that is unfit.
pub async fn arrive(form: Multipart, shared: &Shared, limits: Limits) -> Result<Sent, Refusal> {
    let reading = read(form, &shared.files.vault, limits);
    let read = tokio::time::timeout(Duration::from_secs(SECONDS), reading).await;
    read.map_err(|_| Refusal::from(Code::RequestTimeout))?
}

async fn read(mut form: Multipart, vault: &Vault, limits: Limits) -> Result<Sent, Refusal> {
    let (mut sent, mut text, mut fields) = (Sent::default(), TEXT, FIELDS);
    let mut fault: Option<Refusal> = None;
    // A sender is told what is wrong after the body, not in the middle of it: a
    // browser shows a broken connection otherwise. What is read for nothing is bounded.
    let mut patience = limits.files.saturating_add(1) * limits.bytes;
    while let Some(mut field) = form.try_next().await.map_err(|error| unreadable(&error))? {
        fields = fields.checked_sub(1).ok_or(Code::PayloadTooLarge)?;
        let named = field.content_disposition().and_then(|shown| shown.get_filename()).map(ToOwned::to_owned);
        let Some(name) = named else {
            let key = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes(text).await.map_err(|_| Code::PayloadTooLarge)?;
            let bytes = bytes.map_err(|error| unreadable(&error))?;
            text = text.saturating_sub(bytes.len());
            let value = String::from_utf8(bytes.to_vec()).map_err(|_| Code::MalformedBody)?;
            if value.contains('\0') || key.contains('\0') {
                return Err(Code::MalformedBody.into());
            }
            sent.fields.push((key, value));
            continue;
        };
        let full = sent.files.len() >= limits.files;
        match store(&mut field, vault, if full { 0 } else { limits.bytes }, &mut patience).await? {
            Stored::Nothing => {}
            Stored::Whole(file) => sent.files.push(Arrived { name, file }),
            Stored::Cut if full => fault = fault.or_else(|| Some(Refusal::fields(vec![too_many(limits)]))),
            Stored::Cut => fault = fault.or(Some(Code::PayloadTooLarge.into())),
        }
    }
    sent.fault = fault;
    Ok(sent)
}

enum Stored {
    /// A browser sends a field without a file like this.
    Nothing,
    Whole(NamedTempFile),
    /// There was more than the limit.
    Cut,
}

async fn store(
    field: &mut Field,
    vault: &Vault,
    limit: usize,
    patience: &mut usize,
) -> Result<Stored, Refusal> {
    let mut file = vault.arrival().map_err(|error| internal(&error))?;
    let (mut size, mut cut) = (0_usize, false);
    while let Some(chunk) = field.try_next().await.map_err(|error| unreadable(&error))? {
        *patience = patience.checked_sub(chunk.len()).ok_or(Code::PayloadTooLarge)?;
        size += chunk.len();
        cut |= size > limit;
        if !cut {
            // To the page cache; what is kept is made durable in the vault.
            file.write_all(&chunk).map_err(|error| internal(&error))?;
        }
    }
    Ok(match size {
        0 => Stored::Nothing,
        _ if cut => Stored::Cut,
        _ => Stored::Whole(file),
    })
}

fn too_many(limits: Limits) -> FieldProblem {
    let most = limits.files;
    problem("file", format!("一次最多{most}个文件"), format!("at most {most} files at once"))
}

fn unreadable(error: &MultipartError) -> Refusal {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => Code::UnsupportedMediaType.into(),
        MultipartError::Payload(actix_web::error::PayloadError::Overflow) => Code::PayloadTooLarge.into(),
        _ => Code::MalformedBody.into(),
    }
}

/// Looks at each file, cleans it, and keeps it; one that is unfit refuses all.
pub async fn keep(shared: &Shared, arrived: Vec<Arrived>) -> Result<Vec<Kept>, Refusal> {
    let mut kept = Vec::with_capacity(arrived.len());
    for one in arrived {
        let _turn = shared.files.gate.acquire().await.map_err(|error| internal(&error))?;
        let vault = shared.files.vault.clone();
        let done = tokio::task::spawn_blocking(move || keep_one(&vault, &one)).await;
        kept.push(done.map_err(|error| internal(&error))??);
    }
    Ok(kept)
}

fn keep_one(vault: &Vault, arrived: &Arrived) -> Result<Kept, Refusal> {
    let bytes = arrived.bytes().map_err(|error| internal(&error))?;
    let kind = Kind::of(&bytes)
        .ok_or_else(|| unfit("只能上传PNG、JPEG、WebP图片或PDF", "PNG, JPEG, WebP or PDF only"))?;
    let bytes = clean(kind, bytes).map_err(|error| match error {
        Unfit::Damaged => unfit("文件已损坏或不是普通图片", "the file is damaged or not a plain picture"),
        Unfit::Moving => unfit("不支持动图", "animations are not taken"),
        Unfit::TooLarge { width, height } => unfit(
            &format!("图片尺寸过大（{width}×{height}），请缩小后再上传"),
            &format!("{width} × {height} pixels are too many; make it smaller"),
        ),
    })?;
    let hash = vault.keep(&bytes).map_err(|error| internal(&error))?;
    Ok(Kept { hash, name: attachment::name(&arrived.name, kind), kind, size: bytes.len() })
}

fn unfit(zh: &str, en: &str) -> Refusal {
    Refusal::fields(vec![problem("file", zh, en)])
}

/// Waits until no other table is looked at; whoever waits too long is told to try again.
pub async fn turn(shared: &Shared) -> Result<OwnedSemaphorePermit, Refusal> {
    let waiting = Arc::clone(&shared.files.tables).acquire_owned();
    let turn = tokio::time::timeout(PATIENCE, waiting).await.map_err(|_| Refusal::from(Code::Busy))?;
    turn.map_err(|error| internal(&error))
}

/// Keeps a file that was arrived and looked at until [`forget`] under this name.
pub async fn set_aside(shared: &Shared, file: NamedTempFile, name: &str) -> Result<(), Refusal> {
    let (vault, name) = (shared.files.vault.clone(), name.to_owned());
    let kept = tokio::task::spawn_blocking(move || vault.set_aside(file, &name)).await;
    kept.map_err(|error| internal(&error))?.map_err(|error| internal(&error))
}

/// Opens what was set aside.
pub fn aside(files: &Files, name: &str) -> std::io::Result<File> {
    files.vault.aside(name)
}

/// Removes what was set aside; what cannot be removed is told in the log.
pub fn forget(files: &Files, name: &str) {
    if let Err(error) = files.vault.forget(name) {
        tracing::warn!(%error, name, "the file of an import could not be removed");
    }
}

/// Leaves a table on the disk between two steps of a form; gives its name there.
pub async fn park(shared: &Shared, bytes: Vec<u8>) -> Result<String, Refusal> {
    let vault = shared.files.vault.clone();
    let parked = tokio::task::spawn_blocking(move || vault.park(&bytes)).await;
    parked.map_err(|error| internal(&error))?.map_err(|error| internal(&error))
}

/// Takes back what was left there, if it still is: once. The caller vouches for the name.
pub async fn unpark(shared: &Shared, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let (vault, name) = (shared.files.vault.clone(), name.to_owned());
    let taken = tokio::task::spawn_blocking(move || vault.unpark(&name)).await;
    Ok(taken.map_err(|error| internal(&error))?.ok())
}

/// Hands a file over. Pictures may be shown inside a page; a PDF is only saved. In
/// either case it can run nothing and load nothing.
pub async fn hand_over(shared: &Arc<Files>, row: &AttachmentRow) -> Result<HttpResponse, Refusal> {
    let kind: Kind = unword(&row.kind).map_err(|error| internal(&error))?;
    deliver(shared, row, kind, if kind.is_picture() { "inline" } else { "attachment" }).await
}

/// Hands a file over to be saved, whatever it is.
pub async fn save(shared: &Arc<Files>, row: &AttachmentRow) -> Result<HttpResponse, Refusal> {
    let kind: Kind = unword(&row.kind).map_err(|error| internal(&error))?;
    deliver(shared, row, kind, "attachment").await
}

async fn deliver(
    shared: &Arc<Files>,
    row: &AttachmentRow,
    kind: Kind,
    place: &str,
) -> Result<HttpResponse, Refusal> {
    let (files, hash) = (shared.clone(), row.hash.clone());
    let opened = tokio::task::spawn_blocking(move || {
        let file = files.vault.fetch(&hash)?;
        let size = file.metadata()?.len();
        Ok::<_, std::io::Error>((file, size))
    });
    let (file, size) = opened.await.map_err(|error| internal(&error))?.map_err(|error| internal(&error))?;
    let disposition = format!("{place}; filename*=UTF-8''{}", escaped(&row.name));
    Ok(HttpResponse::Ok()
        .content_type(kind.media_type())
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // Packed already.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(SizedStream::new(size, chunks(file).boxed_local())))
}

/// A file piece by piece, read beside the async threads.
pub fn chunks(file: File) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::new();
            (&mut file).take(64 * 1024).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>((piece, file))
        });
        let (piece, file) = read.await.map_err(std::io::Error::other)??;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    })
}

/// Everything but letters, digits and a few signs as bytes in hex (RFC 5987, RFC 3986).
#[must_use]
pub fn escaped(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    out
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::{escaped, takes};

    #[test]
    fn only_uploads_pass_the_small_limit() {
        let asked = |path: &str, kind: &str| {
            takes(
                TestRequest::post().uri(path).insert_header(("Content-Type", kind)).to_http_request().head(),
            )
        };
        let form = "multipart/form-data; boundary=x";
        for path in [
            "/api/v1/staff/issues/Q1/attachments",
            "/api/v1/scans/abc/issues/Q1/attachments",
            "/api/v1/staff/issue-imports",
            "/api/v1/staff/enterprise-imports",
            "/c/abc/issues",
            "/C/ABC/issues/Q1/supplement",
            "/console/issues/Q1/attachments",
        ] {
            assert!(asked(path, form), "{path}");
            assert!(!asked(path, "application/json"), "{path}");
        }
        for path in ["/api/v1/staff/sessions", "/c/abc/device", "/", "/c/abc/issues/Q1/urging"] {
            assert!(!asked(path, form), "{path}");
        }
    }

    #[test]
    fn a_name_cannot_break_its_header() {
        assert_eq!(escaped("积水 a.jpg"), "%E7%A7%AF%E6%B0%B4%20a.jpg");
        assert_eq!(escaped("a\r\nb\"c"), "a%0D%0Ab%22c");
    }
}
