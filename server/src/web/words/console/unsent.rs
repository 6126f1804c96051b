//! Words of the page that shows what was typed before the session had ended.

use crate::web::words::lang::Lang;

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct UnsentWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub to: &'static str,
    pub files: &'static str,
    pub send: &'static str,
    pub leave: &'static str,
    pub others: &'static str,
    pub others_lead: &'static str,
    pub home: &'static str,
    pub kept: &'static str,
    pub not_done: &'static str,
}

const fn words(l: Lang) -> UnsentWords {
    UnsentWords {
        title: l.pick("您填写的内容还在", "What you typed is still here"),
        lead: l.pick(
            "提交时登录已过期，所以还没有提交。请核对后再提交。",
            "Your session had ended, so it was not sent. Look it over, then send it.",
        ),
        to: l.pick("用于", "For"),
        files: l.pick("没有保留，提交后请重新添加", "not kept; add them again afterwards"),
        send: l.pick("核对无误，提交", "Send it now"),
        leave: l.pick("不提交，返回", "Do not send it"),
        others: l.pick("有一份未提交的内容不是您填写的", "Somebody else had typed something here"),
        others_lead: l.pick(
            "它属于此前在本机登录的人员，没有提交，也不向您显示。",
            "It belongs to the person who was signed in before; it was not sent, and is not shown to you.",
        ),
        home: l.pick("进入首页", "Go on"),
        kept: l.pick(
            "登录已过期，内容尚未提交。请重新登录：您填写的内容会再次显示，核对后再提交（附件须重新选择）。",
            "Your session has ended and nothing was sent. Sign in again: what you typed is shown once more, to be looked over and sent. Files have to be chosen again.",
        ),
        not_done: l.pick(
            "登录已过期，刚才的操作没有执行。请重新登录后再做一次。",
            "Your session has ended and nothing was done. Sign in again, then do it once more.",
        ),
    }
}

impl UnsentWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: UnsentWords = words(Lang::Zh);
        const EN: UnsentWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// The column of a field that stands in a numbered row of its form: `zh` of `zh-3`.
#[must_use]
pub fn column(name: &str) -> Option<&str> {
    let (column, row) = name.split_once('-')?;
    row.parse::<usize>().is_ok().then_some(column)
}

/// The label of a field in which people write sentences; no other field is worth keeping a form for.
#[must_use]
pub fn label(l: Lang, name: &str) -> Option<&'static str> {
    Some(match column(name).unwrap_or(name) {
        "subject" => l.pick("标题", "Subject"),
        "body" => l.pick("情况说明", "Description"),
        "note" => l.pick("说明", "Note"),
        "reason" => l.pick("原因", "Reason"),
        "reply" => l.pick("答复", "Reply"),
        "minutes" => l.pick("会商纪要", "Minutes"),
        "comment" => l.pick("评语", "Comment"),
        "text" => l.pick("内容", "Text"),
        "zh" => l.pick("中文", "Chinese"),
        "en" => l.pick("英文", "English"),
        _ => return None,
    })
}
