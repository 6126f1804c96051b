//! Figures for performance review. Facts become sums ([`facts`]), sums become
//! figures by one formula each ([`formula`]); what is added up over days and
//! groups is kept ([`book`]), and can be counted again from the facts at any time.
//!
//! A figure about results is one of the closures (办结) of a period; a figure
//! about time is one of the promises for its days, kept or not, so that what
//! stays open cannot improve it. Unit and person are those of the day: the
//! closure's own, and for a promise that was broken those who had it then.

pub mod book;
pub mod compare;
pub mod facts;
pub mod formula;
pub mod interval;
pub mod period;
pub mod said;
pub mod sums;
pub mod table;

use chrono::NaiveTime;

/// What a centre may set about its figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// The day on which its months begin, 1 to 28.
    pub month_first_day: u32,
    /// Weights of 满意率 and 综合.
    pub weights: formula::Weights,
    /// When the office opens and closes: 首次响应 is counted in these hours.
    pub hours: (NaiveTime, NaiveTime),
    /// Whether a rating given with the code alone counts, where the owner gave none.
    pub unverified: bool,
}

/// Fewer ratings of a group are neither ranked nor shown: they would tell who rated how.
pub const LEAST: u32 = 5;

#[cfg(test)]
mod tests;
