//! What codes for a city cost: a whole run on SQLite (issued, then drawn into ZIPs on all
//! cores), beside its best parts measured alone, on one core:
//! `cargo bench -p qiyema-server --bench issuing -- 20000`. Prints figures, is no test.
#![expect(clippy::unwrap_used, reason = "in a bench a panic is the report")]

use std::{
    collections::BTreeMap,
    hint::black_box,
    io::{Cursor, Write as _},
    num::NonZeroUsize,
    ops::ControlFlow,
    pin::pin,
    thread,
    time::{Duration, Instant},
};

use data_encoding::HEXLOWER;
use futures_util::StreamExt as _;
use qiyema_protocol::{
    code_runs::{NewCodeRun, PART},
    seal::CodeId,
    staff::Role,
};
use qiyema_server::{
    actions::{
        Refused,
        code::runs::{self, Asked},
        registers::import,
        rights::Actor,
    },
    clock::{Clock, Ids},
    config::{Config, Flags},
    domain::register::each,
    picture::{check, svg, symbol},
    startup::assemble,
    web::{
        Shared,
        bundle::{self, Wish},
        press::{Format, Press, Wanted},
    },
};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Enterprises unless told another number.
const ENTERPRISES: u32 = 20_000;
/// Files of a part that is measured alone.
const ALONE: u32 = 4_000;

fn main() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(ENTERPRISES).max(1);
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let temp = tempfile::tempdir().unwrap();
    let shared = shared(temp.path());
    let mut actor = Actor::at_the_machine();
    actor.roles.push(Role::CodeIssuer);
    println!("{count} enterprises, {cores} cores, SQLite with synchronous = FULL\n");
    println!("| the whole | seconds | a second | peak MB |\n|---|--:|--:|--:|");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let text = table(count);
    whole("enterprises imported", count, || runtime.block_on(register(&shared, &actor, text, count)));
    let run = whole("codes and PINs issued", count, || runtime.block_on(issue(&shared, &actor, count)));
    let mut rates = Vec::new();
    for format in [Format::Svg, Format::Png] {
        let press = press(&shared, format);
        let name = format!("{} files drawn, checked and zipped", format.ending().to_uppercase());
        let start = Instant::now();
        let bytes = whole(&name, count, || runtime.block_on(print(&shared, &actor, &run, count, &press)));
        rates.push((format, f64::from(count) / start.elapsed().as_secs_f64(), bytes));
    }
    println!("\n| alone, on one core | µs each | a second |\n|---|--:|--:|");
    let best = alone(&press(&shared, Format::Svg));
    println!("\n| files a second and core | whole | best parts alone | ratio |\n|---|--:|--:|--:|");
    for (format, rate, bytes) in rates {
        let own = rate / f64::from(u32::try_from(cores).unwrap());
        let name = format.ending().to_uppercase();
        if format == Format::Svg {
            println!("| {name}, {bytes} bytes in ZIPs | {own:.0} | {best:.0} | {:.2} |", own / best);
        } else {
            println!("| {name}, {bytes} bytes in ZIPs | {own:.0} | | |");
        }
    }
}

fn shared(folder: &std::path::Path) -> Shared {
    let settings = [
        ("paths.data".to_owned(), folder.join("data").display().to_string()),
        ("http.public_url".to_owned(), "https://qy.example.cn".to_owned()),
    ];
    let flags = Flags { file: None, settings: settings.to_vec() };
    let config = Config::load(&flags, &BTreeMap::new()).unwrap();
    let host = assemble::host(&config, 443).unwrap();
    assemble::assemble(config, &Clock::System, host, true).unwrap()
}

fn press(shared: &Shared, format: Format) -> Press {
    let host = shared.trust.host.clone();
    Press { keys: shared.trust.keys.now(), host, format, mm: 30.0, dpi: 300 }
}

/// A table of enterprises with credit codes whose check character fits.
fn table(count: u32) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut text = "统一社会信用代码,企业名称\n".to_owned();
    for n in 0..count {
        let stem = format!("91330500MA{n:07}");
        let (mut weight, mut sum) = (1, 0);
        for digit in stem.bytes() {
            sum += ALPHABET.iter().position(|one| *one == digit).unwrap() * weight;
            weight = weight * 3 % 31;
        }
        let check = ALPHABET.get((31 - sum % 31) % 31).copied().map(char::from).unwrap();
        text.extend([format!("{stem}{check},湖州第{n}号示例有限公司\n")]);
    }
    text
}

