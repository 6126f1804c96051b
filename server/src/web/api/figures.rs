//! Figures for performance review.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Bytes, Data, Json, Query},
};
use chrono::NaiveDate;
use futures_util::{StreamExt as _, stream};
use qiyema_protocol::{
    dashboard::{Closures, Dashboard, Which},
    exchange::{Coding, Exchange},
    figures::{By, FiguresView},
};
use serde::Deserialize;

use super::admin;
use crate::{
    actions::{
        Refused,
        figures::{self, Ask, closures, dashboard, exchange},
        rights::Actor,
    },
    web::{
        callers::Staff,
        problem::{Code, Refusal},
        refusals::{Refusals, internal},
        shared::Shared,
    },
};

/// Which figures.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// A month (`2026-10`), quarter (`2026-Q4`) or year (`2026`) of the centre, or its last twelve whole months (`last12`); it goes before the days.
    pub period: Option<String>,
    /// First day, local; the first of the month of `to`, if absent.
    pub from: Option<NaiveDate>,
    /// Last day, local; today, if absent.
    pub to: Option<NaiveDate>,
    /// Grouping; by unit, if absent.
    pub by: Option<By>,
}

impl Find {
    /// What is asked of the figures.
    pub fn ask(self) -> Ask {
        let Self { period, from, to, by } = self;
        Ask { period, from, to, by: by.unwrap_or_default() }
    }
}

/// Figures of a period beside those of the period before, by unit, person, category, channel, level or grade.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, body = FiguresView), Refusals))]
#[get("/api/v1/staff/figures")]
pub async fn read(
    staff: Staff,
    find: Query<Find>,
    shared: Data<Shared>,
) -> Result<Json<FiguresView>, Refusal> {
    let ask = find.into_inner().ask();
    let found =
        admin::read(staff, &shared, move |db, actor, rules, at| figures::read(db, actor, &ask, rules, at));
    Ok(Json(found.await?))
}

/// The figures with what explains them: trend, funnel, complaints, slowest categories, units by categories.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, body = Dashboard), Refusals))]
#[get("/api/v1/staff/figures/dashboard")]
pub async fn board(
    staff: Staff,
    find: Query<Find>,
    shared: Data<Shared>,
) -> Result<Json<Dashboard>, Refusal> {
    let ask = find.into_inner().ask();
    let found = admin::read(staff, &shared, move |db, actor, rules, at| {
        dashboard::dashboard(db, actor, &ask, rules, at)
    });
    Ok(Json(found.await?))
}

/// Which closures.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Down {
    /// A month, quarter or year of the centre, or `last12`; it goes before the days.
    pub period: Option<String>,
    /// First day, local.
    pub from: Option<NaiveDate>,
    /// Last day, local.
    pub to: Option<NaiveDate>,
    /// Grouping; by unit, if absent.
    pub by: Option<By>,
    /// Id of the group; empty: not assigned yet.
    #[serde(default)]
    pub member: String,
    /// Which of its closures; all, if absent.
    pub which: Option<Which>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// The closures behind a group's figures, newest first, or its promises that were not kept; never who rated.
#[utoipa::path(tag = "staff", params(Down), security(("staff" = [])),
    responses((status = 200, body = Closures), Refusals))]
#[get("/api/v1/staff/figures/closures")]
pub async fn behind(
    staff: Staff,
    down: Query<Down>,
    shared: Data<Shared>,
) -> Result<Json<Closures>, Refusal> {
    let Down { period, from, to, by, member, which, after } = down.into_inner();
    if member.contains('\0') || after.as_ref().is_some_and(|after| after.contains('\0')) {
        return Err(Code::NotFound.into());
    }
    let ask = Ask { period, from, to, by: by.unwrap_or_default() };
    let found = admin::read(staff, &shared, move |db, actor, rules, at| {
        let of = (&*member, which.unwrap_or_default());
        closures::closures(db, actor, &ask, of, after.as_deref(), rules, at)
    });
    Ok(Json(found.await?))
}

