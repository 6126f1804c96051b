//! What stood behind ratings, as their records say it.

use qiyema_protocol::rating::{Proof, Tier};

use crate::store::{
    QueryResult,
    columns::unword,
    connection::Db,
    invitations::{self, StoodBehind},
};

/// What stood behind several ratings.
#[derive(Debug, Default)]
pub struct Proofs(Vec<StoodBehind>);

/// What stood behind one rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// The proof.
    pub proof: Proof,
    /// Full name of the officer who called.
    pub officer: Option<String>,
    /// Name of the webhook by which the link went out.
    pub webhook: Option<String>,
}

impl Proofs {
    /// Of these ratings.
    pub fn of(db: &mut Db, ratings: &[String]) -> QueryResult<Self> {
        Ok(Self(invitations::proofs(db, ratings)?))
    }

    /// What stood behind one. Where nothing is recorded it was the code, with the PIN
    /// for an owner's.
    pub fn behind(&self, rating: &str, tier: Tier) -> QueryResult<Behind> {
        let by = |proof| Behind { proof, officer: None, webhook: None };
        Ok(match self.0.iter().find(|(id, ..)| id == rating) {
            Some((_, proof, officer, webhook)) => {
                Behind { proof: unword(proof)?, officer: officer.clone(), webhook: webhook.clone() }
            }
            None if tier == Tier::Owner => by(Proof::Pin),
            None => by(Proof::Code),
        })
    }
}
