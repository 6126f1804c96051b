//! Words of the frame, of signing in and of refusals.

use qiyema_protocol::staff::Role;

use crate::web::words::lang::Lang;

/// Texts of every console page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct FrameWords {
    pub console: &'static str,
    pub skip: &'static str,
    pub navigation: &'static str,
    pub menu: &'static str,
    pub sign_out: &'static str,
    pub other_lang: &'static str,
    pub account: &'static str,
    pub inbox: &'static str,
    pub unread: &'static str,
    pub work: &'static str,
    pub oversight: &'static str,
    pub administration: &'static str,
    pub required: &'static str,
    pub choose: &'static str,
    pub sure: &'static str,
    pub next: &'static str,
    pub first: &'static str,
    pub pages: &'static str,
    pub sign_in: &'static str,
    pub sign_in_lead: &'static str,
    pub username: &'static str,
    pub password: &'static str,
    pub wrong: &'static str,
    pub signed_out: &'static str,
    pub ended: &'static str,
    pub forgot: &'static str,
    pub back: &'static str,
    pub quote: &'static str,
    pub wait: fn(u64) -> String,
}

const fn words(l: Lang) -> FrameWords {
    FrameWords {
        console: l.pick("工作台", "Console"),
        skip: l.pick("跳到正文", "Skip to content"),
        navigation: l.pick("主导航", "Main navigation"),
        menu: l.pick("菜单", "Menu"),
        sign_out: l.pick("退出登录", "Sign out"),
        other_lang: l.pick("English", "中文"),
        account: l.pick("我的账号", "My account"),
        inbox: l.pick("消息", "Inbox"),
        unread: l.pick("条未读", "unread"),
        work: l.pick("办理", "Work"),
        oversight: l.pick("监督考核", "Oversight"),
        administration: l.pick("系统管理", "Administration"),
        required: l.pick("必填", "required"),
        choose: l.pick("请选择", "Choose"),
        sure: l.pick("确认", "Yes: "),
        next: l.pick("下一页", "Next page"),
        first: l.pick("回到第一页", "First page"),
        pages: l.pick("翻页", "Pages"),
        sign_in: l.pick("登录", "Sign in"),
        sign_in_lead: l.pick(
            "请使用本人账号登录。共用电脑请在离开前退出。",
            "Sign in with your own account. On a shared computer, sign out before you leave.",
        ),
        username: l.pick("用户名", "User name"),
        password: l.pick("密码", "Password"),
        wrong: l.pick(
            "用户名或密码不正确，请核对后重试。",
            "The user name or the password is wrong. Check both and try again.",
        ),
        signed_out: l.pick("您已退出登录。", "You are signed out."),
        ended: l.pick(
            "登录已过期，请重新登录；登录后将回到刚才的页面。",
            "Your session has ended. Sign in again to return to where you were.",
        ),
        forgot: l.pick(
            "忘记密码请联系系统管理员重置。",
            "Forgotten your password? An administrator can reset it.",
        ),
        back: l.pick("返回", "Back"),
        quote: l.pick("如需帮助，请提供此编号", "If you ask for help, quote this number"),
        wait: match l {
            Lang::Zh => wait_zh,
            Lang::En => wait_en,
        },
    }
}

fn wait_zh(seconds: u64) -> String {
    format!("尝试次数过多，请在{}分钟后再试。", seconds.div_ceil(60))
}

fn wait_en(seconds: u64) -> String {
    let minutes = seconds.div_ceil(60);
    format!("Too many attempts. Try again in {minutes} minute{}.", if minutes == 1 { "" } else { "s" })
}

impl FrameWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: FrameWords = words(Lang::Zh);
        const EN: FrameWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// The name of a role.
#[must_use]
pub const fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::CodeIssuer => lang.pick("发码员", "Code issuer"),
        Role::IntakeOfficer => lang.pick("受理员", "Intake officer"),
        Role::Dispatcher => lang.pick("分派员", "Dispatcher"),
        Role::UnitAdministrator => lang.pick("单位管理员", "Unit administrator"),
        Role::Handler => lang.pick("经办人", "Handler"),
        Role::ClosureReviewer => lang.pick("审核员", "Closure reviewer"),
        Role::FollowUpOfficer => lang.pick("回访员", "Follow-up officer"),
        Role::Supervisor => lang.pick("督办员", "Supervisor"),
        Role::Leader => lang.pick("分管领导", "Leader in charge"),
        Role::PerformanceReviewer => lang.pick("考核员", "Performance reviewer"),
        Role::Auditor => lang.pick("审计员", "Auditor"),
        Role::Administrator => lang.pick("系统管理员", "Administrator"),
    }
}
