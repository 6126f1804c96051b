//! Signing in at the console, and leaving.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::time,
    http::{StatusCode, header},
    web::{Data, Form, Query},
};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

use super::{
    desk,
    door::{cookie, local, outside, page, see_other, session_cookie, spoken, staff},
    owing,
    staff::{ConsoleForm, ConsoleStaff},
    unsent,
};
use crate::{
    actions::{Refused, account::second_factor::Owed, console, session},
    clock::Ids,
    secrets::token::opaque,
    web::{
        callers, origin,
        problem::{Code, Refusal},
        refusals::internal,
        shared::Shared,
        view::console::{frame::Flash, sign_in::SignInPage},
        words::console::unsent::UnsentWords,
    },
};

/// Characters of a browser's name that are kept.
const LABEL: usize = 120;

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    next: Option<String>,
    done: Option<String>,
}

/// What is typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    /// A form that was not sent, sealed.
    #[serde(default)]
    kept: String,
}

/// `GET /console/sign-in`.
pub async fn show(request: HttpRequest, ask: Query<Ask>) -> HttpResponse {
    let ask = ask.into_inner();
    let frame = outside(&request);
    let flash = match ask.done.as_deref() {
        Some("signed-out") => Some(Flash { text: frame.w.signed_out.to_owned(), good: true }),
        Some("ended") => Some(Flash { text: frame.w.ended.to_owned(), good: false }),
        Some("undone") => Some(Flash { text: UnsentWords::of(frame.lang).not_done.to_owned(), good: false }),
        _ => None,
    };
    let frame = frame.saying(flash);
    let next = ask.next.unwrap_or_default();
    let (username, kept) = (String::new(), String::new());
    page(StatusCode::OK, SignInPage { frame, username, next, kept, error: None }.render())
}

/// The page for whoever sent a form after the session had ended: it is kept.
pub(super) fn keeping(request: &HttpRequest, kept: String) -> HttpResponse {
    let frame = outside(request);
    let flash = Flash { text: UnsentWords::of(frame.lang).kept.to_owned(), good: false };
    let (frame, username, next) = (frame.saying(Some(flash)), String::new(), String::new());
    page(StatusCode::UNAUTHORIZED, SignInPage { frame, username, next, kept, error: None }.render())
}

/// `POST /console/sign-in`.
pub async fn sign_in(request: HttpRequest, typed: Form<Typed>, shared: Data<Shared>) -> HttpResponse {
    let Typed { username, password, next, kept } = typed.into_inner();
    let username = username.trim().to_owned();
    match enter(&request, &shared, &username, password).await {
        Ok(inside) if kept.is_empty() => inside.answer(&shared, &next),
        Ok(inside) => inside.answer_keeping(&request, &shared, &kept).await,
        Err(refusal) => again(&request, username, (next, kept), &refusal),
    }
}

/// Judges the password and opens a session under a new token.
async fn enter(
    request: &HttpRequest,
    shared: &Data<Shared>,
    username: &str,
    password: String,
) -> Result<Inside, Refusal> {
    // PostgreSQL stores no NUL; no user name has one.
    if username.contains('\0') || username.chars().count() > 64 || password.chars().count() > 128 {
        return Err(Code::Unauthenticated.into());
    }
    let (rules, at, who) = (shared.rules(), shared.clock.now(), callers::who(request, shared));
    shared.trust.guesses.check(&who)?;
    let (name, desk) = (username.to_owned(), desk::of(request));
    let known = desk.is_some();
    let asked: Result<session::SignIn, Refused> =
        shared.store.write(move |db| session::sign_in(db, &name, &who, desk.as_deref(), &rules, at)).await;
    let asked = asked?;
    let phc = asked.person.as_ref().map(|(_, phc)| phc.clone());
    let right = shared.trust.gate.verify(password, phc).await?;
    let Some((staff, _)) = asked.person.filter(|_| right) else { return Err(Code::Unauthenticated.into()) };
    let mut inside = enter_as(request, shared, staff, Some(asked.attempt)).await?;
    // Who knows the password alone is nobody yet.
    if !known && inside.owed == Owed::Nothing {
        inside.desk = Some(desk::remember(shared, inside.staff.clone()).await?);
    }
    Ok(inside)
}

