//! What the pages show: plain structs that become HTML; no actix in here.

pub mod board;

/// The one inline style sheet; the server hashes it for its content security policy.
pub const STYLE: &str = include_str!("../../templates/style.css");
