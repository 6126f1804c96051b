//! The whole register, page by page.

use super::super::{
    Refused,
    rights::{self, Actor},
};
use crate::store::{connection::Db, enterprises};

/// Enterprises read at once.
pub const PAGE: i64 = 2_000;

/// The next enterprises in the order of USCCs: USCC and name.
pub fn page(db: &mut Db, actor: &Actor, after: &str) -> Result<Vec<(String, String)>, Refused> {
    actor.may(rights::Deed::ReadEnterprises)?;
    let rows = enterprises::after(db, after, PAGE)?;
    Ok(rows.into_iter().map(|row| (row.uscc, row.name)).collect())
}
