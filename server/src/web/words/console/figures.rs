//! Words of the figures. The formulas are said here once, for page and workbook.

use qiyema_protocol::figures::{By, Standing};

use crate::web::words::lang::Lang;

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
    pub extended: &'static str,
    pub reopened: &'static str,
    pub rectified: &'static str,
    pub closed: &'static str,
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
    pub interval: &'static str,
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
        extended: l.pick("延期率", "Extended"),
        reopened: l.pick("二次交办率", "Reopened"),
        rectified: l.pick("整改满意率", "Content with the rectification"),
        closed: l.pick("办结件数", "Closures"),
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
        interval: l.pick("95%区间", "95 % interval"),
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

/// Each figure and its formula.
#[must_use]
pub const fn formulas(l: Lang) -> [(&'static str, &'static str); 10] {
    let w = FigureWords::of(l);
    [
        (
            w.good,
            l.pick(
                "好评 ÷ 计入的评价。计入:企业用验证码证明身份后的首次评价。",
                "good ÷ counted ratings. Counted: the first rating of an owner who proved the PIN.",
            ),
        ),
        (
            w.on_time,
            l.pick(
                "在(延期后的)承诺日或之前办结 ÷ 期间内到期的全部承诺;仍未办结的算未按时;挂账、撤回、并案前已逾期的也算。",
                "closed by the promise as extended ÷ all promises that fell due in the period; what is still open counts as late, and so does what was late when it was deferred, withdrawn or merged.",
            ),
        ),
        (
            w.on_time_first,
            l.pick("同上,按首次承诺日,不看延期。", "The same by the first promise, whatever was extended."),
        ),
        (w.rated, l.pick("有计入评价的办结 ÷ 全部办结。", "closures with a counted rating ÷ all closures.")),
        (
            w.at_once,
            l.pick("未重新办理且无差评的办结 ÷ 全部办结。", "closures neither reopened nor rated bad ÷ all closures."),
        ),
        (w.extended, l.pick("承诺日改过的办结 ÷ 全部办结。", "closures whose promise was moved ÷ all closures.")),
        (w.reopened, l.pick("办结后又重新办理 ÷ 全部办结。", "closures taken up again ÷ all closures.")),
        (
            w.rectified,
            l.pick("整改后企业给好评 ÷ 整改评价。", "good ratings of rectifications ÷ ratings of rectifications."),
        ),
        (
            w.interval,
            l.pick(
                "Wilson 95%区间;按区间下限排名,不足5件评价不排名、不公布。",
                "Wilson score interval of 95 %; ranked by its lower end; under 5 ratings are neither ranked nor shown.",
            ),
        ),
        (
            w.ratings,
            l.pick(
                "收到 = 计入 + 未验证身份 + 已被企业评价取代 + 申诉成立不计入。责任单位和承办人以办结时为准,之后改派不影响。",
                "received = counted + unverified + superseded + left out by appeal. Unit and person are those at the closure: later assignments move nothing.",
            ),
        ),
    ]
}
