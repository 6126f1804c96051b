//! Words of the issue page.

use qiyema_protocol::{clocks::ClockKind, staff::Supervision, text::Text};

use crate::{domain::event::Kind, web::words::lang::Lang};

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct IssueWords {
    pub back: &'static str,
    pub next: &'static str,
    pub asked: &'static str,
    pub other: &'static str,
    pub nothing: &'static str,
    pub text: &'static str,
    pub facts: &'static str,
    pub clocks: &'static str,
    pub no_clock: &'static str,
    pub timeline: &'static str,
    pub owner_view: &'static str,
    pub owner_help: &'static str,
    pub enterprise: &'static str,
    pub uscc: &'static str,
    pub assisting: &'static str,
    pub submitted: &'static str,
    pub first_promise: &'static str,
    pub promise: &'static str,
    pub round: &'static str,
    pub supervision: &'static str,
    pub by: &'static str,
    pub owner: &'static str,
    pub clock: &'static str,
    pub stranger: &'static str,
    pub for_owner: &'static str,
    pub conflict: &'static str,
    pub conflict_help: &'static str,
    pub own_news: &'static str,
    /// Before and after the moment.
    pub own_step: (&'static str, &'static str),
    pub own_step_help: &'static str,
    pub typed: &'static str,
    pub refused: &'static str,
    pub legal: &'static str,
    pub done: &'static str,
    pub registered: &'static str,
    pub stop: &'static str,
    pub reply: &'static str,
    pub result: &'static str,
    pub rated: &'static str,
    pub contact: &'static str,
    pub not_rated: &'static str,
    pub confirm: &'static str,
}

const fn words(l: Lang) -> IssueWords {
    IssueWords {
        back: l.pick("返回列表", "Back to the list"),
        asked: l.pick("请企业补充：", "Asked of the enterprise:"),
        next: l.pick("下一步", "Next step"),
        other: l.pick("其他操作", "Other actions"),
        nothing: l.pick("目前没有需要您办理的操作。", "There is nothing for you to do here now."),
        text: l.pick("问题全文", "The issue"),
        facts: l.pick("基本信息", "Facts"),
        clocks: l.pick("时限", "Clocks"),
        no_clock: l.pick("目前没有正在计时的时限。", "No clock is running."),
        timeline: l.pick("办理过程", "What happened"),
        owner_view: l.pick("企业看到的", "What the owner sees"),
        owner_help: l.pick("企业输入企业口令后在手机上看到的内容", "As shown on the phone after the PIN"),
        enterprise: l.pick("企业", "Enterprise"),
        uscc: l.pick("信用代码", "USCC"),
        assisting: l.pick("协办单位", "Assisting units"),
        submitted: l.pick("登记时间", "Registered"),
        first_promise: l.pick("最初承诺", "First promise"),
        promise: l.pick("现承诺", "Promised now"),
        round: l.pick("办理轮次", "Round"),
        supervision: l.pick("督办情况", "Supervision"),
        by: l.pick("经手", "by"),
        owner: l.pick("企业", "the owner"),
        clock: l.pick("系统", "System"),
        stranger: l.pick("扫码人（未验证）", "somebody who scanned, unverified"),
        for_owner: l.pick("企业可见", "the owner reads this"),
        conflict: l.pick("这个问题刚被他人更新", "Somebody changed this issue meanwhile"),
        conflict_help: l.pick(
            "您填写的内容已保留在下方。请看过以下变化后再决定是否提交。",
            "What you typed is kept below. Read what changed, then decide whether to send it.",
        ),
        own_news: l.pick("您本人刚更新过这个问题", "You changed this issue yourself meanwhile"),
        own_step: (l.pick("这一步您已于", "You did this already, at "), l.pick("办理", "")),
        own_step_help: l.pick(
            "不必再次提交。如需再办一次，请看过以下情况后重新提交。",
            "There is no need to send it again. To do it once more, read what happened and send it again.",
        ),
        typed: l.pick("您刚才填写的内容", "What you typed"),
        refused: l.pick("没有办成", "That could not be done"),
        legal: l.pick("目前可以办理：", "What you can do now:"),
        done: l.pick("已完成：", "Done: "),
        registered: l.pick("问题已登记。", "The issue is registered. "),
        stop: l.pick("。", ". "),
        reply: l.pick("办结答复", "Reply"),
        result: l.pick("办理结果", "Result"),
        rated: l.pick("企业评价", "Rated"),
        contact: l.pick("联系人", "Contact"),
        not_rated: l.pick("未评价", "Not rated"),
        confirm: l.pick("确认", "Confirm: "),
    }
}

