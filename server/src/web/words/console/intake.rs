//! Words of intake: what a category brings, and what was asked before.

use crate::web::words::lang::Lang;

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct IntakeWords {
    pub look: &'static str,
    pub grade: &'static str,
    pub limit: &'static str,
    pub unit: &'static str,
    pub promise: &'static str,
    pub provisional: &'static str,
    pub no_unit: &'static str,
    pub adopted: &'static str,
    pub nothing_alike: &'static str,
    pub new_window: &'static str,
    pub of_all: fn(usize, &str) -> String,
    pub see_all: &'static str,
    pub only_of: &'static str,
    pub of_everybody: &'static str,
}

const fn words(l: Lang) -> IntakeWords {
    IntakeWords {
        look: l.pick("查看建议和重复", "Look first"),
        grade: l.pick("办理等级", "Grade"),
        limit: l.pick("办理时限", "Limit"),
        unit: l.pick("通常的牵头单位", "Unit that usually leads"),
        promise: l.pick("今天受理则承诺", "Promised if accepted today"),
        provisional: l.pick("（预计）", " (expected)"),
        no_unit: l.pick("没有，由分派员选定", "none; the dispatcher chooses"),
        adopted: l.pick(
            "受理时按此时限作出承诺。牵头单位由分派员交办时选定：通常的单位会预先填好，可以改选。",
            "The limit holds once it is accepted. The dispatcher chooses the unit when assigning: the usual one stands there already and can be changed.",
        ),
        nothing_alike: l.pick("没有发现重复的问题。", "Nothing alike was registered."),
        new_window: l.pick("在新窗口打开", "opens a new window"),
        of_all: match l {
            Lang::Zh => |all, ceiling| format!("共{all}{ceiling}件"),
            Lang::En => |all, ceiling| format!("{all}{ceiling} in all"),
        },
        see_all: l.pick("查看全部", "See all"),
        only_of: l.pick("只看企业：", "Only of: "),
        of_everybody: l.pick("查看所有企业", "of every enterprise"),
    }
}

impl IntakeWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: IntakeWords = words(Lang::Zh);
        const EN: IntakeWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}
