//! What happens to codes after they were issued: suspended, resumed, many ended
//! together, scanned.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};

use super::{
    codes::CodeRow,
    connection::Db,
    schema::{
        code_endings, code_resumptions, code_run_lines, code_scans, code_suspensions, codes, enterprises,
    },
};

/// A suspension as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = code_suspensions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct SuspensionRow {
    pub id: String,
    pub code_id: String,
    pub enterprise_id: String,
    pub at: NaiveDateTime,
    pub by: String,
    pub reason_code: String,
    pub reason: String,
}

/// Its end.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = code_resumptions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ResumptionRow {
    pub suspension_id: String,
    pub code_id: String,
    pub enterprise_id: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// A standing code with its enterprise.
#[derive(Debug, Clone, Queryable)]
pub struct Standing {
    /// The code.
    pub code: CodeRow,
    /// Name of its enterprise.
    pub name: String,
    /// USCC of its enterprise.
    pub uscc: String,
}

/// Which standing codes: all that is said must hold.
#[derive(Debug, Clone, Default)]
pub struct Pick {
    /// Ids of codes or USCCs.
    pub of: Option<Vec<String>>,
    /// Signed by this key.
    pub kid: Option<i32>,
    /// Signed by none of these: they are void.
    pub not_by: Vec<i32>,
    /// Issued by this run.
    pub run: Option<String>,
    /// Issued before this moment.
    pub before: Option<NaiveDateTime>,
    /// Never scanned.
    pub unscanned: bool,
    /// Not suspended.
    pub live: bool,
    /// Of enterprises whose search key holds this; cleaned as for a search.
    pub words: Option<String>,
    /// Issued at this moment or later.
    pub since: Option<NaiveDateTime>,
    /// After this one, in the order of time.
    pub after: Option<(NaiveDateTime, String)>,
}

/// Suspends a code.
pub fn suspend(db: &mut Db, row: &SuspensionRow) -> QueryResult<()> {
    diesel::insert_into(code_suspensions::table).values(row).execute(db).map(drop)
}

/// Ends a suspension; a second end is a unique violation.
pub fn resume(db: &mut Db, row: &ResumptionRow) -> QueryResult<()> {
    diesel::insert_into(code_resumptions::table).values(row).execute(db).map(drop)
}

/// Suspensions that last: of one code, or all.
pub fn lasting(db: &mut Db, code: Option<&str>) -> QueryResult<Vec<(String, String)>> {
    let mut found = code_suspensions::table
        .left_join(code_resumptions::table)
        .filter(code_resumptions::suspension_id.nullable().is_null())
        .select((code_suspensions::id, code_suspensions::code_id))
        .into_boxed();
    if let Some(code) = code {
        found = found.filter(code_suspensions::code_id.eq(code.to_owned()));
    }
    found.load(db)
}

/// The suspension of a code that lasts, if one does.
pub fn suspension(db: &mut Db, code: &str) -> QueryResult<Option<SuspensionRow>> {
    code_suspensions::table
        .left_join(code_resumptions::table)
        .filter(code_suspensions::code_id.eq(code))
        .filter(code_resumptions::suspension_id.nullable().is_null())
        .order(code_suspensions::at.desc())
        .select(SuspensionRow::as_select())
        .first(db)
        .optional()
}

/// Ids of all codes that ended.
pub fn ended(db: &mut Db) -> QueryResult<Vec<String>> {
    code_endings::table.select(code_endings::code_id).load(db)
}

/// Codes that did not end, oldest first.
pub fn standing(db: &mut Db, pick: &Pick, limit: i64) -> QueryResult<Vec<Standing>> {
    picked(pick)
        .order((codes::issued_at, codes::id))
        .limit(limit)
        .select((
            (codes::id, codes::enterprise_id, codes::kid, codes::issued_at, codes::issued_by),
            enterprises::name,
            enterprises::uscc,
        ))
        .load(db)
}

