//! Sheets as a whole: what stands in a file is what was asked for, or there is none.

use std::{
    io::Cursor,
    sync::{Arc, OnceLock},
};

use qiyema_protocol::{
    paper::PaperWish,
    seal::{Host, Seal},
};

use super::{
    Issuer, Label, Laid, MOST, Mark, PaperError, Spot,
    format::{PRESETS, Paper},
    lay, lay_what_fits,
    logo::Logo,
    pdf, svg,
};
use crate::picture::symbol::PictureError;

const HOST: &str = "qy.example.cn";
const NAMES: [&str; 5] = [
    "织里",
    "湖州织里童装产业发展有限公司",
    "上海𬭎光（集团）有限公司",
    "湖州市吴兴区织里镇大港社区富民童装专业合作社联合社服饰加工与电子商务配送服务中心（有限合伙）第二分公司及仓储管理处",
    "Huzhou Internationale Logistics (China) Co., Ltd.",
];

fn labels(count: u8) -> Vec<Label> {
    let host = Host::from_origin(&format!("https://{HOST}")).unwrap();
    let label = |n: u8| Label {
        seal: Seal::from_bytes([n; 76]).text(&host),
        code: "ABCDEFGH23456722".to_owned(),
        name: NAMES[usize::from(n) % NAMES.len()].to_owned(),
        uscc: "91330502MA2TEXT16J".to_owned(),
        pin: Some("402816".into()),
    };
    (0..count).map(label).collect()
}

fn wish(format: &str) -> PaperWish {
    PaperWish { format: format.to_owned(), ..PaperWish::default() }
}

fn laid(wish: &PaperWish, labels: &[Label]) -> Result<Laid, PaperError> {
    let issuer =
        Issuer { centre: "湖州市吴兴区企业综合服务中心", host: HOST, logo: Some(logo()) };
    lay(&Paper::of(wish).unwrap(), issuer, labels)
}

fn logo() -> &'static Arc<Logo> {
    static LOGO: OnceLock<Arc<Logo>> = OnceLock::new();
    LOGO.get_or_init(|| {
        let mut file = Cursor::new(Vec::new());
        image::RgbaImage::from_pixel(200, 100, image::Rgba([156, 26, 30, 200]))
            .write_to(&mut file, image::ImageFormat::Png)
            .unwrap();
        Arc::new(Logo::of(&file.into_inner()).unwrap())
    })
}

#[test]
fn every_paper_is_written_and_nothing_leaves_its_page() {
    for format in PRESETS.iter().map(|preset| preset.id).chain(["a4-4x5", "a4-2x6"]) {
        let made = laid(&wish(format), &labels(5)).unwrap();
        for page in &made.pages {
            for mark in &page.marks {
                let (x, y, width, height) = match mark {
                    Mark::Text { x, y, style, line } => (*x, *y - 1.0, line.width(style.size), 1.0),
                    Mark::Bar { x, y, width, height, .. } | Mark::Picture { x, y, width, height, .. } => {
                        (*x, *y, *width, *height)
                    }
                    Mark::Symbol { x, y, side, .. } => (*x, *y, *side, *side),
                };
                assert!(x >= 0.0 && y >= 0.0, "{format}: {mark:?}");
                assert!(
                    x + width <= page.width + 0.01 && y + height <= page.height + 0.01,
                    "{format}: {mark:?}"
                );
            }
        }
        let file = pdf::pdf(&made, "企业码").unwrap();
        assert_eq!(file, pdf::pdf(&made, "企业码").unwrap(), "the same codes, the same bytes");
        assert_eq!(svg::svg(&made).unwrap().len(), made.pages.len());
    }
}

#[test]
fn sheets_go_on_over_pages_and_begin_where_labels_are_left() {
    let made = laid(&PaperWish { skip: Some(22), ..wish("a4-3x8") }, &labels(30)).unwrap();
    let symbols =
        |page: &super::Page| page.marks.iter().filter(|mark| matches!(mark, Mark::Symbol { .. })).count();
    assert_eq!(made.pages.iter().map(symbols).collect::<Vec<_>>(), [2, 24, 4]);
    pdf::pdf(&made, "企业码").unwrap();
}

#[test]
fn a_file_that_says_something_else_is_not_handed_out() {
    let mut made = laid(&wish("a4-3x8"), &labels(4)).unwrap();
    made.texts.swap(1, 2);
    let refused = pdf::pdf(&made, "企业码");
    assert!(matches!(refused, Err(PaperError::Picture(PictureError::Unreadable))), "{refused:?}");
    assert!(svg::svg(&made).is_err());
    made.texts.swap(1, 2);
    made.texts.pop();
    assert!(pdf::pdf(&made, "企业码").is_err(), "one symbol too many");
    made.texts.extend(["HTTPS://A.CN".to_owned(), "HTTPS://B.CN".to_owned()]);
    assert!(pdf::pdf(&made, "企业码").is_err(), "one too few");
}

