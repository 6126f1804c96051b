//! The console's lists: a filter, an order and a key, never an offset. Each list
//! is one statement over one index; names are fetched by a fixed number more.

use chrono::NaiveDateTime;
use diesel::{Connection, prelude::*};

use super::{
    connection::Db,
    issues::IssueRow,
    schema::{assignments, assist_endings, enterprises, issues, requests, rulings, staff},
};

/// Which issues.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Open or not; both, if absent.
    pub open: Option<bool>,
    /// In one of these states; any, if empty.
    pub states: Vec<String>,
    /// In none of these states.
    pub not_states: Vec<String>,
    /// Led by one of these units; by any, if absent.
    pub units: Option<Vec<String>>,
    /// Of this handler.
    pub handler: Option<String>,
    /// Of one of these categories; any, if absent.
    pub categories: Option<Vec<String>>,
    /// Of this channel.
    pub channel: Option<String>,
    /// Of this level.
    pub level: Option<String>,
    /// Of this enterprise.
    pub enterprise: Option<String>,
    /// In which one of these units assists.
    pub assisted_by: Option<Vec<String>>,
    /// Of which a unit asked something that nobody ruled on yet.
    pub asked: bool,
    /// Its first running limit ends not before, and before.
    pub limit: (Option<NaiveDateTime>, Option<NaiveDateTime>),
    /// Of this very number.
    pub number: Option<String>,
    /// Number or subject holds the first, or the enterprise's search key the second.
    pub text: Option<(String, String)>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What has to be done first, by the limits that run; what has none comes after, oldest first.
    Due,
    /// Newest first.
    Newest,
}

/// The last row of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its moment in the order; absent for one without a running limit.
    pub at: Option<NaiveDateTime>,
    /// Its id.
    pub id: String,
}

type Query<'a> = issues::BoxedQuery<'a, <Db as Connection>::Backend>;

/// A page of at most `limit` issues after `key`.
pub fn page(
    db: &mut Db,
    wanted: &Wanted,
    order: Order,
    key: Option<&Key>,
    limit: i64,
) -> QueryResult<Vec<IssueRow>> {
    match order {
        Order::Newest => newest(db, wanted, key, limit),
        Order::Due => due(db, wanted, key, limit),
    }
}

fn newest(db: &mut Db, wanted: &Wanted, key: Option<&Key>, limit: i64) -> QueryResult<Vec<IssueRow>> {
    let mut query = narrowed(wanted);
    if let Some((at, id)) = key.and_then(|key| Some((key.at?, &key.id))) {
        // The first bound is what the index is entered by.
        query = query
            .filter(issues::submitted_at.le(at))
            .filter(issues::submitted_at.lt(at).or(issues::id.lt(id.clone())));
    }
    query
        .order((issues::submitted_at.desc(), issues::id.desc()))
        .limit(limit)
        .select(IssueRow::as_select())
        .load(db)
}

/// What has a running limit, and when that is not a full page, what has none.
fn due(db: &mut Db, wanted: &Wanted, key: Option<&Key>, limit: i64) -> QueryResult<Vec<IssueRow>> {
    let dated = key.is_none_or(|key| key.at.is_some());
    let mut rows: Vec<IssueRow> = Vec::new();
    if dated {
        let mut query = narrowed(wanted).filter(issues::limit_at.is_not_null());
        if let Some((at, id)) = key.and_then(|key| Some((key.at?, &key.id))) {
            query = query
                .filter(issues::limit_at.ge(at))
                .filter(issues::limit_at.gt(at).or(issues::id.gt(id.clone())));
        }
        rows = query
            .order((issues::limit_at.asc(), issues::id.asc()))
            .limit(limit)
            .select(IssueRow::as_select())
            .load(db)?;
    }
    let left = limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(limit));
    if left > 0 && wanted.limit == (None, None) {
        let mut query = narrowed(wanted).filter(issues::limit_at.is_null());
        if let Some(key) = key.filter(|_| !dated) {
            query = query.filter(issues::id.gt(key.id.clone()));
        }
        let more: Vec<IssueRow> =
            query.order(issues::id.asc()).limit(left).select(IssueRow::as_select()).load(db)?;
        rows.extend(more);
    }
    Ok(rows)
}

