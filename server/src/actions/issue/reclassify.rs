//! Correcting the category (更正类别), as long as no unit has the issue. What was promised by the wrong one is
//! counted again from the acceptance, and the event keeps both. A promise that was broken already, or was moved,
//! is not made longer so: a correction is no extension in disguise.

use qiyema_protocol::{
    staff::{IssueView, Reclassify},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    accept::limit,
    appeal::until_accepted,
    find, lines, read,
    step::{Doer, Step, legal, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    domain::{
        deadline::{self, Promised},
        text::problem,
    },
    store::{
        columns::{column, moment},
        connection::Db,
        directory::{self, CategoryRow},
        issues::{self, IssueRow},
    },
};

/// Gives an issue another category.
pub fn reclassify(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Reclassify,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Reclassify, number, ask.version)?;
    let to = legal(&issue, Verb::Reclassify)?;
    until_accepted(db, &issue, actor)?;
    let reason = lines("reason", &ask.reason, 500)?;
    let unknown = || Refused::ReferenceUnknown("category");
    // PostgreSQL takes no NUL, not even to look it up.
    if ask.category.contains('\0') {
        return Err(unknown());
    }
    let before = directory::category(db, &issue.category_id)?.ok_or_else(unknown)?;
    let now = directory::category(db, &ask.category)?.filter(|row| row.retired_at.is_none());
    let now = now.ok_or_else(unknown)?;
    if now.id == before.id {
        return Err(Refused::Unmet(Text::new(
            "该问题已是这一类别。",
            "The issue is of this category already.",
        )));
    }
    let promised = anew(&issue, moved(db, &issue)?, (&before, &now), rules, at)?;
    let mut detail = serde_json::json!({ "category_from": before.id, "category_to": now.id });
    if let (Some(promised), Some(facts)) = (promised, detail.as_object_mut()) {
        facts.extend([
            ("from".to_owned(), serde_json::json!(issue.due_on)),
            ("to".to_owned(), serde_json::json!(promised.due_on)),
            ("provisional".to_owned(), promised.provisional.into()),
        ]);
        issue.first_due_on = Some(promised.due_on);
        issue.due_on = Some(promised.due_on);
        issue.due_at = Some(column(promised.due_at));
        issue.provisional = promised.provisional;
    }
    issue.category_id = now.id;
    let what = Step { to, verb: Verb::Reclassify, note: Some(reason.as_str()), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// Whether there is a category that it may be given now.
pub(super) fn possible(db: &mut Db, issue: &IssueRow, rules: &Rules, at: Timestamp) -> Result<bool, Refused> {
    let Some(before) = directory::category(db, &issue.category_id)? else { return Ok(false) };
    let moved = moved(db, issue)?;
    let fits = |now: &CategoryRow| anew(issue, moved, (&before, now), rules, at).is_ok();
    Ok(directory::categories(db)?.iter().any(|now| now.id != before.id && fits(now)))
}

/// Whether the promise of this round is no more the one that was made with the acceptance.
fn moved(db: &mut Db, issue: &IssueRow) -> Result<bool, Refused> {
    let extended = issues::extensions(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    Ok(issue.due_on != issue.first_due_on || extended.iter().any(|row| row.round == issue.round))
}

/// The promise by the other category; none where nothing was promised yet, or the same.
fn anew(
    issue: &IssueRow,
    moved: bool,
    (before, now): (&CategoryRow, &CategoryRow),
    rules: &Rules,
    at: Timestamp,
) -> Result<Option<Promised>, Refused> {
    if limit(before) == limit(now) {
        return Ok(None);
    }
    let (Some(accepted), Some(due)) = (issue.accepted_at, issue.due_at) else {
        // The window's own limit goes by the category: whoever is late does not choose himself another one.
        return if issue.limit_at.is_some_and(|limit| moment(limit) < at) {
            Err(other_limit("受理已超期", "acceptance is overdue"))
        } else {
            Ok(None)
        };
    };
    if moved {
        return Err(Refused::Unmet(Text::new(
            "承诺时限已变更过，不能再更正为时限不同的类别。",
            "The promise was moved already: only a category with the same limit can be chosen.",
        )));
    }
    let promised = deadline::promise(moment(accepted), limit(now), &rules.calendar, rules.zone);
    if moment(due) < at && moment(due) < promised.due_at {
        return Err(Refused::Unmet(Text::new(
            "承诺时限已过，更正类别不能延长时限。",
            "The promise has passed: a correction of the category does not make it longer.",
        )));
    }
    if promised.due_at <= at {
        return Err(other_limit("按这一类别承诺时限已过", "its limit would have passed already"));
    }
    if moment(due) < promised.due_at && rules.day(moment(accepted)) != rules.day(at) {
        return Err(other_limit(
            "受理当日之后不能延长时限",
            "after the day of acceptance nothing is made longer",
        ));
    }
    Ok(Some(promised))
}

/// Why only a category of the same limit can be chosen.
fn other_limit(zh: &str, en: &str) -> Refused {
    Refused::Invalid(vec![problem(
        "category",
        format!("{zh}，只能更正为时限相同的类别"),
        format!("{en}: choose a category with the same limit"),
    )])
}