/// Opens a session for somebody who has proved who he is, under a new token.
pub(super) async fn enter_as(
    request: &HttpRequest,
    shared: &Data<Shared>,
    staff: String,
    attempt: Option<String>,
) -> Result<Inside, Refusal> {
    let (rules, at) = (shared.rules(), shared.clock.now());
    let (token, token_hash) = opaque(Ids).map_err(|error| internal(&error))?;
    let (_, refresh_hash) = opaque(Ids).map_err(|error| internal(&error))?;
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let entry = console::Entry {
        attempt,
        staff: staff.clone(),
        token_hash,
        refresh_hash,
        label: agent.chars().filter(|c| !c.is_control()).take(LABEL).collect(),
        place: callers::place(request, shared),
    };
    let trust = shared.trust.clone();
    let owed: Result<Owed, Refused> =
        shared.store.write(move |db| console::open(db, &entry, &rules, &trust.vault, at)).await;
    Ok(Inside { token, owed: owed?, staff, desk: None })
}

/// Somebody whose password was right.
pub(super) struct Inside {
    /// The cookie's token.
    pub token: String,
    /// What he still owes.
    pub owed: Owed,
    staff: String,
    desk: Option<String>,
}

impl Inside {
    /// On to where he wanted to go, or to what he owes first.
    pub(super) fn answer(self, shared: &Shared, next: &str) -> HttpResponse {
        let place = match self.owed {
            Owed::Nothing => local(next),
            Owed::Code => format!("/console/sign-in/code?next={}", percent(next)),
            Owed::Enrolment => format!("/console/sign-in/enrolment?next={}", percent(next)),
        };
        self.carry(shared, see_other(&place))
    }

    /// On to the form that was not sent, or to what he owes first, with it.
    async fn answer_keeping(self, request: &HttpRequest, shared: &Data<Shared>, kept: &str) -> HttpResponse {
        let page = match self.owed {
            Owed::Nothing => shown(request, shared, &self.token, kept).await,
            Owed::Code | Owed::Enrolment => owing::keeping(request, shared, &self.token, kept).await,
        };
        self.carry(shared, page)
    }

    /// The answer with the cookies of whoever is in.
    fn carry(self, shared: &Shared, mut answer: HttpResponse) -> HttpResponse {
        let session = cookie(shared, session_cookie(shared), self.token, None);
        let desk = self.desk.map(|token| desk::cookie(shared, token));
        for kept in std::iter::once(session).chain(desk) {
            if let Err(error) = answer.add_cookie(&kept) {
                return internal(&error).respond(None);
            }
        }
        origin::mark_staff(&mut answer, shared);
        answer
    }
}

/// The page of a form that was not sent, for whoever this token signs in.
pub(super) async fn shown(
    request: &HttpRequest,
    shared: &Data<Shared>,
    token: &str,
    kept: &str,
) -> HttpResponse {
    let Some(unsent) = unsent::open(shared, kept) else { return see_other("/console") };
    match staff(request, shared, spoken(request), token).await {
        Ok(staff) => unsent::page(&staff, unsent).await,
        Err(_) => see_other("/console"),
    }
}

/// `next` is base64url; anything else is dropped.
fn percent(next: &str) -> String {
    next.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// The page again, saying what was wrong; the name is kept, the password not.
fn again(
    request: &HttpRequest,
    username: String,
    (next, kept): (String, String),
    refusal: &Refusal,
) -> HttpResponse {
    let frame = outside(request);
    let problem = refusal.problem(None);
    let error = match problem.retry_after {
        Some(seconds) => (frame.w.wait)(seconds),
        None if refusal.code() == Code::Unauthenticated => frame.w.wrong.to_owned(),
        None => frame.lang.say(&problem.detail).to_owned(),
    };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut answer = page(status, SignInPage { frame, username, next, kept, error: Some(error) }.render());
    if let Some(seconds) = problem.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// `POST /console/sign-out`.
pub async fn sign_out(staff: ConsoleStaff, _form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    staff.write(|db, actor, _, at| session::end(db, actor, at)).await?;
    let next = BASE64URL_NOPAD.encode(b"/console");
    let mut answer = see_other(&format!("/console/sign-in?next={next}&done=signed-out"));
    let gone =
        cookie(&staff.shared, session_cookie(&staff.shared), String::new(), Some(time::Duration::ZERO));
    answer.add_cookie(&gone).map_err(|error| internal(&error))?;
    Ok(answer)
}
