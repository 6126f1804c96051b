//! Files that an owner adds without a word; to the record they are facts.

use qiyema_protocol::{intake::AttachmentView, verb::Verb};

use super::{
    super::{
        Refused, Rules,
        intake::attach::{Kept, view},
        issue::step::legal,
    },
    Asked, Said, act, find,
};
use crate::{
    clock::Timestamp,
    store::{attachments, connection::Db},
};

/// Attaches files to an issue that is open.
pub fn attach(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    files: &[Kept],
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<AttachmentView>, Refused> {
    let issue = find(db, asked, number, Verb::AddFacts, at)?;
    let stays = legal(&issue, Verb::AddFacts)?;
    let (enterprise, id) = (issue.enterprise_id.clone(), issue.id.clone());
    act(db, issue, (Verb::AddFacts, stays), Said { text: None, files }, rules, at)?;
    let sent = |hash: &str| files.iter().any(|file| file.hash == hash);
    let rows = attachments::of_issues(db, &enterprise, &[id])?;
    rows.into_iter().filter(|row| sent(&row.hash)).map(view).collect()
}
