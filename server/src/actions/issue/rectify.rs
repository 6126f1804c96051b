//! Opening a rectification (启动整改): by an owner's bad rating, by "not solved",
//! or by an objection. Once for a closure, with the unit and the handler that the
//! closure froze.

use qiyema_protocol::{board::State, verb::Verb};

use super::{
    super::{Refused, Rules},
    step::{Doer, Step, is_complex, step},
};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        closures,
        columns::column,
        connection::Db,
        frozen,
        issues::IssueRow,
        rectifications::{self, RectificationRow},
    },
};

/// A rating opens the rectification of the closure it rated. The author is whoever entered
/// the rating: the owner, or the officer who called; `facts` say what stood behind it.
pub fn rectify(
    db: &mut Db,
    doer: Doer<'_>,
    mut issue: IssueRow,
    (rating, mut facts): (&str, serde_json::Value),
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let rectification = open(db, &issue, Some(rating), doer, rules, at)?;
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("rating".to_owned(), rating.into());
        facts.insert("rectification".to_owned(), rectification.into());
    }
    // What was said before the rating does not answer it.
    issue.replied_at = None;
    let what = Step { verb: Verb::Rectify, to: State::Rectifying, note: None, detail: facts };
    step(db, doer, issue, what, rules, at).map(drop)
}

/// A bad word about what was put right and archived: whoever calls looks at it once more.
pub fn recheck(
    db: &mut Db,
    doer: Doer<'_>,
    issue: IssueRow,
    (rating, mut facts): (&str, serde_json::Value),
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("rating".to_owned(), rating.into());
    }
    let what = Step { verb: Verb::Recheck, to: State::FollowUp, note: None, detail: facts };
    step(db, doer, issue, what, rules, at).map(drop)
}

/// Adds the record, with the limit that is in force now; gives its id.
pub fn open(
    db: &mut Db,
    issue: &IssueRow,
    rating: Option<&str>,
    doer: Doer<'_>,
    rules: &Rules,
    at: Timestamp,
) -> Result<String, Refused> {
    let closure = match &issue.closure_id {
        Some(id) => closures::find(db, &issue.enterprise_id, id)?,
        None => None,
    };
    let closure = closure.ok_or(Refused::RatingNotOpen)?;
    let limit = limit(db, &issue.enterprise_id, &closure.id, rules)?;
    let row = RectificationRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        closure_id: closure.id,
        rating_id: rating.map(ToOwned::to_owned),
        unit_id: closure.unit_id,
        handler_id: closure.handler_id,
        at: column(at),
        by: doer.by().to_owned(),
    };
    rectifications::open(db, &row, limit)?;
    Ok(row.id)
}

/// Working days that a rectification has which is opened now: by the grade that was frozen with the closure.
pub fn limit(db: &mut Db, enterprise: &str, closure: &str, rules: &Rules) -> Result<u32, Refused> {
    let grades = frozen::grades(db, &[enterprise.to_owned()], &[closure.to_owned()])?;
    let complex = grades.iter().any(|(_, grade)| is_complex(grade));
    Ok(if complex { rules.limits.fix_complex } else { rules.limits.fix })
}
