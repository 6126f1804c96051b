//! Rows that change and decide rights or figures are in no log; each is held against what was written down of it after
//! the last deed, which is.

use std::collections::BTreeSet;

use super::verify::{Fault, Found};
use crate::{
    actions::Refused,
    domain::ledger::State,
    store::{connection::Db, ledger::rows},
};

/// Names each row of these tables that is not what its newest fact says.
pub(super) fn beside_facts(db: &mut Db, found: &mut BTreeSet<Found>) -> Result<(), Refused> {
    for state in State::ALL {
        let mut name = |row: String, fault| {
            found.insert(Found { table: state.table().to_owned(), row, fault });
        };
        rows::states(db, state, &mut |row| {
            if row.kept().is_none() {
                name(row.key, Fault::Added);
            } else if !row.fits(state) {
                name(row.key, Fault::Altered);
            }
        })?;
        for row in rows::lost(db, state)? {
            name(row, Fault::Missing);
        }
    }
    // A deed that was done since has not made the change its own.
    for (table, row) in rows::unfit(db)? {
        found.insert(Found { table, row, fault: Fault::Altered });
    }
    Ok(())
}