/// How many there are, counted up to `most`: a number for people, not for sums.
pub fn count(db: &mut Db, wanted: &Wanted, most: i64) -> QueryResult<usize> {
    let ids: Vec<String> = narrowed(wanted).limit(most).select(issues::id).load(db)?;
    Ok(ids.len())
}

fn narrowed(wanted: &Wanted) -> Query<'static> {
    let w = wanted.clone();
    let mut query = issues::table.into_boxed();
    if let Some(open) = w.open {
        query = query.filter(issues::is_open.eq(open));
    }
    match w.states.as_slice() {
        [] => {}
        // One state is an equality, which keeps the order of the index.
        [one] => query = query.filter(issues::state.eq(one.clone())),
        _ => query = query.filter(issues::state.eq_any(w.states)),
    }
    if !w.not_states.is_empty() {
        query = query.filter(issues::state.ne_all(w.not_states));
    }
    match w.units {
        None => {}
        Some(mut one) if one.len() == 1 => {
            query = query.filter(issues::lead_unit_id.eq(one.pop()));
        }
        Some(several) => query = query.filter(issues::lead_unit_id.eq_any(several.into_iter().map(Some))),
    }
    if let Some(handler) = w.handler {
        query = query.filter(issues::handler_id.eq(handler));
    }
    match w.categories {
        None => {}
        Some(mut one) if one.len() == 1 => {
            query = query.filter(issues::category_id.eq(one.pop().unwrap_or_default()));
        }
        Some(several) => query = query.filter(issues::category_id.eq_any(several)),
    }
    if let Some(channel) = w.channel {
        query = query.filter(issues::channel_id.eq(channel));
    }
    if let Some(level) = w.level {
        query = query.filter(issues::level.eq(level));
    }
    if let Some(enterprise) = w.enterprise {
        query = query.filter(issues::enterprise_id.eq(enterprise));
    }
    if let Some(units) = w.assisted_by {
        let assisted = assignments::table
            .left_join(assist_endings::table)
            .filter(assist_endings::assignment_id.nullable().is_null())
            .filter(assignments::unit_id.eq_any(units))
            .filter(assignments::part.eq("assisting"))
            .select(assignments::issue_id);
        query = query.filter(issues::id.eq_any(assisted));
    }
    if w.asked {
        let ruled = rulings::table.filter(rulings::request_id.eq(requests::id));
        let open = requests::table
            .filter(requests::enterprise_id.eq(issues::enterprise_id))
            .filter(requests::issue_id.eq(issues::id))
            .filter(diesel::dsl::not(diesel::dsl::exists(ruled)));
        query = query.filter(diesel::dsl::exists(open));
    }
    if let Some(from) = w.limit.0 {
        query = query.filter(issues::limit_at.ge(from));
    }
    if let Some(until) = w.limit.1 {
        query = query.filter(issues::limit_at.lt(until));
    }
    if let Some(number) = w.number {
        query = query.filter(issues::number.eq(number));
    }
    if let Some((text, key)) = w.text {
        let within =
            |text: &str| format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let (pattern, key) = (within(&text), within(&key));
        let named =
            enterprises::table.filter(enterprises::search_key.like(key).escape('\\')).select(enterprises::id);
        query = query.filter(
            issues::subject
                .like(pattern.clone())
                .escape('\\')
                .or(issues::number.like(pattern).escape('\\'))
                .or(issues::enterprise_id.eq_any(named)),
        );
    }
    query
}

/// Names of these enterprises.
pub fn enterprise_names(db: &mut Db, ids: Vec<String>) -> QueryResult<Vec<(String, String)>> {
    enterprises::table
        .filter(enterprises::id.eq_any(ids))
        .select((enterprises::id, enterprises::name))
        .load(db)
}

/// Names of these members of staff, also of those who have left.
pub fn staff_names(db: &mut Db, ids: Vec<String>) -> QueryResult<Vec<(String, String)>> {
    staff::table.filter(staff::id.eq_any(ids)).select((staff::id, staff::name)).load(db)
}

/// Ids and names of everybody who handles issues.
pub fn handlers(db: &mut Db) -> QueryResult<Vec<(String, String)>> {
    use super::schema::staff_roles;
    staff::table
        .inner_join(staff_roles::table)
        .filter(staff_roles::role.eq("handler"))
        .order(staff::username)
        .select((staff::id, staff::name))
        .load(db)
}
