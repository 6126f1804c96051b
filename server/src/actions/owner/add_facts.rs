//! Adding facts (补充说明) to an issue that is being handled; its state stays.

use qiyema_protocol::{owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{Refused, Rules, intake::attach::Kept, issue::step::legal},
    Asked, Said, act, done, find, needed,
};
use crate::{clock::Timestamp, store::connection::Db};

/// Adds a text, and files if there are any.
pub fn add_facts(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    (text, files): (&str, &[Kept]),
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let text = needed(text)?;
    let issue = find(db, asked, number, Verb::AddFacts, at)?;
    let stays = legal(&issue, Verb::AddFacts)?;
    let said = Said { text: Some(text.as_str()), files };
    let issue = act(db, issue, (Verb::AddFacts, stays), said, rules, at)?;
    done(&issue, Text::new("补充说明已收到。", "Your note was received."))
}
