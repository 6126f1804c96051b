//! Webhooks: systems that are told what happened. The secret is shown when it is
//! made and at no other time.

pub mod links;

use qiyema_protocol::webhooks::{DeliveryList, DeliveryView, NewWebhook, WebhookList, WebhookView};

use super::{
    super::{
        Refused,
        notice::{EVERY, WEBHOOK},
        rights::{Actor, Area, Deed},
    },
    Subject, record,
};
use crate::{
    clock::{Ids, Timestamp},
    courier,
    domain::{
        event::Kind,
        text::{Typed, problem},
    },
    store::{
        columns::{column, moment, unword},
        connection::Db,
        flow,
        outbox::{self, MessageRow},
        webhooks::{self, WebhookRow},
    },
};

/// Messages that a page shows.
const LATEST: i64 = 50;
/// The kind of a message that tries the way.
pub const TEST: &str = "test";

/// All webhooks.
pub fn list(db: &mut Db, actor: &Actor) -> Result<WebhookList, Refused> {
    actor.may(Deed::ReadWebhooks)?;
    let rows = webhooks::all(db)?;
    let webhooks = rows.into_iter().map(|row| view(db, row)).collect::<Result<_, _>>()?;
    Ok(WebhookList { webhooks })
}

/// The latest messages to one webhook.
pub fn deliveries(db: &mut Db, actor: &Actor, id: &str) -> Result<(WebhookView, DeliveryList), Refused> {
    actor.may(Deed::ReadWebhooks)?;
    let row = find(db, id)?;
    let deliveries = outbox::of_target(db, WEBHOOK, id, LATEST)?.into_iter().map(delivery).collect();
    Ok((view(db, row)?, DeliveryList { deliveries }))
}

/// Adds a webhook at its first turn.
pub fn add(db: &mut Db, actor: &Actor, new: &NewWebhook, at: Timestamp) -> Result<WebhookView, Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    let name = Typed::line("name", &new.name, 2, 60).map_err(|fault| Refused::Invalid(vec![fault]))?;
    let fits = new.url.len() <= 500 && courier::hook::check(&new.url).is_ok();
    if !fits {
        let fault = problem("url", "请填写 https:// 开头的网址", "an address that begins with https://");
        return Err(Refused::Invalid(vec![fault]));
    }
    for kind in &new.kinds {
        let known = unword::<Kind>(kind).is_ok_and(|kind| kind.public_sentence().is_some());
        if !known {
            return Err(Refused::Invalid(vec![problem("kinds", "没有这种事件", "there is no such event")]));
        }
    }
    let kinds = if new.kinds.is_empty() { EVERY.to_owned() } else { new.kinds.join(" ") };
    let row = WebhookRow {
        id: Ids.row(),
        name: name.into(),
        url: new.url.clone(),
        kinds,
        turn: 1,
        made_at: column(at),
        made_by: actor.id.clone(),
        paused_at: None,
        removed_at: None,
    };
    webhooks::insert(db, &row)?;
    let detail = serde_json::json!({ "name": row.name, "url": row.url, "kinds": row.kinds });
    note(db, &row.id, "webhook_added", &detail, actor, at)?;
    view(db, row)
}

/// Gives a webhook another secret; the old one signs nothing from now on.
pub fn turn(db: &mut Db, actor: &Actor, id: &str, at: Timestamp) -> Result<(WebhookView, i32), Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    let row = find(db, id)?;
    let turn = row.turn.saturating_add(1);
    webhooks::turn(db, id, turn)?;
    note(db, id, "webhook_secret_changed", &serde_json::json!({ "name": row.name }), actor, at)?;
    Ok((view(db, row)?, turn))
}

