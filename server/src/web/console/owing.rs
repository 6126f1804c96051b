//! Between a right password and being in: the code of the authenticator app, or
//! enrolling one. Nothing else opens before.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::Cookie,
    http::StatusCode,
    web::{Data, Form as Typed, Query},
};
use serde::Deserialize;

use super::{
    desk,
    door::{cookie, local, outside, page, see_other, session_cookie, spoken},
    sign_in,
};
use crate::{
    actions::{
        Refused,
        account::second_factor::{self, Owed},
        console::{self, Owing},
    },
    clock::Ids,
    picture,
    secrets::{
        token::{fingerprint, opaque},
        totp,
    },
    web::{
        callers,
        problem::{Code, Refusal},
        refusals::internal,
        shared::Shared,
        view::console::{
            form::{Field, Form},
            frame::Frame,
            sheet::{Part, Sheet},
        },
        words::lang::Lang,
    },
};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    next: String,
}

/// What is typed.
#[derive(Deserialize)]
pub struct Code6 {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
    /// A form that was not sent, sealed.
    #[serde(default)]
    kept: String,
}

/// Where it goes afterwards: to an address, or to a form that was not sent.
#[derive(Clone, Copy)]
struct On<'a> {
    next: &'a str,
    kept: &'a str,
}

/// `GET /console/sign-in/code` and `GET /console/sign-in/enrolment`.
pub async fn show(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    match owing(&request, &shared).await {
        Ok(owing) => face(&request, &shared, &owing, On { next: &ask.next, kept: "" }, None).await,
        Err(_) => see_other("/console/sign-in?done=ended"),
    }
}

/// `POST` to the same: pays, and goes on.
pub async fn pay(request: HttpRequest, typed: Typed<Code6>, shared: Data<Shared>) -> HttpResponse {
    let Code6 { code, next, kept: unsent } = typed.into_inner();
    let on = On { next: &next, kept: &unsent };
    let Ok(owing) = owing(&request, &shared).await else {
        return see_other("/console/sign-in?done=ended");
    };
    match settle(&request, &shared, &owing, code).await {
        Ok((token, recovery)) => {
            let desk = match kept(&request, &shared, &owing).await {
                Ok(desk) => desk,
                Err(refusal) => return face(&request, &shared, &owing, on, Some(&refusal)).await,
            };
            let mut answer = if recovery.is_empty() && !unsent.is_empty() {
                sign_in::shown(&request, &shared, &token, &unsent).await
            } else if recovery.is_empty() {
                see_other(&local(&next))
            } else {
                page(StatusCode::OK, recovery_page(outside(&request), &recovery, &local(&next)))
            };
            let session = cookie(&shared, session_cookie(&shared), token, None);
            for one in std::iter::once(session).chain(desk) {
                if let Err(error) = answer.add_cookie(&one) {
                    return internal(&error).respond(None);
                }
            }
            answer
        }
        Err(refusal) => face(&request, &shared, &owing, on, Some(&refusal)).await,
    }
}

/// What the browser keeps from now on: only who has paid is remembered.
async fn kept(
    request: &HttpRequest,
    shared: &Data<Shared>,
    owing: &Owing,
) -> Result<Option<Cookie<'static>>, Refusal> {
    if desk::of(request).is_some() {
        return Ok(None);
    }
    Ok(Some(desk::cookie(shared, desk::remember(shared, owing.staff.clone()).await?)))
}

/// What is owed before a form that was not sent is shown again; `token` is of the session
/// that was just opened.
pub(super) async fn keeping(
    request: &HttpRequest,
    shared: &Data<Shared>,
    token: &str,
    kept: &str,
) -> HttpResponse {
    match owed_by(shared, token).await {
        Ok(owing) => face(request, shared, &owing, On { next: "", kept }, None).await,
        Err(_) => see_other("/console/sign-in?done=ended"),
    }
}

async fn owing(request: &HttpRequest, shared: &Data<Shared>) -> Result<Owing, Refusal> {
    let cookie = request.cookie(session_cookie(shared)).ok_or(Code::Unauthenticated)?;
    owed_by(shared, cookie.value()).await
}

async fn owed_by(shared: &Data<Shared>, token: &str) -> Result<Owing, Refusal> {
    let (hash, at) = (fingerprint(token), shared.clock.now());
    let found: Result<Owing, Refused> = shared.store.read(move |db| console::owing(db, &hash, at)).await;
    Ok(found?)
}

/// The guess is written down in a transaction of its own, so that a wrong one stays.
async fn settle(
    request: &HttpRequest,
    shared: &Data<Shared>,
    owing: &Owing,
    code: String,
) -> Result<(String, Vec<String>), Refusal> {
    if code.contains('\0') || code.len() > 64 {
        return Err(Code::SecondFactorWrong.into());
    }
    let (at, who, rules) = (shared.clock.now(), callers::who(request, shared), shared.rules());
    let (asking, desk) = (owing.clone(), desk::of(request));
    let attempt: Result<String, Refused> =
        shared.store.write(move |db| console::guess(db, &asking, (&who, desk.as_deref()), &rules, at)).await;
    let attempt = attempt?;
    let (token, kept) = opaque(Ids).map_err(|error| internal(&error))?;
    let (rules, trust, owing) = (shared.rules(), shared.trust.clone(), owing.clone());
    let paid: Result<Vec<String>, Refused> = shared
        .store
        .write(move |db| console::pay(db, &owing, (&attempt, &code), &kept, &rules, &trust.vault, at))
        .await;
    Ok((token, paid?))
}

