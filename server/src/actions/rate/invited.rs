//! Rating by the one-time link of an invitation. Whoever holds the link was sent it:
//! that proves the invitation, not the PIN, and the record says so. It counts as the
//! owner's, because the house sent it for this closure to the contact of this issue,
//! and it opens nothing else: the first rating once, and, when what was called bad is put
//! right, the rating of that once. It is dead once the owner has rated, by whatever way,
//! once the time is over, and once the issue has another closure.

use qiyema_protocol::{
    board::Card,
    rating::{Round, Tier},
};

use super::{
    super::{Refused, Rules, scan},
    Given, Origin, Parsed, Proven, Stored, enter,
};
use crate::{
    clock::Timestamp,
    domain::rounds::Rateable,
    secrets::invitation::Opened,
    store::{
        columns::{moment, unword},
        connection::Db,
        invitations::{self, InvitationRow},
        issues::{self, Pick, Shown},
        ratings, rectifications, timed, webhooks,
    },
};

/// What the link shows: the issue as whoever scans the code sees it, open to be rated.
pub fn read(db: &mut Db, link: &Opened, rules: &Rules, at: Timestamp) -> Result<Card, Refused> {
    came_rightly(db, link)?;
    let Standing { row, shown, round } = standing(db, &link.invitation, rules, at)?;
    let mut card = scan::invited_card(db, &row.enterprise_id, &shown.issue.number, rules, at)?;
    let closure = card.closure.as_mut().ok_or(Refused::LinkDead)?;
    (closure.rateable, closure.second_until) = (round.is_first(), None);
    closure.rectification_rateable = !round.is_first();
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
    came_rightly(db, link)?;
    let Standing { row, shown, round } = standing(db, &link.invitation, rules, at)?;
    if rating.round != round {
        return Err(if rating.round.is_first() { Refused::AlreadyRated } else { Refused::NothingToAdd });
    }
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

/// An invitation that still opens something.
pub(crate) struct Standing {
    /// The invitation.
    pub row: InvitationRow,
    /// Its issue.
    pub shown: Shown,
    /// What it opens.
    pub round: Round,
}

/// The invitation, if it still opens something: how the closure was put right, or the first rating.
pub(crate) fn standing(
    db: &mut Db,
    invitation: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Standing, Refused> {
    let row = invitations::find(db, invitation)?.ok_or(Refused::LinkDead)?;
    let issue = timed::issue(db, &row.issue_id)?.ok_or(Refused::LinkDead)?;
    if issue.closure_id.as_deref() != Some(&*row.closure_id) {
        return Err(Refused::LinkDead);
    }
    let closures = std::slice::from_ref(&row.closure_id);
    let rated = ratings::all_of_closures(db, &row.enterprise_id, closures)?;
    let given = scan::given(rated.iter())?;
    let fixed = rectifications::fixed(db, &row.enterprise_id, closures)?;
    let rateable = Rateable {
        state: unword(&issue.state)?,
        rate_until: row.until,
        given: &given,
        fixed_at: fixed.first().map(|(_, at)| moment(*at)),
        days: rules.rating_days,
        zone: rules.zone,
    };
    let today = rules.day(at);
    let open = |round| rateable.until(round, Tier::Owner, today).is_ok();
    let round = if open(Round::Rectification) {
        Round::Rectification
    } else if given.iter().any(|given| given.tier == Tier::Owner) {
        return Err(Refused::AlreadyRated);
    } else if today > row.until {
        return Err(Refused::RatingClosed);
    } else {
        Round::First
    };
    let shown = issues::board(db, &row.enterprise_id, &Pick::Number(&issue.number))?.pop();
    Ok(Standing { row, shown: shown.ok_or(Refused::LinkDead)?, round })
}
