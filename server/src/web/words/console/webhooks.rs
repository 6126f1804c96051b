//! Words of the webhooks' page.

use qiyema_protocol::webhooks::WebhookView;

use super::issue as said;
use crate::{
    domain::{event::Kind, notice::WITH_LINK},
    store::columns::unword,
    web::words::lang::Lang,
};

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
    pub latest: &'static str,
    pub none_yet: &'static str,
    pub none_yet_lead: &'static str,
    pub messages: &'static str,
    pub messages_lead: &'static str,
    pub when: &'static str,
    pub kind: &'static str,
    pub outcome: &'static str,
    pub tries: &'static str,
    pub next_try: &'static str,
    pub arrived: &'static str,
    pub failed: &'static str,
    pub retried: &'static str,
    pub test: &'static str,
    pub test_kind: &'static str,
    pub retry: &'static str,
    pub on_its_way: &'static str,
    pub renew: &'static str,
    pub renew_lead: &'static str,
    pub done: &'static str,
    pub made_by: &'static str,
    pub links: &'static str,
    pub links_lead: &'static str,
    pub no_links: &'static str,
    pub asks_links: &'static str,
    pub allow: &'static str,
    pub withdraw: &'static str,
    pub withdraw_lead: &'static str,
}

const fn words(l: Lang) -> WebhookWords {
    WebhookWords {
        title: l.pick("消息推送", "Webhooks"),
        lead: l.pick(
            "问题有新动态时，通知其他系统。只发送编号、状态和时间，不含企业填写的内容；一次性评价链接只发给经考核员或督办员批准的系统。",
            "Other systems are told what happens to issues: numbers, states and times, never what anybody wrote. One-time links to rate go only to systems that a performance reviewer or supervisor has allowed.",
        ),
        name: l.pick("系统名称", "Name of the system"),
        url: l.pick("接收网址", "Address"),
        url_help: l.pick(
            "以 https:// 开头；内网地址须先在服务器设置中放行。",
            "Begins with https://. A private address must be allowed in the server's settings first.",
        ),
        kinds: l.pick("事件", "Events"),
        kinds_help: l.pick(
            "一项都不选表示全部，但不含评价链接。",
            "None chosen means all, without the links to rate.",
        ),
        all: l.pick("全部（不含评价链接）", "all, without links to rate"),
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
            "请立即复制并交给对方系统；关闭本页后不再显示。",
            "Copy it now and hand it to the other system; it is not shown again.",
        ),
        latest: l.pick("最近一次", "Latest"),
        none_yet: l.pick("还没有发送过", "Nothing was sent yet"),
        none_yet_lead: l.pick(
            "点“发送测试消息”可以检查对方是否收得到。",
            "“Send a test” shows whether the other side receives it.",
        ),
        messages: l.pick("发送记录", "Messages"),
        messages_lead: l.pick(
            "最近50条。未送达的会自动重试，也可以立即重试；每次重试的 webhook-id 不变，对方可据此去重。",
            "The latest 50. What did not arrive is tried again by itself, or at once; its webhook-id stays the same.",
        ),
        when: l.pick("时间", "When"),
        kind: l.pick("事件", "Event"),
        outcome: l.pick("结果", "Outcome"),
        tries: l.pick("已试次数", "Tries"),
        next_try: l.pick("下次重试", "Next try"),
        arrived: l.pick("已送达", "Arrived"),
        failed: l.pick("已放弃", "Given up"),
        retried: l.pick("未送达，待重试", "Did not arrive yet"),
        test: l.pick("发送测试消息", "Send a test"),
        test_kind: l.pick("测试消息", "Test"),
        retry: l.pick("立即重试", "Try now"),
        on_its_way: l.pick("正在发送，本页会自动更新。", "On its way; this page looks again by itself."),
        renew: l.pick("更换签名密钥", "New signing secret"),
        renew_lead: l.pick(
            "旧密钥立即失效，此后的消息用新密钥签名。请先与对方约定更换时间。",
            "The old secret signs nothing from now on. Agree with the other side when to change it.",
        ),
        done: l.pick("完成", "Done"),
        made_by: l.pick("添加人", "Added by"),
        links: l.pick("评价链接", "Links to rate"),
        links_lead: l.pick(
            "收到链接的人可以代表企业评价。请核实该系统只把链接发给问题的联系人，再批准；您的姓名和时间会记入日志，经此评价的记录注明本系统。",
            "Whoever receives a link rates as the enterprise. Make sure that this system sends it to the contact of the issue and to nobody else. Your name and the time are recorded, and every rating given so names this system.",
        ),
        no_links: l.pick("不发送", "none"),
        asks_links: l.pick("申请发送，待批准", "asked for, not allowed yet"),
        allow: l.pick("批准发送评价链接", "Allow links to rate"),
        withdraw: l.pick("撤回批准", "Take it back"),
        withdraw_lead: l.pick(
            "撤回后不再发送，已经由本系统发出的链接同时失效；企业仍可扫码评价。",
            "No more are sent, and those that this system carried are dead. Enterprises still rate by their code.",
        ),
    }
}

