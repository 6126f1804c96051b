//! Links that work once: the set-up of the first administrator, and setting a
//! password. The page behind a link changes nothing; only its form does.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Form as Typed, Path},
};
use serde::Deserialize;

use super::{
    door::{outside, page, see_other, spoken},
    sign_in::enter_as,
};
use crate::{
    actions::{
        Refused,
        account::{
            link,
            setup::{self, First},
        },
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
}

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
                "字母、数字、点、横线或下划线,以后不能更改。",
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
        "创建第一名系统管理员。之后由他添加单位、人员和其他管理员;此链接只能使用一次。",
        "Make the first administrator, who then adds units, people and further administrators. This link works once.",
    ));
    answer(sheet, form, refusal)
}

/// `GET /console/link/{token}`.
pub async fn link_page(request: HttpRequest, token: Path<String>, shared: Data<Shared>) -> HttpResponse {
    match whose(&token, &shared).await {
        Ok(row) => link_form(&request, &token, &row, None),
        Err(refusal) => dead(&request, &refusal),
    }
}

/// `POST /console/link/{token}`: the password is set and the person signed in.
pub async fn redeem(
    request: HttpRequest,
    token: Path<String>,
    typed: Typed<NewPassword>,
    shared: Data<Shared>,
) -> HttpResponse {
    let NewPassword { new, again } = typed.into_inner();
    let row = match whose(&token, &shared).await {
        Ok(row) => row,
        Err(refusal) => return dead(&request, &refusal),
    };
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
        enter_as(&request, &shared, redeemed?.id, None).await
    };
    match done.await {
        Ok(inside) => inside.answer(&shared, ""),
        Err(refusal) if refusal.code() == Code::LinkDead => dead(&request, &refusal),
        Err(refusal) => link_form(&request, &token, &row, Some(&refusal)),
    }
}

fn link_form(request: &HttpRequest, token: &str, row: &StaffRow, refusal: Option<&Refusal>) -> HttpResponse {
    let (lang, frame) = (spoken(request), outside(request));
    let form = Form::new(lang, "", format!("/console/link/{token}"), lang.pick("设置密码", "Set password"))
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
    let hello = match lang.code() {
        "zh" => format!("{},您好。您的用户名是 {}。请设置密码;此链接只能使用一次。", row.name, row.username),
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
