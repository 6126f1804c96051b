//! Rating from the phone: two buttons on the board, or the whole form on a page
//! of its own. What was chosen and typed is never lost to a fault.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::time::Duration,
    http::StatusCode,
    web::{Data, Form, Query},
};
use qiyema_protocol::{
    problem::FieldProblem,
    rating::{NewRating, Verdict},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{RECEIPT, field, notice, remember, see_other};
use crate::{
    domain::text,
    web::{
        api::owner as api,
        callers::{self, Sealed},
        cookies::keep,
        look::{Ask, View},
        origin,
        pages::html,
        problem::{Code, Refusal},
        shared::Shared,
        view::{
            owner::{Frame, Typed},
            rating::RatingPage,
        },
    },
};

/// What was chosen on the board before somebody asked for the whole form.
#[derive(Deserialize)]
pub struct Chosen {
    verdict: Option<String>,
}

/// `GET /c/{seal}/issues/{number}/ratings`: the whole form, with what was chosen on the board; back to the board
/// when there is nothing to rate.
pub async fn form(
    request: HttpRequest,
    ask: Query<Ask>,
    chosen: Query<Chosen>,
    shared: Data<Shared>,
) -> HttpResponse {
    let view = View::of(&request, &ask);
    let chosen = chosen.into_inner().verdict.map(|verdict| ("verdict".to_owned(), verdict));
    let chosen: Vec<(String, String)> = chosen.into_iter().collect();
    let shown = async {
        let sealed = callers::open(&request)?;
        origin::not_of_staff(&request, &shared)?;
        let typed = Typed { fields: &chosen, faults: &[] };
        page(&request, view, &shared, &sealed, StatusCode::OK, typed).await
    };
    match shown.await {
        Ok(mut answer) => {
            remember(&mut answer, &shared, &ask, view);
            answer
        }
        Err(refusal) => notice(&request, view, &refusal, None),
    }
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
        let sender = origin::of(&request, &shared)?;
        let new = rating_of(&form).map_err(Refusal::fields);
        let stored = match new {
            Ok(new) => api::store_rating(&shared, &sealed, number, (new, None), sender.origin.clone()).await,
            Err(refusal) => Err(refusal),
        };
        match stored {
            Ok(rated) => Ok(Ok((rated, sender))),
            Err(refusal) if refusal.code() == Code::InvalidInput => {
                let typed = Typed { fields: &form, faults: refusal.faults() };
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                page(&request, view, &shared, &sealed, status, typed).await.map(Err)
            }
            Err(refusal) => Err(refusal),
        }
    };
    match done.await {
        Ok(Err(again)) => again,
        Ok(Ok((rated, sender))) => {
            let word = if rated.verdict == Verdict::Good { "good" } else { "bad" };
            let mut answer = see_other(&format!("{back}&done={word}"));
            keep(&mut answer, &shared, RECEIPT, rated.receipt, Duration::minutes(10));
            sender.keep(&mut answer, &shared);
            answer
        }
        Err(refusal) if refusal.code() == Code::AlreadyRated => {
            see_other(&format!("{back}&done=rated-before"))
        }
        Err(refusal) => notice(&request, view, &refusal, Some(back)),
    }
}

/// The form as a page.
async fn page(
    request: &HttpRequest,
    view: View,
    shared: &Data<Shared>,
    sealed: &Sealed,
    status: StatusCode,
    typed: Typed<'_>,
) -> Result<HttpResponse, Refusal> {
    let number = request.match_info().get("number").unwrap_or_default().to_owned();
    let card = match api::one(shared, sealed, number).await {
        Err(refusal) if refusal.code() == Code::IssueUnknown => return Ok(see_other(&view.path(request))),
        card => card?,
    };
    let open = card.closure.as_ref().filter(|closure| {
        closure.rateable || closure.rectification_rateable || closure.second_until.is_some()
    });
    let Some(closure) = open else { return Ok(see_other(&view.path(request))) };
    let (rules, seal_path) = (shared.rules(), format!("/c/{}", sealed.segment));
    let here = format!("/issues/{}/ratings", card.number);
    let frame = Frame {
        words: view.words,
        care: view.care,
        centre: &rules.centre,
        seal_path: &seal_path,
        here: &here,
    };
    let tags = rules.tags.current();
    let counts = card.owner.is_some();
    let page =
        RatingPage { frame, card: &card, closure, tags: &tags, typed, below: &here, counts, board: true };
    Ok(html(status, page.render()))
}

/// A form's fields as a rating; nothing is filled in for the owner.
pub(super) fn rating_of(form: &[(String, String)]) -> Result<NewRating, Vec<FieldProblem>> {
    let verdict = word(form, "verdict")?
        .ok_or_else(|| vec![text::problem("verdict", "请先选择好评或差评", "choose good or bad first")])?;
    Ok(NewRating {
        verdict,
        level: word(form, "level")?,
        tags: form.iter().filter(|(key, _)| key == "tags").map(|(_, value)| value.clone()).collect(),
        comment: field(form, "comment").map(ToOwned::to_owned),
        solved: word(form, "solved")?,
        round: word(form, "round")?.unwrap_or_default(),
    })
}

fn word<T: DeserializeOwned>(form: &[(String, String)], name: &str) -> Result<Option<T>, Vec<FieldProblem>> {
    let Some(value) = field(form, name) else { return Ok(None) };
    serde_json::from_value(value.into())
        .map(Some)
        .map_err(|_| vec![text::problem(name, "不是可选的值", "not one of the choices")])
}
