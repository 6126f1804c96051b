//! What the figures are computed from: counts that can be added up over days and
//! groups. Nothing in them depends on today: what a day decides (a promise that
//! is still open, a closure that can still be rated) is kept by that day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is counted. The formulas are in [`formula`](super::formula).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Issues accepted on the day.
    Accepted,
    /// Of these: closed now.
    AcceptedClosed,
    /// Of these: deferred at some time.
    AcceptedDeferred,
    /// Of these: the enterprise had one of the category closed within [`REPEAT_DAYS`](super::facts::REPEAT_DAYS) days before.
    AcceptedRepeated,
    /// Lead assignments made on the day.
    Assigned,
    /// Of these: the unit asked to return the issue.
    Returned,
    /// Promises (as extended) for the day that were kept.
    Kept,
    /// First promises for the day that were kept.
    KeptFirst,
    /// Promises for the day that were broken for good: closed later, or set aside when late.
    Broken,
    /// The same of first promises.
    BrokenFirst,
    /// Closures made on the day.
    Closed,
    /// Of these: with the result "resolved".
    Resolved,
    /// Of these: an extension was granted before it, since the closure before.
    Extended,
    /// Of these: taken up again.
    Reopened,
    /// Of these: neither taken up again nor rated bad.
    AtOnce,
    /// The same before accepted appeals left ratings out.
    AtOnceRaw,
    /// Of these: the owner was invited to rate.
    Invited,
    /// Working days from acceptance to closure, summed.
    Days,
    /// First ratings that came in.
    Received,
    /// Of these: count.
    Counted,
    /// Of those that count: given by the link of an invitation; the others by the PIN.
    ByInvitation,
    /// Of those that count: given with the code alone, where a setting lets these count.
    ByCode,
    /// Of these: the owner was not proved.
    Unverified,
    /// Of those not proved: entered after a call-back; the others by the code alone.
    ByCallBack,
    /// Of these: another one of the closure counts.
    Superseded,
    /// Of these: left out by an accepted appeal.
    Excluded,
    /// Of those received: flagged for a reviewer.
    Flagged,
    /// Closures all of whose ratings were left out.
    LeftOut,
    /// Counted ratings that are good.
    Good,
    /// First ratings that were verified, left out or not.
    Verified,
    /// Of these: good.
    VerifiedGood,
    /// Bad counted ratings whose owner was reached by a call-back since.
    BadCalledBack,
    /// Bad counted ratings that led to a rectification.
    BadRectifying,
    /// Of these: put right.
    BadFixed,
    /// Of these: the owner rated the rectification good.
    BadContent,
    /// Rectifications put right too late.
    FixedLate,
    /// Ratings of rectifications.
    FixRated,
    /// Of these: good.
    FixGood,
    /// Ratings of rectifications before accepted appeals left some out.
    FixRatedRaw,
    /// Of these: good.
    FixGoodRaw,
    /// Call-backs that reached somebody (V).
    CallBacks,
    /// Of these: says it was contacted.
    Contacted,
    /// Of these: says it is solved.
    Solved,
    /// Of these: very satisfied or satisfied.
    Satisfied,
    /// Of these: basically satisfied.
    BasicallySatisfied,
}

/// What waits for a day to decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// A promise (as extended) that is neither kept nor broken: broken after its day.
    Promise,
    /// The same of a first promise.
    FirstPromise,
    /// A closure nobody rated: "not rated" after the last day to rate.
    Rating,
    /// A rectification that is not put right: too late after its day.
    Fix,
    /// A rectification that was put right in time: it fell due with its day, as those that were not.
    FixedInTime,
    /// Of these: confirmed by the independent re-check, or by the owner's good rating of it.
    FixConfirmed,
}

/// Sums of a group over some days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Counts; what is absent is 0.
    #[serde(default, rename = "n", skip_serializing_if = "BTreeMap::is_empty")]
    counts: BTreeMap<Count, u32>,
    /// How much waits for which day.
    #[serde(default, rename = "w", skip_serializing_if = "BTreeMap::is_empty")]
    waits: BTreeMap<Wait, BTreeMap<NaiveDate, u32>>,
    /// Tags of counted ratings, by version and id.
    #[serde(default, rename = "t", skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, u32>,
    /// First words to owners, by tenths of working hours.
    #[serde(default, rename = "h", skip_serializing_if = "BTreeMap::is_empty")]
    first_words: BTreeMap<u32, u32>,
}

