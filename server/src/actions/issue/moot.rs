//! Requests that nobody will rule on any more: the unit that asked has the issue
//! no longer, or says itself that it is done, or the promise that it spoke of is no
//! longer the one that counts.
//! They end with the step that made them so, in the same transaction.

use super::super::Refused;
use crate::{
    clock::Timestamp,
    store::{
        columns::column,
        connection::Db,
        issues::IssueRow,
        requests::{self, RulingRow},
    },
};

/// Ends what waits for an extension or a deferral; gives the ids of what it ended.
pub fn end(
    db: &mut Db,
    by: &str,
    issue: &IssueRow,
    why: &str,
    at: Timestamp,
) -> Result<Vec<String>, Refused> {
    end_of(db, &["extension", "deferral"], by, issue, why, at)
}

/// The same where the issue ends: also a return that nobody will rule on.
pub fn end_all(
    db: &mut Db,
    by: &str,
    issue: &IssueRow,
    why: &str,
    at: Timestamp,
) -> Result<Vec<String>, Refused> {
    end_of(db, &["extension", "deferral", "return"], by, issue, why, at)
}

/// What was ended, as facts of the event.
pub fn told(mut detail: serde_json::Value, ended: &[String]) -> serde_json::Value {
    if let Some(detail) = detail.as_object_mut().filter(|_| !ended.is_empty()) {
        detail.insert("ended".to_owned(), ended.into());
    }
    detail
}

/// The same of these kinds of requests.
pub fn end_of(
    db: &mut Db,
    kinds: &[&str],
    by: &str,
    issue: &IssueRow,
    why: &str,
    at: Timestamp,
) -> Result<Vec<String>, Refused> {
    let mut ended = Vec::new();
    for kind in kinds {
        while let Some(request) = requests::open(db, &issue.enterprise_id, &issue.id, kind)? {
            let ruling = RulingRow {
                request_id: request.id.clone(),
                enterprise_id: issue.enterprise_id.clone(),
                issue_id: issue.id.clone(),
                decision: "refused".to_owned(),
                note: Some(why.to_owned()),
                at: column(at),
                by: by.to_owned(),
            };
            requests::rule(db, &ruling)?;
            ended.push(request.id);
        }
    }
    Ok(ended)
}