#[test]
fn what_would_not_scan_is_refused_and_what_lacks_is_named() {
    let mut some = labels(1);
    let small = laid(&PaperWish { symbol: Some(19.0), ..wish("a4-3x8") }, &some).unwrap_err();
    assert!(small.to_string().contains("19.6 mm or more"), "{small}");
    some[0].name = "好😀店".to_owned();
    let made = laid(&wish("a4-3x8"), &some).unwrap();
    assert_eq!((made.missing.len(), &made.missing[0].characters[..]), (1, &['😀'][..]));
    some[0].name = "很长的名称".repeat(60);
    assert!(matches!(laid(&wish("a4-4x10"), &some), Err(PaperError::Long { .. })));
    let many = vec![some[0].clone(); MOST + 1];
    assert!(matches!(laid(&wish("a4-3x8"), &many), Err(PaperError::Many(2_401))));
}

#[test]
fn of_many_one_whose_name_does_not_fit_holds_up_no_other_and_takes_no_place() {
    let mut some = labels(26);
    for long in [0, 5, 25] {
        some[long].name = "很长的名称".repeat(400);
    }
    let paper = Paper::of(&wish("a4-4x10")).unwrap();
    let issuer = Issuer { centre: "湖州市吴兴区企业综合服务中心", host: HOST, logo: None };
    let made = lay_what_fits(&paper, issuer, &some).unwrap();
    let spots: Vec<_> = made.spots.iter().map(|spot| spot.map(|spot| spot.place)).collect();
    assert_eq!((spots[0], spots[1], spots[5], spots[6], spots[25]), (None, Some(1), None, Some(5), None));
    assert_eq!((made.pages.len(), made.spots[24]), (1, Some(Spot { page: 1, place: 23 })));
    pdf::pdf(&made, "企业码").unwrap();
    let none = lay_what_fits(&paper, issuer, &some[..1]).unwrap();
    assert!(none.pages.is_empty(), "no page for nobody");
    // A name that fills a page's first place in vain begins no second page.
    some.truncate(2);
    let (plaque, roll) = (wish("plaque-a6"), wish("roll-60x40"));
    for wish in [plaque, roll] {
        let made = lay_what_fits(&Paper::of(&wish).unwrap(), issuer, &some).unwrap();
        assert_eq!(
            (made.pages.len(), made.spots[1]),
            (1, Some(Spot { page: 1, place: 1 })),
            "{}",
            wish.format
        );
    }
}

#[test]
fn files_of_many_are_whole_sheets_and_only_the_first_begins_in_the_middle() {
    for (format, skip, first, others) in
        [("a4-3x8", 20, 1_180, 1_200), ("a4-3x7", 0, 1_197, 1_197), ("letter-a4", 0, 400, 400)]
    {
        let paper = Paper::of(&PaperWish { skip: Some(skip), ..wish(format) }).unwrap();
        assert_eq!((paper.batch(), paper.fresh().batch()), (first, others), "{format}");
        assert!(
            paper.fresh().batch() <= MOST && paper.fresh().batch().is_multiple_of(paper.places()),
            "{format}"
        );
    }
}

#[test]
fn a_plaque_bears_the_logo_beside_the_name_and_nothing_on_the_symbol() {
    let made = laid(&wish("plaque-a5"), &labels(2)).unwrap();
    for page in &made.pages {
        let pictures: Vec<_> = page
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Picture { y, height, .. } => Some(y + height),
                _ => None,
            })
            .collect();
        let symbol = page.marks.iter().find_map(|mark| match mark {
            Mark::Symbol { y, .. } => Some(*y),
            _ => None,
        });
        assert!(pictures.len() == 1 && pictures[0] < symbol.unwrap(), "{pictures:?} {symbol:?}");
    }
    let (file, drawn) = (pdf::pdf(&made, "企业码").unwrap(), svg::svg(&made).unwrap());
    let image = b"/Subtype/Image";
    assert!(file.windows(image.len()).any(|bytes| bytes == image), "it is in the file");
    assert!(drawn[0].contains("href=\"data:image/png;base64,iVBOR"), "{}", &drawn[0][..400]);
    assert!(
        laid(&wish("a4-3x8"), &labels(1)).unwrap().pages[0]
            .marks
            .iter()
            .all(|mark| !matches!(mark, Mark::Picture { .. }))
    );
}
