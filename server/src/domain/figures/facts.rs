//! From what happened to sums: each fact is of one day and one place, and is
//! counted here once. Nothing knows who rated.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use qiyema_protocol::rating::{Level, Round, Solved, Tier, Verdict};

use super::sums::{Count, Sums, Wait};
use crate::{clock::Timestamp, domain::calendar::Calendar};

/// An issue of the same enterprise and category within so many days after a closure is a repeated one.
pub const REPEAT_DAYS: u64 = 90;

/// A rating of a closure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "as stored")]
pub struct Given {
    pub tier: Tier,
    pub round: Round,
    pub verdict: Verdict,
    /// When.
    pub at: Timestamp,
    /// By the link of an invitation.
    pub invited: bool,
    /// An accepted appeal leaves it out.
    pub excluded: bool,
    /// A reviewer should look at it; it counts all the same.
    pub flagged: bool,
    /// Ids of its tags, each with the version of the catalogue before it: `1/passed_around`.
    pub tags: Vec<String>,
}

/// A rectification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fix {
    /// Until when it was to be put right.
    pub due_on: NaiveDate,
    /// When the unit said that it was: day and moment.
    pub fixed: Option<(NaiveDate, Timestamp)>,
}

/// A call-back that reached somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "as stored")]
pub struct CallBack {
    /// When.
    pub at: Timestamp,
    pub contacted: bool,
    pub solved: Option<Solved>,
    pub satisfaction: Option<Level>,
    /// After it, the issue was handled again.
    pub reopened: bool,
}

impl CallBack {
    /// The owner said that it is put right: solved, at least in part, and not dissatisfied; and that was the end of it.
    const fn confirms(&self) -> bool {
        !self.reopened
            && matches!(self.solved, Some(Solved::Yes | Solved::Partly))
            && !matches!(self.satisfaction, Some(Level::Dissatisfied | Level::VeryDissatisfied))
    }
}

/// A closure, with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    clippy::struct_excessive_bools,
    reason = "the names say it; each is a fact of its own"
)]
pub struct Closure {
    pub closed_on: NaiveDate,
    pub accepted_on: Option<NaiveDate>,
    pub resolved: bool,
    /// An extension was granted before it, since the closure before.
    pub extended: bool,
    /// The issue was taken up again.
    pub reopened: bool,
    pub rate_until: NaiveDate,
    /// The owner was invited to rate.
    pub invited: bool,
    pub ratings: Vec<Given>,
    pub fix: Option<Fix>,
    pub call_backs: Vec<CallBack>,
}

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Closed by its day.
    Kept,
    /// Closed after it, or set aside when it was late.
    Broken,
    /// Neither, so far.
    Open,
}

/// How much proof a tier has; what has none is shown apart and does not count.
const fn proof(tier: Tier, unverified: bool) -> u8 {
    match tier {
        Tier::Owner => 2,
        // A setting of the centre: whoever holds the code may be believed.
        Tier::Unverified if unverified => 1,
        // What staff enter after a telephone call is no proof of the owner.
        Tier::Unverified | Tier::CallBack => 0,
    }
}

/// Of a closure's ratings of a round, the one that counts: the best proved, unless it was left out. Then none counts in
/// its place: whoever wins an appeal against the owner gains no rating by somebody else.
fn counting<'a>(given: &[&'a Given], raw: bool, unverified: bool) -> Option<&'a Given> {
    let able = given.iter().filter(|one| proof(one.tier, unverified) > 0);
    able.max_by_key(|one| proof(one.tier, unverified)).copied().filter(|one| raw || !one.excluded)
}

