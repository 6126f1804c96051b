//! Words of the fields in which a verb is told what it needs.

use crate::web::words::lang::Lang;

/// Label of a field, and a sentence of help (which may be empty).
#[must_use]
pub const fn field(l: Lang, name: &str) -> (&'static str, &'static str) {
    match name.as_bytes() {
        b"unit" => (l.pick("牵头单位", "Lead unit"), ""),
        b"handler" => (l.pick("经办人", "Handler"), l.pick("须为该单位的经办人", "Somebody of that unit")),
        b"progress" => {
            (l.pick("进展说明", "What was done"), l.pick("企业会看到这段话", "The enterprise reads this"))
        }
        b"days" => (
            l.pick("延长工作日数", "Working days to add"),
            l.pick("1至10个工作日,每个问题只能延期一次", "1 to 10 working days, once per issue"),
        ),
        b"extension_reason" => {
            (l.pick("延期原因", "Reason"), l.pick("企业会看到延期原因", "The enterprise sees the reason"))
        }
        b"note" => (
            l.pick("补充说明", "Details"),
            l.pick("可不填;仅企业本人可见", "Optional; only the enterprise itself reads it"),
        ),
        b"result" => (l.pick("办理结果", "Result"), ""),
        b"reply" => (
            l.pick("答复企业", "Reply to the enterprise"),
            l.pick("办结后企业会看到这段话", "The enterprise reads this once the issue is closed"),
        ),
        _ => (l.pick("说明", "Note"), ""),
    }
}
