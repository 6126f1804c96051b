//! In which order ratings are listed, and where a page begins. Each order is that of one index, so that a page costs what
//! is looked at for it; what is not that index's to tell (a tag, a verdict) is picked out by whoever reads.

use chrono::NaiveDateTime;
use diesel::{
    dsl::{exists, not},
    prelude::*,
};

use super::super::{
    connection::Db,
    schema::{appeal_outcomes, closures, rating_appeals, rating_flags, rating_proofs, ratings},
};

/// By what ratings are listed, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// By when they were given.
    Given,
    /// By when their closure was made: of these units, of all if none is named; made from then on, and before.
    Closed {
        /// The units.
        units: Option<Vec<String>>,
        /// From then on.
        from: Option<NaiveDateTime>,
        /// Before.
        to: Option<NaiveDateTime>,
    },
    /// By when somebody appealed against them.
    Appealed,
    /// By when they were last flagged.
    Flagged,
    /// By when they were given with a link that a webhook carried.
    Carried,
}

/// The last one of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its moment in the order.
    pub at: NaiveDateTime,
    /// Its id in the order.
    pub id: String,
    /// The rating, where several have one place.
    pub rating: String,
}

/// What is known of a rating before it is read.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ratings)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct Brief {
    pub id: String,
    pub tier: String,
    pub round: String,
    pub verdict: String,
    pub tags: String,
    pub tags_version: i32,
}

/// A place in an order.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The place.
    pub key: Key,
    /// What is there; nothing of a closure that nobody rated.
    pub rating: Option<Brief>,
    /// The unit of the closure.
    pub unit: String,
    /// When that was made.
    pub closed_at: NaiveDateTime,
    /// The appeal against it was concluded.
    pub concluded: bool,
}

/// Places of an order after one of them, `most` at most. Fewer: that was all.
pub fn places(db: &mut Db, order: &Order, after: Option<&Key>, most: i64) -> QueryResult<Vec<Seen>> {
    match order {
        Order::Given => given(db, after, most),
        Order::Closed { units: None, from, to } => closed(db, None, (*from, *to), after, most),
        Order::Closed { units: Some(units), from, to } => {
            // A range of the index for each: of several units at once no index has the order.
            let mut found = Vec::new();
            for unit in units {
                found.extend(closed(db, Some(unit), (*from, *to), after, most)?);
            }
            found.sort_by(|a, b| {
                let key = |seen: &Seen| (seen.key.at, seen.key.id.clone(), seen.key.rating.clone());
                key(b).cmp(&key(a))
            });
            found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            Ok(found)
        }
        Order::Appealed => appealed(db, after, most),
        Order::Flagged => flagged(db, after, most),
        Order::Carried => carried(db, after, most),
    }
}

type Row = (NaiveDateTime, String, Brief, (String, NaiveDateTime));

fn seen((at, id, rating, (unit, closed_at)): Row) -> Seen {
    let key = Key { at, id, rating: String::new() };
    Seen { key, rating: Some(rating), unit, closed_at, concluded: false }
}

fn given(db: &mut Db, after: Option<&Key>, most: i64) -> QueryResult<Vec<Seen>> {
    let mut query = ratings::table
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .order((ratings::at.desc(), ratings::id.desc()))
        .limit(most)
        .select((ratings::at, ratings::id, Brief::as_select(), (closures::unit_id, closures::at)))
        .into_boxed();
    if let Some(Key { at, id, .. }) = after {
        // The first bound is what the index is entered by; so it is below.
        query = query.filter(ratings::at.le(at)).filter(ratings::at.lt(at).or(ratings::id.lt(id.clone())));
    }
    Ok(query.load::<Row>(db)?.into_iter().map(seen).collect())
}