/// Pauses or resumes a webhook. What waits is still sent.
pub fn pause(
    db: &mut Db,
    actor: &Actor,
    id: &str,
    paused: bool,
    at: Timestamp,
) -> Result<WebhookView, Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    let mut row = find(db, id)?;
    if row.paused_at.is_some() != paused {
        row.paused_at = paused.then(|| column(at));
        webhooks::pause(db, id, row.paused_at)?;
        let kind = if paused { "webhook_paused" } else { "webhook_resumed" };
        note(db, id, kind, &serde_json::json!({ "name": row.name }), actor, at)?;
    }
    view(db, row)
}

/// Removes a webhook; what waits for it is given up.
pub fn remove(db: &mut Db, actor: &Actor, id: &str, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    let row = find(db, id)?;
    webhooks::remove(db, id, column(at))?;
    note(db, id, "webhook_removed", &serde_json::json!({ "name": row.name }), actor, at)
}

/// Puts a message into the outbox that says nothing but that somebody tries the way.
pub fn test(db: &mut Db, actor: &Actor, id: &str, at: Timestamp) -> Result<DeliveryView, Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    let hook = find(db, id)?;
    let row = MessageRow {
        id: Ids.row(),
        kind: WEBHOOK.to_owned(),
        target: hook.id,
        event_id: Ids.row(),
        event_kind: TEST.to_owned(),
        payload: serde_json::json!({ "type": TEST, "timestamp": at, "data": { "webhook": id } }).to_string(),
        made_at: column(at),
        next_try_at: Some(column(at)),
        tries: 0,
        delivered_at: None,
        failed_at: None,
        last_error: None,
    };
    outbox::insert(db, &row)?;
    let detail = serde_json::json!({ "name": hook.name, "message": row.id });
    note(db, id, "webhook_tested", &detail, actor, at)?;
    Ok(delivery(row))
}

/// Tries a message now that did not arrive, whether it waits or was given up.
pub fn again(db: &mut Db, actor: &Actor, id: &str, message: &str, at: Timestamp) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Tokens))?;
    find(db, id)?;
    if message.contains('\0') || !outbox::again(db, message, id, column(at))? {
        return Err(Refused::NotThere);
    }
    note(db, id, "webhook_sent_again", &serde_json::json!({ "message": message }), actor, at)
}

fn find(db: &mut Db, id: &str) -> Result<WebhookRow, Refused> {
    if id.contains('\0') {
        return Err(Refused::NotThere);
    }
    webhooks::one(db, id)?.ok_or(Refused::NotThere)
}

fn note(
    db: &mut Db,
    id: &str,
    kind: &'static str,
    detail: &serde_json::Value,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), Refused> {
    record(db, Subject { kind: "webhook", id }, kind, detail, &actor.id, at)
}

fn view(db: &mut Db, row: WebhookRow) -> Result<WebhookView, Refused> {
    let (waiting, given_up) = outbox::counts(db, WEBHOOK, &row.id)?;
    let count = |rows: i64| u32::try_from(rows).unwrap_or(u32::MAX);
    let kinds = row.kinds.split(' ').filter(|kind| *kind != EVERY).map(ToOwned::to_owned).collect();
    let id = row.id.clone();
    let by = flow::names(db, vec![row.made_by.clone()])?.pop().map_or(row.made_by, |(_, name)| name);
    Ok(WebhookView {
        wants_links: links::wanted(&row.kinds),
        links: links::latest(db, &row.id)?,
        made_by: by,
        id: row.id,
        name: row.name,
        url: row.url,
        kinds,
        made_at: moment(row.made_at),
        paused_at: row.paused_at.map(moment),
        waiting: count(waiting),
        given_up: count(given_up),
        latest: outbox::of_target(db, WEBHOOK, &id, 1)?.into_iter().next().map(delivery),
    })
}

/// A message as shown.
fn delivery(row: MessageRow) -> DeliveryView {
    DeliveryView {
        id: row.id,
        kind: row.event_kind,
        at: moment(row.made_at),
        tries: u32::try_from(row.tries).unwrap_or_default(),
        delivered_at: row.delivered_at.map(moment),
        given_up_at: row.failed_at.map(moment),
        next_try_at: row.next_try_at.map(moment),
        last_error: row.last_error,
    }
}
