//! What stood behind ratings, as their records say it.

use qiyema_protocol::rating::{Proof, Tier};

use crate::store::{QueryResult, columns::unword, connection::Db, invitations};

/// What stood behind several ratings.
#[derive(Debug, Default)]
pub struct Proofs(Vec<(String, String, Option<String>)>);

impl Proofs {
    /// Of these ratings.
    pub fn of(db: &mut Db, ratings: &[String]) -> QueryResult<Self> {
        Ok(Self(invitations::proofs(db, ratings)?))
    }

    /// What stood behind one, and the officer who called. Where nothing is recorded
    /// it was the code, with the PIN for an owner's.
    pub fn behind(&self, rating: &str, tier: Tier) -> QueryResult<(Proof, Option<String>)> {
        match self.0.iter().find(|(id, ..)| id == rating) {
            Some((_, proof, officer)) => Ok((unword(proof)?, officer.clone())),
            None if tier == Tier::Owner => Ok((Proof::Pin, None)),
            None => Ok((Proof::Code, None)),
        }
    }
}
