//! What the enterprise asked before: offered while an issue is registered, so
//! that one matter is handled once.

use chrono::Duration;
use qiyema_protocol::intake::{SimilarIssue, SimilarList};

use super::super::{
    Refused,
    rights::{self, Actor},
};
use crate::{
    clock::Timestamp,
    domain::{similar, workflow},
    store::{
        columns::{column, moment, unword},
        connection::Db,
        enterprises, intake,
    },
};

/// Days that a closed issue is still offered.
const RECENT_DAYS: i64 = 180;
/// Issues compared; more of one enterprise are not open at once.
const COMPARED: i64 = 300;
/// Issues offered.
const OFFERED: usize = 10;

/// Issues of the enterprise that may be about the same matter, the likest first.
pub fn similar(
    db: &mut Db,
    actor: &Actor,
    enterprise: &str,
    (subject, category): (&str, Option<&str>),
    at: Timestamp,
) -> Result<SimilarList, Refused> {
    actor.may(rights::Deed::RegisterIssue)?;
    enterprises::find(db, enterprise)?.ok_or(Refused::EnterpriseUnknown)?;
    let known = intake::recent(db, enterprise, column(at - Duration::days(RECENT_DAYS)), COMPARED)?;
    let mut found = Vec::new();
    for issue in known {
        let same_category = category == Some(&*issue.category_id);
        if let Some(likeness) = similar::offered(subject, &issue.subject, same_category) {
            found.push((likeness, issue));
        }
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.truncate(OFFERED);
    let view = |(likeness, issue): (f64, crate::store::issues::IssueRow)| {
        let state = unword(&issue.state)?;
        Ok(SimilarIssue {
            number: issue.number,
            subject: issue.subject,
            category: issue.category_id,
            state,
            state_text: workflow::owner_sentence(state),
            submitted_at: moment(issue.submitted_at),
            likeness: similar::per_cent(likeness),
        })
    };
    Ok(SimilarList { issues: found.into_iter().map(view).collect::<Result<_, Refused>>()? })
}
