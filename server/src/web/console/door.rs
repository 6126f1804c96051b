//! The door of the console: nobody passes without a session, the language is
//! chosen, and a refusal on its way out becomes a page in the console's frame.

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    cookie::{Cookie, SameSite, time},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::Next,
    web::Data,
};
use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;

use super::{sign_in, staff::ConsoleStaff, unsent};
use crate::{
    actions::{Refused, console, inbox, rights::Actor},
    secrets::token::{fingerprint, pseudonym},
    web::{
        callers,
        middleware::{edge::RequestId, span},
        problem::{Code, Refusal},
        refusals::internal,
        shared::Shared,
        told,
        view::console::{frame::Frame, notice::ConsoleNotice},
        words::lang::Lang,
    },
};

/// Language (and size) of the pages, shared with the phone page.
const VIEW: &str = "qiyema_view";

/// What the console's pages may do: own style, own script, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The middleware of the console.
pub async fn door(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(shared) = request.app_data::<Data<Shared>>().cloned() else {
        return Err(Refusal::from(Code::Internal).into());
    };
    let lang = language(request.request());
    let asked = asked_language(request.request());
    request.extensions_mut().insert(Spoken(lang));
    if !is_open(request.path()) {
        match member(request.request(), &shared, lang).await {
            Ok(staff) => drop(request.extensions_mut().insert(staff)),
            Err(refusal) if refusal.code() == Code::Unauthenticated => {
                let mut away = match unsent::keep(&mut request, &shared).await {
                    Some(kept) => sign_in::keeping(request.request(), kept),
                    None => see_other(&sign_in_place(request.request())),
                };
                remember(&mut away, &shared, asked)?;
                policed(&mut away);
                return Ok(request.into_response(away));
            }
            Err(refusal) => return Ok(turned_away(request, &refusal)),
        }
    }
    if !is_open(request.path())
        && let Some(place) = told::unproved(request.request(), &shared)
    {
        return Ok(request.into_response(see_other(&place)));
    }
    let mut answer = next.call(request).await?.map_into_boxed_body();
    let refusal = answer.response().error().and_then(|error| error.as_error::<Refusal>().cloned());
    if let Some(refusal) = refusal {
        let page = if refusal.code() == Code::Unauthenticated {
            see_other(&sign_in_place(answer.request()))
        } else {
            notice(answer.request(), &refusal)
        };
        answer = answer.into_response(page);
    }
    policed(answer.response_mut());
    remember(answer.response_mut(), &shared, asked)?;
    let asked = answer.request().clone();
    told::prove(&asked, answer.response_mut(), &shared);
    Ok(answer)
}

/// What a page of the console may do, unless it said something else.
fn policed<B>(answer: &mut HttpResponse<B>) {
    if !answer.headers().contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = header::HeaderValue::from_static(POLICY);
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A language that was asked for stays for the pages that follow.
fn remember<B>(answer: &mut HttpResponse<B>, shared: &Shared, asked: Option<Lang>) -> Result<(), Error> {
    if let Some(lang) = asked {
        answer.add_cookie(&cookie(shared, VIEW, lang.code().to_owned(), Some(time::Duration::days(365))))?;
    }
    Ok(())
}

/// The language of this request.
#[derive(Debug, Clone, Copy)]
struct Spoken(Lang);

/// What needs no session.
fn is_open(path: &str) -> bool {
    let doors = ["/console/sign-in/", "/console/assets/", "/console/setup/", "/console/link/"];
    path == "/console/sign-in" || doors.iter().any(|door| path.starts_with(door))
}

async fn member(request: &HttpRequest, shared: &Data<Shared>, lang: Lang) -> Result<ConsoleStaff, Refusal> {
    let cookie = request.cookie(session_cookie(shared)).ok_or(Code::Unauthenticated)?;
    staff(request, shared, lang, cookie.value()).await
}

/// Who is signed in by this token.
pub async fn staff(
    request: &HttpRequest,
    shared: &Data<Shared>,
    lang: Lang,
    token: &str,
) -> Result<ConsoleStaff, Refusal> {
    let token_hash = fingerprint(token);
    let csrf = pseudonym(&shared.trust.secret, &format!("csrf {token_hash}"));
    let at = shared.clock.now();
    let idle = Duration::minutes(i64::from(shared.rules().sessions.idle_minutes.get()));
    let found: Result<(Actor, bool, u32), Refused> = shared
        .store
        .read(move |db| {
            let (actor, note) = console::authenticate(db, &token_hash, idle, at)?;
            let unread = inbox::unread(db, &actor)?;
            Ok((actor, note, unread))
        })
        .await;
    let (actor, note, unread) = found?;
    if note {
        let session = actor.session.clone();
        let noted: Result<(), Refused> = shared.store.write(move |db| console::seen(db, &session, at)).await;
        noted?;
    }
    let here = request.uri().path_and_query().map_or("/console", |here| here.as_str()).to_owned();
    Ok(ConsoleStaff {
        actor,
        csrf,
        lang,
        here,
        posted: request.method() == Method::POST,
        at,
        who: callers::who(request, shared),
        unread,
        shared: shared.clone(),
    })
}

/// The cookie's name: a browser takes `__Host-` over https only.
pub fn session_cookie(shared: &Shared) -> &'static str {
    if shared.trust.host.is_plain_http() { "qiyema_console" } else { "__Host-qiyema_console" }
}

