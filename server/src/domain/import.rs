//! A table of issues: which column is which, and what is wrong with a cell in
//! words that say what to do about it.

use std::collections::HashMap;

use qiyema_protocol::{
    intake::{Contact, ImportFault, IssueLevel},
    text::Text,
};

use super::{
    sheet::{Row, Shape, Sheet},
    uscc::{CheckCharacter, Uscc, UsccError},
};

/// A column we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Column {
    Reference,
    Uscc,
    Category,
    Subject,
    Body,
    Level,
    ContactName,
    ContactPhone,
}

/// What a heading may say; blanks, case and marks do not matter. The first is the one we print.
const HEADINGS: [(Column, &[&str]); 8] = [
    (Column::Reference, &["渠道编号", "reference", "编号", "工单号", "工单编号", "受理编号"]),
    (Column::Uscc, &["统一社会信用代码", "uscc", "信用代码", "社会信用代码"]),
    (Column::Category, &["类别", "category", "问题类别", "分类"]),
    (Column::Subject, &["主题", "subject", "标题", "问题主题"]),
    (Column::Body, &["内容", "body", "详细情况", "问题描述", "诉求内容", "text"]),
    (Column::Level, &["层级", "level", "级别"]),
    (Column::ContactName, &["联系人", "contactname", "contact", "姓名"]),
    (Column::ContactPhone, &["联系电话", "contactphone", "电话", "phone", "手机"]),
];

/// Columns that a table must have.
const NEEDED: [Column; 5] =
    [Column::Reference, Column::Uscc, Column::Category, Column::Subject, Column::Body];

/// A heading with the columns that are needed; a row names an enterprise.
pub const SHAPE: Shape = Shape {
    heading: |cells| NEEDED.iter().all(|column| cells.iter().any(|cell| Column::of(cell) == Some(*column))),
    record: |cells| cells.iter().any(|cell| matches!(Uscc::parse(cell), Ok((_, CheckCharacter::Fits)))),
};

/// The headings of an empty table, in our order.
#[must_use]
pub fn headings() -> Vec<&'static str> {
    HEADINGS.iter().map(|(column, _)| column.name()).collect()
}

impl Column {
    /// The name we print.
    #[must_use]
    pub fn name(self) -> &'static str {
        HEADINGS
            .iter()
            .find(|(column, _)| *column == self)
            .and_then(|(_, names)| names.first())
            .unwrap_or(&"")
    }

    fn of(heading: &str) -> Option<Self> {
        let heading = super::search::query(heading);
        HEADINGS.iter().find(|(_, names)| names.contains(&&*heading)).map(|(column, _)| *column)
    }

    /// The column that a field of an issue stands in.
    #[must_use]
    pub fn of_field(field: &str) -> Self {
        match field {
            "reference" => Self::Reference,
            "body" => Self::Body,
            "contact.name" => Self::ContactName,
            "contact.phone" => Self::ContactPhone,
            _ => Self::Subject,
        }
    }
}

/// A row as an issue to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Draft {
    pub row: u32,
    pub reference: String,
    pub uscc: String,
    pub category: String,
    pub subject: String,
    pub body: String,
    pub level: Option<IssueLevel>,
    pub contact: Option<Contact>,
    /// What is wrong with it already; the rest of the row is looked at all the same.
    pub wrong: Vec<ImportFault>,
}

/// The rows of a table, each with what the table alone shows to be wrong; or what is
/// wrong with its heading.
pub fn drafts(sheet: &Sheet) -> (Vec<Draft>, Vec<ImportFault>) {
    let places: HashMap<Column, usize> = sheet
        .heading
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(at, name)| Some((Column::of(name)?, at)))
        .collect();
    let missing = NEEDED.iter().filter(|column| !places.contains_key(column));
    let faults: Vec<ImportFault> = missing.map(|column| fault(1, *column, no_column(*column))).collect();
    if !faults.is_empty() {
        return (Vec::new(), faults);
    }
    let mut drafts = Vec::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for row in &sheet.rows {
        let cell = |column: Column| cell(row, places.get(&column).copied());
        let reference = cell(Column::Reference);
        let mut wrong = Vec::new();
        if reference.is_empty() {
            wrong.push(fault(row.number, Column::Reference, no_reference()));
        } else if let Some(first) = seen.get(reference) {
            wrong.push(fault(row.number, Column::Reference, twice(*first)));
        } else {
            seen.insert(reference.to_owned(), row.number);
        }
        let level = level(cell(Column::Level));
        if level.is_err() {
            wrong.push(fault(row.number, Column::Level, no_level()));
        }
        drafts.push(Draft {
            row: row.number,
            reference: reference.to_owned(),
            uscc: cell(Column::Uscc).to_owned(),
            category: cell(Column::Category).to_owned(),
            subject: cell(Column::Subject).to_owned(),
            body: cell(Column::Body).to_owned(),
            level: level.ok().flatten(),
            contact: contact(cell(Column::ContactName), cell(Column::ContactPhone)),
            wrong,
        });
    }
    (drafts, faults)
}

fn cell(row: &Row, at: Option<usize>) -> &str {
    at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
}

fn contact(name: &str, phone: &str) -> Option<Contact> {
    let given = !name.is_empty() || !phone.is_empty();
    given.then(|| Contact { name: name.to_owned(), phone: phone.to_owned(), email: None })
}

