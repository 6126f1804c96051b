//! Words of the fields in which a verb is told what it needs.

use qiyema_protocol::{staff::RejectReason, verb::Verb};

use crate::web::words::lang::Lang;

/// The button of a verb that grants a request, where nobody asked.
#[must_use]
pub const fn unasked(l: Lang, verb: Verb) -> &'static str {
    match verb {
        Verb::Defer => l.pick("主动挂账", "Defer unasked"),
        _ => l.pick("主动延期", "Extend unasked"),
    }
}

/// A deed that staff do for an enterprise which telephones: the button says so.
#[must_use]
pub const fn on_behalf(l: Lang, verb: Verb) -> Option<&'static str> {
    Some(match verb {
        Verb::Supplement => l.pick("代企业补充材料", "Add the information for the enterprise"),
        Verb::Appeal => l.pick("代企业对不予受理提出异议", "Appeal for the enterprise"),
        Verb::AddFacts => l.pick("代企业补充说明", "Add facts for the enterprise"),
        Verb::Urge => l.pick("代企业催办", "Urge for the enterprise"),
        Verb::Withdraw => l.pick("代企业撤回", "Withdraw for the enterprise"),
        Verb::Object => l.pick("代企业对办理结果提出异议", "Object for the enterprise"),
        _ => return None,
    })
}

/// Label of a field, and a sentence of help (which may be empty).
#[must_use]
pub const fn field(l: Lang, name: &str) -> (&'static str, &'static str) {
    match name.as_bytes() {
        b"handler_later" => (
            l.pick("经办人", "Handler"),
            l.pick("可不填；由牵头单位签收时确定", "Optional; the unit names one when it signs"),
        ),
        b"handler_self" => (
            l.pick("经办人", "Handler"),
            l.pick("可不填；默认为已指定的人或本人", "Optional; whoever was named already, or you"),
        ),
        b"assisting" => (l.pick("协办单位", "Assisting units"), ""),
        b"assisting_unit" => (l.pick("协办单位", "Assisting unit"), ""),
        b"wanted" => (l.pick("需要协办的事项", "What is wanted of it"), ""),
        b"assist_reply" => (l.pick("协办意见", "Your answer"), l.pick("供牵头单位参考", "For the lead unit")),
        b"return_reason" => (
            l.pick("退单理由", "Why it is not yours"),
            l.pick("请说明为什么不属于本单位职责", "For the dispatcher"),
        ),
        b"unit_instead" => (l.pick("建议责任单位", "Unit that should have it"), ""),
        b"unit_now" => {
            (l.pick("改派单位", "Unit from now on"), l.pick("同意退单时填写", "If the return is granted"))
        }
        b"decision" => (l.pick("审定意见", "Decision"), l.pick("审定为最终意见", "It is final")),
        b"note_units" => (l.pick("说明", "Reason"), l.pick("相关单位可见", "Read by the units")),
        b"note_staff" => (l.pick("说明", "Note"), l.pick("仅工作人员可见", "Read by staff only")),
        b"note_owner" => {
            (l.pick("答复说明", "Explanation"), l.pick("企业会看到这段话", "The enterprise reads this"))
        }
        b"right_channel" => {
            (l.pick("应向哪里反映", "Where it belongs"), l.pick("企业会看到", "The enterprise reads this"))
        }
        b"reject_reason" => (l.pick("不予受理的原因", "Reason"), ""),
        b"missing" => (
            l.pick("需要补充什么", "What is missing"),
            l.pick("企业会看到这段话", "The enterprise reads this"),
        ),
        b"category_now" => (
            l.pick("更正后的类别", "The right category"),
            l.pick(
                "已受理的，按新类别从受理时起重新计算承诺时限",
                "Once accepted, the promise is counted again from the acceptance",
            ),
        ),
        b"category_reason" => {
            (l.pick("更正原因", "Why"), l.pick("企业会看到这段话", "The enterprise reads this"))
        }
        b"owners_words" => (
            l.pick("企业的原话", "The owner’s words"),
            l.pick("代企业办理时填写", "As said on the telephone"),
        ),
        b"parent" => (
            l.pick("并入的问题编号", "Number of the issue it joins"),
            l.pick("须为正在办理的问题", "An issue that is open"),
        ),
        b"unit" => (l.pick("牵头单位", "Lead unit"), ""),
        b"handler" => (l.pick("经办人", "Handler"), l.pick("须为该单位的经办人", "Somebody of that unit")),
        b"reached_by_unit" => (
            l.pick("联系情况", "What was said"),
            l.pick(
                "告知企业由谁承办、如何联系；企业会看到这段话",
                "Tell the enterprise who handles it and how to call; the enterprise reads this",
            ),
        ),
        b"progress" => {
            (l.pick("进展说明", "What was done"), l.pick("企业会看到这段话", "The enterprise reads this"))
        }
        b"days" => (
            l.pick("延长工作日数", "Working days to add"),
            l.pick(
                "不超过本中心规定的上限；每轮办理只能延期一次，中心主动延期也计入",
                "Within the limit of the centre; once a round, whoever starts it",
            ),
        ),
        b"extension_reason" => {
            (l.pick("延期原因", "Reason"), l.pick("企业会看到延期原因", "The enterprise sees the reason"))
        }
        b"note" => (
            l.pick("补充说明", "Details"),
            l.pick("可不填；仅企业本人可见", "Optional; only the enterprise itself reads it"),
        ),
        b"result" => (l.pick("办理结果", "Result"), ""),
        b"reply" => (
            l.pick("答复企业", "Reply to the enterprise"),
            l.pick("办结后企业会看到这段话", "The enterprise reads this once the issue is closed"),
        ),
        _ => later(l, name),
    }
}

