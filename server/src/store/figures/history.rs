//! Who had an issue when, and on which days it counts: from records that are only
//! ever added.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    super::{
        connection::Db,
        frozen::Frozen,
        schema::{
            assignment_facts, assignments, closures, events, extensions, issue_facts, issues, ledger_entries,
            promises, rating_flags, ratings, rectifications, resumptions,
        },
    },
    IssueFacts,
};

use crate::domain::ledger::Kind;

/// A part of a statement's list.
const CHUNK: usize = 400;

/// An issue, a unit, a person of it, when, and what is frozen with that.
pub type Lead = (String, String, Option<String>, NaiveDateTime, Option<Frozen>);
/// An issue, the kind and detail of an event, by whom, when.
pub type Naming = (String, String, String, String, NaiveDateTime);

/// What an issue was after a step.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct Step {
    pub issue_id: String,
    pub last_at: NaiveDateTime,
    pub closure_id: Option<String>,
    pub facts: IssueFacts,
}

/// Those of these issues that were of another category, channel or level than they are now.
pub fn moved(db: &mut Db, ids: &[String]) -> QueryResult<Vec<String>> {
    let other = issue_facts::level
        .ne(issues::level)
        .or(issue_facts::category_id.ne(issues::category_id))
        .or(issue_facts::channel_id.ne(issues::channel_id));
    chunked(ids, |part| {
        issue_facts::table
            .inner_join(issues::table.on(issues::id.eq(issue_facts::issue_id)))
            .filter(issue_facts::issue_id.eq_any(part))
            .filter(other)
            .select(issue_facts::issue_id)
            .distinct()
            .load(db)
    })
}

/// All steps of these issues, of each in their order.
pub fn steps(db: &mut Db, ids: &[String]) -> QueryResult<Vec<Step>> {
    chunked(ids, |part| {
        issue_facts::table
            .filter(issue_facts::issue_id.eq_any(part))
            .order((issue_facts::issue_id, issue_facts::version))
            .select((
                issue_facts::issue_id,
                issue_facts::last_at,
                issue_facts::closure_id,
                (issue_facts::category_id, issue_facts::channel_id, issue_facts::level),
            ))
            .load(db)
    })
}

/// Lead assignments of these issues, oldest first.
pub fn leads(db: &mut Db, ids: &[String]) -> QueryResult<Vec<Lead>> {
    chunked(ids, |part| {
        assignments::table
            .inner_join(
                issues::table.on(issues::enterprise_id
                    .eq(assignments::enterprise_id)
                    .and(issues::id.eq(assignments::issue_id))),
            )
            .left_join(assignment_facts::table.on(assignment_facts::assignment_id.eq(assignments::id)))
            .filter(issues::id.eq_any(part))
            .filter(assignments::part.eq("lead"))
            .order((assignments::at, assignments::id))
            .select((
                assignments::issue_id,
                assignments::unit_id,
                assignments::handler_id,
                assignments::at,
                (assignment_facts::grade, assignment_facts::leader_id).nullable(),
            ))
            .load(db)
    })
}

/// Events that name who handles these issues, oldest first: issue, kind, detail, by whom, when.
pub fn namings(db: &mut Db, ids: &[String]) -> QueryResult<Vec<Naming>> {
    chunked(ids, |part| {
        events::table
            .inner_join(
                issues::table.on(issues::enterprise_id
                    .eq(events::enterprise_id)
                    .and(issues::id.eq(events::subject_id))),
            )
            .filter(issues::id.eq_any(part))
            .filter(events::kind.eq_any(["signed_for", "handed_over", "progressed"]))
            .order((events::at, events::seq))
            .select((events::subject_id, events::kind, events::detail, events::by, events::at))
            .load(db)
    })
}

