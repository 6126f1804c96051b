//! How long the dashboard and the report of a year take over so many closures and ratings, and how long it takes to
//! count them all (`cargo bench -p qiyema-server --bench figures -- --closures 1000000`). It prints figures and fails
//! only when an answer is wrong; docs/benchmarks.md says how to read them. SQLite, in a temporary folder or a named one.

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use diesel::connection::SimpleConnection;
use qiyema_protocol::figures::By;
use qiyema_server::{
    actions::{
        Rules,
        admin::settings,
        figures::{self, Ask, dashboard, keep},
        rights::Actor,
    },
    clock::Timestamp,
    config::{Config, Flags},
    startup::assemble,
    store::{
        connection::{Db, Target},
        figures::sums,
        migrate,
    },
};

/// Time of a year's dashboard over so many closures.
#[derive(Debug, Parser)]
struct Wish {
    /// Closures of the year; six in ten are rated by the owner, one in ten by whoever held the code.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1000..=10_000_000))]
    closures: u32,
    /// Keep the database in this folder.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Said by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The day on which all this is looked at.
const NOW: &str = "2026-11-01T02:00:00Z";

fn main() -> ExitCode {
    match Wish::try_parse().map_err(Into::into).and_then(|wish| run(&wish)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(wish: &Wish) -> Result<()> {
    if !wish.bench {
        println!("(not started by cargo bench)");
    }
    let temporary = tempfile::tempdir()?;
    let folder = wish.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder)?;
    let target = Target::parse(&format!("sqlite:{}", folder.join("qiyema.db").display()))?;
    migrate::run(&target)?;
    let mut db = target.connect()?;
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!("{} closures of a year, SQLite, {build} build", wish.closures);
    timed("made up", || fill(&mut db, wish.closures))?;
    let rules = rules(&mut db)?;
    let at: Timestamp = NOW.parse()?;
    let days = timed("counted (figures rebuild)", || Ok(keep::rebuild(&mut db, &rules, at)?))?;
    println!("{days} days have sums");
    let reader = Actor::reporting();
    for (name, period, by) in [
        ("dashboard of a year, by unit", "2026", By::Unit),
        ("dashboard of a year, by person", "2026", By::Handler),
        ("dashboard of a month, by unit", "2026-10", By::Unit),
    ] {
        let ask = Ask { period: Some(period.to_owned()), by, ..Ask::default() };
        let board = timed(name, || Ok(dashboard::dashboard(&mut db, &reader, &ask, &rules, at)?))?;
        let r = board.figures.all.ratings;
        ensure!(r.received == r.counted + r.unverified + r.superseded + r.excluded, "{r:?}");
    }
    timed("a workbook's figures of a month, every grouping", || {
        for by in By::ALL {
            let ask = Ask { period: Some("2026-10".to_owned()), by, ..Ask::default() };
            figures::read(&mut db, &reader, &ask, &rules, at)?;
        }
        Ok(())
    })?;
    let day = "2026-10-15".parse()?;
    timed("one marked day counted and kept", || {
        sums::mark(&mut db, day)?;
        let counted = keep::count_marked(&mut db, &rules)?.context("a day was marked")?;
        Ok(keep::keep(&mut db, &counted)?)
    })?;
    let month = ("2026-10-01".parse()?, "2026-10-31".parse()?);
    let found =
        timed("a month counted again and compared", || Ok(keep::recount(&mut db, Some(month), &rules, at)?))?;
    ensure!(found.differences.is_empty(), "{:?}", found.differences);
    Ok(())
}

fn timed<T>(name: &str, deed: impl FnOnce() -> Result<T>) -> Result<T> {
    let begun = Instant::now();
    let done = deed()?;
    let took: Duration = begun.elapsed();
    println!("{:>9.1} ms  {name}", took.as_secs_f64() * 1000.0);
    Ok(done)
}

fn rules(db: &mut Db) -> Result<Rules> {
    let config = Config::load(&Flags::default(), &std::collections::BTreeMap::new())?;
    Ok(settings::in_force(db, &assemble::rules(&config))?)
}

/// Fifty units, a thousand people and enterprises, thirty categories, twelve channels; the rows by the database itself.
fn fill(db: &mut Db, closures: u32) -> Result<()> {
    let Db::Sqlite(db) = db else { anyhow::bail!("SQLite only") };
    db.batch_execute("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN;")?;
    let numbers = |last: u32| {
        format!("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {})", last - 1)
    };
    let id = |of: &str| format!("printf('%08x-0000-7000-8000-{of}%08x', i, i)");
    for (count, insert) in [
        (50, "INSERT INTO units (id, name_zh, name_en, position) SELECT 'u' || i, '单位' || i, 'Unit ' || i, i FROM n".to_owned()),
        (1000, "INSERT INTO staff (id, username, name, post, password_hash, created_at) SELECT 'h' || i, 'h' || i, '经办' || i, '', '', '2025-01-01 00:00:00' FROM n".to_owned()),
        (12, "INSERT INTO channels (id, name_zh, name_en, position) SELECT 'c' || i, '渠道' || i, 'Channel ' || i, i FROM n".to_owned()),
        (30, "INSERT INTO categories (id, name_zh, name_en, grade, limit_working_days, position) SELECT 'k' || i, '类别' || i, 'Category ' || i, CASE i % 3 WHEN 0 THEN 'simple' WHEN 1 THEN 'general' ELSE 'complex' END, 5, i FROM n".to_owned()),
        (1000, "INSERT INTO enterprises (id, uscc, name, search_key, registered_at, registered_by) SELECT 'e' || i, 'x' || i, '企业' || i, '', '2025-01-01 00:00:00', '' FROM n".to_owned()),
        (closures, format!(
            "INSERT INTO issues (id, enterprise_id, number, subject, body, category_id, channel_id, level, state, is_open, version, \
             submitted_at, submitted_by, accepted_at, lead_unit_id, handler_id, first_due_on, due_on, provisional, last_kind, last_at, closure_id) \
             SELECT {issue}, 'e' || i % 1000, 'Q' || i, '', '', 'k' || (i * 7) % 30, 'c' || (i * 5) % 12, \
             CASE i % 3 WHEN 0 THEN 'town' WHEN 1 THEN 'county' ELSE 'city' END, 'archived', 0, 9, \
             datetime('2025-11-01 01:00:00', '+' || i % 360 || ' days'), '', datetime('2025-11-01 02:00:00', '+' || i % 360 || ' days'), \
             'u' || i % 50, 'h' || i % 1000, date('2025-11-06', '+' || i % 360 || ' days'), \
             date('2025-11-06', '+' || (i % 360 + CASE i % 13 WHEN 0 THEN 3 ELSE 0 END) || ' days'), 0, 'archived', '2026-01-01 00:00:00', {closure} FROM n",
            issue = id("a"), closure = id("b"))),
        (closures, format!(
            "INSERT INTO assignments (id, enterprise_id, issue_id, part, unit_id, handler_id, at, by) \
             SELECT {lead}, 'e' || i % 1000, {issue}, 'lead', 'u' || i % 50, 'h' || i % 1000, \
             datetime('2025-11-01 03:00:00', '+' || i % 360 || ' days'), '' FROM n", lead = id("c"), issue = id("a"))),
        (closures, format!(
            "INSERT INTO closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, first_due_on, due_on, rate_until) \
             SELECT {closure}, 'e' || i % 1000, {issue}, CASE i % 4 WHEN 0 THEN 'explained' ELSE 'resolved' END, '', \
             datetime('2025-11-01 07:00:00', '+' || (i % 360 + 2 + i % 5) || ' days'), '', 'u' || i % 50, 'h' || i % 1000, \
             date('2025-11-06', '+' || i % 360 || ' days'), \
             date('2025-11-06', '+' || (i % 360 + CASE i % 13 WHEN 0 THEN 3 ELSE 0 END) || ' days'), \
             date('2025-12-01', '+' || (i % 360 + 2 + i % 5) || ' days') FROM n", closure = id("b"), issue = id("a"))),
        (closures, format!(
            "INSERT INTO ratings (id, enterprise_id, issue_id, closure_id, tier, round, verdict, level, tags, tags_version, code_id, at) \
             SELECT {rating}, 'e' || i % 1000, {issue}, {closure}, 'owner', 'first', \
             CASE WHEN (i * 37) % 100 < 80 + (i % 50) % 20 THEN 'good' ELSE 'bad' END, NULL, \
             CASE WHEN (i * 37) % 100 < 80 + (i % 50) % 20 THEN '[]' ELSE '[\"not_really_solved\"]' END, 1, 'code', \
             datetime('2025-11-02 07:00:00', '+' || (i % 360 + 2 + i % 5) || ' days') FROM n WHERE (i * 61) % 100 < 60",
            rating = id("d"), issue = id("a"), closure = id("b"))),
        (closures, format!(
            "INSERT INTO ratings (id, enterprise_id, issue_id, closure_id, tier, round, verdict, level, tags, tags_version, code_id, at) \
             SELECT {rating}, 'e' || i % 1000, {issue}, {closure}, 'unverified', 'first', 'good', NULL, '[]', 1, 'code', \
             datetime('2025-11-02 08:00:00', '+' || (i % 360 + 2 + i % 5) || ' days') FROM n WHERE (i * 17) % 100 < 10",
            rating = id("e"), issue = id("a"), closure = id("b"))),
    ] {
        db.batch_execute(&format!("{} {insert}", numbers(count)))?;
    }
    db.batch_execute("COMMIT; ANALYZE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    Ok(())
}
