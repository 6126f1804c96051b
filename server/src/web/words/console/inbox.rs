//! Words of the inbox.

use crate::web::words::lang::Lang;

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct InboxWords {
    pub title: &'static str,
    pub unread: &'static str,
    pub all_read: &'static str,
    pub gone: &'static str,
    pub clear: &'static str,
    pub empty: &'static str,
    pub empty_lead: &'static str,
    pub new: &'static str,
    pub matter: &'static str,
    pub issue: &'static str,
    pub when: &'static str,
}

const fn words(l: Lang) -> InboxWords {
    InboxWords {
        title: l.pick("消息", "Inbox"),
        unread: l.pick("条未读", "unread"),
        all_read: l.pick("全部已读", "All read"),
        gone: l.pick(
            "该问题已转由其他单位办理，您不再能查看；消息已标为已读。",
            "Another unit has that issue now, and you no longer see it; the notice is marked as read.",
        ),
        clear: l.pick("本页全部标为已读", "Mark all on this page as read"),
        empty: l.pick("没有消息", "Nothing here"),
        empty_lead: l.pick("有问题需要您处理时，会在这里提醒。", "When an issue needs you, it is said here."),
        new: l.pick("未读", "new"),
        matter: l.pick("事项", "What to do"),
        issue: l.pick("问题", "Issue"),
        when: l.pick("时间", "When"),
    }
}

impl InboxWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: InboxWords = words(Lang::Zh);
        const EN: InboxWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}
