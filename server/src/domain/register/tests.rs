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
    assert_eq!(lost, Err(Untaken::NoColumns(vec!["统一社会信用代码"])));
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
