//! Pure rules: no I/O, no framework, no "now". Codes of enterprises, working
//! days, promises, the workflow, ratings, and the words for all of them.

pub mod appeal;
pub mod attachment;
pub mod backoff;
pub mod board;
pub mod calendar;
pub mod clocks;
pub mod deadline;
pub mod event;
pub mod figures;
pub mod grade;
pub mod guard;
pub mod holidays;
pub mod import;
pub mod ladder;
pub mod ledger;
pub mod mask;
pub mod notice;
pub mod office;
pub mod password;
pub mod rating;
pub mod register;
pub mod roles;
pub mod rounds;
pub mod search;
pub mod sheet;
pub mod similar;
pub mod tags;
pub mod text;
pub mod urging;
pub mod uscc;
pub mod window;
pub mod wording;
pub mod words;
pub mod workflow;
