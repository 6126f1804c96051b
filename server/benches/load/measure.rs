//! Runs wrk and turns what it says into figures.

use std::{
    fs::{self, File},
    io::Write,
    net::SocketAddr,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use qiyema_e2e::needs;

/// wrk's threads: it has to leave room for the server.
const THREADS: u32 = 2;
/// Seconds before each row that are not counted: pools fill, seals are verified once, pages come into memory.
const WARM_UP: u32 = 1;
/// Share of the closures that warming up may use, in hundredths.
const WARM_UP_SHARE: usize = 35;

/// A server to be asked.
pub(crate) struct Load<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) pid: u32,
    pub(crate) folder: &'a Path,
    pub(crate) connections: u32,
}

/// What one row came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Requests answered in a second.
    pub(crate) rate: f64,
    p50: Duration,
    p99: Duration,
    bytes: f64,
    processor: Option<Duration>,
}

impl Load<'_> {
    /// Asks the same things over and over.
    pub(crate) fn repeat(
        &self,
        name: &str,
        requests: &[String],
        headers: &[&str],
        seconds: u32,
    ) -> Result<Figures> {
        let measured = || {
            self.wrk(requests, headers, WARM_UP)?;
            self.wrk(requests, headers, seconds)
        };
        measured().with_context(|| name.to_owned())
    }

    /// Asks everything at most once: as long as there is something left to ask.
    pub(crate) fn once(&self, name: &str, requests: &[String], seconds: u32) -> Result<Figures> {
        let (first, rest) = requests.split_at(requests.len() * WARM_UP_SHARE / 100);
        let measured = || {
            let warm = self.wrk(first, &[], WARM_UP)?;
            let mut lasts = seconds;
            // A tenth is kept back, for it may go faster than before.
            while lasts > 1 && warm.rate * f64::from(lasts) * 1.1 > f64::from(u32::try_from(rest.len())?) {
                lasts -= 1;
            }
            self.wrk(rest, &[], lasts)
        };
        measured().with_context(|| name.to_owned())
    }

    fn wrk(&self, requests: &[String], headers: &[&str], seconds: u32) -> Result<Figures> {
        let (lines, script) = (self.folder.join("requests"), self.folder.join("requests.lua"));
        fs::write(&lines, requests.join("\n"))?;
        fs::write(&script, include_str!("requests.lua"))?;
        let mut command = Command::new(needs::program(needs::WRK)?);
        command
            .args(["--threads", &THREADS.to_string(), "--connections", &self.connections.to_string()])
            .args(["--duration", &format!("{seconds}s"), "--timeout", "10s", "--script"])
            .arg(script)
            .arg(format!("http://{}/", self.address))
            .arg("--")
            .arg(lines)
            .arg(THREADS.to_string())
            .args(headers);
        let before = processor_time(self.pid);
        let said = command.output().context("starting wrk")?;
        let spent = before.zip(processor_time(self.pid)).map(|(before, after)| after.saturating_sub(before));
        let text = String::from_utf8_lossy(&said.stdout);
        ensure!(said.status.success(), "wrk failed: {text}{}", String::from_utf8_lossy(&said.stderr));
        Figures::read(&text, spent)
    }
}

impl Figures {
    fn read(text: &str, spent: Option<Duration>) -> Result<Self> {
        let line = text.lines().find_map(|line| line.strip_prefix("figures "));
        let numbers: Vec<u32> = line
            .with_context(|| format!("wrk gave no figures: {text}"))?
            .split_whitespace()
            .map(|number| number.parse().unwrap_or(u32::MAX))
            .collect();
        let [requests, micros, bytes, p50, p99, wrong, dry] = *numbers.as_slice() else {
            bail!("wrk gave other figures than asked for: {text}");
        };
        ensure!(wrong == 0, "{wrong} of {requests} answers were refusals or never came:\n{text}");
        ensure!(dry == 0, "there was nothing left to rate; give more --enterprises");
        ensure!(requests > 0, "nothing was answered: {text}");
        Ok(Self {
            rate: f64::from(requests) / f64::from(micros) * 1e6,
            p50: Duration::from_micros(p50.into()),
            p99: Duration::from_micros(p99.into()),
            bytes: f64::from(bytes) / f64::from(requests),
            processor: spent.map(|spent| spent / requests),
        })
    }

    /// One line of the table, beside the rate that everything is compared with.
    pub(crate) fn print(&self, name: &str, base: Self) {
        let processor = self.processor.map_or("–".to_owned(), |spent| format!("{}", spent.as_micros()));
        println!(
            "| {name:<36} | {:>10.0} | {:>5.1} % | {:>7.2} | {:>7.2} | {processor:>6} | {:>6.0} |",
            self.rate,
            100.0 * self.rate / base.rate,
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3,
            self.bytes,
        );
    }
}

/// Says what the figures depend on, and the head of the table.
pub(crate) fn about_this_machine(folder: &Path, connections: u32) -> Result<()> {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("unknown").to_owned();
    println!(
        "{} cores, load {load} before the start, {connections} connections, wrk on the same machine; \
         an fsync takes {:.2} ms here\n",
        std::thread::available_parallelism()?,
        fsync(folder)?.as_secs_f64() * 1e3,
    );
    println!("| {:<36} | requests/s | of bare | p50 ms | p99 ms | CPU µs | bytes |", "");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    Ok(())
}

/// What every durable commit waits for.
fn fsync(folder: &Path) -> Result<Duration> {
    let mut file = File::create(folder.join("fsync"))?;
    let began = Instant::now();
    for _ in 0..50 {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    Ok(began.elapsed() / 50)
}

/// Processor time that a process has used, to a hundredth of a second; only Linux tells.
fn processor_time(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Counted from behind the name, which may hold blanks: user and system time are the 12th and 13th word.
    let mut words = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = words.next()?.parse::<u64>().ok()? + words.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}
