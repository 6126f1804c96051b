//! The directory: units, offices, categories, channels, the working calendar.

pub mod edit;

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{accounts::staff_units, categories, channels, offices, staff, staff_roles, units, workdays},
    state_facts::changing,
};
use crate::domain::{
    calendar::{DayKind, DayStatus, Override},
    ledger::State,
};

const HOLIDAY: &str = "holiday";
const OFFICIAL: &str = "official";

/// A unit (牵头单位).
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = units)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct UnitRow {
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub position: i32,
    pub closed_at: Option<NaiveDateTime>,
}

/// An office of a unit (经办科室).
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = offices)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct OfficeRow {
    pub id: String,
    pub unit_id: String,
    pub name_zh: String,
    pub name_en: String,
    pub phone: String,
    pub position: i32,
    pub closed_at: Option<NaiveDateTime>,
}

/// A category with its grade and limit.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = categories)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct CategoryRow {
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub grade: String,
    pub limit_working_days: Option<i32>,
    pub limit_hours: Option<i32>,
    pub lead_unit_id: Option<String>,
    pub position: i32,
    pub parent_id: Option<String>,
    pub retired_at: Option<NaiveDateTime>,
}

/// A channel.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = channels)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ChannelRow {
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub position: i32,
    pub retired_at: Option<NaiveDateTime>,
}

/// Units that still stand.
pub fn units(db: &mut Db) -> QueryResult<Vec<UnitRow>> {
    units::table.filter(units::closed_at.is_null()).order((units::position, units::id)).load(db)
}

/// Categories in use.
pub fn categories(db: &mut Db) -> QueryResult<Vec<CategoryRow>> {
    categories::table
        .filter(categories::retired_at.is_null())
        .order((categories::position, categories::id))
        .load(db)
}

/// One category, also a retired one: old issues keep theirs.
pub fn category(db: &mut Db, id: &str) -> QueryResult<Option<CategoryRow>> {
    categories::table.filter(categories::id.eq(id)).first(db).optional()
}

/// These categories, those that are out of use among them.
pub fn categories_of(db: &mut Db, ids: &[String]) -> QueryResult<Vec<CategoryRow>> {
    categories::table.filter(categories::id.eq_any(ids.to_vec())).load(db)
}

/// Channels in use.
pub fn channels(db: &mut Db) -> QueryResult<Vec<ChannelRow>> {
    channels::table.filter(channels::retired_at.is_null()).order((channels::position, channels::id)).load(db)
}

/// Whether a channel is in use.
pub fn channel_exists(db: &mut Db, id: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        channels::table.filter(channels::id.eq(id)).filter(channels::retired_at.is_null()),
    ))
    .get_result(db)
}

/// Handlers: user name, name, unit; who acts for several units stands here once for each.
pub fn handlers(db: &mut Db) -> QueryResult<Vec<(String, String, String)>> {
    let desks: Vec<(String, String, String)> = staff::table
        .inner_join(staff_roles::table)
        .inner_join(offices::table)
        .filter(staff_roles::role.eq("handler"))
        .filter(staff::disabled_at.is_null())
        .select((staff::username, staff::name, offices::unit_id))
        .load(db)?;
    let beside: Vec<(String, String, String)> = staff::table
        .inner_join(staff_roles::table)
        .inner_join(staff_units::table)
        .filter(staff_roles::role.eq("handler"))
        .filter(staff::disabled_at.is_null())
        .select((staff::username, staff::name, staff_units::unit_id))
        .load(db)?;
    let all: BTreeSet<_> = desks.into_iter().chain(beside).collect();
    Ok(all.into_iter().collect())
}

/// The calendar's overrides.
pub fn workdays(db: &mut Db) -> QueryResult<Vec<Override>> {
    let rows: Vec<(NaiveDate, String, String)> =
        workdays::table.select((workdays::day, workdays::kind, workdays::status)).load(db)?;
    let day = |(day, kind, status): (NaiveDate, String, String)| Override {
        day,
        kind: if kind == HOLIDAY { DayKind::Holiday } else { DayKind::Workday },
        status: if status == OFFICIAL { DayStatus::Official } else { DayStatus::Draft },
    };
    Ok(rows.into_iter().map(day).collect())
}

/// Adds a unit.
pub fn insert_unit(db: &mut Db, row: &UnitRow) -> QueryResult<()> {
    changing(db, State::Units, &[&row.id], |db| {
        diesel::insert_into(units::table).values(row).execute(db).map(drop)
    })
}

/// Adds an office.
pub fn insert_office(db: &mut Db, row: &OfficeRow) -> QueryResult<()> {
    changing(db, State::Offices, &[&row.id], |db| {
        diesel::insert_into(offices::table).values(row).execute(db).map(drop)
    })
}

/// Adds a category.
pub fn insert_category(db: &mut Db, row: &CategoryRow) -> QueryResult<()> {
    changing(db, State::Categories, &[&row.id], |db| {
        diesel::insert_into(categories::table).values(row).execute(db).map(drop)
    })
}

/// Adds a channel.
pub fn insert_channel(db: &mut Db, row: &ChannelRow) -> QueryResult<()> {
    changing(db, State::Channels, &[&row.id], |db| {
        diesel::insert_into(channels::table).values(row).execute(db).map(drop)
    })
}

/// Adds a day to the calendar.
pub fn insert_workday(db: &mut Db, new: Override) -> QueryResult<()> {
    changing(db, State::Workdays, &[&new.day.to_string()], |db| add_workday(db, new))
}

fn add_workday(db: &mut Db, new: Override) -> QueryResult<()> {
    let kind = if new.kind == DayKind::Holiday { HOLIDAY } else { "workday" };
    let status = if new.status == DayStatus::Official { OFFICIAL } else { "draft" };
    diesel::insert_into(workdays::table)
        .values((workdays::day.eq(new.day), workdays::kind.eq(kind), workdays::status.eq(status)))
        .execute(db)
        .map(drop)
}
