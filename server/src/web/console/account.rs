//! One's own account: password, second factor, sessions.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::administration::{ChangePassword, OwnSession};
use serde::Deserialize;

use super::{
    ConsoleForm, ConsoleStaff,
    admin::{caller, mailbox as mail_form, refused},
    desk,
    door::see_other,
    owing::{enrolment, enrolment_form, recovery_page},
};
use crate::{
    actions::{
        account::{second_factor, sessions},
        admin::mailbox,
    },
    clock::Ids,
    domain::password,
    secrets::totp,
    web::{
        api::account as api,
        problem::{Code, Refusal},
        refusals::internal,
        view::console::{
            form::{Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
    },
};

const PLACE: &str = "/console/account";

/// What the page was asked to say.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    done: Option<String>,
}

/// `GET /console/account`.
pub async fn show(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let form = password_form(&staff);
    page(&staff, ask.done.as_deref(), form).await.map(|html| staff.page(Ok(html)))
}

async fn page(staff: &ConsoleStaff, done: Option<&str>, form: Form) -> Result<String, Refusal> {
    page_with(staff, done, form, None).await
}

async fn page_with(
    staff: &ConsoleStaff,
    done: Option<&str>,
    form: Form,
    mail: Option<Form>,
) -> Result<String, Refusal> {
    let (list, factor, address) = staff
        .read(|db, actor, _, at| {
            let address = mailbox::show(db, actor, &actor.id)?;
            Ok((sessions::list(db, actor, at)?, second_factor::standing(db, &actor.id)?, address))
        })
        .await?;
    let mail = mail.unwrap_or_else(|| own_mailbox(staff, address));
    sheet(staff, done, &list, factor, [&form, &mail]).map_err(|error| internal(&error))
}

fn own_mailbox(staff: &ConsoleStaff, address: Option<String>) -> Form {
    mail_form::form(staff, format!("{PLACE}/mailbox"), address)
}

/// `POST /console/account/mailbox`.
pub async fn mail(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let address = typed.filled("address");
    let done = staff.write(move |db, actor, _, at| mailbox::set_own(db, actor, address.as_deref(), at));
    match done.await.map_err(Refusal::from) {
        Ok(()) => Ok(see_other(&format!("{PLACE}?done=mailbox"))),
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let again = own_mailbox(&staff, None).typed(&typed.0).faults(refusal.faults());
            let html = page_with(&staff, None, password_form(&staff), Some(again)).await?;
            Ok(staff.form_again(Ok(html)))
        }
        Err(refusal) => Err(refusal),
    }
}

