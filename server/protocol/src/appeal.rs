//! Appeals of a unit against a rating (评价申诉) on the wire, and ratings as
//! staff read them: level, tags and comment, never who rated.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    board::Lamp,
    rating::{Flag, Level, Proof, Round, Solved, Tier, Verdict},
    text::Text,
};

/// On what ground a rating is appealed against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 误评: meant for something else, or pressed by mistake.
    Mistaken,
    /// 恶意评价
    Malicious,
    /// 来源存疑: a reviewer asks about a rating that is flagged.
    Suspect,
}

/// What one person outside the unit decides, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The rating is left out of the figures; it stays where it is.
    Accepted,
    /// The rating counts on.
    Rejected,
}

/// Body of `POST /api/v1/staff/ratings/{rating}/appeal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// Ground.
    pub ground: Ground,
    /// Why, 10 to 1000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 1000))]
    pub reason: String,
}

/// Body of `POST /api/v1/staff/ratings/{rating}/decisions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// What is decided.
    pub judgement: Judgement,
    /// Why, 4 to 500 characters. The owner and the unit read it when the outcome stands.
    #[cfg_attr(feature = "openapi", schema(min_length = 4, max_length = 500))]
    pub reason: String,
}

/// The role that decides was given, or an account with it, after an appeal was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleGiven {
    /// Full name of who gave it; `command-line`: at the machine.
    pub by: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// What one person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// What was decided.
    pub judgement: Judgement,
    /// Why.
    pub reason: String,
    /// Full name.
    pub by: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who gave this person the role that decides, and when, if the appeal was filed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_given: Option<RoleGiven>,
}

/// An appeal and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppealView {
    /// Ground.
    pub ground: Ground,
    /// Why.
    pub reason: String,
    /// Full name of who appealed for the unit.
    pub by: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Decisions, oldest first: two, and a third if those differ.
    pub decisions: Vec<DecisionView>,
    /// Until when it is to be decided.
    pub due_on: NaiveDate,
    /// How far that is; off when it is decided.
    pub lamp: Lamp,
    /// Working days left, below 0 when it is over; absent when it is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i32>,
    /// What came of it; absent while it is undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Judgement>,
}

/// What staff did with the PIN of an enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PinDeedKind {
    /// It came with a code issued singly.
    Issued,
    /// It was set anew, alone or with another code.
    Reset,
    /// A letter with it was printed.
    Printed,
}

/// The last thing staff did with the PIN before a rating that it proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PinDeed {
    /// What.
    pub kind: PinDeedKind,
    /// Full name of who did it.
    pub by: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// A rating as staff read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatingView {
    /// Id.
    pub id: String,
    /// Number of the issue.
    pub issue: String,
    /// Id of the unit that stood behind the closure when it was made.
    pub unit: String,
    /// Its name.
    pub unit_name: Text,
    /// Whether it counts as the owner's.
    pub tier: Tier,
    /// What stood behind it.
    pub proof: Proof,
    /// Full name of the officer who entered it after a telephone call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// Name of the webhook by which the link went out; absent: by letter, or no link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// Which rating of the closure.
    pub round: Round,
    /// 好评 or 差评.
    pub verdict: Verdict,
    /// Level, if one was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Whether it was solved, if that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// Tags in words, as they were when the rating was given.
    pub tags: Vec<Text>,
    /// Comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Left out of the figures by an accepted appeal.
    pub excluded: bool,
    /// Why a reviewer should look at it; nobody who is confined to a unit reads this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// What staff did with its PIN before; with the flag `fresh_pin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_deed: Option<PinDeed>,
    /// The appeal, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealView>,
    /// Whether the reader may appeal now.
    pub may_appeal: bool,
    /// The last day on which its unit may appeal, for people of the unit: of a bad rating that counts, if nobody
    /// has appealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_until: Option<NaiveDate>,
    /// On which grounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
    /// Whether the reader may decide now.
    pub may_decide: bool,
    /// Who gave the reader the role that decides, and when, if the appeal was filed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_given: Option<RoleGiven>,
    /// Why the reader, whose role decides, may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred: Option<Text>,
}

/// Which ratings are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// All that the reader may see.
    #[default]
    All,
    /// Those that count in the figures.
    Counted,
    /// Those with an appeal.
    Appealed,
    /// Those whose appeal is undecided.
    Waiting,
    /// Those that are flagged; for whoever is not confined to a unit.
    Flagged,
    /// Those given with a link that a webhook carried.
    ByWebhook,
}

impl Show {
    /// All, in the order they are offered.
    pub const ALL: [Self; 6] =
        [Self::All, Self::Counted, Self::Appealed, Self::Waiting, Self::Flagged, Self::ByWebhook];
}

/// A page of ratings, newest first (`GET /api/v1/staff/ratings`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatingList {
    /// Ratings.
    pub ratings: Vec<RatingView>,
    /// Value of `before` for the next page, if there is one. A page may be short, or empty, and not be the last: so much
    /// is looked through for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
