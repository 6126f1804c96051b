//! Nobody judges his own work, nor what he asked for himself.

use chrono::NaiveDateTime;
use qiyema_protocol::text::Text;

use super::{
    super::{Refused, Rules, rights::Actor},
    close::of_lead,
};
use crate::{
    domain::event::Kind,
    store::{
        admin_events,
        columns::unword,
        connection::Db,
        directory::edit,
        events, flow, frozen,
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

/// What those of the centre do who say that it is done.
const JUDGED: [Kind; 2] = [Kind::Closed, Kind::SentBack];

/// Whether somebody had a part in the issue, now or before, or his unit has.
fn took_part(db: &mut Db, actor: &Actor, issue: &IssueRow, kinds: &[&[Kind]]) -> Result<bool, Refused> {
    let units = flow::assignments(db, &issue.enterprise_id, &issue.id)?;
    let named = |id: Option<&str>| id == Some(&*actor.id);
    let by_unit =
        |row: &issues::AssignmentRow| actor.units.contains(&row.unit_id) || named(row.handler_id.as_deref());
    let mut part = named(issue.handler_id.as_deref()) || units.iter().any(|asked| by_unit(&asked.row));
    for event in events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))? {
        let kind: Kind = unword(&event.kind)?;
        part |= event.by == actor.id && kinds.iter().any(|some| some.contains(&kind));
        let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
        part |= ["handler", "before"].iter().any(|key| named(detail.get(key).and_then(|id| id.as_str())));
    }
    Ok(part)
}

/// Whether somebody had a part in the issue, reviewed how it was done, or was the leader in charge when it was closed.
pub fn stood_behind(db: &mut Db, actor: &Actor, issue: &IssueRow) -> Result<bool, Refused> {
    Ok(took_part(db, actor, issue, &[&PART, &JUDGED])?
        || frozen::leaders(db, &issue.enterprise_id, &issue.id)?.contains(&actor.id))
}

/// Whether somebody belonged to a unit at a moment or since, as the trail of administration tells.
pub fn belonged(db: &mut Db, actor: &Actor, unit: &str, since: NaiveDateTime) -> Result<bool, Refused> {
    for detail in admin_events::since(db, "staff", &actor.id, "person_edited", since)? {
        let detail: serde_json::Value = serde_json::from_str(&detail).unwrap_or_default();
        let from = |part: &str| detail.get("from").and_then(|from| from.get(part));
        let units = from("units").and_then(serde_json::Value::as_array);
        if units.is_some_and(|units| units.iter().any(|one| one == unit)) {
            return Ok(true);
        }
        if let Some(office) = from("office").and_then(serde_json::Value::as_str)
            && edit::unit_of(db, office)?.is_some_and(|of| of == unit)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses whoever had a part in the issue, now or before: nobody rates himself.
pub fn apart(db: &mut Db, actor: &Actor, issue: &IssueRow) -> Result<(), Refused> {
    if took_part(db, actor, issue, &[&PART])? {
        return Err(Refused::OwnWork(Text::new(
            "您或您所在的单位参与过该问题的办理或协办，请由其他人员回访。",
            "You, or a unit of yours, had a part in this issue; somebody else calls back.",
        )));
    }
    Ok(())
}

/// Refuses whoever is measured by the clock that this would stop or move: the handler, and where the centre
/// has anybody else, people of the lead unit.
pub fn no_clock_of_his_own(actor: &Actor, issue: &IssueRow, rules: &Rules) -> Result<(), Refused> {
    if !measured(actor, issue, rules) {
        return Ok(());
    }
    Err(Refused::OwnWork(Text::new(
        "承办人和牵头单位的人员不能自行延长、暂停或终止本单位的办理时限，请由中心或其他单位的人员办理。",
        "The handler and people of the lead unit do not move, stop or end the limit they are measured by; somebody \
         of the centre or of another unit does.",
    )))
}

/// Whether the actor is measured by the clock of this issue.
pub(super) fn measured(actor: &Actor, issue: &IssueRow, rules: &Rules) -> bool {
    issue.handler_id.as_deref() == Some(&*actor.id) || of_lead(actor, issue, rules)
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
