//! Qiyema's server. The rooms, lowest floor first; a room uses lower floors only
//! (`tests/it/floors.rs` enforces it):
//!
//! 1. `domain`, `clock`, `config`: pure rules, time and chance, settings.
//! 2. `store` (diesel), `secrets` (argon2, jsonwebtoken), `picture` (qrcode, image),
//!    `courier` (reqwest, lettre): they do not know each other.
//! 3. `actions`: one use case a file, one transaction, one event.
//! 4. `web`: the only room that knows actix.
//! 5. `startup`, `command`: wiring.

pub mod clock;
pub mod config;
pub mod domain;

pub mod courier;
pub mod picture;
pub mod secrets;
pub mod store;

pub mod actions;

pub mod web;

pub mod command;
pub mod startup;
