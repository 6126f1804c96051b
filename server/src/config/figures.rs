//! `[figures]`: what a centre may set about its figures.

use std::{num::NonZeroU32, path::PathBuf};

use chrono::NaiveTime;
use serde::{Deserialize, Deserializer, de::Error};

use crate::domain::figures::{Terms, formula::Weights};

/// `[figures]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Day on which a month begins.
    #[serde(deserialize_with = "day")]
    pub month_first_day: u32,
    /// What "basically satisfied" is worth.
    #[serde(deserialize_with = "weight")]
    pub basically_satisfied: f64,
    /// Weight of 响应率 in 综合.
    #[serde(deserialize_with = "weight")]
    pub response: f64,
    /// Weight of 解决率.
    #[serde(deserialize_with = "weight")]
    pub resolution: f64,
    /// Weight of 满意率.
    #[serde(deserialize_with = "weight")]
    pub satisfaction: f64,
    /// Hour at which the office opens.
    #[serde(deserialize_with = "hour")]
    pub opens: NaiveTime,
    /// Hour at which it closes.
    #[serde(deserialize_with = "hour")]
    pub closes: NaiveTime,
    /// Whether ratings given with the code alone count, where the owner gave none.
    pub count_unverified: bool,
    /// Where the figures of each month are written to; empty: nowhere.
    pub export_folder: PathBuf,
    /// Months kept there.
    pub export_kept: NonZeroU32,
}

impl Figures {
    /// As the figures are counted.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        Terms {
            month_first_day: self.month_first_day,
            weights: Weights {
                basically_satisfied: self.basically_satisfied,
                response: self.response,
                resolution: self.resolution,
                satisfaction: self.satisfaction,
            },
            hours: (self.opens, self.closes),
            unverified: self.count_unverified,
        }
    }
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let day = u32::deserialize(from)?;
    if (1..=28).contains(&day) {
        Ok(day)
    } else {
        Err(D::Error::custom("figures.month_first_day is 1 to 28"))
    }
}

fn weight<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let weight = f64::deserialize(from)?;
    if (0.0..=1.0).contains(&weight) { Ok(weight) } else { Err(D::Error::custom("a weight is 0 to 1")) }
}

fn hour<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
    let hour = u32::deserialize(from)?;
    NaiveTime::from_hms_opt(hour, 0, 0).ok_or_else(|| D::Error::custom("an hour is 0 to 23"))
}
