//! Attaching files that lie in the vault already, and finding them again within
//! the rights of whoever asks.

use qiyema_protocol::intake::AttachmentView;

use super::super::{Deed, Refused, issue::records, record, rights::Actor};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        attachment::{self, Kind},
        event,
        text::problem,
    },
    store::{
        attachments::{self, AttachmentRow},
        columns::{column, moment, unword, word},
        connection::Db,
        issues::IssueRow,
    },
};

/// A file in the vault.
#[derive(Debug, Clone)]
pub struct Kept {
    /// SHA-256 of what it holds.
    pub hash: String,
    /// Name to show.
    pub name: String,
    /// Kind, by what it holds.
    pub kind: Kind,
    /// Bytes.
    pub size: usize,
}

/// Who attaches: the id for the record, and whether the owner may see the files.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// A staff id, or `owner`.
    pub by: &'a str,
    /// Whether the owner may see them.
    pub for_owner: bool,
}

/// Whether somebody may attach files to an issue: asked before any file is taken in, and again with them.
pub fn may_attach(db: &mut Db, actor: &Actor, number: &str) -> Result<IssueRow, Refused> {
    let issue = seen(db, actor, number)?;
    if actor.handles() { Ok(issue) } else { Err(Refused::Forbidden) }
}

/// Staff attach files to an issue that they see.
pub fn by_staff(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    files: &[Kept],
    for_owner: bool,
    at: Timestamp,
) -> Result<Vec<AttachmentView>, Refused> {
    let issue = may_attach(db, actor, number)?;
    let rows = add(db, &issue, files, Hand { by: &actor.id, for_owner }, at)?;
    record(
        db,
        &Deed {
            enterprise: &issue.enterprise_id,
            subject: &issue.id,
            kind: event::Kind::Attached,
            state: None,
            note: None,
            detail: named(&rows),
            by: &actor.id,
            at,
        },
    )?;
    rows.into_iter().map(view).collect()
}

/// Adds rows for files, within the limit of an issue; the event is the caller's.
pub fn add(
    db: &mut Db,
    issue: &IssueRow,
    files: &[Kept],
    hand: Hand<'_>,
    at: Timestamp,
) -> Result<Vec<AttachmentRow>, Refused> {
    let mut rows: Vec<AttachmentRow> = Vec::new();
    for file in files {
        if rows.iter().any(|row| row.hash == file.hash) {
            continue;
        }
        if let Some(known) = attachments::holding(db, &issue.id, &file.hash)? {
            rows.push(known);
            continue;
        }
        if attachments::count(db, &issue.enterprise_id, &issue.id)? >= attachment::MOST_FILES {
            return Err(Refused::AttachmentsFull);
        }
        let row = AttachmentRow {
            id: Ids.row(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            hash: file.hash.clone(),
            name: file.name.clone(),
            kind: word(file.kind)?,
            size: i32::try_from(file.size).unwrap_or(i32::MAX),
            for_owner: hand.for_owner,
            at: column(at),
            by: hand.by.to_owned(),
        };
        attachments::insert(db, &row)?;
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(Refused::Invalid(vec![problem("file", "请选择文件", "choose a file")]));
    }
    Ok(rows)
}

/// The ids of files, for an event.
pub fn named(rows: &[AttachmentRow]) -> serde_json::Value {
    serde_json::json!({ "attachments": rows.iter().map(|row| &row.id).collect::<Vec<_>>() })
}

/// Files of an issue, for staff who see it.
pub fn list(db: &mut Db, actor: &Actor, number: &str) -> Result<Vec<AttachmentView>, Refused> {
    let issue = seen(db, actor, number)?;
    attachments::of_issues(db, &issue.enterprise_id, &[issue.id])?.into_iter().map(view).collect()
}

/// One file, for staff who see its issue.
pub fn find(db: &mut Db, actor: &Actor, number: &str, id: &str) -> Result<AttachmentRow, Refused> {
    let issue = seen(db, actor, number)?;
    attachments::find(db, &issue.enterprise_id, &issue.id, id)?.ok_or(Refused::AttachmentUnknown)
}

fn seen(db: &mut Db, actor: &Actor, number: &str) -> Result<IssueRow, Refused> {
    actor.may(super::super::rights::Deed::ReadIssues)?;
    let ((issue, ..), _) = records::seen(db, actor, number)?;
    Ok(issue)
}

/// An attachment as it is shown.
pub fn view(row: AttachmentRow) -> Result<AttachmentView, Refused> {
    let kind: Kind = unword(&row.kind)?;
    Ok(AttachmentView {
        id: row.id,
        name: row.name,
        media_type: kind.media_type().to_owned(),
        size: u32::try_from(row.size).unwrap_or_default(),
        for_owner: row.for_owner,
        by_owner: row.by == "owner",
        at: moment(row.at),
    })
}
