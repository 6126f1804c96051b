//! What a symbol costs, step by step, beside the parts measured alone:
//! `cargo bench -p qiyema-server --bench symbols -- 20000`. Prints figures, is no test.
#![expect(clippy::unwrap_used, reason = "in a bench a panic is the report")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use qiyema_protocol::seal::{CodeId, Host};
use qiyema_server::{
    clock::Clock,
    picture::{
        check,
        png::{self, Dots},
        svg, symbol,
    },
    secrets::keystore::KeyStore,
};
use qrcode::{EcLevel, QrCode, bits, ec};

/// Codes made unless told another number.
const CODES: u64 = 20_000;

fn main() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(CODES).max(1);
    let temp = tempfile::tempdir().unwrap();
    let keys = KeyStore::open_or_create(&temp.path().join("keys"), Clock::System.now()).unwrap();
    let (signer, host) = (keys.signer().unwrap(), Host::from_origin("https://qy.example.cn").unwrap());
    let seal = |n: u64| {
        let mut id = [0; 10];
        id.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
        signer.seal(&host, CodeId(id)).unwrap()
    };
    let text = seal(0).text(&host);
    let made = symbol::symbol(&text).unwrap();
    let dots = Dots::on_paper(&made, 30.0, 300).unwrap();
    let picture = svg::svg(&made, host.as_str(), None);
    println!("{count} codes, one core, version {}", made.version());
    println!("| step | µs each | a second |\n|---|--:|--:|");
    row("signature", count, |n| {
        black_box(seal(n));
    });
    row("symbol", count, |_| drop(black_box(symbol::symbol(&text).unwrap())));
    row("of it: bits and error correction (qrcode)", count, |_| {
        let bits = bits::encode_auto(text.as_bytes(), EcLevel::M).unwrap();
        let version = bits.version();
        drop(black_box(ec::construct_codewords(&bits.into_bytes(), version, EcLevel::M).unwrap()));
    });
    row("SVG", count, |_| drop(black_box(svg::svg(&made, host.as_str(), None))));
    row("PNG, 30 mm at 300 dpi", count / 10, |_| drop(black_box(png::png(&made, dots, None).unwrap())));
    row("self-check of an SVG", count / 10, |_| check::svg(&picture, &text, made.width(), None).unwrap());
    row("signature + symbol + SVG", count, |n| {
        let made = symbol::symbol(&seal(n).text(&host)).unwrap();
        drop(black_box(svg::svg(&made, host.as_str(), None)));
    });
    row("the yardstick: symbol by qrcode alone", count / 10, |_| {
        drop(black_box(QrCode::with_error_correction_level(&text, EcLevel::M).unwrap()));
    });
}

fn row(name: &str, count: u64, mut each: impl FnMut(u64)) {
    let count = count.max(1);
    let start = Instant::now();
    (0..count).for_each(&mut each);
    let each: Duration = start.elapsed();
    let micros = each.as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap());
    println!("| {name} | {micros:.1} | {:.0} |", 1e6 / micros);
}
