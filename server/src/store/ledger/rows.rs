//! The rows that the log is about, a page of one kind at a time, by id.

mod calls;
mod frozen;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::{Map, Value};

use super::super::{
    admin_events::AdminEventRow,
    appeals::{AppealRow, DecisionRow, OutcomeRow},
    code_life::{ResumptionRow, SuspensionRow},
    codes::EndingRow,
    connection::Db,
    events::EventRow,
    guard::FlagRow,
    issues::{AssignmentRow, ClosureRow, ExtensionRow},
    ratings::RatingRow,
    schema::{
        accounts::admin_events, appeal_decisions, appeal_outcomes, assignments, closures, code_endings,
        code_resumptions, code_suspensions, events, extensions, promises, rating_appeals, rating_flags,
        ratings,
    },
    timed::PromiseRow,
};
use crate::domain::ledger::{self, Kind};

/// A row: its id, and its columns.
pub type Row = (String, Map<String, Value>);

/// Rows whose id is greater than this, in the order of their ids.
pub fn after(db: &mut Db, kind: Kind, id: &str, limit: i64) -> QueryResult<Vec<Row>> {
    Ok(match kind {
        Kind::Events => {
            let found = events::table.filter(events::id.gt(id)).order(events::id).limit(limit);
            found.load(db)?.into_iter().map(event).collect()
        }
        Kind::Ratings => {
            let found = ratings::table.filter(ratings::id.gt(id)).order(ratings::id).limit(limit);
            found.load(db)?.into_iter().map(rating).collect()
        }
        Kind::Flags => {
            let found =
                rating_flags::table.filter(rating_flags::id.gt(id)).order(rating_flags::id).limit(limit);
            found.load(db)?.into_iter().map(flag).collect()
        }
        Kind::Closures => {
            let found = closures::table.filter(closures::id.gt(id)).order(closures::id).limit(limit);
            found.load(db)?.into_iter().map(closure).collect()
        }
        Kind::Assignments => {
            let found = assignments::table.filter(assignments::id.gt(id)).order(assignments::id).limit(limit);
            found.load(db)?.into_iter().map(assignment).collect()
        }
        Kind::Extensions => {
            let found = extensions::table.filter(extensions::id.gt(id)).order(extensions::id).limit(limit);
            found.load(db)?.into_iter().map(extension).collect()
        }
        _ => return further(db, kind, id, limit),
    })
}

fn further(db: &mut Db, kind: Kind, id: &str, limit: i64) -> QueryResult<Vec<Row>> {
    Ok(match kind {
        Kind::Promises => {
            let found = promises::table.filter(promises::id.gt(id)).order(promises::id).limit(limit);
            found.load(db)?.into_iter().map(promise).collect()
        }
        Kind::CallBacks => calls::after(db, id, limit)?,
        Kind::ClosureFacts => frozen::of_closures(db, id, limit)?,
        Kind::AssignmentFacts => frozen::of_assignments(db, id, limit)?,
        Kind::Appeals => {
            let found = rating_appeals::table
                .filter(rating_appeals::id.gt(id))
                .order(rating_appeals::id)
                .limit(limit);
            found.load(db)?.into_iter().map(appeal).collect()
        }
        Kind::Decisions => {
            let found = appeal_decisions::table.filter(appeal_decisions::id.gt(id));
            let found = found.order(appeal_decisions::id).limit(limit);
            found.load(db)?.into_iter().map(decision).collect()
        }
        Kind::Outcomes => {
            let found = appeal_outcomes::table.filter(appeal_outcomes::rating_id.gt(id));
            let found = found.order(appeal_outcomes::rating_id).limit(limit);
            found.load(db)?.into_iter().map(outcome).collect()
        }
        Kind::Endings => {
            let found = code_endings::table.filter(code_endings::code_id.gt(id));
            let found = found.order(code_endings::code_id).limit(limit);
            found.load(db)?.into_iter().map(ending).collect()
        }
        Kind::Suspensions => {
            let found = code_suspensions::table.filter(code_suspensions::id.gt(id));
            let found = found.order(code_suspensions::id).limit(limit);
            found.load(db)?.into_iter().map(suspension).collect()
        }
        Kind::Resumptions => {
            let found = code_resumptions::table.filter(code_resumptions::suspension_id.gt(id));
            let found = found.order(code_resumptions::suspension_id).limit(limit);
            found.load(db)?.into_iter().map(resumption).collect()
        }
        Kind::Administration => {
            let found =
                admin_events::table.filter(admin_events::id.gt(id)).order(admin_events::id).limit(limit);
            found.load(db)?.into_iter().map(deed).collect()
        }
        Kind::Events
        | Kind::Flags
        | Kind::Closures
        | Kind::Ratings
        | Kind::Assignments
        | Kind::Extensions => Vec::new(),
    })
}