/// Moments and days that these issues count on, now or before.
pub fn touched(db: &mut Db, ids: &[String]) -> QueryResult<(Vec<NaiveDateTime>, Vec<NaiveDate>)> {
    type Seen = (Option<NaiveDateTime>, Option<NaiveDate>, Option<NaiveDate>);
    let (mut moments, mut days) = (Vec::new(), Vec::new());
    for (at, first, due) in chunked(ids, |part| {
        let seen = (issues::accepted_at, issues::first_due_on, issues::due_on);
        issues::table.filter(issues::id.eq_any(part)).select(seen).load::<Seen>(db)
    })? {
        moments.extend(at);
        days.extend(first.into_iter().chain(due));
    }
    for (at, first, due) in chunked(ids, |part| {
        let made = (closures::at, closures::first_due_on, closures::due_on);
        let own =
            issues::table.filter(issues::id.eq_any(part)).inner_join(closures::table.on(
                closures::enterprise_id.eq(issues::enterprise_id).and(closures::issue_id.eq(issues::id)),
            ));
        own.select(made).load::<(NaiveDateTime, NaiveDate, NaiveDate)>(db)
    })? {
        moments.push(at);
        days.extend([first, due]);
    }
    moments.extend(leads(db, ids)?.into_iter().map(|(.., at, _)| at));
    for (from, to) in chunked(ids, |part| {
        let own = issues::table.filter(issues::id.eq_any(part)).inner_join(extensions::table.on(
            extensions::enterprise_id.eq(issues::enterprise_id).and(extensions::issue_id.eq(issues::id)),
        ));
        own.select((extensions::from_on, extensions::to_on)).load::<(NaiveDate, NaiveDate)>(db)
    })? {
        days.extend([from, to]);
    }
    for (from, to) in chunked(ids, |part| {
        let own = issues::table.filter(issues::id.eq_any(part)).inner_join(resumptions::table.on(
            resumptions::enterprise_id.eq(issues::enterprise_id).and(resumptions::issue_id.eq(issues::id)),
        ));
        own.select((resumptions::from_on, resumptions::to_on)).load::<(NaiveDate, NaiveDate)>(db)
    })? {
        days.extend([from, to]);
    }
    days.extend(promised_before(db, ids)?);
    days.extend(chunked(ids, |part| {
        let own =
            issues::table.filter(issues::id.eq_any(part)).inner_join(promises::table.on(
                promises::enterprise_id.eq(issues::enterprise_id).and(promises::issue_id.eq(issues::id)),
            ));
        own.select(promises::due_on).load::<NaiveDate>(db)
    })?);
    Ok((moments, days))
}

/// Days that were promised by a category that was wrong.
fn promised_before(db: &mut Db, ids: &[String]) -> QueryResult<Vec<NaiveDate>> {
    let details: Vec<String> =
        chunked(ids, |part| {
            events::table
                .inner_join(issues::table.on(
                    issues::enterprise_id.eq(events::enterprise_id).and(issues::id.eq(events::subject_id)),
                ))
                .filter(issues::id.eq_any(part))
                .filter(events::kind.eq("reclassified"))
                .select(events::detail)
                .load(db)
        })?;
    let day = |detail: &String| {
        let facts: serde_json::Value = serde_json::from_str(detail).ok()?;
        facts.get("from")?.as_str()?.parse().ok()
    };
    Ok(details.iter().filter_map(day).collect())
}

/// The earliest moment, of an acceptance or a closure, that is counted with working days of a year: what was accepted
/// before the year and closed in or after it, or is open; and what was rated bad and had to be put right since a moment.
pub fn reaching(
    db: &mut Db,
    begins: NaiveDateTime,
    opened_since: NaiveDateTime,
) -> QueryResult<Option<NaiveDateTime>> {
    use diesel::dsl::min;
    let open: Option<NaiveDateTime> =
        issues::table.filter(issues::is_open.eq(true)).select(min(issues::accepted_at)).first(db)?;
    let closed: Option<NaiveDateTime> = closures::table
        .inner_join(issues::table.on(issues::id.eq(closures::issue_id)))
        .filter(closures::at.ge(begins))
        .select(min(issues::accepted_at))
        .first(db)?;
    let fixed: Option<NaiveDateTime> = rectifications::table
        .inner_join(closures::table.on(closures::id.eq(rectifications::closure_id)))
        .filter(rectifications::at.ge(opened_since))
        .select(min(closures::at))
        .first(db)?;
    Ok(open.into_iter().chain(closed).chain(fixed).min())
}

/// Entries of the log from a position on: the last position, and whom the events and flags among them are about.
pub fn entered(db: &mut Db, from: i64, most: i64) -> QueryResult<(Option<i64>, Vec<String>)> {
    let entries: Vec<(i64, String, String)> = ledger_entries::table
        .filter(ledger_entries::position.ge(from))
        .order(ledger_entries::position)
        .limit(most)
        .select((ledger_entries::position, ledger_entries::kind, ledger_entries::row_id))
        .load(db)?;
    let last = entries.last().map(|(position, ..)| *position);
    let of = |kind: Kind| -> Vec<String> {
        let its = entries.iter().filter(|(_, name, _)| name == kind.table());
        its.map(|(.., id)| id.clone()).collect()
    };
    let mut subjects = chunked(&of(Kind::Events), |part| {
        events::table.filter(events::id.eq_any(part)).select(events::subject_id).load::<String>(db)
    })?;
    subjects.extend(chunked(&of(Kind::Flags), |part| {
        let flagged =
            rating_flags::table.inner_join(ratings::table.on(ratings::id.eq(rating_flags::rating_id)));
        flagged.filter(rating_flags::id.eq_any(part)).select(ratings::issue_id).load::<String>(db)
    })?);
    Ok((last, subjects))
}

fn chunked<T>(
    ids: &[String],
    mut load: impl FnMut(Vec<String>) -> QueryResult<Vec<T>>,
) -> QueryResult<Vec<T>> {
    let mut all = Vec::new();
    for part in ids.chunks(CHUNK) {
        all.extend(load(part.to_vec())?);
    }
    Ok(all)
}
