//! Words of the ratings' pages.

use qiyema_protocol::{
    appeal::{Ground, Judgement, PinDeedKind, Show},
    rating::{Flag, Level, Proof, Round, Solved, Tier, Verdict},
};

use crate::web::words::lang::Lang;

/// Texts of the pages.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct RatingWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub one: &'static str,
    pub show: &'static str,
    pub verdict_pick: &'static str,
    pub any: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub apply: &'static str,
    pub empty: &'static str,
    pub empty_lead: &'static str,
    pub none_so_far: &'static str,
    pub more: &'static str,
    pub rating: &'static str,
    pub issue: &'static str,
    pub unit: &'static str,
    pub when: &'static str,
    pub appeal: &'static str,
    pub tags: &'static str,
    pub comment: &'static str,
    pub counts: &'static str,
    pub excluded: &'static str,
    pub undecided: &'static str,
    pub ground: &'static str,
    pub by: &'static str,
    pub decisions: &'static str,
    pub none_yet: &'static str,
    pub given_later: &'static str,
    pub some_later: &'static str,
    pub you_later: &'static str,
    pub file: &'static str,
    pub file_help: &'static str,
    pub file_until: &'static str,
    pub file_over: &'static str,
    pub reason: &'static str,
    pub reason_help: &'static str,
    pub decide: &'static str,
    pub decide_help: &'static str,
    pub judgement: &'static str,
    pub decide_reason_help: &'static str,
    pub verdict: &'static str,
    pub level: &'static str,
    pub solved: &'static str,
    pub call_back: &'static str,
    pub call_back_help: &'static str,
    pub due: &'static str,
    pub flagged: &'static str,
    pub flags: &'static str,
    pub flags_help: &'static str,
    pub review: &'static str,
    pub review_help: &'static str,
}

