//! JSON handlers: `owner` for whoever holds a code, `staff` for staff.

pub mod account;
pub mod admin;
pub mod issues;
pub mod owner;
pub mod sessions;
pub mod staff;
