//! Tables as offices send them.

use std::{io::Cursor, ops::ControlFlow};

use super::{Entry, Finding, Untaken, each, survey, words};
use crate::domain::sheet::Unread;

fn entries(csv: &str) -> Vec<Entry> {
    let mut all = Vec::new();
    each(Cursor::new(csv.as_bytes()), &mut |entry| {
        all.push(entry);
        ControlFlow::Continue(())
    })
    .unwrap();
    all
}

#[test]
fn a_title_above_the_heading_and_either_language_are_known() {
    for heading in ["湖州市企业名录,\n统一社会信用代码,企业名称", "USCC,Name", "序号,公司 名称,信用代码"]
    {
        let rows = if heading.contains("序号") {
            "1,湖州示例,91330500MA2TEXT16M"
        } else {
            "91330500MA2TEXT16M,湖州示例"
        };
        let all = entries(&format!("{heading}\n{rows}\n"));
        assert_eq!(
            (all.len(), all[0].uscc.as_str(), all[0].name.as_str()),
            (1, "91330500MA2TEXT16M", "湖州示例")
        );
        assert_eq!(all[0].finding, None, "{heading}");
    }
    let lost = survey(Cursor::new("名称,电话\n甲,1\n".as_bytes()));
    assert_eq!(lost, Err(Untaken::NoColumns { missing: vec!["统一社会信用代码"], is_wide: false }));
    let far = format!("序号{}uscc,name\n1\n", ",".repeat(40));
    let far = survey(Cursor::new(far.as_bytes()));
    assert_eq!(far, Err(Untaken::NoColumns { missing: super::HEADINGS.to_vec(), is_wide: true }));
    assert_eq!(survey(Cursor::new("".as_bytes())), Err(Untaken::Unread(Unread::Empty)));
    assert_eq!(survey(Cursor::new("uscc,name\n".as_bytes())), Err(Untaken::Unread(Unread::Empty)));
}

#[test]
fn mischief_is_named_row_by_row() {
    let long = "长".repeat(101);
    let sixty = "名".repeat(60);
    let table = format!(
        "uscc,name\n\
         ９１３３０５００MA2TEXT１６M,全角数字\n\
         91330500ma2text16m,同一代码小写\n\
         91330502MA2TEXT16J,{sixty}\n\
         91330503MA2TEXT161,{long}\n\
         \"                  \",十八个空格\n\
         91330521MA2TEXT163,湖州𬭎业有限公司\n\
         91330522MA2TEXT16H,湖州😀有限公司\n\
         9133O500MA2TEXT16M,字母O\n\
         9.14403E+17,被当作数字\n\
         91350100M0001TGQXM,早期代码\n\
         91330523MA2TEXT160,\n\
         91330523MA2TEXT160,'=HYPERLINK(1)\n\
         =1+1,公式\n"
    );
    let found: Vec<_> = entries(&table).into_iter().map(|entry| (entry.row, entry.finding)).collect();
    assert_eq!(
        found,
        [
            (2, None),
            (3, Some(Finding::Twice(2))),
            (4, None),
            (5, Some(Finding::NameLength(101))),
            (6, Some(Finding::NoUscc)),
            (7, None),
            (8, Some(Finding::OddName('😀'))),
            (9, Some(Finding::Character('O', 5))),
            (10, Some(Finding::AsNumber)),
            (11, Some(Finding::CheckCharacter(words_expected()))),
            (12, Some(Finding::NoName)),
            (13, None),
            (14, Some(Finding::Length(4))),
        ]
    );
    assert_eq!(entries(&table)[11].name, "=HYPERLINK(1)", "our own apostrophe is taken off again");
}

