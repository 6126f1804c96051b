//! Asking the owner for what is missing (要求补充材料); the clock of acceptance waits. All of it is told at
//! once (一次性告知): the enterprise is asked again only in a new round of the acceptance, after its appeal,
//! or when what it was merged into ended without an answer.

use qiyema_protocol::{
    board::State,
    staff::{AskSupplement, IssueView},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    appeal::by_another,
    find, read,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    domain::event::Kind,
    store::{QueryResult, columns::word, connection::Db, events, issues::IssueRow},
};

/// Asks.
pub fn ask_supplement(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &AskSupplement,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::AskSupplement, number, ask.version)?;
    // An appeal is not put off by whoever it is about.
    by_another(db, &issue, actor)?;
    let note = needed("note", &ask.note, 500)?;
    if told(db, &issue)? {
        return Err(Refused::Unmet(Text::new(
            "补充材料应一次性告知，本次受理已要求企业补充过，不能再次要求；请受理，或不予受理并说明理由。",
            "What is missing is told all at once, and the enterprise was asked already. Accept the issue, or do not \
             accept it and say why.",
        )));
    }
    let detail = serde_json::json!({});
    let what = Step { to: State::NeedInfo, verb: Verb::AskSupplement, note: Some(&note), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// Whether the enterprise was told what is missing since the issue was sent in, appealed or revived.
pub(super) fn told(db: &mut Db, issue: &IssueRow) -> QueryResult<bool> {
    let rounds = [Kind::SupplementAsked, Kind::Appealed, Kind::Revived].map(word);
    let [asked, appealed, revived] = rounds;
    let (asked, begins) = (asked?, [appealed?, revived?]);
    let all = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    let last = all.into_iter().rfind(|event| event.kind == asked || begins.contains(&event.kind));
    Ok(last.is_some_and(|event| event.kind == asked))
}
