//! Ratings for other systems. Two national codings number the five levels in
//! opposite directions: a file that does not say which one it uses turns the best
//! into the worst. So every document here names its coding and lists its meaning.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    rating::{Level, Tier, Verdict},
    text::Text,
};

/// How levels are numbered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Coding {
    /// The rating exchange interface (好差评数据交换): 5 = 非常满意 … 1 = 非常不满意.
    #[default]
    Interface,
    /// GB/T 39046-2020, table A.8: 1 = 非常满意 … 5 = 非常不满意.
    Gbt39046,
}

impl Coding {
    /// The number of a level.
    #[must_use]
    pub const fn code(self, level: Level) -> u8 {
        let best_is_five = match level {
            Level::VerySatisfied => 5,
            Level::Satisfied => 4,
            Level::BasicallySatisfied => 3,
            Level::Dissatisfied => 2,
            Level::VeryDissatisfied => 1,
        };
        match self {
            Self::Interface => best_is_five,
            Self::Gbt39046 => 6 - best_is_five,
        }
    }

    /// The level of a number; none of any other number.
    #[must_use]
    pub fn level(self, code: u8) -> Option<Level> {
        Level::ALL.into_iter().find(|level| self.code(*level) == code)
    }
}

/// What a number means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meaning {
    /// 1 to 5.
    pub code: u8,
    /// The level.
    pub level: Level,
    /// In words.
    pub text: Text,
    /// 好评 or 差评.
    pub verdict: Verdict,
}

/// Ratings of a period in one coding (`GET /api/v1/staff/ratings/exchange`); never who rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exchange {
    /// The coding of `satisfaction`.
    pub coding: Coding,
    /// What each number means in it, 1 first.
    pub meaning: Vec<Meaning>,
    /// First ratings, oldest first.
    pub ratings: Vec<Exchanged>,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exchanged {
    /// Its id.
    pub id: String,
    /// Number of the issue.
    pub issue: String,
    /// Id of the unit that stood behind the closure.
    pub unit: String,
    /// Id of the category.
    pub category: String,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// What proof stood behind it.
    pub tier: Tier,
    /// 好评 or 差评.
    pub verdict: Verdict,
    /// The level in this coding; none if only 好评 or 差评 was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<u8>,
    /// Left out of the figures by an accepted appeal.
    pub excluded: bool,
    /// Ids of tags.
    pub tags: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::Coding::{Gbt39046, Interface};
    use crate::rating::{Level, Verdict};

    #[test]
    fn five_is_the_best_in_one_coding_and_the_worst_in_the_other() {
        let best = Level::VerySatisfied;
        assert_eq!((Interface.code(best), Gbt39046.code(best)), (5, 1));
        assert_eq!((Interface.level(5), Gbt39046.level(5)), (Some(best), Some(Level::VeryDissatisfied)));
        assert_eq!(
            (Interface.level(2), Gbt39046.level(2)),
            (Some(Level::Dissatisfied), Some(Level::Satisfied))
        );
        assert_eq!(
            (Interface.code(Level::BasicallySatisfied), Gbt39046.code(Level::BasicallySatisfied)),
            (3, 3)
        );
    }

    #[test]
    fn each_coding_leads_back_to_the_level_and_never_to_the_other_side() {
        for coding in [Interface, Gbt39046] {
            for level in Level::ALL {
                assert_eq!(coding.level(coding.code(level)), Some(level), "{coding:?}");
            }
            assert_eq!((coding.level(0), coding.level(6)), (None, None));
            assert_eq!(coding.level(3).map(Level::verdict), Some(Verdict::Good), "基本满意 is 好评 in both");
        }
        // The trap: a file read by the wrong coding swaps good and bad in four of five levels.
        let swapped = Level::ALL.into_iter().filter(|level| {
            Gbt39046.level(Interface.code(*level)).map(Level::verdict) != Some(level.verdict())
        });
        assert_eq!(swapped.count(), 4);
    }
}
