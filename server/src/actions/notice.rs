//! Who is told of an event: the inbox and the outbox are written in the same
//! transaction as the event itself, so that neither is ever without the other.

use std::collections::BTreeSet;

use qiyema_protocol::{clocks::ClockKind, staff::Role};

use super::Refused;
use crate::{
    clock::Ids,
    domain::{
        event::Kind,
        notice::{self, Whom},
    },
    store::{
        columns::{moment, unword, word},
        connection::Db,
        events::EventRow,
        intake,
        notices::{self, About, Addressee, NoticeRow},
        outbox::{self, MessageRow},
        webhooks,
    },
};

/// Message of the outbox to a webhook.
pub const WEBHOOK: &str = "webhook";
/// Message of the outbox to a person.
pub const EMAIL: &str = "email";
/// Before the id of an issue: a letter to whom that issue names as contact.
pub const CONTACT: &str = "contact:";
/// A webhook that wants every kind, except those that hold the link of an invitation.
pub const EVERY: &str = "*";

/// Tells whom an event concerns.
pub(super) fn tell(
    db: &mut Db,
    event: &EventRow,
    kind: Kind,
    detail: &serde_json::Value,
) -> Result<(), Refused> {
    if kind.public_sentence().is_none() {
        return Ok(());
    }
    let telling = notice::telling(kind);
    let invites = notice::WITH_LINK.contains(&kind);
    let wants =
        |kinds: &str| kinds.split(' ').any(|wanted| wanted == event.kind || (wanted == EVERY && !invites));
    let mut hooks = Vec::new();
    for (id, kinds) in webhooks::listening(db)? {
        if wants(&kinds) && (!invites || webhooks::carries_links(db, &id)?) {
            hooks.push(id);
        }
    }
    if telling.whom.is_empty() && hooks.is_empty() && !invites {
        return Ok(());
    }
    let Some(about) = notices::about(db, &event.enterprise_id, &event.subject_id)? else { return Ok(()) };
    for hook in hooks {
        post(db, event, WEBHOOK, &hook, &hook_payload(event, &about, detail))?;
    }
    let text = |key: &str| detail.get(key).and_then(|value| value.as_str());
    if invites && intake::contact_mail(db, &event.subject_id)?.is_some() {
        let letter = serde_json::json!({
            "number": about.number, "kind": event.kind, "invitation": text("invitation"),
        });
        post(db, event, EMAIL, &format!("{CONTACT}{}", event.subject_id), &letter)?;
    }
    let clock: Option<ClockKind> = text("clock").map(unword).transpose()?;
    let (unit, own) = (text("unit"), about.unit.as_deref());
    let mut told: BTreeSet<Addressee> = BTreeSet::new();
    for whom in telling.whom {
        let wider: &[Whom] =
            if *whom == Whom::Late { notice::late(clock) } else { std::slice::from_ref(whom) };
        for whom in wider {
            let found = match whom {
                Whom::Before => before(db, text("before").or(text("asker")), text("asked_by"))?,
                whom => people(db, *whom, &about, unit.or(own))?,
            };
            told.extend(found);
        }
    }
    for person in told.into_iter().filter(|person| person.id != event.by) {
        if telling.mail && person.address.is_some() {
            post(db, event, EMAIL, &person.id, &mail_payload(event, &about, clock))?;
        }
        let row = NoticeRow {
            id: Ids.row(),
            staff_id: person.id,
            event_id: event.id.clone(),
            issue_id: event.subject_id.clone(),
            number: about.number.clone(),
            kind: event.kind.clone(),
            clock: clock.map(word).transpose()?,
            at: event.at,
            read_at: None,
        };
        notices::insert(db, &row)?;
    }
    Ok(())
}

/// Whose it was: a person, and the administrators of a unit.
fn before(db: &mut Db, person: Option<&str>, unit: Option<&str>) -> Result<Vec<Addressee>, Refused> {
    let mut found = match unit {
        Some(unit) => notices::holders(db, &[word(Role::UnitAdministrator)?], Some(unit))?,
        None => Vec::new(),
    };
    if let Some(person) = person {
        found.extend(notices::person(db, person)?);
    }
    Ok(found)
}

fn people(db: &mut Db, whom: Whom, about: &About, named: Option<&str>) -> Result<Vec<Addressee>, Refused> {
    let words = |roles: &[Role]| roles.iter().copied().map(word).collect::<Result<Vec<_>, _>>();
    Ok(match whom {
        Whom::Handler => match (&about.handler, &about.unit) {
            (Some(handler), _) => notices::person(db, handler)?.into_iter().collect(),
            // Nobody is named yet: a notice must not reach nobody.
            (None, Some(unit)) => notices::holders(db, &words(&[Role::Handler])?, Some(unit))?,
            (None, None) => Vec::new(),
        },
        Whom::Centre(roles) => notices::holders(db, &words(roles)?, None)?,
        Whom::Unit(roles) => match &about.unit {
            Some(unit) => notices::holders(db, &words(roles)?, Some(unit))?,
            None => Vec::new(),
        },
        Whom::Named => match named {
            Some(unit) => {
                notices::holders(db, &words(&[Role::UnitAdministrator, Role::Handler])?, Some(unit))?
            }
            None => Vec::new(),
        },
        // Taken apart by the caller.
        Whom::Late | Whom::Before => Vec::new(),
    })
}

fn post(
    db: &mut Db,
    event: &EventRow,
    kind: &str,
    target: &str,
    payload: &serde_json::Value,
) -> Result<(), Refused> {
    let row = MessageRow {
        id: Ids.row(),
        kind: kind.to_owned(),
        target: target.to_owned(),
        event_id: event.id.clone(),
        event_kind: event.kind.clone(),
        payload: payload.to_string(),
        made_at: event.at,
        next_try_at: Some(event.at),
        tries: 0,
        delivered_at: None,
        failed_at: None,
        last_error: None,
    };
    Ok(outbox::insert(db, &row)?)
}

/// Ids, number, kind, state and times; never what somebody typed. The link of an
/// invitation is put in when the message leaves.
fn hook_payload(event: &EventRow, about: &About, detail: &serde_json::Value) -> serde_json::Value {
    let mut payload = serde_json::json!({
        "type": format!("issue.{}", event.kind),
        "timestamp": moment(event.at),
        "data": {
            "event": event.id,
            "seq": event.seq,
            "number": about.number,
            "enterprise": event.enterprise_id,
            "state": event.state,
            "due_at": about.due_at.map(moment),
        },
    });
    if let (Some(invitation), Some(data)) = (detail.get("invitation"), payload.get_mut("data")) {
        data["invitation"] = invitation.clone();
    }
    payload
}

fn mail_payload(event: &EventRow, about: &About, clock: Option<ClockKind>) -> serde_json::Value {
    serde_json::json!({
        "number": about.number,
        "kind": event.kind,
        "clock": clock,
        "due_at": about.due_at.map(moment),
    })
}
