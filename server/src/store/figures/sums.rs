//! Sums as kept, and the marks of days that are to be counted anew. These rows
//! are derived; they are the only ones about ratings that are ever replaced.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::{
    QueryError,
    columns::word,
    connection::Db,
    schema::{figure_marks, figure_sums},
    unfit,
};
use crate::{
    clock::Ids,
    domain::figures::{
        book::{Dimension, Page},
        sums::Sums,
    },
};

/// A span of sums: `day` or `month`.
pub type Stretch = &'static str;
/// Sums of a day.
pub const DAY: Stretch = "day";
/// Sums of a calendar month.
pub const MONTH: Stretch = "month";

/// Rows of one statement.
const BATCH: usize = 200;
/// Marks looked at in one go: each deed marks the same few days again.
const MARKS: i64 = 20_000;

#[derive(Insertable)]
#[diesel(table_name = figure_sums)]
struct SumRow {
    span: &'static str,
    dimension: String,
    day: NaiveDate,
    member: String,
    sums: String,
}

/// Day, member and sums of a dimension between two days, both included.
pub fn between(
    db: &mut Db,
    span: Stretch,
    dimension: Dimension,
    (from, to): (NaiveDate, NaiveDate),
) -> QueryResult<Vec<(NaiveDate, String, Sums)>> {
    let rows: Vec<(NaiveDate, String, String)> = figure_sums::table
        .filter(figure_sums::span.eq(span))
        .filter(figure_sums::dimension.eq(word(dimension)?))
        .filter(figure_sums::day.ge(from))
        .filter(figure_sums::day.le(to))
        .select((figure_sums::day, figure_sums::member, figure_sums::sums))
        .load(db)?;
    read(rows)
}

/// Day and sums of one member between two days, both included.
pub fn of_member(
    db: &mut Db,
    (dimension, member): (Dimension, &str),
    (from, to): (NaiveDate, NaiveDate),
) -> QueryResult<Vec<(NaiveDate, Sums)>> {
    let rows: Vec<(NaiveDate, String)> = figure_sums::table
        .filter(figure_sums::span.eq(DAY))
        .filter(figure_sums::dimension.eq(word(dimension)?))
        .filter(figure_sums::day.ge(from))
        .filter(figure_sums::day.le(to))
        .filter(figure_sums::member.eq(member))
        .select((figure_sums::day, figure_sums::sums))
        .load(db)?;
    rows.into_iter()
        .map(|(day, sums)| Ok((day, serde_json::from_str(&sums).map_err(unfit)?)))
        .collect::<Result<_, QueryError>>()
}

/// The same of months, by the days on which they begin.
pub fn of_months(
    db: &mut Db,
    dimension: Dimension,
    begin: Vec<NaiveDate>,
) -> QueryResult<Vec<(NaiveDate, String, Sums)>> {
    let rows: Vec<(NaiveDate, String, String)> = figure_sums::table
        .filter(figure_sums::span.eq(MONTH))
        .filter(figure_sums::dimension.eq(word(dimension)?))
        .filter(figure_sums::day.eq_any(begin))
        .select((figure_sums::day, figure_sums::member, figure_sums::sums))
        .load(db)?;
    read(rows)
}

fn read(rows: Vec<(NaiveDate, String, String)>) -> QueryResult<Vec<(NaiveDate, String, Sums)>> {
    rows.into_iter()
        .map(|(day, member, sums)| Ok((day, member, serde_json::from_str(&sums).map_err(unfit)?)))
        .collect::<Result<_, QueryError>>()
}

/// Days that there are sums of, from a day on.
pub fn days(db: &mut Db, from: NaiveDate) -> QueryResult<Vec<NaiveDate>> {
    figure_sums::table
        .filter(figure_sums::span.eq(DAY))
        .filter(figure_sums::dimension.eq("unit"))
        .filter(figure_sums::day.ge(from))
        .select(figure_sums::day)
        .distinct()
        .order(figure_sums::day)
        .load(db)
}

/// Forgets the sums of months: they begin on other days from now on. Until they are added up again, those of their
/// days are read.
pub fn clear_months(db: &mut Db) -> QueryResult<()> {
    diesel::delete(figure_sums::table).filter(figure_sums::span.eq(MONTH)).execute(db).map(drop)
}

