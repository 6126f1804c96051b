//! The figures in words: name and formula, for page, files and API alike.

use qiyema_protocol::{figures::Figure, text::Text};

/// What a figure is called.
#[must_use]
pub fn name(figure: Figure) -> Text {
    let (zh, en) = match figure {
        Figure::Good => ("好评率", "Good ratings"),
        Figure::GoodRaw => ("好评率（未剔除前）", "Good ratings as received"),
        Figure::Bad => ("差评率", "Bad ratings"),
        Figure::BadRaw => ("差评率（未剔除前）", "Bad ratings as received"),
        Figure::OnTime => ("按时办结率", "Closed in time"),
        Figure::OnTimeFirst => ("按首次承诺办结率", "In time by the first promise"),
        Figure::Rated => ("评价率", "Rated"),
        Figure::AtOnce => ("一次办结率", "Settled at once"),
        Figure::AtOnceRaw => ("一次办结率（未剔除前）", "Settled at once, as received"),
        Figure::Closing => ("办结率", "Closed of accepted"),
        Figure::Resolved => ("实际解决率", "Closed as resolved"),
        Figure::Returned => ("退单率", "Returns asked for"),
        Figure::Reopened => ("二次交办率", "Reopened"),
        Figure::Repeated => ("重复诉求率", "Raised again"),
        Figure::Extended => ("延期率", "Extended"),
        Figure::Deferred => ("挂账率", "Deferred"),
        Figure::CalledBack => ("差评回访率", "Bad ratings called back"),
        Figure::FixedInTime => ("差评按期整改率（按单位报告）", "Put right in time, by the unit's word"),
        Figure::FixConfirmed => ("差评按期整改率（经核实）", "Put right in time, confirmed"),
        Figure::Rectified => ("整改满意率", "Content with the rectification"),
        Figure::RectifiedRaw => ("整改满意率（未剔除前）", "Content with the rectification, as received"),
        Figure::Response => ("响应率（回访）", "Contacted, by call-back"),
        Figure::Resolution => ("解决率（回访）", "Solved, by call-back"),
        Figure::Satisfaction => ("满意率（回访）", "Content, by call-back"),
        Figure::Composite => ("综合（回访）", "Composite, by call-back"),
    };
    Text::new(zh, en)
}

