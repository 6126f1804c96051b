//! Invitations to rate of the demo's settled issues, and what stood behind the ratings of its older past.

use qiyema_protocol::rating::{Round, Tier};

use super::history::World;
use crate::{
    actions::invite,
    clock::Timestamp,
    store::{
        closures,
        columns::column,
        connection::Db,
        invitations::{self, ProofRow},
        issues::IssueRow,
        ratings::RatingRow,
    },
};

/// Invites to rate, as closing does.
pub(super) fn invite(db: &mut Db, issue: &IssueRow, at: Timestamp) -> anyhow::Result<()> {
    let Some(id) = issue.closure_id.as_deref() else { return Ok(()) };
    if let Some(closure) = closures::find(db, &issue.enterprise_id, id)? {
        invite::invite(db, &closure, at)?;
    }
    Ok(())
}

/// What stands behind a rating, where it is neither the code alone nor the PIN.
pub(super) const fn behind(index: usize, tier: Tier, round: Round) -> Option<&'static str> {
    match (tier, round) {
        (Tier::CallBack, _) => Some("call_back"),
        (Tier::Owner, Round::First) if index >= super::PAST && index % 4 == 1 => Some("invitation"),
        _ => None,
    }
}

/// Says so.
pub(super) fn prove(
    db: &mut Db,
    world: &World<'_>,
    (rating, proof): (&RatingRow, &str),
    at: Timestamp,
) -> anyhow::Result<()> {
    let invitation = invitations::of_closure(db, &rating.closure_id)?.map(|one| one.id);
    let officer = world.clerks.get("follow_up_officer").cloned();
    let row = ProofRow {
        rating_id: rating.id.clone(),
        enterprise_id: rating.enterprise_id.clone(),
        proof: proof.to_owned(),
        invitation_id: invitation.filter(|_| proof == "invitation"),
        officer_id: officer.filter(|_| proof == "call_back"),
        at: column(at),
        webhook_id: None,
    };
    Ok(invitations::prove(db, &row)?)
}
