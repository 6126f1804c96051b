//! What a dashboard draws, and the way from a figure down to single issues.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    board::State,
    figures::{By, Figures, FiguresView, Mean, Share, Standing},
    rating::Verdict,
    text::Text,
};

/// The figures of a period with what explains them (`GET /api/v1/staff/figures/dashboard`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    /// The figures.
    pub figures: FiguresView,
    /// Twelve months up to that of the last day.
    pub trend: Vec<MonthFigures>,
    /// From closures to contented owners.
    pub funnel: Funnel,
    /// What owners complain about: tags of counted bad ratings, most frequent first.
    /// Empty with fewer than five of these.
    pub complaints: Vec<Complaint>,
    /// Categories that take longest, slowest first; of five closures or more.
    pub slowest: Vec<Slow>,
    /// 好评率 by unit and category.
    pub heat: Heat,
}

/// Figures of a month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthFigures {
    /// `2026-10`
    pub month: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// All together.
    pub figures: Figures,
}

/// Each step is a part of the one before, but that a rating needs no invitation. What follows a bad rating is absent where few ratings are withheld.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Funnel {
    /// Closures.
    pub closed: u32,
    /// Whose owner was invited to rate; those of before there were invitations were not.
    #[serde(default)]
    pub invited: u32,
    /// With a counted rating.
    pub rated: u32,
    /// Rated bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bad: Option<u32>,
    /// With a rectification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rectifying: Option<u32>,
    /// Put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<u32>,
    /// And rated good afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<u32>,
}

/// How often a tag was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Complaint {
    /// Id of the tag.
    pub tag: String,
    /// The first version of the catalogue, of those counted here, that has it in these words.
    pub version: u32,
    /// Its words.
    pub text: Text,
    /// How often.
    pub count: u32,
}

/// How long a category takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Slow {
    /// Id of the category.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Working days from acceptance to closure, on average.
    pub days: Mean,
    /// 按时办结率.
    pub on_time: Share,
}

/// Units by categories.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Heat {
    /// Rows.
    pub units: Vec<Member>,
    /// Columns: the categories with the most ratings.
    pub categories: Vec<Member>,
    /// How many further categories have ratings.
    pub more_categories: u32,
    /// Cells that are shown: of five ratings or more, and nothing that could be subtracted.
    pub cells: Vec<HeatCell>,
}

/// A unit or a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatCell {
    /// Unit.
    pub unit: String,
    /// Category.
    pub category: String,
    /// 好评率.
    pub good: Share,
    /// Whether it differs from that of all the rest by more than chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// Which closures of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All.
    #[default]
    All,
    /// With a counted bad rating.
    Bad,
    /// Promises as extended that fell due and were not kept, open ones included: as many as 按时办结率 lacks. Unit and
    /// person are those of the promised day.
    Late,
    /// The same of the first promises.
    LateFirst,
    /// Taken up again.
    Reopened,
}

impl Which {
    /// All, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::All, Self::Bad, Self::Late, Self::LateFirst, Self::Reopened];
}

/// The closures or late promises behind a figure (`GET /api/v1/staff/figures/closures`); never who rated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Closures {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Grouping.
    pub by: By,
    /// Name of the group.
    pub name: Text,
    /// So few ratings that how they were rated is withheld.
    pub withheld: bool,
    /// The closures, newest first; or the late promises, the latest first.
    pub closures: Vec<ClosureLine>,
    /// Where the next page begins. A page may be short, or empty, and not be the last: there are more as long as there
    /// is a `next`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One closure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClosureLine {
    /// Number of the issue.
    pub number: String,
    /// Unit that stood behind the closure.
    pub unit: Text,
    /// Person.
    pub handler: String,
    /// Category.
    pub category: Text,
    /// Closed on; absent of what is not closed (in a list of late promises).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
    /// How it stands that is not closed (in a list of late promises): still handled, deferred, withdrawn or merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Promised for, as extended; the first promise in a list of these.
    pub due_on: NaiveDate,
    /// Taken up again.
    pub reopened: bool,
    /// How it was rated, if that counts and is not withheld; absent in a list of late promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}
