//! Which ratings a reviewer should look at: what comes from where staff sit, and
//! what comes from one place too often. Nothing here refuses or leaves out a rating.

use chrono::TimeDelta;
use qiyema_protocol::rating::Flag;

use crate::clock::Timestamp;

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

/// A PIN that was in the hands of staff is fresh for so long.
pub const FRESH: TimeDelta = TimeDelta::days(3);

/// A run, or a file of letters, for fewer enterprises than this is not a mass one: whoever runs it may mean one of them.
pub const MASS: usize = 20;

/// Enterprises that one address is the contact of until it is told.
pub const SHARED_CONTACT: i64 = 3;

/// Mailboxes that anybody may have: nothing follows from sharing one.
const PUBLIC_MAIL: [&str; 14] = [
    "qq.com",
    "foxmail.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sohu.com",
    "aliyun.com",
    "139.com",
    "189.cn",
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "icloud.com",
];

/// That staff had a PIN before their eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// When.
    pub at: Timestamp,
    /// A PIN came in the place of another, or was printed once more. The first one reaches its enterprise
    /// like that, so that a device that proves it soon is what everybody hopes for.
    pub again: bool,
}

/// Whether a rating was given by a PIN that staff just had: before the rating, or before its device proved the PIN.
/// `late`: the PIN came after the issue, so that whoever made it knew what there was to rate.
#[must_use]
pub fn fresh_pin(shown: &[Shown], proved: Timestamp, rated: Timestamp, late: bool) -> bool {
    let soon = |shown: &Shown, then: Timestamp| shown.at <= then && then - shown.at <= FRESH;
    shown.iter().any(|one| soon(one, rated) || ((one.again || late) && soon(one, proved)))
}

/// What stands behind the @ of an address, unless anybody may have a mailbox there.
#[must_use]
pub fn house(address: &str) -> Option<String> {
    let domain = address.rsplit_once('@')?.1.trim().to_lowercase();
    let public = PUBLIC_MAIL.iter().any(|public| {
        domain == *public || domain.strip_suffix(public).is_some_and(|before| before.ends_with('.'))
    });
    (!public && !domain.is_empty()).then_some(domain)
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

    use super::{Guard, Near, Shown, Timestamp, flags, fresh_pin, house};

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

    #[test]
    fn a_pin_is_fresh_three_days_and_a_first_one_is_no_reset() {
        let day = |n: i64| Timestamp::UNIX_EPOCH + TimeDelta::days(n);
        let shown = |at: i64, again| [Shown { at: day(at), again }];
        assert!(fresh_pin(&shown(10, false), day(10), day(13), false), "rated within three days");
        assert!(
            !fresh_pin(&shown(10, false), day(10), day(14), false),
            "the first one, bound at once, rated later"
        );
        assert!(fresh_pin(&shown(10, true), day(13), day(90), false), "reset, and bound soon after");
        assert!(!fresh_pin(&shown(10, true), day(14), day(90), false));
        assert!(
            fresh_pin(&shown(10, false), day(11), day(90), true),
            "made when the issue was there already"
        );
        assert!(!fresh_pin(&shown(20, true), day(11), day(15), false), "what came later says nothing");
        assert!(!fresh_pin(&[], day(10), day(10), true));
    }

    #[test]
    fn a_house_has_its_own_mail_and_everybodys_mailbox_is_no_house() {
        assert_eq!(house("li@GDJ.City.gov.cn").as_deref(), Some("gdj.city.gov.cn"));
        assert_eq!(house("li@qq.com"), None);
        assert_eq!(house("li@vip.163.com"), None);
        assert_eq!(house("li@notqq.com").as_deref(), Some("notqq.com"));
        assert_eq!(house("li"), None);
    }
}
