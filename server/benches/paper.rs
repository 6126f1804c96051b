//! What paper costs: labels laid out, written and read again, and how large the files are:
//! `cargo bench -p qiyema-server --bench paper -- 2400`. Prints figures, is no test.
#![expect(clippy::unwrap_used, reason = "in a bench a panic is the report")]

use std::time::Instant;

use qiyema_protocol::{
    paper::PaperWish,
    seal::{CodeId, Host},
};
use qiyema_server::{
    clock::Clock,
    picture::paper::{
        Issuer, Label,
        format::{PRESETS, Paper},
        lay, pdf, svg,
    },
    secrets::keystore::KeyStore,
};

/// Labels made unless told another number; a file holds no more.
const LABELS: u64 = 2_400;

fn main() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(LABELS).clamp(1, LABELS);
    let temp = tempfile::tempdir().unwrap();
    let keys = KeyStore::open_or_create(&temp.path().join("keys"), Clock::System.now()).unwrap();
    let (signer, host) = (keys.signer().unwrap(), Host::from_origin("https://qy.example.cn").unwrap());
    let label = |n: u64| {
        let mut id = [0; 10];
        id.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
        Label {
            seal: signer.seal(&host, CodeId(id)).unwrap().text(&host),
            code: CodeId(id).to_string(),
            name: format!("湖州市织里镇第{n}童装有限公司"),
            uscc: "91330502MA2TEXT16J".to_owned(),
            pin: Some("402816".into()),
        }
    };
    let labels: Vec<Label> = (0..count).map(label).collect();
    println!(
        "{count} labels, one core\n| paper | laid, µs each | PDF with self-check, µs each | labels a second | bytes each | SVG, µs each |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    for preset in &PRESETS {
        let paper = Paper::of(&PaperWish { format: preset.id.to_owned(), ..PaperWish::default() }).unwrap();
        let issuer =
            Issuer { centre: "湖州市吴兴区企业综合服务中心", host: host.as_str(), logo: None };
        let each =
            |start: Instant| start.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap());
        let start = Instant::now();
        let laid = lay(&paper, issuer, &labels).unwrap();
        let layout = each(start);
        let start = Instant::now();
        let size = u64::try_from(pdf::pdf(&laid, "企业码").unwrap().len()).unwrap();
        let written = each(start);
        let start = Instant::now();
        svg::svg(&laid).unwrap();
        let drawn = each(start);
        println!(
            "| {} | {layout:.0} | {written:.0} | {:.0} | {} | {drawn:.0} |",
            preset.id,
            1e6 / (layout + written),
            size / count
        );
    }
}
