//! Appealing against a rejection: once, and somebody else decides.

use qiyema_protocol::{board::State, owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{Refused, Rules, intake::attach::Kept},
    Asked, Said, act, done, find, needed,
};
use crate::{
    clock::Timestamp,
    domain::event::Kind,
    store::{columns::word, connection::Db, events},
};

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
    let appealed = word(Kind::Appealed)?;
    let history = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    if history.iter().any(|event| event.kind == appealed) {
        return Err(Refused::AppealedAlready);
    }
    let said = Said { text: Some(text.as_str()), files };
    let issue = act(db, issue, (Verb::Appeal, State::Submitted), said, rules, at)?;
    done(
        &issue,
        Text::new(
            "申诉已收到,将由其他受理人员复核。",
            "Your appeal was received; another officer will decide.",
        ),
    )
}
