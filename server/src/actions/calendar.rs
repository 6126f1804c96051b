//! The calendar of working days: looking at a year, and taking a notice.

pub mod import;
pub mod show;