/// How it is computed; with the centre's weights where there are some.
#[must_use]
pub fn formula(figure: Figure) -> Text {
    let (zh, en) = match figure {
        Figure::Good => (
            "好评 ÷ 计入的评价。计入：每次办结证明了身份的首次评价，申诉成立的除外；仅凭码的是否计入，见“收到的评价”。",
            "good ÷ counted ratings. Counted: of each closure the first rating of an owner who proved who he is, unless an accepted appeal left it out; whether one given with the code alone counts is said under \u{201c}Ratings received\u{201d}.",
        ),
        Figure::GoodRaw => (
            "同好评率，申诉剔除之前：好评 ÷ 证明了身份的首次评价。",
            "the same before accepted appeals left ratings out: good ÷ verified first ratings.",
        ),
        Figure::Bad => ("差评 ÷ 计入的评价。", "bad ÷ counted ratings."),
        Figure::BadRaw => (
            "同差评率，申诉剔除之前：差评 ÷ 证明了身份的首次评价。",
            "the same before accepted appeals left ratings out: bad ÷ verified first ratings.",
        ),
        Figure::OnTime => (
            "在（延期后的）承诺日或之前办结 ÷ 承诺日在期间内且已过的全部承诺（今天及以后到期的，无论是否已办结都还不计）；仍未办结的算未按时，挂账、撤回、并案前已逾期的也算。逾期记在承诺日当天承办的单位和个人名下，之后改派不影响。",
            "closed by the promise as extended ÷ all promises for days of the period that are over (those for today and later are not counted yet, kept or not); what is still open counts as late, and so does what was late when it was deferred, withdrawn or merged. A broken promise stands with the unit and person that had it on its day.",
        ),
        Figure::OnTimeFirst => {
            ("同上，按首次承诺日，不看延期。", "the same by the first promise, whatever was extended.")
        }
        Figure::Rated => ("有计入评价的办结 ÷ 全部办结。", "closures with a counted rating ÷ all closures."),
        Figure::AtOnce => (
            "未重新办理且无差评的办结 ÷ 全部办结。",
            "closures neither reopened nor rated bad ÷ all closures.",
        ),
        Figure::AtOnceRaw => {
            ("同一次办结率，申诉剔除之前。", "the same before accepted appeals left ratings out.")
        }
        Figure::RectifiedRaw => {
            ("同整改满意率，申诉剔除之前。", "the same before accepted appeals left ratings out.")
        }
        Figure::Closing => (
            "期间内受理、现已办结 ÷ 期间内受理。未办结的记在现承办单位名下。",
            "accepted in the period and closed now ÷ accepted in the period. What is open stands with the unit that has it.",
        ),
        Figure::Resolved => (
            "办结结果为“已解决”的 ÷ 全部办结。办结不等于解决。",
            "closures with the result \u{201c}resolved\u{201d} ÷ all closures. Closed is not resolved.",
        ),
        Figure::Returned => (
            "交办后单位申请退单的 ÷ 交办给该单位的次数。",
            "assignments that the unit asked to return ÷ assignments to it.",
        ),
        Figure::Reopened => ("办结后又重新办理 ÷ 全部办结。", "closures taken up again ÷ all closures."),
        Figure::Repeated => (
            "同一企业同类问题办结后90天内又提出并受理的 ÷ 受理。",
            "accepted issues whose enterprise had one of the same category closed within 90 days before ÷ accepted.",
        ),
        Figure::Extended => (
            "办结前批准过延期的办结 ÷ 全部办结；重新办理的从上次办结算起。挂账恢复、恢复单独办理和日历公布后重排承诺日的，不算延期。",
            "closures before which an extension was granted (of an issue taken up again: since the closure before) ÷ all closures. A promise counted anew after a deferral, a merger or a calendar is none.",
        ),
        Figure::Deferred => ("曾挂账的 ÷ 受理。", "accepted issues that were ever deferred ÷ accepted."),
        Figure::CalledBack => (
            "给出差评之后回访联系上企业的 ÷ 计入的差评；差评之前的回访不算。",
            "bad counted ratings whose owner was reached by a call-back after the rating ÷ bad counted ratings.",
        ),
        Figure::FixedInTime => (
            "单位报告已在期限内整改到位 ÷ 期限已过的全部整改（期限在今天及以后的，无论是否已整改都还不计）。期限按启动整改时的规定计算，之后改规定不影响。",
            "rectifications that the unit itself reported as put right in time ÷ all whose last day is over (those due today and later are not counted yet, put right or not). The limit is the one in force when the rectification was opened.",
        ),
        Figure::FixConfirmed => (
            "期限内整改到位，并经核实 ÷ 期限已过的全部整改。企业对整改作了评价的，以好评为核实；没有评价的，以整改后最近一次独立回访为准：企业表示已解决或部分解决、且不是不满意，也没有重新办理。没有核实的，不算。",
            "put right in time and confirmed ÷ all whose last day is over. Where the owner rated the rectification, a good rating confirms it; else the last independent call-back after it (solved or partly solved, not dissatisfied, and not handled again). What nobody confirmed does not count.",
        ),
        Figure::Rectified => {
            ("整改后企业给好评 ÷ 整改评价。", "good ratings of rectifications ÷ ratings of rectifications.")
        }
        Figure::Response => (
            "回访时企业表示已联系过 ÷ 联系上企业的回访（V）。",
            "call-backs in which the enterprise says it was contacted ÷ call-backs that reached somebody (V).",
        ),
        Figure::Resolution => {
            ("回访时企业表示已解决 ÷ V。", "call-backs in which it says the matter is solved ÷ V.")
        }
        Figure::Satisfaction => (
            "（非常满意和满意 + 权重 × 基本满意）÷ V；权重默认0.9。",
            "(very satisfied and satisfied + weight × basically satisfied) ÷ V; the weight is 0.9 by default.",
        ),
        Figure::Composite => (
            "响应率、解决率、满意率按权重相加；默认0.1、0.5、0.4。",
            "the three above by their weights; 0.1, 0.5 and 0.4 by default.",
        ),
    };
    Text::new(zh, en)
}

