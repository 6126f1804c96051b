//! (room to be furnished)

pub mod view;
pub mod words;