fn sheet(
    staff: &ConsoleStaff,
    done: Option<&str>,
    list: &[OwnSession],
    factor: Option<i64>,
    [form, mail]: [&Form; 2],
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let frame = match done {
        Some("password") => staff.frame_saying(
            true,
            lang.pick(
                "密码已修改，其他登录已退出。",
                "The password is changed; every other session has ended.",
            ),
        ),
        Some("mailbox") => staff.frame_saying(true, lang.pick("邮箱已保存。", "The address is saved.")),
        Some("ended") => staff.frame_saying(true, lang.pick("已退出。", "Ended.")),
        _ => staff.frame(),
    };
    let mut sheet = Sheet::new(frame, lang.pick("我的账号", "Your account"))
        .lead(lang.bracketed(&staff.actor.name, &staff.actor.username))
        .form(lang.pick("修改密码", "Change the password"), "", form)?
        .form(mail_form::heading(staff), "", mail)?;
    let post = |deed: &str, id: &str, text: &str| {
        Form::new(lang, &staff.csrf, format!("{PLACE}/{deed}"), text).id(id.to_owned())
    };
    sheet = match factor {
        None => sheet.form(
            lang.pick("两步验证", "Second factor"),
            lang.pick(
                "尚未启用。启用后，登录时还需手机上的动态码。",
                "Not in use. With it, signing in also takes a code from your phone.",
            ),
            &post("second-factor", "factor", lang.pick("启用两步验证", "Set it up")),
        )?,
        Some(left) => sheet.form(
            lang.pick("两步验证：已启用", "Second factor: in use"),
            match lang.code() {
                "zh" => format!("还剩{left}个备用码。更换后，旧备用码全部失效。"),
                _ => format!("{left} recovery codes are left. New ones void the old."),
            },
            &post("recovery-codes", "recovery", lang.pick("更换备用码", "New recovery codes")),
        )?,
    };
    let zone = staff.shared.rules().zone;
    let time =
        |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    let row = |one: &OwnSession| -> Result<Vec<Cell>, askama::Error> {
        let button = if one.current {
            Cell::badge(lang.pick("本次登录", "This one"), Tone::On)
        } else {
            let deed = format!("sessions/{}/end", one.id);
            Cell::form(&post(&deed, &format!("end-{}", one.id), lang.pick("退出", "End")))?
        };
        Ok(vec![
            Cell::text(device(&one.device)).small(&one.place),
            Cell::text(time(one.created_at)),
            Cell::text(time(one.seen_at)),
            button,
        ])
    };
    let table = Table {
        heads: [
            lang.pick("设备", "Device"),
            lang.pick("登录时间", "Signed in"),
            lang.pick("最近活动", "Last seen"),
            lang.pick("操作", "Action"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows: list.iter().map(row).collect::<Result<_, _>>()?,
        empty: String::new(),
    };
    sheet = sheet
        .with(Part::Heading(lang.pick("我的登录", "Where you are signed in").to_owned()))
        .with(Part::Table(table));
    if list.len() > 1 {
        sheet = sheet.form(
            "",
            "",
            &post("sessions/end-others", "others", lang.pick("退出其他所有登录", "End all others")),
        )?;
    }
    sheet.render()
}

/// Browser and system out of what a browser calls itself.
fn device(agent: &str) -> String {
    let browser = [
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("MicroMessenger", "WeChat"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let system = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (find(&browser), find(&system)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

fn password_form(staff: &ConsoleStaff) -> Form {
    let lang = staff.lang;
    let field = |name: &str, label: &str, complete: &'static str| {
        Field::new(Kind::Password, name, label).complete(complete).most(128)
    };
    Form::new(lang, &staff.csrf, format!("{PLACE}/password"), lang.pick("修改密码", "Change it"))
        .id("password")
        .with(field("present", lang.pick("当前密码", "Present password"), "current-password"))
        .with(
            field("new", lang.pick("新密码", "New password"), "new-password")
                .help(lang.say(&password::rule())),
        )
        .with(field("again", lang.pick("再次输入新密码", "New password again"), "new-password"))
}

/// `POST /console/account/password`.
pub async fn change_password(
    request: HttpRequest,
    staff: ConsoleStaff,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let raw = |name: &str| {
        form.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let done = if raw("new") == raw("again") {
        let ask = ChangePassword { present: raw("present"), new: raw("new") };
        let asker = (staff.who.clone(), desk::of(&request));
        api::change(&staff.shared, caller(&staff), asker, ask).await
    } else {
        let fault = crate::domain::text::problem("again", "两次输入的密码不一致", "the two passwords differ");
        Err(Refusal::fields(vec![fault]))
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{PLACE}?done=password"))),
        Err(refusal) if matches!(refusal.code(), Code::Unauthenticated | Code::Internal | Code::Busy) => {
            Err(refusal)
        }
        Err(refusal) => {
            let again = refused(password_form(&staff), &refusal);
            page(&staff, None, again).await.map(|html| staff.form_again(Ok(html)))
        }
    }
}

/// `POST /console/account/sessions/{id}/end`.
pub async fn end(staff: ConsoleStaff, id: Path<String>, _form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    staff.write(move |db, actor, _, at| sessions::end(db, actor, &id, at)).await?;
    Ok(see_other(&format!("{PLACE}?done=ended")))
}

/// `POST /console/account/sessions/end-others`.
pub async fn end_others(staff: ConsoleStaff, _form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    staff.write(|db, actor, _, at| sessions::end_others(db, actor, at)).await?;
    Ok(see_other(&format!("{PLACE}?done=ended")))
}

/// `POST /console/account/second-factor`: begins.
pub async fn begin(staff: ConsoleStaff, _form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let key = totp::key(Ids).map_err(|error| internal(&error))?;
    let trust = staff.shared.trust.clone();
    staff.write(move |db, actor, _, at| second_factor::begin(db, &actor.id, key, &trust.vault, at)).await?;
    Ok(see_other(&format!("{PLACE}/second-factor")))
}

/// `GET /console/account/second-factor`: the picture of what was begun.
pub async fn factor(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    face(&staff, None).await
}

async fn face(staff: &ConsoleStaff, refusal: Option<&Refusal>) -> Result<HttpResponse, Refusal> {
    let (lang, trust) = (staff.lang, staff.shared.trust.clone());
    let key = staff.read(move |db, actor, _, _| second_factor::begun(db, &actor.id, &trust.vault)).await?;
    let Some(key) = key else { return Ok(see_other(PLACE)) };
    let uri = totp::uri(staff.shared.trust.host.as_str(), &staff.actor.username, &key);
    let error = refusal.map(|refusal| lang.say(&refusal.problem(None).detail).to_owned());
    let form = enrolment_form(lang, &staff.csrf, "/console/account/second-factor/proof", error);
    let sheet = Sheet::new(staff.frame(), lang.pick("设置两步验证", "Set up a second factor"))
        .up(PLACE, lang.pick("我的账号", "Your account"));
    let html = enrolment(sheet, lang, &uri, &totp::written(&key), &form);
    Ok(if refusal.is_some() { staff.form_again(html) } else { staff.page(html) })
}

/// `POST /console/account/second-factor/proof`: finishes, and shows the recovery codes.
pub async fn prove(staff: ConsoleStaff, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let (code, trust) = (form.text("code").to_owned(), staff.shared.trust.clone());
    let done =
        staff.write(move |db, actor, _, at| second_factor::finish(db, &actor.id, &code, &trust.vault, at));
    match done.await.map_err(Refusal::from) {
        Ok(codes) => Ok(staff.page(recovery_page(staff.frame(), &codes, PLACE))),
        Err(refusal) if refusal.code() == Code::SecondFactorWrong => face(&staff, Some(&refusal)).await,
        Err(refusal) => Err(refusal),
    }
}

/// `POST /console/account/recovery-codes`.
pub async fn recovery(staff: ConsoleStaff, _form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let codes = staff.write(|db, actor, _, at| second_factor::renew_recovery(db, actor, at)).await?;
    Ok(staff.page(recovery_page(staff.frame(), &codes, PLACE)))
}
