//! Is this the same matter again? Two subjects are compared by the pairs of
//! neighbouring characters they share (Dice's coefficient): it needs no
//! dictionary, and short Chinese subjects differ in words, not in letters.

use std::collections::HashMap;

use super::search;

/// Alike enough to be offered.
const OFFERED: f64 = 0.42;
/// The same category makes two subjects more alike by this much.
const SAME_CATEGORY: f64 = 0.15;
/// Words that nearly every subject has; they make nothing alike.
const FILLERS: [&str; 12] =
    ["问题", "关于", "反映", "请求", "希望", "我司", "我公司", "公司", "企业", "申请", "咨询", "事宜"];

/// Dice's coefficient over pairs of characters, 0 to 1.
#[must_use]
pub fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (pairs(one), pairs(other));
    let size = |pairs: &HashMap<_, u32>| pairs.values().sum::<u32>();
    let total = size(&one) + size(&other);
    if total == 0 {
        return 0.0;
    }
    let shared: u32 =
        one.iter().map(|(pair, count)| (*count).min(other.get(pair).copied().unwrap_or(0))).sum();
    f64::from(2 * shared) / f64::from(total)
}

/// How alike two matters of one enterprise are, and whether that is worth showing.
#[must_use]
pub fn offered(one: &str, other: &str, same_category: bool) -> Option<f64> {
    let likeness = likeness(one, other);
    // The category alone proves nothing: two matters of one kind are common.
    let weighed = if same_category && likeness > 0.0 { likeness + SAME_CATEGORY } else { likeness };
    (weighed >= OFFERED).then_some(weighed.min(1.0))
}

/// A likeness as people read it: 0 to 100.
#[must_use]
pub fn per_cent(likeness: f64) -> u32 {
    (0..=100).rev().find(|whole| f64::from(*whole) <= likeness * 100.0 + 0.5).unwrap_or(0)
}

fn pairs(text: &str) -> HashMap<(char, char), u32> {
    let mut text = search::query(text);
    for filler in FILLERS {
        let shorter = text.replace(filler, "");
        if shorter.chars().count() >= 2 {
            text = shorter;
        }
    }
    let mut pairs = HashMap::new();
    for (first, second) in text.chars().zip(text.chars().skip(1)) {
        *pairs.entry((first, second)).or_default() += 1;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{likeness, offered};

    #[test]
    fn the_same_matter_is_offered_in_other_words() {
        for (one, other) in [
            ("厂区用电增容申请迟迟未批复", "厂区用电增容未批复"),
            ("关于厂门口道路积水的问题", "厂门口道路积水"),
            ("用工难,急需招聘技术工人", "招聘技术工人困难,用工难"),
            ("出口退税到账慢", "出口退税迟迟不到账"),
            ("Power supply too weak", "power supply is too weak!"),
        ] {
            assert!(offered(one, other, true).is_some(), "{one} / {other}: {}", likeness(one, other));
        }
    }

    #[test]
    fn another_matter_is_not_offered() {
        for (one, other) in [
            ("厂区用电增容申请", "出口退税到账慢"),
            ("关于消防验收的问题", "关于道路积水的问题"),
            ("申请贷款贴息", "申请用工补贴"),
            ("", "道路积水"),
            ("问题", "问题咨询"),
        ] {
            assert!(offered(one, other, true).is_none(), "{one} / {other}: {}", likeness(one, other));
        }
    }

    #[test]
    fn the_category_weighs_and_does_not_decide() {
        let (one, other) = ("厂区污水管网未接通", "园区雨污水管网堵塞");
        assert!(offered(one, other, false) < offered(one, other, true), "{}", likeness(one, other));
        assert!(offered("甲乙丙丁", "戊己庚辛", true).is_none());
    }

    proptest! {
        #[test]
        fn likeness_is_a_share_and_has_no_direction(one in "\\PC{0,40}", other in "\\PC{0,40}") {
            let there = likeness(&one, &other);
            prop_assert!((0.0..=1.0).contains(&there));
            prop_assert!((there - likeness(&other, &one)).abs() < f64::EPSILON);
        }

        #[test]
        fn a_subject_is_like_itself(one in "[\\u{4e00}-\\u{9fa5}]{4,40}") {
            prop_assert!((likeness(&one, &one) - 1.0).abs() < f64::EPSILON);
        }
    }
}
