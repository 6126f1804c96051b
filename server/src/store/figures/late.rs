//! What was promised for one day and not kept, of one group: closed after its day, or not closed. A range of an index
//! each, so that a day costs what was late on it, not what was promised for it.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{dsl::exists, prelude::*};

use super::{
    super::{
        connection::Db,
        schema::{assignment_facts, assignments, closures, events, issue_facts, issues},
    },
    IssueFacts,
    facts::{UnclosedRow, again},
    lines::Group,
};

/// A closure that came after the promised day.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct LateRow {
    pub id: String,
    pub issue_id: String,
    pub at: NaiveDateTime,
    pub issue: IssueFacts,
    /// The closure that stands now.
    pub current: Option<String>,
    pub state: String,
}

impl LateRow {
    /// As of any closure: [`again`].
    #[must_use]
    pub fn taken_up_again(&self) -> bool {
        again(&self.id, self.current.as_deref(), &self.state)
    }
}

/// A promised day: of the first promises, or of those as extended.
#[derive(Debug, Clone, Copy)]
pub struct Promised {
    /// The first ones.
    pub first: bool,
    /// The day.
    pub day: NaiveDate,
    /// When it was over.
    pub over: NaiveDateTime,
}

/// Closures that came after the promised day, the youngest issue first, those of one issue as they came; after an issue
/// and the moment of one of its closures, where these are named (no moment: after all of its closures).
///
/// Who had the issue on the day, and what it was then, is looked up by whoever asks. Those are left out that this cannot
/// find to be of the group, because nobody of it ever had the issue: a person with one late issue a day in a city that has thousands
/// would make every page read all of these.
pub fn closed(
    db: &mut Db,
    promised: Promised,
    (group, member): (Group, &str),
    after: Option<(&str, Option<NaiveDateTime>)>,
    most: i64,
) -> QueryResult<Vec<LateRow>> {
    let mut query = closures::table
        .inner_join(issues::table.on(issues::id.eq(closures::issue_id)))
        .filter(closures::at.ge(promised.over))
        .order((closures::issue_id.desc(), closures::at))
        .limit(most)
        .select((
            closures::id,
            closures::issue_id,
            closures::at,
            (issues::category_id, issues::channel_id, issues::level),
            issues::closure_id,
            issues::state,
        ))
        .into_boxed();
    query = if promised.first {
        query.filter(closures::first_due_on.eq(promised.day))
    } else {
        query.filter(closures::due_on.eq(promised.day))
    };
    let member = member.to_owned();
    let leads = assignments::table
        .filter(assignments::enterprise_id.eq(closures::enterprise_id))
        .filter(assignments::issue_id.eq(closures::issue_id))
        .filter(assignments::part.eq("lead"));
    let frozen = assignments::table
        .inner_join(assignment_facts::table.on(assignment_facts::assignment_id.eq(assignments::id)))
        .filter(assignments::enterprise_id.eq(closures::enterprise_id))
        .filter(assignments::issue_id.eq(closures::issue_id))
        .filter(assignments::part.eq("lead"));
    // Of no category, channel or level that it never was.
    let was = issue_facts::table.filter(issue_facts::issue_id.eq(closures::issue_id));
    query = match group {
        Group::Category => query.filter(
            issues::category_id
                .eq(member.clone())
                .or(exists(was.filter(issue_facts::category_id.eq(member)))),
        ),
        Group::Channel => query.filter(
            issues::channel_id.eq(member.clone()).or(exists(was.filter(issue_facts::channel_id.eq(member)))),
        ),
        Group::Level => query
            .filter(issues::level.eq(member.clone()).or(exists(was.filter(issue_facts::level.eq(member))))),
        // Of those that nobody had there is no trace to look for.
        Group::Unit | Group::Handler | Group::Leader | Group::Grade if member.is_empty() => query,
        Group::Unit => query.filter(exists(leads.filter(assignments::unit_id.eq(member)))),
        Group::Leader => query.filter(exists(frozen.filter(assignment_facts::leader_id.eq(member)))),
        Group::Grade => query.filter(exists(frozen.filter(assignment_facts::grade.eq(member)))),
        Group::Handler => {
            // An event names him in its detail, or is his own.
            let named = events::table
                .filter(events::enterprise_id.eq(closures::enterprise_id))
                .filter(events::subject_id.eq(closures::issue_id))
                .filter(events::kind.eq_any(["signed_for", "handed_over", "progressed"]))
                .filter(events::by.eq(member.clone()).or(events::detail.like(format!("%{member}%"))));
            let got = leads.filter(assignments::handler_id.eq(member));
            query.filter(exists(got).or(exists(named)))
        }
    };
    if let Some((issue, at)) = after {
        let issue = issue.to_owned();
        query = match at {
            None => query.filter(closures::issue_id.lt(issue)),
            Some(at) => query.filter(
                closures::issue_id
                    .lt(issue.clone())
                    .or(closures::issue_id.eq(issue).and(closures::at.gt(at))),
            ),
        };
    }
    query.load(db)
}

/// Issues promised for the day that are in one of these states.
pub fn unclosed(db: &mut Db, promised: Promised, states: &[String]) -> QueryResult<Vec<UnclosedRow>> {
    let mut query = issues::table
        .filter(issues::state.eq_any(states.to_vec()))
        .select((
            issues::id,
            (issues::category_id, issues::channel_id, issues::level),
            issues::first_due_on,
            issues::due_on,
            issues::state,
            issues::state_at,
        ))
        .into_boxed();
    query = if promised.first {
        query.filter(issues::first_due_on.eq(promised.day))
    } else {
        query.filter(issues::due_on.eq(promised.day))
    };
    query.load(db)
}
