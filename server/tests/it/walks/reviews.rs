//! Appeals against ratings, decisions on them, and ratings by telephone: they move no issue, and leave every rating as
//! it is.

use diesel::{RunQueryDsl, sql_query};
use qiyema_protocol::rating::NewRating;
use qiyema_server::{
    actions::{
        Refused, Rules, appeal,
        rate::call_back,
        rights::{Actor, Deed},
    },
    clock::Timestamp,
    store::{self, connection::Db},
};
use serde_json::json;

use super::{
    others::{HOST, Word},
    row,
};

/// What is done about a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A unit appeals, or a reviewer asks for a review.
    Appeals,
    /// One of those who judge decides.
    Decides,
    /// A follow-up officer enters one.
    RatesByTelephone,
}

/// One attempt.
pub struct Review<'a> {
    pub people: &'a [Actor],
    /// Who tries it; where it is steered, who tries first.
    pub who: usize,
    pub number: &'a str,
    pub pick: usize,
    /// What waits to be done, about which rating: done by the first who may.
    pub steered: Option<(What, String)>,
    pub rules: &'a Rules,
    pub at: Timestamp,
}

fn first(db: &mut Db, sql: &str) -> Option<String> {
    sql_query(sql).load::<Word>(db).unwrap().into_iter().next().map(|row| row.word)
}

/// A bad rating by the owner of this issue against which nobody has appealed.
pub fn bad(db: &mut Db, issue: &str) -> Option<String> {
    let sql = format!(
        "SELECT r.id AS word FROM ratings r WHERE r.issue_id = '{issue}' AND r.tier = 'owner' AND r.round = 'first' \
         AND r.verdict = 'bad' AND NOT EXISTS (SELECT 1 FROM rating_appeals a WHERE a.rating_id = r.id) \
         ORDER BY r.at DESC, r.id DESC"
    );
    first(db, &sql)
}

/// What somebody could do about a rating of this issue, so that walks come to what two or three people do together:
/// mostly an appeal that waits for its judges.
pub fn waits(db: &mut Db, issue: &str, with: usize) -> Option<(What, String)> {
    // Not always: an appeal may have nobody left who can decide on it.
    if !matches!(with % 6, 1 | 3) {
        return None;
    }
    let sql = format!(
        "SELECT r.id AS word FROM ratings r JOIN rating_appeals a ON a.rating_id = r.id WHERE r.issue_id = '{issue}' \
         AND NOT EXISTS (SELECT 1 FROM appeal_outcomes o WHERE o.rating_id = r.id)"
    );
    if let Some(rating) = first(db, &sql) {
        return Some((What::Decides, rating));
    }
    let appeals = with % 6 == 1;
    appeals.then(|| bad(db, issue)).flatten().map(|rating| (What::Appeals, rating))
}

/// Does it: gives what was done, and by whom, if anybody was allowed.
pub fn reviews(db: &mut Db, ask: &Review<'_>) -> Option<String> {
    let issue = row(db, ask.number);
    let (what, rating) = if let Some((what, rating)) = &ask.steered {
        (*what, Some(rating.clone()))
    } else {
        let sql = format!(
            "SELECT id AS word FROM ratings WHERE issue_id = '{}' ORDER BY at DESC, id DESC",
            issue.id
        );
        let latest = first(db, &sql);
        match (ask.pick % 3, latest) {
            (0, Some(rating)) => (What::Appeals, Some(rating)),
            (1, Some(rating)) => (What::Decides, Some(rating)),
            _ => (What::RatesByTelephone, None),
        }
    };
    let deed = match what {
        What::Appeals => Deed::AppealRating,
        What::Decides => Deed::JudgeAppeal,
        What::RatesByTelephone => Deed::RateByCall,
    };
    let all = ask.people.len();
    let tried: Vec<&Actor> = if ask.steered.is_some() {
        (0..all)
            .filter_map(|n| ask.people.get((ask.who + n) % all))
            .filter(|one| one.may(deed).is_ok())
            .collect()
    } else {
        ask.people.get(ask.who).into_iter().collect()
    };
    let doer = tried.into_iter().find(|who| {
        let done = one(db, who, (what, rating.as_deref()), ask);
        if let Err(refused) = &done {
            assert!(!matches!(refused, Refused::Store(_)), "{} {what:?}: {refused:?}", who.username);
        }
        done.is_ok()
    });
    let did = match what {
        What::Appeals => "appeals",
        What::Decides => "decides",
        What::RatesByTelephone => "rates by telephone",
    };
    doer.map(|who| format!("{did}: {}", who.username))
}

fn one(
    db: &mut Db,
    who: &Actor,
    (what, rating): (What, Option<&str>),
    ask: &Review<'_>,
) -> Result<(), Refused> {
    let reason = "录音核实后认为应当复核";
    let (rules, at) = (ask.rules, ask.at);
    match (what, rating) {
        (What::Appeals, Some(rating)) => {
            // A unit has its own grounds, a reviewer his.
            let ground = if who.may(Deed::AppealRating).is_ok() { "mistaken" } else { "suspect" };
            let new = serde_json::from_value(json!({ "ground": ground, "reason": reason })).unwrap();
            store::transaction(db, |db| appeal::file(db, who, rating, &new, rules, at)).map(drop)
        }
        (What::Decides, Some(rating)) => {
            let judgement = if ask.pick.is_multiple_of(5) { "rejected" } else { "accepted" };
            let new = serde_json::from_value(json!({ "judgement": judgement, "reason": reason })).unwrap();
            store::transaction(db, |db| appeal::decide(db, who, rating, &new, rules, at)).map(drop)
        }
        _ => {
            let new: NewRating = serde_json::from_value(json!({ "verdict": "good" })).unwrap();
            store::transaction(db, |db| call_back::enter_for(db, who, ask.number, new, HOST, rules, at))
                .map(drop)
        }
    }
}
