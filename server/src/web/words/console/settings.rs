//! Words of the settings that are kept in the database.

use crate::web::words::lang::Lang;

/// Label and help of a key.
#[must_use]
pub fn label(key: &str, lang: Lang) -> (&'static str, &'static str) {
    match key {
        "centre_name_zh" => (
            lang.pick("中心名称（中文）", "Chinese name"),
            lang.pick("显示在所有页面、打印件和邮件上。", "On every page, print and letter."),
        ),
        "centre_name_en" => (
            lang.pick("中心名称（英文）", "English name"),
            lang.pick("英文页面显示；改名时请一并修改。", "On English pages: change both together."),
        ),
        "centre_phone" => {
            (lang.pick("中心电话", "Telephone"), lang.pick("显示在扫码页上。", "Shown on the phone page."))
        }
        "home_lead_zh" => (lang.pick("首页标语（中文）", "Front page, below the name (Chinese)"), ""),
        "home_lead_en" => (lang.pick("首页标语（英文）", "Front page, below the name (English)"), ""),
        "board_empty_zh" => (lang.pick("没有问题时的提示（中文）", "When there is no issue (Chinese)"), ""),
        "board_empty_en" => (lang.pick("没有问题时的提示（英文）", "When there is no issue (English)"), ""),
        "pin_why_zh" => (lang.pick("企业口令的用途（中文）", "What the PIN opens (Chinese)"), ""),
        "pin_why_en" => (lang.pick("企业口令的用途（英文）", "What the PIN opens (English)"), ""),
        "thanks_zh" => (lang.pick("评价后的致谢（中文）", "After a rating (Chinese)"), ""),
        "thanks_en" => (lang.pick("评价后的致谢（英文）", "After a rating (English)"), ""),
        "thanks_bad_zh" => (lang.pick("差评后的说明（中文）", "After a bad rating (Chinese)"), ""),
        "thanks_bad_en" => (lang.pick("差评后的说明（英文）", "After a bad rating (English)"), ""),
        "mail_closing_zh" => (lang.pick("邮件结束语（中文）", "Last line of a letter (Chinese)"), ""),
        "mail_closing_en" => (lang.pick("邮件结束语（英文）", "Last line of a letter (English)"), ""),
        "show_full_names" => (lang.pick("扫码后显示承办人", "A scan shows the handler's"), ""),
        "second_factor_roles" => (
            lang.pick("须两步验证的角色", "Roles that need a second factor"),
            lang.pick(
                "尚未设置的人员将在下次登录时设置。",
                "Who has none is led through it at the next sign-in.",
            ),
        ),
        "idle_minutes" => {
            (lang.pick("多少分钟无操作后退出", "Minutes without a request until a session ends"), "")
        }
        "session_hours" => {
            (lang.pick("多少小时后须重新登录", "Hours until one signs in again in any case"), "")
        }
        "office_networks" => (
            lang.pick("办公网段", "Networks of the offices"),
            lang.pick(
                "用空格分隔，如 10.0.0.0/8。来自这些网段的评价照常计入，并标记供考核员核查。",
                "With blanks between them: 10.0.0.0/8. A rating from one counts, and is flagged for the reviewer.",
            ),
        ),
        "count_unverified" => (
            lang.pick("仅凭码（未验证身份）的评价", "Ratings given with the code alone"),
            lang.pick(
                "修改后全部数据重新统计；考核数据页的“如何计算”写明当前设置。",
                "All figures are counted anew; the figures' page says under \u{201c}How this is computed\u{201d} which is in force.",
            ),
        ),
        "burst_ratings" => (
            lang.pick("集中评价：多少条", "A burst: so many ratings"),
            lang.pick("同一网络或设备对同一单位或承办人。", "Of one unit or handler, from one network or device."),
        ),
        "burst_minutes" => (lang.pick("集中评价：多少分钟内", "A burst: within so many minutes"), ""),
        "device_enterprises" => {
            (lang.pick("一台设备为多少家企业评价即标记", "Enterprises one device rates for until it is flagged"), "")
        }
        "days_immediate" => (lang.pick("即办", "Immediate"), ""),
        "days_simple" => (lang.pick("简易", "Simple"), ""),
        "days_general" => (lang.pick("一般", "General"), ""),
        "days_complex" => (lang.pick("复杂", "Complex"), ""),
        "days_cross_department" => (lang.pick("疑难跨部门", "Cross-department"), ""),
        _ => ("", ""),
    }
}