impl IssueWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: IssueWords = words(Lang::Zh);
        const EN: IssueWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// The name of a clock.
#[must_use]
pub const fn clock(l: Lang, kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::Accept => l.pick("受理", "Accept"),
        ClockKind::Supplement => l.pick("等待补充材料", "Waiting for information"),
        ClockKind::Sign => l.pick("签收", "Sign for"),
        ClockKind::FirstContact => l.pick("首次联系企业", "First contact"),
        ClockKind::Ruling => l.pick("退单审定", "Rule on the return"),
        ClockKind::Interim => l.pick("阶段性答复", "Interim reply"),
        ClockKind::Close => l.pick("办结", "Close"),
        ClockKind::Assist => l.pick("协办答复", "Assisting reply"),
        ClockKind::Review => l.pick("办结审核", "Review"),
        ClockKind::DeferralReview => l.pick("挂账复核", "Review of the deferral"),
        ClockKind::Contact => l.pick("差评联系", "Contact after a bad rating"),
        ClockKind::Fix => l.pick("差评整改", "Put right"),
        ClockKind::Recheck => l.pick("整改复核", "Re-check"),
        ClockKind::Rate => l.pick("评价期", "Rating window"),
    }
}

/// How far the responsible were urged.
#[must_use]
pub const fn supervision(l: Lang, one: Supervision) -> Option<&'static str> {
    match one {
        Supervision::None => None,
        Supervision::Reminded => Some(l.pick("已催办", "Reminded")),
        Supervision::Supervised => Some(l.pick("已督办", "Supervised")),
        Supervision::Escalated => Some(l.pick("已提级", "Escalated")),
        Supervision::Reported => Some(l.pick("已通报", "In the circular notice")),
    }
}

/// What happened, for staff: the owner's sentence, or what the owner does not see.
#[must_use]
pub fn event(l: Lang, kind: Kind) -> String {
    let own = match kind {
        Kind::ReturnRequested => l.pick("申请退单", "Return requested"),
        Kind::ReturnRuled => l.pick("审定退单", "Ruled on the return"),
        _ => "",
    };
    if !own.is_empty() {
        return own.to_owned();
    }
    if let Some(sentence) = kind.public_sentence() {
        return l.say(&sentence).to_owned();
    }
    let said = match kind {
        Kind::Attached => l.pick("添加附件", "Attachments added"),
        Kind::EnterpriseRegistered => l.pick("登记企业", "Enterprise registered"),
        Kind::CodeIssued => l.pick("签发企业码", "Code issued"),
        Kind::CodeReplaced => l.pick("换发企业码", "Code replaced"),
        Kind::EnterpriseRenamed => l.pick("更改企业名称", "Enterprise renamed"),
        Kind::CodeSuspended => l.pick("暂停企业码", "Code suspended"),
        Kind::CodeResumed => l.pick("恢复企业码", "Code resumed"),
        Kind::CodePrinted => l.pick("打印企业码", "Code printed"),
        Kind::PinReset => l.pick("重置企业口令", "PIN reset"),
        Kind::PinPrinted => l.pick("打印企业口令信", "PIN letter printed"),
        Kind::RatingAppealed => l.pick("申诉评价", "Appeal against a rating"),
        Kind::AppealUrged => l.pick("催办申诉复核", "Decision on an appeal urged"),
        Kind::AppealDecided => l.pick("复核意见", "Decision on an appeal"),
        Kind::RatingExcluded => l.pick("评价不计入考核", "Rating left out of the figures"),
        Kind::RatingUpheld => l.pick("评价有效", "Rating stands"),
        Kind::CodeRevoked => l.pick("停用企业码", "Code revoked"),
        _ => "",
    };
    if said.is_empty() { crate::store::columns::word(kind).unwrap_or_default() } else { said.to_owned() }
}