/// What a closure adds to its day; `unverified` says whether ratings given with the code alone count.
#[must_use]
pub fn closure(one: &Closure, calendar: &Calendar, unverified: bool) -> Sums {
    let mut sums = Sums::default();
    sums.one(Count::Closed);
    sums.one_if(Count::Resolved, one.resolved);
    sums.one_if(Count::Extended, one.extended);
    sums.one_if(Count::Reopened, one.reopened);
    sums.one_if(Count::Invited, one.invited);
    if let Some(accepted) = one.accepted_on.filter(|day| *day <= one.closed_on) {
        let days = calendar.working_days_left(accepted, one.closed_on);
        sums.many(Count::Days, u32::try_from(days).unwrap_or_default());
    }
    let of = |round| one.ratings.iter().filter(|given| given.round == round).collect::<Vec<&Given>>();
    let first = of(Round::First);
    let (counted, raw) = (counting(&first, false, unverified), counting(&first, true, unverified));
    ratings(&mut sums, one, &first, (counted, raw), unverified);
    let not_bad = |given: Option<&Given>| given.is_none_or(|given| given.verdict == Verdict::Good);
    sums.one_if(Count::AtOnce, !one.reopened && not_bad(counted));
    sums.one_if(Count::AtOnceRaw, !one.reopened && not_bad(raw));
    let fixes = of(Round::Rectification);
    let good = |given: Option<&Given>| given.is_some_and(|given| given.verdict == Verdict::Good);
    let (fix_rated, fix_raw) = (counting(&fixes, false, unverified), counting(&fixes, true, unverified));
    let content = good(fix_rated);
    sums.one_if(Count::FixRated, fix_rated.is_some());
    sums.one_if(Count::FixGood, content);
    sums.one_if(Count::FixRatedRaw, fix_raw.is_some());
    sums.one_if(Count::FixGoodRaw, good(fix_raw));
    if let Some(fix) = one.fix {
        match fix.fixed {
            // Its day decides with the others of that day: what is fixed early is no more due than what is open.
            Some((day, at)) if day <= fix.due_on => {
                sums.wait(Wait::FixedInTime, fix.due_on);
                // The unit's own word, until somebody outside it confirms it: the owner, and else the last call after it.
                let heard = || one.call_backs.iter().filter(|call| call.at >= at).max_by_key(|call| call.at);
                let confirmed = match fix_rated {
                    Some(_) => content,
                    None => heard().is_some_and(CallBack::confirms),
                };
                if confirmed {
                    sums.wait(Wait::FixConfirmed, fix.due_on);
                }
            }
            Some(_) => sums.one(Count::FixedLate),
            None => sums.wait(Wait::Fix, fix.due_on),
        }
    }
    for call in &one.call_backs {
        sums.one(Count::CallBacks);
        sums.one_if(Count::Contacted, call.contacted);
        sums.one_if(Count::Solved, call.solved == Some(Solved::Yes));
        match call.satisfaction {
            Some(Level::VerySatisfied | Level::Satisfied) => sums.one(Count::Satisfied),
            Some(Level::BasicallySatisfied) => sums.one(Count::BasicallySatisfied),
            Some(Level::Dissatisfied | Level::VeryDissatisfied) | None => {}
        }
    }
    if let Some(bad) = counted.filter(|given| given.verdict == Verdict::Bad) {
        // A call of before the rating does not answer it.
        sums.one_if(Count::BadCalledBack, one.call_backs.iter().any(|call| call.at >= bad.at));
        sums.one_if(Count::BadRectifying, one.fix.is_some());
        sums.one_if(Count::BadFixed, one.fix.is_some_and(|fix| fix.fixed.is_some()));
        sums.one_if(Count::BadContent, content);
    }
    sums
}

/// The first rating that a closure is shown with: the one that counts, else what an officer heard, else what whoever
/// held the code said. None if all were left out.
fn standing<'a>(first: &[&'a Given], unverified: bool) -> Option<&'a Given> {
    let left = first.iter().copied().filter(|given| !given.excluded);
    counting(first, false, unverified).or_else(|| left.max_by_key(|given| given.tier == Tier::CallBack))
}

/// Which slice of those received one of a closure's first ratings is in. Where none counts, one of the others is the
/// unverified one: a closure is in one slice.
#[must_use]
pub fn slice(first: &[&Given], one: &Given, unverified: bool) -> Count {
    if one.excluded {
        return Count::Excluded;
    }
    let counted = counting(first, false, unverified);
    if standing(first, unverified).is_some_and(|standing| standing != one) {
        Count::Superseded
    } else if counted.is_some() {
        Count::Counted
    } else {
        Count::Unverified
    }
}

