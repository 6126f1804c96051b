//! Issues, and the records that hang on them. No finder without an owner: an
//! issue is found within its enterprise, within a unit, or by a clearly named
//! staff query.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::{AnyOf, Db},
    directory::{CategoryRow, OfficeRow, UnitRow},
    frozen, issue_facts,
    schema::{
        assignments, assist_endings, categories, closures, enterprises, extensions, issues, offices, reports,
        staff, units,
    },
    standing,
};

/// An issue as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = issues)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct IssueRow {
    pub id: String,
    pub enterprise_id: String,
    pub number: String,
    pub subject: String,
    pub body: String,
    pub category_id: String,
    pub channel_id: String,
    pub level: String,
    pub state: String,
    pub is_open: bool,
    pub version: i32,
    pub submitted_at: NaiveDateTime,
    pub submitted_by: String,
    pub accepted_at: Option<NaiveDateTime>,
    pub lead_unit_id: Option<String>,
    pub office_id: Option<String>,
    pub handler_id: Option<String>,
    pub first_due_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub due_at: Option<NaiveDateTime>,
    pub provisional: bool,
    pub last_kind: String,
    pub last_at: NaiveDateTime,
    pub closure_id: Option<String>,
    pub state_at: NaiveDateTime,
    pub replied_at: Option<NaiveDateTime>,
    pub review_on: Option<NaiveDate>,
    pub supervision: String,
    pub limit_at: Option<NaiveDateTime>,
    pub next_at: Option<NaiveDateTime>,
    pub merged_into: Option<String>,
    pub round: i32,
}

/// An assignment as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = assignments)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AssignmentRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub part: String,
    pub unit_id: String,
    pub office_id: Option<String>,
    pub handler_id: Option<String>,
    pub at: NaiveDateTime,
    pub by: String,
    pub due_at: Option<NaiveDateTime>,
}

/// An extension as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = extensions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ExtensionRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
    pub reason: String,
    pub note: Option<String>,
    pub at: NaiveDateTime,
    pub by: String,
    pub round: i32,
}

/// A handler's report as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = reports)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ReportRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub result: String,
    pub reply: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// A closure as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = closures)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ClosureRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub result: String,
    pub reply: String,
    pub at: NaiveDateTime,
    pub by: String,
    pub unit_id: String,
    pub handler_id: String,
    pub first_due_on: NaiveDate,
    pub due_on: NaiveDate,
    pub rate_until: NaiveDate,
}

/// An issue with all that a card shows, in one statement.
#[derive(Debug, Clone, Queryable)]
pub struct Shown {
    /// The issue.
    pub issue: IssueRow,
    /// Its category.
    pub category: CategoryRow,
    /// Lead unit.
    pub unit: Option<UnitRow>,
    /// Office.
    pub office: Option<OfficeRow>,
    /// Handler: name and post.
    pub handler: Option<(String, String)>,
    /// Closure that counts.
    pub closure: Option<ClosureRow>,
}