/// What GB 32100 computes for 91350100M0001TGQX.
fn words_expected() -> char {
    use crate::domain::uscc::{CheckCharacter, Uscc};
    match Uscc::parse("91350100M0001TGQXM") {
        Ok((_, CheckCharacter::Differs { expected })) => expected,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_finding_has_its_words() {
    for finding in [
        Finding::NoUscc,
        Finding::Length(3),
        Finding::Character('O', 5),
        Finding::AsNumber,
        Finding::NoName,
        Finding::NameLength(101),
        Finding::NameHidden,
        Finding::Twice(2),
        Finding::CheckCharacter('A'),
        Finding::OddName('😀'),
        Finding::Formula("企业名称"),
        Finding::NoResult("统一社会信用代码"),
    ] {
        let (code, detail) = finding.stored();
        let (what, remedy) = words(code, &detail).unwrap();
        assert!(what.zh.contains(detail.split(' ').next().unwrap()) && !remedy.en.is_empty(), "{code}");
    }
    assert_eq!(words("", ""), None);
}

#[test]
fn more_rows_than_are_taken_are_refused_before_anything_is_written() {
    let table = format!("uscc,name\n{}", "x,甲\n".repeat(super::MOST_ROWS + 1));
    assert_eq!(
        survey(Cursor::new(table.as_bytes())),
        Err(Untaken::Unread(Unread::TooManyRows(super::MOST_ROWS)))
    );
}

#[test]
fn pictures_of_every_block_are_odd_and_letters_of_names_are_not() {
    for odd in "⭐⌚⏰㊙㊗‼⁉™©®ℹ↔⏏Ⓜ▶◼☀✂⤴⬛〰〽🀄🤖\u{E001}\u{FFFD}\u{FE0F}".chars()
    {
        assert!(super::is_odd(odd), "{odd} {:X}", u32::from(odd));
    }
    for fine in "湖州𬭎业（集团）有限公司·A1&㐂〇、-.Ⅱα".chars() {
        assert!(!super::is_odd(fine), "{fine} {:X}", u32::from(fine));
    }
}

/// What is in a workbook of formulas.
fn formulas() -> Vec<u8> {
    use rust_xlsxwriter::{Formula, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["统一社会信用代码", "企业名称"]).unwrap();
    let rows = [
        ("91330500MA2TEXT16M", Some("公式有限公司")),
        // The library writes 0 where there is no result.
        ("91330502MA2TEXT16J", Some("")),
        ("91330503MA2TEXT161", Some("一")),
        ("91330521MA2TEXT163", None),
        ("91350100M0001TGQXM", Some("校验位不符有限公司")),
    ];
    for (row, (uscc, name)) in (1..).zip(rows) {
        sheet.write_string(row, 0, uscc).unwrap();
        match name {
            Some(name) => sheet.write_formula(row, 1, Formula::new("=C1").set_result(name)).unwrap(),
            None => sheet.write_string(row, 1, "不是公式").unwrap(),
        };
    }
    sheet.write_formula(6, 0, Formula::new("=C1").set_result("91330522MA2TEXT16H")).unwrap();
    sheet.write_string(6, 1, "代码是公式").unwrap();
    sheet.write_formula(7, 0, Formula::new("=C1").set_result("9.1E17")).unwrap();
    sheet.write_string(7, 1, "代码算错了").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_formula_is_to_be_confirmed_and_one_without_a_result_that_fits_says_so() {
    let mut found = Vec::new();
    each(Cursor::new(formulas()), &mut |entry| {
        found.push((entry.row, entry.finding));
        ControlFlow::Continue(())
    })
    .unwrap();
    let [uscc, name] = super::HEADINGS;
    assert_eq!(
        found,
        [
            (2, Some(Finding::Formula(name))),
            (3, Some(Finding::NoResult(name))),
            (4, Some(Finding::NoResult(name))),
            (5, None),
            (6, Some(Finding::CheckCharacter(words_expected()))),
            (7, Some(Finding::Formula(uscc))),
            (8, Some(Finding::NoResult(uscc))),
        ]
    );
    assert!(Finding::Formula(uscc).is_warning() && !Finding::NoResult(uscc).is_warning());
}

#[test]
fn enterprises_on_another_sheet_are_not_left_behind() {
    use rust_xlsxwriter::Workbook;
    let book = |second: &[[&str; 2]]| {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("封面").unwrap().write(0, 0, "企业名录").unwrap();
        let sheet = book.add_worksheet().set_name("吴兴区").unwrap();
        sheet.write_row(0, 0, super::HEADINGS).unwrap();
        sheet.write_row(1, 0, ["91330500MA2TEXT16M", "吴兴有限公司"]).unwrap();
        let sheet = book.add_worksheet().set_name("南浔区").unwrap();
        for (row, cells) in (0..).zip(second) {
            sheet.write_row(row, 0, *cells).unwrap();
        }
        survey(Cursor::new(book.save_to_buffer().unwrap()))
    };
    assert_eq!(book(&[["填表说明", "请填写营业执照上的名称"]]), Ok(1));
    for second in
        [&[["单位代码", "单位"], ["91330503MA2TEXT161", "南浔有限公司"]], &[["uscc", "name"], ["1", "南浔"]]]
    {
        let lost = book(second);
        let names = vec!["吴兴区".to_owned(), "南浔区".to_owned()];
        assert_eq!(lost, Err(Untaken::Unread(Unread::Sheets(names))));
    }
}