/// Which ratings, in which coding.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Exchanging {
    /// A month, quarter or year of the centre, or `last12`; it goes before the days.
    pub period: Option<String>,
    /// First day, local.
    pub from: Option<NaiveDate>,
    /// Last day, local.
    pub to: Option<NaiveDate>,
    /// How levels are numbered: `interface` (5 = 非常满意) or `gbt39046` (1 = 非常满意).
    pub coding: Option<Coding>,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Exchanging {
    /// The period, the coding and where the page begins.
    pub fn parts(self) -> (Ask, Coding, Option<String>) {
        let Self { period, from, to, coding, after } = self;
        (Ask { period, from, to, ..Ask::default() }, coding.unwrap_or_default(), after)
    }
}

/// First ratings given in a period, for other systems, with what each number means; never who rated.
#[utoipa::path(tag = "staff", params(Exchanging), security(("staff" = [])),
    responses((status = 200, body = Exchange), Refusals))]
#[get("/api/v1/staff/ratings/exchange")]
pub async fn exchanged(
    staff: Staff,
    which: Query<Exchanging>,
    shared: Data<Shared>,
) -> Result<Json<Exchange>, Refusal> {
    let (ask, coding, after) = which.into_inner().parts();
    if after.as_ref().is_some_and(|after| after.contains('\0')) {
        return Err(Code::NotFound.into());
    }
    let found = admin::read(staff, &shared, move |db, actor, rules, at| {
        exchange::exchange(db, actor, (&ask, coding), after.as_deref(), rules, at)
    });
    Ok(Json(found.await?))
}

/// All of a period as one document, a page at a time: nothing is ever whole in memory.
pub async fn exchange_file(
    shared: &Shared,
    actor: Actor,
    ask: Ask,
    coding: Coding,
) -> Result<HttpResponse, Refusal> {
    let first = page(shared, &actor, &ask, coding, None).await?;
    let named = |error: &serde_json::Error| internal(error);
    let coded = serde_json::to_string(&first.coding).map_err(|error| named(&error))?;
    let meaning = serde_json::to_string(&first.meaning).map_err(|error| named(&error))?;
    let head = format!("{{\"coding\":{coded},\"meaning\":{meaning},\"ratings\":[");
    let shared = shared.clone();
    let pages = stream::try_unfold(Some((first, "\n")), move |turn| {
        let (shared, actor, ask) = (shared.clone(), actor.clone(), ask.clone());
        async move {
            let Some((found, mut between)) = turn else { return Ok(None) };
            let mut text = String::new();
            for rating in &found.ratings {
                text.push_str(between);
                text.push_str(&serde_json::to_string(rating)?);
                between = ",\n";
            }
            let next = match found.next {
                None => None,
                Some(after) => {
                    let next = page(&shared, &actor, &ask, coding, Some(after)).await;
                    Some((next.map_err(|refusal| std::io::Error::other(refusal.to_string()))?, between))
                }
            };
            if next.is_none() {
                text.push_str("\n]}\n");
            }
            Ok::<_, std::io::Error>(Some((Bytes::from(text), next)))
        }
    });
    let word = crate::store::columns::word(coding).unwrap_or_default();
    let name = format!("attachment; filename=\"ratings-{word}.json\"");
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .streaming(stream::once(async move { Ok(Bytes::from(head)) }).chain(pages)))
}

async fn page(
    shared: &Shared,
    actor: &Actor,
    ask: &Ask,
    coding: Coding,
    after: Option<String>,
) -> Result<Exchange, Refusal> {
    let (actor, ask, rules, at) = (actor.clone(), ask.clone(), shared.rules(), shared.clock.now());
    let found: Result<Exchange, Refused> = shared
        .store
        .read(move |db| exchange::exchange(db, &actor, (&ask, coding), after.as_deref(), &rules, at))
        .await;
    Ok(found?)
}
