//! Runs that issue codes for many enterprises, and the codes of each.

use chrono::NaiveDateTime;
use diesel::{
    dsl::{exists, not},
    prelude::*,
};

use super::{
    codes::{CodeRow, SUSPENDED, suspended},
    connection::Db,
    schema::{code_endings, code_run_lines as lines, code_runs as runs, codes, enterprises},
};

/// A run as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = runs)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RunRow {
    pub id: String,
    pub at: NaiveDateTime,
    pub by: String,
    pub wish: String,
    pub state: String,
    pub total: i32,
    pub through: String,
    pub issued: i32,
    pub moved_at: NaiveDateTime,
    pub compromised: Option<i32>,
    pub revokes: Option<String>,
}

/// A code of a run.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = lines)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct LineRow {
    pub run_id: String,
    pub line: i32,
    pub enterprise_id: String,
    pub code_id: String,
}

/// An enterprise that no code stands for.
#[derive(Debug, Clone, Queryable)]
pub struct Codeless {
    /// Id.
    pub id: String,
    /// USCC.
    pub uscc: String,
    /// Name.
    pub name: String,
}

/// Which enterprises: all that is said must hold.
#[derive(Debug, Clone, Default)]
pub struct Pick {
    /// Within the search key.
    pub query: Option<String>,
    /// First digits of the administrative division.
    pub division: Option<String>,
    /// Registered at this moment or later.
    pub since: Option<NaiveDateTime>,
    /// Registered before this moment.
    pub before: Option<NaiveDateTime>,
    /// A code that one of these keys signed serves nobody.
    pub void_keys: Vec<i32>,
}

/// A code of a run as it stands now.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Number within the run.
    pub line: i32,
    /// The code.
    pub code: CodeRow,
    /// USCC of its enterprise.
    pub uscc: String,
    /// Name of its enterprise.
    pub name: String,
    /// `replaced` or `revoked`, if it ended; `suspended`, if it is.
    pub ending: Option<String>,
}

/// Served is whoever has a code that stands, or had one that was revoked because it closed
/// down. A void code serves nobody; but a suspended one is suspended whatever its key.
fn codeless(pick: &Pick) -> enterprises::BoxedQuery<'static, <Db as diesel::Connection>::Backend> {
    let stands = code_endings::code_id
        .nullable()
        .is_null()
        .and(codes::kid.ne_all(pick.void_keys.clone()).or(suspended()));
    let closed = code_endings::kind.eq("revoked").and(code_endings::reason_code.eq("closed"));
    let of = codes::table
        .left_join(code_endings::table.on(code_endings::code_id.eq(codes::id)))
        .filter(codes::enterprise_id.eq(enterprises::id))
        .filter(stands.or(closed));
    let mut found = enterprises::table.filter(not(exists(of))).into_boxed();
    if let Some(query) = &pick.query {
        // Letters and digits only, so nothing in it is a wildcard.
        found = found.filter(enterprises::search_key.like(format!("%{query}%")));
    }
    if let Some(division) = &pick.division {
        found = found.filter(enterprises::uscc.like(format!("__{division}%")));
    }
    if let Some(since) = pick.since {
        found = found.filter(enterprises::registered_at.ge(since));
    }
    if let Some(before) = pick.before {
        found = found.filter(enterprises::registered_at.lt(before));
    }
    found
}

/// How many enterprises a run would serve.
pub fn count(db: &mut Db, pick: &Pick) -> QueryResult<i64> {
    codeless(pick).count().get_result(db)
}

/// The next of them after this USCC.
pub fn next(db: &mut Db, pick: &Pick, after: &str, limit: i64) -> QueryResult<Vec<Codeless>> {
    codeless(pick)
        .filter(enterprises::uscc.gt(after.to_owned()))
        .order(enterprises::uscc)
        .limit(limit)
        .select((enterprises::id, enterprises::uscc, enterprises::name))
        .load(db)
}

/// Those of these enterprises that are without a code still.
pub fn still_codeless(db: &mut Db, ids: Vec<String>, void_keys: &[i32]) -> QueryResult<Vec<String>> {
    let pick = Pick { void_keys: void_keys.to_vec(), ..Pick::default() };
    codeless(&pick).filter(enterprises::id.eq_any(ids)).select(enterprises::id).load(db)
}

