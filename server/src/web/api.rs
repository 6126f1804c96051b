//! JSON handlers: `owner` for whoever holds a code, `staff` for staff.

pub mod account;
pub mod admin;
pub mod audit;
pub mod channels;
pub mod codes;
pub mod deeds;
pub mod desk;
pub mod figures;
pub mod imports;
pub mod intake;
pub mod invitations;
pub mod issues;
pub mod ledger;
pub mod owner;
pub mod prints;
pub mod ratings;
pub mod registers;
pub mod runs;
pub mod sessions;
pub mod several;
pub mod staff;
pub mod symbols;
pub mod systems;
pub mod webhooks;
