//! The promises of a group that were not kept, one by one, a page at a time: from the last day back. The sums say on
//! which days the group has any; only these are read, one after the other, until a page is full. So a page costs what
//! it shows, not what was promised in all the years that are asked for.

use std::{cmp::Reverse, collections::BTreeSet};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};
use qiyema_protocol::{board::State, figures::By};

use super::{
    super::{Refused, Rules},
    closures::group,
    dimension,
    kinds::Kinds,
    promises::{holders, kind, missed, whose},
};
use crate::{
    domain::{
        figures::{
            book::Behind,
            period::Span,
            sums::{Count, Sums, Wait},
        },
        text::problem,
        window, workflow,
    },
    store::{
        columns::{column, unword, word},
        connection::Db,
        figures::{
            IssueFacts,
            late::{self as rows, Promised},
            sums as kept,
        },
    },
};

/// Days whose sums are read at once.
const STRETCH: Days = Days::new(91);
/// Promises read at once; more than a page, so that an ordinary one takes one reading a day.
const BATCH: i64 = 200;
/// Promises looked at for a page: the sums may be older than what is there.
const LOOKED_AT: usize = 2000;
/// Days looked at for a page: after a change of the calendar all of them wait to be counted, and most have nothing.
const DAYS_LOOKED_AT: usize = 100;

/// Whose promises, and which.
pub(super) struct Asked<'a> {
    /// Days that are over.
    pub days: Span,
    /// Grouping.
    pub by: By,
    /// Whose.
    pub member: &'a str,
    /// The first promises, or those as extended.
    pub first: bool,
}

/// A promise that fell due and was not kept.
#[derive(Debug, Clone)]
pub(super) struct Late {
    /// Id of the issue.
    pub issue: String,
    /// Id of its category on that day.
    pub category: String,
    /// The promised day.
    pub due_on: NaiveDate,
    /// When it was closed; what is not closed is late too.
    pub closed: Option<NaiveDateTime>,
    /// How it stands, if it is not closed.
    pub state: Option<State>,
    /// It was taken up again after it was closed.
    pub reopened: bool,
    /// Who had it at the end of the promised day.
    pub unit: String,
    /// The person who had it then.
    pub handler: String,
}

/// A place in the list: the latest day first, in a day the youngest issue, of an issue its closures as they came and
/// last what is not closed. So nothing moves when something is closed while somebody turns the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    day: NaiveDate,
    /// Nothing: the end of the day.
    issue: String,
    closed: Option<NaiveDateTime>,
}

impl Place {
    fn end_of(day: NaiveDate) -> Self {
        Self { day, issue: String::new(), closed: None }
    }

    fn order(&self) -> (Reverse<NaiveDate>, Reverse<&str>, bool, Option<NaiveDateTime>) {
        (Reverse(self.day), Reverse(&self.issue), self.closed.is_none(), self.closed)
    }

    fn text(&self) -> String {
        let closed =
            self.closed.map_or_else(|| "open".to_owned(), |at| at.and_utc().timestamp_micros().to_string());
        format!("{}.{}.{closed}", self.day, self.issue)
    }

    fn read(text: &str) -> Option<Self> {
        let (day, rest) = text.split_once('.')?;
        let (issue, closed) = rest.split_once('.')?;
        let closed = match closed {
            "open" => None,
            micros => Some(DateTime::from_timestamp_micros(micros.parse().ok()?)?.naive_utc()),
        };
        Some(Self { day: day.parse().ok()?, issue: issue.to_owned(), closed })
    }
}

/// What is said of a page that there is none of.
pub(super) fn no_such_page() -> Refused {
    let (zh, en) = ("页码无法识别，请从第一页重新翻阅", "this page cannot be found; begin at the first one");
    Refused::Invalid(vec![problem("after", zh, en)])
}

/// A page, and where the next one begins. A page may be short and not be the last: so much is looked at for it.
pub(super) fn page(
    db: &mut Db,
    asked: &Asked<'_>,
    after: Option<&str>,
    most: usize,
    (rules, today): (&Rules, NaiveDate),
) -> Result<(Vec<Late>, Option<String>), Refused> {
    let after = after.map(|text| Place::read(text).ok_or_else(no_such_page)).transpose()?;
    let (from, to) = asked.days;
    let mut end = after.as_ref().map_or(to, |place| place.day.min(to));
    let mut walk = Walk { asked, rules, most, found: Vec::new(), looked: 0, days: 0, place: after };
    while from <= end {
        let begin = end.checked_sub_days(STRETCH).map_or(from, |day| day.max(from));
        for day in days(db, asked, (begin, end), today)?.into_iter().rev() {
            if !walk.day(db, day)? {
                return Ok(walk.cut());
            }
        }
        let Some(before) = begin.pred_opt() else { break };
        end = before;
    }
    walk.place = None;
    Ok(walk.cut())
}

/// Days of a stretch on which the group has promises that were not kept, and those that wait to be counted.
fn days(
    db: &mut Db,
    asked: &Asked<'_>,
    days: Span,
    today: NaiveDate,
) -> Result<BTreeSet<NaiveDate>, Refused> {
    let (broken, open) =
        if asked.first { (Count::BrokenFirst, Wait::FirstPromise) } else { (Count::Broken, Wait::Promise) };
    let any = |sums: &Sums| sums.of(broken) + sums.over(open, today) > 0;
    let counted = kept::of_member(db, (dimension(asked.by), asked.member), days)?;
    let mut found: BTreeSet<NaiveDate> =
        counted.into_iter().filter(|(_, sums)| any(sums)).map(|(day, _)| day).collect();
    found.extend(kept::marked_between(db, days)?);
    Ok(found)
}