/// Rows of a kind without ids of their own that are not from before a moment, whatever their names.
pub fn since(db: &mut Db, kind: Kind, moment: NaiveDateTime) -> QueryResult<Vec<Row>> {
    Ok(match kind {
        Kind::Outcomes => {
            let found = appeal_outcomes::table.filter(appeal_outcomes::at.ge(moment));
            found.order(appeal_outcomes::at).load(db)?.into_iter().map(outcome).collect()
        }
        Kind::Endings => {
            let found = code_endings::table.filter(code_endings::at.ge(moment));
            found.order(code_endings::at).load(db)?.into_iter().map(ending).collect()
        }
        Kind::Resumptions => {
            let found = code_resumptions::table.filter(code_resumptions::at.ge(moment));
            found.order(code_resumptions::at).load(db)?.into_iter().map(resumption).collect()
        }
        _ => Vec::new(),
    })
}

/// Columns by name; `id` among them.
fn row<const N: usize>(id: String, columns: [(&str, Value); N]) -> Row {
    named("id", id, columns)
}

/// The same where another column names the row.
fn named<const N: usize>(name: &str, id: String, columns: [(&str, Value); N]) -> Row {
    let mut map: Map<String, Value> =
        columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    map.insert(name.to_owned(), Value::from(id.clone()));
    (id, map)
}

/// Both databases keep at least milliseconds, and no moment has more.
fn at(moment: NaiveDateTime) -> Value {
    Value::from(ledger::moment(moment))
}

fn maybe_at(moment: Option<NaiveDateTime>) -> Value {
    moment.map_or(Value::Null, at)
}

fn day(day: NaiveDate) -> Value {
    Value::from(day.to_string())
}

fn event(one: EventRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("subject_id", one.subject_id.into()),
            ("seq", one.seq.into()),
            ("kind", one.kind.into()),
            ("state", one.state.into()),
            ("note", one.note.into()),
            ("detail", one.detail.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
        ],
    )
}

fn rating(one: RatingRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("issue_id", one.issue_id.into()),
            ("closure_id", one.closure_id.into()),
            ("tier", one.tier.into()),
            ("round", one.round.into()),
            ("verdict", one.verdict.into()),
            ("level", one.level.into()),
            ("solved", one.solved.into()),
            ("comment", one.comment.into()),
            ("tags", one.tags.into()),
            ("tags_version", one.tags_version.into()),
            ("code_id", one.code_id.into()),
            ("at", at(one.at)),
        ],
    )
}

fn flag(one: FlagRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("rating_id", one.rating_id.into()),
            ("reason", one.reason.into()),
            ("at", at(one.at)),
        ],
    )
}

fn closure(one: ClosureRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("issue_id", one.issue_id.into()),
            ("result", one.result.into()),
            ("reply", one.reply.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
            ("unit_id", one.unit_id.into()),
            ("handler_id", one.handler_id.into()),
            ("first_due_on", day(one.first_due_on)),
            ("due_on", day(one.due_on)),
            ("rate_until", day(one.rate_until)),
        ],
    )
}

fn assignment(one: AssignmentRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("issue_id", one.issue_id.into()),
            ("part", one.part.into()),
            ("unit_id", one.unit_id.into()),
            ("office_id", one.office_id.into()),
            ("handler_id", one.handler_id.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
            ("due_at", maybe_at(one.due_at)),
        ],
    )
}

fn extension(one: ExtensionRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("issue_id", one.issue_id.into()),
            ("from_on", day(one.from_on)),
            ("to_on", day(one.to_on)),
            ("reason", one.reason.into()),
            ("note", one.note.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
            ("round", one.round.into()),
        ],
    )
}

fn deed(one: AdminEventRow) -> Row {
    row(
        one.id,
        [
            ("subject_kind", one.subject_kind.into()),
            ("subject_id", one.subject_id.into()),
            ("kind", one.kind.into()),
            ("detail", one.detail.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
        ],
    )
}

fn promise(one: PromiseRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("issue_id", one.issue_id.into()),
            ("from_on", day(one.from_on)),
            ("working_days", one.working_days.into()),
            ("due_on", day(one.due_on)),
            ("first_working_days", one.first_working_days.into()),
            ("at", at(one.at)),
        ],
    )
}

fn appeal(one: AppealRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("rating_id", one.rating_id.into()),
            ("ground", one.ground.into()),
            ("reason", one.reason.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
        ],
    )
}

fn decision(one: DecisionRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("appeal_id", one.appeal_id.into()),
            ("place", one.place.into()),
            ("judgement", one.judgement.into()),
            ("reason", one.reason.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
        ],
    )
}

fn outcome(one: OutcomeRow) -> Row {
    named(
        "rating_id",
        one.rating_id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("appeal_id", one.appeal_id.into()),
            ("judgement", one.judgement.into()),
            ("at", at(one.at)),
        ],
    )
}

fn ending(one: EndingRow) -> Row {
    named(
        "code_id",
        one.code_id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("kind", one.kind.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
            ("reason", one.reason.into()),
            ("replaced_by", one.replaced_by.into()),
            ("reason_code", one.reason_code.into()),
        ],
    )
}

fn suspension(one: SuspensionRow) -> Row {
    row(
        one.id,
        [
            ("code_id", one.code_id.into()),
            ("enterprise_id", one.enterprise_id.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
            ("reason_code", one.reason_code.into()),
            ("reason", one.reason.into()),
        ],
    )
}

fn resumption(one: ResumptionRow) -> Row {
    named(
        "suspension_id",
        one.suspension_id,
        [
            ("code_id", one.code_id.into()),
            ("enterprise_id", one.enterprise_id.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
        ],
    )
}
