//! The server from inside, over HTTP; mirrors the URL map.

mod floors;
mod harness;
mod openapi;
mod operations;
