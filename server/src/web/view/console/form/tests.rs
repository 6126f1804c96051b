//! Forms without a page around them.

use qiyema_protocol::{problem::FieldProblem, text::Text};

use super::{Choice, Field, Form};
use crate::web::words::lang::Lang;

#[test]
fn what_was_typed_comes_back_beside_what_is_wrong_with_it_and_is_never_markup() {
    let form = Form::new(Lang::Zh, "token", "/x", "保存")
        .with(Field::line("subject", "标题"))
        .with(Field::select("unit", "单位", vec![Choice::new("a", "甲"), Choice::new("b", "乙")]))
        .typed(&[("subject".into(), "<b>".into()), ("unit".into(), "b".into())])
        .faults(&[FieldProblem { field: "subject".into(), detail: Text::new("太短", "too short") }]);
    let html = form.html().unwrap();
    assert!(html.contains("value=\"&#60;b&#62;\"") && html.contains("太短"), "{html}");
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("value=\"b\" selected"), "{html}");
    assert!(html.contains("name=\"csrf\" value=\"token\""));
}

#[test]
fn a_deed_that_ends_something_says_what_and_lies_behind_a_first_button() {
    let form = Form::new(Lang::Zh, "token", "/x", "停用账号").asks("所有登录立即失效。");
    let html = form.html().unwrap();
    let (before, after) = html.split_once("<form").unwrap();
    assert!(before.contains("<summary class=\"button plain\">停用账号</summary>"), "{html}");
    assert!(after.contains("所有登录立即失效。") && after.contains(">确认停用账号</button>"), "{html}");
    assert!(!before.contains(" open"), "{html}");
}
