//! Promises and limits that touched a year without an official calendar are counted
//! again once it is published, with an event for each issue; clocks are wound anew when
//! a limit is set otherwise. The job goes through the issues a
//! batch at a time and notes how far it came, so that a restart loses nothing;
//! when the calendar has not changed it does nothing.

use std::{collections::BTreeSet, sync::Arc};

use sha2::{Digest as _, Sha256};

use super::{
    super::{Deed, Refused, Rules, issue::step::wind, job::Job, record},
    limits,
};
use crate::{
    clock::Timestamp,
    domain::{calendar::Calendar, deadline, event::Kind},
    store::{
        columns::{column, unword, word},
        connection::Db,
        directory::{self, CategoryRow},
        issues::{self, IssueRow},
        leases, timed,
    },
};

/// The next batch of a pass through the issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Which calendar this pass is for.
    calendar: String,
    /// Years that were official when the last pass ended, and that are now.
    years: (String, String),
    /// The calendar without what was published since, if that is known and something was.
    before: Option<Arc<Calendar>>,
    /// Issues to look at.
    pub issues: Vec<String>,
}

/// The next batch, or none when the last calendar was gone through.
pub fn page(db: &mut Db, rules: &Rules, limit: i64) -> Result<Option<Page>, Refused> {
    let calendar = fingerprint(db, rules)?;
    let noted = leases::done(db, Job::Calendar.name())?;
    let (done, years) = noted.split_once('/').unwrap_or((&noted, ""));
    if done == calendar {
        return Ok(None);
    }
    // A pass for another calendar begins anew.
    let after = match done.split_once('@') {
        Some((of, last)) if of == calendar => last.to_owned(),
        _ => String::new(),
    };
    let official = rules.calendar.official_years();
    let known: BTreeSet<i32> = years.split(' ').filter_map(|year| year.parse().ok()).collect();
    let published: BTreeSet<i32> = official.difference(&known).copied().collect();
    let before = (!known.is_empty() && !published.is_empty())
        .then(|| Arc::new(rules.calendar.before_notices_of(&published)));
    let now = official.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(Some(Page {
        calendar,
        years: (years.to_owned(), now),
        before,
        issues: timed::watched(db, &after, limit)?,
    }))
}

/// Notes that a batch is done.
pub fn turn(db: &mut Db, page: &Page) -> Result<(), Refused> {
    let (before, now) = &page.years;
    let done = match page.issues.last() {
        Some(last) => format!("{}@{last}/{before}", page.calendar),
        None => format!("{}/{now}", page.calendar),
    };
    Ok(leases::finish(db, Job::Calendar.name(), &done)?)
}

/// Counts one issue's promise and limits again, and winds its clocks; true when the promise changed.
pub fn one(db: &mut Db, id: &str, page: &Page, rules: &Rules, at: Timestamp) -> Result<bool, Refused> {
    let Some(mut issue) = timed::issue(db, id)? else { return Ok(false) };
    let promised = issue.provisional && recount(db, &mut issue, rules)?;
    let mut counted = limits::assigned(db, &issue, rules, at)?;
    counted.extend(limits::computed(db, &issue, page.before.as_deref(), rules)?);
    if promised {
        return changed(db, issue, &counted, rules, at).map(|()| true);
    }
    if !counted.is_empty() {
        limits::tell(db, &issue, &counted, at)?;
    }
    let before = (issue.limit_at, issue.next_at);
    wind(db, &mut issue, rules)?;
    if before != (issue.limit_at, issue.next_at) {
        timed::rewind(db, &issue)?;
    }
    Ok(false)
}

/// Whether the count gives another day, or the same one for certain.
fn recount(db: &mut Db, issue: &mut IssueRow, rules: &Rules) -> Result<bool, Refused> {
    let Some(base) = timed::promise(db, &issue.enterprise_id, &issue.id)? else { return Ok(false) };
    if issue.due_on != Some(base.due_on) {
        return Ok(false);
    }
    let days = |count: i32| u32::try_from(count).unwrap_or_default();
    let promised = deadline::extend(base.from_on, days(base.working_days), &rules.calendar, rules.zone);
    if promised.provisional {
        return Ok(false);
    }
    if let Some(first) = base.first_working_days {
        issue.first_due_on = Some(rules.calendar.add_working_days(base.from_on, days(first)).date);
    }
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = false;
    Ok(true)
}

fn changed(
    db: &mut Db,
    mut issue: IssueRow,
    counted: &[serde_json::Value],
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let seen = issue.version;
    let from = timed::issue(db, &issue.id)?.and_then(|before| before.due_on);
    issue.version += 1;
    issue.last_kind = word(Kind::DueRecomputed)?;
    issue.last_at = column(at);
    wind(db, &mut issue, rules)?;
    if !issues::advance(db, &issue, seen)? {
        return Err(Refused::VersionConflict { current: seen + 1, changes: Vec::new() });
    }
    record(
        db,
        &Deed {
            enterprise: &issue.enterprise_id,
            subject: &issue.id,
            kind: Kind::DueRecomputed,
            state: Some(unword(&issue.state)?),
            note: None,
            detail: serde_json::json!({ "from": from, "to": issue.due_on, "limits": counted }),
            by: "clock",
            at,
        },
    )
}

/// Of all that the moments of clocks are counted by, so that other limits wind them anew too.
fn fingerprint(db: &mut Db, rules: &Rules) -> Result<String, Refused> {
    // An issue is accepted within the limit of its category, if that is shorter.
    let own = |one: CategoryRow| (one.id, one.limit_working_days, one.limit_hours);
    let categories: BTreeSet<_> = directory::categories(db)?.into_iter().map(own).collect();
    // The number stands for what a pass does: an older program's pass is not this one's.
    let text = format!("5 {} {:?} {:?} {categories:?}", rules.calendar.text(), rules.limits, rules.urging);
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text)).chars().take(16).collect())
}
