//! The catalogues of tags, a version at a time; rows are only ever added.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use qiyema_protocol::{
    rating::{RatingTag, RatingTags},
    text::Text,
};

use super::{columns::moment, connection::Db, schema::rating_tags, unfit};
use crate::{clock::Timestamp, domain::rating::Catalogues};

type Row = (i32, String, i32, String, String);

/// All versions.
pub fn all(db: &mut Db) -> QueryResult<Catalogues> {
    let rows: Vec<Row> = rating_tags::table
        .order((rating_tags::version, rating_tags::position))
        .select((rating_tags::version, rating_tags::id, rating_tags::score, rating_tags::zh, rating_tags::en))
        .load(db)?;
    let tag = |(version, id, score, zh, en): Row| {
        let score = u8::try_from(score).map_err(unfit)?;
        Ok((u32::try_from(version).map_err(unfit)?, RatingTag { id, score, text: Text::new(zh, en) }))
    };
    Ok(Catalogues::new(rows.into_iter().map(tag).collect::<QueryResult<Vec<_>>>()?))
}

/// When each version was added.
pub fn moments(db: &mut Db) -> QueryResult<Vec<(u32, Timestamp)>> {
    let rows: Vec<(i32, NaiveDateTime)> =
        rating_tags::table.select((rating_tags::version, rating_tags::at)).distinct().load(db)?;
    let row = |(version, at)| Ok((u32::try_from(version).map_err(unfit)?, moment(at)));
    rows.into_iter().map(row).collect()
}

/// Adds a version.
pub fn add(db: &mut Db, new: &RatingTags, at: NaiveDateTime) -> QueryResult<()> {
    for (position, tag) in (0_i32..).zip(&new.tags) {
        let row = (
            rating_tags::version.eq(i32::try_from(new.version).map_err(unfit)?),
            rating_tags::position.eq(position),
            rating_tags::id.eq(&tag.id),
            rating_tags::score.eq(i32::from(tag.score)),
            rating_tags::zh.eq(&tag.text.zh),
            rating_tags::en.eq(&tag.text.en),
            rating_tags::at.eq(at),
        );
        diesel::insert_into(rating_tags::table).values(row).execute(db)?;
    }
    Ok(())
}
