//! Figures for performance review (考核) on the wire. Each share carries its n
//! and its interval. [`Figure`] names each share with its formula.

use std::collections::BTreeMap;

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
    /// The leader in charge of that unit when it was made.
    Leader,
    /// Category of the issue.
    Category,
    /// Channel it came by.
    Channel,
    /// Level that it was handled at.
    Level,
    /// Grade of the category, frozen when the issue was assigned and when it was closed.
    Grade,
}

impl By {
    /// All, in the order they are offered.
    pub const ALL: [Self; 7] =
        [Self::Unit, Self::Handler, Self::Leader, Self::Category, Self::Channel, Self::Level, Self::Grade];
}

/// A share of performance review. Each has one formula, computed in one place; page, files and API say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// 好评率 = good ÷ counted ratings.
    Good,
    /// 好评率 as received = good ÷ verified first ratings, before accepted appeals left ratings out.
    GoodRaw,
    /// 差评率 = bad ÷ counted ratings.
    Bad,
    /// 差评率 as received = bad ÷ verified first ratings, before accepted appeals left ratings out.
    BadRaw,
    /// 按时办结率 = closed by the promise as extended ÷ promises whose day is over.
    OnTime,
    /// The same by the first promise.
    OnTimeFirst,
    /// 评价率 = closures with a counted rating ÷ closures.
    Rated,
    /// 一次办结率 = closures neither reopened nor rated bad ÷ closures.
    AtOnce,
    /// 一次办结率 before accepted appeals left ratings out.
    AtOnceRaw,
    /// 办结率 = issues accepted in the period that are closed now ÷ issues accepted in it.
    Closing,
    /// 实际解决率 = closures with the result "resolved" ÷ closures.
    Resolved,
    /// 退单率 = assignments that the unit asked to return ÷ assignments to it.
    Returned,
    /// 二次交办率 = closures that were reopened ÷ closures.
    Reopened,
    /// 重复诉求率 = accepted issues whose enterprise had one of the same category closed within 90 days before ÷ accepted.
    Repeated,
    /// 延期率 = closures before which an extension was granted, since the closure before ÷ closures.
    Extended,
    /// 挂账率 = accepted issues that were ever deferred ÷ accepted.
    Deferred,
    /// 差评回访率 = bad counted ratings whose owner was reached by a call-back after the rating ÷ bad counted ratings.
    CalledBack,
    /// 差评按期整改率, by the unit's own word = rectifications reported as put right in time ÷ rectifications whose last
    /// day is over.
    FixedInTime,
    /// The same confirmed = put right in time and confirmed ÷ rectifications whose last day is over. Where the owner
    /// rated the rectification, a good rating confirms it; else the last call-back after it that reached him (solved or
    /// partly, not dissatisfied, and not handled again after it).
    FixConfirmed,
    /// 整改满意率 = good ÷ ratings of rectifications.
    Rectified,
    /// 整改满意率 before accepted appeals left ratings out.
    RectifiedRaw,
    /// 响应率 = call-backs in which the enterprise says it was contacted ÷ call-backs that reached somebody (V).
    Response,
    /// 解决率 = call-backs in which it says it is solved ÷ V.
    Resolution,
    /// 满意率 = (satisfied + weight × basically satisfied) ÷ V.
    Satisfaction,
    /// 综合 = weights of 响应率, 解决率 and 满意率, summed.
    Composite,
}

impl Figure {
    /// Those whose change since the period before is judged.
    pub const COMPARED: [Self; 4] = [Self::Good, Self::OnTime, Self::OnTimeFirst, Self::Rated];

    /// All, in the order they are shown.
    pub const ALL: [Self; 25] = [
        Self::Good,
        Self::OnTime,
        Self::OnTimeFirst,
        Self::Rated,
        Self::AtOnce,
        Self::Extended,
        Self::Reopened,
        Self::Rectified,
        Self::GoodRaw,
        Self::Bad,
        Self::BadRaw,
        Self::AtOnceRaw,
        Self::RectifiedRaw,
        Self::Closing,
        Self::Resolved,
        Self::Returned,
        Self::Repeated,
        Self::Deferred,
        Self::CalledBack,
        Self::FixedInTime,
        Self::FixConfirmed,
        Self::Response,
        Self::Resolution,
        Self::Satisfaction,
        Self::Composite,
    ];
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// The part; not whole only where parts are weighted.
    #[serde(serialize_with = "as_count")]
    pub part: f64,
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

/// Where a share stands beside another one: that of a group beside all others together, or that of a period beside the
/// one before. Fisher's exact test, two-sided, at 5 % over all that are compared together (Holm's correction).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Really above it.
    Above,
    /// The difference may be chance.
    Within,
    /// Really below it.
    Below,
}