/// The same of an event whose facts are known: an urging names the limit that was late, the end of an appeal whoever
/// decided on it with a younger role.
#[must_use]
pub fn event_of(l: Lang, kind: Kind, facts: &serde_json::Value) -> String {
    match kind.told(facts).filter(|_| kind.says_more()) {
        Some(sentence) => l.say(&sentence).to_owned(),
        None => event(l, kind),
    }
}

/// The name of a fact of an event.
#[must_use]
pub fn fact(l: Lang, key: &str) -> &'static str {
    match key {
        "unit" | "lead" => l.pick("单位", "unit"),
        "handler" => l.pick("经办人", "handler"),
        "limits" => l.pick("时限", "limits"),
        "assisting_ended" => l.pick("协办终止", "no longer assists"),
        "category_from" => l.pick("原类别", "category before"),
        "category_to" => l.pick("更正为", "category now"),
        "from" => l.pick("原期限", "from"),
        "to" => l.pick("新期限", "to"),
        "due_on" => l.pick("承诺期限", "due"),
        "review_on" => l.pick("下次复核", "review"),
        "working_days" => l.pick("工作日", "working days"),
        "result" => l.pick("结果", "result"),
        "decision" => l.pick("审定", "ruling"),
        "reached" => l.pick("已接通", "reached"),
        "contacted" => l.pick("承办单位联系过企业", "the unit had been in touch"),
        "solved" => l.pick("是否解决", "solved"),
        "satisfaction" => l.pick("满意度", "satisfaction"),
        _ => l.pick("原因", "reason"),
    }
}

/// The value of a fact: the word of an enum becomes a sentence.
#[must_use]
pub fn fact_value(l: Lang, key: &str, value: &str) -> String {
    use crate::{domain::words, store::columns::unword};
    let said = match key {
        "reason" => match unword(value) {
            Ok(reason) => Some(words::extension_reason(reason)),
            // The other list of reasons: why something was not accepted.
            Err(_) => unword(value).ok().map(|reason| {
                let said = |lang| super::verbs::rejection(lang, reason).to_owned();
                Text::new(said(Lang::Zh), said(Lang::En))
            }),
        },
        "result" => unword(value).ok().map(words::outcome),
        "decision" if value == "granted" => Some(Text::new("同意", "granted")),
        "decision" => Some(Text::new("不同意", "refused")),
        "limits" => return limits(l, value),
        "solved" => {
            return unword(value)
                .map_or_else(|_| value.to_owned(), |one| super::ratings::solved(l, one).to_owned());
        }
        "satisfaction" => {
            return unword(value)
                .map_or_else(|_| value.to_owned(), |one| super::ratings::level(l, one).to_owned());
        }
        "reached" | "contacted" => {
            return if value == "true" { l.pick("是", "yes") } else { l.pick("否", "no") }.to_owned();
        }
        _ => None,
    };
    said.map_or_else(|| value.to_owned(), |text| l.say(&text).to_owned())
}

/// Limits that were counted again: which, from which day to which.
fn limits(l: Lang, value: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Moved {
        kind: ClockKind,
        from_on: chrono::NaiveDate,
        to_on: chrono::NaiveDate,
    }
    let moved: Vec<Moved> = serde_json::from_str(value).unwrap_or_default();
    let one = |one: &Moved| format!("{} {} → {}", clock(l, one.kind), one.from_on, one.to_on);
    moved.iter().map(one).collect::<Vec<_>>().join(l.pick("、", ", "))
}
