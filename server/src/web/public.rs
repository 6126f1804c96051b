//! The pages of whoever holds a code. Every answer is a page, also a refusal;
//! a form answers with 303, so that reloading sends nothing twice.

pub mod invitation;
pub mod owner;
pub mod rating;
pub mod receipt;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    cookie::time::Duration,
    http::{StatusCode, header},
    web::{Data, Form, Query},
};
use qiyema_protocol::board::Board;

use super::{
    api::owner as api,
    callers::{self, Sealed},
    cookies::{self, keep, keep_plain},
    look::{self, Ask, View},
    middleware::edge::RequestId,
    pages::{self, html},
    problem::{Code, Refusal},
    shared::Shared,
    view::{
        board::{BoardPage, Flash},
        home::HomePage,
    },
};

const RECEIPT: &str = "qiyema_receipt";

/// `GET /`.
pub async fn home(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let view = View::of(&request, &ask);
    let base_url = shared.trust.host.origin();
    let rules = shared.rules();
    let (centre, lead) = (&rules.centre, &rules.wording.home_lead);
    html(StatusCode::OK, HomePage { words: view.words, centre, lead, base_url: &base_url }.render())
}

/// `GET /c/{seal}`.
pub async fn board(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let view = View::of(&request, &ask);
    let shown = async {
        let sealed = callers::open(&request)?;
        let board = api::board(&shared, &sealed, ask.page.unwrap_or(1)).await?;
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
    let rules = shared.rules();
    let receipt = cookies::read(request, shared, RECEIPT);
    let page = BoardPage {
        words: view.words,
        care: view.care,
        wording: &rules.wording,
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
        receipt: receipt.as_deref().filter(|_| matches!(ask.done.as_deref(), Some("good" | "bad"))),
        tz: rules.zone,
    };
    let mut answer = html(StatusCode::OK, page.render());
    remember(&mut answer, shared, ask, view);
    answer
}

/// Keeps language and size that were asked for.
fn remember(answer: &mut HttpResponse, shared: &Shared, ask: &Ask, view: View) {
    if ask.lang.is_some() || ask.care.is_some() {
        keep_plain(answer, shared, look::COOKIE, view.remember(), Duration::days(365));
    }
}

/// `GET` of a form's address: somebody who was shown a refusal there and opens it
/// again goes back to the board.
pub async fn back(request: HttpRequest, ask: Query<Ask>) -> HttpResponse {
    let view = View::of(&request, &ask);
    match callers::open(&request) {
        Ok(_) => see_other(&view.path(&request)),
        Err(refusal) => notice(&request, view, &refusal, None),
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
        let device = api::prove(&shared, &sealed, field(&form, "pin").unwrap_or_default()).await?;
        Ok::<_, Refusal>((sealed.seal, device.token))
    };
    match done.await {
        Ok((seal, token)) => {
            let mut answer = see_other(&format!("{back}&done=pin"));
            let lasts = Duration::days(i64::from(shared.rules().device_days));
            keep(&mut answer, &shared, &callers::device_cookie(seal), token, lasts);
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
        api::forget(&shared, &sealed).await.map(|()| sealed.seal)
    };
    match done.await {
        Ok(seal) => {
            let mut answer = see_other(&format!("{back}&done=forgotten"));
            keep(&mut answer, &shared, &callers::device_cookie(seal), String::new(), Duration::ZERO);
            answer
        }
        Err(refusal) => notice(&request, view, &refusal, Some(back)),
    }
}

fn field<'form>(form: &'form [(String, String)], name: &str) -> Option<&'form str> {
    form.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// A refusal as a page.
fn notice(request: &HttpRequest, view: View, refusal: &Refusal, back: Option<String>) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    pages::notice(view, refusal, id, back)
}

fn see_other(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish()
}