const fn words(l: Lang) -> RatingWords {
    RatingWords {
        title: l.pick("评价与申诉", "Ratings and appeals"),
        lead: l.pick(
            "可见评价内容，不可见评价人。评价不能修改或删除；申诉成立的，另行记录，不计入考核。",
            "What was said, never who said it. A rating is never changed or deleted; an accepted appeal is a further record that leaves it out of the figures.",
        ),
        one: l.pick("评价", "Rating"),
        show: l.pick("范围", "Show"),
        verdict_pick: l.pick("好评差评", "Good or bad"),
        any: l.pick("不限", "Any"),
        from: l.pick("办结自", "Closed from"),
        to: l.pick("办结至", "Closed to"),
        apply: l.pick("查看", "Show"),
        empty: l.pick("没有评价", "No ratings"),
        empty_lead: l.pick("企业评价后会显示在这里；设了条件的，放宽条件再看。", "Ratings appear here when enterprises give them; with a filter set, widen it."),
        none_so_far: l.pick("查过的部分里没有，后面还没有查完", "None in what was looked through so far; there is more"),
        more: l.pick(
            "一页只查有限的部分，后面还没有查完，请点“下一页”继续；选定单位或办结日期，查得更快。",
            "So much is looked through for a page; there is more: go on with the next page. With a unit or days of closures it is found sooner.",
        ),
        rating: l.pick("评价", "Rating"),
        issue: l.pick("问题", "Issue"),
        unit: l.pick("办结单位", "Unit"),
        when: l.pick("时间", "When"),
        appeal: l.pick("申诉", "Appeal"),
        tags: l.pick("标签", "Tags"),
        comment: l.pick("评语", "Comment"),
        counts: l.pick("是否计入考核", "Counted"),
        excluded: l.pick("申诉成立，不计入考核", "appeal accepted, not counted"),
        undecided: l.pick("复核中", "being decided"),
        ground: l.pick("理由", "Ground"),
        by: l.pick("提出人", "Appealed by"),
        decisions: l.pick("复核意见", "Decisions"),
        none_yet: l.pick("尚无意见", "none yet"),
        given_later: l.pick(
            "在申诉提出后才取得复核资格，授予人：",
            "Got the role that decides after the appeal was filed, from ",
        ),
        some_later: l.pick(
            "有复核人在申诉提出后才取得资格",
            "somebody who decided got the role for it after the appeal was filed",
        ),
        you_later: l.pick(
            "您在申诉提出后才取得复核资格。此前已有资格的人员不足，由您复核；复核意见中将注明。授予人：",
            "You got the role that decides after this appeal was filed. Those who had it before are too few, so you may decide; your decision will say so. It was given by ",
        ),
        file: l.pick("提出申诉", "Appeal"),
        file_help: l.pick(
            "只能对计入考核的差评申诉，每条一次，由与该问题无关的两人复核。",
            "Against a bad rating that counts, once; two people who had no part in the issue decide.",
        ),
        file_until: l.pick("申诉最后一天：", "Last day to appeal: "),
        file_over: l.pick("申诉期限已过，最后一天是 ", "The time to appeal is over; the last day was "),
        reason: l.pick("说明", "Reason"),
        reason_help: l.pick("10至1000个字符", "10 to 1000 characters"),
        decide: l.pick("提交复核意见", "Decide"),
        decide_help: l.pick(
            "两人意见一致即为结果；不一致的，由第三人决定。提交后不能更改。",
            "Two equal decisions are the outcome; a third person settles two that differ. A decision cannot be changed.",
        ),
        judgement: l.pick("意见", "Decision"),
        verdict: l.pick("企业的评价", "What the enterprise says"),
        level: l.pick("满意度", "Level"),
        solved: l.pick("是否解决", "Was it solved?"),
        call_back: l.pick("登记电话回访评价", "Enter a rating by telephone"),
        call_back_help: l.pick(
            "照企业原话登记，不代为选择。记录注明电话回访和您的姓名，单列统计，不替代企业本人的评价。",
            "As the enterprise said it. The record names the call-back and you, is shown apart, and never replaces the owner's own.",
        ),
        due: l.pick("应于", "to be decided by"),
        flagged: l.pick("待核查", "flagged"),
        flags: l.pick("标记", "Flags"),
        flags_help: l.pick(
            "标记只供核查，不影响统计。如需剔除，须提请复核，由另外两人决定。",
            "A flag is for looking at it and changes no figure. Leaving the rating out takes a review, decided by two other people.",
        ),
        review: l.pick("提请复核", "Ask for a review"),
        review_help: l.pick(
            "提请人不参与决定；由本单位以外的另外两人复核，意见不一致时由第三人决定。",
            "Whoever asks does not decide: two other people outside the unit do, and a third if they differ.",
        ),
        decide_reason_help: l.pick("4至500个字符，结果确定后企业和单位可见", "4 to 500 characters; the owner and the unit read it with the outcome"),
    }
}

impl RatingWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: RatingWords = words(Lang::Zh);
        const EN: RatingWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// Which ratings are shown.
#[must_use]
pub const fn show(l: Lang, show: Show) -> &'static str {
    match show {
        Show::All => l.pick("全部评价", "All ratings"),
        Show::Counted => l.pick("计入好评率的", "Counted as good or bad"),
        Show::Appealed => l.pick("有申诉的", "With an appeal"),
        Show::Waiting => l.pick("待复核的", "To be decided"),
        Show::Flagged => l.pick("待核查的", "Flagged"),
        Show::ByWebhook => l.pick("经推送系统的链接评价的", "By a link sent through a webhook"),
    }
}

/// A ground.
#[must_use]
pub const fn ground(l: Lang, ground: Ground) -> &'static str {
    match ground {
        Ground::Mistaken => l.pick("误评", "Given by mistake"),
        Ground::Malicious => l.pick("恶意评价", "Malicious"),
        Ground::Suspect => l.pick("来源存疑", "Doubtful origin"),
    }
}

