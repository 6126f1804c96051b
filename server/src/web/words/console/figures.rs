//! Words of the figures' page. Names and formulas of the figures themselves are said in the domain.

pub mod closures;
pub mod sentences;

use qiyema_protocol::{
    figures::{By, Figure},
    text::Text,
};

use crate::{domain::figures::said, web::words::lang::Lang};

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct FigureWords {
    pub title: &'static str,
    /// Where ratings given with the code alone count.
    pub lead_unverified: &'static str,
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
    pub waiting: (&'static str, &'static str),
    pub before: &'static str,
    pub no_rate: &'static str,
    pub rank: &'static str,
    pub standing: &'static str,
    pub standing_on_time: &'static str,
    pub changed: &'static str,
    pub withheld: &'static str,
    pub no_ratings: &'static str,
    pub alone: &'static str,
    pub is_real: &'static str,
    pub choose: &'static str,
    pub unfinished: &'static str,
    pub unfinished_key: &'static str,
    pub empty: &'static str,
    pub empty_lead: &'static str,
    pub received: &'static str,
    pub counted: &'static str,
    pub unverified: &'static str,
    pub superseded: &'static str,
    pub excluded: &'static str,
    pub flagged: &'static str,
    /// Heading of how many ratings of a group appeals left out.
    pub left_out: &'static str,
    pub good_raw: &'static str,
    pub raws: &'static str,
    pub raws_lead: &'static str,
    pub adjusted: &'static str,
    pub raw: &'static str,
    pub as_of: &'static str,
    pub not_rated: &'static str,
    pub open: &'static str,
    pub how_rated: &'static str,
    pub by_pin: &'static str,
    pub by_invitation: &'static str,
    pub by_call_back: &'static str,
    pub by_code: &'static str,
    pub all_left_out: &'static str,
    pub how: &'static str,
    pub average: &'static str,
    pub bad_period: &'static str,
    pub verdict: &'static str,
    pub read_it: (&'static str, &'static str, &'static str),
    pub with_interval: &'static str,
    pub not_proved: &'static str,
    pub withheld_beside: &'static str,
    pub trend: &'static str,
    pub month: &'static str,
    pub as_table: &'static str,
    pub funnel: &'static str,
    pub invited_step: &'static str,
    pub rated_step: &'static str,
    pub bad_step: &'static str,
    pub rectifying_step: &'static str,
    pub fixed_step: &'static str,
    pub content_step: &'static str,
    pub complaints: &'static str,
    pub no_complaints: &'static str,
    pub slowest: &'static str,
    pub on_time_short: &'static str,
    pub heat: &'static str,
    pub heat_lead: &'static str,
    pub unit: &'static str,
    pub report: &'static str,
    /// Ratings in the coding of the exchange interface.
    pub exchange_interface: &'static str,
    /// Ratings in the coding of the national standard.
    pub exchange_gbt: &'static str,
    pub print_it: &'static str,
    pub made_by: &'static str,
    pub checked_by: &'static str,
    pub signed_on: &'static str,
    pub annex: &'static str,
    pub figure: &'static str,
    pub formula: &'static str,
    pub interval: &'static str,
}

#[expect(clippy::too_many_lines, reason = "a list of texts, one a line")]
const fn words(l: Lang) -> FigureWords {
    FigureWords {
        title: l.pick("考核数据", "Figures"),
        lead: l.pick(
            "只统计企业验证身份后的评价；未评价的不算满意。",
            "Only ratings of owners who proved themselves count; whoever did not rate is not counted as content.",
        ),
        lead_unverified: l.pick(
            "按本中心设置，企业没有评价的，仅凭码、未验证身份的评价也计入；未评价的不算满意。",
            "As this centre set it, a rating given with the code alone counts where the owner gave none; whoever did not rate is not counted as content.",
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
        first_word: l.pick("首次响应（工作小时）", "First contact (working hours)"),
        waiting: (
            l.pick("新的办理动态正在统计，涉及", "What just happened is being counted: "),
            l.pick(
                "天；在那之前，下面的数可能差几件，请过几分钟刷新。",
                " days. Until then the numbers below may be off by a few; look again in some minutes.",
            ),
        ),
        before: l.pick("上期", "before"),
        no_rate: l.pick("无数据", "nothing"),
        rank: l.pick("名次", "Rank"),
        standing: l.pick("好评率与其余相比", "Good ratings beside the rest"),
        standing_on_time: l.pick("按时办结率与其余相比", "Closed in time beside the rest"),
        changed: l.pick("与上期相比", "Since the period before"),
        withheld: l.pick("不足5件，不公布", "under 5, withheld"),
        no_ratings: l.pick("无评价", "no ratings"),
        alone: l.pick("没有可比的组", "nobody to compare with"),
        is_real: l.pick("，差异属实", ": a real difference"),
        choose: l.pick("自选日期和分组", "Other days and groupings"),
        unfinished: l.pick("（未满月）", " (not over)"),
        unfinished_key: l.pick("* 未满月，仍在变化", "* not over, still changing"),
        empty: l.pick("这段时间没有办结的问题", "Nothing was closed and nothing fell due in this period"),
        empty_lead: l.pick("换一段时间看看。", "Choose another period."),
        received: l.pick("收到", "received"),
        counted: l.pick("计入", "counted"),
        unverified: l.pick("未验证身份", "unverified"),
        superseded: l.pick("已被企业评价取代", "superseded by the owner's"),
        excluded: l.pick("申诉成立不计入", "left out by appeal"),
        flagged: l.pick("其中待核查（有标记）", "of these flagged for review"),
        left_out: l.pick("申诉剔除", "Left out by appeal"),
        good_raw: l.pick("好评率（未剔除前）", "Good ratings as received"),
        raws: l.pick("申诉剔除前后", "Before and after appeals"),
        raws_lead: l.pick("申诉成立不计入的评价：", "Ratings left out by accepted appeals: "),
        adjusted: l.pick("剔除后", "adjusted"),
        raw: l.pick("剔除前", "as received"),
        as_of: l.pick("截至", "as of"),
        not_rated: l.pick("未评价", "not rated"),
        open: l.pick("尚可评价", "can still be rated"),
        how_rated: l.pick("办结件是怎样评价的", "How closures were rated"),
        by_pin: l.pick("企业凭口令", "owner with the PIN"),
        by_invitation: l.pick("企业凭邀评链接", "owner by invitation"),
        by_call_back: l.pick("电话回访", "by call-back"),
        by_code: l.pick("仅凭码", "with the code only"),
        all_left_out: l.pick("申诉剔除", "left out by appeal"),
        how: l.pick("如何计算", "How this is computed"),
        average: l.pick("总体", "all"),
        bad_period: l.pick("日期不正确，请按“年-月-日”填写。", "Not a date: write year-month-day."),
        verdict: l.pick("一句话结论", "In a sentence"),
        read_it: (
            l.pick(
                "方块是好评率，横线是95%区间（越宽，把握越小），虚线是总体；按区间下限排名。▲▼：与其余各组相比，差异属实；●：可能只是偶然。属实与否看",
                "The square is the share of good ratings, the line its 95 % interval (the wider, the less is known), the dashes all together; ranked by the lower end. ▲▼: beside all other groups the difference is real; ●: it may be chance. That is for ",
            ),
            l.pick("检验", "a test"),
            l.pick(
                "，不看横线是否碰到虚线。属实也不等于就是该组的责任：各组办的事难易不同，请对照下方“单位 × 类别”。",
                " to say, not for whether the line meets the dashes. Real is not yet that group's doing: not all have equally hard things to do; see units by categories below.",
            ),
        ),
        with_interval: l.pick("（带95%区间）", " (with its 95 % interval)"),
        not_proved: l.pick("未验证身份（仅凭码、电话回访）", "unverified (code alone, call-back)"),
        withheld_beside: l.pick("为防推算，不公布", "withheld: it would tell another"),
        trend: l.pick("近12个月走势", "The last twelve months"),
        month: l.pick("月份", "Month"),
        as_table: l.pick("查看表格", "As a table"),
        funnel: l.pick("从办结到满意", "From closed to content"),
        invited_step: l.pick("已邀评", "invited to rate"),
        rated_step: l.pick("有计入评价", "rated"),
        bad_step: l.pick("差评", "rated bad"),
        rectifying_step: l.pick("启动整改", "rectification begun"),
        fixed_step: l.pick("完成整改（单位报告）", "put right, by the unit's word"),
        content_step: l.pick("整改后好评", "rated good afterwards"),
        complaints: l.pick("差评集中在哪里", "What owners complain about"),
        no_complaints: l.pick("差评不足5件，不公布标签。", "Under five bad ratings; their tags are withheld."),
        slowest: l.pick("办理最慢的类别（平均工作日，不足5件的不列）", "Slowest categories (working days on average; of five or more)"),
        on_time_short: l.pick("按时", "in time"),
        heat: l.pick("单位 × 类别的好评率", "Good ratings by unit and category"),
        heat_lead: l.pick("每一格与其余各格之和比较。·：没有评价，或评价太少而不公布。", "Each cell is compared with all others together. ·: no ratings, or too few to be shown."),
        unit: l.pick("责任单位", "Unit"),
        report: l.pick("考核报告", "Report"),
        exchange_interface: l.pick("评价数据（交换接口编码，JSON）", "Ratings (interface coding, JSON)"),
        exchange_gbt: l.pick("评价数据（GB/T 39046编码，JSON）", "Ratings (GB/T 39046 coding, JSON)"),
        print_it: l.pick("用浏览器的“打印”存为PDF或打印。", "Print it, or save it as PDF, with your browser."),
        made_by: l.pick("制表", "Prepared by"),
        checked_by: l.pick("审核", "Checked by"),
        signed_on: l.pick("日期", "Date"),
        annex: l.pick("附：全部指标和计算方法", "Annex: all figures and how they are computed"),
        figure: l.pick("指标", "Figure"),
        formula: l.pick("公式", "Formula"),
        interval: l.pick("95%区间", "95 % interval"),
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
        By::Leader => l.pick("分管领导", "Leader in charge"),
        By::Category => l.pick("问题类别", "Category"),
        By::Channel => l.pick("受理渠道", "Channel"),
        By::Level => l.pick("层级", "Level"),
        By::Grade => l.pick("难易程度", "Grade"),
    }
}

/// Each figure and its formula, then the rules that hold for all; `unverified`: ratings with the code alone count.
#[must_use]
pub fn formulas(l: Lang, unverified: bool) -> Vec<(String, String)> {
    let say = |text: Text| l.say(&text).to_owned();
    let figures = Figure::ALL.into_iter().map(|figure| (said::name(figure), said::formula(figure)));
    figures.chain(said::rules(unverified)).map(|(name, how)| (say(name), say(how))).collect()
}

/// Periods one click away.
#[must_use]
pub const fn presets(l: Lang) -> [&'static str; 6] {
    [
        l.pick("最近12个月", "Last 12 months"),
        l.pick("本月", "This month"),
        l.pick("上月", "Last month"),
        l.pick("本季度", "This quarter"),
        l.pick("本年", "This year"),
        l.pick("上年", "Last year"),
    ]
}