/// What holds for all of them: name and rule; `unverified`: ratings given with the code alone count.
#[must_use]
pub fn rules(unverified: bool) -> [(Text, Text); 6] {
    let (zh, en) = if unverified {
        (
            "本中心设置：企业没有评价的，仅凭码的评价计入。",
            "Set by this centre: where the owner gave none, a rating given with the code alone counts.",
        )
    } else {
        (
            "本中心设置：仅凭码的评价单列，不计入。",
            "Set by this centre: a rating given with the code alone is shown apart and does not count.",
        )
    };
    [
        (
            Text::new("95%区间", "95 % interval"),
            Text::new(
                "Wilson 95%区间；按好评率区间下限排名，不足5件评价不排名、不公布（能从总体减出它们的，也不公布）；没有一组与其余差异属实时，不排名。加权的比率，区间偏宽（稳妥）。",
                "Wilson score interval of 95 %; ranked by the lower end of good ratings; under 5 ratings are neither ranked nor shown (nor what would tell them by subtraction); where no group really differs from the rest, none is ranked. Of weighted shares the interval is on the safe side.",
            ),
        ),
        (
            Text::new("差异是否属实", "Whether a difference is real"),
            Text::new(
                "每一组与其余各组之和比较（不与包含它自己的总体比较），用Fisher精确检验（双侧）；同时比较的m组用Holm法校正：p值从小到大依次乘以m、m−1、…、1，校正后p≤0.05才算差异属实。这样，即使各组其实一样，每个指标误判其中任何一组的可能也不超过5%。单位×类别的每一格、指标与上期的变化，用同样的检验。",
                "each group is compared with all the others together, never with a total that holds it, by Fisher's exact test (two-sided); of m groups compared together the p-values, from the smallest on, count m-fold, (m − 1)-fold … once (Holm), and p ≤ 0.05 after that is a real difference. So if all groups are alike, the chance to call even one of them different in a figure is 5 % at most. Cells of units by categories, and changes since the period before, are judged by the same test.",
            ),
        ),
        (
            Text::new("收到的评价", "Ratings received"),
            Text::new(
                format!(
                    "收到 = 计入 + 未验证身份 + 已被取代 + 申诉成立不计入。{zh}未评价单列，不算满意。每次办结按评价方式只归一类：企业口令、邀评链接、电话回访、仅凭码、申诉剔除、未评价、尚可评价。"
                ),
                format!(
                    "received = counted + unverified + superseded + left out by appeal. {en} Not rated is a slice of its own, and not content. Each closure is in one slice of how it was rated: PIN, invitation, call-back, code alone, left out, not rated, can still be rated."
                ),
            ),
        ),
        (
            Text::new("归属", "Whose it is"),
            Text::new(
                "评价、办结、差评归办结时的单位、承办人、分管领导和难易程度，之后改派、换人、改等级都不影响。",
                "Ratings and closures are of the unit, person, leader and grade that stood behind the closure: nothing later moves them.",
            ),
        ),
        (
            Text::new("首次响应", "First contact"),
            Text::new(
                "从受理到首次联系企业的工作小时数；没有联系就办结的，算到办结。每件先舍去不足0.1小时（6分钟）的部分，再取中位数；件数为偶数时，取中间两件的平均。",
                "working hours from acceptance to the first recorded contact with the owner (to the closure, where that came first), each without its begun tenth of an hour (six minutes); the median: of an even number, the mean of the two in the middle.",
            ),
        ),
        (
            Text::new("平均办理天数", "Days to close"),
            Text::new(
                "从受理到办结的工作日，取平均。",
                "working days from acceptance to closure, on average.",
            ),
        ),
    ]
}
