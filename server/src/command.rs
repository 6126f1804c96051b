//! Subcommands of the server's binary, one file each.

pub mod args;
pub mod backup;
pub mod calendar;
pub mod compromise;
pub mod demo;
pub mod figures;
pub mod health;
pub mod key;
pub mod ledger;
pub mod migrate;
pub mod seed;
pub mod serve;
pub mod staff;
pub mod tags;
