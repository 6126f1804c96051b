//! Sums by day and by what they are grouped by. One dimension at a time: all of
//! them crossed would have a cell for nearly every issue, and add up to nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::sums::Sums;

/// By what sums are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The unit.
    Unit,
    /// The person.
    Handler,
    /// The leader in charge.
    Leader,
    /// The category.
    Category,
    /// The channel.
    Channel,
    /// The level.
    Level,
    /// The grade.
    Grade,
    /// The unit and the category; the member is `unit|category`. Of ratings alone: nothing else is asked of it.
    UnitCategory,
}

impl Dimension {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Unit,
        Self::Handler,
        Self::Leader,
        Self::Category,
        Self::Channel,
        Self::Level,
        Self::Grade,
        Self::UnitCategory,
    ];
}

/// Who stands behind a fact, and how hard it is: frozen when it happened. Empty: nobody had it yet, or nobody is in
/// charge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Behind<'a> {
    pub unit: &'a str,
    pub handler: &'a str,
    pub leader: &'a str,
    pub grade: &'a str,
}

/// Where a fact is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Place<'a> {
    pub behind: Behind<'a>,
    pub category: &'a str,
    pub channel: &'a str,
    pub level: &'a str,
}

impl Place<'_> {
    fn member(&self, dimension: Dimension) -> String {
        match dimension {
            Dimension::Unit => self.behind.unit.to_owned(),
            Dimension::Handler => self.behind.handler.to_owned(),
            Dimension::Leader => self.behind.leader.to_owned(),
            Dimension::Grade => self.behind.grade.to_owned(),
            Dimension::Category => self.category.to_owned(),
            Dimension::Channel => self.channel.to_owned(),
            Dimension::Level => self.level.to_owned(),
            Dimension::UnitCategory => format!("{}|{}", self.behind.unit, self.category),
        }
    }
}

/// Sums of one day, by dimension and member.
pub type Page = BTreeMap<(Dimension, String), Sums>;

/// The pages of some days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book(pub BTreeMap<NaiveDate, Page>);

impl Book {
    /// Enters a fact in every dimension.
    pub fn enter(&mut self, day: NaiveDate, place: Place<'_>, sums: &Sums) {
        let page = self.0.entry(day).or_default();
        let ratings = sums.ratings_alone();
        for dimension in Dimension::ALL {
            let part = if dimension == Dimension::UnitCategory { &ratings } else { sums };
            if !part.is_empty() {
                page.entry((dimension, place.member(dimension))).or_default().add(part);
            }
        }
    }
}
