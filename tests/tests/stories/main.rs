//! Stories played from outside, on the real binaries: each on SQLite and on
//! PostgreSQL. Nothing here links to the application; it knows routes, commands
//! and their documents only.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod browser;
mod console;
mod contract;
mod day;
mod durability;
mod figures;
mod first_run;
mod hands;
mod held;
mod issuing;
mod jobs;
mod ledger;
mod main_job;
mod owner;
mod paper;
mod printing;
mod register;
mod staff_loop;
mod supply;
mod town;
