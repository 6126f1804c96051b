//! Paper that scans: labels printed by the client and by a browser, rasterised as a
//! printer would and read by readers that share nothing with the writer.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use qiyema_e2e::{needs, python};
use serde_json::Value;
use thirtyfour::common::print::PrintParameters;

use crate::{
    browser::{Browser, axe, faults},
    town::{BOTH, Person, Town},
};

/// Dots an inch of an office printer.
const DPI: f64 = 300.0;
const NAMES: [&str; 6] = [
    "湖州织里童装产业发展有限公司",
    "上海𬭎光（集团）有限公司湖州分公司",
    "湖州市吴兴区织里镇大港社区富民童装专业合作社联合社服饰加工与电子商务配送服务中心（有限合伙）第二分公司及仓储管理处",
    "Huzhou Internationale Logistics (China) Co., Ltd.",
    "湖州  双林\u{3000}绫绢 厂",
    "织里",
];
/// Reads every symbol of pictures: its text, and its width in dots.
const ZXING: &str = "import json, sys, math, PIL.Image, zxingcpp
found = []
for name in sys.argv[1:]:
    for code in zxingcpp.read_barcodes(PIL.Image.open(name)):
        a, b = code.position.top_left, code.position.top_right
        found.append([code.text, math.hypot(a.x - b.x, a.y - b.y)])
print(json.dumps(found))";

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_read_by_three_readers_each_with_the_right_text() {
    every_label_scans(30);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a thousand labels take minutes; run it before paper for a city"]
async fn a_thousand_labels_are_read_by_three_readers_each_with_the_right_text() {
    every_label_scans(1_000);
}

fn every_label_scans(count: u32) {
    let town = Town::on(BOTH[0]);
    let folder = tempfile::tempdir().unwrap();
    let (issuer, codes) = issued(&town, folder.path(), count);
    let list = lines(&codes, "\n");
    let (named, out) = (folder.path().join("codes.txt"), folder.path().join("labels.pdf"));
    std::fs::write(&named, list).unwrap();
    let (named, file) = (named.to_str().unwrap(), out.to_str().unwrap());
    let print = ["code", "print", "--trial", "--format", "a4-3x8", "--file", named, "--out", file];
    let said = issuer.json(&print);
    assert_eq!(said["preview"]["codes"], count, "{said}");
    assert_eq!(said["preview"]["pages"], count.div_ceil(24), "{said}");
    let texts: BTreeSet<&str> = codes.iter().map(|(_, text)| text.as_str()).collect();

    let pages = pages(&out, folder.path());
    let seen = zxing(&pages);
    assert_eq!(seen.len(), codes.len(), "ZXing-C++");
    assert_eq!(seen.iter().map(|(text, _)| text.as_str()).collect::<BTreeSet<_>>(), texts, "ZXing-C++");
    // zbar and our client get each label as somebody would photograph it; ours in the order that was asked for.
    let labels = labels(&pages, folder.path(), count);
    let zbar = on_all_cores(&labels, |some| {
        let ran = Command::new(needs::program(needs::ZBARIMG).unwrap())
            .args(["--raw", "-q", "-Sdisable", "-Sqrcode.enable"])
            .args(some)
            .output()
            .unwrap();
        String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect()
    });
    assert_eq!(zbar.len(), codes.len(), "zbar");
    assert_eq!(zbar.iter().map(String::as_str).collect::<BTreeSet<_>>(), texts, "zbar");
    let ours = on_all_cores(&labels, |some| {
        let mut verify = vec!["verify", "--json"];
        verify.extend(some.iter().map(|label| label.to_str().unwrap()));
        let ran = issuer.run(&verify).ok();
        let said = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        said.filter_map(|one| one["code"].as_str().map(str::to_owned)).collect()
    });
    assert_eq!(ours, codes.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), "our client");
    println!(
        "{count} labels: ZXing-C++ {}, zbar {}, our client {}, each with the right text",
        seen.len(),
        zbar.len(),
        ours.len()
    );
    let letters =
        Command::new(needs::program(needs::PDFTOTEXT).unwrap()).arg(&out).arg("-").output().unwrap();
    let letters = String::from_utf8(letters.stdout).unwrap();
    assert!(letters.contains("𬭎光") && letters.contains("双林 绫绢"), "text is text: {letters}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_the_browsers_own_printing_has_symbols_of_the_right_size() {
    let town = Town::on(BOTH[0]);
    let folder = tempfile::tempdir().unwrap();
    let (_, codes) = issued(&town, folder.path(), 25);
    let (axe, browser) = (axe(), Browser::open().await);
    let (name, password) = town.account("code_issuer");
    browser.desk(1280, 900).await;
    browser.sign_in(&town, name, password).await;
    browser.go(&town.url("/console/codes/prints")).await;
    let ids = lines(&codes, "\\n");
    let typing = format!("document.querySelector('[name=of]').value = '{ids}';");
    browser.script(&typing).await;
    browser.choose("[name=format]", "a4-3x8").await;
    // Without the word that it is a trial, a trial address goes onto no paper.
    browser.press("[name=trial]").await;
    browser.turn("#form button").await;
    let mut wrong = Vec::new();
    for width in [1280, 768, 390] {
        browser.desk(width, 900).await;
        wrong
            .extend(faults(&browser, &axe, width).await.into_iter().map(|fault| format!("{width}: {fault}")));
    }
    assert!(browser.body().await.contains("25"), "25 codes on 2 pages");
    browser.turn("#sheet button").await;
    browser.desk(1280, 900).await;
    wrong.extend(faults(&browser, &axe, 1280).await);
    let as_the_page_says = PrintParameters { shrink_to_fit: false, ..PrintParameters::default() };
    let file = browser.driver.print_page(as_the_page_says).await.unwrap();
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let out = folder.path().join("browser.pdf");
    std::fs::write(&out, file).unwrap();
    let pages = pages(&out, folder.path());
    assert_eq!(pages.len(), 2, "no page is blank");
    let sheet = image::open(&pages[0]).unwrap();
    assert!(sheet.width().abs_diff(2480) <= 2 && sheet.height().abs_diff(3508) <= 2, "A4");
    let seen = zxing(&pages);
    let texts: BTreeSet<&str> = codes.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(seen.iter().map(|(text, _)| text.as_str()).collect::<BTreeSet<_>>(), texts);
    // A module is seven dots; 41 of them without the quiet zone.
    let wanted = 41.0 * 7.0 / DPI * 25.4;
    for (text, dots) in seen {
        let mm = dots / DPI * 25.4;
        assert!((mm - wanted).abs() < 0.4, "{text}: {mm} mm instead of {wanted}");
    }
}

/// The ids of codes, each with its line's end.
fn lines(codes: &[(String, String)], end: &str) -> String {
    codes.iter().flat_map(|(id, _)| [id.as_str(), end]).collect()
}

/// So many enterprises with a code each: its id and text.
fn issued(town: &Town, folder: &Path, count: u32) -> (Person, Vec<(String, String)>) {
    let issuer = town.staff("code_issuer");
    let mut table = "统一社会信用代码,企业名称\n".to_owned();
    let numbers: Vec<String> = (0..count).map(uscc).collect();
    for (number, name) in numbers.iter().zip(NAMES.iter().cycle()) {
        table.extend([number.as_str(), ",", name, "\n"]);
    }
    let file = folder.join("register.csv");
    std::fs::write(&file, table).unwrap();
    issuer.run(&["enterprise", "import", file.to_str().unwrap(), "--confirm-warnings"]).ok();
    let one = |uscc: &String| {
        let code = issuer.json(&["code", "issue", uscc]);
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        (word(&code["code"]["id"]), word(&code["seal_text"]))
    };
    let codes = on_all_cores(&numbers, |some| some.iter().map(one).collect());
    (issuer, codes)
}

/// The same with each share of the things, on all cores; what came of it in their order.
fn on_all_cores<T: Sync, R: Send>(things: &[T], work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    std::thread::scope(|scope| {
        let shares: Vec<_> = things
            .chunks(things.len().div_ceil(cores).max(1))
            .map(|some| scope.spawn(|| work(some)))
            .collect();
        shares.into_iter().flat_map(|share| share.join().unwrap()).collect()
    })
}

/// A credit code with its check character (GB 32100-2015).
fn uscc(number: u32) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91330502MA3{number:06}");
    let (mut sum, mut weight) = (0, 1);
    for letter in body.bytes() {
        sum += ALPHABET.iter().position(|known| *known == letter).unwrap() * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))
}

