//! What a channel's own system sends and reads back. Its reference is its name
//! for the issue: the same one twice is one issue, whoever asks twice.

use State::{Deferred, Merged, NeedInfo, Rejected, Withdrawn};
use qiyema_protocol::{
    board::State,
    intake::{ChannelIssue, ChannelStatus},
    problem::FieldProblem,
    text::Text,
};
use sha2::{Digest, Sha256};

use super::{
    super::{
        Refused, Rules,
        rights::{Actor, Deed},
    },
    enter::{Entry, Words, enter},
};
use crate::{
    clock::Timestamp,
    domain::{event::Kind, text::problem, uscc::Uscc, workflow},
    store::{
        columns::{column, moment, unword, word},
        connection::Db,
        enterprises, events, intake,
        issues::{self, IssueRow, Pick},
        ratings::{self, KeptAnswer},
    },
};

/// What a post came to.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The issue as the channel may read it.
    pub status: ChannelStatus,
    /// Whether this post made it.
    pub made: bool,
}

/// Enters an issue of a channel, unless its reference is known.
pub fn post(
    db: &mut Db,
    actor: &Actor,
    channel: &str,
    (new, key): (&ChannelIssue, Option<&str>),
    rules: &Rules,
    at: Timestamp,
) -> Result<Posted, Refused> {
    speaks_for(actor, Deed::RegisterIssue, channel)?;
    let (contact, reference) = (new.contact.as_ref(), Some(&*new.reference));
    let words =
        Words::parse(&new.subject, &new.body, contact, reference, new.level).map_err(Refused::Invalid)?;
    let reference = words.reference().unwrap_or_default().to_owned();
    refuse_reused(db, channel, key, new)?;
    if let Some(known) = intake::by_reference(db, channel, &reference)? {
        return Ok(Posted { status: view(db, known, reference)?, made: false });
    }
    let (uscc, _) = Uscc::parse(&new.uscc).map_err(|error| {
        Refused::Invalid(vec![FieldProblem { field: "uscc".to_owned(), detail: error.words() }])
    })?;
    let enterprise = enterprises::by_uscc(db, uscc.as_str())?.ok_or_else(|| {
        let says = (
            "该企业尚未登记，请先登记企业（POST /api/v1/enterprises）再提交",
            "no enterprise of this code is registered here; register it first (POST /api/v1/enterprises)",
        );
        Refused::Invalid(vec![problem("uscc", says.0, says.1)])
    })?;
    let entry = Entry {
        enterprise: &enterprise.id,
        category: &new.category,
        channel,
        words: &words,
        by: &actor.id,
        detail: serde_json::json!({ "token": actor.name }),
    };
    let issue = enter(db, &entry, rules, at)?;
    keep(db, channel, key, new, &issue.number, at)?;
    Ok(Posted { status: view(db, issue, reference)?, made: true })
}

/// How far the issue of a reference is.
pub fn status(db: &mut Db, actor: &Actor, channel: &str, reference: &str) -> Result<ChannelStatus, Refused> {
    speaks_for(actor, Deed::ReadIssues, channel)?;
    let issue = intake::by_reference(db, channel, reference)?.ok_or(Refused::IssueUnknown)?;
    view(db, issue, reference.to_owned())
}

/// A token speaks for its own channel; of another it learns nothing.
fn speaks_for(actor: &Actor, deed: Deed, channel: &str) -> Result<(), Refused> {
    actor.may(deed)?;
    if actor.channel.as_deref() == Some(channel) { Ok(()) } else { Err(Refused::Forbidden) }
}

fn view(db: &mut Db, issue: IssueRow, reference: String) -> Result<ChannelStatus, Refused> {
    let state: State = unword(&issue.state)?;
    let shown = issues::board(db, &issue.enterprise_id, &Pick::Number(&issue.number))?.pop();
    let (unit, closure) = shown.map_or((None, None), |shown| (shown.unit, shown.closure));
    // What was closed before an issue was reopened is not how it was closed.
    let closure = closure.filter(|_| !workflow::is_open(state) && !matches!(state, Withdrawn | Merged));
    let (note, right_channel) = told(db, &issue, state)?;
    Ok(ChannelStatus {
        reference,
        number: issue.number,
        state,
        state_text: workflow::owner_sentence(state),
        submitted_at: moment(issue.submitted_at),
        changed_at: moment(issue.state_at),
        unit: unit.map(|unit| Text::new(unit.name_zh, unit.name_en)),
        // Until a deferred issue is looked at again, no promise holds.
        promise: issue.due_on.filter(|_| state != Deferred),
        review_on: issue.review_on.filter(|_| state == Deferred),
        note,
        right_channel,
        provisional: issue.provisional,
        result: closure.as_ref().map(|closure| unword(&closure.result)).transpose()?,
        closed_at: closure.as_ref().map(|closure| moment(closure.at)),
        reply: closure.map(|closure| closure.reply),
    })
}

/// What the owner is told with a state that waits for somebody, and where a rejected issue belongs.
fn told(db: &mut Db, issue: &IssueRow, state: State) -> Result<(Option<String>, Option<String>), Refused> {
    let kinds: &[Kind] = match state {
        NeedInfo => &[Kind::SupplementAsked],
        Rejected => &[Kind::Rejected],
        Deferred => &[Kind::Deferred, Kind::DeferralReviewed],
        _ => return Ok((None, None)),
    };
    let words = kinds.iter().map(word).collect::<Result<Vec<_>, _>>()?;
    let Some(event) = events::latest(db, &issue.enterprise_id, &issue.id, &words)? else {
        return Ok((None, None));
    };
    let detail: serde_json::Value = serde_json::from_str(&event.detail).map_err(crate::store::unfit)?;
    let channel = detail.get("right_channel").and_then(serde_json::Value::as_str);
    Ok((event.note, channel.map(ToOwned::to_owned)))
}

fn scope(channel: &str) -> String {
    format!("channel:{channel}")
}

/// A key that was used for another body is a fault of the sender's that it should hear of.
fn refuse_reused(db: &mut Db, channel: &str, key: Option<&str>, new: &ChannelIssue) -> Result<(), Refused> {
    let Some(key) = key else { return Ok(()) };
    match ratings::kept_answer(db, &scope(channel), &hash(key.as_bytes()))? {
        Some(kept) if kept.body_hash != body_hash(new)? => Err(Refused::KeyReused),
        _ => Ok(()),
    }
}

fn keep(
    db: &mut Db,
    channel: &str,
    key: Option<&str>,
    new: &ChannelIssue,
    number: &str,
    at: Timestamp,
) -> Result<(), Refused> {
    let Some(key) = key else { return Ok(()) };
    let row = KeptAnswer {
        scope: scope(channel),
        key_hash: hash(key.as_bytes()),
        body_hash: body_hash(new)?,
        answer: number.to_owned(),
        at: column(at),
    };
    Ok(ratings::keep_answer(db, &row)?)
}

fn body_hash(new: &ChannelIssue) -> Result<String, Refused> {
    let body = serde_json::to_vec(new).map_err(crate::store::unfit)?;
    Ok(hash(&body))
}

fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
