//! Supplementing (补充材料): what the window asked for; the issue goes back to it.

use qiyema_protocol::{board::State, owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{Refused, Rules, intake::attach::Kept},
    Asked, Said, act, done, find, needed,
};
use crate::{clock::Timestamp, store::connection::Db};

/// Hands in what was asked for.
pub fn supplement(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    (text, files): (&str, &[Kept]),
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let text = needed(text)?;
    let issue = find(db, asked, number, Verb::Supplement, at)?;
    let said = Said { text: Some(text.as_str()), files };
    let issue = act(db, issue, (Verb::Supplement, State::Submitted), said, rules, at)?;
    done(
        &issue,
        Text::new("补充材料已收到，等待受理。", "The information was received and is being looked at."),
    )
}
