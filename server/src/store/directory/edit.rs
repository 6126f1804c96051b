//! Changing the directory. Nothing here deletes: what is closed or retired stays,
//! because old issues name it.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    dsl::{exists, max},
    prelude::*,
};

use super::{CategoryRow, ChannelRow, OfficeRow, UnitRow, add_workday};
use crate::{
    domain::{calendar::Override, ledger::State},
    store::{
        connection::{Db, one_at_a_time},
        schema::{categories, channels, issues, offices, staff, units, workdays},
        state_facts::{changing, changing_all},
    },
};

/// All units, closed ones too.
pub fn units(db: &mut Db) -> QueryResult<Vec<UnitRow>> {
    units::table.order((units::position, units::id)).load(db)
}

/// All offices, closed ones too.
pub fn offices(db: &mut Db) -> QueryResult<Vec<OfficeRow>> {
    offices::table.order((offices::position, offices::id)).load(db)
}

/// The unit that an office is of.
pub fn unit_of(db: &mut Db, office: &str) -> QueryResult<Option<String>> {
    offices::table.filter(offices::id.eq(office)).select(offices::unit_id).first(db).optional()
}

/// All categories, retired ones too.
pub fn categories(db: &mut Db) -> QueryResult<Vec<CategoryRow>> {
    categories::table.order((categories::position, categories::id)).load(db)
}

/// All channels, retired ones too.
pub fn channels(db: &mut Db) -> QueryResult<Vec<ChannelRow>> {
    channels::table.order((channels::position, channels::id)).load(db)
}

/// Whether a unit is there and not closed.
pub fn unit_stands(db: &mut Db, id: &str) -> QueryResult<bool> {
    let found = units::table.filter(units::id.eq(id)).filter(units::closed_at.is_null());
    diesel::select(exists(found)).get_result(db)
}

/// Whether an office is there, and neither it nor its unit is closed.
pub fn office_stands(db: &mut Db, id: &str) -> QueryResult<bool> {
    let found = offices::table
        .inner_join(units::table)
        .filter(offices::id.eq(id))
        .filter(offices::closed_at.is_null())
        .filter(units::closed_at.is_null());
    diesel::select(exists(found)).get_result(db)
}

/// The last place in the list of units.
pub fn last_unit(db: &mut Db) -> QueryResult<i32> {
    let last: Option<i32> = units::table.select(max(units::position)).first(db)?;
    Ok(last.unwrap_or(0))
}

/// One unit.
pub fn unit(db: &mut Db, id: &str) -> QueryResult<Option<UnitRow>> {
    units::table.filter(units::id.eq(id)).first(db).optional()
}

/// One office.
pub fn office(db: &mut Db, id: &str) -> QueryResult<Option<OfficeRow>> {
    offices::table.filter(offices::id.eq(id)).first(db).optional()
}

/// One channel.
pub fn channel(db: &mut Db, id: &str) -> QueryResult<Option<ChannelRow>> {
    channels::table.filter(channels::id.eq(id)).first(db).optional()
}

/// Writes a unit that is there.
pub fn write_unit(db: &mut Db, row: &UnitRow) -> QueryResult<()> {
    changing(db, State::Units, &[&row.id], |db| {
        diesel::update(units::table.filter(units::id.eq(&row.id)))
            .set((
                units::name_zh.eq(&row.name_zh),
                units::name_en.eq(&row.name_en),
                units::position.eq(row.position),
                units::closed_at.eq(row.closed_at),
            ))
            .execute(db)
            .map(drop)
    })
}

/// Writes an office that is there; it stays with its unit.
pub fn write_office(db: &mut Db, row: &OfficeRow) -> QueryResult<()> {
    changing(db, State::Offices, &[&row.id], |db| {
        diesel::update(offices::table.filter(offices::id.eq(&row.id)))
            .set((
                offices::name_zh.eq(&row.name_zh),
                offices::name_en.eq(&row.name_en),
                offices::phone.eq(&row.phone),
                offices::position.eq(row.position),
                offices::closed_at.eq(row.closed_at),
            ))
            .execute(db)
            .map(drop)
    })
}

