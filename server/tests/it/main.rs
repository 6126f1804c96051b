//! The server from inside, over HTTP; mirrors the URL map.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod floors;
mod harness;
mod openapi;
mod operations;
