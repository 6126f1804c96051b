//! Comparing a rating with others that came from the same place, and flagging what a
//! reviewer should look at. A flag is a further record: the rating is kept and counted
//! like any other, and so are the earlier ones that it shows in another light.

use std::collections::HashSet;

use qiyema_protocol::rating::Flag;

use super::super::{Refused, Rules};
use crate::{
    clock::{Ids, Timestamp},
    domain::guard::{Near, flags},
    store::{
        columns::{column, word},
        connection::{Db, one_at_a_time},
        guard::{self, FlagRow, TraceRow},
        issues::ClosureRow,
        ratings::RatingRow,
    },
};

/// Ratings of one device that are looked at.
const MOST: i64 = 100;

/// Where a rating comes from: nothing that tells whose place it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Keyed hashes of the network, under the key of now and the one before.
    pub network: [String; 2],
    /// The same of the device, if it can be told from others.
    pub device: Option<[String; 2]>,
    /// The network is one of the offices'.
    pub office: bool,
}

/// Keeps where a rating came from, and flags it and earlier ones of the same place.
pub(super) fn watch(
    db: &mut Db,
    rating: &RatingRow,
    closure: &ClosureRow,
    origin: &Origin,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let whose = (&*closure.unit_id, &*closure.handler_id);
    let since = column(at - rules.guard.within);
    let burst = i64::from(rules.guard.burst.saturating_sub(1));
    let network = guard::of_network(db, &origin.network, whose, since, burst)?;
    let device = match &origin.device {
        Some(device) => guard::of_device(db, device, MOST)?,
        None => Vec::new(),
    };
    let quick: Vec<&TraceRow> = device
        .iter()
        .filter(|one| one.at >= since && (one.unit_id == whose.0 || one.handler_id == whose.1))
        .collect();
    let mut enterprises: HashSet<&str> = device.iter().map(|one| &*one.enterprise_id).collect();
    enterprises.insert(&rating.enterprise_id);
    let near = Near {
        office: origin.office,
        by_network: network.len() + 1,
        by_device: quick.len() + 1,
        enterprises: enterprises.len(),
    };
    let trace = TraceRow {
        rating_id: rating.id.clone(),
        enterprise_id: rating.enterprise_id.clone(),
        unit_id: closure.unit_id.clone(),
        handler_id: closure.handler_id.clone(),
        network: origin.network[0].clone(),
        device: origin.device.as_ref().map(|[now, _]| now.clone()),
        at: column(at),
    };
    guard::trace(db, &trace)?;
    for flag in flags(near, rules.guard) {
        let mut concerned = vec![&trace];
        match flag {
            Flag::BurstNetwork => concerned.extend(&network),
            Flag::BurstDevice => concerned.extend(quick.iter().copied()),
            Flag::SharedDevice => concerned.extend(&device),
            // They are about this rating alone.
            Flag::OfficeNetwork | Flag::FreshPin | Flag::StaffAddress => {}
        }
        let concerned: Vec<(&str, &str)> =
            concerned.iter().map(|one| (&*one.enterprise_id, &*one.rating_id)).collect();
        add(db, flag, &concerned, at)?;
    }
    Ok(())
}

/// Flags those that are not flagged so already: each an enterprise and its rating.
pub(super) fn add(db: &mut Db, flag: Flag, concerned: &[(&str, &str)], at: Timestamp) -> Result<(), Refused> {
    let reason = word(flag)?;
    // Two processes that flag the same earlier rating would be in each other's way.
    one_at_a_time(db, "rating flags")?;
    let ratings: Vec<String> = concerned.iter().map(|(_, rating)| (*rating).to_owned()).collect();
    let known = guard::flags(db, &ratings)?;
    for (enterprise, rated) in concerned {
        if known.iter().any(|(rating, why)| rating == rated && *why == reason) {
            continue;
        }
        let row = FlagRow {
            id: Ids.row(),
            enterprise_id: (*enterprise).to_owned(),
            rating_id: (*rated).to_owned(),
            reason: reason.clone(),
            at: column(at),
        };
        guard::flag(db, &row)?;
    }
    Ok(())
}