async fn face(
    request: &HttpRequest,
    shared: &Data<Shared>,
    owing: &Owing,
    on: On<'_>,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let (lang, frame) = (spoken(request), outside(request));
    let problem = refusal.map(|refusal| refusal.problem(None));
    let error = problem.as_ref().map(|problem| match problem.retry_after {
        Some(seconds) => (frame.w.wait)(seconds),
        None => lang.say(&problem.detail).to_owned(),
    });
    let status = problem.map_or(StatusCode::OK, |problem| {
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED)
    });
    if owing.owed == Owed::Code {
        return page(status, code_page(frame, lang, on, error));
    }
    let (trust, staff) = (shared.trust.clone(), owing.staff.clone());
    let key: Result<Option<Vec<u8>>, Refused> =
        shared.store.read(move |db| second_factor::begun(db, &staff, &trust.vault)).await;
    let Ok(Some(key)) = key else { return see_other("/console/sign-in?done=ended") };
    let uri = totp::uri(shared.trust.host.as_str(), &owing.username, &key);
    let form = led_on(enrolment_form(lang, "", "/console/sign-in/enrolment", error), on);
    let sheet = Sheet::new(frame, lang.pick("设置两步验证", "Set up a second factor"))
        .narrow()
        .lead(lang.pick(
        "您的角色需要两步验证。设置一次，以后登录时输入手机上的6位动态码。",
        "Your role needs a second factor. Set it up once; from then on you type six digits from your phone.",
    ));
    page(status, enrolment(sheet, lang, &uri, &totp::written(&key), &form))
}

fn led_on(form: Form, on: On<'_>) -> Form {
    let form = form.with(Field::hidden("next", on.next));
    if on.kept.is_empty() { form } else { form.with(Field::hidden("kept", on.kept)) }
}

fn code_page(frame: Frame, lang: Lang, on: On<'_>, error: Option<String>) -> Result<String, askama::Error> {
    let code = Field::line("code", lang.pick("6位动态码", "Six-digit code"))
        .complete("one-time-code")
        .most(24)
        .first();
    let form = Form::new(lang, "", "/console/sign-in/code", lang.pick("继续", "Continue")).with(code);
    let mut form = led_on(form, on);
    form.error = error;
    Sheet::new(frame, lang.pick("两步验证", "Second factor"))
        .narrow()
        .lead(
            lang.pick("请输入身份验证器应用上的动态码。", "Type the code that your authenticator app shows."),
        )
        .form("", "", &form)?
        .with(Part::Note(
            lang.pick(
                "手机不在身边？可输入一个备用码；备用码也没有，请联系系统管理员重置。",
                "No phone? Type a recovery code. None left? Ask an administrator to reset it.",
            )
            .to_owned(),
        ))
        .render()
}

/// The form that finishes an enrolment, for the account page as well.
pub(super) fn enrolment_form(lang: Lang, csrf: &str, action: &str, error: Option<String>) -> Form {
    let code =
        Field::line("code", lang.pick("应用上显示的6位动态码", "The six digits that the app shows now"))
            .complete("one-time-code")
            .most(12)
            .first();
    let mut form = Form::new(lang, csrf, action, lang.pick("完成设置", "Finish")).with(code);
    form.error = error;
    form
}

/// The parts of an enrolment: picture, key in letters, form.
pub(super) fn enrolment(
    sheet: Sheet,
    lang: Lang,
    uri: &str,
    written: &str,
    form: &Form,
) -> Result<String, askama::Error> {
    let drawing =
        picture::symbol::symbol(uri).map(|symbol| picture::svg::svg(&symbol, "", None)).unwrap_or_default();
    let spaced: Vec<String> =
        written.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
    sheet
        .with(Part::Note(
            lang.pick(
                "1. 打开身份验证器应用（如 Microsoft Authenticator、Google Authenticator、FreeOTP）扫描二维码，或手动输入密钥：",
                "1. Scan this with an authenticator app (FreeOTP, Google or Microsoft Authenticator, …), or type the key:",
            )
            .to_owned(),
        ))
        .with(Part::Drawing(drawing))
        .with(Part::Secret(vec![spaced.join(" ")]))
        .with(Part::Note(lang.pick("2. 输入应用显示的动态码：", "2. Type the code it shows:").to_owned()))
        .form("", "", form)?
        .render()
}

/// The recovery codes, shown once.
pub(super) fn recovery_page(frame: Frame, codes: &[String], on: &str) -> Result<String, askama::Error> {
    let lang = frame.lang;
    let narrow = frame.who.is_none();
    let sheet = Sheet::new(frame, lang.pick("请保存备用码", "Keep these recovery codes"))
        .lead(lang.pick(
            "手机丢失时，每个备用码可代替动态码登录一次。请抄下或打印并妥善保管，此页只显示这一次。",
            "If you lose your phone, each of these signs you in once. Write them down or print them; they are shown only now.",
        ))
        .button(on, lang.pick("已保存，继续", "I have kept them, continue"))
        .with(Part::Secret(codes.to_vec()));
    if narrow { sheet.narrow().render() } else { sheet.render() }
}
