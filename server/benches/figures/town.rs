//! A town of any size, made by the database itself: fifty units, a thousand people and enterprises, five leaders,
//! thirty categories, twelve channels, a year of issues.

use anyhow::Result;
use diesel::{
    QueryResult, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use qiyema_server::store::connection::Db;

/// Where the two databases say it differently.
#[derive(Clone, Copy)]
enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Rows `n(i)` from one number up to another.
    fn numbers(self, from: u32, below: u32) -> String {
        match self {
            Self::Sqlite => format!(
                "(WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n) n",
                below - 1
            ),
            Self::Postgres => format!("generate_series({from}, {}) n(i)", below - 1),
        }
    }

    /// An id of row `i`.
    fn id(self, of: char) -> String {
        match self {
            Self::Sqlite => format!("printf('%08x-0000-7000-8000-{of}000%08x', i, i)"),
            Self::Postgres => {
                format!("lpad(to_hex(i), 8, '0') || '-0000-7000-8000-{of}000' || lpad(to_hex(i), 8, '0')")
            }
        }
    }

    /// A moment so many days after another.
    fn moment(self, base: &str, days: &str) -> String {
        match self {
            Self::Sqlite => format!("datetime('{base}', '+' || ({days}) || ' days')"),
            Self::Postgres => format!("timestamp '{base}' + ({days}) * interval '1 day'"),
        }
    }

    /// A day so many days after another.
    fn day(self, base: &str, days: &str) -> String {
        match self {
            Self::Sqlite => format!("date('{base}', '+' || ({days}) || ' days')"),
            Self::Postgres => format!("date '{base}' + ({days})"),
        }
    }
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Whether there are no issues yet.
pub(crate) fn is_empty(db: &mut Db) -> Result<bool> {
    let found: Vec<Id> = sql_query("SELECT id FROM issues LIMIT 1").load(&mut *db)?;
    Ok(found.into_iter().all(|one| one.id.is_empty()))
}

/// Fills an empty database with so many closed issues, and one in fifty more that are open.
pub(crate) fn fill(db: &mut Db, issues: u32) -> Result<()> {
    match db {
        Db::Sqlite(db) => {
            // Without a journal: of ten million issues it would be larger than the database. One that breaks off is thrown away.
            db.batch_execute(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; \
                 PRAGMA cache_size = -4000000; BEGIN;",
            )?;
            // Indexes are made at the end, triggers put back: one by one with every row they take most of the time.
            let aside = aside(db)?;
            for Made { kind, name, .. } in &aside {
                db.batch_execute(&format!("DROP {kind} \"{name}\""))?;
            }
            for statement in statements(Dialect::Sqlite, issues) {
                db.batch_execute(&statement)?;
            }
            for Made { sql, .. } in &aside {
                db.batch_execute(sql)?;
            }
            db.batch_execute(
                "COMMIT; ANALYZE; PRAGMA cache_size = -2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON;",
            )?;
        }
        Db::Postgres(db) => {
            // Without the checks of every foreign key: the rows are made to fit.
            db.batch_execute("SET statement_timeout = 0; SET session_replication_role = replica; BEGIN;")?;
            for statement in statements(Dialect::Postgres, issues) {
                db.batch_execute(&statement)?;
            }
            db.batch_execute("COMMIT; ANALYZE; SET session_replication_role = origin;")?;
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// The indexes and triggers that migrations made.
fn aside(db: &mut SqliteConnection) -> QueryResult<Vec<Made>> {
    let made = "SELECT type AS kind, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL";
    sql_query(made).load(db)
}

/// Spread over the year, whatever the number.
const DAY: &str = "i % 360";
/// Days from acceptance to closure.
const TOOK: &str = "i % 360 + 2 + i % 9";
/// Whose it is.
const WHOSE: &str = "'u' || (i % 50), 'h' || (i % 1000)";
const ENTERPRISE: &str = "'e' || (i % 1000)";
const GRADE: &str = "CASE (i * 7) % 30 % 3 WHEN 0 THEN 'simple' WHEN 1 THEN 'general' ELSE 'complex' END";
/// The leader of the unit; of every fifth unit nobody is in charge.
const LEADER: &str = "CASE (i % 50) % 5 WHEN 4 THEN NULL ELSE 'l' || ((i % 50) % 5) END";
/// Of a hundred closures eighty are rated by the owner, by units better or worse.
const OWNER: &str = "(i * 61) % 100 < 80";
const BAD: &str = "(i * 37) % 100 >= 75 + (i % 50) % 20";

#[expect(clippy::too_many_lines, reason = "one statement a table")]
fn statements(d: Dialect, closed: u32) -> Vec<String> {
    let insert =
        |into: &str, values: &str, from: &str| format!("INSERT INTO {into} SELECT {values} FROM {from}");
    let n = |count: u32| d.numbers(0, count);
    let (all, rated) = (n(closed), |filter: &str| format!("{} WHERE {filter}", n(closed)));
    let (accepted, assigned) = (d.moment("2025-11-01 02:00:00", DAY), d.moment("2025-11-01 03:00:00", DAY));
    let (first_due, due) = (
        d.day("2025-11-08", DAY),
        d.day("2025-11-08", &format!("{DAY} + CASE i % 13 WHEN 0 THEN 3 ELSE 0 END")),
    );
    let (issue, closure, lead) = (d.id('a'), d.id('b'), d.id('c'));
    let at = d.moment("2025-11-01 07:00:00", TOOK);
    let soon = |base: &str| d.moment(base, TOOK);
    let mut made = small(d);
    for (state, open, closes, rows) in [
        ("archived", "0", &*closure, all.clone()),
        ("in_progress", "1", "NULL", d.numbers(closed, closed + closed / 50)),
    ] {
        let open = if matches!(d, Dialect::Sqlite) { open.to_owned() } else { format!("{open} = 1") };
        let none = if matches!(d, Dialect::Sqlite) { "0" } else { "FALSE" };
        made.push(insert(
            "issues (id, enterprise_id, number, subject, body, category_id, channel_id, level, state, is_open, version, \
             submitted_at, submitted_by, accepted_at, lead_unit_id, handler_id, first_due_on, due_on, provisional, \
             last_kind, last_at, closure_id)",
            &format!(
                "{issue}, {ENTERPRISE}, 'Q' || i, '', '', 'k' || ((i * 7) % 30), 'c' || ((i * 5) % 12), \
                 CASE i % 3 WHEN 0 THEN 'town' WHEN 1 THEN 'county' ELSE 'city' END, '{state}', {open}, 9, {accepted}, '', \
                 {accepted}, {WHOSE}, {first_due}, {due}, {none}, '{state}', {accepted}, {closes}"
            ),
            &rows,
        ));
    }
    let every = d.numbers(0, closed + closed / 50);
    let facts = format!("{ENTERPRISE}, {GRADE}, {LEADER}");
    let mut add = |into: &str, values: String, from: &str| made.push(insert(into, &values, from));
    add(
        "assignments (id, enterprise_id, issue_id, part, unit_id, handler_id, at, by)",
        format!("{lead}, {ENTERPRISE}, {issue}, 'lead', {WHOSE}, {assigned}, ''"),
        &every,
    );
    add(
        "assignment_facts (assignment_id, enterprise_id, grade, leader_id, at)",
        format!("{lead}, {facts}, {assigned}"),
        &every,
    );
    add(
        "first_contacts (assignment_id, enterprise_id, issue_id, unit_id, at, by)",
        format!(
            "{lead}, {ENTERPRISE}, {issue}, 'u' || (i % 50), {}, ''",
            d.moment("2025-11-01 05:30:00", &format!("{DAY} + i % 3"))
        ),
        &format!("{every} WHERE i % 10 <> 0"),
    );
    add(
        "closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, first_due_on, due_on, rate_until)",
        format!(
            "{closure}, {ENTERPRISE}, {issue}, CASE i % 4 WHEN 0 THEN 'explained' ELSE 'resolved' END, '', {at}, '', \
             {WHOSE}, {first_due}, {due}, {}",
            d.day("2025-12-01", TOOK)
        ),
        &all,
    );
    add(
        "extensions (id, enterprise_id, issue_id, from_on, to_on, reason, at, by, round)",
        format!(
            "{}, {ENTERPRISE}, {issue}, {first_due}, {due}, 'field_work', {}, '', 1",
            d.id('5'),
            d.moment("2025-11-01 04:00:00", DAY)
        ),
        &rated("i % 13 = 0"),
    );
    add(
        "closure_facts (closure_id, enterprise_id, grade, leader_id, at)",
        format!("{closure}, {facts}, {at}"),
        &all,
    );
    add(
        "rating_invitations (id, enterprise_id, issue_id, closure_id, until, at)",
        format!("{}, {ENTERPRISE}, {issue}, {closure}, {}, {at}", d.id('9'), d.day("2025-12-01", TOOK)),
        &all,
    );
    let ratings =
        "ratings (id, enterprise_id, issue_id, closure_id, tier, round, verdict, tags, tags_version, at)";
    add(
        ratings,
        format!(
            "{}, {ENTERPRISE}, {issue}, {closure}, 'owner', 'first', CASE WHEN {BAD} THEN 'bad' ELSE 'good' END, \
             CASE WHEN {BAD} THEN '[\"not_really_solved\"]' ELSE '[\"fully_solved\"]' END, 1, {}",
            d.id('d'),
            soon("2025-11-02 07:00:00")
        ),
        &rated(OWNER),
    );
    add(
        "rating_proofs (rating_id, enterprise_id, proof, invitation_id, at)",
        format!("{}, {ENTERPRISE}, 'invitation', {}, {}", d.id('d'), d.id('9'), soon("2025-11-02 07:00:00")),
        &rated(&format!("{OWNER} AND i % 4 = 1")),
    );
    add(
        ratings,
        format!(
            "{}, {ENTERPRISE}, {issue}, {closure}, 'unverified', 'first', 'good', '[]', 1, {}",
            d.id('e'),
            soon("2025-11-02 08:00:00")
        ),
        &rated("(i * 61) % 100 BETWEEN 75 AND 90"),
    );
    add(
        "rectifications (id, enterprise_id, issue_id, closure_id, unit_id, handler_id, at, by)",
        format!(
            "{}, {ENTERPRISE}, {issue}, {closure}, {WHOSE}, {}, ''",
            d.id('f'),
            soon("2025-11-02 07:00:00")
        ),
        &rated(&format!("{OWNER} AND {BAD}")),
    );
    add(
        "rectification_limits (rectification_id, enterprise_id, working_days, at)",
        format!("{}, {ENTERPRISE}, 5 + i % 3, {}", d.id('f'), soon("2025-11-02 07:00:00")),
        &rated(&format!("{OWNER} AND {BAD} AND i % 2 = 0")),
    );
    add(
        "rectification_steps (id, enterprise_id, rectification_id, kind, note, at, by)",
        format!(
            "{}, {ENTERPRISE}, {}, 'fixed', '', {}, ''",
            d.id('8'),
            d.id('f'),
            d.moment("2025-11-04 07:00:00", &format!("{TOOK} + i % 8"))
        ),
        &rated(&format!("{OWNER} AND {BAD} AND i % 6 <> 0")),
    );
    add(
        ratings,
        format!(
            "{}, {ENTERPRISE}, {issue}, {closure}, 'owner', 'rectification', \
             CASE i % 4 WHEN 0 THEN 'bad' ELSE 'good' END, '[]', 1, {}",
            d.id('7'),
            soon("2025-11-20 07:00:00")
        ),
        &rated(&format!("{OWNER} AND {BAD} AND i % 6 > 1")),
    );
    let yes = if matches!(d, Dialect::Sqlite) { "1" } else { "TRUE" };
    add(
        "follow_ups (id, enterprise_id, issue_id, closure_id, reached, contacted, solved, satisfaction, decision, at, by)",
        format!(
            "{}, {ENTERPRISE}, {issue}, {closure}, {yes}, CASE i % 7 WHEN 0 THEN 'no' ELSE 'yes' END, \
             CASE i % 3 WHEN 0 THEN 'partly' ELSE 'yes' END, \
             CASE i % 4 WHEN 0 THEN 'basically_satisfied' WHEN 1 THEN 'dissatisfied' ELSE 'satisfied' END, \
             'archived', {}, ''",
            d.id('6'),
            soon("2025-11-21 07:00:00")
        ),
        &rated(&format!("({OWNER} AND {BAD} AND i % 5 <> 0) OR i % 10 = 3")),
    );
    made
}

/// Who and what there is.
fn small(d: Dialect) -> Vec<String> {
    let rows = |count: u32, into: &str, values: &str| {
        format!("INSERT INTO {into} SELECT {values} FROM {}", d.numbers(0, count))
    };
    let grade = "CASE i % 3 WHEN 0 THEN 'simple' WHEN 1 THEN 'general' ELSE 'complex' END";
    let person = |letter: char| {
        format!(
            "'{letter}' || i, '{letter}' || i, '人员' || i, '', '', {}",
            d.moment("2025-01-01 00:00:00", "0")
        )
    };
    vec![
        rows(50, "units (id, name_zh, name_en, position)", "'u' || i, '单位' || i, 'Unit ' || i, i"),
        rows(1000, "staff (id, username, name, post, password_hash, created_at)", &person('h')),
        rows(5, "staff (id, username, name, post, password_hash, created_at)", &person('l')),
        rows(12, "channels (id, name_zh, name_en, position)", "'c' || i, '渠道' || i, 'Channel ' || i, i"),
        rows(
            30,
            "categories (id, name_zh, name_en, grade, limit_working_days, position)",
            &format!("'k' || i, '类别' || i, 'Category ' || i, {grade}, 5, i"),
        ),
        rows(
            1000,
            "enterprises (id, uscc, name, search_key, registered_at, registered_by)",
            &format!("'e' || i, 'x' || i, '企业' || i, '', {}, ''", d.moment("2025-01-01 00:00:00", "0")),
        ),
    ]
}