/// The same for conferences, deferral and what comes after closing.
const fn later(l: Lang, name: &str) -> (&'static str, &'static str) {
    match name.as_bytes() {
        b"conference_subject" => (l.pick("会商事项", "What is to be settled"), ""),
        b"conference_units" => (l.pick("参加单位", "Units that confer"), ""),
        b"planned_on" => (l.pick("计划日期", "Planned day"), ""),
        b"held_on" => (l.pick("会商日期", "Held on"), ""),
        b"minutes" => (l.pick("会商纪要", "Minutes"), l.pick("仅工作人员可见", "Read by staff only")),
        b"conference_unit" => {
            (l.pick("责任单位", "Responsible unit"), l.pick("企业会看到", "The enterprise sees it"))
        }
        b"conference_due" => {
            (l.pick("完成日期", "To be done by"), l.pick("不改变承诺办结时间", "The promise stays as it is"))
        }
        b"deferral_wish" => {
            (l.pick("挂账理由", "Why it cannot be solved yet"), l.pick("供中心审定", "For the centre"))
        }
        b"deferral_reason" => (
            l.pick("挂账原因", "Why it cannot be solved yet"),
            l.pick("企业会看到这段话", "The enterprise reads this"),
        ),
        b"review_on" => (
            l.pick("下次复核日期", "Next review"),
            l.pick("最迟90天内，企业会看到", "Within 90 days; the enterprise sees it"),
        ),
        b"send_back" => {
            (l.pick("退回原因", "What is to be done better"), l.pick("承办人会看到", "Read by the handler"))
        }
        b"rectified" => (
            l.pick("联系和整改情况", "What was said and done"),
            l.pick("企业会看到这段话", "The enterprise reads this"),
        ),
        b"attempt" => (
            l.pick("拨打情况", "Which number, and what happened"),
            l.pick(
                "仅工作人员可见；企业会看到已回访未接通",
                "Read by staff only; the enterprise sees that it was called",
            ),
        ),
        b"reached" => (
            l.pick("是否接通", "Was somebody reached?"),
            l.pick(
                "整改后归档须接通企业；未接通的，请改用“登记未接通”",
                "To archive what was put right, reach the enterprise; else note an unanswered call",
            ),
        ),
        b"contacted" => (l.pick("承办单位是否联系过企业", "Had the unit been in touch?"), ""),
        b"solved" => (l.pick("问题是否解决", "Was it solved?"), ""),
        b"satisfaction" => (
            l.pick("满意度", "How satisfied?"),
            l.pick("按企业原话填写，不得诱导", "In the enterprise’s own words; no hints"),
        ),
        _ => (l.pick("说明", "Note"), ""),
    }
}

/// Why an issue is not accepted.
#[must_use]
pub const fn rejection(l: Lang, reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::OutOfScope => l.pick("不属于涉企问题受理范围", "Not a matter of enterprises"),
        RejectReason::LegalRoute => l.pick(
            "应通过诉讼、仲裁、行政复议等法定途径解决",
            "To be settled by court, arbitration or review",
        ),
        RejectReason::HandledElsewhere => l.pick("已由其他渠道或机关受理", "Handled elsewhere already"),
        RejectReason::Duplicate => l.pick("与已受理的问题重复", "The same as an accepted issue"),
        RejectReason::Concluded => l.pick("已有终结性结论，无新的事实和理由", "Concluded, and nothing new"),
        RejectReason::Unclear => {
            l.pick("内容不清，补充后仍无法核实", "Unclear also after it was supplemented")
        }
    }
}
