//! A ladder of waits that stops guessing and not the person: the first wrong
//! guesses are free, then each makes the next one wait twice as long, up to a
//! longest wait. Nobody is ever locked out, and nobody gets through a million
//! PINs in a lifetime.

use chrono::TimeDelta;

use crate::clock::Timestamp;

/// The wait after the first guess that is not free.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// Wrong guesses of the last day count.
pub const COUNTED: TimeDelta = TimeDelta::hours(24);

/// How fast guesses may follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Wrong guesses in a day that cost no wait.
    pub free: u32,
    /// The longest wait between two guesses.
    pub longest: TimeDelta,
}

/// The two ladders of one kind of guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladders {
    /// Of all strangers at one code or account together.
    pub strangers: Ladder,
    /// Of one address or device alone. Who was right there before climbs this
    /// one only: strangers cannot slow down the owner's own device.
    pub alone: Ladder,
}

/// Wrong guesses of the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one was made.
    pub last: Option<Timestamp>,
}

impl Ladder {
    /// How long the next guess has to wait; `None` when it may be made now.
    #[must_use]
    pub fn wait(&self, failures: Failures, at: Timestamp) -> Option<TimeDelta> {
        let over = failures.count.checked_sub(self.free)?;
        let factor = 1_i32.checked_shl(over.min(20)).unwrap_or(i32::MAX);
        let needed = FIRST_WAIT.checked_mul(factor).unwrap_or(self.longest).min(self.longest);
        let left = failures.last? + needed - at;
        (left > TimeDelta::zero()).then_some(left)
    }
}

impl Ladders {
    /// How long the next guess of somebody has to wait.
    #[must_use]
    pub fn wait(
        &self,
        strangers: Failures,
        alone: Failures,
        known: bool,
        at: Timestamp,
    ) -> Option<TimeDelta> {
        let own = self.alone.wait(alone, at);
        let common = if known { None } else { self.strangers.wait(strangers, at) };
        own.max(common)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{COUNTED, Failures, Ladder, Ladders};
    use crate::clock::Timestamp;

    const LADDERS: Ladders = Ladders {
        strangers: Ladder { free: 10, longest: TimeDelta::minutes(30) },
        alone: Ladder { free: 5, longest: TimeDelta::minutes(30) },
    };

    fn start() -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn after(count: u32) -> Failures {
        Failures { count, last: Some(start()) }
    }

    #[test]
    fn five_guesses_are_free_then_each_waits_twice_as_long_up_to_the_longest() {
        let minutes = |count| LADDERS.alone.wait(after(count), start()).map(|wait| wait.num_minutes());
        let waits: Vec<_> = (0..12).map(minutes).collect();
        let w = Some;
        assert_eq!(waits, [None, None, None, None, None, w(1), w(2), w(4), w(8), w(16), w(30), w(30)]);
        assert_eq!(minutes(u32::MAX), Some(30), "no overflow");
        assert_eq!(LADDERS.alone.wait(after(5), start() + TimeDelta::minutes(1)), None, "waited out");
    }

    #[test]
    fn strangers_never_slow_down_who_was_right_before() {
        let none = Failures::default();
        assert!(LADDERS.wait(after(500), none, false, start()).is_some());
        assert_eq!(LADDERS.wait(after(500), none, true, start()), None);
        assert!(LADDERS.wait(none, after(5), true, start()).is_some(), "its own guesses still count");
    }

    #[test]
    fn a_crowd_that_guesses_day_and_night_needs_years_for_a_pin() {
        // Every guess from a new address, made the moment the ladder allows it.
        let (mut made, mut at): (Vec<Timestamp>, _) = (Vec::new(), start());
        let end = start() + TimeDelta::days(30);
        while at < end {
            let counted: Vec<_> = made.iter().filter(|guess| **guess > at - COUNTED).collect();
            let count = u32::try_from(counted.len()).unwrap();
            let failures = Failures { count, last: counted.last().map(|last| **last) };
            match LADDERS.wait(failures, Failures::default(), false, at) {
                Some(wait) => at += wait,
                None => made.push(at),
            }
        }
        let days_for_half_of_all = 500_000 / (made.len() / 30);
        assert!(days_for_half_of_all > 20 * 365, "{} guesses in 30 days", made.len());
    }
}
