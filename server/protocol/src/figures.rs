//! Figures for performance review (考核) on the wire. Each share carries its n
//! and, where it is one of a sample, its interval.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// By what closures are grouped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The unit that stood behind the closure when it was made.
    #[default]
    Unit,
    /// The person who stood behind it.
    Handler,
    /// Category of the issue.
    Category,
    /// Channel it came by.
    Channel,
    /// Level that it was handled at.
    Level,
}

impl By {
    /// All, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::Unit, Self::Handler, Self::Category, Self::Channel, Self::Level];
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// The part.
    pub part: u32,
    /// The whole, n.
    pub whole: u32,
    /// part ÷ whole, 0 to 1; none of nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Lower end of the Wilson 95 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// Where a group's interval lies beside the rate of all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Wholly above it.
    Above,
    /// The difference may be chance.
    Within,
    /// Wholly below it.
    Below,
}

/// Figures of one group, or of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Closures of the period.
    pub closed: u32,
    /// 按时办结率: kept by the promise as extended, of all that fell due.
    pub on_time: Share,
    /// The same by the first promise.
    pub on_time_first: Share,
    /// 评价率: closures with a counted rating, of all closures.
    pub rated: Share,
    /// 好评率: good, of counted ratings. Withheld under five, and where it could be subtracted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<Share>,
    /// 好评率 as received: before accepted appeals left ratings out. Withheld with the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good_raw: Option<Share>,
    /// 一次办结率: closed without reopening and without a bad rating, of closed.
    /// Withheld with the ratings, which it would give away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<Share>,
    /// 延期率: closures whose promise was moved, of closed.
    pub extended: Share,
    /// 二次交办率: closures that were reopened, of closed.
    pub reopened: Share,
    /// 整改满意率: good, of ratings of rectifications. Withheld under five.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rectified: Option<Share>,
    /// What became of the first ratings.
    pub ratings: Received,
}

/// received = counted + unverified + superseded + excluded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Received {
    /// First ratings that came in.
    pub received: u32,
    /// Given by the owner with the PIN: these count.
    pub counted: u32,
    /// Given by whoever held the code; shown, not counted.
    pub unverified: u32,
    /// The same, where the owner rated as well.
    pub superseded: u32,
    /// Left out by accepted appeals.
    #[serde(default)]
    pub excluded: u32,
    /// Closures that nobody rated, and whose time to rate is over.
    pub not_rated: u32,
    /// Closures that nobody rated yet.
    pub open: u32,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// Id of the unit, person, category, channel or level.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Rank by the lower end of 好评率; none under five ratings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Whether its 好评率 differs from that of all by more than chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// Its figures.
    pub figures: Figures,
}

/// Figures of a period (`GET /api/v1/staff/figures`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FiguresView {
    /// First day, local.
    pub from: NaiveDate,
    /// Last day, local.
    pub to: NaiveDate,
    /// Grouping.
    pub by: By,
    /// Ratings below which a group's are withheld.
    pub least: u32,
    /// All together.
    pub all: Figures,
    /// First and last day of the period before.
    pub before_from: NaiveDate,
    /// Last day of it.
    pub before_to: NaiveDate,
    /// All together in the period before.
    pub before: Figures,
    /// The groups, ranked ones first.
    pub groups: Vec<Group>,
}
