//! The lists of issues: a filter, an order and a key, never an offset. Each list is
//! a range of one index, or two; names are fetched by a fixed number of statements more.

use chrono::NaiveDateTime;
use diesel::{Connection, prelude::*};

use super::{
    connection::Db,
    issues::IssueRow,
    schema::{assisting_units, categories, enterprises, issues, staff, waiting_requests},
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
    query = query.limit(limit);
    let query = if few(wanted) {
        query.order((issues::submitted_at.is_null(), issues::submitted_at.desc(), issues::id.desc()))
    } else {
        query.order((issues::submitted_at.desc(), issues::id.desc()))
    };
    query.select(IssueRow::as_select()).load(db)
}

/// Whether so few issues are wanted that they are found first and then put in order. No index must offer
/// its order for these, or the planner walks all that is open to save the sorting of a handful: so the
/// order begins with what is the same for all of them.
const fn few(wanted: &Wanted) -> bool {
    wanted.asked || wanted.assisted_by.is_some() || wanted.enterprise.is_some()
}

/// What has a running limit, and when that is not a full page, what has none.
fn due(db: &mut Db, wanted: &Wanted, key: Option<&Key>, limit: i64) -> QueryResult<Vec<IssueRow>> {
    let parts = ranges(wanted);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let with_limit = key.is_none_or(|key| key.at.is_some());
    let mut rows: Vec<IssueRow> = Vec::new();
    if with_limit {
        for part in &parts {
            rows.extend(dated(db, part, key, limit)?);
        }
        // Ids are of one form, so that every database puts them in this order.
        rows.sort_by(|a, b| (a.limit_at, &a.id).cmp(&(b.limit_at, &b.id)));
        rows.truncate(most);
    }
    let left = limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(limit));
    if left > 0 && wanted.limit == (None, None) {
        let mut more: Vec<IssueRow> = Vec::new();
        for part in &parts {
            more.extend(undated(db, part, key.filter(|_| !with_limit), left)?);
        }
        more.sort_by(|a, b| a.id.cmp(&b.id));
        rows.extend(more);
        rows.truncate(most);
    }
    Ok(rows)
}

/// The ranges that a list by limits is read from. Where both open and settled issues are wanted, each
/// is a range of its own: the indexes begin with what is open.
fn ranges(wanted: &Wanted) -> Vec<Wanted> {
    let picked = wanted.categories.is_some() || wanted.channel.is_some() || wanted.level.is_some();
    // By state there is an index without it, and so there is of what has a limit that runs.
    let whole = wanted.open.is_some() || !wanted.states.is_empty() || wanted.number.is_some();
    if whole || (wanted.limit != (None, None) && !picked) {
        return vec![wanted.clone()];
    }
    [true, false].map(|open| Wanted { open: Some(open), ..wanted.clone() }).to_vec()
}

fn dated(db: &mut Db, wanted: &Wanted, key: Option<&Key>, limit: i64) -> QueryResult<Vec<IssueRow>> {
    let mut query = narrowed(wanted).filter(issues::limit_at.is_not_null());
    if let Some((at, id)) = key.and_then(|key| Some((key.at?, &key.id))) {
        query = query
            .filter(issues::limit_at.ge(at))
            .filter(issues::limit_at.gt(at).or(issues::id.gt(id.clone())));
    }
    query = query.limit(limit);
    let query = if few(wanted) {
        query.order((issues::limit_at.is_null(), issues::limit_at.asc(), issues::id.asc()))
    } else {
        query.order((issues::limit_at.asc(), issues::id.asc()))
    };
    query.select(IssueRow::as_select()).load(db)
}

fn undated(db: &mut Db, wanted: &Wanted, key: Option<&Key>, limit: i64) -> QueryResult<Vec<IssueRow>> {
    let mut query = narrowed(wanted).filter(issues::limit_at.is_null());
    if let Some(key) = key {
        query = query.filter(issues::id.gt(key.id.clone()));
    }
    query = query.limit(limit);
    let query = if few(wanted) {
        query.order((issues::limit_at.is_null(), issues::id.asc()))
    } else {
        query.order(issues::id.asc())
    };
    query.select(IssueRow::as_select()).load(db)
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
        // Found by their ids, they are not looked for among all that is open.
        query = if w.asked || w.assisted_by.is_some() {
            query.filter(issues::is_open.ne(!open))
        } else {
            query.filter(issues::is_open.eq(open))
        };
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
        let assisted = assisting_units::table
            .filter(assisting_units::unit_id.eq_any(units))
            .select(assisting_units::issue_id);
        query = match w.open {
            Some(open) => query.filter(issues::id.eq_any(assisted.filter(assisting_units::is_open.eq(open)))),
            None => query.filter(issues::id.eq_any(assisted)),
        };
    }
    if w.asked {
        query = query.filter(issues::id.eq_any(waiting_requests::table.select(waiting_requests::issue_id)));
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

/// User names of these members of staff, also of those who have left.
pub fn usernames(db: &mut Db, ids: Vec<String>) -> QueryResult<Vec<(String, String)>> {
    staff::table.filter(staff::id.eq_any(ids)).select((staff::id, staff::username)).load(db)
}

/// The id of whoever has this user name, also of somebody who has left.
pub fn staff_id(db: &mut Db, username: &str) -> QueryResult<Option<String>> {
    staff::table.filter(staff::username.eq(username)).select(staff::id).first(db).optional()
}

/// Grades of all categories, also of retired ones: old issues keep theirs.
pub fn grades(db: &mut Db) -> QueryResult<Vec<(String, String)>> {
    categories::table.select((categories::id, categories::grade)).load(db)
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