/// A promise of a day that is to be looked at.
struct Seen {
    place: Place,
    facts: IssueFacts,
    state: Option<State>,
    reopened: bool,
}

/// The way through the days.
struct Walk<'a> {
    asked: &'a Asked<'a>,
    rules: &'a Rules,
    most: usize,
    found: Vec<(Place, Late)>,
    looked: usize,
    days: usize,
    /// Where it stands; nothing: at the beginning, or at the end.
    place: Option<Place>,
}

impl Walk<'_> {
    /// Reads a day; whether to go on after it.
    fn day(&mut self, db: &mut Db, day: NaiveDate) -> Result<bool, Refused> {
        let next = day.succ_opt().unwrap_or(day);
        let promised =
            Promised { first: self.asked.first, day, over: column(window::start(next, self.rules.zone)) };
        let mut open = unclosed(db, promised, self.rules)?;
        loop {
            let (batch, full) = self.batch(db, promised, &mut open)?;
            let issues: Vec<String> = batch.iter().map(|one| one.place.issue.clone()).collect();
            let (kinds, held) = (Kinds::of(db, issues.clone())?, holders(db, issues)?);
            for one in batch {
                self.looked += 1;
                self.place = Some(one.place.clone());
                let whose = whose(&held, &one.place.issue, day, self.rules);
                let kind = kind(&kinds, (&one.place.issue, &one.facts), day, self.rules);
                if self.fits(kind, whose) {
                    let late = Late {
                        issue: one.place.issue.clone(),
                        category: kind.category_id.clone(),
                        due_on: day,
                        closed: one.place.closed,
                        state: one.state,
                        reopened: one.reopened,
                        unit: whose.unit.to_owned(),
                        handler: whose.handler.to_owned(),
                    };
                    self.found.push((one.place, late));
                    // One more than the page holds: there is a next one.
                    if self.found.len() > self.most {
                        return Ok(false);
                    }
                }
            }
            if !full {
                break;
            }
            if self.looked >= LOOKED_AT {
                return Ok(false);
            }
        }
        self.place = Some(Place::end_of(day));
        self.days += 1;
        Ok(self.looked < LOOKED_AT && self.days < DAYS_LOOKED_AT)
    }

    /// What comes next on a day, in order, and whether there is more of it.
    fn batch(
        &self,
        db: &mut Db,
        promised: Promised,
        open: &mut Vec<Seen>,
    ) -> Result<(Vec<Seen>, bool), Refused> {
        let here = self.place.as_ref().filter(|place| place.day == promised.day);
        let after = here.map(|place| (&*place.issue, place.closed));
        let of = (group(self.asked.by), self.asked.member);
        let closed = rows::closed(db, promised, of, after, BATCH)?;
        let full = i64::try_from(closed.len()).is_ok_and(|found| found >= BATCH);
        let mut batch: Vec<Seen> = closed
            .into_iter()
            .map(|row| Seen {
                reopened: row.taken_up_again(),
                place: Place { day: promised.day, issue: row.issue_id, closed: Some(row.at) },
                facts: row.issue,
                state: None,
            })
            .collect();
        // What is not closed stands between the closures: as far as these were read.
        let last = batch.last().filter(|_| full).map(|one| one.place.clone());
        let due = |place: &Place| {
            here.is_none_or(|here| here.order() < place.order())
                && last.as_ref().is_none_or(|last| place.order() < last.order())
        };
        batch.extend(open.extract_if(.., |one| due(&one.place)));
        batch.sort_by(|a, b| a.place.order().cmp(&b.place.order()));
        Ok((batch, full))
    }

    fn fits(&self, facts: &IssueFacts, whose: Behind<'_>) -> bool {
        let member = self.asked.member;
        match self.asked.by {
            By::Unit => whose.unit == member,
            By::Handler => whose.handler == member,
            By::Leader => whose.leader == member,
            By::Grade => whose.grade == member,
            By::Category => facts.category_id == member,
            By::Channel => facts.channel_id == member,
            By::Level => facts.level == member,
        }
    }

    /// The page, and where the next one begins.
    fn cut(mut self) -> (Vec<Late>, Option<String>) {
        if self.found.len() > self.most {
            self.found.truncate(self.most);
            self.place = self.found.last().map(|(place, _)| place.clone());
        }
        let next = self.place.map(|place| place.text());
        (self.found.into_iter().map(|(_, late)| late).collect(), next)
    }
}

/// What was promised for a day and is not closed.
fn unclosed(db: &mut Db, promised: Promised, rules: &Rules) -> Result<Vec<Seen>, Refused> {
    let states = workflow::OPEN.iter().chain(&[State::Withdrawn, State::Merged]);
    let states: Vec<String> = states.map(word).collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for row in rows::unclosed(db, promised, &states)? {
        if missed(&row, promised.first, rules).is_some() {
            let place = Place { day: promised.day, issue: row.id, closed: None };
            found.push(Seen { place, facts: row.issue, state: Some(unword(&row.state)?), reopened: false });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else_is() {
        let day = "2026-10-05".parse().unwrap();
        let at = "2026-10-07T01:02:03.045".parse().unwrap();
        let open = Place { day, issue: "a-b".to_owned(), closed: None };
        let closed = Place { closed: Some(at), ..open.clone() };
        for place in [open.clone(), closed.clone(), Place::end_of(day)] {
            assert_eq!(Place::read(&place.text()), Some(place));
        }
        assert!(closed.order() < open.order() && open.order() < Place::end_of(day).order());
        for text in
            ["", "50", "2026-10-05", "2026-10-05.a", "2026-02-30.a.open", "2026-10-05.a.9223372036854775807"]
        {
            assert_eq!(Place::read(text), None, "{text}");
        }
    }
}
