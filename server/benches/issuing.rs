//! What codes for a city cost: a run on SQLite (import, issue, ZIPs of symbols, label sheets, letters on all cores) beside its best
//! parts alone: `cargo bench -p qiyema-server --bench issuing -- 20000`. Figures, no test: wall time is waited, processor time paid.
#![expect(clippy::unwrap_used, reason = "in a bench a panic is the report")]

use std::{
    collections::BTreeMap,
    hint::black_box,
    io::{Cursor, Write as _},
    ops::ControlFlow,
    pin::pin,
    time::{Duration, Instant},
};

use data_encoding::HEXLOWER;
use futures_util::StreamExt as _;
use qiyema_protocol::{
    code_runs::{NewCodeRun, PART},
    paper::PaperWish,
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
    picture::{
        check,
        paper::{Issuer, Label, format::Paper, lay, pdf},
        svg, symbol,
    },
    startup::assemble,
    web::{
        Shared,
        bundle::{
            Wish,
            paper::{self, Binder},
            symbols,
        },
        press::{Format, Press, cores},
    },
};
use sha2::{Digest as _, Sha256};
use zip::{
    CompressionMethod, ZipWriter,
    write::{PreparedZipFile, SimpleFileOptions},
};

/// Enterprises unless told another number.
const ENTERPRISES: u32 = 20_000;
/// Files of a part that is measured alone.
const ALONE: u32 = 20_000;

fn main() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(ENTERPRISES).max(1);
    let temp = tempfile::tempdir().unwrap();
    let shared = shared(temp.path());
    let mut actor = Actor::at_the_machine();
    actor.roles.push(Role::CodeIssuer);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bench = Bench { shared, actor, runtime, count };
    println!("{count} enterprises, {} cores, SQLite with synchronous = FULL\n", cores());
    println!(
        "| the whole | codes | wall s | processor s | a second | a processor second | MB after | MB at most |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    );
    let text = table(count);
    whole("enterprises imported", count, || bench.runtime.block_on(register(&bench, text)));
    let run = whole("codes and PINs issued", count, || bench.runtime.block_on(issue(&bench))).0;
    let mut rates = Vec::new();
    for format in [Format::Svg, Format::Png] {
        let press = bench.press(format);
        let name = format.ending().to_uppercase();
        let deed = || bench.symbols(&run, &press);
        let (bytes, each) = whole(&format!("{name} drawn, checked and zipped"), count, deed);
        rates.push((name, each, bytes));
    }
    // Letters cost the most and differ in nothing but their number: one part of them.
    for (paper, most) in [("a4-3x8", count), ("letter-a4", count.min(PART))] {
        let binder = bench.binder(paper);
        let deed = || bench.sheets(&run, &binder, most.div_ceil(PART));
        let (bytes, each) = whole(&format!("{paper} as PDF, checked, recorded, zipped"), most, deed);
        rates.push((paper.to_owned(), each, bytes / usize::try_from(most).unwrap()));
    }
    println!("\n| alone, on one core | processor µs each | a second |\n|---|--:|--:|");
    let best = [
        ("SVG".to_owned(), alone(&bench.press(Format::Svg))),
        ("a4-3x8".to_owned(), alone_on_paper(&bench, "a4-3x8")),
        ("letter-a4".to_owned(), alone_on_paper(&bench, "letter-a4")),
    ];
    println!("\n| processor µs a code | whole | best parts alone, summed | ratio |\n|---|--:|--:|--:|");
    for (name, each, bytes) in rates {
        let (each, parts) = (micros(each), best.iter().find(|(known, _)| *known == name));
        match parts {
            Some((_, parts)) => {
                let parts = micros(*parts);
                println!("| {name}, {bytes} bytes a code | {each:.1} | {parts:.1} | {:.2} |", each / parts);
            }
            None => println!("| {name}, {bytes} bytes a code | {each:.1} | | |"),
        }
    }
}

