//! The pages of whoever holds a code. Every answer is a page, also a refusal;
//! a form answers with 303, so that reloading sends nothing twice.

use std::sync::LazyLock;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::{StatusCode, header},
    web::{Data, Form, Query},
};
use data_encoding::BASE64;
use qiyema_protocol::{
    board::Board,
    problem::FieldProblem,
    rating::{NewRating, Verdict},
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{
    api::owner,
    callers::{self, Sealed},
    middleware::edge::RequestId,
    problem::{Code, Refusal},
    refusals::internal,
    shared::Shared,
    view::{
        STYLE,
        board::{BoardPage, Flash},
        home::HomePage,
        notice::NoticePage,
    },
    words::Words,
};
use crate::domain::{rating, text};

const VIEW: &str = "qiyema_view";
const RECEIPT: &str = "qiyema_receipt";

/// What a page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    page: Option<u32>,
    lang: Option<String>,
    care: Option<String>,
    done: Option<String>,
}

/// Language and size: asked for, else remembered, else what the browser prefers.
#[derive(Clone, Copy)]
struct View {
    words: &'static Words,
    care: bool,
}

impl View {
    fn of(request: &HttpRequest, ask: &Ask) -> Self {
        let kept = request.cookie(VIEW).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        let accepted =
            request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(
                |list| {
                    list.split(',').map(str::trim).find(|tag| tag.starts_with("zh") || tag.starts_with("en"))
                },
            );
        let remembered = kept.split('.').next().filter(|lang| !lang.is_empty());
        let lang = ask.lang.as_deref().or(remembered).or(accepted).unwrap_or("zh");
        let care =
            ask.care.as_deref().map_or_else(|| kept.split('.').nth(1) == Some("care"), |care| care == "1");
        Self { words: Words::of(lang), care }
    }

    /// The board's address in this language and size, for browsers that keep no cookies.
    fn path(self, request: &HttpRequest) -> String {
        let seal = request.match_info().get("seal").unwrap_or_default();
        format!("/c/{seal}?lang={}&care={}", self.words.code, u8::from(self.care))
    }

    fn remember(self) -> String {
        format!("{}{}", self.words.code, if self.care { ".care" } else { "" })
    }
}

/// `GET /`.
pub async fn home(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let view = View::of(&request, &ask);
    let base_url = shared.trust.host.origin();
    html(
        StatusCode::OK,
        HomePage { words: view.words, centre: &shared.rules().centre, base_url: &base_url }.render(),
    )
}

/// `GET /c/{seal}`.
pub async fn board(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let view = View::of(&request, &ask);
    let shown = async {
        let sealed = callers::open(&request)?;
        let board = owner::board(&shared, &sealed, ask.page.unwrap_or(1)).await?;
        Ok::<_, Refusal>((sealed, board))
    };
    match shown.await {
        Ok((sealed, board)) => board_page(&request, &ask, view, &shared, &sealed, &board),
        Err(refusal) => notice(&request, view, &refusal, None),
    }
}

fn board_page(
    request: &HttpRequest,
    ask: &Ask,
    view: View,
    shared: &Shared,
    sealed: &Sealed,
    board: &Board,
) -> HttpResponse {
    let receipt = request.cookie(RECEIPT).map(|cookie| cookie.value().to_owned());
    let page = BoardPage {
        words: view.words,
        care: view.care,
        board,
        seal_path: &format!("/c/{}", sealed.segment),
        flash: match ask.done.as_deref() {
            Some("good") => Some(Flash::Rated),
            Some("bad") => Some(Flash::RatedBad),
            Some("pin") => Some(Flash::PinOk),
            Some("pin-wrong") => Some(Flash::PinWrong),
            Some("forgotten") => Some(Flash::Forgotten),
            Some("rated-before") => Some(Flash::AlreadyRated),
            _ => None,
        },
        csrf: "",
        rating_tags: &rating::tags(),
        receipt: receipt.as_deref().filter(|_| matches!(ask.done.as_deref(), Some("good" | "bad"))),
        tz: shared.rules().zone,
    };
    let mut answer = html(StatusCode::OK, page.render());
    if ask.lang.is_some() || ask.care.is_some() {
        keep(&mut answer, shared, VIEW.to_owned(), view.remember(), Duration::days(365));
    }
    answer
}