/// Closures without a rating have a place as well: it is they that are counted, however few are rated.
fn closed(
    db: &mut Db,
    unit: Option<&String>,
    (from, to): (Option<NaiveDateTime>, Option<NaiveDateTime>),
    after: Option<&Key>,
    most: i64,
) -> QueryResult<Vec<Seen>> {
    let mut query = closures::table
        .left_join(ratings::table.on(ratings::closure_id.eq(closures::id)))
        .order((closures::at.desc(), closures::id.desc(), ratings::id.desc()))
        .limit(most)
        .select((closures::at, closures::id, Option::<Brief>::as_select(), closures::unit_id))
        .into_boxed();
    if let Some(unit) = unit {
        query = query.filter(closures::unit_id.eq(unit.clone()));
    }
    if let Some(from) = from {
        query = query.filter(closures::at.ge(from));
    }
    if let Some(to) = to {
        query = query.filter(closures::at.lt(to));
    }
    if let Some(Key { at, id, rating }) = after {
        let same = closures::id.eq(id.clone()).and(ratings::id.nullable().lt(rating.clone()));
        query = query
            .filter(closures::at.le(at))
            .filter(closures::at.lt(at).or(closures::id.lt(id.clone())).or(same.assume_not_null()));
    }
    let rows: Vec<(NaiveDateTime, String, Option<Brief>, String)> = query.load(db)?;
    let seen = |(at, id, rating, unit): (NaiveDateTime, String, Option<Brief>, String)| {
        let last = rating.as_ref().map_or_else(String::new, |rating| rating.id.clone());
        Seen { key: Key { at, id, rating: last }, rating, unit, closed_at: at, concluded: false }
    };
    Ok(rows.into_iter().map(seen).collect())
}

type Appealed = (NaiveDateTime, String, Brief, (String, NaiveDateTime), Option<String>);

fn appealed(db: &mut Db, after: Option<&Key>, most: i64) -> QueryResult<Vec<Seen>> {
    let mut query = rating_appeals::table
        .inner_join(ratings::table.on(ratings::id.eq(rating_appeals::rating_id)))
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .left_join(appeal_outcomes::table.on(appeal_outcomes::appeal_id.eq(rating_appeals::id)))
        .order((rating_appeals::at.desc(), rating_appeals::id.desc()))
        .limit(most)
        .select((
            rating_appeals::at,
            rating_appeals::id,
            Brief::as_select(),
            (closures::unit_id, closures::at),
            appeal_outcomes::appeal_id.nullable(),
        ))
        .into_boxed();
    if let Some(Key { at, id, .. }) = after {
        query = query
            .filter(rating_appeals::at.le(at))
            .filter(rating_appeals::at.lt(at).or(rating_appeals::id.lt(id.clone())));
    }
    let one = |(at, id, rating, closure, outcome): Appealed| Seen {
        concluded: outcome.is_some(),
        ..seen((at, id, rating, closure))
    };
    Ok(query.load::<Appealed>(db)?.into_iter().map(one).collect())
}

fn flagged(db: &mut Db, after: Option<&Key>, most: i64) -> QueryResult<Vec<Seen>> {
    // A rating with several flags stands where it got the last one.
    let later = diesel::alias!(rating_flags as later);
    let (then, other) = (later.field(rating_flags::at), later.field(rating_flags::id));
    let flagged_later = later
        .filter(later.field(rating_flags::rating_id).eq(rating_flags::rating_id))
        .filter(then.gt(rating_flags::at).or(then.eq(rating_flags::at).and(other.gt(rating_flags::id))));
    let mut query = rating_flags::table
        .inner_join(ratings::table.on(ratings::id.eq(rating_flags::rating_id)))
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .filter(not(exists(flagged_later)))
        .order((rating_flags::at.desc(), rating_flags::id.desc()))
        .limit(most)
        .select((rating_flags::at, rating_flags::id, Brief::as_select(), (closures::unit_id, closures::at)))
        .into_boxed();
    if let Some(Key { at, id, .. }) = after {
        query = query
            .filter(rating_flags::at.le(at))
            .filter(rating_flags::at.lt(at).or(rating_flags::id.lt(id.clone())));
    }
    Ok(query.load::<Row>(db)?.into_iter().map(seen).collect())
}

fn carried(db: &mut Db, after: Option<&Key>, most: i64) -> QueryResult<Vec<Seen>> {
    let mut query = rating_proofs::table
        .inner_join(ratings::table.on(ratings::id.eq(rating_proofs::rating_id)))
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .filter(rating_proofs::webhook_id.is_not_null())
        .order((rating_proofs::at.desc(), rating_proofs::rating_id.desc()))
        .limit(most)
        .select((
            rating_proofs::at,
            rating_proofs::rating_id,
            Brief::as_select(),
            (closures::unit_id, closures::at),
        ))
        .into_boxed();
    if let Some(Key { at, id, .. }) = after {
        query = query
            .filter(rating_proofs::at.le(at))
            .filter(rating_proofs::at.lt(at).or(rating_proofs::rating_id.lt(id.clone())));
    }
    Ok(query.load::<Row>(db)?.into_iter().map(seen).collect())
}
