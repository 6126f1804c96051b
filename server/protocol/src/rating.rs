//! Ratings (好差评) on the wire: the verdict, the five national levels, tags,
//! and whether the issue was solved. Nothing here is preselected.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The two big buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 好评
    Good,
    /// 差评
    Bad,
}

/// The five national levels; the last two count as 差评.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 非常满意
    VerySatisfied,
    /// 满意
    Satisfied,
    /// 基本满意
    BasicallySatisfied,
    /// 不满意
    Dissatisfied,
    /// 非常不满意
    VeryDissatisfied,
}

impl Level {
    /// All five, best first.
    pub const ALL: [Self; 5] = [
        Self::VerySatisfied,
        Self::Satisfied,
        Self::BasicallySatisfied,
        Self::Dissatisfied,
        Self::VeryDissatisfied,
    ];

    /// The verdict this level implies.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::VerySatisfied | Self::Satisfied | Self::BasicallySatisfied => Verdict::Good,
            Self::Dissatisfied | Self::VeryDissatisfied => Verdict::Bad,
        }
    }
}

/// "Was it solved?" (已解决 / 部分解决 / 未解决)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Solved {
    /// 已解决
    Yes,
    /// 部分解决
    Partly,
    /// 未解决
    No,
}

/// What proof stood behind a rating or a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Whoever holds the code; kept, shown apart, not counted by default.
    Unverified,
    /// The code and the enterprise's PIN, or the one-time link of an invitation.
    Owner,
    /// What the enterprise said on the telephone, entered by a follow-up officer;
    /// shown apart, never in the place of the owner's own.
    CallBack,
}

/// What stood behind a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The code alone.
    Code,
    /// The code and the PIN.
    Pin,
    /// The one-time link that was sent to the contact of the issue when it closed.
    Invitation,
    /// The telephone; the record names the officer.
    CallBack,
}

/// Which rating of a closure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// 评价
    #[default]
    First,
    /// 追评: one more, within 30 days of the first, at the same tier.
    Second,
    /// The owner's rating of how a bad one was put right.
    Rectification,
}

impl Round {
    /// What is meant where nothing is said.
    #[must_use]
    pub fn is_first(&self) -> bool {
        *self == Self::First
    }
}

/// Why a reviewer should look at a rating. A flag changes no figure by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// It came from a network of the offices.
    OfficeNetwork,
    /// Many ratings of the unit or the handler came from one network within minutes.
    BurstNetwork,
    /// The same from one device.
    BurstDevice,
    /// Its device rated for several enterprises.
    SharedDevice,
    /// Staff had set or printed the PIN behind it within three days before the rating, or reset it within
    /// three days before its device proved it.
    FreshPin,
    /// Its link went by letter to an address of staff or of their house, or to one that three enterprises share.
    StaffAddress,
}

/// Body of `POST /api/v1/scans/{seal}/issues/{number}/ratings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRating {
    /// 好评 or 差评; required, never preselected.
    pub verdict: Verdict,
    /// Optional level; must agree with the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Optional tag ids from `GET /api/v1/rating-tags`, at most 6.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 6))]
    pub tags: Vec<String>,
    /// Optional comment, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub comment: Option<String>,
    /// Optional: was it solved?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// Which rating this is; the first, unless said otherwise.
    #[serde(default, skip_serializing_if = "Round::is_first")]
    pub round: Round,
}

/// Answer to an accepted rating (201).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rated {
    /// Id of the stored rating.
    pub rating: String,
    /// Number of the issue rated.
    pub issue: String,
    /// Whether it counts as the owner's or is shown apart as unverified.
    pub tier: Tier,
    /// Which rating of the closure it is.
    #[serde(default)]
    pub round: Round,
    /// 好评 or 差评, as stored.
    pub verdict: Verdict,
    /// When the server stored it (UTC).
    pub at: DateTime<Utc>,
    /// Signed receipt: a compact JWS (`typ: qiyema-receipt+jwt`, EdDSA),
    /// verifiable against `/.well-known/jwks.json`.
    pub receipt: String,
    /// Sentence for the owner.
    pub message: Text,
}

/// What was entered in an owner's name after a telephone call, as the owner reads it
/// (`GET /api/v1/scans/{seal}/issues/{number}/call-back-rating`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalledBack {
    /// Id of the stored rating.
    pub rating: String,
    /// Number of the issue rated.
    pub issue: String,
    /// 好评 or 差评.
    pub verdict: Verdict,
    /// Level, if one was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Whether it was solved, if that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// Tags in words, as they were then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Text>,
    /// What was noted of the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When it was entered (UTC).
    pub at: DateTime<Utc>,
    /// Signed receipt, as every rating has one.
    pub receipt: String,
}

/// One selectable tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatingTag {
    /// Stable id, for example `prompt_response`.
    pub id: String,
    /// National score (5 best … 1 worst) this tag belongs to; 5 stands for 5/4.
    pub score: u8,
    /// Shown text.
    pub text: Text,
}

/// Answer of `GET /api/v1/rating-tags`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatingTags {
    /// Version of the tag catalogue.
    pub version: u32,
    /// All tags, best first.
    pub tags: Vec<RatingTag>,
}
