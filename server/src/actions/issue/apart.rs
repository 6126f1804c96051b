//! Nobody judges his own work, nor what he asked for himself.

use qiyema_protocol::text::Text;

use super::super::{Refused, rights::Actor};
use crate::{
    domain::event::Kind,
    store::{
        columns::unword,
        connection::Db,
        events, flow,
        issues::{self, IssueRow},
    },
};

/// What people of units do to an issue: whoever did one of these had a part in it.
const PART: [Kind; 10] = [
    Kind::SignedFor,
    Kind::Reached,
    Kind::Progressed,
    Kind::Reported,
    Kind::Assisted,
    Kind::Contacted,
    Kind::Rectified,
    Kind::ReturnRequested,
    Kind::ExtensionRequested,
    Kind::DeferralRequested,
];

/// Refuses whoever had a part in the issue, now or before: nobody rates himself.
pub fn apart(db: &mut Db, actor: &Actor, issue: &IssueRow) -> Result<(), Refused> {
    let units = flow::assignments(db, &issue.enterprise_id, &issue.id)?;
    let named = |id: Option<&str>| id == Some(&*actor.id);
    let by_unit =
        |row: &issues::AssignmentRow| actor.units.contains(&row.unit_id) || named(row.handler_id.as_deref());
    let mut part = named(issue.handler_id.as_deref()) || units.iter().any(|asked| by_unit(&asked.row));
    for event in events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))? {
        part |= event.by == actor.id && PART.contains(&unword::<Kind>(&event.kind)?);
        let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
        part |= ["handler", "before"].iter().any(|key| named(detail.get(key).and_then(|id| id.as_str())));
    }
    if part {
        return Err(Refused::OwnWork(Text::new(
            "您或您所在的单位参与过该问题的办理或协办，请由其他人员回访。",
            "You, or a unit of yours, had a part in this issue; somebody else calls back.",
        )));
    }
    Ok(())
}

/// Refuses whoever asked for it himself.
pub fn another_officer(actor: &Actor, asked_by: &str) -> Result<(), Refused> {
    if asked_by == actor.id {
        return Err(Refused::OwnWork(Text::new(
            "申请人不能审定自己的申请，请由其他人员审定。",
            "Nobody rules on what he asked for himself; somebody else does.",
        )));
    }
    Ok(())
}
