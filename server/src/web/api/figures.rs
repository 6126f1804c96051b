//! Figures for performance review.

use actix_web::{
    get,
    web::{Data, Json, Query},
};
use chrono::NaiveDate;
use qiyema_protocol::figures::{By, FiguresView};
use serde::Deserialize;

use super::admin;
use crate::{
    actions::figures::{self, Ask},
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Which figures.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// A month (`2026-10`), quarter (`2026-Q4`) or year (`2026`) of the centre; it goes before the days.
    pub period: Option<String>,
    /// First day, local; the first of the month of `to`, if absent.
    pub from: Option<NaiveDate>,
    /// Last day, local; today, if absent.
    pub to: Option<NaiveDate>,
    /// Grouping; by unit, if absent.
    pub by: Option<By>,
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
    let Find { period, from, to, by } = find.into_inner();
    let ask = Ask { period, from, to, by: by.unwrap_or_default() };
    let found =
        admin::read(staff, &shared, move |db, actor, rules, at| figures::read(db, actor, &ask, rules, at));
    Ok(Json(found.await?))
}