/// `POST /c/{seal}/issues/{number}/ratings`.
pub async fn rate(
    request: HttpRequest,
    ask: Query<Ask>,
    form: Form<Vec<(String, String)>>,
    shared: Data<Shared>,
) -> HttpResponse {
    let view = View::of(&request, &ask);
    let back = view.path(&request);
    let number = request.match_info().get("number").unwrap_or_default().to_owned();
    let done = async {
        let sealed = callers::open(&request)?;
        let new = rating_of(&form).map_err(Refusal::fields)?;
        owner::store_rating(&shared, &sealed, number, new, None).await
    };
    match done.await {
        Ok(rated) => {
            let word = if rated.verdict == Verdict::Good { "good" } else { "bad" };
            let mut answer = see_other(&format!("{back}&done={word}"));
            keep(&mut answer, &shared, RECEIPT.to_owned(), rated.receipt, Duration::minutes(10));
            answer
        }
        Err(refusal) if refusal.code() == Code::AlreadyRated => {
            see_other(&format!("{back}&done=rated-before"))
        }
        Err(refusal) => notice(&request, view, &refusal, Some(back)),
    }
}

/// `POST /c/{seal}/device`.
pub async fn prove(
    request: HttpRequest,
    ask: Query<Ask>,
    form: Form<Vec<(String, String)>>,
    shared: Data<Shared>,
) -> HttpResponse {
    let view = View::of(&request, &ask);
    let back = view.path(&request);
    let done = async {
        let sealed = callers::open(&request)?;
        let device = owner::prove(&shared, &sealed, field(&form, "pin").unwrap_or_default()).await?;
        Ok::<_, Refusal>((sealed.seal, device.token))
    };
    match done.await {
        Ok((seal, token)) => {
            let mut answer = see_other(&format!("{back}&done=pin"));
            let lasts = Duration::days(i64::from(shared.rules().device_days));
            keep(&mut answer, &shared, callers::device_cookie(seal), token, lasts);
            answer
        }
        Err(refusal) if refusal.code() == Code::PinWrong => see_other(&format!("{back}&done=pin-wrong")),
        Err(refusal) => notice(&request, view, &refusal, Some(back)),
    }
}

/// `POST /c/{seal}/device/removal`.
pub async fn forget(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let view = View::of(&request, &ask);
    let back = view.path(&request);
    let done = async {
        let sealed = callers::open(&request)?;
        owner::forget(&shared, &sealed).await.map(|()| sealed.seal)
    };
    match done.await {
        Ok(seal) => {
            let mut answer = see_other(&format!("{back}&done=forgotten"));
            keep(&mut answer, &shared, callers::device_cookie(seal), String::new(), Duration::ZERO);
            answer
        }
        Err(refusal) => notice(&request, view, &refusal, Some(back)),
    }
}

fn field<'form>(form: &'form [(String, String)], name: &str) -> Option<&'form str> {
    form.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// A form's fields as a rating; nothing is filled in for the owner.
fn rating_of(form: &[(String, String)]) -> Result<NewRating, Vec<FieldProblem>> {
    let verdict = word(form, "verdict")?
        .ok_or_else(|| vec![text::problem("verdict", "请先选择好评或差评", "choose good or bad first")])?;
    Ok(NewRating {
        verdict,
        level: word(form, "level")?,
        tags: form.iter().filter(|(key, _)| key == "tags").map(|(_, value)| value.clone()).collect(),
        comment: field(form, "comment").map(ToOwned::to_owned),
        solved: word(form, "solved")?,
    })
}

fn word<T: DeserializeOwned>(form: &[(String, String)], name: &str) -> Result<Option<T>, Vec<FieldProblem>> {
    let Some(value) = field(form, name) else { return Ok(None) };
    serde_json::from_value(value.into())
        .map(Some)
        .map_err(|_| vec![text::problem(name, "不是可选的值", "not one of the choices")])
}

/// A refusal as a page.
fn notice(request: &HttpRequest, view: View, refusal: &Refusal, back: Option<String>) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let problem = refusal.problem(id);
    let mut page = NoticePage::of(&problem, view.words);
    page.back = back;
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = html(status, page.render());
    if let Some(seconds) = problem.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// What a page may load: its own style, by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
});

fn html(status: StatusCode, page: Result<String, askama::Error>) -> HttpResponse {
    match page {
        Ok(body) => HttpResponse::build(status)
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY.as_str()))
            .content_type("text/html; charset=utf-8")
            .body(body),
        Err(error) => internal(&error).respond(None),
    }
}

fn see_other(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish()
}

fn keep(answer: &mut HttpResponse, shared: &Shared, name: String, value: String, lasts: Duration) {
    let cookie = Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(!shared.trust.host.is_plain_http())
        .same_site(SameSite::Lax)
        .max_age(lasts)
        .finish();
    if let Err(error) = answer.add_cookie(&cookie) {
        tracing::error!(%error, "a cookie could not be set");
    }
}