/// Writes a category that is there.
pub fn write_category(db: &mut Db, row: &CategoryRow) -> QueryResult<()> {
    changing(db, State::Categories, &[&row.id], |db| {
        diesel::update(categories::table.filter(categories::id.eq(&row.id)))
            .set((
                categories::name_zh.eq(&row.name_zh),
                categories::name_en.eq(&row.name_en),
                categories::grade.eq(&row.grade),
                categories::limit_working_days.eq(row.limit_working_days),
                categories::limit_hours.eq(row.limit_hours),
                categories::lead_unit_id.eq(&row.lead_unit_id),
                categories::position.eq(row.position),
                categories::parent_id.eq(&row.parent_id),
                categories::retired_at.eq(row.retired_at),
            ))
            .execute(db)
            .map(drop)
    })
}

/// Writes a channel that is there.
pub fn write_channel(db: &mut Db, row: &ChannelRow) -> QueryResult<()> {
    changing(db, State::Channels, &[&row.id], |db| {
        diesel::update(channels::table.filter(channels::id.eq(&row.id)))
            .set((
                channels::name_zh.eq(&row.name_zh),
                channels::name_en.eq(&row.name_en),
                channels::position.eq(row.position),
                channels::retired_at.eq(row.retired_at),
            ))
            .execute(db)
            .map(drop)
    })
}

/// Whether a unit still has open issues, or enabled people at its desks.
pub fn unit_in_use(db: &mut Db, id: &str) -> QueryResult<bool> {
    let open = issues::table.filter(issues::lead_unit_id.eq(id)).filter(issues::is_open.eq(true));
    let people = staff::table
        .inner_join(offices::table)
        .filter(offices::unit_id.eq(id))
        .filter(staff::disabled_at.is_null());
    Ok(diesel::select(exists(open)).get_result(db)? || diesel::select(exists(people)).get_result(db)?)
}

/// Whether an office still has open issues or enabled people.
pub fn office_in_use(db: &mut Db, id: &str) -> QueryResult<bool> {
    let open = issues::table.filter(issues::office_id.eq(id)).filter(issues::is_open.eq(true));
    let people = staff::table.filter(staff::office_id.eq(id)).filter(staff::disabled_at.is_null());
    Ok(diesel::select(exists(open)).get_result(db)? || diesel::select(exists(people)).get_result(db)?)
}

/// Whether a category still has categories below it.
pub fn has_children(db: &mut Db, id: &str) -> QueryResult<bool> {
    let below =
        categories::table.filter(categories::parent_id.eq(id)).filter(categories::retired_at.is_null());
    diesel::select(exists(below)).get_result(db)
}

/// Puts these overrides in place of those of the days from `first` up to and with `last` of each span, and of their own
/// days. In one step, so that of a day that stays as it is nothing is written down.
pub fn replace_workdays(db: &mut Db, spans: &[(NaiveDate, NaiveDate)], new: &[Override]) -> QueryResult<()> {
    // Which days there are is read before they are changed.
    one_at_a_time(db, "calendar")?;
    let mut days: BTreeSet<NaiveDate> = new.iter().map(|one| one.day).collect();
    for (first, last) in spans {
        let there = workdays::table.filter(workdays::day.between(*first, *last)).select(workdays::day);
        days.extend(there.load::<NaiveDate>(db)?);
    }
    let keys = days.iter().map(|day| vec![day.to_string()]).collect();
    changing_all(db, State::Workdays, &keys, |db| {
        for day in &days {
            diesel::delete(workdays::table.filter(workdays::day.eq(*day))).execute(db)?;
        }
        new.iter().try_for_each(|one| add_workday(db, *one))
    })
}

/// A moment, for the two columns that say "no longer".
pub type Gone = Option<NaiveDateTime>;