/// A cookie of the console; without an age it lasts as long as the browser.
pub fn cookie(
    shared: &Shared,
    name: &'static str,
    value: String,
    age: Option<time::Duration>,
) -> Cookie<'static> {
    let mut cookie = Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(!shared.trust.host.is_plain_http())
        .same_site(SameSite::Lax)
        .finish();
    cookie.set_max_age(age);
    cookie
}

fn asked_language(request: &HttpRequest) -> Option<Lang> {
    let asked = request.query_string().split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    Some(Lang::of(asked))
}

/// Asked for, else remembered, else what the browser prefers, else Chinese.
fn language(request: &HttpRequest) -> Lang {
    let kept = request.cookie(VIEW).map(|cookie| cookie.value().to_owned());
    let kept = kept.filter(|value| value.starts_with("zh") || value.starts_with("en"));
    let preferred = || {
        let list = request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        Lang::accepted(list)
    };
    asked_language(request)
        .or_else(|| kept.map(|value| Lang::of(&value)))
        .or_else(preferred)
        .unwrap_or(Lang::Zh)
}

/// The language chosen at the door.
#[must_use]
pub fn spoken(request: &HttpRequest) -> Lang {
    request.extensions().get::<Spoken>().map_or(Lang::Zh, |spoken| spoken.0)
}

/// The sign-in page that leads back here; to a form it cannot lead, and says so.
fn sign_in_place(request: &HttpRequest) -> String {
    let here = request.uri().path_and_query().map_or("/console", |here| here.as_str());
    let next = if request.method() == Method::GET { here } else { "/console" };
    let had = request
        .headers()
        .get(header::COOKIE)
        .is_some_and(|all| all.to_str().is_ok_and(|all| all.contains("qiyema_console=")));
    let why = match (had, request.method() == Method::GET) {
        (false, _) => "",
        (true, true) => "&done=ended",
        (true, false) => "&done=undone",
    };
    format!("/console/sign-in?next={}{why}", BASE64URL_NOPAD.encode(next.as_bytes()))
}

/// Where a person wanted to go: a page of the console, nowhere else.
#[must_use]
pub fn local(next: &str) -> String {
    let decoded =
        BASE64URL_NOPAD.decode(next.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded
        .filter(|path| path == "/console" || path.starts_with("/console/") || path.starts_with("/console?"))
        .filter(|path| {
            !path.starts_with("/console/sign-in") && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
        })
        .unwrap_or_else(|| "/console".to_owned())
}

/// 303, so that reloading sends nothing twice.
#[must_use]
pub fn see_other(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish()
}

/// A page.
pub fn page(status: StatusCode, html: Result<String, askama::Error>) -> HttpResponse {
    match html {
        Ok(body) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body),
        Err(error) => internal(&error).respond(None),
    }
}

fn turned_away(request: ServiceRequest, refusal: &Refusal) -> ServiceResponse<BoxBody> {
    let mut page = notice(request.request(), refusal);
    policed(&mut page);
    request.into_response(page)
}

/// A refusal as a page in the frame of whoever is there.
fn notice(request: &HttpRequest, refusal: &Refusal) -> HttpResponse {
    span::tells(request, refusal.code());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let problem = refusal.problem(id);
    let staff = request.extensions().get::<ConsoleStaff>().cloned();
    let frame = staff.map_or_else(|| outside(request), |staff| staff.frame());
    let back = "/console".to_owned();
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = page(status, ConsoleNotice { frame, problem: &problem, back }.render());
    if let Some(seconds) = problem.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// A refusal from before the door, for whoever comes to the console: a page as well.
pub fn refused(request: &HttpRequest, refusal: &Refusal) -> HttpResponse {
    let known = request.extensions().get::<Spoken>().is_some();
    if !known {
        let lang = language(request);
        request.extensions_mut().insert(Spoken(lang));
    }
    let mut page = notice(request, refusal);
    policed(&mut page);
    page
}

/// The frame of somebody who is not signed in.
#[must_use]
pub fn outside(request: &HttpRequest) -> Frame {
    let lang = spoken(request);
    let centre = request
        .app_data::<Data<Shared>>()
        .map_or_else(String::new, |shared| lang.say(&shared.rules().centre.name).to_owned());
    let here = request.uri().path_and_query().map_or("/console", |here| here.as_str());
    // The sign-in page can be asked for again, whatever was typed.
    let posted = request.method() == Method::POST && request.path() != "/console/sign-in";
    Frame::new(lang, &centre, None, "", here).answering(posted)
}

/// An address of the console that leads nowhere.
pub async fn nowhere() -> Result<HttpResponse, Refusal> {
    Err(Code::NotFound.into())
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::local;

    #[test]
    fn signing_in_leads_to_a_page_of_the_console_and_nowhere_else() {
        let to = |path: &str| local(&BASE64URL_NOPAD.encode(path.as_bytes()));
        assert_eq!(to("/console/issues?state=closed"), "/console/issues?state=closed");
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/console.evil",
            "/c/x",
            "/console/a\r\nb",
            "/console/\\x",
            "/console/sign-in?next=x",
        ] {
            assert_eq!(to(bad), "/console", "{bad}");
        }
        assert_eq!(local("not base64!"), "/console");
    }
}
