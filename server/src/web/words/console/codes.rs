//! Words about codes after they were issued.

use qiyema_protocol::codes::CodeReason;

use crate::web::words::lang::Lang;

/// Why a code is suspended, replaced or revoked.
#[must_use]
pub const fn reason(l: Lang, reason: CodeReason) -> &'static str {
    match reason {
        CodeReason::Lost => l.pick("遗失", "Lost"),
        CodeReason::Damaged => l.pick("损坏、无法识读", "Damaged, cannot be read"),
        CodeReason::Moved => l.pick("企业搬迁", "The enterprise moved"),
        CodeReason::Renamed => l.pick("企业更名", "The enterprise was renamed"),
        CodeReason::Closed => l.pick("企业注销", "The enterprise closed down"),
        CodeReason::Mistaken => l.pick("错发、张贴有误", "Issued or put up by mistake"),
        CodeReason::Compromised => l.pick("疑似泄露、被冒用", "Suspected misuse"),
        CodeReason::Other => l.pick("其他", "Other"),
    }
}
