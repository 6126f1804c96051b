//! Withdrawing (撤回) an issue that is still open.

use qiyema_protocol::{owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{
        Refused, Rules,
        issue::{step::Doer, withdraw::withdrawn},
    },
    Asked, done, find, optional,
};
use crate::{clock::Timestamp, domain::text::Typed, store::connection::Db};

/// Withdraws; a reason may be given.
pub fn withdraw(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    text: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let text = optional(text)?;
    let issue = find(db, asked, number, Verb::Withdraw, at)?;
    let issue = withdrawn(db, Doer::Owner, issue, text.as_ref().map(Typed::as_str), rules, at)?;
    done(&issue, Text::new("已撤回。", "Withdrawn."))
}