/// As the job does it, 200 rows a transaction.
async fn register(shared: &Shared, actor: &Actor, table: String, count: u32) {
    let new = import::Arrival {
        id: Ids.row(),
        name: "城.csv".to_owned(),
        hash: "bench".to_owned(),
        rows: count,
        dry_run: false,
        confirmed: false,
    };
    let (who, at) = (actor.clone(), shared.clock.now());
    let begun: Result<_, Refused> = shared.store.write(move |db| import::start(db, &who, &new, at)).await;
    begun.unwrap();
    let run: Result<_, Refused> = shared.store.watch(import::due).await;
    let mut run = run.unwrap().unwrap();
    let (batches, mut ready) = tokio::sync::mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || {
        let mut batch = Vec::new();
        let read = each(Cursor::new(table.into_bytes()), &mut |entry| {
            batch.push(entry);
            if batch.len() == import::BATCH {
                batches.blocking_send(std::mem::take(&mut batch)).unwrap();
            }
            ControlFlow::Continue(())
        });
        batches.blocking_send(batch).unwrap();
        read.is_ok()
    });
    while let Some(batch) = ready.recv().await {
        let (from, at) = (run, shared.clock.now());
        let taken: Result<_, Refused> =
            shared.store.write(move |db| import::take(db, &from, &batch, at)).await;
        run = taken.unwrap();
    }
    assert!(reading.await.unwrap());
    assert_eq!(u32::try_from(run.fresh), Ok(count));
}

/// As the job does it; gives the id of the run.
async fn issue(shared: &Shared, actor: &Actor, count: u32) -> String {
    let new = NewCodeRun { confirm: Some(count), ..NewCodeRun::default() };
    let (who, rules, at) = (actor.clone(), shared.rules(), shared.clock.now());
    let asked: Result<Asked, Refused> =
        shared.store.write(move |db| runs::ask(db, &who, &new, &rules, at)).await;
    let Asked::Runs(begun) = asked.unwrap() else { unreachable!("it was confirmed") };
    let run: Result<_, Refused> = shared.store.watch(runs::due).await;
    let mut run = run.unwrap().unwrap();
    loop {
        let (from, rules) = (run.clone(), shared.rules());
        let some: Result<_, Refused> = shared.store.watch(move |db| runs::next(db, &from, &rules)).await;
        let (from, some, at) = (run, some.unwrap(), shared.clock.now());
        let key = shared.trust.pin_key.clone();
        if some.is_empty() {
            let done: Result<_, Refused> = shared.store.write(move |db| runs::finish(db, &from, at)).await;
            assert_eq!(done.unwrap().issued, count);
            return begun.id;
        }
        let went: Result<_, Refused> =
            shared.store.write(move |db| runs::take(db, &from, &some, 1, &key, at)).await;
        run = went.unwrap();
    }
}

/// Every part as a ZIP that nobody keeps; gives how many bytes they were.
async fn print(shared: &Shared, actor: &Actor, run: &str, count: u32, press: &Press) -> usize {
    let mut bytes = 0;
    for part in 1..=count.div_ceil(PART) {
        let wish = Wish { actor: actor.clone(), run: run.to_owned(), part };
        let mut pieces = pin!(bundle::stream(shared.clone(), wish, press.clone()));
        while let Some(piece) = pieces.next().await {
            bytes += piece.unwrap().len();
        }
    }
    bytes
}

/// The parts of an SVG file one by one; gives how many a second and core they make together.
fn alone(press: &Press) -> f64 {
    let keys = &press.keys;
    let code = |n: u32| {
        let mut id = [0; 10];
        id.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
        CodeId(id)
    };
    let text = keys.signer.seal(&press.host, code(0)).unwrap().text(&press.host);
    let made = symbol::symbol(&text).unwrap();
    let file = svg::svg(&made, press.host.as_str(), Some(30.0));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new_stream(std::io::sink());
    let sum = [
        row("signature", |n| {
            black_box(keys.signer.seal(&press.host, code(n)).unwrap());
        }),
        row("symbol", |_| drop(black_box(symbol::symbol(&text).unwrap()))),
        row("SVG", |_| drop(black_box(svg::svg(&made, press.host.as_str(), Some(30.0))))),
        row("self-check of the SVG", |_| check::svg(&file, &text, made.width()).unwrap()),
        row("SHA-256", |_| drop(black_box(HEXLOWER.encode(&Sha256::digest(file.as_bytes()))))),
        row("packed into a ZIP", |n| {
            zip.start_file(n.to_string(), packed).unwrap();
            zip.write_all(file.as_bytes()).unwrap();
        }),
    ];
    let each: Duration = sum.iter().sum();
    let wanted: Vec<Wanted> = (0..ALONE).map(|n| Wanted { code: code(n).to_string(), kid: 1 }).collect();
    let start = Instant::now();
    assert!(press.on(1, &wanted).iter().all(Result::is_ok));
    say("all but the ZIP, one after another", start.elapsed() / ALONE);
    1.0 / each.as_secs_f64()
}

fn row(name: &str, mut each: impl FnMut(u32)) -> Duration {
    let start = Instant::now();
    (0..ALONE).for_each(&mut each);
    let each = start.elapsed() / ALONE;
    say(name, each);
    each
}

fn say(name: &str, each: Duration) {
    let micros = each.as_secs_f64() * 1e6;
    println!("| {name} | {micros:.1} | {:.0} |", 1e6 / micros);
}

fn whole<T>(name: &str, count: u32, deed: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = deed();
    let seconds = start.elapsed().as_secs_f64();
    println!("| {name} | {seconds:.1} | {:.0} | {} |", f64::from(count) / seconds, peak());
    done
}

/// The most memory this process ever had, in MB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kilobytes = line.trim().trim_end_matches("kB").trim().parse::<u64>();
    kilobytes.map_or_else(|_| "?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
