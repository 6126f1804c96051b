//! Words of the webhooks' page.

use crate::web::words::lang::Lang;

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct WebhookWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub name: &'static str,
    pub url: &'static str,
    pub url_help: &'static str,
    pub kinds: &'static str,
    pub kinds_help: &'static str,
    pub all: &'static str,
    pub add: &'static str,
    pub new: &'static str,
    pub system: &'static str,
    pub waiting: &'static str,
    pub given_up: &'static str,
    pub state: &'static str,
    pub active: &'static str,
    pub paused: &'static str,
    pub pause: &'static str,
    pub resume: &'static str,
    pub remove: &'static str,
    pub empty: &'static str,
    pub empty_lead: &'static str,
    pub secret: &'static str,
    pub secret_lead: &'static str,
}

const fn words(l: Lang) -> WebhookWords {
    WebhookWords {
        title: l.pick("消息推送", "Webhooks"),
        lead: l.pick(
            "问题有新动态时,通知其他系统。只发送编号、状态和时间,不含企业填写的内容。",
            "Other systems are told what happens to issues: numbers, states and times, never what anybody wrote.",
        ),
        name: l.pick("系统名称", "Name of the system"),
        url: l.pick("接收网址", "Address"),
        url_help: l.pick(
            "以 https:// 开头;内网地址须先在服务器设置中放行。",
            "Begins with https://. A private address must be allowed in the server's settings first.",
        ),
        kinds: l.pick("事件", "Events"),
        kinds_help: l.pick(
            "用空格分隔,例如 submitted closed;留空表示全部。",
            "Separated by blanks, for example: submitted closed. Empty: all.",
        ),
        all: l.pick("全部", "all"),
        add: l.pick("添加", "Add"),
        new: l.pick("添加一个系统", "Add a system"),
        system: l.pick("系统", "System"),
        waiting: l.pick("待送达", "Waiting"),
        given_up: l.pick("已放弃", "Given up"),
        state: l.pick("状态", "State"),
        active: l.pick("推送中", "active"),
        paused: l.pick("已暂停", "paused"),
        pause: l.pick("暂停", "Pause"),
        resume: l.pick("恢复", "Resume"),
        remove: l.pick("移除", "Remove"),
        empty: l.pick("还没有接收消息的系统", "No system is told yet"),
        empty_lead: l.pick("在下面添加第一个。", "Add the first one below."),
        secret: l.pick("签名密钥", "Signing secret"),
        secret_lead: l.pick(
            "请立即复制并交给对方系统;关闭本页后不再显示。",
            "Copy it now and hand it to the other system; it is not shown again.",
        ),
    }
}

impl WebhookWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: WebhookWords = words(Lang::Zh);
        const EN: WebhookWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}
