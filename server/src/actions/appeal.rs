//! Appeals of a unit against a rating. The unit that stood behind the closure
//! appeals once; people outside it decide, each once: two that agree are the
//! outcome, a third settles two that differ. The rating is never touched, and
//! nobody here learns who rated.

mod able;
pub(super) mod later;
pub mod list;
pub mod urge;

use std::collections::HashMap;

use qiyema_protocol::{
    appeal::{AppealView, DecisionView, Judgement, NewAppeal, NewDecision, PinDeed, RatingView},
    board::Lamp,
    rating::Flag,
    text::Text,
};

use able::Able;
use later::{Bench, Came, Comings};

use super::{
    Deed as Event, Refused, Rules,
    rate::{
        doubts,
        proofs::{Behind, Proofs},
    },
    record,
    rights::{Actor, Deed},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        appeal,
        deadline::{self, Limit, Promised},
        event::Kind,
        text::{Typed, problem},
    },
    store::{
        QueryResult,
        appeals::{self, AppealRow, DecisionRow, Listed, OutcomeRow, Wanted},
        columns::{column, moment, unword, word},
        connection::Db,
        flow, guard,
    },
};

/// One rating; somebody else's is unknown.
pub fn one(
    db: &mut Db,
    actor: &Actor,
    rating: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<RatingView, Refused> {
    actor.may(Deed::ReadRatings)?;
    let row = find(db, actor, rating)?;
    views(db, actor, vec![row], rules, at)?.pop().ok_or(Refused::NotThere)
}

/// Appeals for the unit that stood behind the closure; or asks, as a reviewer, for the review of a flagged rating.
pub fn file(
    db: &mut Db,
    actor: &Actor,
    rating: &str,
    new: &NewAppeal,
    rules: &Rules,
    at: Timestamp,
) -> Result<RatingView, Refused> {
    actor.may(Deed::AppealRating).or_else(|_| actor.may(Deed::JudgeAppeal))?;
    let row = find(db, actor, rating)?;
    let flagged = !guard::flags(db, std::slice::from_ref(&row.rating.id))?.is_empty();
    if row.appeal.is_some() {
        return Err(Refused::AppealedAlready);
    }
    let able = able::able(db, actor, &row, flagged, rules, at)?;
    if let Some(hindrance) = able.hindrance {
        return Err(hindrance.refused());
    }
    match able.grounds {
        [] => return Err(Refused::Forbidden),
        able if !able.contains(&new.ground) => {
            let fault = problem("ground", "不能以此理由提出", "not a ground that you may name");
            return Err(Refused::Invalid(vec![fault]));
        }
        _ => {}
    }
    let reason =
        Typed::lines("reason", &new.reason, 10, 1000).map_err(|fault| Refused::Invalid(vec![fault]))?;
    let appeal = AppealRow {
        id: Ids.row(),
        enterprise_id: row.rating.enterprise_id.clone(),
        rating_id: row.rating.id.clone(),
        ground: word(new.ground)?,
        reason: reason.into(),
        at: column(at),
        by: actor.id.clone(),
    };
    appeals::insert(db, &appeal).map_err(|error| {
        if crate::store::is_duplicate(&error) { Refused::AppealedAlready } else { error.into() }
    })?;
    let detail = serde_json::json!({ "rating": appeal.rating_id, "appeal": appeal.id, "ground": new.ground });
    tell(db, &row, Kind::RatingAppealed, Some(&appeal.reason), detail, &actor.id, at)?;
    one(db, actor, rating, rules, at)
}

/// Decides as one of the people outside the unit.
pub fn decide(
    db: &mut Db,
    actor: &Actor,
    rating: &str,
    new: &NewDecision,
    rules: &Rules,
    at: Timestamp,
) -> Result<RatingView, Refused> {
    actor.may(Deed::JudgeAppeal)?;
    let row = find(db, actor, rating)?;
    let appeal = row.appeal.clone().ok_or(Refused::NothingAsked)?;
    if able::concerned(db, actor, &row)? {
        return Err(Refused::Forbidden);
    }
    if row.outcome.is_some() {
        return Err(Refused::NothingAsked);
    }
    let mut decided = appeals::decisions(db, std::slice::from_ref(&appeal.id))?;
    if decided.iter().any(|one| one.by == actor.id) {
        return Err(Refused::AnotherOfficer);
    }
    later::refuse(db, actor, &row, &appeal, &decided, rules)?;
    let reason =
        Typed::lines("reason", &new.reason, 4, 500).map_err(|fault| Refused::Invalid(vec![fault]))?;
    let decision = DecisionRow {
        id: Ids.row(),
        enterprise_id: appeal.enterprise_id.clone(),
        appeal_id: appeal.id.clone(),
        place: i32::try_from(decided.len() + 1).unwrap_or(i32::MAX),
        judgement: word(new.judgement)?,
        reason: reason.into(),
        at: column(at),
        by: actor.id.clone(),
    };
    appeals::decide(db, &decision)?;
    let detail = serde_json::json!({
        "rating": row.rating.id, "appeal": appeal.id, "place": decision.place, "judgement": new.judgement,
    });
    tell(db, &row, Kind::AppealDecided, Some(&decision.reason), detail, &actor.id, at)?;
    decided.push(decision);
    conclude(db, &row, &decided, &actor.id, at)?;
    one(db, actor, rating, rules, at)
}

/// Writes the outcome, if the decisions make one; the owner reads the reasons of those who agree.
fn conclude(
    db: &mut Db,
    row: &Listed,
    decided: &[DecisionRow],
    by: &str,
    at: Timestamp,
) -> Result<(), Refused> {
    let judgements: Vec<Judgement> =
        decided.iter().map(|one| unword(&one.judgement)).collect::<Result<_, _>>()?;
    let (Some(outcome), Some(first)) = (appeal::outcome(&judgements), decided.first()) else { return Ok(()) };
    let concluded = OutcomeRow {
        rating_id: row.rating.id.clone(),
        enterprise_id: row.rating.enterprise_id.clone(),
        appeal_id: first.appeal_id.clone(),
        judgement: word(outcome)?,
        at: column(at),
    };
    appeals::conclude(db, &concluded)?;
    let agreeing: Vec<&DecisionRow> =
        decided.iter().zip(&judgements).filter(|(_, one)| **one == outcome).map(|(one, _)| one).collect();
    let reasons = agreeing.iter().map(|one| one.reason.as_str()).collect::<Vec<_>>().join("\n");
    let kind = match outcome {
        Judgement::Accepted => Kind::RatingExcluded,
        Judgement::Rejected => Kind::RatingUpheld,
    };
    let mut detail = serde_json::json!({ "rating": row.rating.id, "appeal": concluded.appeal_id });
    let people: Vec<_> = agreeing.iter().map(|one| (one.by.clone(), one.at)).collect();
    let filed = row.appeal.as_ref().map_or(first.at, |appeal| appeal.at);
    let later = later::agreeing(db, filed, &people)?;
    if let Some(facts) = detail.as_object_mut().filter(|_| later > 0) {
        facts.insert("given_later".to_owned(), later.into());
    }
    tell(db, row, kind, Some(&reasons), detail, by, at)
}

fn tell(
    db: &mut Db,
    row: &Listed,
    kind: Kind,
    note: Option<&str>,
    detail: serde_json::Value,
    by: &str,
    at: Timestamp,
) -> Result<(), Refused> {
    let (enterprise, subject) = (&*row.rating.enterprise_id, &*row.rating.issue_id);
    record(db, &Event { enterprise, subject, kind, state: None, note, detail, by, at })
}

/// The units a person of units is confined to.
fn own(actor: &Actor) -> Option<Vec<String>> {
    actor.confined_to().map(<[String]>::to_vec)
}

fn find(db: &mut Db, actor: &Actor, rating: &str) -> Result<Listed, Refused> {
    let wanted = Wanted { units: own(actor), ids: vec![rating.to_owned()], ..Wanted::default() };
    appeals::ratings(db, &wanted)?.pop().ok_or(Refused::NotThere)
}

fn views(
    db: &mut Db,
    actor: &Actor,
    rows: Vec<Listed>,
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<RatingView>, Refused> {
    let ids: Vec<String> =
        rows.iter().filter_map(|row| row.appeal.as_ref()).map(|one| one.id.clone()).collect();
    let decided = if ids.is_empty() { Vec::new() } else { appeals::decisions(db, &ids)? };
    let people: Vec<String> = decided.iter().map(|one| one.by.clone()).collect();
    let judges = !ids.is_empty() && actor.may(Deed::JudgeAppeal).is_ok();
    let own = judges.then(|| actor.id.clone());
    let comings = Comings::of(db, &people.iter().cloned().chain(own).collect::<Vec<_>>())?;
    // Only where the reader came later than some appeal it matters who else there is.
    let mut open = rows.iter().filter(|row| row.outcome.is_none()).filter_map(|row| row.appeal.as_ref());
    let is_later = |appeal: &AppealRow| comings.later(&actor.id, appeal.at, None).is_some();
    let bench = if judges && open.any(is_later) { Some(Bench::of(db)?) } else { None };
    let people = people.into_iter().chain(comings.givers());
    let people = people.chain(rows.iter().filter_map(|row| Some(row.appeal.as_ref()?.by.clone()))).collect();
    let names: HashMap<String, String> = flow::names(db, people)?.into_iter().collect();
    let rated: Vec<String> = rows.iter().map(|row| row.rating.id.clone()).collect();
    let proofs = Proofs::of(db, &rated)?;
    let flags = match actor.confined_to() {
        Some(_) => Vec::new(),
        None => guard::flags(db, &rated)?,
    };
    let fresh = word(Flag::FreshPin)?;
    let mut pins = HashMap::new();
    for row in rows.iter().map(|row| &row.rating) {
        if flags.iter().any(|(rating, why)| *rating == row.id && *why == fresh)
            && let Some(deed) = doubts::last_shown(db, &row.enterprise_id, moment(row.at))?
        {
            pins.insert(row.id.clone(), deed);
        }
    }
    let beside = Beside { decided, names, comings, bench, proofs, flags, pins, rules, at };
    rows.into_iter().map(|row| view(db, actor, row, &beside)).collect()
}

/// Until when an appeal is to be decided.
fn until(appealed: Timestamp, rules: &Rules) -> Promised {
    deadline::promise(appealed, Limit::WorkingDays(rules.limits.appeal), &rules.calendar, rules.zone)
}

/// What stands beside the ratings of a page.
struct Beside<'a> {
    decided: Vec<DecisionRow>,
    names: HashMap<String, String>,
    comings: Comings,
    bench: Option<Bench>,
    proofs: Proofs,
    flags: Vec<(String, String)>,
    pins: HashMap<String, PinDeed>,
    rules: &'a Rules,
    at: Timestamp,
}

/// Whether it is the reader's to decide on an appeal that is open; and how he came to be one of those who decide, if that
/// was later than the appeal.
fn turn<'a>(
    db: &mut Db,
    actor: &Actor,
    row: &Listed,
    (appeal, decided): (&AppealRow, &[&DecisionRow]),
    beside: &'a Beside<'_>,
) -> Result<(bool, Option<&'a Came>), Refused> {
    let spoke = decided.iter().any(|one| one.by == actor.id);
    if actor.may(Deed::JudgeAppeal).is_err() || spoke || able::concerned(db, actor, row)? {
        return Ok((false, None));
    }
    match (beside.comings.later(&actor.id, appeal.at, None), &beside.bench) {
        (Some(came), Some(bench)) => Ok((!bench.enough(db, row, appeal, decided)?, Some(came))),
        _ => Ok((true, None)),
    }
}

