//! A file of an issue, for its owner: what staff attached for themselves is not there.

use super::{super::Refused, Asked, prove};
use crate::{
    clock::Timestamp,
    store::{
        attachments::{self, AttachmentRow},
        connection::Db,
        issues,
    },
};

/// One file that the owner may see.
pub fn file(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    id: &str,
    at: Timestamp,
) -> Result<AttachmentRow, Refused> {
    let opened = prove(db, asked, at)?;
    let issue =
        issues::in_enterprise(db, &opened.code.enterprise_id, number)?.ok_or(Refused::IssueUnknown)?;
    attachments::find(db, &issue.enterprise_id, &issue.id, id)?
        .filter(|row| row.for_owner)
        .ok_or(Refused::AttachmentUnknown)
}
