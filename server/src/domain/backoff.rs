//! When a message that did not arrive is tried again: later each time, never at
//! the same moment as all the others, and not for ever.

use chrono::TimeDelta;

use crate::clock::Timestamp;

/// The longest pause between two tries.
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// How long somebody is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Pause before the second try.
    pub first: TimeDelta,
    /// After this the message is given up.
    pub in_all: TimeDelta,
}

/// The next try after `tries` that failed, the last of them now; `None` gives
/// up. `chance` spreads it by up to a quarter to either side.
#[must_use]
pub fn next_try(
    made: Timestamp,
    now: Timestamp,
    tries: u32,
    patience: &Patience,
    chance: u8,
) -> Option<Timestamp> {
    let doubled = 1_i32.checked_shl(tries.saturating_sub(1).min(30)).unwrap_or(i32::MAX);
    let pause = patience.first.checked_mul(doubled).unwrap_or(LONGEST).min(LONGEST);
    let spread = pause * (i32::from(chance) - 128) / 512;
    let next = now + pause + spread;
    (next <= made + patience.in_all).then_some(next)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::{LONGEST, Patience, next_try};
    use crate::clock::Timestamp;

    const PATIENCE: Patience = Patience { first: TimeDelta::seconds(30), in_all: TimeDelta::days(3) };

    fn start() -> Timestamp {
        "2026-11-25T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn each_pause_is_twice_the_last_up_to_the_longest() {
        let pause = |tries| next_try(start(), start(), tries, &PATIENCE, 128).unwrap() - start();
        assert_eq!([1, 2, 3, 4].map(|tries| pause(tries).num_seconds()), [30, 60, 120, 240]);
        assert_eq!(pause(30), LONGEST);
        assert_eq!(pause(u32::MAX), LONGEST);
    }

    #[test]
    fn nobody_is_tried_for_ever() {
        let (mut now, mut tries) = (start(), 1);
        while let Some(next) = next_try(start(), now, tries, &PATIENCE, 0) {
            assert!(next > now && tries < 100, "it never ends");
            (now, tries) = (next, tries + 1);
        }
        assert!(now > start() + TimeDelta::days(2), "given up too early: {now}");
        assert!(now <= start() + TimeDelta::days(3));
    }

    proptest! {
        #[test]
        fn chance_moves_it_by_a_quarter_at_most(tries in 1_u32..40, chance: u8) {
            let middle = next_try(start(), start(), tries, &PATIENCE, 128).unwrap() - start();
            let moved = next_try(start(), start(), tries, &PATIENCE, chance).unwrap() - start();
            prop_assert!((moved - middle).abs() <= middle / 4 + TimeDelta::milliseconds(1));
        }
    }
}