/// The pages as a printer sees them.
fn pages(pdf: &Path, folder: &Path) -> Vec<PathBuf> {
    let stem = pdf.file_stem().unwrap().to_str().unwrap();
    let ran = Command::new(needs::program(needs::PDFTOPPM).unwrap())
        .args(["-r", "300", "-gray", "-png"])
        .arg(pdf)
        .arg(folder.join(stem))
        .status()
        .unwrap();
    assert!(ran.success());
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "png"))
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&format!("{stem}-")))
        .collect();
    pages.sort();
    pages
}

fn zxing(pages: &[PathBuf]) -> Vec<(String, f64)> {
    let packages = ["zxing-cpp==3.1.1", "pillow==12.0.0"];
    let python = python::with("zxing", &packages).unwrap();
    on_all_cores(pages, |some| {
        let ran = Command::new(&python).args(["-c", ZXING]).args(some).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        serde_json::from_slice::<Vec<(String, f64)>>(&ran.stdout).unwrap()
    })
}

/// Each label cut out: 70 × 37 mm, three columns and eight rows, from half a millimetre below the top.
fn labels(pages: &[PathBuf], folder: &Path, count: u32) -> Vec<PathBuf> {
    let dots = |mm: f64| -> u32 { format!("{:.0}", mm / 25.4 * DPI).parse().unwrap() };
    let mut labels = Vec::new();
    for (page, first) in pages.iter().zip((0..count).step_by(24)) {
        let sheet = image::open(page).unwrap();
        for place in 0..(count - first).min(24) {
            let (x, y) = (dots(70.0 * f64::from(place % 3)), dots(0.5 + 37.0 * f64::from(place / 3)));
            let label = sheet.crop_imm(x, y, dots(70.0), dots(37.0));
            let path = folder.join(format!("label{:04}.png", first + place));
            label.save(&path).unwrap();
            labels.push(path);
        }
    }
    labels
}