/// Puts the sums of one day, or of one month, in place of what was there.
pub fn replace(db: &mut Db, span: Stretch, day: NaiveDate, page: &Page) -> QueryResult<()> {
    for dimension in Dimension::ALL {
        diesel::delete(figure_sums::table)
            .filter(figure_sums::span.eq(span))
            .filter(figure_sums::dimension.eq(word(dimension)?))
            .filter(figure_sums::day.eq(day))
            .execute(db)?;
    }
    let rows = page.iter().map(|((dimension, member), sums)| {
        Ok(SumRow {
            span,
            dimension: word(*dimension)?,
            day,
            member: member.clone(),
            sums: serde_json::to_string(sums).map_err(unfit)?,
        })
    });
    let rows = rows.collect::<QueryResult<Vec<SumRow>>>()?;
    match db {
        Db::Sqlite(db) => {
            for row in rows {
                diesel::insert_into(figure_sums::table).values(row).execute(db)?;
            }
        }
        // One round trip for many rows: a statement for rows of both databases cannot be put together (diesel 2.3).
        Db::Postgres(db) => {
            for part in rows.chunks(BATCH) {
                diesel::insert_into(figure_sums::table).values(part).execute(db)?;
            }
        }
    }
    Ok(())
}

/// First and last day that there are sums of.
pub fn reach(db: &mut Db) -> QueryResult<Option<(NaiveDate, NaiveDate)>> {
    use diesel::dsl::{max, min};
    let found: (Option<NaiveDate>, Option<NaiveDate>) = figure_sums::table
        .filter(figure_sums::span.eq(DAY))
        .filter(figure_sums::dimension.eq("unit"))
        .select((min(figure_sums::day), max(figure_sums::day)))
        .first(db)?;
    Ok(found.0.zip(found.1))
}

/// Marks a day: it is to be counted anew. Gives the mark.
pub fn mark(db: &mut Db, day: NaiveDate) -> QueryResult<String> {
    let id = Ids.row();
    let row = (figure_marks::id.eq(&id), figure_marks::day.eq(day));
    diesel::insert_into(figure_marks::table).values(row).execute(db)?;
    Ok(id)
}

/// The marks of the earliest marked days, so many days at most.
pub fn marked(db: &mut Db, most: usize) -> QueryResult<Vec<(NaiveDate, Vec<String>)>> {
    let rows: Vec<(NaiveDate, String)> = figure_marks::table
        .order((figure_marks::day, figure_marks::id))
        .select((figure_marks::day, figure_marks::id))
        .limit(MARKS)
        .load(db)?;
    let mut days: Vec<(NaiveDate, Vec<String>)> = Vec::new();
    for (day, id) in rows {
        if let Some((_, ids)) = days.last_mut().filter(|(last, _)| *last == day) {
            ids.push(id);
        } else if days.len() < most {
            days.push((day, vec![id]));
        } else {
            break;
        }
    }
    Ok(days)
}

/// Days between two, both included, that are to be counted anew.
pub fn marked_between(db: &mut Db, (from, to): (NaiveDate, NaiveDate)) -> QueryResult<Vec<NaiveDate>> {
    figure_marks::table
        .filter(figure_marks::day.ge(from))
        .filter(figure_marks::day.le(to))
        .select(figure_marks::day)
        .distinct()
        .load(db)
}

/// Takes marks away: their day was counted.
pub fn unmark(db: &mut Db, ids: &[String]) -> QueryResult<()> {
    for part in ids.chunks(BATCH) {
        diesel::delete(figure_marks::table).filter(figure_marks::id.eq_any(part.to_vec())).execute(db)?;
    }
    Ok(())
}

/// Takes all marks away: everything is marked anew.
pub fn unmark_all(db: &mut Db) -> QueryResult<()> {
    diesel::delete(figure_marks::table).execute(db).map(drop)
}

/// Forgets the sums of months that begin on other days than these.
pub fn forget_other_months(db: &mut Db, begin: &[NaiveDate]) -> QueryResult<()> {
    diesel::delete(figure_sums::table)
        .filter(figure_sums::span.eq(MONTH))
        .filter(figure_sums::day.ne_all(begin.to_vec()))
        .execute(db)
        .map(drop)
}

/// Days that wait to be counted anew.
pub fn waiting(db: &mut Db) -> QueryResult<u32> {
    let days: Vec<NaiveDate> = figure_marks::table.select(figure_marks::day).distinct().load(db)?;
    Ok(u32::try_from(days.len()).unwrap_or(u32::MAX))
}
