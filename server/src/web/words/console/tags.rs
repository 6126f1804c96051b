//! Words of the pages of tags.

use qiyema_protocol::rating::Verdict;

use crate::web::words::lang::Lang;

/// Texts of the pages.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct TagWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub edit: &'static str,
    pub edit_lead: &'static str,
    pub published: &'static str,
    pub offered: &'static str,
    pub at: &'static str,
    pub by: &'static str,
    pub built_in: &'static str,
    pub unknown: &'static str,
    pub count: &'static str,
    pub earlier: &'static str,
    pub earlier_lead: &'static str,
    pub no_earlier: &'static str,
    pub none: &'static str,
    pub side: &'static str,
    pub place: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub id: &'static str,
    pub score: &'static str,
    pub out: &'static str,
    pub choose: &'static str,
    pub new: &'static str,
    pub new_lead: &'static str,
    pub new_row: &'static str,
    pub place_wrong: &'static str,
    pub look: &'static str,
    pub preview: &'static str,
    pub change: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub added: &'static str,
    pub gone: &'static str,
    pub reworded: &'static str,
    pub rescored: &'static str,
    pub reordered: &'static str,
    pub will_offer: &'static str,
    pub for_ever: &'static str,
    pub back: &'static str,
}

const fn words(l: Lang) -> TagWords {
    TagWords {
        title: l.pick("评价标签", "Tags of ratings"),
        lead: l.pick(
            "企业评价时可以勾选的说法。修改即发布新版本；已有的评价永远按当时的版本显示。",
            "What owners may tick when they rate. A change is a new version; ratings given before keep the words they were given in.",
        ),
        edit: l.pick("修改标签", "Change the tags"),
        edit_lead: l.pick(
            "先预览，确认后才发布。同一分值的标签按顺序号从小到大排列。考核数据按勾选时的文字统计：改写后另列一行；改变意思的，请停用旧标签，另加新标签。",
            "You see what changes before it is published. Tags of one score stand by their place, lowest first. Figures count a tag by the words it was ticked in: reworded, it is another line. Where the meaning changes, take it out and add another.",
        ),
        published: l.pick("已发布，企业现在看到的就是新版本。", "Published: owners are offered the new version."),
        offered: l.pick("现在提供的版本", "Offered now"),
        at: l.pick("发布时间", "Published"),
        by: l.pick("发布人", "By"),
        built_in: l.pick("系统自带", "came with the system"),
        unknown: l.pick("没有记录", "not recorded"),
        count: l.pick("标签数", "Tags"),
        earlier: l.pick("以前的版本", "Earlier versions"),
        earlier_lead: l.pick(
            "只增不改。按这些版本给出的评价，仍显示当时的文字。",
            "Never changed. What was rated by them is still read in their words.",
        ),
        no_earlier: l.pick("还没有以前的版本。", "There is no earlier version yet."),
        none: l.pick("没有标签。", "There are no tags."),
        side: l.pick("评价", "Rating"),
        place: l.pick("顺序", "Place"),
        zh: l.pick("中文", "Chinese"),
        en: l.pick("英文", "English"),
        id: l.pick("编号", "Id"),
        score: l.pick("分值", "Score"),
        out: l.pick("停用", "Take out"),
        choose: l.pick("请选择", "Choose"),
        new: l.pick("新增标签", "New tags"),
        new_lead: l.pick(
            "不用的行留空。编号可以不填，由系统编；自己填的，用小写字母、数字、下划线，如slow_reply。",
            "Leave rows empty that you do not need. Without an id the system makes one; your own has lower-case letters, digits and underscores, such as slow_reply.",
        ),
        new_row: l.pick("新标签", "New tag"),
        place_wrong: l.pick("请填0至9999的整数", "enter a whole number from 0 to 9999"),
        look: l.pick("预览", "Preview"),
        preview: l.pick("预览新版本", "Preview of the new version"),
        change: l.pick("改动", "Change"),
        before: l.pick("原来", "Before"),
        after: l.pick("发布后", "After"),
        added: l.pick("新增", "New"),
        gone: l.pick("停用", "Taken out"),
        reworded: l.pick("改写", "Reworded"),
        rescored: l.pick("改分值", "Other score"),
        reordered: l.pick("标签的先后顺序有调整。", "Tags that stay stand in another order."),
        will_offer: l.pick("企业将看到", "What owners will see"),
        for_ever: l.pick(
            "发布后立即生效，不能撤回，也不能修改；需要再改，只能再发布一个版本。",
            "It is offered at once and can never be taken back or changed; another change is another version.",
        ),
        back: l.pick("返回修改", "Back to the form"),
    }
}

impl TagWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: TagWords = words(Lang::Zh);
        const EN: TagWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// The name of a version.
#[must_use]
pub fn version(l: Lang, version: u32) -> String {
    match l {
        Lang::Zh => format!("第{version}版"),
        Lang::En => format!("Version {version}"),
    }
}

/// What the button of the confirmation says.
#[must_use]
pub fn publish(l: Lang, version: u32) -> String {
    match l {
        Lang::Zh => format!("发布第{version}版"),
        Lang::En => format!("Publish version {version}"),
    }
}

/// What becomes of the tags that are on offer, in a sentence.
#[must_use]
pub fn sum(l: Lang, added: usize, gone: usize, edited: usize, kept: usize) -> String {
    match l {
        Lang::Zh => format!("新增{added}个，停用{gone}个，修改{edited}个，不变{kept}个。"),
        Lang::En => format!("{added} new, {gone} taken out, {edited} changed, {kept} as before."),
    }
}

/// Said when somebody published while the form was open.
#[must_use]
pub fn overtaken(l: Lang, told: &str, current: u32) -> String {
    match l {
        Lang::Zh => format!(
            "{told}没有发布。您的改动保留在下面，已放到第{current}版上；请核对后重新预览，预览会列出与第{current}版的全部差别。"
        ),
        Lang::En => format!(
            "{told} Nothing was published. Your changes are kept below, on top of version {current}; look them over and preview again: it lists all that differs from version {current}."
        ),
    }
}

/// The side of ratings that tags go with.
#[must_use]
pub const fn side(l: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => l.pick("好评", "Good"),
        Verdict::Bad => l.pick("差评", "Bad"),
    }
}

/// A score in words; the fourth level shares the tags of the fifth.
#[must_use]
pub const fn score(l: Lang, score: u8) -> &'static str {
    match score {
        5 => l.pick("5/4 非常满意、满意", "5/4 very satisfied, satisfied"),
        3 => l.pick("3 基本满意", "3 basically satisfied"),
        2 => l.pick("2 不满意", "2 dissatisfied"),
        1 => l.pick("1 非常不满意", "1 very dissatisfied"),
        _ => "",
    }
}