/// Why a message did not arrive, in a sentence with the remedy where there is one.
#[must_use]
pub fn why(l: Lang, error: &str) -> String {
    let said = match error {
        "forbidden_address" => l.pick(
            "内网或保留地址，未在 webhooks.allowed_networks 中放行",
            "a private or reserved address that webhooks.allowed_networks does not list",
        ),
        "unresolved" => l.pick("域名无法解析", "the name has no address"),
        "unreachable" => {
            l.pick("无法连接、证书无效或超时", "no connection, no valid certificate, or too slow")
        }
        "malformed" => l.pick("网址无法识别", "the address cannot be read"),
        "gone" => l.pick("系统已移除", "the system was removed"),
        "links_not_allowed" => l.pick("未获准发送评价链接", "links to rate are not allowed"),
        other => {
            return match (other.strip_prefix("answered_"), l) {
                (Some(status), Lang::Zh) => format!("对方返回 HTTP {status}"),
                (Some(status), Lang::En) => format!("answered HTTP {status}"),
                (None, _) => other.to_owned(),
            };
        }
    };
    said.to_owned()
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

/// Kinds of events in words, or that it is all of them.
#[must_use]
pub fn kinds(l: Lang, kinds: &[String]) -> String {
    if kinds.is_empty() {
        return WebhookWords::of(l).all.to_owned();
    }
    let named =
        kinds.iter().map(|kind| unword(kind).map_or_else(|_| kind.clone(), |kind| said::event(l, kind)));
    named.collect::<Vec<_>>().join(l.pick("、", ", "))
}

/// How it stands with a webhook's links: the word, whether it carries them, and who said so.
#[must_use]
pub fn links(
    l: Lang,
    hook: &WebhookView,
) -> (&'static str, bool, Option<(&str, chrono::DateTime<chrono::Utc>)>) {
    let w = WebhookWords::of(l);
    let said = hook.links.as_ref().map(|said| (&*said.by, said.at));
    match &hook.links {
        Some(links) if links.allowed => (l.pick("已批准", "allowed"), true, said),
        Some(_) => (l.pick("已撤回", "taken back"), false, said),
        None if hook.wants_links => (w.asks_links, false, None),
        None => (w.no_links, false, None),
    }
}

/// The headings under which a new webhook's kinds are offered, and what stands under each:
/// whatever is told to anybody, each once.
#[must_use]
pub fn offered(l: Lang) -> Vec<(&'static str, Vec<Kind>)> {
    let headings = [
        l.pick("受理", "Acceptance"),
        l.pick("交办与办理", "Assigning and handling"),
        l.pick("时限与督办", "Limits and supervision"),
        l.pick("办结与评价", "Closing and rating"),
        l.pick("整改与归档", "Rectification and the end"),
        l.pick("携带评价链接（须批准）", "With a link to rate (has to be allowed)"),
    ];
    let told: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| kind.public_sentence().is_some()).collect();
    let of = |place| told.iter().copied().filter(|kind| heading(*kind) == place).collect();
    headings.into_iter().enumerate().map(|(place, heading)| (heading, of(place))).collect()
}

fn heading(kind: Kind) -> usize {
    use Kind as K;
    match kind {
        kind if WITH_LINK.contains(&kind) => 5,
        K::Submitted
        | K::Accepted
        | K::Rejected
        | K::SupplementAsked
        | K::Reclassified
        | K::Supplemented
        | K::SupplementLapsed
        | K::Appealed
        | K::FactsAdded
        | K::Withdrawn
        | K::Merged => 0,
        K::Urged
        | K::Reminded
        | K::Supervised
        | K::Escalated
        | K::Notified
        | K::DueRecomputed
        | K::ExtensionRequested
        | K::Extended
        | K::ExtensionRefused
        | K::DeferralRequested
        | K::Deferred
        | K::DeferralRefused
        | K::DeferralReviewed
        | K::Resumed => 2,
        K::Reported
        | K::SentBack
        | K::Closed
        | K::Rated
        | K::RatingAppealed
        | K::AppealUrged
        | K::AppealDecided
        | K::RatingExcluded
        | K::RatingUpheld => 3,
        K::RectificationStarted
        | K::RecheckStarted
        | K::CallAttempted
        | K::Objected
        | K::Contacted
        | K::Rectified
        | K::FollowedUp
        | K::Archived
        | K::Lapsed
        | K::Reopened => 4,
        _ => 1,
    }
}
