//! The figures in words: name and formula, for page, files and API alike.

use qiyema_protocol::{figures::Figure, text::Text};

/// What a figure is called.
#[must_use]
pub fn name(figure: Figure) -> Text {
    let (zh, en) = match figure {
        Figure::Good => ("好评率", "Good ratings"),
        Figure::GoodRaw => ("好评率（未剔除前）", "Good ratings as received"),
        Figure::Bad => ("差评率", "Bad ratings"),
        Figure::OnTime => ("按时办结率", "Closed in time"),
        Figure::OnTimeFirst => ("按首次承诺办结率", "In time by the first promise"),
        Figure::Rated => ("评价率", "Rated"),
        Figure::AtOnce => ("一次办结率", "Settled at once"),
        Figure::Closing => ("办结率", "Closed of accepted"),
        Figure::Resolved => ("实际解决率", "Closed as resolved"),
        Figure::Returned => ("退单率", "Returns asked for"),
        Figure::Reopened => ("二次交办率", "Reopened"),
        Figure::Repeated => ("重复诉求率", "Raised again"),
        Figure::Extended => ("延期率", "Extended"),
        Figure::Deferred => ("挂账率", "Deferred"),
        Figure::CalledBack => ("差评回访率", "Bad ratings called back"),
        Figure::FixedInTime => ("差评按期整改率", "Put right in time"),
        Figure::Rectified => ("整改满意率", "Content with the rectification"),
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
            "好评 ÷ 计入的评价。计入：每次办结证明了身份的首次评价，申诉成立的除外。",
            "good ÷ counted ratings. Counted: of each closure the first rating of an owner who proved who he is, unless an accepted appeal left it out.",
        ),
        Figure::GoodRaw => (
            "同好评率，申诉剔除之前：好评 ÷ 证明了身份的首次评价。",
            "the same before accepted appeals left ratings out: good ÷ verified first ratings.",
        ),
        Figure::Bad => ("差评 ÷ 计入的评价。", "bad ÷ counted ratings."),
        Figure::OnTime => (
            "在（延期后的）承诺日或之前办结 ÷ 承诺日在期间内的全部承诺（今天以后的只计已兑现的）；仍未办结的算未按时，挂账、撤回、并案前已逾期的也算。逾期记在承诺日当天承办的单位和个人名下，之后改派不影响。",
            "closed by the promise as extended ÷ all promises for days of the period (of days to come only those kept); what is still open counts as late, and so does what was late when it was deferred, withdrawn or merged. A broken promise stands with the unit and person that had it on its day.",
        ),
        Figure::OnTimeFirst => {
            ("同上，按首次承诺日，不看延期。", "the same by the first promise, whatever was extended.")
        }
        Figure::Rated => ("有计入评价的办结 ÷ 全部办结。", "closures with a counted rating ÷ all closures."),
        Figure::AtOnce => (
            "未重新办理且无差评的办结 ÷ 全部办结。",
            "closures neither reopened nor rated bad ÷ all closures.",
        ),
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
        Figure::Extended => {
            ("承诺日改过的办结 ÷ 全部办结。", "closures whose promise was moved ÷ all closures.")
        }
        Figure::Deferred => ("曾挂账的 ÷ 受理。", "accepted issues that were ever deferred ÷ accepted."),
        Figure::CalledBack => (
            "差评后回访已联系上企业的 ÷ 计入的差评。",
            "bad counted ratings whose owner was reached by a call-back ÷ bad counted ratings.",
        ),
        Figure::FixedInTime => (
            "按期整改 ÷ 已整改或整改期限已过的。",
            "rectifications put right in time ÷ those put right or past their limit.",
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

/// What holds for all of them: name and rule.
#[must_use]
pub fn rules() -> [(Text, Text); 5] {
    [
        (
            Text::new("95%区间", "95 % interval"),
            Text::new(
                "Wilson 95%区间；按好评率区间下限排名，不足5件评价不排名、不公布。加权的比率，区间偏宽（稳妥）。",
                "Wilson score interval of 95 %; ranked by the lower end of good ratings; under 5 ratings are neither ranked nor shown. Of weighted shares the interval is on the safe side.",
            ),
        ),
        (
            Text::new("收到的评价", "Ratings received"),
            Text::new(
                "收到 = 计入 + 未验证身份 + 已被取代 + 申诉成立不计入。未评价单列，不算满意。每次办结按评价方式只归一类：企业口令、邀评链接、电话回访、仅凭码、申诉剔除、未评价、尚可评价。",
                "received = counted + unverified + superseded + left out by appeal. Not rated is a slice of its own, and not content. Each closure is in one slice of how it was rated: PIN, invitation, call-back, code alone, left out, not rated, can still be rated.",
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
                "从受理到首次联系企业的工作小时数，取中位数；没有联系就办结的，算到办结。",
                "working hours from acceptance to the first recorded contact with the owner (to the closure, where that came first); the median.",
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
