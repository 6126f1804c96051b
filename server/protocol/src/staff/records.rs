//! What stands behind an issue: who was asked, who asked for what, who answered,
//! and everything that happened.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Decision;
use crate::{
    board::{Outcome, State},
    rating::{Level, Proof, Round, Solved, Tier, Verdict},
    text::Text,
};

/// Records of a single issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Records {
    /// Units that were asked, oldest first.
    pub assignments: Vec<AssignmentView>,
    /// What a unit asked the centre for, oldest first; without a decision it waits for one.
    pub requests: Vec<RequestView>,
    /// Conferences, oldest first.
    pub conferences: Vec<ConferenceRecord>,
    /// The latest result that a handler reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportView>,
    /// Every result that was reported, oldest first, with what came of it: none is overwritten.
    #[serde(default)]
    pub reports: Vec<ReportView>,
    /// Ratings, oldest first. Who gave them is not said.
    #[serde(default)]
    pub ratings: Vec<RatedView>,
    /// Call-backs, oldest first: what the enterprise answered, and what came of it.
    #[serde(default)]
    pub call_backs: Vec<CallBackRecord>,
    /// Number of the issue that this one was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Numbers of the issues that were merged into this one.
    pub children: Vec<String>,
}

/// A unit that was asked to act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentView {
    /// Leads or assists.
    pub part: Part,
    /// Unit id.
    pub unit: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Round of handling, from 1: a limit of an earlier one is history.
    #[serde(default = "first")]
    pub round: u32,
    /// When an assisting unit has to answer, and the enterprise to hear from the lead unit (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// That date touches a year without an official calendar.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// Its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// When it answered, or the enterprise first heard from it (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<DateTime<Utc>>,
    /// When an assisting unit was given the lead, and owed no answer of its own any more (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
}

const fn first() -> u32 {
    1
}

/// A unit's part in an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 牵头
    Lead,
    /// 协办
    Assisting,
}

/// What a unit can ask the centre for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// 延期
    Extension,
    /// 退单
    Return,
    /// 挂账
    Deferral,
}

/// What a unit asked for, and how it was ruled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestView {
    /// What.
    pub kind: RequestKind,
    /// Unit id.
    pub unit: String,
    /// Why; of an extension, the word of its reason.
    pub reason: String,
    /// Details.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Of an extension: working days to add.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// Of a deferral: next review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<NaiveDate>,
    /// Of a return: the unit that should have it instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_unit: Option<String>,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Name of who asked.
    pub by: String,
    /// The ruling; absent while it waits for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Why it was ruled so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling_note: Option<String>,
    /// When it was ruled (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruled_at: Option<DateTime<Utc>>,
}

/// A result as the handler reported it, and what the review made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportView {
    /// How it is to be closed.
    pub result: Outcome,
    /// The reply to the owner.
    pub reply: String,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Name of who reported it.
    pub by: String,
    /// Round of handling, from 1.
    #[serde(default = "first")]
    pub round: u32,
    /// What the reviewer decided; absent while it waits for that, or where the issue ended otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewView>,
}

/// The review of a reported result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewView {
    /// The issue was closed with it; else it was sent back.
    pub closed: bool,
    /// Why it was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Name of the reviewer.
    pub by: String,
}

/// A rating as those read it who are rated and those who put it right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatedView {
    /// First, second (追评), or of how it was put right.
    pub round: Round,
    /// By the owner, by call-back, or unverified.
    pub tier: Tier,
    /// What stood behind it.
    pub proof: Proof,
    /// Full name of the officer who called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// Name of the webhook by which the link went out; absent: by letter, or no link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// 好评 or 差评.
    pub verdict: Verdict,
    /// One of the five levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Was it solved?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// Ids of tags.
    pub tags: Vec<String>,
    /// What they say, in the words of the catalogue that they were chosen from.
    #[serde(default)]
    pub tag_words: Vec<Text>,
    /// What was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// A call-back about a closure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallBackRecord {
    /// Round of handling that it was about, from 1.
    pub round: u32,
    /// Somebody of the enterprise was reached.
    pub reached: bool,
    /// Whether the unit had been in touch, as answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// Whether it was solved, as answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// How satisfied, as answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Level>,
    /// What the officer noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What came of it.
    pub outcome: CallBackOutcome,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Full name of the officer who called.
    pub by: String,
}

/// What came of a call-back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallBackOutcome {
    /// 归档
    Archived,
    /// 二次交办
    Reopened,
}

/// A conference of departments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConferenceRecord {
    /// What it is about.
    pub subject: String,
    /// Ids of the units that take part.
    pub units: Vec<String>,
    /// Planned for.
    pub planned_on: NaiveDate,
    /// Held on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_on: Option<NaiveDate>,
    /// Minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<String>,
    /// Unit that is to do what was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// Everything that happened to an issue, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventList {
    /// The events.
    pub events: Vec<EventView>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventView {
    /// From 1, without a gap.
    pub seq: i32,
    /// What, as a stable word, for example `return_requested`.
    pub kind: String,
    /// The same as the owner reads it.
    pub what: Text,
    /// State afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Name of the person; `企业` for the owner, `系统` for the clock.
    pub by: String,
    /// What was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the owner reads the note.
    pub note_is_for_owner: bool,
    /// Facts of the record: ids, dates, words.
    pub detail: serde_json::Value,
}
