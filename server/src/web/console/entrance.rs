//! Links that work once: the set-up of the first administrator, and setting a
//! password. The page behind a link changes nothing; only its form does.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Form as Typed, Path, Query},
};
use serde::Deserialize;

use super::{
    door::{outside, page, see_other, session_cookie, spoken, staff},
    sign_in::enter_as,
    staff::ConsoleStaff,
};
use crate::{
    actions::{
        Refused,
        account::{
            link,
            setup::{self, First},
        },
        session,
    },
    domain::password,
    secrets::token::fingerprint,
    store::staff::StaffRow,
    web::{
        problem::{Code, Refusal},
        shared::Shared,
        view::console::{
            form::{Field, Form, Kind},
            notice::ConsoleNotice,
            sheet::Sheet,
        },
        words::lang::Lang,
    },
};

/// What is typed at the set-up.
#[derive(Default, Deserialize)]
pub struct SetUp {
    #[serde(default)]
    name: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// What is typed behind a password link.
#[derive(Deserialize)]
pub struct NewPassword {
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    instead: String,
}

/// Whether somebody who is signed in here was told that this ends.
#[derive(Default, Deserialize)]
pub struct Told {
    #[serde(default)]
    instead: String,
}

/// Said by who goes on although somebody else is signed in.
const INSTEAD: &str = "yes";

/// `GET /console/setup/{token}`.
pub async fn setup_page(request: HttpRequest, token: Path<String>, shared: Data<Shared>) -> HttpResponse {
    let (hash, at) = (fingerprint(&token), shared.clock.now());
    let works: Result<(), Refused> = shared.store.read(move |db| setup::look(db, &hash, at)).await;
    match works {
        Ok(()) => setup_form(&request, &token, &SetUp::default(), None),
        Err(refused) => dead(&request, &refused.into()),
    }
}

/// `POST /console/setup/{token}`: the first administrator is made and signed in.
pub async fn set_up(
    request: HttpRequest,
    token: Path<String>,
    typed: Typed<SetUp>,
    shared: Data<Shared>,
) -> HttpResponse {
    let typed = typed.into_inner();
    let first = First {
        name: typed.name.clone(),
        username: typed.username.clone(),
        password: typed.password.clone(),
    };
    let made = async {
        let (hash, at) = (fingerprint(&token), shared.clock.now());
        let link = hash.clone();
        let works: Result<(), Refused> = shared.store.read(move |db| setup::look(db, &link, at)).await;
        works?;
        setup::check(&first).map_err(Refusal::fields)?;
        same(&typed.password, &typed.again)?;
        let phc = shared.trust.gate.hash(first.password.clone()).await?;
        let staff: Result<String, Refused> =
            shared.store.write(move |db| setup::complete(db, &hash, &first, &phc, at)).await;
        enter_as(&request, &shared, staff?, None).await
    };
    match made.await {
        Ok(inside) => inside.answer(&shared, ""),
        Err(refusal) if refusal.code() == Code::LinkDead => dead(&request, &refusal),
        Err(refusal) => setup_form(&request, &token, &typed, Some(&refusal)),
    }
}

fn setup_form(request: &HttpRequest, token: &str, typed: &SetUp, refusal: Option<&Refusal>) -> HttpResponse {
    let (lang, frame) = (spoken(request), outside(request));
    let form = Form::new(
        lang,
        "",
        format!("/console/setup/{token}"),
        lang.pick("创建并继续", "Create and continue"),
    )
    .with(
        Field::line("name", lang.pick("姓名", "Full name"))
            .value(&typed.name)
            .complete("name")
            .most(40)
            .first(),
    )
    .with(
        Field::line("username", lang.pick("用户名", "User name"))
            .value(&typed.username)
            .complete("username")
            .most(64)
            .help(lang.pick(
                "字母、数字、点、横线或下划线，以后不能更改。",
                "Letters, digits, dots, hyphens; it never changes.",
            )),
    )
    .with(
        Field::new(Kind::Password, "password", lang.pick("密码", "Password"))
            .complete("new-password")
            .most(128)
            .help(lang.say(&password::rule())),
    )
    .with(
        Field::new(Kind::Password, "again", lang.pick("再次输入密码", "Password again"))
            .complete("new-password")
            .most(128),
    );
    let sheet = Sheet::new(frame, lang.pick("初始设置", "Set up this centre")).narrow().lead(lang.pick(
        "创建第一名系统管理员。之后由他添加单位、人员和其他管理员；此链接只能使用一次。",
        "Make the first administrator, who then adds units, people and further administrators. This link works once.",
    ));
    answer(sheet, form, refusal)
}

/// `GET /console/link/{token}`.
pub async fn link_page(
    request: HttpRequest,
    token: Path<String>,
    told: Query<Told>,
    shared: Data<Shared>,
) -> HttpResponse {
    let row = match whose(&token, &shared).await {
        Ok(row) => row,
        Err(refusal) => return dead(&request, &refusal),
    };
    match seated(&request, &shared, &row).await {
        Some(other) if told.instead != INSTEAD => taken_seat(&request, &token, &row, &other, StatusCode::OK),
        other => link_form(&request, &token, &row, (other.is_some(), None)),
    }
}

/// `POST /console/link/{token}`: the password is set and the person signed in.
pub async fn redeem(
    request: HttpRequest,
    token: Path<String>,
    typed: Typed<NewPassword>,
    shared: Data<Shared>,
) -> HttpResponse {
    let NewPassword { new, again, instead } = typed.into_inner();
    let row = match whose(&token, &shared).await {
        Ok(row) => row,
        Err(refusal) => return dead(&request, &refusal),
    };
    let other = seated(&request, &shared, &row).await;
    if let Some(other) = &other
        && instead != INSTEAD
    {
        return taken_seat(&request, &token, &row, other, StatusCode::CONFLICT);
    }
    let done = async {
        let (hash, at, wanted) = (fingerprint(&token), shared.clock.now(), new.clone());
        let link = hash.clone();
        let fits: Result<(), Refused> =
            shared.store.read(move |db| link::check(db, &link, &wanted, at)).await;
        fits?;
        same(&new, &again)?;
        let phc = shared.trust.gate.hash(new).await?;
        let redeemed: Result<StaffRow, Refused> =
            shared.store.write(move |db| link::redeem(db, &hash, &phc, at)).await;
        let redeemed = redeemed?;
        if let Some(other) = &other {
            other.write(|db, actor, _, at| session::end(db, actor, at)).await?;
        }
        enter_as(&request, &shared, redeemed.id, None).await
    };
    match done.await {
        Ok(inside) => inside.answer(&shared, ""),
        Err(refusal) if refusal.code() == Code::LinkDead => dead(&request, &refusal),
        Err(refusal) => link_form(&request, &token, &row, (other.is_some(), Some(&refusal))),
    }
}

/// Somebody else who is signed in in this browser.
async fn seated(request: &HttpRequest, shared: &Data<Shared>, row: &StaffRow) -> Option<ConsoleStaff> {
    let cookie = request.cookie(session_cookie(shared))?;
    let other = staff(request, shared, spoken(request), cookie.value()).await.ok()?;
    (other.actor.id != row.id).then_some(other)
}

/// The page before the form, where going on would sign somebody else out.
fn taken_seat(
    request: &HttpRequest,
    token: &str,
    row: &StaffRow,
    other: &ConsoleStaff,
    status: StatusCode,
) -> HttpResponse {
    let lang = spoken(request);
    let (me, whose) = (&other.actor.name, &row.name);
    let (title, lead, on, back) = match lang {
        Lang::Zh => (
            format!("这是{whose}的设置密码链接"),
            format!(
                "您现在以{me}的身份登录。在这里继续，{me}的登录就会退出。也可以把链接交给{whose}，用另一个浏览器或另一台电脑打开；链接在用过之前一直有效。"
            ),
            format!("退出{me}的登录并继续"),
            "不继续，返回工作台".to_owned(),
        ),
        Lang::En => (
            format!("This link is for {whose} to set a password"),
            format!(
                "You are signed in as {me}. Going on here signs {me} out. Or hand the link to {whose}, to be opened in another browser or on another computer; it works until it is used."
            ),
            format!("Sign {me} out and go on"),
            "Do not go on; back to the console".to_owned(),
        ),
    };
    let sheet = Sheet::new(outside(request), title)
        .narrow()
        .lead(lead)
        .button("/console", back)
        .button(format!("/console/link/{token}?instead={INSTEAD}"), on);
    page(status, sheet.render())
}

/// The form; instead of somebody else who is signed in, if one is.
fn link_form(
    request: &HttpRequest,
    token: &str,
    row: &StaffRow,
    (instead, refusal): (bool, Option<&Refusal>),
) -> HttpResponse {
    let (lang, frame) = (spoken(request), outside(request));
    let mut form =
        Form::new(lang, "", format!("/console/link/{token}"), lang.pick("设置密码", "Set password"))
            .with(
                Field::new(Kind::Password, "new", lang.pick("新密码", "New password"))
                    .complete("new-password")
                    .most(128)
                    .help(lang.say(&password::rule()))
                    .first(),
            )
            .with(
                Field::new(Kind::Password, "again", lang.pick("再次输入密码", "Password again"))
                    .complete("new-password")
                    .most(128),
            );
    if instead {
        form = form.with(Field::hidden("instead", INSTEAD));
    }
    let hello = match lang.code() {
        "zh" => {
            format!("{}，您好。您的用户名是 {}。请设置密码；此链接只能使用一次。", row.name, row.username)
        }
        _ => format!(
            "Hello {}. Your user name is {}. Set a password; this link works once.",
            row.name, row.username
        ),
    };
    answer(Sheet::new(frame, lang.pick("设置密码", "Set your password")).narrow().lead(hello), form, refusal)
}

async fn whose(token: &str, shared: &Data<Shared>) -> Result<StaffRow, Refusal> {
    let (hash, at) = (fingerprint(token), shared.clock.now());
    let row: Result<StaffRow, Refused> = shared.store.read(move |db| link::look(db, &hash, at)).await;
    Ok(row?)
}

fn same(one: &str, other: &str) -> Result<(), Refusal> {
    if one == other {
        return Ok(());
    }
    let fault = crate::domain::text::problem("again", "两次输入的密码不一致", "the two passwords differ");
    Err(Refusal::fields(vec![fault]))
}

fn answer(sheet: Sheet, form: Form, refusal: Option<&Refusal>) -> HttpResponse {
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let form = match refusal {
        Some(refusal) => super::admin::refused(form, refusal),
        None => form,
    };
    page(status, sheet.form("", "", &form).and_then(|sheet| sheet.render()))
}

fn dead(request: &HttpRequest, refusal: &Refusal) -> HttpResponse {
    let problem = refusal.problem(None);
    if problem.status == 401 {
        return see_other("/console/sign-in");
    }
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::GONE);
    let back = "/console/sign-in".to_owned();
    page(status, ConsoleNotice { frame: outside(request), problem: &problem, back }.render())
}
