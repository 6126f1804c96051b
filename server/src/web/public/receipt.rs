//! The page of a receipt: paste it, or open it by a link, and read whether its rating
//! still stands. Changes nothing, needs no script, and shows no more than the receipt.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};
use serde::Deserialize;

use super::remember;
use crate::web::{
    api::ledger::stands,
    look::{Ask, View},
    pages::html,
    problem::{Code, Refusal},
    shared::Shared,
    view::receipt::ReceiptPage,
};

/// What is asked about.
#[derive(Debug, Default, Deserialize)]
pub struct Given {
    receipt: Option<String>,
}

/// `GET /receipts`, `GET /receipts?receipt=…`.
pub async fn show(
    request: HttpRequest,
    ask: Query<Ask>,
    given: Query<Given>,
    shared: Data<Shared>,
) -> HttpResponse {
    let view = View::of(&request, &ask);
    // What was pasted may have been broken over lines.
    let text: String =
        given.into_inner().receipt.unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    let found = if text.is_empty() { Ok(None) } else { stands(&request, &shared, &text).await.map(Some) };
    let (status, found, fault) = match found {
        Ok(found) => (StatusCode::OK, found, None),
        Err(refusal) if refusal.code() == Code::ReceiptFalse => {
            (StatusCode::UNPROCESSABLE_ENTITY, None, Some(refusal))
        }
        Err(refusal) => return super::notice(&request, view, &refusal, None),
    };
    let rules = shared.rules();
    let page = ReceiptPage {
        words: view.words,
        care: view.care,
        centre: &rules.centre,
        typed: &text,
        found: found.as_ref(),
        fault: fault.as_ref().map(|fault: &Refusal| fault.problem(None).detail),
        zone: rules.zone,
    };
    let mut answer = html(status, page.render());
    remember(&mut answer, &shared, &ask, view);
    answer
}
