//! Which ratings a reviewer should look at: what comes from where staff sit, and
//! what comes from one place too often. Nothing here refuses or leaves out a rating.

use chrono::TimeDelta;
use qiyema_protocol::rating::Flag;

/// What the centre set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// So many ratings of one unit or handler from one network or device are a burst…
    pub burst: u32,
    /// …within this time.
    pub within: TimeDelta,
    /// A device that rates for so many enterprises is shared.
    pub enterprises: u32,
}

/// What came from the same place as a rating, the rating itself among it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Near {
    /// The place is one of the offices'.
    pub office: bool,
    /// Ratings of its unit or handler from its network, within the time.
    pub by_network: usize,
    /// The same from its device.
    pub by_device: usize,
    /// Enterprises that its device rated for.
    pub enterprises: usize,
}

/// The flags of a rating.
#[must_use]
pub fn flags(near: Near, guard: Guard) -> Vec<Flag> {
    let reached = |count: usize, least: u32| usize::try_from(least).is_ok_and(|least| count >= least);
    [
        (Flag::OfficeNetwork, near.office),
        (Flag::BurstNetwork, reached(near.by_network, guard.burst)),
        (Flag::BurstDevice, reached(near.by_device, guard.burst)),
        (Flag::SharedDevice, reached(near.enterprises, guard.enterprises)),
    ]
    .into_iter()
    .filter_map(|(flag, so)| so.then_some(flag))
    .collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use qiyema_protocol::rating::Flag;

    use super::{Guard, Near, flags};

    const GUARD: Guard = Guard { burst: 5, within: TimeDelta::minutes(10), enterprises: 2 };

    #[test]
    fn an_ordinary_rating_bears_no_flag_and_each_reason_stands_for_itself() {
        let alone = Near { office: false, by_network: 1, by_device: 1, enterprises: 1 };
        assert_eq!(flags(alone, GUARD), []);
        assert_eq!(flags(Near { office: true, ..alone }, GUARD), [Flag::OfficeNetwork]);
        assert_eq!(flags(Near { by_network: 4, ..alone }, GUARD), []);
        assert_eq!(flags(Near { by_network: 5, ..alone }, GUARD), [Flag::BurstNetwork]);
        assert_eq!(flags(Near { by_device: 9, ..alone }, GUARD), [Flag::BurstDevice]);
        assert_eq!(flags(Near { enterprises: 2, ..alone }, GUARD), [Flag::SharedDevice]);
        let all = Near { office: true, by_network: 7, by_device: 7, enterprises: 3 };
        assert_eq!(flags(all, GUARD).len(), 4);
    }
}
