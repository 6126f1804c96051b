//! Rating by the one-time link of an invitation. Whoever holds the link was sent it:
//! that proves the invitation, not the PIN, and the record says so. It counts as the
//! owner's, because the house sent it for this closure to the contact of this issue,
//! and it opens nothing else. It is dead once the owner has rated, by whatever way,
//! once the time is over, and once the issue has another closure.

use qiyema_protocol::{board::Card, rating::Tier};

use super::{
    super::{Refused, Rules, scan},
    Given, Origin, Parsed, Proven, Stored, enter,
};
use crate::{
    clock::Timestamp,
    secrets::invitation::Opened,
    store::{
        connection::Db,
        invitations::{self, InvitationRow},
        issues::{self, Pick, Shown},
        ratings, timed, webhooks,
    },
};

/// What the link shows: the issue as whoever scans the code sees it, open to be rated.
pub fn read(db: &mut Db, link: &Opened, rules: &Rules, at: Timestamp) -> Result<Card, Refused> {
    came_rightly(db, link)?;
    let (row, shown) = standing(db, &link.invitation, rules, at)?;
    let mut card = scan::invited_card(db, &row.enterprise_id, &shown.issue.number, rules, at)?;
    let closure = card.closure.as_mut().ok_or(Refused::LinkDead)?;
    (closure.rateable, closure.rectification_rateable, closure.second_until) = (true, false, None);
    Ok(card)
}

/// Stores the rating.
pub fn rate(
    db: &mut Db,
    link: &Opened,
    (rating, origin): (&Parsed, &Origin),
    host: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Stored, Refused> {
    if !rating.round.is_first() {
        return Err(Refused::NothingToAdd);
    }
    came_rightly(db, link)?;
    let (row, shown) = standing(db, &link.invitation, rules, at)?;
    let proven = Proven::Invitation(&row.id, link.webhook.as_deref());
    let given = Given { shown, tier: Tier::Owner, rating, proven, origin: Some(origin) };
    Ok(Stored { claims: enter(db, given, host, rules, at)?, at, repeated: false })
}

/// A link that went out by a webhook is dead once that webhook may carry none: whoever
/// took the permission back does not trust who received them.
fn came_rightly(db: &mut Db, link: &Opened) -> Result<(), Refused> {
    match &link.webhook {
        Some(webhook) if !webhooks::carries_links(db, webhook)? => Err(Refused::LinkDead),
        _ => Ok(()),
    }
}

/// The invitation, if it still opens something, and its issue.
pub(crate) fn standing(
    db: &mut Db,
    invitation: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(InvitationRow, Shown), Refused> {
    let row = invitations::find(db, invitation)?.ok_or(Refused::LinkDead)?;
    let issue = timed::issue(db, &row.issue_id)?.ok_or(Refused::LinkDead)?;
    if issue.closure_id.as_deref() != Some(&*row.closure_id) {
        return Err(Refused::LinkDead);
    }
    let closures = std::slice::from_ref(&row.closure_id);
    let rated = ratings::of_closures(db, &row.enterprise_id, closures)?;
    if rated.iter().any(|(_, tier, _)| tier == "owner") {
        return Err(Refused::AlreadyRated);
    }
    if rules.day(at) > row.until {
        return Err(Refused::RatingClosed);
    }
    let shown = issues::board(db, &row.enterprise_id, &Pick::Number(&issue.number))?.pop();
    Ok((row, shown.ok_or(Refused::LinkDead)?))
}