/// received = counted + unverified + superseded + excluded, for each closure.
fn ratings(
    sums: &mut Sums,
    one: &Closure,
    first: &[&Given],
    (counted, raw): (Option<&Given>, Option<&Given>),
    unverified: bool,
) {
    if let Some(raw) = raw {
        sums.one(Count::Verified);
        sums.one_if(Count::VerifiedGood, raw.verdict == Verdict::Good);
    }
    if let Some(given) = counted {
        sums.one_if(Count::Good, given.verdict == Verdict::Good);
        given.tags.iter().for_each(|tag| sums.tag(tag));
    }
    if let Some(shown) = standing(first, unverified) {
        sums.one_if(Count::ByInvitation, counted.is_some() && shown.invited);
        sums.one_if(Count::ByCode, counted.is_some() && shown.tier == Tier::Unverified);
        sums.one_if(Count::ByCallBack, counted.is_none() && shown.tier == Tier::CallBack);
    }
    sums.many(Count::Received, u32::try_from(first.len()).unwrap_or_default());
    for given in first {
        sums.one(slice(first, given, unverified));
        sums.one_if(Count::Flagged, given.flagged);
    }
    if first.is_empty() {
        sums.wait(Wait::Rating, one.rate_until);
    } else if first.iter().all(|given| given.excluded) {
        // Somebody rated: this is neither unrated nor still to be rated.
        sums.one(Count::LeftOut);
    }
}

/// What a promise adds to the day it was for.
#[must_use]
pub fn promise(first: bool, due_on: NaiveDate, fate: Fate) -> Sums {
    let mut sums = Sums::default();
    match (fate, first) {
        (Fate::Kept, false) => sums.one(Count::Kept),
        (Fate::Kept, true) => sums.one(Count::KeptFirst),
        (Fate::Broken, false) => sums.one(Count::Broken),
        (Fate::Broken, true) => sums.one(Count::BrokenFirst),
        (Fate::Open, false) => sums.wait(Wait::Promise, due_on),
        (Fate::Open, true) => sums.wait(Wait::FirstPromise, due_on),
    }
    sums
}

/// An issue that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Accepted {
    pub closed: bool,
    pub deferred: bool,
    pub repeated: bool,
    /// Tenths of working hours until the owner was first contacted.
    pub first_word: Option<u32>,
}

/// What an acceptance adds to its day.
#[must_use]
pub fn accepted(one: Accepted) -> Sums {
    let mut sums = Sums::default();
    sums.one(Count::Accepted);
    sums.one_if(Count::AcceptedClosed, one.closed);
    sums.one_if(Count::AcceptedDeferred, one.deferred);
    sums.one_if(Count::AcceptedRepeated, one.repeated);
    if let Some(tenths) = one.first_word {
        sums.first_word(tenths);
    }
    sums
}

/// What a lead assignment adds to its day.
#[must_use]
pub fn assigned(returned: bool) -> Sums {
    let mut sums = Sums::default();
    sums.one(Count::Assigned);
    sums.one_if(Count::Returned, returned);
    sums
}

/// Tenths of working hours between two moments: the hours of working days, begun tenths (six minutes) left out.
#[must_use]
pub fn working_tenths(
    (from, to): (Timestamp, Timestamp),
    (begin, end): (NaiveTime, NaiveTime),
    calendar: &Calendar,
    zone: Tz,
) -> u32 {
    let (from, to) = (from.with_timezone(&zone).naive_local(), to.with_timezone(&zone).naive_local());
    let days = from.date().iter_days().take_while(|day| *day <= to.date());
    let seconds: i64 = days
        .filter(|day| calendar.is_workday(*day))
        .map(|day| {
            let (opens, closes) = (day.and_time(begin).max(from), day.and_time(end).min(to));
            (closes - opens).num_seconds().max(0)
        })
        .sum();
    u32::try_from(seconds / 360).unwrap_or(u32::MAX)
}
