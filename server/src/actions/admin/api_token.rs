//! API tokens of channel systems: made by an administrator, shown once, bound
//! to scopes and a channel, ended by a date or by hand.

use chrono::Duration;
use qiyema_protocol::administration::{ApiTokenView, NewApiToken, Scope};

use super::{
    super::{
        Refused, Rules,
        rights::{Actor, Area, Deed},
    },
    Subject, record,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::text::{Typed, problem},
    store::{
        api_tokens::{self, ApiTokenRow},
        columns::{column, moment, unword, word},
        connection::Db,
        directory,
    },
};

/// Longest life of a token in days.
const LONGEST_DAYS: u32 = 730;

/// Makes a token, of which only the fingerprint is kept.
pub fn make(
    db: &mut Db,
    actor: &Actor,
    new: &NewApiToken,
    token_hash: &str,
    at: Timestamp,
) -> Result<ApiTokenView, Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    let name = Typed::line("name", &new.name, 2, 60).map_err(|fault| Refused::Invalid(vec![fault]))?;
    check(db, new)?;
    let row = ApiTokenRow {
        id: Ids.row(),
        name: name.into(),
        token_hash: token_hash.to_owned(),
        scopes: words(&new.scopes)?,
        channel_id: new.channel.clone(),
        made_at: column(at),
        made_by: actor.id.clone(),
        expires_at: column(at + Duration::days(i64::from(new.days))),
        last_used_on: None,
        revoked_at: None,
    };
    api_tokens::insert(db, &row)?;
    let detail = serde_json::json!({
        "name": row.name, "scopes": new.scopes, "channel": new.channel, "days": new.days
    });
    record(db, Subject { kind: "token", id: &row.id }, "token_made", &detail, &actor.id, at)?;
    view(row)
}

fn check(db: &mut Db, new: &NewApiToken) -> Result<(), Refused> {
    let mut faults = Vec::new();
    if new.scopes.is_empty() {
        faults.push(problem("scopes", "请至少选择一项权限", "choose at least one scope"));
    }
    if !(1..=LONGEST_DAYS).contains(&new.days) {
        faults.push(problem("days", "有效期为1至730天", "1 to 730 days"));
    }
    let about_issues = |scope: &Scope| matches!(scope, Scope::IssuesWrite | Scope::IssuesRead);
    if new.channel.is_none() && new.scopes.iter().any(about_issues) {
        faults.push(problem(
            "channel",
            "涉及问题的权限须绑定渠道",
            "a token for issues must be bound to a channel",
        ));
    }
    if !faults.is_empty() {
        return Err(Refused::Invalid(faults));
    }
    match &new.channel {
        Some(channel) if channel.contains('\0') || !directory::channel_exists(db, channel)? => {
            Err(Refused::ReferenceUnknown("channel"))
        }
        _ => Ok(()),
    }
}

/// All tokens.
pub fn list(db: &mut Db, actor: &Actor) -> Result<Vec<ApiTokenView>, Refused> {
    actor.may(Deed::Inspect(Area::Tokens))?;
    api_tokens::list(db)?.into_iter().map(view).collect()
}

/// Revokes a token; it opens nothing from the next request on.
pub fn revoke(db: &mut Db, actor: &Actor, id: &str, at: Timestamp) -> Result<ApiTokenView, Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    let mut row = api_tokens::find(db, id)?.ok_or(Refused::NotThere)?;
    if api_tokens::revoke(db, id, column(at))? {
        row.revoked_at = Some(column(at));
        let detail = serde_json::json!({ "name": row.name });
        record(db, Subject { kind: "token", id }, "token_revoked", &detail, &actor.id, at)?;
    }
    view(row)
}

/// Who a token that stands is, and whether this is its first use today. Its name
/// is what the trail shows.
pub fn authenticate(
    db: &mut Db,
    token_hash: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(Actor, bool), Refused> {
    let row = api_tokens::standing(db, token_hash, column(at))?.ok_or(Refused::Unauthenticated)?;
    let scopes = scopes(&row.scopes)?;
    let first_today = row.last_used_on.is_none_or(|day| day < rules.day(at));
    let actor = Actor {
        id: row.id.clone(),
        username: row.name.clone(),
        name: row.name,
        roles: Vec::new(),
        units: Vec::new(),
        session: String::new(),
        scopes,
        channel: row.channel_id,
    };
    Ok((actor, first_today))
}

/// Remembers the day a token was used.
pub fn used(db: &mut Db, actor: &Actor, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
    Ok(api_tokens::used(db, &actor.id, rules.day(at))?)
}

fn words(scopes: &[Scope]) -> Result<String, Refused> {
    let mut sorted = scopes.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let words = sorted.into_iter().map(word).collect::<crate::store::QueryResult<Vec<_>>>()?;
    Ok(words.join(" "))
}

fn scopes(words: &str) -> Result<Vec<Scope>, Refused> {
    Ok(words.split(' ').map(unword).collect::<crate::store::QueryResult<_>>()?)
}

fn view(row: ApiTokenRow) -> Result<ApiTokenView, Refused> {
    Ok(ApiTokenView {
        scopes: scopes(&row.scopes)?,
        id: row.id,
        name: row.name,
        channel: row.channel_id,
        made_at: moment(row.made_at),
        expires_at: moment(row.expires_at),
        last_used_on: row.last_used_on,
        revoked_at: row.revoked_at.map(moment),
    })
}