/// A server without its listener, and who asks.
struct Bench {
    shared: Shared,
    actor: Actor,
    runtime: tokio::runtime::Runtime,
    count: u32,
}

impl Bench {
    fn press(&self, format: Format) -> Press {
        let host = self.shared.trust.host.clone();
        Press { keys: self.shared.trust.keys.now(), host, format, mm: 30.0, dpi: 300 }
    }

    fn binder(&self, format: &str) -> Binder {
        Binder {
            keys: self.shared.trust.keys.now(),
            host: self.shared.trust.host.clone(),
            centre: "湖州市吴兴区企业综合服务中心".to_owned(),
            logo: None,
            paper: Paper::of(&wish(format)).unwrap(),
            format: format.to_owned(),
            again: false,
        }
    }

    /// Every part as a ZIP that nobody keeps; gives how many bytes a code has in it.
    fn symbols(&self, run: &str, press: &Press) -> usize {
        let mut bytes = 0;
        for part in 1..=self.count.div_ceil(PART) {
            let place = self.shared.presses.enter().unwrap();
            bytes +=
                self.eaten(symbols::stream(self.shared.clone(), self.part(run, part), press.clone(), place));
        }
        bytes / usize::try_from(self.count).unwrap()
    }

    /// The same on paper; gives all bytes.
    fn sheets(&self, run: &str, binder: &Binder, parts: u32) -> usize {
        let mut bytes = 0;
        for part in 1..=parts {
            let place = self.shared.presses.enter().unwrap();
            bytes +=
                self.eaten(paper::stream(self.shared.clone(), self.part(run, part), binder.clone(), place));
        }
        bytes
    }

    fn part(&self, run: &str, part: u32) -> Wish {
        Wish { actor: self.actor.clone(), run: run.to_owned(), part }
    }

    fn eaten(
        &self,
        pieces: impl futures_util::Stream<Item = std::io::Result<actix_web::web::Bytes>>,
    ) -> usize {
        let mut pieces = pin!(pieces);
        self.runtime.block_on(async {
            let mut bytes = 0;
            while let Some(piece) = pieces.next().await {
                bytes += piece.unwrap().len();
            }
            bytes
        })
    }
}

fn wish(format: &str) -> PaperWish {
    PaperWish { format: format.to_owned(), ..PaperWish::default() }
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
async fn register(bench: &Bench, table: String) {
    let (shared, actor, count) = (&bench.shared, &bench.actor, bench.count);
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
async fn issue(bench: &Bench) -> String {
    let (shared, actor, count) = (&bench.shared, &bench.actor, bench.count);
    let new = NewCodeRun { confirm: Some(count), ..NewCodeRun::default() };
    let (who, rules, at) = (actor.clone(), shared.rules(), shared.clock.now());
    let asked: Result<Asked, Refused> = shared.store.read(move |db| runs::ask(db, &who, &new, &rules)).await;
    let Asked::Ready(ready) = asked.unwrap() else { unreachable!("it was confirmed") };
    let who = actor.clone();
    let begun: Result<_, Refused> = shared.store.write(move |db| runs::begin(db, &who, &ready, at)).await;
    let begun = begun.unwrap();
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
            shared.store.write(move |db| runs::take(db, &from, &some, 1, (&key, &[]), at)).await;
        run = went.unwrap();
    }
}

/// The parts of an SVG file one by one; gives what they cost together.
fn alone(press: &Press) -> Duration {
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
        row("signature", ALONE, |n| {
            black_box(keys.signer.seal(&press.host, code(n)).unwrap());
        }),
        row("symbol", ALONE, |_| drop(black_box(symbol::symbol(&text).unwrap()))),
        row("SVG", ALONE, |_| drop(black_box(svg::svg(&made, press.host.as_str(), Some(30.0))))),
        row("self-check of the SVG", ALONE, |_| check::svg(&file, &text, made.width(), Some(30.0)).unwrap()),
        row("SHA-256", ALONE, |_| drop(black_box(HEXLOWER.encode(&Sha256::digest(file.as_bytes()))))),
        row("packed into a ZIP", ALONE, |n| {
            zip.start_file(n.to_string(), packed).unwrap();
            zip.write_all(file.as_bytes()).unwrap();
        }),
    ];
    sum.iter().sum()
}