/// Figures of one group, or of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Issues accepted in the period.
    pub accepted: u32,
    /// Closures of the period.
    pub closed: u32,
    /// Working days from acceptance to closure, on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Mean>,
    /// 首次响应: working hours from acceptance to the first contact with the owner, each without its begun tenth of an hour; the median (of an even number, the mean of the two in the middle).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_word: Option<Mean>,
    /// The shares; absent is what would tell how somebody rated: under five ratings, and where it
    /// could be subtracted.
    #[serde(flatten)]
    pub shares: BTreeMap<Figure, Share>,
    /// What became of the first ratings.
    pub ratings: Received,
    /// How the closures were rated.
    #[serde(default)]
    pub how: HowRated,
}

impl Figures {
    /// One share; none where it is withheld.
    #[must_use]
    pub fn share(&self, figure: Figure) -> Option<Share> {
        self.shares.get(&figure).copied()
    }
}

/// A mean or a median of so many.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mean {
    /// The value.
    pub value: f64,
    /// Of how many.
    pub n: u32,
}

/// received = counted + unverified + superseded + excluded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Received {
    /// First ratings that came in.
    pub received: u32,
    /// These count: given by the owner, with the PIN or the link of an invitation; and with the code alone, where a
    /// setting lets these count.
    pub counted: u32,
    /// Given by whoever held the code, or said on the telephone; shown, not counted.
    pub unverified: u32,
    /// The same, where the owner rated as well.
    pub superseded: u32,
    /// Left out by accepted appeals.
    #[serde(default)]
    pub excluded: u32,
    /// Of those received: flagged for a reviewer. It changes none of the other numbers.
    #[serde(default)]
    pub flagged: u32,
    /// Closures that nobody rated, and whose time to rate is over.
    pub not_rated: u32,
    /// Closures that nobody rated yet.
    pub open: u32,
}

/// How the closures of a period were rated; each is in one slice, so that they add up to all closures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HowRated {
    /// By the owner with the PIN.
    pub pin: u32,
    /// By the owner with the link of an invitation.
    pub invitation: u32,
    /// By telephone, entered by an officer; shown, not counted.
    pub call_back: u32,
    /// By whoever held the code, and by nobody else; shown, and counted only where a setting says so.
    pub code: u32,
    /// All of its ratings were left out by accepted appeals.
    pub excluded: u32,
    /// By nobody, and the time to rate is over.
    pub not_rated: u32,
    /// By nobody yet.
    pub open: u32,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// Id of the unit, person, category or channel, or the level or grade.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Rank by the lower end of 好评率; none under five ratings, nor where no group's 好评率 stands apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Whether its 好评率 differs from that of the other groups together by more than chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// The same of its 按时办结率.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing_on_time: Option<Standing>,
    /// Its figures.
    pub figures: Figures,
    /// Its figures in the period before, withheld by the same rules; none where it had nothing then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Figures>,
}

/// Figures of a period (`GET /api/v1/staff/figures`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FiguresView {
    /// First day, local.
    pub from: NaiveDate,
    /// Last day, local.
    pub to: NaiveDate,
    /// The day on which this was looked at: what waits for a later day is not decided yet.
    pub as_of: NaiveDate,
    /// Grouping.
    pub by: By,
    /// Whether ratings given with the code alone count, where the owner gave none: a setting of the centre.
    #[serde(default)]
    pub unverified_count: bool,
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
    /// Whether 好评率, 按时办结率 (by both promises) and 评价率 of all differ from the period before by more than chance.
    #[serde(default)]
    pub changes: BTreeMap<Figure, Standing>,
    /// The groups, ranked ones first.
    pub groups: Vec<Group>,
    /// Days whose sums wait to be counted anew after something happened; 0 when all is counted.
    pub waiting: u32,
}

/// A whole number as one, so that counts are written as counts.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn as_count<S: serde::Serializer>(part: &f64, to: S) -> Result<S::Ok, S::Error> {
    match format!("{part}").parse::<u64>() {
        Ok(count) => to.serialize_u64(count),
        Err(_) => to.serialize_f64(*part),
    }
}
