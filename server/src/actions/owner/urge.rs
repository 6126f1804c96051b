//! Urging (我要催办): once a working day for one issue; it stands in the record of
//! supervision, where supervisors see it.

use qiyema_protocol::{owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{Refused, Rules, issue::step::legal},
    Asked, OWNER, Said, act, done, find, optional,
};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::{column, moment},
        connection::Db,
        intake,
    },
};

/// Urges.
pub fn urge(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    text: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let text = optional(text)?;
    let issue = find(db, asked, number, Verb::Urge, at)?;
    let stays = legal(&issue, Verb::Urge)?;
    if let Some(last) = intake::last_urged(db, &issue.enterprise_id, &issue.id)?
        && working_day(rules, moment(last)) == working_day(rules, at)
    {
        return Err(Refused::UrgedAlready);
    }
    let text = text.as_ref().map(crate::domain::text::Typed::as_str);
    let row = intake::UrgeRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        kind: "urged".to_owned(),
        unit_id: issue.lead_unit_id.clone(),
        note: text.map(ToOwned::to_owned),
        at: column(at),
        by: OWNER.to_owned(),
    };
    intake::add_urge(db, &row)?;
    let issue = act(db, issue, (Verb::Urge, stays), Said::words(text), rules, at)?;
    done(
        &issue,
        Text::new("催办已发出,责任单位和督办人员会看到。", "Sent: the unit and the supervisors will see it."),
    )
}

/// The working day that a moment belongs to: a weekend belongs to the Monday after it.
fn working_day(rules: &Rules, at: Timestamp) -> chrono::NaiveDate {
    let day = rules.day(at);
    if rules.calendar.is_workday(day) { day } else { rules.calendar.add_working_days(day, 1).date }
}