/// The same of one file of paper: as many codes as it holds.
fn alone_on_paper(bench: &Bench, format: &str) -> Duration {
    let (keys, host) = (bench.shared.trust.keys.now(), &bench.shared.trust.host);
    let paper = Paper::of(&wish(format)).unwrap();
    let count = u32::try_from(paper.batch()).unwrap();
    let code = |n: u32| {
        let mut id = [0; 10];
        id.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
        CodeId(id)
    };
    let mut labels = Vec::new();
    let signed = row(&format!("{format}: signature"), count, |n| {
        labels.push(Label {
            seal: keys.signer.seal(host, code(n)).unwrap().text(host),
            code: code(n).to_string(),
            name: format!("湖州第{n}号示例有限公司"),
            uscc: "91330502MA2TEXT16J".to_owned(),
            pin: Some("402816".into()),
        });
    });
    let issuer =
        Issuer { centre: "湖州市吴兴区企业综合服务中心", host: host.as_str(), logo: None };
    let of_all = |name: &str, deed: &mut dyn FnMut()| {
        let start = own();
        deed();
        let each = own().saturating_sub(start) / count;
        say(&format!("{format}: {name}"), each);
        each
    };
    let (mut laid, mut file) = (None, Vec::new());
    let drawn = of_all("symbol and layout", &mut || laid = Some(lay(&paper, issuer, &labels).unwrap()));
    let laid = laid.unwrap();
    let written = of_all("PDF written and read back", &mut || file = pdf::pdf(&laid, "企业码").unwrap());
    let hashed = of_all("SHA-256", &mut || drop(black_box(HEXLOWER.encode(&Sha256::digest(&file)))));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let zipped = of_all("packed into a ZIP", &mut || {
        drop(black_box(PreparedZipFile::from_data("a.pdf", packed, &file).unwrap()));
    });
    signed + drawn + written + hashed + zipped
}

fn row(name: &str, count: u32, each: impl FnMut(u32)) -> Duration {
    let start = own();
    (0..count).for_each(each);
    let each = own().saturating_sub(start) / count;
    say(name, each);
    each
}

fn say(name: &str, each: Duration) {
    let micros = micros(each);
    println!("| {name} | {micros:.1} | {:.0} |", 1e6 / micros);
}

fn micros(each: Duration) -> f64 {
    each.as_secs_f64() * 1e6
}

/// Does it, and says what it took; gives what a code cost the processors.
fn whole<T>(name: &str, count: u32, deed: impl FnOnce() -> T) -> (T, Duration) {
    let (start, before) = (Instant::now(), spent());
    let done = deed();
    let (wall, cost) = (start.elapsed().as_secs_f64(), spent().saturating_sub(before));
    let (all, processor) = (f64::from(count), cost.as_secs_f64());
    println!(
        "| {name} | {count} | {wall:.1} | {processor:.1} | {:.0} | {:.0} | {} | {} |",
        all / wall,
        all / processor,
        memory("VmRSS:"),
        memory("VmHWM:")
    );
    (done, cost / count)
}

/// Processor time of this process so far, its own and the kernel's for it.
fn spent() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after = stat.rsplit(')').next().unwrap();
    let ticks: u64 = after.split_whitespace().skip(11).take(2).map(|n| n.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// Processor time of this thread so far, finely.
fn own() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split_whitespace().next().unwrap().parse().unwrap())
}

/// Memory of this process in MB: now (`VmRSS:`), or the most it ever had (`VmHWM:`).
fn memory(what: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
    let kilobytes = line.trim().trim_end_matches("kB").trim().parse::<u64>();
    kilobytes.map_or_else(|_| "?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
