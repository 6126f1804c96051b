//! 中文。

use chrono::{Datelike, NaiveDate, Weekday};

use super::Words;

/// Chinese.
pub(super) static ZH: Words = Words {
    tag: "zh-CN",
    code: "zh",
    other_tag: "en",
    other_code: "en",
    other_lang: "English",
    brand: "企业码",
    title: "问题进度",
    verified: "已通过官方签名核验",
    view: "显示设置",
    care_on: "大字版",
    care_off: "标准版",
    open_count: "正在办理",
    closed_count: "已办结",
    receipt: "评价回执",
    receipt_check: "查看本评价是否仍在统计中",
    receipt_help: "请妥善保存。回执带有官方签名，可证明本次评价已被接收。",
    empty: "暂无正在办理的问题",
    call: "拨打电话",
    who: "谁在负责",
    office: "经办科室",
    person: "承办人",
    unassigned: "正在确定牵头单位",
    how_far: "办到哪一步",
    progress: "办理进度",
    updated: "最近更新",
    when: "什么时候办结",
    promised: "承诺办结时间",
    closed_on: ("", " 已办结"),
    result: "办结结果",
    unpromised: "受理后将公布承诺办结时间",
    never_rejected: "未受理，不再办理",
    never_withdrawn: "已撤回，不再办理",
    never_merged: "随所并入的问题一并办理",
    accept_by: |day, over| {
        if over {
            format!("本应在{day}前答复是否受理，尚未答复")
        } else {
            format!("{day}前答复是否受理")
        }
    },
    accept_over: "受理超期",
    yours: "等待企业补充材料",
    supplement_by: |day, over| {
        if over {
            format!("补充期限{day}已过，将继续审核")
        } else {
            format!("请在{day}前补充，之后继续受理")
        }
    },
    provisional: "预计日期：国务院放假安排公布后将重新核算",
    expected: "预计",
    extended: "已延期至",
    extended_from: "，原承诺",
    reason: "，原因：",
    normal: "正常",
    due_today: "今天到期",
    overdue: "已超期",
    closed: "已办结",
    paused: "暂停计时",
    round: "办理次数",
    pressing: "督促情况",
    pressed: ["已催办", "已督办", "已提级", "已通报"],
    review: "下次复核",
    first_contact: "首次联系",
    conference: "多部门会商",
    rectification: "差评整改",
    contacted: "已与您联系",
    fixed: "整改已完成",
    comma: "，",
    second_rated: "追评",
    rectification_rated: "对整改的评价",
    rate_rectification: "请对整改结果作出评价",
    owner_rated: "企业评价",
    called_back: "电话回访登记的评价",
    called_back_see: "查看登记内容和回执",
    called_back_help: "这是回访员通话后以贵企业名义登记的，单独列示，不替代您自己的评价。与您所说不符的，可以自行评价，或致电服务中心。",
    unverified_rated: "未验证身份的评价",
    not_counted: "不计入统计",
    good: "好评",
    bad: "差评",
    rate: "请对本次办理结果作出评价",
    free: "评价完全自愿。承办单位和考核员看得到评的是哪件问题、评了什么，看不到是谁评的",
    rate_until: "评价截止：",
    unrated: "评价期已过，记为未评价",
    rate_as_scan: "您尚未验证企业身份，本次评价将单独列示，不计入统计",
    more: "补充评价（选填）",
    level: "满意程度",
    solved: "问题是否解决",
    tags: "评价标签（最多选6项）",
    comment: "意见建议（500字以内）",
    submit: "提交评价",
    details: "查看全文与办理记录",
    subject: "问题",
    reply: "办理答复",
    history: "办理记录",
    paging: "翻页",
    prev: "上一页",
    next: "下一页",
    pin_title: "您是本企业人员吗？",
    pin: "企业口令（6至12位数字）",
    pin_send: "验证",
    owner_title: "已验证企业身份",
    owner_why: "此设备可查看问题全文，评价计入统计。共用设备请在用完后退出。",
    forget: "不再记住此设备",
    code_id: "企业码编号",
    key: "签名密钥",
    issued: "签发日期",
    as_of: "数据时间",
    follows: "已并入",
    flash_rated_unverified: "您的评价已收到。因未验证企业身份，本次评价单独列示，不计入统计。",
    flash_pin_ok: "验证成功，已显示完整内容",
    flash_pin_wrong: "企业口令不正确，请核对后重试",
    flash_forgotten: "已不再记住此设备",
    flash_already: "该问题已评价，无需重复提交",
    request_id: "如需帮助，请提供此编号",
    back: "返回问题进度",
    home_who: "每件涉企问题的牵头单位、科室和办公电话",
    home_how: "当前进展和最近一次更新",
    home_when: "承诺办结时间，改期必说明原因",
    home_how_title: "怎样使用",
    home_scan: "用手机扫描企业码，无需安装应用，无需登录。",
    home_check: "扫码后请核对网址是否以下列地址开头：",
    home_rate: "问题办结后，您可以作出好评或差评，评价完全自愿。",
    home_links: "面向开发者和工作人员",
    home_docs: "接口文档",
    home_console: "工作人员入口",
    steps: ["已提交", "已受理", "办理中", "已办结", "已评价"],
    levels: [
        ("very_satisfied", "非常满意"),
        ("satisfied", "满意"),
        ("basically_satisfied", "基本满意"),
        ("dissatisfied", "不满意"),
        ("very_dissatisfied", "非常不满意"),
    ],
    solved_choices: [("yes", "已解决"), ("partly", "部分解决"), ("no", "未解决")],
    soon: |n| format!("临期（剩余{n}个工作日）"),
    left: |n| format!("还剩{n}个工作日"),
    over: |n| format!("已超期{n}个工作日"),
    over_hours: |n| if n == 0 { "已超期不足1小时".into() } else { format!("已超期{n}小时") },
    wait: |n| format!("操作过于频繁，请在{n}秒后重试。"),
    page_of: |page, pages| format!("第{page}页，共{pages}页"),
    nth: |n| format!("第{n}次办理"),
    planned: |day, over| {
        if over { format!("原定于{day}召开，尚无会商结果") } else { format!("拟于{day}召开") }
    },
    held: |day| format!("已于{day}召开"),
    settled: |unit, day, over| {
        if over {
            format!("由{unit}落实，落实期限{day}已过")
        } else {
            format!("由{unit}于{day}前落实")
        }
    },
    reached: |at| format!("承办单位已于{at}联系您"),
    reach_by: |at, over| {
        if over {
            format!("承办单位本应在{at}前联系您，尚未联系")
        } else {
            format!("承办单位应在{at}前联系您")
        }
    },
    contact_by: |day, over| {
        if over { format!("本应在{day}前联系您，尚未联系") } else { format!("{day}前联系您") }
    },
    fix_by: |day, over| {
        if over {
            format!("本应在{day}前完成整改，尚未完成")
        } else {
            format!("{day}前完成整改")
        }
    },
    check_by: |day, over| {
        if over {
            format!("本应在{day}前回访核实，尚未核实")
        } else {
            format!("{day}前回访核实")
        }
    },
    contacted_on: |day| format!("已于{day}与您联系"),
    fixed_on: |day| format!("已于{day}完成整改"),
    review_on: |day, over| if over { format!("本应在{day}复核，尚未复核") } else { day.to_owned() },
    rate_again: |day| format!("您还可以追加一次评价（截止{day}）"),
    day,
    notices,
};