/// Why a rating is flagged.
#[must_use]
pub const fn flag(l: Lang, flag: Flag) -> &'static str {
    match flag {
        Flag::OfficeNetwork => l.pick("来自办公网络", "From a network of the offices"),
        Flag::BurstNetwork => l.pick(
            "同一网络短时间内多次评价同一单位或承办人",
            "Many ratings of this unit or handler from one network within minutes",
        ),
        Flag::BurstDevice => l.pick(
            "同一设备短时间内多次评价同一单位或承办人",
            "Many ratings of this unit or handler from one device within minutes",
        ),
        Flag::SharedDevice => l.pick("同一设备为多家企业评价", "One device rated for several enterprises"),
        Flag::FreshPin => l.pick(
            "评价前不久，工作人员刚设置或打印过该企业的口令",
            "Staff had set or printed the PIN shortly before",
        ),
        Flag::StaffAddress => l.pick(
            "评价链接发到了工作人员、本单位或多家企业共用的邮箱",
            "The link went to a mailbox of staff, of their house, or of several enterprises",
        ),
    }
}

/// What staff did with the PIN, before who and when.
#[must_use]
pub const fn pin_deed(l: Lang, kind: PinDeedKind) -> &'static str {
    match kind {
        PinDeedKind::Issued => l.pick("签发企业码并生成口令", "Issued a code with its PIN"),
        PinDeedKind::Reset => l.pick("重置口令", "Reset the PIN"),
        PinDeedKind::Printed => l.pick("打印口令信", "Printed a letter with the PIN"),
    }
}

/// What is decided.
#[must_use]
pub const fn judgement(l: Lang, judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Accepted => l.pick("申诉成立，不计入考核", "Accepted: the rating does not count"),
        Judgement::Rejected => l.pick("申诉不成立，评价有效", "Rejected: the rating stands"),
    }
}

/// A verdict.
#[must_use]
pub const fn verdict(l: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => l.pick("好评", "Good"),
        Verdict::Bad => l.pick("差评", "Bad"),
    }
}

/// A level.
#[must_use]
pub const fn level(l: Lang, level: Level) -> &'static str {
    match level {
        Level::VerySatisfied => l.pick("非常满意", "Very satisfied"),
        Level::Satisfied => l.pick("满意", "Satisfied"),
        Level::BasicallySatisfied => l.pick("基本满意", "Basically satisfied"),
        Level::Dissatisfied => l.pick("不满意", "Dissatisfied"),
        Level::VeryDissatisfied => l.pick("非常不满意", "Very dissatisfied"),
    }
}

/// Whether it was solved.
#[must_use]
pub const fn solved(l: Lang, solved: Solved) -> &'static str {
    match solved {
        Solved::Yes => l.pick("已解决", "Solved"),
        Solved::Partly => l.pick("部分解决", "Partly solved"),
        Solved::No => l.pick("未解决", "Not solved"),
    }
}

/// What proof stood behind it.
#[must_use]
pub const fn tier(l: Lang, tier: Tier) -> &'static str {
    match tier {
        Tier::Owner => l.pick("企业评价", "The owner's"),
        Tier::Unverified => l.pick("未验证身份", "Unverified"),
        Tier::CallBack => l.pick("电话回访", "By call-back"),
    }
}

/// What stood behind it, where the tier does not say it.
#[must_use]
pub fn proof(l: Lang, proof: Proof, officer: Option<&str>, webhook: Option<&str>) -> Option<String> {
    match proof {
        Proof::Code | Proof::Pin => None,
        Proof::Invitation => Some(match (webhook, l) {
            (None, _) => l.pick("评价邀请链接（邮件）", "The link of an invitation, by letter").to_owned(),
            (Some(name), Lang::Zh) => format!("评价邀请链接，经推送系统“{name}”发出"),
            (Some(name), Lang::En) => format!("The link of an invitation, sent through the webhook “{name}”"),
        }),
        Proof::CallBack => {
            let by = l.pick("电话回访，登记人", "A call-back by");
            Some(format!("{by} {}", officer.unwrap_or("—")))
        }
    }
}

/// Which rating of the closure.
#[must_use]
pub const fn round(l: Lang, round: Round) -> &'static str {
    match round {
        Round::First => l.pick("评价", "First"),
        Round::Second => l.pick("追评", "Second"),
        Round::Rectification => l.pick("对整改的评价", "Of the rectification"),
    }
}
