//! What the clock does about appeals: on the last day of an appeal, or after it,
//! those who decide are urged, once.

use super::until;
use crate::{
    actions::{Deed, Refused, Rules, issue::step::Doer, record},
    clock::Timestamp,
    domain::event::Kind,
    store::{
        appeals,
        columns::{column, moment},
        connection::Db,
    },
};

/// Urges what is due today or late; true while there may be more.
pub fn urge(db: &mut Db, rules: &Rules, at: Timestamp, batch: i64) -> Result<bool, Refused> {
    let waiting = appeals::not_urged(db, column(at), batch)?;
    let mut urged = 0;
    for (appeal, issue) in &waiting {
        let due = until(moment(appeal.at), rules);
        if due.due_on > rules.day(at) || !appeals::urged(db, appeal, column(at))? {
            // Appeals are filed in the order of their days: those after this one are not due either.
            break;
        }
        urged += 1;
        let detail =
            serde_json::json!({ "appeal": appeal.id, "rating": appeal.rating_id, "due_on": due.due_on });
        record(
            db,
            &Deed {
                enterprise: &appeal.enterprise_id,
                subject: issue,
                kind: Kind::AppealUrged,
                state: None,
                note: None,
                detail,
                by: Doer::Timer.by(),
                at,
            },
        )?;
    }
    Ok(urged == batch)
}