fn day(d: NaiveDate) -> String {
    let week = match d.weekday() {
        Weekday::Mon => "一",
        Weekday::Tue => "二",
        Weekday::Wed => "三",
        Weekday::Thu => "四",
        Weekday::Fri => "五",
        Weekday::Sat => "六",
        Weekday::Sun => "日",
    };
    format!("{}年{}月{}日（周{week}）", d.year(), d.month(), d.day())
}

fn notices(code: &str) -> (&'static str, &'static str) {
    match code {
        "seal_malformed" | "seal_version_unknown" => {
            ("无法识别该二维码", "请对准完整的企业码重新扫描；如仍无法打开，请向企业服务专员申领新码。")
        }
        "seal_key_unknown" | "seal_signature_false" => {
            ("该二维码未通过核验", "它可能是仿冒的。请勿输入任何信息，并向服务中心反映您在何处看到此码。")
        }
        "seal_key_retired" | "code_unknown" | "code_revoked" => {
            ("该二维码已停用", "旧码请勿继续张贴。如您认为有误，请致电服务中心。")
        }
        "code_replaced" => ("该二维码已更换", "请撤下旧码，以免他人误扫。"),
        "issue_unknown" | "not_found" => ("没有找到", "请核对网址，或重新扫描企业码。"),
        "pin_wrong" | "device_unknown" => {
            ("身份验证未通过", "请核对企业口令后重试；如忘记企业口令，请联系企业服务专员重置。")
        }
        "too_many_attempts" | "rate_limited" => ("操作过于频繁", "请稍候再试。"),
        "rating_closed" | "rating_not_open" | "nothing_to_add" => {
            ("现在不能评价", "请返回问题进度，查看评价截止日期。")
        }
        "staff_device" => ("本设备不能评价", "请换用企业自己的手机或电脑。"),
        "receipt_false" => ("回执无效", "请完整粘贴回执，包括两个点号；回执只能在出具它的网站核验。"),
        "already_rated" => ("该问题已评价", "您的评价已保存，无需重复提交。"),
        "invalid_input" | "malformed_body" => ("提交的内容有误", "请返回上一页，按提示修改后重新提交。"),
        "unauthenticated" | "forbidden" => ("没有权限", "请登录有权限的账号。"),
        "origin_refused" => ("页面已过期", "请重新扫描企业码后再提交。"),
        "read_only" => ("暂停提交，只能查看", "请致电服务中心；恢复后请重新提交。"),
        "busy" | "internal" | "request_timeout" => {
            ("系统暂时繁忙", "请稍后再试。如仍有问题，请提供下方编号。")
        }
        _ => ("无法完成此操作", "请返回上一页重试；如仍有问题，请致电服务中心。"),
    }
}
