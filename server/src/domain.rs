//! Pure rules: no I/O, no framework, no "now". Codes of enterprises, working
//! days, promises, the workflow, ratings, and the words for all of them.

pub mod board;
pub mod calendar;
pub mod clocks;
pub mod deadline;
pub mod event;
pub mod grade;
pub mod holidays;
pub mod ladder;
pub mod mask;
pub mod password;
pub mod rating;
pub mod roles;
pub mod text;
pub mod uscc;
pub mod words;
pub mod workflow;
