//! Files as people and attackers send them.

use std::io::{Cursor, Write};

use encoding_rs::GBK;
use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{ANY, MOST_ROWS, Shape, Sheet, Unread};

const TABLE: &str = "统一社会信用代码,主题,内容\n91330500MA2TEXT16M,用电增容,\"厂区\n用电\"\n,,\n91330502MA2TEXT16J,道路积水,厂门口\n";

fn read(bytes: &[u8]) -> Result<Sheet, Unread> {
    super::read(bytes, ANY)
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REFERS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of sheets, each with its name, whether it is hidden, and its XML; and the file of shared texts.
fn workbook(sheets: &[(&str, bool, &str)], strings: Option<&str>) -> Vec<u8> {
    let mut parts = vec![
        (
            "[Content_Types].xml".to_owned(),
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_owned(),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"<Relationships><Relationship Id="r1" Type="{REFERS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
    ];
    let (mut list, mut links) = (String::new(), String::new());
    for (n, (name, hidden, xml)) in (1..).zip(sheets) {
        let state = if *hidden { r#" state="hidden""# } else { "" };
        list.extend([format!(r#"<sheet name="{name}" sheetId="{n}"{state} r:id="r{n}"/>"#)]);
        links.extend([format!(
            r#"<Relationship Id="r{n}" Type="{REFERS}/worksheet" Target="worksheets/s{n}.xml"/>"#
        )]);
        parts.push((format!("xl/worksheets/s{n}.xml"), (*xml).to_owned()));
    }
    if let Some(strings) = strings {
        links.extend([format!(
            r#"<Relationship Id="s" Type="{REFERS}/sharedStrings" Target="sharedStrings.xml"/>"#
        )]);
        parts.push(("xl/sharedStrings.xml".to_owned(), strings.to_owned()));
    }
    let list = format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{REFERS}"><sheets>{list}</sheets></workbook>"#);
    parts.push(("xl/workbook.xml".to_owned(), list));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{links}</Relationships>")));
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn book(sheet: &str) -> Vec<u8> {
    workbook(&[("a", false, sheet)], None)
}

fn xml(rows: &str) -> String {
    format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#)
}

fn cells(rows: &str) -> Vec<u8> {
    book(&xml(rows))
}

/// Rows of texts from the first one on.
fn texts(rows: &[&[&str]]) -> String {
    let mut all = String::new();
    for (n, row) in (1..).zip(rows) {
        all.extend([format!(r#"<row r="{n}">"#)]);
        for (column, text) in ('A'..).zip(*row) {
            all.extend([format!(r#"<c r="{column}{n}" t="inlineStr"><is><t>{text}</t></is></c>"#)]);
        }
        all.push_str("</row>");
    }
    xml(&all)
}

#[test]
fn csv_is_read_in_either_encoding_and_with_any_mark() {
    let plain = read(TABLE.as_bytes()).unwrap();
    assert_eq!(plain.heading, ["统一社会信用代码", "主题", "内容"]);
    let numbers: Vec<u32> = plain.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 4], "an empty row is passed over and still counted");
    assert_eq!(plain.rows[0].cells[2], "厂区\n用电");
    let marked = [b"\xef\xbb\xbf", TABLE.as_bytes()].concat();
    let gbk = GBK.encode(TABLE).0.into_owned();
    let tabs = TABLE.replace(',', "\t");
    let semicolons = TABLE.replace(',', ";").replace('\n', "\r\n").replace("厂区\r\n用电", "厂区\n用电");
    for other in [&marked[..], &gbk, tabs.as_bytes(), semicolons.as_bytes()] {
        assert_eq!(read(other).as_ref(), Ok(&plain));
    }
}

#[test]
fn what_is_no_table_is_named() {
    assert_eq!(read(b""), Err(Unread::Empty));
    assert_eq!(read("只有,表头\n".as_bytes()), Err(Unread::Empty));
    assert_eq!(read(b"\xd0\xcf\x11\xe0\0\0old excel"), Err(Unread::Unknown));
    assert_eq!(read(b"\xff\xff\x81\x20,\x80\xff\nab,c"), Err(Unread::Encoding));
    assert_eq!(read(b"PK\x03\x04 no archive"), Err(Unread::Damaged));
    let long = format!("a,b\n{}", "1,2\n".repeat(MOST_ROWS + 1));
    assert_eq!(read(long.as_bytes()), Err(Unread::TooManyRows(MOST_ROWS)));
    let enough = format!("a,b\n{}", "1,2\n".repeat(MOST_ROWS));
    assert_eq!(read(enough.as_bytes()).unwrap().rows.len(), MOST_ROWS);
}

#[test]
fn a_workbook_is_read_without_working_out_its_formulas() {
    let sheet = cells(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>电话</t></is></c><c r="B1" t="inlineStr"><is><t>主题</t></is></c></row>
        <row r="3"><c r="A3"><v>13812348000</v></c><c r="B3"><f>HYPERLINK("http://evil.example")</f><v>7.5</v></c></row>"#,
    );
    let sheet = read(&sheet).unwrap();
    assert_eq!(sheet.heading, ["电话", "主题"]);
    assert_eq!(
        (sheet.rows[0].number, sheet.rows[0].cells.as_slice()),
        (3, &["13812348000".into(), "7.5".into()][..])
    );
}

#[test]
fn a_cell_far_away_costs_nothing() {
    let sheet = cells(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>"#,
    );
    let sheet = read(&sheet).unwrap();
    assert_eq!((sheet.rows[0].number, sheet.rows[0].cells.len()), (1_048_576, 1));
}

#[test]
fn a_bomb_is_refused_while_it_is_measured() {
    let bomb = book(&" ".repeat(40 * 1024 * 1024));
    assert!(bomb.len() < 200 * 1024, "{} bytes", bomb.len());
    assert_eq!(read(&bomb), Err(Unread::Oversized));
    let mut rows = String::new();
    for n in 1..=MOST_ROWS + 2 {
        rows.extend([format!(r#"<row r="{n}"><c r="A{n}"><v>1</v></c></row>"#)]);
    }
    let many = cells(&rows);
    assert_eq!(read(&many), Err(Unread::TooManyRows(MOST_ROWS)));
    // Each tag that is open is remembered.
    assert_eq!(read(&cells(&"<a>".repeat(100_000))), Err(Unread::Damaged));
}

#[test]
fn what_a_workbook_claims_to_hold_is_not_believed() {
    // Room for so many texts, or formulas, is more memory than there is.
    let claims = format!(
        r#"<sst xmlns="{MAIN}" count="8589934592" uniqueCount="8589934592"><si><t>电话</t></si><si><r><t>主</t></r><rPh><t>zhu</t></rPh><r><t>题&amp;_x4E2D_</t></r></si></sst>"#
    );
    let sheet = xml(r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
        <row r="2"><c r="A2"><f t="shared" ref="A2:XFD1048576" si="8589934592">1+1</f><v>2</v></c></row>"#);
    let sheet = format!(r#"<dimension ref="A1:XFD1048576"/>{sheet}"#);
    let found = read(&workbook(&[("a", false, &sheet)], Some(&claims))).unwrap();
    assert_eq!(
        (found.heading, found.rows[0].cells[0].as_str()),
        (vec!["电话".to_owned(), "主题&中".to_owned()], "2")
    );
    // A text that is not there.
    let lost = xml(r#"<row r="1"><c r="A1" t="s"><v>7</v></c></row>"#);
    assert_eq!(read(&workbook(&[("a", false, &lost)], Some(&claims))), Err(Unread::Damaged));
    // The number of files that the second index of a large archive claims.
    let mut large = cells(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    let end = large.len() - 22;
    drop(large.splice(end..end, [&b"PK\x06\x07"[..], &[0; 16]].concat()));
    assert_eq!(read(&large), Err(Unread::Oversized));
}

#[test]
fn the_texts_of_a_workbook_are_bounded_by_what_is_counted() {
    let cell =
        xml(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>"#);
    let of = |texts: String| {
        let strings = format!(r#"<sst xmlns="{MAIN}">{texts}</sst>"#);
        let book = workbook(&[("a", false, &cell)], Some(&strings));
        assert!(book.len() < 200 * 1024, "{} bytes", book.len());
        read(&book)
    };
    assert_eq!(of("<si><t>x</t></si>".repeat(1_000)).unwrap().rows.len(), 1);
    assert_eq!(of("<si/>".repeat(400_001)), Err(Unread::Oversized), "too many");
    let long = format!("<si><t>{}</t></si>", "x".repeat(30_000));
    assert_eq!(of(long.repeat(600)), Err(Unread::Oversized), "too long together");
    assert_eq!(of(format!("<si><t>{}</t></si>", "x".repeat(2_000_000))), Err(Unread::Oversized), "one alone");
}

#[test]
fn rows_that_do_not_come_in_their_order_are_refused_and_none_is_lost() {
    let row = |n: u32| format!(r#"<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>"#);
    for (order, bad) in [([1, 2, 3, 2], 2), ([1, 2, 2, 3], 2), ([4, 3, 2, 1], 3), ([1, 3, 2, 4], 2)] {
        let rows: String = order.into_iter().map(row).collect();
        assert_eq!(read(&cells(&rows)), Err(Unread::Order(bad)), "{order:?}");
    }
    let elsewhere = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A1"><v>2</v></c></row>"#;
    assert_eq!(read(&cells(elsewhere)), Err(Unread::Order(2)));
    let twice = r#"<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>"#;
    assert_eq!(read(&cells(twice)), Err(Unread::Order(1)));
    // Numbers may be left out.
    let bare = r"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>";
    let found = read(&cells(bare)).unwrap();
    assert_eq!((found.heading.len(), found.rows[0].number, &*found.rows[0].cells[0]), (2, 2, "3"));
}

fn key(cells: &[String]) -> bool {
    cells.iter().any(|cell| cell == "KEY")
}

const KEYED: Shape =
    Shape { heading: key, record: |cells| cells.iter().any(|cell| cell.starts_with("row ")) };

#[test]
fn of_several_sheets_the_one_with_the_heading_is_read_and_no_other_is_lost() {
    let cover = texts(&[&["2026年企业名录"], &["制表人", "张三"]]);
    let one = texts(&[&["标题"], &["KEY", "b"], &["row 1", "x"]]);
    let two = texts(&[&["KEY", "b"], &["second", "y"]]);
    let rest = texts(&[&["row 2", "z"]]);
    let empty = texts(&[&["KEY", "b"]]);
    let of = |sheets: &[(&str, bool, &str)]| super::read(&workbook(sheets, None), KEYED);
    let alone = of(&[("表", false, &one)]).unwrap();
    assert_eq!(
        (alone.heading[0].as_str(), alone.rows[0].number),
        ("KEY", 3),
        "what stands above is left out"
    );
    // A cover, an explanation, a hidden sheet, a template that nobody filled in.
    let others =
        [("封面", false, &*cover), ("表", false, &*one), ("旧", true, &*two), ("模板", false, &*empty)];
    assert_eq!(of(&others), Ok(alone));
    let both = of(&[("德清", false, &one), ("说明", false, &cover), ("长兴", false, &two)]);
    assert_eq!(both, Err(Unread::Sheets(vec!["德清".to_owned(), "长兴".to_owned()])));
    let words = both.unwrap_err().words();
    assert!(words.zh.contains("德清、长兴") && words.en.contains("德清, 长兴"), "{words:?}");
    let further = of(&[("一", false, &one), ("二", false, &rest)]);
    assert!(matches!(further, Err(Unread::Sheets(_))), "rows without a heading: {further:?}");
    assert_eq!(of(&[("封面", false, &cover)]).unwrap().heading, ["2026年企业名录"]);
}

#[test]
fn a_formula_is_marked_and_one_that_nobody_worked_out_is_not_an_empty_row() {
    let found = read(&cells(
        r#"<row r="1"><c r="A1"><v>1</v></c></row>
        <row r="2"><c r="A2"><f>B1</f><v>7</v></c><c r="B2"><v>1</v></c></row>
        <row r="3"><c r="A3"><f>B1</f></c></row>
        <row r="4"><c r="A4" t="e"><f>NA()</f><v>#N/A</v></c></row>
        <row r="5"><c r="A5" t="str"><f>IF(B5="","",1)</f><v></v></c></row>"#,
    ))
    .unwrap();
    let marks: Vec<_> =
        found.rows.iter().map(|row| (row.number, row.is_formula(0), &*row.cells[0])).collect();
    assert_eq!(
        marks,
        [(2, true, "7"), (3, true, ""), (4, true, "")],
        "prepared rows below a table are empty"
    );
    assert!(!found.rows[0].is_formula(1) && !found.rows[0].is_formula(99));
}

#[test]
fn an_empty_line_counts_as_a_row_and_a_line_break_in_a_cell_does_not() {
    let found = read("a,b\n\n1,2\r\n\r\n\"3\n\n\",4\n\n5,6".as_bytes()).unwrap();
    let rows: Vec<_> = found.rows.iter().map(|row| (row.number, &*row.cells[0])).collect();
    assert_eq!(rows, [(3, "1"), (5, "3"), (7, "5")], "as Excel counts them");
    assert_eq!(read(b"a,b\r1,2\r3,\"\"\"4\"\"\"").unwrap().rows[1].cells, ["3", "\"4\""]);
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_named_and_swallows_nothing() {
    let of = |csv: &str| super::read(csv.as_bytes(), KEYED).map(|sheet| sheet.rows.len());
    assert_eq!(of("KEY,b\nrow 1,x\nrow 2,\"y\nrow 3,z\n"), Err(Unread::Quote(3)), "to the end of the file");
    assert_eq!(of("KEY,b\n\nrow 1,\"x\nrow 2,\"y\nrow 3,z\n"), Err(Unread::Quote(3)), "to the next mark");
    assert_eq!(of("KEY,b\nrow 1,\"x\nrow 2,y\nrow 3,\"z\n"), Err(Unread::Quote(2)));
    assert_eq!(of("KEY,b\nrow 1,\"x\nrow 2,\"\n"), Err(Unread::Quote(2)));
    assert_eq!(
        of("KEY,b\nrow 1,\"first,\na row of text, second\"\nrow 2,5\" pipe\n"),
        Ok(2),
        "a text may have lines"
    );
    let words = of("KEY\nrow 1\n\"").unwrap_err().words();
    assert!(words.zh.contains("第3行") && words.en.contains("row 3"), "{words:?}");
}

#[test]
fn a_title_does_not_decide_what_stands_between_cells() {
    for title in ["企业名录,2026年,共2家,内部\n", "a;b;c;d\n", "\"甲\t乙\t丙\t丁\"\n", "\n\n"] {
        for mark in [",", ";", "\t"] {
            let table = "KEY|b\nrow 1|x\n".replace('|', mark);
            let found = super::read(format!("{title}{table}").as_bytes(), KEYED).unwrap();
            assert_eq!(found.heading, ["KEY", "b"], "{title:?} {mark:?}");
            assert_eq!(found.rows[0].cells, ["row 1", "x"], "{title:?} {mark:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_break_the_reading(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0_usize..900, value: u8) {
        let _ = read(&bytes);
        let mut archive = cells(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
        let at = at % archive.len();
        archive[at] = value;
        let _ = read(&archive);
    }
}
