//! Intake: one way in for every channel. Whoever brings an issue — the window,
//! a channel's system, a table of many, the owner — enters it here.

pub mod attach;
pub mod channel;
pub mod enter;
pub mod import;
pub mod similar;
pub mod suggest;
