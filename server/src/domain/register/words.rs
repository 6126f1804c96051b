//! What is wrong with a row, and what to do about it, in both languages.

use qiyema_protocol::text::Text;

/// The words of a finding as [`super::Finding::stored`] gives it; `None` for no finding.
#[must_use]
pub fn words(code: &str, detail: &str) -> Option<(Text, Text)> {
    let check = || Text::new("请核对18位统一社会信用代码", "check the 18 characters of the code");
    Some(match code {
        "no_uscc" => (
            Text::new("没有统一社会信用代码", "there is no credit code"),
            Text::new("请填写18位统一社会信用代码", "fill in the 18 characters of the code"),
        ),
        "length" => (
            Text::new(
                format!("统一社会信用代码为{detail}个字符，应为18个"),
                format!("the credit code has {detail} characters, 18 are needed"),
            ),
            check(),
        ),
        "character" => {
            let (place, character) = detail.split_once(' ').unwrap_or(("?", detail));
            (
                Text::new(
                    format!("统一社会信用代码第{place}位“{character}”不在允许的字符之内"),
                    format!("“{character}” at place {place} cannot stand in a credit code"),
                ),
                Text::new(
                    "代码不含I、O、S、V、Z，请对照营业执照",
                    "codes have no I, O, S, V, Z; look at the business licence",
                ),
            )
        }
        "as_number" => (
            Text::new(
                "统一社会信用代码被表格软件当作数字，末几位已丢失",
                "the spreadsheet made a number of the credit code and lost its last digits",
            ),
            Text::new(
                "请把该列设为“文本”格式后重新录入",
                "format the column as text and enter the code again",
            ),
        ),
        "no_name" => (
            Text::new("没有企业名称", "there is no name"),
            Text::new("请填写营业执照上的名称", "fill in the name of the business licence"),
        ),
        "name_length" => (
            Text::new(
                format!("企业名称为{detail}个字符，应为2至100个"),
                format!("the name has {detail} characters, 2 to 100 are taken"),
            ),
            Text::new("请填写营业执照上的名称", "fill in the name of the business licence"),
        ),
        "name_hidden" => (
            Text::new("企业名称含有不可见的控制字符", "the name contains invisible control characters"),
            Text::new("请重新录入名称", "type the name again"),
        ),
        "twice" => (
            Text::new(
                format!("统一社会信用代码与第{detail}行重复"),
                format!("the credit code stands in row {detail} already"),
            ),
            Text::new("请删除或更正其中一行", "delete or correct one of the two rows"),
        ),
        "check_character" => (
            Text::new(
                format!("校验位不符，按规则末位应为{detail}"),
                format!("the check character does not fit: by the rule it is {detail}"),
            ),
            Text::new(
                "请对照营业执照；确认无误的，导入时勾选“确认警告”",
                "look at the business licence; if it is right, import with the warnings confirmed",
            ),
        ),
        "odd_name" => (
            Text::new(
                format!("企业名称含有登记名称中不会有的字符“{detail}”"),
                format!("the name contains “{detail}”, which no registered name has"),
            ),
            Text::new(
                "请对照营业执照；确认无误的，导入时勾选“确认警告”",
                "look at the business licence; if it is right, import with the warnings confirmed",
            ),
        ),
        _ => return of_formula(code, detail),
    })
}

/// The same of cells that a spreadsheet works out.
fn of_formula(code: &str, detail: &str) -> Option<(Text, Text)> {
    Some(match code {
        "formula" => (
            Text::new(
                format!("{}是公式，取的是表格上次计算的结果", column(detail).0),
                format!(
                    "the {} is a formula; taken is what it came to when the table was saved",
                    column(detail).1
                ),
            ),
            Text::new(
                "请核对该值，或改为数值；确认无误的，导入时勾选“确认警告”",
                "check the value, or paste it as a value; if it is right, import with the warnings confirmed",
            ),
        ),
        "no_result" => (
            Text::new(
                format!("{}是公式，没有可用的计算结果", column(detail).0),
                format!("the {} is a formula without a result that fits", column(detail).1),
            ),
            Text::new(
                "请在Excel中复制该列，“选择性粘贴”为数值，保存后再导入",
                "copy the column in Excel, paste it as values, save and import again",
            ),
        ),
        _ => return None,
    })
}

/// A column by the name we print, in both languages.
fn column(heading: &str) -> (&'static str, &'static str) {
    let [uscc, name] = super::HEADINGS;
    if heading == uscc { (uscc, "credit code") } else { (name, "name") }
}