fn level(text: &str) -> Result<Option<IssueLevel>, ()> {
    match &*super::search::query(text) {
        "" => Ok(None),
        "town" | "镇" | "镇街" | "乡镇" | "街道" => Ok(Some(IssueLevel::Town)),
        "county" | "县" | "区县" | "区" => Ok(Some(IssueLevel::County)),
        "city" | "市" | "市级" => Ok(Some(IssueLevel::City)),
        _ => Err(()),
    }
}

/// What is wrong, and the remedy.
pub type Words = (Text, Text);

/// A fault in a cell.
#[must_use]
pub fn fault(row: u32, column: Column, (what, remedy): Words) -> ImportFault {
    ImportFault { row, column: column.name().to_owned(), what, remedy }
}

fn no_column(column: Column) -> Words {
    let name = column.name();
    (
        Text::new(format!("表头缺少“{name}”一列"), format!("the heading has no column “{name}”")),
        Text::new("请补上这一列，或按模板修改表头", "add the column, or take the template's heading"),
    )
}

fn no_reference() -> Words {
    (
        Text::new("没有渠道编号", "there is no reference"),
        Text::new("请填写渠道系统中的编号", "fill in the channel's own number"),
    )
}

fn twice(first: u32) -> Words {
    (
        Text::new(format!("编号与第{first}行重复"), format!("the reference stands in row {first} already")),
        Text::new("请删除或更正其中一行", "delete or correct one of the two rows"),
    )
}

fn no_level() -> Words {
    (
        Text::new("层级无法识别", "this level is not known"),
        Text::new("请填写镇街、区县或市，或留空", "write town, county or city, or leave it empty"),
    )
}

/// The code of an enterprise is wrong.
#[must_use]
pub fn bad_uscc(error: UsccError) -> Words {
    (error.words(), Text::new("请核对18位统一社会信用代码", "check the 18 characters of the code"))
}

/// Nobody registered the enterprise.
#[must_use]
pub fn no_enterprise() -> Words {
    (
        Text::new("该企业尚未登记", "this enterprise is not registered"),
        Text::new("请先登记该企业，再导入这一行", "register the enterprise, then import the row again"),
    )
}

/// A category that is not ours.
#[must_use]
pub fn no_category(written: &str, known: &Text) -> Words {
    let short: String = written.chars().take(20).collect();
    (
        Text::new(format!("没有类别“{short}”"), format!("there is no category “{short}”")),
        Text::new(format!("请填写以下类别之一：{}", known.zh), format!("write one of: {}", known.en)),
    )
}

/// The reference belongs to an issue of another enterprise.
#[must_use]
pub fn foreign_reference() -> Words {
    (
        Text::new("该编号已登记在另一家企业名下", "the reference belongs to another enterprise's issue"),
        Text::new("请核对编号和企业", "check the reference and the enterprise"),
    )
}

/// A text that does not fit.
#[must_use]
pub fn unfit(detail: Text) -> Words {
    (detail, Text::new("请修改该单元格后重新导入", "mend the cell and import the row again"))
}

#[cfg(test)]
mod tests {
    use super::{Column, drafts};
    use crate::domain::sheet;

    fn read(csv: &str) -> (Vec<super::Draft>, Vec<(u32, String)>) {
        let (drafts, faults) = drafts(&sheet::read(csv.as_bytes(), super::SHAPE).unwrap());
        let wrong = drafts.iter().flat_map(|draft| draft.wrong.clone());
        let all = faults.into_iter().chain(wrong).map(|fault| (fault.row, fault.column)).collect();
        (drafts, all)
    }

    #[test]
    fn headings_are_known_in_both_languages_and_in_any_order() {
        let zh = "主题,内容,渠道编号,统一社会信用代码,类别,联系人,联系电话,备注\n用电,增容,W1,91330500MA2TEXT16M,用电,张三,138,x\n";
        let en = "Subject,Body,Reference,USCC,Category,Contact name,Contact phone\n用电,增容,W1,91330500MA2TEXT16M,用电,张三,138\n";
        let (one, faults) = read(zh);
        assert_eq!((one.len(), faults.len()), (1, 0));
        assert_eq!(read(en).0, one);
        assert_eq!(one[0].contact.as_ref().unwrap().phone, "138");
    }

    #[test]
    fn every_missing_column_is_named_at_once() {
        let (rows, faults) = read("主题,类别\na,b\n");
        assert!(rows.is_empty());
        let named: Vec<&str> = faults.iter().map(|(_, column)| column.as_str()).collect();
        assert_eq!(named, [Column::Reference.name(), Column::Uscc.name(), Column::Body.name()]);
    }

    #[test]
    fn a_bad_row_is_named_by_its_number_with_all_that_is_wrong_and_the_others_go_on() {
        let (rows, faults) = read(
            "reference,uscc,category,subject,body,level\nW1,u,c,s,b,\n,u,c,s,b,town\nW1,u,c,s,b,star\nW2,u,c,s,b,moon\nW3,u,c,s,b,镇街\n",
        );
        let good = rows.iter().filter(|row| row.wrong.is_empty());
        assert_eq!(good.map(|row| row.row).collect::<Vec<_>>(), [2, 6]);
        let name = |column: Column| column.name().to_owned();
        assert_eq!(
            faults,
            [
                (3, name(Column::Reference)),
                (4, name(Column::Reference)),
                (4, name(Column::Level)),
                (5, name(Column::Level)),
            ]
        );
    }
}
