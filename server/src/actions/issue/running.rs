//! The limits that run for many issues at once, in a fixed number of statements:
//! the same as those of one issue, which the walks hold against each other.

use std::collections::HashMap;

use qiyema_protocol::{board::State, verb::Verb};

use super::{
    super::{Refused, Rules},
    accept::limit,
    step::{all_running, fix_days, given, timing_of},
};
use crate::{
    domain::{
        clocks::{Running, Timing},
        workflow,
    },
    store::{columns::unword, connection::Db, deferrals, directory, first_contacts, issues::IssueRow, timed},
};

/// By issue. A list says nothing of the time to rate.
pub fn of(db: &mut Db, found: &[IssueRow], rules: &Rules) -> Result<HashMap<String, Vec<Running>>, Refused> {
    let mut states = Vec::new();
    for row in found {
        states.push(unword::<State>(&row.state)?);
    }
    let (mut homes, mut held) = (Vec::new(), Vec::new());
    for (row, state) in found.iter().zip(&states) {
        if [Verb::Reach, Verb::Assist].into_iter().any(|verb| workflow::rule(*state, verb).is_some()) {
            homes.push(row.enterprise_id.clone());
            held.push(row.id.clone());
        }
    }
    homes.sort_unstable();
    homes.dedup();
    let (contacts, mut assisting, resumed) = if held.is_empty() {
        (Vec::new(), Vec::new(), Vec::new())
    } else {
        let contacts = first_contacts::of_issues(db, &homes, &held)?;
        (contacts, timed::assisting(db, &homes, &held)?, deferrals::resumed(db, &homes, &held)?)
    };
    let resumed: HashMap<String, _> = resumed.into_iter().collect();
    let contacts: HashMap<String, _> = contacts.into_iter().map(|one| (one.issue_id.clone(), one)).collect();
    let fixing = fix_days(db, found)?;
    let mut waiting: Vec<String> = found
        .iter()
        .zip(&states)
        .filter(|(_, state)| **state == State::Submitted)
        .map(|(row, _)| row.category_id.clone())
        .collect();
    waiting.sort_unstable();
    waiting.dedup();
    let categories = if waiting.is_empty() { Vec::new() } else { directory::categories_of(db, &waiting)? };
    let handling: HashMap<String, _> = categories.iter().map(|one| (one.id.clone(), limit(one))).collect();
    let mut all = HashMap::new();
    for (row, state) in found.iter().zip(states) {
        let days = row.closure_id.as_ref().and_then(|id| fixing.get(id)).copied();
        let timing = timing_of(row, state, None, days);
        let contact = contacts.get(&row.id).filter(|_| workflow::rule(state, Verb::Reach).is_some());
        let handling = handling.get(&row.category_id).copied().filter(|_| state == State::Submitted);
        let timing = Timing { given_at: given(contact, resumed.get(&row.id).copied()), handling, ..timing };
        let assists = workflow::rule(state, Verb::Assist).is_some();
        let own = assisting.extract_if(.., |one| one.issue_id == row.id).filter(|_| assists).collect();
        all.insert(row.id.clone(), all_running(&timing, contact, own, rules));
    }
    Ok(all)
}
