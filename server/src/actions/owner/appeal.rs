//! Appealing against a rejection: once, and somebody else decides.

use qiyema_protocol::{owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{
        Refused, Rules,
        intake::attach::Kept,
        issue::{appeal::appealed, step::Doer},
    },
    Asked, Said, detail, done, find, needed,
};
use crate::{clock::Timestamp, store::connection::Db};

/// Appeals.
pub fn appeal(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    (text, files): (&str, &[Kept]),
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let text = needed(text)?;
    let issue = find(db, asked, number, Verb::Appeal, at)?;
    let detail = detail(db, &issue, Said { text: Some(text.as_str()), files }, at)?;
    let issue = appealed(db, Doer::Owner, issue, (text.as_str(), detail), rules, at)?;
    done(
        &issue,
        Text::new(
            "申诉已收到，将由其他受理人员复核。",
            "Your appeal was received; another officer will decide.",
        ),
    )
}
