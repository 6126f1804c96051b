//! Urging (我要催办), by the owner with a phone.

use qiyema_protocol::{owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{
        Refused, Rules,
        issue::{step::Doer, urge::urged},
    },
    Asked, done, find, optional,
};
use crate::{clock::Timestamp, domain::text::Typed, store::connection::Db};

/// Urges.
pub fn urge(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    text: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let text = optional(text)?;
    let issue = find(db, asked, number, Verb::Urge, at)?;
    let issue = urged(db, Doer::Owner, issue, text.as_ref().map(Typed::as_str), rules, at)?;
    done(
        &issue,
        Text::new(
            "催办已发出，责任单位和督办人员会看到。",
            "Sent: the unit and the supervisors will see it.",
        ),
    )
}
