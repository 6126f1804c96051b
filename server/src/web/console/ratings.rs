//! Ratings at the console, and appeals against them: a list, and a page a rating
//! with what the reader may do about it.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{
    appeal::{NewAppeal, NewDecision, Show},
    problem::FieldProblem,
};
use serde::Deserialize;

use super::{
    door::see_other,
    staff::{ConsoleForm, ConsoleStaff},
};
use crate::{
    actions::{Refused, appeal},
    domain::text::problem,
    web::{
        problem::{Code, Refusal},
        view::console::{
            form::Choice,
            issues::Pick,
            ratings::{RatingPage, RatingsPage},
        },
        words::console::ratings::{self as said, RatingWords},
    },
};

/// Which page; a word that is none of the choices shows all.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    show: Option<String>,
    before: Option<String>,
}

/// `GET /console/ratings`.
pub async fn list(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let Ask { show, before } = ask.into_inner();
    let show: Show = show.and_then(|word| serde_json::from_value(word.into()).ok()).unwrap_or_default();
    let before = before.filter(|key| !key.contains('\0'));
    let later = before.is_some();
    let list = staff.read(move |db, actor, _, _| appeal::list(db, actor, show, before)).await?;
    let word = |show: Show| crate::store::columns::word(show).unwrap_or_default();
    let pick = Pick {
        name: "show",
        label: RatingWords::of(staff.lang).show,
        value: word(show),
        choices: Show::ALL
            .into_iter()
            .filter(|one| *one != Show::Flagged || staff.actor.confined_to().is_none())
            .map(|one| Choice::new(word(one), said::show(staff.lang, one)))
            .collect(),
    };
    let zone = staff.shared.rules().zone;
    Ok(staff.page(RatingsPage { frame: staff.frame(), list, pick, later, zone }.render()))
}

/// `GET /console/ratings/{rating}`.
pub async fn one(staff: ConsoleStaff, rating: Path<String>) -> Result<HttpResponse, Refusal> {
    let page = page(&staff, &clean(rating.into_inner())?, (Vec::new(), Vec::new())).await?;
    Ok(staff.page(page.render()))
}

/// `POST /console/ratings/{rating}/appeal`.
pub async fn file(
    staff: ConsoleStaff,
    rating: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = clean(rating.into_inner())?;
    let Some(ground) = form.word("ground") else {
        let fault = problem("ground", "请选择理由", "choose a ground");
        return again(&staff, &id, form, vec![fault]).await;
    };
    let new = NewAppeal { ground, reason: form.text("reason").to_owned() };
    let asked = id.clone();
    let done = staff.write(move |db, actor, _, at| appeal::file(db, actor, &asked, &new, at)).await;
    finish(&staff, &id, form, done.map(drop)).await
}

/// `POST /console/ratings/{rating}/decisions`.
pub async fn decide(
    staff: ConsoleStaff,
    rating: Path<String>,
    form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = clean(rating.into_inner())?;
    let Some(judgement) = form.word("judgement") else {
        let fault = problem("judgement", "请选择意见", "choose what you decide");
        return again(&staff, &id, form, vec![fault]).await;
    };
    let new = NewDecision { judgement, reason: form.text("reason").to_owned() };
    let asked = id.clone();
    let done = staff.write(move |db, actor, _, at| appeal::decide(db, actor, &asked, &new, at)).await;
    finish(&staff, &id, form, done.map(drop)).await
}

async fn finish(
    staff: &ConsoleStaff,
    id: &str,
    form: ConsoleForm,
    done: Result<(), Refused>,
) -> Result<HttpResponse, Refusal> {
    match done {
        Ok(()) => Ok(see_other(&format!("/console/ratings/{id}"))),
        Err(Refused::Invalid(faults)) => again(staff, id, form, faults).await,
        Err(refused) => Err(refused.into()),
    }
}

/// The page once more, with what was typed and what is wrong with it.
async fn again(
    staff: &ConsoleStaff,
    id: &str,
    form: ConsoleForm,
    faults: Vec<FieldProblem>,
) -> Result<HttpResponse, Refusal> {
    let page = page(staff, id, (form.0, faults)).await?;
    Ok(staff.form_again(page.render()))
}

async fn page(
    staff: &ConsoleStaff,
    id: &str,
    typed: (Vec<(String, String)>, Vec<FieldProblem>),
) -> Result<RatingPage, Refusal> {
    let id = id.to_owned();
    let rating = staff.read(move |db, actor, _, _| appeal::one(db, actor, &id)).await?;
    Ok(RatingPage { frame: staff.frame(), rating, typed, zone: staff.shared.rules().zone })
}

/// PostgreSQL takes no NUL, not even to look it up.
fn clean(id: String) -> Result<String, Refusal> {
    if id.contains('\0') { Err(Code::NotFound.into()) } else { Ok(id) }
}
