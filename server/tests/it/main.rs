//! The server from inside, over HTTP; mirrors the URL map.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod append_only;
mod console;
mod floors;
mod guessing;
mod harness;
mod imports;
mod intake;
mod keys;
mod loops;
mod openapi;
mod operations;
mod owners;
mod ratings;
mod scans;
mod slowness;
mod staff;
mod sweeping;
mod writing;
