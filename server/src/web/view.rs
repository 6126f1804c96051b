//! What the pages show: plain structs that become HTML; no actix in here. Each
//! page has a `sample()`, so that tests and people can look at it without a server.

pub mod board;
pub mod called_back;
pub mod console;
pub mod home;
pub mod invitation;
pub mod notice;
pub mod owner;
pub mod rating;
pub mod receipt;
pub mod sample;

#[cfg(test)]
mod tests;

/// The one inline style sheet of every page. The templates print exactly this
/// text between `<style>` and `</style>`, so its SHA-256 is what the content
/// security policy allows.
pub const STYLE: &str = include_str!("../../templates/style.css");
