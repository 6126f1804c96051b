//! Which ratings of a closure are open to whom: the first, a second one within so
//! many days of it (追评), and the owner's rating of how a bad one was put right.
//! One rule for the page that offers a rating and for the action that takes it.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use qiyema_protocol::{
    board::State,
    rating::{Round, Tier, Verdict},
};

use crate::clock::Timestamp;

/// A rating that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Given {
    pub tier: Tier,
    pub round: Round,
    pub verdict: Verdict,
    pub at: Timestamp,
}

/// The closure of an issue as far as ratings go.
#[derive(Debug, Clone, Copy)]
pub struct Rateable<'a> {
    /// Where the issue stands.
    pub state: State,
    /// Last day of the first rating.
    pub rate_until: NaiveDate,
    /// Ratings it has.
    pub given: &'a [Given],
    /// When it was put right, if it was.
    pub fixed_at: Option<Timestamp>,
    /// Days in which a further rating can be given.
    pub days: u32,
    /// Local time.
    pub zone: Tz,
}

/// Why a rating cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// The issue is not closed.
    NotClosed,
    /// There is no first rating to add to, or nothing was put right.
    NothingToAdd,
    /// Only the owner rates a rectification.
    OwnerOnly,
    /// The time is over.
    Over,
    /// It was given before.
    Already,
}

impl Rateable<'_> {
    /// The last day on which this rating can be given today, or why it cannot.
    pub fn until(&self, round: Round, tier: Tier, today: NaiveDate) -> Result<NaiveDate, Shut> {
        if !matches!(self.state, State::Closed | State::FollowUp | State::Rectifying | State::Archived) {
            return Err(Shut::NotClosed);
        }
        let last = match round {
            Round::First => self.rate_until,
            Round::Second => self.after(self.first(tier).ok_or(Shut::NothingToAdd)?.at),
            Round::Rectification if tier != Tier::Owner => return Err(Shut::OwnerOnly),
            Round::Rectification => self.after(self.fixed_at.ok_or(Shut::NothingToAdd)?),
        };
        if self.given.iter().any(|given| (given.tier, given.round) == (tier, round)) {
            return Err(Shut::Already);
        }
        if today > last { Err(Shut::Over) } else { Ok(last) }
    }

    fn first(&self, tier: Tier) -> Option<&Given> {
        self.given.iter().find(|given| (given.tier, given.round) == (tier, Round::First))
    }

    fn after(&self, at: Timestamp) -> NaiveDate {
        let day = at.with_timezone(&self.zone).date_naive();
        day.checked_add_days(Days::new(u64::from(self.days))).unwrap_or(day)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;
    use qiyema_protocol::{
        board::State,
        rating::{Round, Tier, Verdict},
    };

    use super::{Given, Rateable, Shut};

    const OWNERS: Given = Given {
        tier: Tier::Owner,
        round: Round::First,
        verdict: Verdict::Bad,
        at: chrono::DateTime::UNIX_EPOCH,
    };

    fn asked(given: &[Given], round: Round, tier: Tier, today: &str) -> Result<String, Shut> {
        let rateable = Rateable {
            state: State::FollowUp,
            rate_until: "1970-01-20".parse().unwrap(),
            given,
            fixed_at: "1970-02-01T17:00:00Z".parse().ok(),
            days: 30,
            zone: Shanghai,
        };
        rateable.until(round, tier, today.parse().unwrap()).map(|day| day.to_string())
    }

    #[test]
    fn each_round_has_its_own_window() {
        assert_eq!(asked(&[], Round::First, Tier::Owner, "1970-01-20"), Ok("1970-01-20".into()));
        assert_eq!(asked(&[], Round::First, Tier::Owner, "1970-01-21"), Err(Shut::Over));
        assert_eq!(asked(&[OWNERS], Round::Second, Tier::Owner, "1970-01-31"), Ok("1970-01-31".into()));
        assert_eq!(asked(&[OWNERS], Round::Second, Tier::Owner, "1970-02-01"), Err(Shut::Over));
        // Put right after midnight in Huzhou: the 2nd.
        assert_eq!(asked(&[], Round::Rectification, Tier::Owner, "1970-03-04"), Ok("1970-03-04".into()));
        assert_eq!(asked(&[], Round::Rectification, Tier::Owner, "1970-03-05"), Err(Shut::Over));
    }

    #[test]
    fn a_second_one_adds_to_the_same_tier_once() {
        assert_eq!(asked(&[OWNERS], Round::Second, Tier::Unverified, "1970-01-02"), Err(Shut::NothingToAdd));
        let twice = [OWNERS, Given { round: Round::Second, ..OWNERS }];
        assert_eq!(asked(&twice, Round::Second, Tier::Owner, "1970-01-02"), Err(Shut::Already));
        assert_eq!(asked(&[OWNERS], Round::First, Tier::Owner, "1970-01-02"), Err(Shut::Already));
        assert_eq!(asked(&[OWNERS], Round::First, Tier::Unverified, "1970-01-02"), Ok("1970-01-20".into()));
    }

    #[test]
    fn a_rectification_is_rated_by_the_owner_alone() {
        assert_eq!(asked(&[], Round::Rectification, Tier::Unverified, "1970-02-02"), Err(Shut::OwnerOnly));
    }
}
