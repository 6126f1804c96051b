//! What people call the two columns.

use super::super::search;

/// Headings in the form of [`search::query`]; of two that stand in one table the earlier here counts.
pub(super) const USCC: &[&str] = &[
    "统一社会信用代码",
    "uscc",
    "社会统一信用代码",
    "统一社会信用代码证号",
    "统一社会信用代码号",
    "统一社会信用代码注册号",
    "统一社会信用代码纳税人识别号",
    "社会信用代码",
    "统一信用代码",
    "信用代码",
    "统一代码",
    "纳税人识别号",
    "税号",
    "unifiedsocialcreditcode",
    "unifiedcreditcode",
    "socialcreditcode",
    "creditcode",
];
pub(super) const NAME: &[&str] = &[
    "企业名称",
    "企业全称",
    "企业机构名称",
    "企业单位名称",
    "公司名称",
    "公司全称",
    "单位名称",
    "单位全称",
    "机构名称",
    "主体名称",
    "市场主体名称",
    "经营主体名称",
    "商事主体名称",
    "纳税人名称",
    "商户名称",
    "名称",
    "企业",
    "name",
    "companyname",
    "enterprisename",
    "registeredname",
    "nameofenterprise",
    "nameofcompany",
    "company",
    "enterprise",
];
/// A Chinese name of so many characters cannot mean anything else, whatever stands beside it in English.
const CLEAR: usize = 4;

/// The column of one of these names.
pub(super) fn place(cells: &[String], names: &[&str]) -> Option<usize> {
    // Whoever fills it in is told that it is needed.
    let cells: Vec<String> = cells.iter().map(|cell| search::query(cell).replace("必填", "")).collect();
    let whole = names.iter().find_map(|name| cells.iter().position(|cell| cell == name));
    whole.or_else(|| cells.iter().position(|cell| is_bilingual(cell, names)))
}

/// `统一社会信用代码 USCC`: a name of the column in Chinese, and something in English.
fn is_bilingual(cell: &str, names: &[&str]) -> bool {
    let (latin, chinese): (String, String) = cell.chars().partition(char::is_ascii);
    !latin.is_empty()
        && names.contains(&&*chinese)
        && (chinese.chars().count() >= CLEAR || names.contains(&&*latin))
}

#[cfg(test)]
mod tests {
    use super::{NAME, USCC, place};

    #[test]
    fn headings_of_every_day_are_known() {
        for heading in [
            "统一社会信用代码",
            "统一社会信用代码 USCC",
            "统一社会信用代码/注册号",
            "＊统一社会信用代码（必填）",
            "Unified Social Credit Code",
            "信用代码(USCC)",
        ] {
            assert_eq!(place(&[heading.to_owned()], USCC), Some(0), "{heading}");
        }
        for heading in [
            "Company",
            "企业全称",
            "企业(机构)名称",
            "机构名称",
            "纳税人名称",
            "企业名称 Name of the enterprise",
        ] {
            assert_eq!(place(&[heading.to_owned()], NAME), Some(0), "{heading}");
        }
        for other in ["企业类型", "企业 ID", "法定代表人", "名称 No", "注册号", "企业名称变更日期"]
        {
            assert_eq!(
                place(&[other.to_owned()], NAME).or(place(&[other.to_owned()], USCC)),
                None,
                "{other}"
            );
        }
    }

    #[test]
    fn of_two_columns_the_clearer_one_counts() {
        let cells = ["企业".to_owned(), "电话".to_owned(), "企业名称".to_owned()];
        assert_eq!(place(&cells, NAME), Some(2));
    }
}
