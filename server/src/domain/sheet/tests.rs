//! Files as people and attackers send them.

use std::io::{Cursor, Write};

use encoding_rs::GBK;
use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{MOST_ROWS, Unread, read};

const TABLE: &str = "统一社会信用代码,主题,内容\n91330500MA2TEXT16M,用电增容,\"厂区\n用电\"\n,,\n91330502MA2TEXT16J,道路积水,厂门口\n";

fn book(sheet: &str) -> Vec<u8> {
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn cells(rows: &str) -> Vec<u8> {
    book(&format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    ))
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
