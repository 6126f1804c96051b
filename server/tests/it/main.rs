//! The server from inside, over HTTP; mirrors the URL map.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod accounts;
mod administration;
mod append_only;
mod console;
mod first_run;
mod floors;
mod guessing;
mod harness;
mod keys;
mod openapi;
mod operations;
mod ratings;
mod scans;
mod slowness;
mod staff;
mod sweeping;
mod writing;
