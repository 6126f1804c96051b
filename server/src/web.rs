//! The only room that knows actix: what a request is refused for, and how.

pub mod client;
pub mod problem;
pub mod throttle;
