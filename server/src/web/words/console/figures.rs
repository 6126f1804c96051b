//! Words of the figures' page. Names and formulas of the figures themselves are said in the domain.

use qiyema_protocol::{
    figures::{By, Figure, Standing},
    text::Text,
};

use crate::{domain::figures::said, web::words::lang::Lang};

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct FigureWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub by: &'static str,
    pub show: &'static str,
    pub good: &'static str,
    pub on_time: &'static str,
    pub on_time_first: &'static str,
    pub rated: &'static str,
    pub at_once: &'static str,
    pub closed: &'static str,
    pub accepted: &'static str,
    pub days: &'static str,
    pub first_word: &'static str,
    pub waiting: &'static str,
    pub before: &'static str,
    pub no_rate: &'static str,
    pub rank: &'static str,
    pub standing: &'static str,
    pub withheld: &'static str,
    pub empty: &'static str,
    pub empty_lead: &'static str,
    pub ratings: &'static str,
    pub received: &'static str,
    pub counted: &'static str,
    pub unverified: &'static str,
    pub superseded: &'static str,
    pub excluded: &'static str,
    pub good_raw: &'static str,
    pub not_rated: &'static str,
    pub open: &'static str,
    pub how: &'static str,
    pub average: &'static str,
    pub bad_period: &'static str,
    pub sheet: &'static str,
}

const fn words(l: Lang) -> FigureWords {
    FigureWords {
        title: l.pick("考核数据", "Figures"),
        lead: l.pick(
            "只统计企业验证身份后的评价;未评价的不算满意。横线是95%置信区间,区间越宽,把握越小。",
            "Only ratings of owners who proved themselves count; whoever did not rate is not counted as content. The line is the 95 % interval: the wider, the less is known.",
        ),
        from: l.pick("开始日期", "From"),
        to: l.pick("结束日期", "To"),
        by: l.pick("分组", "By"),
        show: l.pick("查看", "Show"),
        good: l.pick("好评率", "Good ratings"),
        on_time: l.pick("按时办结率", "Closed in time"),
        on_time_first: l.pick("按首次承诺办结率", "In time by the first promise"),
        rated: l.pick("评价率", "Rated"),
        at_once: l.pick("一次办结率", "Settled at once"),
        closed: l.pick("办结件数", "Closures"),
        accepted: l.pick("受理件数", "Accepted"),
        days: l.pick("平均办理工作日", "Working days to close"),
        first_word: l.pick("首次响应(工作小时)", "First word (working hours)"),
        waiting: l.pick("刚有变动,正在重新统计的天数:", "Something just happened; days being counted anew: "),
        before: l.pick("上期", "before"),
        no_rate: l.pick("暂无数据", "nothing yet"),
        rank: l.pick("名次", "Rank"),
        standing: l.pick("与总体相比", "Beside all"),
        withheld: l.pick("不足5件,不公布", "under 5, withheld"),
        empty: l.pick("这段时间没有办结的问题", "Nothing was closed and nothing fell due in this period"),
        empty_lead: l.pick("换一段时间看看。", "Choose another period."),
        ratings: l.pick("收到的评价", "Ratings received"),
        received: l.pick("收到", "received"),
        counted: l.pick("计入", "counted"),
        unverified: l.pick("未验证身份", "unverified"),
        superseded: l.pick("已被企业评价取代", "superseded by the owner's"),
        excluded: l.pick("申诉成立不计入", "left out by appeal"),
        good_raw: l.pick("好评率(未剔除前)", "Good ratings as received"),
        not_rated: l.pick("未评价", "not rated"),
        open: l.pick("尚可评价", "can still be rated"),
        how: l.pick("如何计算", "How this is computed"),
        average: l.pick("总体", "all"),
        bad_period: l.pick("日期不正确,请按“年-月-日”填写。", "Not a date: write year-month-day."),
        sheet: l.pick("数据", "Figures"),
    }
}

impl FigureWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: FigureWords = words(Lang::Zh);
        const EN: FigureWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// What figures are grouped by.
#[must_use]
pub const fn by(l: Lang, by: By) -> &'static str {
    match by {
        By::Unit => l.pick("责任单位", "Unit"),
        By::Handler => l.pick("承办人", "Person"),
        By::Category => l.pick("问题类别", "Category"),
        By::Channel => l.pick("受理渠道", "Channel"),
        By::Level => l.pick("层级", "Level"),
        By::Grade => l.pick("难易程度", "Grade"),
    }
}

/// A group beside all.
#[must_use]
pub const fn standing(l: Lang, standing: Standing) -> &'static str {
    match standing {
        Standing::Above => l.pick("明显高于总体", "clearly above"),
        Standing::Within => l.pick("与总体无显著差异", "may be chance"),
        Standing::Below => l.pick("明显低于总体", "clearly below"),
    }
}

/// Each figure and its formula, then the rules that hold for all.
#[must_use]
pub fn formulas(l: Lang) -> Vec<(String, String)> {
    let say = |text: Text| l.say(&text).to_owned();
    let figures = Figure::ALL.into_iter().map(|figure| (said::name(figure), said::formula(figure)));
    figures.chain(said::rules()).map(|(name, how)| (say(name), say(how))).collect()
}
