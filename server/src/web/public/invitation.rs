//! Rating by the one-time link of an invitation, without code and PIN. The page tells
//! nobody where its reader comes from, and the address is all it takes: opening it
//! changes nothing, and only what its own form sends rates.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::time::Duration,
    http::{
        StatusCode,
        header::{HeaderValue, REFERRER_POLICY},
    },
    web::{Data, Form, Query},
};
use qiyema_protocol::rating::Verdict;

use super::{RECEIPT, notice, rating::rating_of, remember, see_other};
use crate::web::{
    api::invitations as api,
    cookies::{self, keep},
    look::{Ask, View},
    origin,
    pages::html,
    problem::{Code, Refusal},
    shared::Shared,
    view::{
        invitation::ThanksPage,
        owner::{Frame, Typed},
        rating::RatingPage,
    },
};

/// `GET /r/{token}`: the form; after rating, thanks and the receipt.
pub async fn form(request: HttpRequest, ask: Query<Ask>, shared: Data<Shared>) -> HttpResponse {
    let view = View::of(&request, &ask);
    let thanks = match ask.done.as_deref() {
        Some("good") => Some(Verdict::Good),
        Some("bad") => Some(Verdict::Bad),
        _ => None,
    };
    let answer = match (thanks, cookies::read(&request, &shared, RECEIPT)) {
        (Some(verdict), Some(receipt)) => thank(&request, view, &shared, verdict, &receipt),
        _ => match page(&request, view, &shared, StatusCode::OK, Typed::default()).await {
            Ok(mut answer) => {
                remember(&mut answer, &shared, &ask, view);
                answer
            }
            Err(refusal) => notice(&request, view, &refusal, None),
        },
    };
    silent(answer)
}

/// `POST /r/{token}`.
pub async fn rate(
    request: HttpRequest,
    ask: Query<Ask>,
    form: Form<Vec<(String, String)>>,
    shared: Data<Shared>,
) -> HttpResponse {
    let view = View::of(&request, &ask);
    let stored = match rating_of(&form).map_err(Refusal::fields) {
        Ok(new) => api::rate(&request, &shared, token(&request), new).await,
        Err(refusal) => Err(refusal),
    };
    silent(match stored {
        Ok((rated, sender)) => {
            let word = if rated.verdict == Verdict::Good { "good" } else { "bad" };
            let mut answer = see_other(&format!("{}&done={word}", place(&request, view)));
            keep(&mut answer, &shared, RECEIPT, rated.receipt, Duration::minutes(10));
            sender.keep(&mut answer, &shared);
            answer
        }
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let typed = Typed { fields: &form, faults: refusal.faults() };
            match page(&request, view, &shared, StatusCode::UNPROCESSABLE_ENTITY, typed).await {
                Ok(again) => again,
                Err(refusal) => notice(&request, view, &refusal, None),
            }
        }
        Err(refusal) => notice(&request, view, &refusal, None),
    })
}

async fn page(
    request: &HttpRequest,
    view: View,
    shared: &Data<Shared>,
    status: StatusCode,
    typed: Typed<'_>,
) -> Result<HttpResponse, Refusal> {
    origin::not_of_staff(request, shared)?;
    let card = api::card(request, shared, token(request)).await?;
    let closure = card.closure.as_ref().ok_or(Code::LinkDead)?;
    let (rules, path) = (shared.rules(), format!("/r/{}", token(request)));
    let frame =
        Frame { words: view.words, care: view.care, centre: &rules.centre, seal_path: &path, here: "" };
    let tags = rules.tags.current();
    let page =
        RatingPage { frame, card: &card, closure, tags: &tags, typed, below: "", counts: true, board: false };
    Ok(html(status, page.render()))
}

fn thank(
    request: &HttpRequest,
    view: View,
    shared: &Shared,
    verdict: Verdict,
    receipt: &str,
) -> HttpResponse {
    let (rules, path) = (shared.rules(), format!("/r/{}", token(request)));
    let frame =
        Frame { words: view.words, care: view.care, centre: &rules.centre, seal_path: &path, here: "" };
    html(StatusCode::OK, ThanksPage { frame, wording: &rules.wording, verdict, receipt }.render())
}

fn token(request: &HttpRequest) -> &str {
    request.match_info().get("token").unwrap_or_default()
}

fn place(request: &HttpRequest, view: View) -> String {
    format!("/r/{}?lang={}&care={}", token(request), view.words.code, u8::from(view.care))
}

/// The address is the proof, so no other page learns it, not even one of ours.
fn silent(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}
