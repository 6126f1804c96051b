//! How long the dashboard and the monthly report take over so many closed and rated issues, how long it takes to count
//! them all, and whether a recount by other means comes to the same
//! (`cargo bench --workspace --bench figures -- --issues 1000000 --verify`). It prints figures and fails only when an
//! answer is wrong; docs/benchmarks.md says how to read them.

mod met;
mod town;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use chrono::Timelike;
use clap::Parser;
use qiyema_e2e::{
    postgres::{Cluster, Durability},
    python,
};
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

/// Time of a year's figures over so many issues.
#[derive(Debug, Parser)]
struct Wish {
    /// Issues of the year that are closed; eight in ten are rated by the owner, one in ten by whoever held the code.
    /// Beside them one in fifty is open, deferred, withdrawn or merged.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(10_000..=10_000_000))]
    issues: u32,
    /// The database.
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    database: String,
    /// Compares every figure with a recount from the raw tables by tests/verify_figures.py.
    #[arg(long)]
    verify: bool,
    /// Keep the SQLite database in this folder; one that an earlier run has left there is used again.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Said by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The day on which all this is looked at.
const NOW: &str = "2026-11-10T02:00:00Z";

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
        // `cargo test --benches` starts every benchmark too, without this word.
        println!("nothing measured; run: cargo bench --workspace --bench figures");
        return Ok(());
    }
    let temporary = tempfile::tempdir()?;
    let folder = wish.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder)?;
    let cluster = if wish.database == "postgres" { Some(Cluster::start(Durability::Durable)?) } else { None };
    let url = match &cluster {
        Some(cluster) => cluster.fresh()?,
        None => format!("sqlite:{}", folder.join("qiyema.db").display()),
    };
    let target = Target::parse(&url)?;
    migrate::run(&target)?;
    let mut db = target.connect()?;
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!("{} closed issues of a year, {}, {build} build", wish.issues, wish.database);
    if town::is_empty(&mut db)? {
        timed("made up", || town::fill(&mut db, wish.issues))?;
    }
    let rules = rules(&mut db)?;
    let at: Timestamp = NOW.parse()?;
    let days = timed("all counted (figures rebuild)", || Ok(keep::rebuild(&mut db, &rules, at)?))?;
    println!("{days} days have sums");
    let reader = Actor::reporting();
    let mut answers = Vec::new();
    for (name, period, by) in [
        ("dashboard of a year, by unit", "2026", By::Unit),
        ("dashboard of a year, by person", "2026", By::Handler),
        ("dashboard of a year, by leader", "2026", By::Leader),
        ("monthly report, by unit", "2026-10", By::Unit),
    ] {
        let ask = asked(period, by);
        let board = timed(name, || Ok(dashboard::dashboard(&mut db, &reader, &ask, &rules, at)?))?;
        let r = board.figures.all.ratings;
        ensure!(r.received == r.counted + r.unverified + r.superseded + r.excluded, "{r:?}");
        if (period, by) == ("2026", By::Unit) {
            met::everything(&mut db, &board.figures.all)?;
        }
        answers.push(serde_json::to_string(&board)?);
    }
    for (name, period) in [("a year", "2026"), ("a month", "2026-10")] {
        timed(&format!("a workbook's figures of {name}, every grouping"), || {
            for by in By::ALL {
                let view = figures::read(&mut db, &reader, &asked(period, by), &rules, at)?;
                answers.push(serde_json::to_string(&view)?);
            }
            Ok(())
        })?;
    }
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
    if wish.verify {
        let said = timed("counted again from the raw tables by the script", || {
            recounted(&folder, &url, &answers, &rules)
        })?;
        println!("{}", said.trim());
        let said: serde_json::Value = serde_json::from_str(&said)?;
        ensure!(said.get("different") == Some(&serde_json::json!([])), "the recount differs");
    }
    Ok(())
}

fn asked(period: &str, by: By) -> Ask {
    Ask { period: Some(period.to_owned()), by, ..Ask::default() }
}

fn timed<T>(name: &str, deed: impl FnOnce() -> Result<T>) -> Result<T> {
    let begun = Instant::now();
    let done = deed()?;
    let took: Duration = begun.elapsed();
    println!("{:>11.1} ms  {name}", took.as_secs_f64() * 1000.0);
    Ok(done)
}

fn rules(db: &mut Db) -> Result<Rules> {
    let config = Config::load(&Flags::default(), &std::collections::BTreeMap::new())?;
    Ok(settings::in_force(db, &assemble::rules(&config))?)
}

/// What `tests/verify_figures.py` says of these answers.
fn recounted(folder: &Path, url: &str, answers: &[String], rules: &Rules) -> Result<String> {
    let mut names = Vec::new();
    for (number, answer) in answers.iter().enumerate() {
        let name = folder.join(format!("answer-{number}.json"));
        std::fs::write(&name, answer)?;
        names.push(name);
    }
    let (terms, weights) = (rules.figures, rules.figures.weights);
    let ask = serde_json::json!({
        "database": url,
        "today": rules.day(NOW.parse()?),
        "opens": terms.hours.0.hour(),
        "closes": terms.hours.1.hour(),
        "fix": rules.limits.fix,
        "fix_complex": rules.limits.fix_complex,
        "unverified": terms.unverified,
        "weights": [weights.basically_satisfied, weights.response, weights.resolution, weights.satisfaction],
        "answers": names,
    });
    let file = folder.join("ask.json");
    std::fs::write(&file, ask.to_string())?;
    python::recount_figures(&file)
}