impl Sums {
    /// One more.
    pub fn one(&mut self, count: Count) {
        self.many(count, 1);
    }

    /// One more, if so.
    pub fn one_if(&mut self, count: Count, so: bool) {
        if so {
            self.one(count);
        }
    }

    /// So many more.
    pub fn many(&mut self, count: Count, n: u32) {
        if n > 0 {
            *self.counts.entry(count).or_default() += n;
        }
    }

    /// One more that waits for a day.
    pub fn wait(&mut self, what: Wait, until: NaiveDate) {
        *self.waits.entry(what).or_default().entry(until).or_default() += 1;
    }

    /// One more rating with a tag.
    pub fn tag(&mut self, id: &str) {
        *self.tags.entry(id.to_owned()).or_default() += 1;
    }

    /// One more first word, after so many tenths of working hours.
    pub fn first_word(&mut self, tenths: u32) {
        *self.first_words.entry(tenths).or_default() += 1;
    }

    /// How many.
    #[must_use]
    pub fn of(&self, count: Count) -> u32 {
        self.counts.get(&count).copied().unwrap_or_default()
    }

    /// How many waited for a day before today.
    #[must_use]
    pub fn over(&self, what: Wait, today: NaiveDate) -> u32 {
        self.waits.get(&what).map_or(0, |days| days.range(..today).map(|(_, n)| n).sum())
    }

    /// How many wait for today or a later day.
    #[must_use]
    pub fn still(&self, what: Wait, today: NaiveDate) -> u32 {
        self.waits.get(&what).map_or(0, |days| days.range(today..).map(|(_, n)| n).sum())
    }

    /// How often each tag was given, by version and id: `1/passed_around`.
    #[must_use]
    pub const fn tags(&self) -> &BTreeMap<String, u32> {
        &self.tags
    }

    /// The median of the first words, in hours (the mean of the two in the middle of an even number), and of how
    /// many.
    #[must_use]
    pub fn median_first_word(&self) -> Option<(f64, u32)> {
        let n: u32 = self.first_words.values().sum();
        let at = |place: u32| {
            let mut before = 0;
            let found = self.first_words.iter().find(|(_, count)| {
                before += **count;
                before > place
            });
            found.map(|(tenths, _)| f64::from(*tenths))
        };
        let (lower, upper) = (at(n.checked_sub(1)? / 2)?, at(n / 2)?);
        Some(((lower + upper) / 20.0, n))
    }

    /// Leaves out what was promised for the day: it is not over.
    pub fn leave_out_promises(&mut self) {
        for count in [Count::Kept, Count::KeptFirst, Count::Broken, Count::BrokenFirst] {
            self.counts.remove(&count);
        }
        for wait in [Wait::Promise, Wait::FirstPromise] {
            self.waits.remove(&wait);
        }
    }

    /// Only what became of the first ratings, and how many of those that count are good.
    #[must_use]
    pub fn ratings_alone(&self) -> Self {
        let kept = [
            Count::Received,
            Count::Counted,
            Count::Unverified,
            Count::Superseded,
            Count::Excluded,
            Count::Good,
        ];
        let counts = kept.into_iter().filter_map(|count| Some((count, *self.counts.get(&count)?))).collect();
        Self { counts, ..Self::default() }
    }

    /// Nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes other sums in.
    pub fn add(&mut self, other: &Self) {
        sum(&mut self.counts, &other.counts);
        sum(&mut self.tags, &other.tags);
        sum(&mut self.first_words, &other.first_words);
        for (what, days) in &other.waits {
            sum(self.waits.entry(*what).or_default(), days);
        }
    }
}

fn sum<K: Ord + Clone>(into: &mut BTreeMap<K, u32>, from: &BTreeMap<K, u32>) {
    for (key, n) in from {
        match into.get_mut(key) {
            Some(sum) => *sum += n,
            None => drop(into.insert(key.clone(), *n)),
        }
    }
}