/// Which issues of an enterprise a board shows.
#[derive(Debug, Clone)]
pub enum Pick<'a> {
    /// Open ones: (offset, limit), first what is due first; what is deferred has nothing due.
    Open(i64, i64),
    /// The others: (offset, limit), first what happened last.
    Settled(i64, i64),
    /// One by number.
    Number(&'a str),
    /// Those that merged issues follow, whoever's they are; only their unit, state and promise may be shown.
    Followed(&'a [String]),
}

/// Issues of an enterprise for its board.
pub fn board(db: &mut Db, enterprise: &str, pick: &Pick<'_>) -> QueryResult<Vec<Shown>> {
    let mut query = issues::table
        .inner_join(categories::table)
        .left_join(units::table.on(issues::lead_unit_id.eq(units::id.nullable())))
        .left_join(offices::table.on(issues::office_id.eq(offices::id.nullable())))
        .left_join(staff::table.on(issues::handler_id.eq(staff::id.nullable())))
        .left_join(closures::table.on(issues::closure_id.eq(closures::id.nullable())))
        .select((
            IssueRow::as_select(),
            categories::all_columns,
            units::all_columns.nullable(),
            offices::all_columns.nullable(),
            (staff::name, staff::post).nullable(),
            closures::all_columns.nullable(),
        ))
        .into_boxed();
    query = match pick {
        Pick::Followed(ids) => query.filter(issues::id.eq_any(ids.to_vec())),
        Pick::Number(number) => query
            .filter(issues::enterprise_id.eq(enterprise.to_owned()))
            .filter(issues::number.eq((*number).to_owned())),
        Pick::Open(offset, limit) => query
            .filter(issues::enterprise_id.eq(enterprise.to_owned()))
            .filter(issues::is_open.eq(true))
            .order((
                // What waits for the owner, then what is due, then what waits for better days.
                issues::state.ne("need_info"),
                issues::state.eq("deferred"),
                issues::due_at.is_null(),
                issues::due_at.asc(),
                issues::last_at.desc(),
                issues::id,
            ))
            .offset(*offset)
            .limit(*limit),
        Pick::Settled(offset, limit) => query
            .filter(issues::enterprise_id.eq(enterprise.to_owned()))
            .filter(issues::is_open.eq(false))
            .order((issues::last_at.desc(), issues::id))
            .offset(*offset)
            .limit(*limit),
    };
    query.load(db)
}

/// Issues of an enterprise: those that are open, those that are not, and those of the latter that were closed with an
/// answer (neither rejected nor withdrawn nor merged).
pub fn counts(db: &mut Db, enterprise: &str) -> QueryResult<(i64, i64, i64)> {
    let rows: Vec<(bool, String, i64)> = issues::table
        .filter(issues::enterprise_id.eq(enterprise))
        .group_by((issues::is_open, issues::state))
        .select((issues::is_open, issues::state, diesel::dsl::count_star()))
        .load(db)?;
    let sum = |wanted: &dyn Fn(bool, &str) -> bool| {
        rows.iter().filter(|(open, state, _)| wanted(*open, state)).map(|row| row.2).sum()
    };
    let unanswered = |state: &str| matches!(state, "rejected" | "withdrawn" | "merged");
    Ok((sum(&|open, _| open), sum(&|open, _| !open), sum(&|open, state| !open && !unanswered(state))))
}

/// Extensions of several issues of one enterprise, oldest first.
pub fn extensions(db: &mut Db, enterprise: &str, issue_ids: &[String]) -> QueryResult<Vec<ExtensionRow>> {
    let Some((first, rest)) = issue_ids.split_first() else { return Ok(Vec::new()) };
    let mut these: AnyOf<extensions::table> = Box::new(extensions::issue_id.eq(first.clone()));
    for id in rest {
        these = Box::new(these.or(extensions::issue_id.eq(id.clone())));
    }
    extensions::table
        .filter(extensions::enterprise_id.eq(enterprise))
        .filter(these)
        .order(extensions::at)
        .load(db)
}

/// One issue of an enterprise.
pub fn in_enterprise(db: &mut Db, enterprise: &str, number: &str) -> QueryResult<Option<IssueRow>> {
    issues::table
        .filter(issues::enterprise_id.eq(enterprise))
        .filter(issues::number.eq(number))
        .select(IssueRow::as_select())
        .first(db)
        .optional()
}

/// An issue for staff: with its enterprise's name and its handler's user name.
pub type ForStaff = (IssueRow, String, Option<String>);

/// One issue by number, for staff.
pub fn by_number(db: &mut Db, number: &str) -> QueryResult<Option<ForStaff>> {
    issues::table
        .inner_join(enterprises::table)
        .left_join(staff::table.on(issues::handler_id.eq(staff::id.nullable())))
        .filter(issues::number.eq(number))
        .select((IssueRow::as_select(), enterprises::name, staff::username.nullable()))
        .first(db)
        .optional()
}

/// Open issues with a provisional promise.
pub fn provisional(db: &mut Db) -> QueryResult<i64> {
    issues::table.filter(issues::is_open.eq(true)).filter(issues::provisional.eq(true)).count().get_result(db)
}

/// The oldest open issue of an enterprise.
pub fn open_one(db: &mut Db, enterprise: &str) -> QueryResult<Option<String>> {
    issues::table
        .filter(issues::enterprise_id.eq(enterprise))
        .filter(issues::is_open.eq(true))
        .order(issues::id)
        .select(issues::id)
        .first(db)
        .optional()
}

/// Adds an issue.
pub fn insert(db: &mut Db, row: &IssueRow) -> QueryResult<()> {
    diesel::insert_into(issues::table).values(row).execute(db)?;
    issue_facts::add(db, row, true)
}

/// Writes the state that an event led to, if nobody was faster: false means the
/// version has moved on.
pub fn advance(db: &mut Db, row: &IssueRow, seen: i32) -> QueryResult<bool> {
    let fits = issue_facts::fit(db, &row.id)?;
    let changed = diesel::update(issues::table)
        .filter(issues::id.eq(&row.id))
        .filter(issues::version.eq(seen))
        .set((
            issues::category_id.eq(&row.category_id),
            issues::level.eq(&row.level),
            issues::state.eq(&row.state),
            issues::is_open.eq(row.is_open),
            issues::version.eq(row.version),
            issues::accepted_at.eq(row.accepted_at),
            issues::lead_unit_id.eq(&row.lead_unit_id),
            issues::office_id.eq(&row.office_id),
            issues::handler_id.eq(&row.handler_id),
            issues::first_due_on.eq(row.first_due_on),
            issues::due_on.eq(row.due_on),
            issues::due_at.eq(row.due_at),
            issues::provisional.eq(row.provisional),
            issues::last_kind.eq(&row.last_kind),
            issues::last_at.eq(row.last_at),
            issues::closure_id.eq(&row.closure_id),
            issues::state_at.eq(row.state_at),
            issues::replied_at.eq(row.replied_at),
            issues::review_on.eq(row.review_on),
            issues::supervision.eq(&row.supervision),
            issues::limit_at.eq(row.limit_at),
            issues::next_at.eq(row.next_at),
            issues::merged_into.eq(&row.merged_into),
            issues::round.eq(row.round),
        ))
        .execute(db)?;
    if changed == 1 {
        issue_facts::add(db, row, fits)?;
        standing::moved(db, &row.enterprise_id, &row.id, row.is_open)?;
    }
    Ok(changed == 1)
}

/// Units that assist with an issue; whoever was given the lead meanwhile does not.
pub fn assisting(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<String>> {
    assignments::table
        .left_join(assist_endings::table)
        .filter(assignments::enterprise_id.eq(enterprise))
        .filter(assignments::issue_id.eq(issue))
        .filter(assignments::part.eq("assisting"))
        .filter(assist_endings::assignment_id.nullable().is_null())
        .select(assignments::unit_id)
        .load(db)
}

/// Adds an assignment, with what is frozen of a lead unit's.
pub fn assign(db: &mut Db, row: &AssignmentRow) -> QueryResult<()> {
    diesel::insert_into(assignments::table).values(row).execute(db)?;
    if row.part == "lead" { frozen::assignment(db, row) } else { standing::assists(db, row) }
}

/// Adds an extension; a second one of the same issue is a unique violation.
pub fn extend(db: &mut Db, row: &ExtensionRow) -> QueryResult<()> {
    diesel::insert_into(extensions::table).values(row).execute(db).map(drop)
}

/// Adds a report.
pub fn report(db: &mut Db, row: &ReportRow) -> QueryResult<()> {
    diesel::insert_into(reports::table).values(row).execute(db).map(drop)
}

/// The latest report of an issue.
pub fn latest_report(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Option<ReportRow>> {
    reports::table
        .filter(reports::enterprise_id.eq(enterprise))
        .filter(reports::issue_id.eq(issue))
        .order((reports::at.desc(), reports::id.desc()))
        .first(db)
        .optional()
}

/// All reports of an issue, oldest first.
pub fn reports(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<ReportRow>> {
    reports::table
        .filter(reports::enterprise_id.eq(enterprise))
        .filter(reports::issue_id.eq(issue))
        .order((reports::at, reports::id))
        .load(db)
}

/// Adds a closure, with what is frozen with it.
pub fn close(db: &mut Db, row: &ClosureRow) -> QueryResult<()> {
    diesel::insert_into(closures::table).values(row).execute(db)?;
    frozen::closure(db, row)
}