/// The void codes of these enterprises, each with its enterprise: of these keys, and nobody ended them.
pub fn void_codes(db: &mut Db, ids: Vec<String>, void_keys: &[i32]) -> QueryResult<Vec<(String, String)>> {
    if void_keys.is_empty() {
        return Ok(Vec::new());
    }
    codes::table
        .left_join(code_endings::table.on(code_endings::code_id.eq(codes::id)))
        .filter(codes::enterprise_id.eq_any(ids))
        .filter(codes::kid.eq_any(void_keys.to_vec()))
        .filter(code_endings::code_id.nullable().is_null())
        .order((codes::issued_at, codes::id))
        .select((codes::enterprise_id, codes::id))
        .load(db)
}

/// Adds a run.
pub fn insert(db: &mut Db, row: &RunRow) -> QueryResult<()> {
    diesel::insert_into(runs::table).values(row).execute(db).map(drop)
}

/// One run.
pub fn find(db: &mut Db, id: &str) -> QueryResult<Option<RunRow>> {
    runs::table.filter(runs::id.eq(id)).select(RunRow::as_select()).first(db).optional()
}

/// The newest runs.
pub fn newest(db: &mut Db, limit: i64) -> QueryResult<Vec<RunRow>> {
    runs::table.order((runs::at.desc(), runs::id.desc())).limit(limit).select(RunRow::as_select()).load(db)
}

/// The oldest run in this state that serves who has no code; with this wish, if one is named.
pub fn oldest_in(db: &mut Db, state: &str, wish: Option<&str>) -> QueryResult<Option<RunRow>> {
    let mut found = runs::table
        .filter(runs::state.eq(state.to_owned()))
        .filter(runs::compromised.is_null())
        .filter(runs::revokes.is_null())
        .order((runs::at, runs::id))
        .select(RunRow::as_select())
        .into_boxed();
    if let Some(wish) = wish {
        found = found.filter(runs::wish.eq(wish.to_owned()));
    }
    found.first(db).optional()
}

/// The oldest run in this state that revokes codes; with this wish, if one is named.
pub fn oldest_revoking(db: &mut Db, state: &str, wish: Option<&str>) -> QueryResult<Option<RunRow>> {
    let mut found = runs::table
        .filter(runs::state.eq(state.to_owned()))
        .filter(runs::revokes.is_not_null())
        .order((runs::at, runs::id))
        .select(RunRow::as_select())
        .into_boxed();
    if let Some(wish) = wish {
        found = found.filter(runs::revokes.eq(wish.to_owned()));
    }
    found.first(db).optional()
}

/// The run in this state that issues the codes of this key again.
pub fn again_in(db: &mut Db, state: &str, kid: i32) -> QueryResult<Option<RunRow>> {
    runs::table
        .filter(runs::state.eq(state))
        .filter(runs::compromised.eq(kid))
        .order((runs::at, runs::id))
        .select(RunRow::as_select())
        .first(db)
        .optional()
}

/// Writes a run as it stands now, if it stood where the writer believed: of two who
/// move it one does.
pub fn move_on(db: &mut Db, row: &RunRow, state: &str, through: &str) -> QueryResult<bool> {
    diesel::update(runs::table)
        .filter(runs::id.eq(&row.id))
        .filter(runs::state.eq(state))
        .filter(runs::through.eq(through))
        .set(row)
        .execute(db)
        .map(|changed| changed == 1)
}

/// Adds a code to a run.
pub fn insert_line(db: &mut Db, row: &LineRow) -> QueryResult<()> {
    diesel::insert_into(lines::table).values(row).execute(db).map(drop)
}

/// Codes of a run after this line, up to that one.
pub fn drawn(db: &mut Db, run: &str, after: i32, through: i32, limit: i64) -> QueryResult<Vec<Drawn>> {
    lines::table
        .inner_join(codes::table.inner_join(enterprises::table))
        .left_join(code_endings::table.on(code_endings::code_id.eq(lines::code_id)))
        .filter(lines::run_id.eq(run))
        .filter(lines::line.gt(after))
        .filter(lines::line.le(through))
        .order(lines::line)
        .limit(limit)
        .select((
            lines::line,
            (codes::id, codes::enterprise_id, codes::kid, codes::issued_at, codes::issued_by),
            enterprises::uscc,
            enterprises::name,
            code_endings::kind.nullable(),
            suspended(),
        ))
        .load::<(i32, CodeRow, String, String, Option<String>, bool)>(db)
        .map(|rows| {
            let seen = |(line, code, uscc, name, ending, suspended): (
                i32,
                CodeRow,
                String,
                String,
                Option<String>,
                bool,
            )| {
                let ending = ending.or(suspended.then(|| SUSPENDED.to_owned()));
                Drawn { line, code, uscc, name, ending }
            };
            rows.into_iter().map(seen).collect()
        })
}