/// How many they are.
pub fn count_standing(db: &mut Db, pick: &Pick) -> QueryResult<i64> {
    picked(pick).count().get_result(db)
}

type Picked = diesel::dsl::IntoBoxed<
    'static,
    diesel::dsl::InnerJoin<codes::table, enterprises::table>,
    <Db as diesel::Connection>::Backend,
>;

fn picked(pick: &Pick) -> Picked {
    let mut found = codes::table.inner_join(enterprises::table).into_boxed();
    let ended = code_endings::table.filter(code_endings::code_id.eq(codes::id));
    found = found.filter(not(exists(ended)));
    if let Some(of) = &pick.of {
        found = found.filter(codes::id.eq_any(of.clone()).or(enterprises::uscc.eq_any(of.clone())));
    }
    if let Some(kid) = pick.kid {
        found = found.filter(codes::kid.eq(kid));
    }
    if !pick.not_by.is_empty() {
        found = found.filter(codes::kid.ne_all(pick.not_by.clone()));
    }
    if let Some(run) = &pick.run {
        let lines = code_run_lines::table
            .filter(code_run_lines::code_id.eq(codes::id))
            .filter(code_run_lines::run_id.eq(run.clone()));
        found = found.filter(exists(lines));
    }
    if let Some(before) = pick.before {
        found = found.filter(codes::issued_at.lt(before));
    }
    if pick.unscanned {
        found = found.filter(not(exists(code_scans::table.filter(code_scans::code_id.eq(codes::id)))));
    }
    if pick.live {
        let lasting = code_suspensions::table
            .left_join(code_resumptions::table)
            .filter(code_suspensions::code_id.eq(codes::id))
            .filter(code_resumptions::suspension_id.nullable().is_null());
        found = found.filter(not(exists(lasting)));
    }
    if let Some(words) = &pick.words {
        // Letters and digits only, so nothing in it is a wildcard.
        found = found.filter(enterprises::search_key.like(format!("%{words}%")));
    }
    if let Some(since) = pick.since {
        found = found.filter(codes::issued_at.ge(since));
    }
    if let Some((at, id)) = &pick.after {
        // Said first, so that the index leads there at once.
        found = found.filter(codes::issued_at.ge(*at));
        found = found.filter(codes::issued_at.gt(*at).or(codes::id.gt(id.clone())));
    }
    found
}

/// Adds scans of a day; the day's row is made by the first.
pub fn add_scans(db: &mut Db, code: &str, enterprise: &str, day: NaiveDate, scans: i32) -> QueryResult<()> {
    let changed = diesel::update(code_scans::table)
        .filter(code_scans::enterprise_id.eq(enterprise))
        .filter(code_scans::code_id.eq(code))
        .filter(code_scans::day.eq(day))
        .set(code_scans::scans.eq(code_scans::scans + scans))
        .execute(db)?;
    if changed == 0 {
        diesel::insert_into(code_scans::table)
            .values((
                code_scans::enterprise_id.eq(enterprise),
                code_scans::code_id.eq(code),
                code_scans::day.eq(day),
                code_scans::scans.eq(scans),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Enterprises of codes.
pub fn owners(db: &mut Db, codes_: Vec<String>) -> QueryResult<Vec<(String, String)>> {
    codes::table.filter(codes::id.eq_any(codes_)).select((codes::id, codes::enterprise_id)).load(db)
}

/// Scans of codes by day, newest first.
pub fn scans(
    db: &mut Db,
    codes_: Vec<String>,
    since: NaiveDate,
) -> QueryResult<Vec<(String, NaiveDate, i32)>> {
    code_scans::table
        .filter(code_scans::code_id.eq_any(codes_))
        .filter(code_scans::day.ge(since))
        .order(code_scans::day.desc())
        .select((code_scans::code_id, code_scans::day, code_scans::scans))
        .load(db)
}
