//! JSON handlers: `owner` for whoever holds a code, `staff` for staff.

pub mod issues;
pub mod owner;
pub mod sessions;
pub mod staff;
