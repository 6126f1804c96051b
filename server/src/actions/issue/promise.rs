//! From what a provisional promise was counted. Only such a promise is ever
//! counted again, so only it leaves a record.

use super::super::{Refused, Rules};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        issues::IssueRow,
        timed::{self, PromiseRow},
    },
};

/// Notes the count of a provisional promise that was made just now.
pub fn count(db: &mut Db, issue: &IssueRow, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
    let Some(due_on) = issue.due_on.filter(|_| issue.provisional) else { return Ok(()) };
    let known = timed::promise(db, &issue.enterprise_id, &issue.id)?;
    if known.as_ref().is_some_and(|known| known.due_on == due_on) {
        return Ok(());
    }
    let today = rules.day(at);
    // The first promise, as long as it is the one that counts or was provisional itself.
    let first = issue.first_due_on.filter(|first| *first >= today);
    timed::count(
        db,
        &PromiseRow {
            id: Ids.row(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            from_on: today,
            working_days: rules.calendar.working_days_left(today, due_on),
            due_on,
            first_working_days: first.map(|first| rules.calendar.working_days_left(today, first)),
            at: column(at),
        },
    )?;
    Ok(())
}
