//! How many requests a second, and how long each takes: a bare actix route, then a scan and a rating of the real
//! server on SQLite and on PostgreSQL, in one run (`cargo bench -p qiyema-server --bench load`). It prints figures and
//! fails only when an answer is wrong; docs/benchmarks.md says how to read them. The servers are this very program,
//! started again, so that all of them run the same build with the same runtime.

mod bare;
mod measure;
mod town;

use std::{
    fs::File,
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Context, Result};
use clap::Parser;
use qiyema_e2e::{
    binaries::{Server, free_address},
    postgres::{Cluster, Durability},
};

use measure::{Figures, Load};

/// Requests a second of a bare route, a scan and a rating, on both databases.
#[derive(Debug, Parser)]
struct Ask {
    /// Seconds a row is measured; the ratings stop earlier when they run out of closures.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=60))]
    seconds: u32,
    /// Connections kept open at once.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(2..=512))]
    connections: u32,
    /// Enterprises with a code and 20 issues each, 16 of them to rate.
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u32).range(100..=20_000))]
    enterprises: u32,
    /// Only this database.
    #[arg(long, value_parser = ["sqlite", "postgres"])]
    only: Option<String>,
    /// Said by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        Some("serve") => qiyema_server::command::args::run(),
        Some("bare") => bare::serve(words.get(1).map_or("", String::as_str)),
        _ => Ask::try_parse().map_err(Into::into).and_then(|ask| run(&ask)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(ask: &Ask) -> Result<()> {
    if !ask.bench {
        // `cargo test --benches` starts every benchmark too, without this word.
        println!("nothing measured; run: cargo bench -p qiyema-server --bench load");
        return Ok(());
    }
    let folder = tempfile::Builder::new().prefix("load-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    measure::about_this_machine(folder.path(), ask.connections)?;
    let base = measure_bare(ask, folder.path(), None)?;
    for database in ["sqlite", "postgres"] {
        if ask.only.as_deref().is_none_or(|only| only == database) {
            measure_town(ask, &folder.path().join(database), database, base)?;
        }
    }
    // Again: whoever else worked on this machine meanwhile shows in the difference.
    measure_bare(ask, folder.path(), Some(base))?;
    Ok(())
}

/// What actix and wrk can do here when there is nothing to do; gives what everything else is compared with.
fn measure_bare(ask: &Ask, folder: &Path, base: Option<Figures>) -> Result<Figures> {
    let address = free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bare", &address.to_string()]);
    let server = Server::run(command, address)?;
    let load = Load { address, pid: server.pid(), folder, connections: ask.connections };
    let name = if base.is_some() { "bare actix route, again" } else { "bare actix route" };
    let figures = load.repeat(name, &["GET /small".to_owned()], &[], ask.seconds)?;
    let base = base.unwrap_or(figures);
    figures.print(name, base);
    let name = "bare, answers a board's JSON";
    load.repeat(name, &["GET /board".to_owned()], &[], ask.seconds)?.print(name, base);
    server.stop()?;
    Ok(base)
}

fn measure_town(ask: &Ask, folder: &Path, database: &str, base: Figures) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let cluster = if database == "postgres" { Some(Cluster::start(Durability::Durable)?) } else { None };
    let url = cluster.as_ref().map(Cluster::fresh).transpose()?;
    let address = free_address()?;
    let settings = town::settings(address, folder, url);
    let began = Instant::now();
    let town = town::build(&settings, ask.enterprises)?;
    eprintln!("({database}: {} closures to rate, made in {:.0?})", town.ratings.len(), began.elapsed());

    let mut command = Command::new(std::env::current_exe()?);
    command.arg("serve").envs(town::environment(&settings));
    // As in production every request is logged; a terminal would be slower than any disk.
    command.stderr(File::create(folder.join("log"))?);
    let server = Server::run(command, address).with_context(|| log_of(folder))?;
    let load = Load { address, pid: server.pid(), folder, connections: ask.connections };
    let rows: [(&str, &[String], &[&str]); 4] = [
        ("/healthz, no work", &["GET /healthz".to_owned()], &[]),
        ("scan, JSON", &town.scans, &[]),
        ("scan, page", &town.pages, &[]),
        ("scan, page, gzip", &town.pages, &["Accept-Encoding: gzip"]),
    ];
    for (name, requests, headers) in rows {
        let name = format!("{database}: {name}");
        load.repeat(&name, requests, headers, ask.seconds)?.print(&name, base);
    }
    let name = format!("{database}: rating");
    load.once(&name, &town.ratings, ask.seconds).with_context(|| log_of(folder))?.print(&name, base);
    server.stop()?;
    Ok(())
}

/// The end of what a server said, for whoever has to find out why it failed.
fn log_of(folder: &Path) -> String {
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().rev().take(5).collect();
    format!("the server's last lines: {}", lines.join("\n"))
}
