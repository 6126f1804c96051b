//! What is done to a person's account besides editing it: links, disabling, a
//! second factor that is lost. What cannot be taken back is asked first.

use actix_web::{HttpResponse, web::Path};
use qiyema_protocol::administration::{OneTimeLink, PersonView};

use super::{
    super::{back, button, caller},
    LIST as PEOPLE,
};
use crate::{
    actions::{account::second_factor, admin::people, rights::Deed},
    web::{
        api::admin::people as api,
        console::{ConsoleForm, ConsoleStaff},
        problem::Refusal,
        view::console::sheet::{Part, Sheet},
        words::lang::Lang,
    },
};

/// The forms of all that may be done to this person.
pub(super) fn below(
    staff: &ConsoleStaff,
    person: &PersonView,
    open: i64,
    sheet: Sheet,
) -> Result<Sheet, askama::Error> {
    let lang = staff.lang;
    let place = |deed: &str| format!("{PEOPLE}/{}/{deed}", person.id);
    if person.disabled_at.is_some() {
        let form = button(staff, place("enabling"), "enable".into(), lang.pick("启用账号", "Enable"), None);
        return sheet.form(
            lang.pick("账号已停用", "This account is disabled"),
            left(lang, open).unwrap_or_default(),
            &form,
        );
    }
    let mut sheet = linked(staff, person, place("password-link"), sheet)?;
    if person.id == staff.actor.id {
        return Ok(sheet);
    }
    if person.second_factor {
        let ends = lang.pick(
            "此人的身份验证器和备用码立即作废，所有登录立即失效，下次登录须重新设置。",
            "The person's authenticator and recovery codes are void at once, every session ends, and it is set up anew at the next sign-in.",
        );
        let word = lang.pick("取消两步验证", "Forget it");
        let form = button(staff, place("second-factor-removal"), "factor".into(), word, Some(ends));
        sheet = sheet.form(
            lang.pick("两步验证", "Second factor"),
            lang.pick("仅在本人手机和备用码都丢失时使用。", "Only when phone and recovery codes are lost."),
            &form,
        )?;
    }
    let ends = lang.pick(
        "此人的所有登录立即失效，不能再登录。账号可以再启用。",
        "Every session of this person ends at once, and no other begins. The account can be enabled again.",
    );
    let held = left(lang, open).unwrap_or_else(|| {
        lang.pick("此人名下没有在办问题。", "No open issue is in this person’s name.").to_owned()
    });
    let ends = format!("{held}{}{ends}", lang.pick("", " "));
    let word = lang.pick("停用账号", "Disable");
    let form = button(staff, place("disabling"), "disable".into(), word, Some(&ends));
    let sheet = sheet.form(lang.pick("停用账号", "Disable the account"), &held, &form)?;
    // Whoever administers reads no issues; where somebody does both, the list is one step away.
    if open > 0 && staff.actor.may(Deed::ReadIssues).is_ok() {
        let list = format!("/console/issues?handler={}&open=yes", person.id);
        return Ok(sheet.button(list, lang.pick("查看在办问题", "The open issues")));
    }
    Ok(sheet)
}

/// What stays in the name of somebody who is disabled, and who hands it to another.
fn left(lang: Lang, open: i64) -> Option<String> {
    (open > 0).then(|| match lang {
        Lang::Zh => format!(
            "此人名下有{open}个在办问题，不会自动转交：请分派员（问题列表按承办人筛选）或单位管理员逐件更换承办人。"
        ),
        Lang::En => format!(
            "{open} open issues are in this person’s name and stay there: the dispatcher (list of issues, by handler) or the unit’s administrator names another handler for each."
        ),
    })
}

/// The form that makes a link: the first one again, or one by which the password is chosen anew.
fn linked(
    staff: &ConsoleStaff,
    person: &PersonView,
    place: String,
    sheet: Sheet,
) -> Result<Sheet, askama::Error> {
    let lang = staff.lang;
    if person.awaits_set_up {
        let word = lang.pick("生成设置链接", "Make a set-up link");
        return sheet.form(
            lang.pick("待设密码", "Awaiting set-up"),
            lang.pick(
                "此人还没有设置密码，不能登录。链接遗失或过期时重新生成，以前的链接随之失效。",
                "This person has chosen no password yet and cannot sign in. If the link was lost or is over, make another; it ends the older one.",
            ),
            &button(staff, place, "link".into(), word, None),
        );
    }
    let ends = lang.pick(
        "以前发出的链接立即失效。本人用新链接设置密码后，旧密码和所有登录失效；在此之前旧密码仍然有效。",
        "Older links end at once. When the person uses the new one, the old password and every session end; until then the old password stays.",
    );
    let word = lang.pick("生成链接", "Make a link");
    sheet.form(
        lang.pick("重置密码", "Reset the password"),
        lang.pick("得到一个一次性链接，交给本人。", "You get a one-time link to hand over."),
        &button(staff, place, "link".into(), word, Some(ends)),
    )
}

/// `POST …/password-link`.
pub async fn new_link(
    staff: ConsoleStaff,
    id: Path<String>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let link = api::relink(&staff.shared, caller(&staff), id.into_inner()).await?;
    Ok(staff.page(link_page(&staff, &link)))
}

pub(super) fn link_page(staff: &ConsoleStaff, link: &OneTimeLink) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let until = link.expires_at.with_timezone(&staff.shared.rules().zone).format("%Y-%m-%d %H:%M");
    let lead = match lang {
        Lang::Zh => {
            format!("请把链接交给{}本人。只能使用一次，{until}前有效；此页只显示这一次。", link.person.name)
        }
        Lang::En => {
            format!("Hand this to {}. It works once, until {until}; it is shown only now.", link.person.name)
        }
    };
    Sheet::new(staff.frame(), lang.pick("一次性链接", "One-time link"))
        .up(format!("{PEOPLE}/{}", link.person.id), &link.person.name)
        .lead(lead)
        .button(PEOPLE, lang.pick("完成", "Done"))
        .button(format!("{PEOPLE}/new"), lang.pick("再建一人", "Another person"))
        .with(Part::Secret(vec![link.url.clone()]))
        .render()
}

/// `POST …/disabling`.
pub async fn disable(
    staff: ConsoleStaff,
    id: Path<String>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let place = format!("{PEOPLE}/{id}");
    staff.write(move |db, actor, rules, at| people::disable(db, actor, &id, rules, at)).await?;
    Ok(back(&place))
}

/// `POST …/enabling`.
pub async fn enable(
    staff: ConsoleStaff,
    id: Path<String>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let place = format!("{PEOPLE}/{id}");
    staff.write(move |db, actor, rules, at| people::enable(db, actor, &id, rules, at)).await?;
    Ok(back(&place))
}

/// `POST …/second-factor-removal`.
pub async fn forget_factor(
    staff: ConsoleStaff,
    id: Path<String>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    let place = format!("{PEOPLE}/{id}");
    staff.write(move |db, actor, _, at| second_factor::reset(db, actor, &id, at)).await?;
    Ok(back(&place))
}
