//! Accepting: the handling clock starts and the first promise is made.

use qiyema_protocol::{
    board::State,
    staff::{Accept, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    appeal::by_another,
    find, read,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    domain::deadline::{self, Limit},
    store::{
        columns::column,
        connection::Db,
        directory::{self, CategoryRow},
    },
};

/// Accepts a submitted issue.
pub fn accept(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Accept,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Accept, number, ask.version)?;
    by_another(db, &issue, actor)?;
    let category =
        directory::category(db, &issue.category_id)?.ok_or(Refused::ReferenceUnknown("category"))?;
    let promised = deadline::promise(at, limit(&category), &rules.calendar, rules.zone);
    issue.accepted_at = Some(column(at));
    issue.first_due_on = Some(promised.due_on);
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = promised.provisional;
    let detail = serde_json::json!({ "due_on": promised.due_on, "provisional": promised.provisional });
    step(
        db,
        Doer::Staff(actor),
        issue,
        Step { to: State::Accepted, verb: Verb::Accept, note: None, detail },
        rules,
        at,
    )?;
    read::one(db, actor, number, rules, at)
}

/// The limit of a category.
pub fn limit(category: &CategoryRow) -> Limit {
    match (category.limit_hours, category.limit_working_days) {
        (Some(hours), _) => Limit::Hours(u32::try_from(hours).unwrap_or_default()),
        (None, days) => {
            Limit::WorkingDays(days.and_then(|days| u32::try_from(days).ok()).unwrap_or_default())
        }
    }
}
