//! Whether the rating of a receipt still stands: what became of it, said to whoever
//! holds the receipt and to nobody more than the receipt says.

use qiyema_protocol::{
    ledger::Inclusion,
    receipt::{Exclusion, ReceiptClaims, ReceiptStatus, Standing},
};

use data_encoding::HEXLOWER;

use super::{Refused, Rules, appeal::later, ledger, rate::enter::digest};
use crate::{
    domain::{
        figures::{
            facts::{Given, slice},
            sums::Count,
        },
        ledger::Kind,
    },
    store::{
        QueryResult,
        columns::{moment, unword},
        connection::Db,
        receipts::{self, StandingRow},
    },
};

/// What became of the rating that a genuine receipt is for.
pub fn look(db: &mut Db, claims: ReceiptClaims, rules: &Rules) -> Result<ReceiptStatus, Refused> {
    let log = match ledger::included(db, Kind::Ratings, &claims.sub)? {
        None => None,
        Some(found) => Some(Inclusion {
            position: found.position,
            leaf: HEXLOWER.encode(&found.leaf.0),
            size: found.size,
            proof: found.proof.iter().map(|hash| HEXLOWER.encode(&hash.0)).collect(),
            checkpoint: found.note,
            entry: ledger::shown(db, Kind::Ratings, &claims.sub, found.leaf)?,
        }),
    };
    let rows = receipts::of_closure(db, &claims.closure)?;
    let own = rows.iter().find(|row| row.rating.id == claims.sub);
    let standing = match own {
        None => Standing::Missing,
        Some(row) if digest(&row.rating) != claims.digest => Standing::Altered,
        Some(row) => standing(row, &rows, rules.figures.unverified)?,
    };
    let exclusion = match own {
        Some(row) if standing == Standing::Excluded => excluded(db, row)?,
        _ => None,
    };
    Ok(ReceiptStatus { receipt: claims, standing, exclusion, log })
}

/// Where a rating stands among those of its closure.
pub(super) fn standing(own: &StandingRow, rows: &[StandingRow], unverified: bool) -> QueryResult<Standing> {
    let one = given(own)?;
    if one.excluded {
        return Ok(Standing::Excluded);
    }
    match &*own.rating.round {
        "first" => {}
        "second" => return Ok(Standing::Beside),
        // The rating of a rectification counts in a figure of its own.
        _ => return Ok(Standing::Counted),
    }
    let first = rows.iter().filter(|row| row.rating.round == "first");
    let first = first.map(given).collect::<QueryResult<Vec<Given>>>()?;
    Ok(match slice(&first.iter().collect::<Vec<_>>(), &one, unverified) {
        Count::Superseded => Standing::Superseded,
        Count::Unverified => Standing::Unverified,
        _ => Standing::Counted,
    })
}

fn given(row: &StandingRow) -> QueryResult<Given> {
    Ok(Given {
        tier: unword(&row.rating.tier)?,
        round: unword(&row.rating.round)?,
        verdict: unword(&row.rating.verdict)?,
        at: moment(row.rating.at),
        invited: false,
        excluded: row.outcome.as_ref().is_some_and(|(judgement, _)| judgement == "accepted"),
        flagged: false,
        tags: Vec::new(),
    })
}

fn excluded(db: &mut Db, row: &StandingRow) -> Result<Option<Exclusion>, Refused> {
    let (Some((appeal, ground, filed)), Some((_, at))) = (&row.appeal, &row.outcome) else { return Ok(None) };
    let people = receipts::agreed(db, appeal)?;
    let later = later::agreeing(db, *filed, &people)?;
    Ok(Some(Exclusion {
        ground: unword(ground)?,
        at: moment(*at),
        people: u32::try_from(people.len()).unwrap_or(u32::MAX),
        given_later: u32::try_from(later).unwrap_or(u32::MAX),
    }))
}
