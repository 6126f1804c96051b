//! Messages of the outbox on their way: claimed, tried, settled. A message that
//! was claimed by a process that died is due again; whoever receives it twice
//! knows it by its id.

pub mod letter;

use chrono::TimeDelta;
use qiyema_protocol::text::Text;
use serde::Deserialize;

use super::{
    Refused, Rules,
    notice::{CONTACT, EMAIL, WEBHOOK},
};
use crate::{
    clock::Timestamp,
    courier::{Undelivered, hook::Parcel, mail::Letter},
    domain::{
        backoff::{self, Patience},
        event::Kind,
        notice,
    },
    secrets::{hook::HookSecret, invitation, token::SessionSecret},
    store::{
        columns::{column, moment, unword},
        connection::Db,
        intake, notices,
        outbox::{self, MessageRow},
        webhooks,
    },
};

/// A message that this process may try once.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The message.
    pub row: MessageRow,
    /// Where it goes, as it stands now.
    pub errand: Errand,
}

/// Where a message goes.
#[derive(Debug, Clone)]
pub enum Errand {
    /// To a webhook.
    Hook {
        /// Where to.
        url: String,
        /// Which of its secrets signs.
        turn: i32,
    },
    /// It would hold a link that this webhook does not carry, or no longer.
    Barred,
    /// To a mailbox.
    Mail {
        /// Which.
        address: String,
    },
    /// Nowhere: the webhook was removed, the person left.
    Nowhere,
}

/// Claims messages whose time has come, for one try each until `until`.
pub fn claim(db: &mut Db, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Claimed>, Refused> {
    let mut claimed = Vec::new();
    for mut row in outbox::due(db, column(now), limit)? {
        if !outbox::claim(db, &row, column(until))? {
            continue;
        }
        row.tries += 1;
        let errand = match row.kind.as_str() {
            WEBHOOK => match webhooks::one(db, &row.target)? {
                None => Errand::Nowhere,
                Some(_) if holds_link(&row.event_kind) && !webhooks::carries_links(db, &row.target)? => {
                    Errand::Barred
                }
                Some(hook) => Errand::Hook { url: hook.url, turn: hook.turn },
            },
            EMAIL => {
                let address = match row.target.strip_prefix(CONTACT) {
                    Some(issue) => intake::contact_mail(db, issue)?,
                    None => notices::person(db, &row.target)?.and_then(|person| person.address),
                };
                address.map_or(Errand::Nowhere, |address| Errand::Mail { address })
            }
            _ => Errand::Nowhere,
        };
        claimed.push(Claimed { row, errand });
    }
    Ok(claimed)
}

fn holds_link(kind: &str) -> bool {
    unword::<Kind>(kind).is_ok_and(|kind| notice::WITH_LINK.contains(&kind))
}

/// From where links lead here, and what makes them.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    /// `https://…`
    pub origin: &'a str,
    /// Signs messages and makes the links of invitations.
    pub secret: &'a SessionSecret,
}

impl House<'_> {
    /// The link of an invitation to rate, by this webhook or, without one, by letter.
    #[must_use]
    pub fn rating_link(&self, id: &str, webhook: Option<&str>) -> Option<String> {
        Some(format!("{}/r/{}", self.origin, invitation::token(self.secret, id, webhook)?))
    }
}

/// A webhook's message, signed for this try. Only now the link of an invitation
/// is put in: no table holds one.
#[must_use]
pub fn parcel(claimed: &Claimed, url: &str, turn: i32, house: House<'_>, at: Timestamp) -> Parcel {
    let secret = HookSecret::derive(house.secret, &claimed.row.target, turn);
    let (id, seconds) = (claimed.row.id.clone(), at.timestamp());
    let body = with_link(&claimed.row, house).unwrap_or_else(|| claimed.row.payload.clone());
    Parcel { url: url.to_owned(), signature: secret.sign(&id, seconds, &body), id, seconds, body }
}

fn with_link(row: &MessageRow, house: House<'_>) -> Option<String> {
    let mut payload: serde_json::Value = serde_json::from_str(&row.payload).ok()?;
    let data = payload.get_mut("data")?;
    let link = house.rating_link(data.get("invitation")?.as_str()?, Some(&row.target))?;
    data["rating_link"] = link.into();
    Some(payload.to_string())
}

/// What a letter's message holds.
#[derive(Debug, Deserialize)]
struct MailPayload {
    number: String,
    kind: Kind,
    clock: Option<qiyema_protocol::clocks::ClockKind>,
    due_at: Option<Timestamp>,
    /// To the contact of an issue: which invitation to rate it is.
    invitation: Option<String>,
}

/// A person's message, written for this try.
pub fn letter(
    claimed: &Claimed,
    address: &str,
    house: House<'_>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Letter, Undelivered> {
    let payload: MailPayload =
        serde_json::from_str(&claimed.row.payload).map_err(|_| Undelivered::Malformed)?;
    let to_rate = payload.invitation.as_deref().and_then(|id| house.rating_link(id, None));
    let unsaid = Text::new("", "");
    let page = letter::Page {
        centre: &rules.centre.name,
        // The last line is for staff.
        closing: if to_rate.is_some() { &unsaid } else { &rules.wording.mail_closing },
        number: &payload.number,
        words: crate::domain::notice::words(payload.kind, &rules.limits),
        clock: payload.clock.map(crate::domain::notice::clock_name),
        due: payload.due_at.map(|due| rules.day(due)),
        link: to_rate.unwrap_or_else(|| format!("{}/console/issues/{}", house.origin, payload.number)),
    };
    Ok(Letter {
        to: address.to_owned(),
        id: claimed.row.id.clone(),
        subject: page.subject(),
        body: page.body().map_err(|_| Undelivered::Malformed)?,
        at,
    })
}

/// How long messages are tried.
#[derive(Debug, Clone, Copy)]
pub struct Settling {
    /// Pauses and the end of patience.
    pub patience: Patience,
    /// Spreads the next try.
    pub chance: u8,
    /// Now.
    pub at: Timestamp,
}

/// What became of a message; true when it was given up.
pub fn settle(
    db: &mut Db,
    row: &MessageRow,
    outcome: Result<(), Undelivered>,
    settling: &Settling,
) -> Result<bool, Refused> {
    let Settling { patience, chance, at } = settling;
    let Err(why) = outcome else {
        outbox::delivered(db, &row.id, column(*at))?;
        return Ok(false);
    };
    let tries = u32::try_from(row.tries).unwrap_or(1);
    let next = if why.lasting() {
        None
    } else {
        backoff::next_try(moment(row.made_at), *at, tries, patience, *chance)
    };
    outbox::failed(db, &row.id, &why.to_string(), next.map(column), column(*at))?;
    if let (Some(next), Undelivered::Unreachable) = (next, why) {
        let target = if row.kind == EMAIL { None } else { Some(row.target.as_str()) };
        outbox::put_off(db, &row.kind, target, column(*at), column(next))?;
    }
    Ok(next.is_none())
}

/// Takes away settled messages older than this; true while there are more.
pub fn sweep(db: &mut Db, kept: TimeDelta, at: Timestamp) -> Result<bool, Refused> {
    const BATCH: i64 = 500;
    let gone = outbox::sweep(db, column(at - kept), BATCH)?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= BATCH))
}