fn view(db: &mut Db, actor: &Actor, row: Listed, beside: &Beside<'_>) -> Result<RatingView, Refused> {
    let Beside { decided, names, proofs, flags, .. } = beside;
    let flags = flags.iter().filter(|(rating, _)| *rating == row.rating.id);
    let flags = flags.map(|(_, reason)| unword(reason)).collect::<QueryResult<Vec<Flag>>>()?;
    let called = |id: &String| names.get(id).unwrap_or(id).clone();
    let outcome: Option<Judgement> = row.outcome.as_deref().map(unword).transpose()?;
    let its = |appeal: &AppealRow| -> Vec<&DecisionRow> {
        decided.iter().filter(|one| one.appeal_id == appeal.id).collect()
    };
    let (may_decide, came) = match &row.appeal {
        Some(appeal) if outcome.is_none() => turn(db, actor, &row, (appeal, &its(appeal)), beside)?,
        _ => (false, None),
    };
    let role_given = came.map(|came| came.given(names));
    let barred = role_given.as_ref().filter(|_| !may_decide).map(|given| later::why(given, beside.rules));
    let able = match &row.appeal {
        None => able::able(db, actor, &row, !flags.is_empty(), beside.rules, beside.at)?,
        Some(_) => Able::default(),
    };
    let appeal = row.appeal.as_ref().map(|appeal| -> Result<AppealView, Refused> {
        let decisions = its(appeal).into_iter().map(|one| {
            Ok(DecisionView {
                judgement: unword(&one.judgement)?,
                reason: one.reason.clone(),
                by: called(&one.by),
                at: moment(one.at),
                role_given: beside
                    .comings
                    .later(&one.by, appeal.at, Some(one.at))
                    .map(|came| came.given(names)),
            })
        });
        let due = until(moment(appeal.at), beside.rules);
        let (lamp, left) = if outcome.is_some() {
            (Lamp::Off, None)
        } else {
            let Rules { calendar, zone, .. } = beside.rules;
            let (lamp, left) = deadline::lamp(due.due_at, due.due_on, beside.at, calendar, *zone);
            (lamp, Some(left))
        };
        Ok(AppealView {
            due_on: due.due_on,
            lamp,
            days_left: left,
            ground: unword(&appeal.ground)?,
            reason: appeal.reason.clone(),
            by: called(&appeal.by),
            at: moment(appeal.at),
            decisions: decisions.collect::<Result<_, Refused>>()?,
            outcome,
        })
    });
    let rated = row.rating;
    let (unit, zh, en) = row.unit;
    let tier = unword(&rated.tier)?;
    let Behind { proof, officer, webhook } = proofs.behind(&rated.id, tier)?;
    Ok(RatingView {
        issue: row.number,
        unit,
        unit_name: Text::new(zh, en),
        tier,
        proof,
        officer,
        webhook,
        round: unword(&rated.round)?,
        verdict: unword(&rated.verdict)?,
        level: rated.level.as_deref().map(unword).transpose()?,
        solved: rated.solved.as_deref().map(unword).transpose()?,
        tags: beside.rules.tags.words(rated.tags_version, &rated.tags),
        comment: rated.comment,
        at: moment(rated.at),
        excluded: outcome == Some(Judgement::Accepted),
        appeal: appeal.transpose()?,
        may_appeal: !able.grounds.is_empty(),
        grounds: able.grounds.to_vec(),
        appeal_until: able.until,
        flags,
        pin_deed: beside.pins.get(&rated.id).cloned(),
        may_decide,
        role_given,
        barred,
        id: rated.id,
    })
}
